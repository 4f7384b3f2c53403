"""The papers of gate passes: the pass itself, what was paid on it, an undertaking, an outage's statement."""

from typing import cast

from gatepos.domain import labels, money, numbers, plates, receipt
from gatepos.domain.entry import Entry
from gatepos.domain.fees import Schedule
from gatepos.domain.labels import Titles
from gatepos.domain.parks import Park
from gatepos.domain.receipt import Banner, Centre, Columns, PaperLine, Qr, Rule, Small
from gatepos.i18n import N_, Words


def issued(
    entry: Entry, schedule: Schedule | None, park: Park, words: Words, titles: Titles
) -> tuple[PaperLine, ...]:
    """NOT PAID: what is owed, where to pay it, and by when to leave."""
    data = entry.data
    plate = plates.shown(cast(str, data["plate"])) or words(N_("on foot"))
    exits = ", ".join(cast("list[str]", data["exits"])) or words(N_("any gate"))
    owed = cast(int, data["total_minor"])
    return (
        Banner(words(N_("TEMPORARY GATE PASS"))),
        Centre(words(N_("NOT PAID — PAY ON EXIT")), 2, bold=True),
        Centre(plate, 2, bold=True),
        *receipt.numbered(words(N_("Pass")), entry, cast(str, data["number"]), words),
        Columns(words(N_("Exit")), exits),
        *receipt.lines_of(data, words, titles),
        *receipt.rate(entry, words),
        Rule(),
        Columns(words(N_("OWED KES")), money.amount(owed), bold=True, size=2),
        Qr(receipt.qr_text(entry)),
        Centre(words(N_("PAY BY M-PESA, ONLY TO")), bold=True),
        Columns(words(N_("Paybill")), cast(str, data["paybill"]), bold=True),
        Columns(words(N_("Account")), cast(str, data["number"]), bold=True),
        Columns(words(N_("Amount")), money.amount(owed), bold=True),
        Small(receipt.legal(entry, schedule, words)),
    )


def settled(
    entry: Entry, schedule: Schedule | None, park: Park, words: Words, titles: Titles
) -> tuple[PaperLine, ...]:
    """What was paid on a pass, and what is still owed."""
    data = entry.data
    return (
        *receipt.numbered(words(N_("PASS RECEIPT")), entry, cast(str, data["number"]), words),
        Columns(words(N_("Pass")), numbers.printed(cast(str, data["pass"])), bold=True),
        Columns(words(N_("PAID KES")), money.amount(cast(int, data["total_minor"])), bold=True, size=2),
        *receipt.tenders_of(data, words),
        Columns(words(N_("Still owed KES")), money.amount(cast(int, data["due_minor"])), bold=True),
        Qr(receipt.qr_text(entry)),
    )


def let_out(
    entry: Entry, schedule: Schedule | None, park: Park, words: Words, titles: Titles
) -> tuple[PaperLine, ...]:
    """The gate's copy, which the driver signs."""
    data = entry.data
    return (
        Centre(words(N_("UNDERTAKING")), 2, bold=True),
        Columns(words(N_("Pass")), numbers.printed(cast(str, data["pass"])), bold=True),
        Columns(words(N_("Plate")), plates.shown(cast(str, data["plate"]))),
        Columns(words(N_("OWED KES")), money.amount(cast(int, data["owed_minor"])), bold=True, size=2),
        Small(cast(str, data["reason"])),
        Small(words(N_("Signature: ______________________")), centred=True),
    )


def statement(
    entry: Entry, schedule: Schedule | None, park: Park, words: Words, titles: Titles
) -> tuple[PaperLine, ...]:
    """All that was sold inside an outage, to the shilling."""
    data = entry.data
    rows = (
        (N_("Receipts KES"), "receipts_minor"),
        (N_("Passes KES"), "passes_minor"),
        (N_("Paid on passes"), "settled_minor"),
        (N_("Waived"), "waived_minor"),
        (N_("Undone"), "undone_minor"),
        (N_("On undertaking"), "undertaken_minor"),
        (N_("Still open"), "open_minor"),
    )
    tendered = cast("list[dict[str, object]]", data["tendered"])
    return (
        Centre(words(N_("OUTAGE STATEMENT")), 2, bold=True),
        *(Columns(words(title), money.amount(cast(int, data[name]))) for title, name in rows),
        Rule(),
        *(
            Columns(
                words(labels.TENDERS[cast(str, one["tender"])]),
                money.shown(cast(str, one["currency"]), cast(int, one["amount_minor"])),
            )
            for one in tendered
        ),
        Small(words(N_("Signature: ______________________")), centred=True),
    )
