"""The statement of outages as papers: what was sold inside, what became of it, who owes, who was there."""

from collections.abc import Callable, Sequence
from typing import cast

from gatepos.domain import labels, numbers
from gatepos.domain.entry import Entry
from gatepos.i18n import N_, Words
from gatepos.ledger import outages, served
from gatepos.ledger.ledger import Ledger
from gatepos.ledger.outages import Outage
from gatepos.reports.sheet import Cell, Column, Identity, Kind, Note, Sheet

STATES = {
    "settled": N_("paid"),
    "part": N_("paid in part"),
    "waived": N_("waived"),
    "revoked": N_("revoked"),
    "undertaken": N_("on undertaking"),
    "open": N_("open"),
}
"""What becomes of a pass, in a word."""
_ENDED = {"": "", "voided": N_("voided"), "corrected": N_("corrected")}
_NO_QUEUE = N_("No entry says when a vehicle joined the queue: how long it waited there is not recorded.")
_ADDS_UP = N_("Outage {since}: passes issued = paid + waived + undone + owed − paid too much")
_TO_PAYBILL = N_("Outage {since}: M-PESA tendered to paybill {paybill} = posted to it")
_SINCE = Column("since", N_("Outage since"), Kind.MOMENT)
_AT = Column("at", N_("At"), Kind.MOMENT)
_STAFF, _PLATE = Column("staff", N_("Staff number")), Column("plate", N_("Plate"))
_OPERATOR = Column("operator", N_("Operator"))
_PEOPLE = Column("people", N_("People"), Kind.COUNT, is_summed=True)
_SEQ = Column("seq", N_("Entry"), Kind.COUNT)


def between(ledger: Ledger, first: str, last: str) -> list[Outage]:
    """The outages of this till that reach into some business days."""
    found = outages.of_till(ledger)
    return [
        one for one in found if one.opened.day <= last and (one.closed is None or one.closed.day >= first)
    ]


def sheets(
    ledger: Ledger, found: Sequence[Outage], words: Words, give_way: Callable[[], object] = lambda: None
) -> tuple[Sheet, ...]:
    """All papers of some outages, a row each names its outage; without outages they have no rows.

    Who waits for nothing that must be of one moment gives way between them.
    """
    made: list[Sheet] = []
    makes: tuple[Callable[[], Sheet], ...] = (
        lambda: _outages(ledger, found, words),
        lambda: _receipts(ledger, found, words),
        lambda: _passes(ledger, found, words),
        lambda: _collected(ledger, found, words),
        lambda: _leaves(ledger, found, words),
        lambda: _paybill(ledger, found),
        lambda: _debts(ledger, found),
        lambda: _served(ledger, found),
        lambda: _seconds(ledger, found, words),
    )
    for make in makes:
        made.append(make())
        give_way()
    return tuple(made)


def identities(ledger: Ledger, found: Sequence[Outage]) -> tuple[Identity, ...]:
    """What must be the same in different books, of each outage."""
    return tuple(identity for one in found for identity in (_adds_up(ledger, one), _is_posted(ledger, one)))


def _adds_up(ledger: Ledger, one: Outage) -> Identity:
    passes = outages.passes(ledger, one)
    became = sum(
        p.paid_minor + p.waived_minor + p.undone_minor + p.open_minor - p.owed_back_minor for p in passes
    )
    note = Note(_ADDS_UP, {"since": _since(one)})
    return Identity(note, sum(p.total_minor for p in passes), became)


def _is_posted(ledger: Ledger, one: Outage) -> Identity:
    paid = outages.paid(ledger, one)
    account = f"asset:mpesa:{one.paybill}"
    posted = sum(
        amount
        for seq in dict.fromkeys(row.seq for row in paid)
        for name, _, amount in ledger.entry(seq).postings
        if name == account
    )
    note = Note(_TO_PAYBILL, {"since": _since(one), "paybill": one.paybill})
    return Identity(note, sum(row.kes_minor for row in paid), posted)


