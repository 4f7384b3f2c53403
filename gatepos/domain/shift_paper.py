"""The papers of a shift: the Z of one that is closed, and the X of one that goes on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from gatepos.domain import drawer, labels, moments, money, numbers, plates, receipt
from gatepos.domain.entry import Entry
from gatepos.domain.fees import Schedule
from gatepos.domain.labels import Titles
from gatepos.domain.paper_lines import Centre, Columns, PaperLine, Rule, Small, ToFill
from gatepos.domain.parks import Park
from gatepos.i18n import N_, Words

Data = Mapping[str, object]
HEAD = N_("Ledger to entry {seq}: {code}")


@dataclass(frozen=True, slots=True)
class Interim:
    """How far an open shift has come; `data` has the fields that its close would have beside the count.

    `asked_by` is who looks; `is_blind` where they will count it: then nothing says what is expected.
    """

    till: str
    gate: str
    lane: str
    shift: str
    staff: str
    asked_by: str
    day: str
    opened_ms: int
    at_ms: int
    is_blind: bool
    data: Data


def closed(
    entry: Entry, schedule: Schedule | None, park: Park, words: Words, titles: Titles
) -> tuple[PaperLine, ...]:
    data = entry.data
    note: tuple[PaperLine, ...] = (Small(cast(str, data["note"])),) if data["note"] else ()
    return (
        *receipt.numbered(words(N_("SHIFT CLOSED")), entry, cast(str, data["closes"]), words),
        _day(entry.day, words),
        *_denominations(data, words),
        *_sums(N_("Counted"), data["counted"], words),
        *_drawers(data, words),
        *_sums(N_("Expected"), data["expected"], words),
        *_sums(N_("Over or short"), data["difference"], words),
        *note,
        Rule(),
        *_sold(data, words),
        *_issued(cast("dict[str, int] | None", data.get("passes")), words),
        *_handed(data, words),
        Rule(),
        ToFill(words(N_("Signature"))),
        *((ToFill(words(N_("Taken over by"))),) if data.get("handed_to") else ()),
        Small(words(HEAD, seq=data["head_seq"], code=head_code(data)), centred=True),
    )


def head_code(data: Data) -> str:
    """The check code of the last entry before a close: what of the ledger its paper is a witness of."""
    return receipt.check_code(bytes.fromhex(cast(str, data["head_hash"])))


def interim(found: Interim, park: Park, words: Words) -> tuple[PaperLine, ...]:
    """The X: nothing is counted by it, and no entry says that it was printed."""
    data, marks = found.data, receipt.marks(found.till, words, None)
    lines: tuple[PaperLine, ...] = (
        *receipt.heading(park, found.gate, found.lane, words),
        *_whose(found, words),
        Rule(),
        _day(found.day, words),
        *_drawers(data, words, is_blind=found.is_blind),
        *_so_far(found, words),
        Rule(),
        *_sold(data, words),
        *_waiting(data, words),
    )
    return (*marks, *lines, Centre(""), *marks) if marks else lines


def _whose(found: Interim, words: Words) -> tuple[PaperLine, ...]:
    at = moments.local(found.at_ms)
    return (
        Centre(words(N_("X REPORT")), 2, bold=True),
        Small(words(N_("The shift goes on: this closes nothing.")), centred=True),
        Columns(words(N_("Shift")), numbers.printed(found.shift), bold=True),
        Columns(words(N_("Shift of")), words(N_("Clerk {number}"), number=found.staff)),
        Columns(words(N_("Open since")), words.moment(found.opened_ms)),
        Columns(words.day(at.date()), f"{at:%H:%M}"),
        Columns(words(N_("Looked at by")), words(N_("Clerk {number}"), number=found.asked_by)),
    )


def _day(day: str, words: Words) -> PaperLine:
    return Columns(words(N_("Business day")), words.day(date.fromisoformat(day)))


def _denominations(data: Data, words: Words) -> list[PaperLine]:
    """The notes and coins that were counted, `5 × KES 1,000`."""
    shown: list[PaperLine] = []
    for row in _rows(data["denominations"]):
        count, face = cast(int, row["count"]), cast(int, row["value_minor"])
        if count:
            each = money.shown(cast(str, row["currency"]), face)
            shown.append(Columns(f"  {count} × {each}", money.amount(face * count), small=True))
    return [Columns(words(N_("Notes and coins")), "", bold=True), *shown] if shown else []


def _sums(title: str, sums: object, words: Words) -> list[PaperLine]:
    shown: list[PaperLine] = [Columns(words(title), "", bold=True)]
    for one in _rows(sums):
        label = words(labels.TENDERS[cast(str, one["tender"])])
        amount = money.shown(cast(str, one["currency"]), cast(int, one["amount_minor"]))
        shown.append(Columns(f"  {label}", amount))
    return shown


def _drawers(data: Data, words: Words, *, is_blind: bool = False) -> list[PaperLine]:
    """What the expected cash comes of, in each currency; the close of an older program does not say it."""
    shown: list[PaperLine] = []
    for found in map(drawer.of_data, _rows(data.get("drawer"))):
        shown.append(Columns(words(N_("Drawer, {currency}"), currency=found.currency), "", bold=True))
        for title, minor in found.parts():
            shown.append(Columns(f"  {words(title)}", money.shown(found.currency, minor)))
        if not is_blind:
            expected = money.shown(found.currency, found.expected_minor)
            label = words(N_("= expected"))
            shown.append(Columns(f"  {label}", expected))
    return shown


def _so_far(found: Interim, words: Words) -> list[PaperLine]:
    if found.is_blind:
        return [Small(words(N_("What is expected is shown after the count.")))]
    return _sums(N_("Expected"), found.data["expected"], words)


def _sold(data: Data, words: Words) -> tuple[PaperLine, ...]:
    return (
        Columns(words(N_("Receipts")), str(data["receipts"])),
        Columns(words(N_("Sold KES")), money.amount(cast(int, data["sold_minor"])), bold=True),
        *_late(data, words),
        Columns(words(N_("Perpetual total KES")), money.amount(cast(int, data["perpetual_minor"]))),
        *_beside(data, words),
    )


def _late(data: Data, words: Words) -> list[PaperLine]:
    """What was sold has of days whose paper is printed, a line for each."""
    shown: list[PaperLine] = []
    for row in _rows(data.get("late")):
        day = words.day(date.fromisoformat(cast(str, row["day"])))
        title = words(labels.LATE[cast(str, row["what"])], day=day, n=row["count"])
        shown.append(Columns(f"  {title}", money.amount(cast(int, row["income_minor"]))))
    return shown


def _beside(data: Data, words: Words) -> list[PaperLine]:
    """What was done beside selling, and what central lacks; nothing of what is nothing."""
    rows = (
        (N_("Drawer opened without a sale"), data.get("openings")),
        (N_("Approvals given in their name"), data.get("approvals")),
        (N_("Entries not sent yet"), data.get("unsent")),
        (N_("Entries that central flagged"), data.get("flagged")),
    )
    return [Columns(words(title), str(n)) for title, n in rows if n]


def _waiting(data: Data, words: Words) -> list[PaperLine]:
    """Bills put aside, one by one; documents kept and open passes in a line each."""
    shown: list[PaperLine] = []
    bills = _rows(data.get("aside"))
    if bills:
        shown.append(Columns(words(N_("Bills put aside")), str(len(bills))))
    for row in bills:
        name = f"{numbers.printed(cast(str, row['bill']))} {plates.shown(cast(str, row['plate']))}".rstrip()
        shown.append(Columns(f"  {name}", money.amount(cast(int, row["total_minor"])), small=True))
    documents = cast("list[str]", data.get("documents") or [])
    if documents:
        shown.append(Columns(words(N_("Documents kept")), str(len(documents))))
        shown.append(Small(", ".join(documents), indent=True))
    if data.get("open_passes"):
        title = words(N_("Open passes of this till: {n}"), n=data["open_passes"])
        shown.append(Columns(title, money.amount(cast(int, data["open_minor"]))))
    return shown


def _handed(data: Data, words: Words) -> list[PaperLine]:
    """What the next clerk finds, and who that is; nothing where nothing is left."""
    waiting, heir = _waiting(data, words), data.get("handed_to")
    if not waiting and not heir:
        return []
    who = words(N_("Clerk {number}"), number=heir) if heir else words(N_("nobody by name"))
    return [Rule(), Columns(words(N_("Handed over to")), who, bold=True), *waiting]


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


def _rows(value: object) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", value or [])
