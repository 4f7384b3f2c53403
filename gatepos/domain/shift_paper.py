"""The paper of a shift that is closed: what was counted and expected, and what became of the day's passes."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from gatepos.domain import labels, money, receipt
from gatepos.domain.entry import Entry
from gatepos.domain.fees import Schedule
from gatepos.domain.labels import Titles
from gatepos.domain.paper_lines import Columns, PaperLine, Rule, Small, ToFill
from gatepos.domain.parks import Park
from gatepos.i18n import N_, Words


def closed(
    entry: Entry, schedule: Schedule | None, park: Park, words: Words, titles: Titles
) -> tuple[PaperLine, ...]:
    data = entry.data
    money_rows: list[PaperLine] = []
    for title, name in (
        (N_("Counted"), "counted"),
        (N_("Expected"), "expected"),
        (N_("Over or short"), "difference"),
    ):
        money_rows.append(Columns(words(title), "", bold=True))
        for one in cast("list[dict[str, object]]", data[name]):
            label = words(labels.TENDERS[cast(str, one["tender"])])
            shown = money.shown(cast(str, one["currency"]), cast(int, one["amount_minor"]))
            money_rows.append(Columns(f"  {label}", shown))
    note: tuple[PaperLine, ...] = (Small(cast(str, data["note"])),) if data["note"] else ()
    head_code = receipt.check_code(bytes.fromhex(cast(str, data["head_hash"])))
    return (
        *receipt.numbered(words(N_("SHIFT CLOSED")), entry, cast(str, data["closes"]), words),
        Columns(words(N_("Business day")), words.day(date.fromisoformat(entry.day))),
        *money_rows,
        *note,
        Rule(),
        Columns(words(N_("Receipts")), str(data["receipts"])),
        Columns(words(N_("Sold KES")), money.amount(cast(int, data["sold_minor"])), bold=True),
        Columns(words(N_("Perpetual total KES")), money.amount(cast(int, data["perpetual_minor"]))),
        *_issued(cast("dict[str, int] | None", data.get("passes")), words),
        Rule(),
        ToFill(words(N_("Signature"))),
        Small(words(N_("Ledger to entry {seq}: {code}"), seq=data["head_seq"], code=head_code), centred=True),
    )


def _issued(sums: Mapping[str, int] | None, words: Words) -> tuple[PaperLine, ...]:
    """The passes of the day and what became of them; nothing where none was issued."""
    if not sums or not sums["passes"]:
        return ()
    title = words(N_("Passes issued today, over all tills heard: {n}"), n=sums["passes"])
    return (
        Rule(),
        Columns(title, money.amount(sums["passes_minor"]), bold=True),
        *receipt.became_of(sums, words),
    )