def _outages(ledger: Ledger, found: Sequence[Outage], words: Words) -> Sheet:
    columns = (
        _SINCE,
        Column("opened_at", N_("Opened"), Kind.MOMENT),
        Column("until", N_("Until"), Kind.MOMENT),
        Column("cause", N_("Cause")),
        Column("authority", N_("Authority")),
        Column("paybill", N_("Paybill")),
        Column("cash_max_minor", N_("Cash a receipt"), Kind.KES),
        Column("opened_by", N_("Opened by")),
        Column("agreed_by", N_("Agreed by")),
        Column("is_standing", N_("By standing order"), Kind.COUNT),
        Column("countersigned_by", N_("Countersigned by")),
        Column("countersigned_at", N_("Countersigned at"), Kind.MOMENT),
        Column("closed_by", N_("Closed by")),
        Column("receipts", N_("Receipts"), Kind.COUNT, is_summed=True),
        Column("receipts_minor", N_("Sold KES"), Kind.KES, is_summed=True),
        Column("leaves_minor", N_("Written by hand KES"), Kind.KES, is_summed=True),
        Column("passes", N_("Passes"), Kind.COUNT, is_summed=True),
        Column("passes_minor", N_("Passes KES"), Kind.KES, is_summed=True),
        Column("collected_minor", N_("Paid here on passes"), Kind.KES, is_summed=True),
        Column("paybill_minor", N_("Came to the paybill"), Kind.KES, is_summed=True),
        Column("owed_minor", N_("Owed"), Kind.KES, is_summed=True),
        _SEQ,
    )
    rows = tuple(_outage(ledger, one, words) for one in found)
    return Sheet("outage_statement", N_("Outages"), columns, rows)


def _outage(ledger: Ledger, one: Outage, words: Words) -> tuple[Cell, ...]:
    data, closed, signed = one.opened.data, one.closed, one.countersigned
    sold = [sold for sold in outages.receipts(ledger, one) if not sold.ended]
    passes = outages.passes(ledger, one)
    return (
        _since(one), one.opened.at, cast(str, closed.data["until"]) if closed else None,
        words(labels.CAUSES[cast(str, data["cause"])]), cast(str, data["authority"]), one.paybill,
        cast(int, data["cash_max_minor"]), one.opened.by, _second(one.opened),
        int(cast(bool, data["is_standing"])),
        _signer(signed), signed.at if signed else None, closed.by if closed else None,
        len(sold), sum(row.counts_minor for row in sold), _sum(outages.leaves(ledger, one)),
        len(passes), sum(p.total_minor for p in passes), _sum(outages.settlements(ledger, one)),
        sum(row.kes_minor for row in outages.paid(ledger, one)), sum(p.open_minor for p in passes),
        one.opened.seq,
    )  # fmt: skip


def _receipts(ledger: Ledger, found: Sequence[Outage], words: Words) -> Sheet:
    columns = (
        _SINCE, Column("number", N_("Receipt")), _AT, _STAFF, _PLATE, _OPERATOR, _PEOPLE,
        Column("total_minor", N_("Total KES"), Kind.KES),
        Column("counts_minor", N_("Of it still counts"), Kind.KES, is_summed=True),
        Column("state", N_("State")), Column("tenders", N_("Paid by")), _SEQ,
    )  # fmt: skip
    rows = tuple(
        (
            _since(one), *_sold(sold.entry), sold.counts_minor,
            words(_ENDED[sold.ended]), _tenders(sold.entry, words), sold.entry.seq,
        )
        for one in found
        for sold in outages.receipts(ledger, one)
    )  # fmt: skip
    return Sheet("outage_receipts", N_("Receipts in outages"), columns, rows)


