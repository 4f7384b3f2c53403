"""What is owed back when a schedule was stayed: each paper since, what it charged, what the other charges."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from gatepos.domain import bill
from gatepos.domain.entry import Entry
from gatepos.domain.fees import NoSuchFee, PriceNotSet, Schedule
from gatepos.i18n import N_
from gatepos.ledger import listings, registers
from gatepos.reports.papers import columns
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Cell, Column, Head, Note, Report, Sheet

WHAT = "difference"
_SAYS = N_("Papers since {since} as they were charged, and as schedule {schedule} would have charged them.")
_UNPRICED = N_("no price in that schedule: decide by hand")
_ENDED = N_("no longer counts")
_WHAT = {"P": N_("Gate pass"), "M": N_("Hand-written leaf")}
_RECEIPT = N_("Receipt")
_COLUMNS = (
    columns.NUMBER,
    Column("what", N_("What")),
    *columns.WRITTEN,
    columns.PLATE,
    Column("schedule", N_("Schedule")),
    columns.kes("charged", N_("Charged, KES")),
    columns.kes("paid", N_("Paid, KES")),
    columns.kes("due", N_("Due, KES")),
    columns.kes("back", N_("Owed back, KES")),
    columns.kes("more", N_("Still due, KES")),
    columns.STATE,
)


@dataclass(frozen=True, slots=True)
class _Paper:
    """A receipt or a pass, and what was paid on it until now, KES minor units."""

    entry: Entry
    paid_minor: int
    is_ended: bool


def report(scope: Scope, since: str, schedule: Schedule) -> Report:
    """The papers of a scope since a moment, beside the other schedule."""
    rows = tuple(_row(scope, one, schedule) for one in _papers(scope, since))
    sheet = Sheet(WHAT, N_("Difference to another schedule"), _COLUMNS, rows)
    note = Note(_SAYS, {"since": since, "schedule": schedule.id})
    heads = tuple(Head(one.till, one.seq, one.hash) for one in scope.standings if one.seq)
    park = scope.park.code if scope.park else ""
    return Report(park, scope.span.first, scope.span.last, scope.at, 1, heads, (note,), (sheet,), (), WHAT)


def _papers(scope: Scope, since: str) -> Iterator[_Paper]:
    rows, span = scope.rows, scope.span
    ended = registers.endings(rows, span)
    receipts = [one for one in registers.numbered(rows, span) if one.kind != "payment" and one.at >= since]
    passes = [one for one in listings.passes(rows, span) if one.at >= since]
    numbers = [one.number for one in passes]
    paid = listings.sums_of_passes(rows, "settlement", "paid_minor", numbers)
    undone = listings.sums_of_passes(rows, "pass_ending", "undone_minor", numbers)
    gone = {
        number
        for number, (how, _) in listings.endings_of_passes(rows, numbers).items()
        if how == "reissued" or undone[number]
    }
    leaves = [act for act in registers.acts(rows, span, "paper.captured") if act.at >= since]
    places = [
        *((one.till, one.seq) for one in receipts),
        *((one.till, one.seq) for one in passes),
        *((one.till, one.seq) for one in leaves),
    ]
    for till in span.tills:
        seqs = [seq for of, seq in places if of == till]
        for entry in scope.source.entries(till, seqs):
            number, total = str(entry.number), cast(int, entry.data["total_minor"])
            is_ended = number in ended or number in gone
            is_pass = entry.kind in ("pass.issued", "pass.reissued")
            yield _Paper(entry, paid.get(number, 0) if is_pass else total, is_ended)


def _row(scope: Scope, paper: _Paper, schedule: Schedule) -> tuple[Cell, ...]:
    entry = paper.entry
    fields, data, number = entry.fields, entry.data, str(entry.number)
    charged = cast(int, data["total_minor"])
    due = None if paper.is_ended else due_minor(data, schedule)
    state = _ENDED if paper.is_ended else _UNPRICED if due is None else ""
    sums = (0, 0) if due is None else (max(paper.paid_minor - due, 0), max(due - paper.paid_minor, 0))
    return (
        scope.printed(number), scope.words(_WHAT.get(number[4], _RECEIPT)), entry.at, entry.day, entry.till,
        scope.gate(str(fields["gate"])), scope.printed(entry.shift), entry.by, str(data["plate"]),
        cast("str | None", fields["schedule"]), 0 if paper.is_ended else charged,
        0 if paper.is_ended else paper.paid_minor, due, *sums, scope.words(state),
    )  # fmt: skip


def due_minor(data: object, schedule: Schedule) -> int | None:
    """What a schedule charges for what a paper sold, KES minor units; None where it has no price for it.

    Dollars count by the rate of the paper; a schedule in dollars has no price for one without a rate.
    """
    said = cast("dict[str, object]", data)
    try:
        return bill.price(
            bill.from_data(said), schedule, cast("int | None", said["rate_e4"]), bill.freed(said)
        ).total_minor
    except (NoSuchFee, PriceNotSet, bill.NoRate, KeyError):
        return None
