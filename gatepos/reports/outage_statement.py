"""The statement of outages as papers: what was sold inside, what became of it, who owes, who was there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from gatepos.domain import labels, moments
from gatepos.domain.entry import Entry
from gatepos.i18n import N_
from gatepos.ledger import listings, outages, served
from gatepos.ledger.outages import Outage, Paid, Sold
from gatepos.ledger.source import Source
from gatepos.ledger.totals import Became
from gatepos.reports.papers import columns
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Cell, Column, Identity, Kind, Note, Sheet

_ENDED = {"": "", "voided": N_("voided"), "corrected": N_("corrected"), "refunded": N_("refunded")}
_NO_QUEUE = N_("No entry says when a vehicle joined the queue: how long it waited there is not recorded.")
_ADDS_UP = N_("{till}, outage {since}: passes issued = paid + waived + undone + owed − paid too much")
_TO_PAYBILL = N_("{till}, outage {since}: M-PESA tendered to paybill {paybill} = posted to it")
_WHICH = columns.TILL, Column("since", N_("Outage since"), Kind.MOMENT)
_AT = Column("at", N_("At"), Kind.MOMENT)
_STAFF, _PLATE = Column("staff", N_("Staff number")), Column("plate", N_("Plate"))
_OPERATOR = Column("operator", N_("Operator"))
_PEOPLE = Column("people", N_("People"), Kind.COUNT, is_summed=True)
_SEQ = Column("seq", N_("Entry"), Kind.COUNT)
TITLES = {
    "outage_statement": N_("Outages"),
    "outage_receipts": N_("Receipts in outages"),
    "outage_passes": N_("Passes of outages"),
    "outage_collected": N_("Paid on passes in outages"),
    "outage_leaves": N_("Leaves written in outages"),
    "outage_paybill": N_("Came to the paybill of an outage"),
    "outage_owed": N_("Who owes on passes of outages"),
    "outage_staff": N_("Staff in outages"),
    "outage_seconds": N_("Seconds at the window in outages"),
}
"""The papers of the statement, by name."""


@dataclass(frozen=True, slots=True)
class Stated:
    """An outage and what happened in it, read once for all its papers."""

    outage: Outage
    receipts: list[Sold]
    passes: list[Became]
    settlements: list[Entry]
    leaves: list[Entry]
    paid: list[Paid]


def between(scope: Scope) -> list[Stated]:
    """The outages that reach into the days of a scope."""
    return [_stated(scope.source, one) for one in outages.between(scope.source, scope.span)]


def _stated(source: Source, one: Outage) -> Stated:
    return Stated(
        one,
        outages.receipts(source, one),
        outages.passes(source, one),
        outages.settlements(source, one),
        outages.leaves(source, one),
        outages.paid(source, one),
    )


def sheets(scope: Scope, found: Sequence[Stated]) -> tuple[Sheet, ...]:
    """All papers of some outages, a row each names its outage; without outages they have no rows."""
    return (
        _outages(scope, found),
        _receipts(scope, found),
        _passes(scope, found),
        _collected(scope, found),
        _leaves(scope, found),
        _paybill(scope, found),
        _debts(scope, found),
        _served(scope, found),
        _seconds(scope, found),
    )


def identities(scope: Scope, found: Sequence[Stated]) -> tuple[Identity, ...]:
    """What must be the same in different books, of each outage."""
    return tuple(same for one in found for same in (_adds_up(scope, one), _is_posted(scope, one)))


def _adds_up(scope: Scope, one: Stated) -> Identity:
    became = sum(
        p.paid_minor + p.waived_minor + p.undone_minor + p.open_minor - p.owed_back_minor for p in one.passes
    )
    note = Note(_ADDS_UP, {"till": one.outage.opened.till, "since": _shown(scope, one)})
    return Identity(note, sum(p.total_minor for p in one.passes), became)


def _is_posted(scope: Scope, one: Stated) -> Identity:
    till, paybill = one.outage.opened.till, one.outage.paybill
    account = f"asset:mpesa:{paybill}"
    posted = sum(
        amount
        for entry in scope.source.entries(till, [*dict.fromkeys(row.seq for row in one.paid)])
        for name, _, amount in entry.postings
        if name == account
    )
    values = {"till": till, "since": _shown(scope, one), "paybill": paybill}
    return Identity(Note(_TO_PAYBILL, values), sum(row.kes_minor for row in one.paid), posted)


def _shown(scope: Scope, one: Stated) -> str:
    return scope.words.moment(moments.from_text(_since(one)))


def _outages(scope: Scope, found: Sequence[Stated]) -> Sheet:
    titles = (
        *_WHICH,
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
        Column("sold_minor", N_("Sold KES"), Kind.KES, is_summed=True),
        Column("leaves_minor", N_("Written by hand KES"), Kind.KES, is_summed=True),
        Column("passes", N_("Passes"), Kind.COUNT, is_summed=True),
        Column("issued_minor", N_("Passes KES"), Kind.KES, is_summed=True),
        Column("collected_minor", N_("Paid here on passes"), Kind.KES, is_summed=True),
        Column("to_paybill_minor", N_("Came to the paybill"), Kind.KES, is_summed=True),
        Column("owed_minor", N_("Owed"), Kind.KES, is_summed=True),
        _SEQ,
    )
    rows = tuple(_outage(scope, one) for one in found)
    return _sheet("outage_statement", titles, rows)


def _outage(scope: Scope, one: Stated) -> tuple[Cell, ...]:
    opened, closed, signed = one.outage.opened, one.outage.closed, one.outage.countersigned
    data, sold, passes = opened.data, [sold for sold in one.receipts if not sold.ended], one.passes
    return (
        *_which(one), opened.at, cast(str, closed.data["until"]) if closed else None,
        scope.cause(cast(str, data["cause"])), cast(str, data["authority"]), one.outage.paybill,
        cast(int, data["cash_max_minor"]), opened.by, _second(opened),
        int(cast(bool, data["is_standing"])),
        _signer(signed), signed.at if signed else None, closed.by if closed else None,
        len(sold), sum(row.counts_minor for row in sold), _sum(one.leaves),
        len(passes), sum(p.total_minor for p in passes), _sum(one.settlements),
        sum(row.kes_minor for row in one.paid), sum(p.open_minor for p in passes),
        opened.seq,
    )  # fmt: skip


def _receipts(scope: Scope, found: Sequence[Stated]) -> Sheet:
    titles = (
        *_WHICH, Column("number", N_("Receipt")), _AT, _STAFF, _PLATE, _OPERATOR, _PEOPLE,
        Column("total_minor", N_("Total KES"), Kind.KES),
        Column("counts_minor", N_("Of it still counts"), Kind.KES, is_summed=True),
        Column("state", N_("State")), Column("tenders", N_("Paid by")), _SEQ,
    )  # fmt: skip
    rows = tuple(
        (
            *_which(one), *_sold(scope, sold.entry), sold.counts_minor,
            scope.words(_ENDED[sold.ended]), _tenders(scope, sold.entry), sold.entry.seq,
        )
        for one in found
        for sold in one.receipts
    )  # fmt: skip
    return _sheet("outage_receipts", titles, rows)


def _leaves(scope: Scope, found: Sequence[Stated]) -> Sheet:
    titles = (
        *_WHICH, Column("number", N_("Number")), Column("captured_at", N_("Captured at"), Kind.MOMENT),
        _STAFF, _PLATE, _OPERATOR, _PEOPLE, Column("total_minor", N_("Total KES"), Kind.KES, is_summed=True),
        Column("book", N_("Pad")), Column("leaf", N_("Leaf"), Kind.COUNT),
        Column("written_at", N_("Written at"), Kind.MOMENT), Column("tenders", N_("Paid by")), _SEQ,
    )  # fmt: skip
    rows = tuple(
        (
            *_which(one), *_sold(scope, leaf), cast(str, leaf.data["book"]), cast(int, leaf.data["leaf"]),
            cast(str, leaf.data["written_at"]), _tenders(scope, leaf), leaf.seq,
        )
        for one in found
        for leaf in one.leaves
    )  # fmt: skip
    return _sheet("outage_leaves", titles, rows)


def _passes(scope: Scope, found: Sequence[Stated]) -> Sheet:
    titles = (
        *_WHICH, Column("number", N_("Pass")), _AT, _STAFF, _PLATE, _OPERATOR, _PEOPLE,
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
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        numbers = [became.number for became in one.passes]
        issued = {each.number: each for each in listings.passes_among(scope.rows, numbers)}
        for became in one.passes:
            paper = issued[became.number]
            rows.append((
                *_which(one), scope.printed(paper.number), paper.at, paper.staff, paper.plate, paper.operator,
                paper.people, became.total_minor, became.paid_minor, became.waived_minor, became.undone_minor,
                became.open_minor, became.owed_back_minor, scope.words(labels.PASS_STATES[became.state]),
                paper.seq,
            ))  # fmt: skip
    return _sheet("outage_passes", titles, tuple(rows))


def _collected(scope: Scope, found: Sequence[Stated]) -> Sheet:
    titles = (
        *_WHICH, Column("number", N_("Receipt")), Column("pass", N_("Pass")), _AT, _STAFF, _PLATE,
        Column("paid_minor", N_("Paid KES"), Kind.KES, is_summed=True),
        Column("overstay_minor", N_("Of it overstay"), Kind.KES, is_summed=True),
        Column("due_minor", N_("Owed after it"), Kind.KES), Column("tenders", N_("Paid by")), _SEQ,
    )  # fmt: skip
    rows = []
    for one in found:
        for entry in one.settlements:
            data = entry.data
            over = sum(
                cast(int, line["kes_minor"]) for line in cast("list[dict[str, object]]", data["overstay"])
            )
            head = (
                scope.printed(entry.number),
                scope.printed(cast(str, data["pass"])),
                entry.at,
                entry.by,
                cast(str, data["plate"]),
            )
            due = cast(int, data["due_minor"])
            rows.append((*_which(one), *head, _total(entry), over, due, _tenders(scope, entry), entry.seq))
    return _sheet("outage_collected", titles, tuple(rows))


def _paybill(scope: Scope, found: Sequence[Stated]) -> Sheet:
    titles = (
        *_WHICH, Column("paybill", N_("Paybill")), Column("number", N_("Receipt")),
        Column("reference", N_("Code")),
        Column("kes_minor", N_("KES"), Kind.KES, is_summed=True),
        Column("is_inside", N_("Inside the outage"), Kind.COUNT, is_summed=True),
        Column("is_confirmed", N_("Confirmed"), Kind.COUNT, is_summed=True), _SEQ,
    )  # fmt: skip
    rows = tuple(
        (
            *_which(one), one.outage.paybill, scope.printed(row.receipt), row.reference, row.kes_minor,
            int(row.is_inside), int(row.is_confirmed), row.seq,
        )
        for one in found
        for row in one.paid
    )  # fmt: skip
    return _sheet("outage_paybill", titles, rows)


def _debts(scope: Scope, found: Sequence[Stated]) -> Sheet:
    titles = (
        *_WHICH, _PLATE, _OPERATOR, Column("passes", N_("Passes"), Kind.COUNT, is_summed=True),
        Column("owed_minor", N_("Owed KES"), Kind.KES, is_summed=True),
        Column("oldest_at", N_("Oldest"), Kind.MOMENT),
    )  # fmt: skip
    rows = tuple(
        (*_which(one), debt.plate or None, debt.operator or None, debt.passes, debt.owed_minor, debt.since)
        for one in found
        for debt in outages.debts(scope.source, one.passes)
    )
    return _sheet("outage_owed", titles, rows)


def _served(scope: Scope, found: Sequence[Stated]) -> Sheet:
    titles = (
        *_WHICH, _STAFF, Column("papers", N_("Papers paid"), Kind.COUNT, is_summed=True),
        Column("kes_minor", N_("Taken KES"), Kind.KES, is_summed=True),
        Column("usd_minor", N_("Taken USD"), Kind.USD, is_summed=True),
        Column("passes", N_("Passes issued"), Kind.COUNT, is_summed=True),
    )  # fmt: skip
    rows = tuple(
        (*_which(one), row.staff or None, row.papers, row.kes_minor, row.usd_minor, row.passes)
        for one in found
        for row in outages.served(scope.source, one.outage)
    )
    return _sheet("outage_staff", titles, rows)


def _seconds(scope: Scope, found: Sequence[Stated]) -> Sheet:
    """How long it took at the window; how long they queued before nobody recorded."""
    titles = (
        *_WHICH, Column("what", N_("From – to")), Column("n", N_("How many"), Kind.COUNT),
        Column("median_s", N_("Median"), Kind.SECONDS), Column("p95_s", N_("95 of 100 within"), Kind.SECONDS),
    )  # fmt: skip
    measured = (
        (N_("At entry: first touch – RECORDED"), outages.until_recorded_s),
        (N_("At exit: first scan – payment"), outages.until_paid_s),
    )
    rows = tuple(
        (*_which(one), scope.words(says), *_spread(measure(scope.source, one.outage)))
        for one in found
        for says, measure in measured
    )
    return _sheet("outage_seconds", titles, rows, (Note(_NO_QUEUE),))


def _sheet(
    name: str, titles: tuple[Column, ...], rows: tuple[tuple[Cell, ...], ...], notes: tuple[Note, ...] = ()
) -> Sheet:
    return Sheet(name, TITLES[name], titles, rows, notes)


def _spread(seconds: Sequence[int]) -> tuple[Cell, ...]:
    return len(seconds), *(served.spread(seconds) or (None, None))


def _sold(scope: Scope, entry: Entry) -> tuple[Cell, ...]:
    """Number, moment, clerk, plate, operator, people and KES of a paper."""
    data = entry.data
    people = sum(n for _, _, n in cast("list[list[int]]", data["people"]))
    operator = cast("str | None", data["operator"])
    return (
        scope.printed(entry.number),
        entry.at,
        entry.by,
        cast(str, data["plate"]),
        operator,
        people,
        _total(entry),
    )


def _tenders(scope: Scope, entry: Entry) -> str:
    rows = cast("list[dict[str, str | None]]", entry.data["tenders"])
    return ", ".join(
        " ".join(filter(None, (scope.tender(str(row["kind"])), row["reference"]))) for row in rows
    )


def _sum(entries: Sequence[Entry]) -> int:
    return sum(map(_total, entries))


def _total(entry: Entry) -> int:
    return cast(int, entry.data["total_minor"])


def _which(one: Stated) -> tuple[Cell, ...]:
    return one.outage.opened.till, _since(one)


def _since(one: Stated) -> str:
    return cast(str, one.outage.opened.data["since"])


def _second(entry: Entry) -> str | None:
    also = cast("dict[str, str] | None", entry.fields["also"])
    return also["staff"] if also else None


def _signer(signed: Entry | None) -> str | None:
    """Whoever agreed beside a clerk, else who signed."""
    return (_second(signed) or signed.by) if signed else None