def _leaves(ledger: Ledger, found: Sequence[Outage], words: Words) -> Sheet:
    columns = (
        _SINCE, Column("number", N_("Number")), Column("captured_at", N_("Captured at"), Kind.MOMENT), _STAFF,
        _PLATE, _OPERATOR, _PEOPLE, Column("total_minor", N_("Total KES"), Kind.KES, is_summed=True),
        Column("book", N_("Pad")), Column("leaf", N_("Leaf"), Kind.COUNT),
        Column("written_at", N_("Written at"), Kind.MOMENT), Column("tenders", N_("Paid by")), _SEQ,
    )  # fmt: skip
    rows = tuple(
        (
            _since(one), *_sold(leaf), cast(str, leaf.data["book"]), cast(int, leaf.data["leaf"]),
            cast(str, leaf.data["written_at"]), _tenders(leaf, words), leaf.seq,
        )
        for one in found
        for leaf in outages.leaves(ledger, one)
    )  # fmt: skip
    return Sheet("outage_leaves", N_("Leaves written in outages"), columns, rows)


def _passes(ledger: Ledger, found: Sequence[Outage], words: Words) -> Sheet:
    columns = (
        _SINCE, Column("number", N_("Pass")), _AT, _STAFF, _PLATE, _OPERATOR, _PEOPLE,
        *(
            Column(name, title, Kind.KES, is_summed=True)
            for name, title in (
                ("total_minor", N_("Issued KES")), ("paid_minor", N_("Paid KES")),
                ("waived_minor", N_("Waived KES")), ("undone_minor", N_("Undone KES")),
                ("owed_minor", N_("Owed KES")),
                ("owed_back_minor", N_("To be refunded KES")),
            )
        ),
        Column("state", N_("State")), _SEQ,
    )  # fmt: skip
    rows = []
    for one in found:
        for became in outages.passes(ledger, one):
            issued = cast(Entry, ledger.by_number(became.number))
            amounts = (became.paid_minor, became.waived_minor, became.undone_minor, became.open_minor)
            state = words(STATES[became.state])
            rows.append((_since(one), *_sold(issued), *amounts, became.owed_back_minor, state, issued.seq))
    return Sheet("outage_passes", N_("Passes of outages"), columns, tuple(rows))


def _collected(ledger: Ledger, found: Sequence[Outage], words: Words) -> Sheet:
    columns = (
        _SINCE, Column("number", N_("Receipt")), Column("pass", N_("Pass")), _AT, _STAFF, _PLATE,
        Column("paid_minor", N_("Paid KES"), Kind.KES, is_summed=True),
        Column("overstay_minor", N_("Of it overstay"), Kind.KES, is_summed=True),
        Column("due_minor", N_("Owed after it"), Kind.KES), Column("tenders", N_("Paid by")), _SEQ,
    )  # fmt: skip
    rows = []
    for one in found:
        for entry in outages.settlements(ledger, one):
            data = entry.data
            over = sum(
                cast(int, line["kes_minor"]) for line in cast("list[dict[str, object]]", data["overstay"])
            )
            head = (
                _printed(entry.number),
                _printed(data["pass"]),
                entry.at,
                entry.by,
                cast(str, data["plate"]),
            )
            due = cast(int, data["due_minor"])
            rows.append((_since(one), *head, _total(entry), over, due, _tenders(entry, words), entry.seq))
    return Sheet("outage_collected", N_("Paid on passes in outages"), columns, tuple(rows))


def _paybill(ledger: Ledger, found: Sequence[Outage]) -> Sheet:
    columns = (
        _SINCE, Column("paybill", N_("Paybill")), Column("number", N_("Receipt")),
        Column("reference", N_("Code")),
        Column("kes_minor", N_("KES"), Kind.KES, is_summed=True),
        Column("is_inside", N_("Inside the outage"), Kind.COUNT, is_summed=True),
        Column("is_confirmed", N_("Confirmed"), Kind.COUNT, is_summed=True), _SEQ,
    )  # fmt: skip
    rows = tuple(
        (
            _since(one), one.paybill, _printed(row.receipt), row.reference, row.kes_minor, int(row.is_inside),
            int(row.is_confirmed), row.seq,
        )
        for one in found
        for row in outages.paid(ledger, one)
    )  # fmt: skip
    return Sheet("outage_paybill", N_("Came to the paybill of an outage"), columns, rows)


def _debts(ledger: Ledger, found: Sequence[Outage]) -> Sheet:
    columns = (
        _SINCE, _PLATE, _OPERATOR, Column("passes", N_("Passes"), Kind.COUNT, is_summed=True),
        Column("owed_minor", N_("Owed KES"), Kind.KES, is_summed=True),
        Column("oldest_at", N_("Oldest"), Kind.MOMENT),
    )  # fmt: skip
    rows = tuple(
        (_since(one), debt.plate or None, debt.operator or None, debt.passes, debt.owed_minor, debt.since)
        for one in found
        for debt in outages.debts(ledger, outages.passes(ledger, one))
    )
    return Sheet("outage_owed", N_("Who owes on passes of outages"), columns, rows)


def _served(ledger: Ledger, found: Sequence[Outage]) -> Sheet:
    columns = (
        _SINCE, _STAFF, Column("papers", N_("Papers paid"), Kind.COUNT, is_summed=True),
        Column("kes_minor", N_("Taken KES"), Kind.KES, is_summed=True),
        Column("usd_minor", N_("Taken USD"), Kind.USD, is_summed=True),
        Column("passes", N_("Passes issued"), Kind.COUNT, is_summed=True),
    )  # fmt: skip
    rows = tuple(
        (_since(one), row.staff or None, row.papers, row.kes_minor, row.usd_minor, row.passes)
        for one in found
        for row in outages.served(ledger, one)
    )
    return Sheet("outage_staff", N_("Staff in outages"), columns, rows)


def _seconds(ledger: Ledger, found: Sequence[Outage], words: Words) -> Sheet:
    """How long it took at the window; how long they queued before nobody recorded."""
    columns = (
        _SINCE, Column("what", N_("From – to")), Column("n", N_("How many"), Kind.COUNT),
        Column("median_s", N_("Median"), Kind.SECONDS), Column("p95_s", N_("95 of 100 within"), Kind.SECONDS),
    )  # fmt: skip
    measured = (
        (N_("At entry: first touch – RECORDED"), outages.until_recorded_s),
        (N_("At exit: first scan – payment"), outages.until_paid_s),
    )
    rows = tuple(
        (_since(one), words(says), *_spread(measure(ledger, one)))
        for one in found
        for says, measure in measured
    )
    return Sheet("outage_seconds", N_("Seconds at the window in outages"), columns, rows, (Note(_NO_QUEUE),))


def _spread(seconds: Sequence[int]) -> tuple[Cell, ...]:
    return len(seconds), *(served.spread(seconds) or (None, None))


def _sold(entry: Entry) -> tuple[Cell, ...]:
    """Number, moment, clerk, plate, operator, people and KES of a paper."""
    data = entry.data
    people = sum(n for _, _, n in cast("list[list[int]]", data["people"]))
    operator = cast("str | None", data["operator"])
    return (
        _printed(entry.number),
        entry.at,
        entry.by,
        cast(str, data["plate"]),
        operator,
        people,
        _total(entry),
    )


def _tenders(entry: Entry, words: Words) -> str:
    rows = cast("list[dict[str, str | None]]", entry.data["tenders"])
    return ", ".join(
        " ".join(filter(None, (words(labels.TENDERS[str(row["kind"])]), row["reference"]))) for row in rows
    )


def _sum(entries: Sequence[Entry]) -> int:
    return sum(map(_total, entries))


def _total(entry: Entry) -> int:
    return cast(int, entry.data["total_minor"])


def _printed(number: object) -> str:
    return numbers.printed(cast(str, number))


def _since(one: Outage) -> str:
    return cast(str, one.opened.data["since"])


def _second(entry: Entry) -> str | None:
    also = cast("dict[str, str] | None", entry.fields["also"])
    return also["staff"] if also else None


def _signer(signed: Entry | None) -> str | None:
    """Whoever agreed beside a clerk, else who signed."""
    return (_second(signed) or signed.by) if signed else None
