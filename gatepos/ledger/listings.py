"""What papers list of passes, outages, documents, leaves and the free, asked alike of till and central."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gatepos.domain import fees
from gatepos.ledger import takings
from gatepos.ledger.takings import Rows, Span, among


@dataclass(frozen=True, slots=True)
class Issued:
    """A pass as it was issued."""

    till: str
    seq: int
    number: str
    at: str
    day: str
    gate: str
    shift: str | None
    staff: str | None
    plate: str
    operator: str | None
    people: int
    total_minor: int
    valid_until: str
    outage: str | None


@dataclass(frozen=True, slots=True)
class Outage:
    """An outage at a till, between which of its entries; `until` and `to_seq` None while it lasts."""

    id: str
    till: str
    seq: int
    since: str
    at: str
    cause: str
    paybill: str
    until: str | None
    to_seq: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that was handed over: when, beside which pass, in which envelope, by whom it is kept."""

    id: str
    till: str
    document: str
    of_pass: str | None
    plate: str
    envelope: str
    gate: str
    staff: str | None
    at: str
    returned_at: str | None


@dataclass(frozen=True, slots=True)
class Pad:
    """A pad of leaves that a till gave out."""

    till: str
    seq: int
    book: str
    first: int
    last: int
    keeper: str
    at: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """What became of a leaf: when, and the number under which it was captured."""

    leaf: int
    how: str
    number: str | None
    at: str


@dataclass(frozen=True, slots=True)
class Free:
    """Those who went in free, by what makes their price; `at` is when their paper was written."""

    till: str
    seq: int
    number: str
    at: str
    day: str
    gate: str
    shift: str | None
    staff: str | None
    schedule: str | None
    product: str | None
    age: str
    ground: str | None
    evidence: str | None
    fee: str
    category: str
    foregone_minor: int | None
    count: int
    times: int


@dataclass(frozen=True, slots=True)
class Apart:
    """Who went in and is no visitor, with the vehicle; `people` below zero where their paper ended."""

    at: str
    day: str
    till: str
    gate: str
    shift: str | None
    staff: str | None
    number: str
    ground: str
    plate: str
    people: int


def not_visitors(rows: Rows, span: Span) -> list[Apart]:
    """Those who went in and are no visitors, in the order of each till; ended papers by their ending too."""
    head = "c.at, {0}.day, c.till, c.gate, c.shift, c.staff, c.number, c.ground, " + _PLATE
    of = f"c.fee = '{fees.NOT_VISITOR}'"
    parts = [f"SELECT {head.format('c')}, c.count, c.seq FROM charge c WHERE {span.within('c')} AND {of}"]
    parts += [
        f"SELECT {head.format('e')}, -c.count, e.seq FROM {table} e JOIN charge c ON c.number = e.{number}"
        f" WHERE {span.within('e')}{which} AND {of}"
        for table, number, which in takings.ENDED
    ]
    found = rows(" UNION ALL ".join(parts) + " ORDER BY 3, 2, 11", **span.values)
    return [Apart(*row[:-1]) for row in found]


_PLATE = (
    "coalesce((SELECT max(r.plate) FROM receipt r WHERE r.number = c.number),"
    " (SELECT max(p.plate) FROM pass p WHERE p.number = c.number), '')"
)


def passes(rows: Rows, span: Span) -> list[Issued]:
    """The passes that were issued in a range, in the order of each till."""
    found = rows(
        f"SELECT {_ISSUED} FROM pass p WHERE {span.within('p')} ORDER BY p.till, p.day, p.seq", **span.values
    )
    return [Issued(*row) for row in found]


def passes_among(rows: Rows, numbers: Sequence[str]) -> list[Issued]:
    """The passes of some numbers that are known here."""
    return [Issued(*row) for row in among(rows, f"SELECT {_ISSUED} FROM pass p WHERE p.number IN", numbers)]


def sums_of_passes(rows: Rows, table: str, column: str, numbers: Sequence[str]) -> dict[str, int]:
    """What was paid, waived or undone on passes, by `table` and `column`, minor units."""
    select = f"SELECT pass, {column} FROM {table} WHERE pass IN"
    found: dict[str, int] = {}
    for number, minor in among(rows, select, numbers):
        found[number] = found.get(number, 0) + int(minor)
    return found


def endings_of_passes(rows: Rows, numbers: Sequence[str]) -> dict[str, tuple[str, str | None]]:
    """How passes ended, and the pass that took their place."""
    found = among(rows, "SELECT pass, how, ended_by FROM pass_ending WHERE pass IN", numbers)
    return {number: (how, by) for number, how, by in found}


def let_out(rows: Rows, numbers: Sequence[str]) -> dict[str, str]:
    """How passes that were not paid were let out."""
    return dict(among(rows, "SELECT pass, how FROM let_out WHERE pass IN", numbers))


def outages(rows: Rows, span: Span, since: str, until: str) -> list[Outage]:
    """The outages of some tills that overlap two moments."""
    found = rows(
        "SELECT o.id, o.till, o.seq, o.since, o.at, o.cause, o.paybill, e.at, e.seq FROM outage o"
        " LEFT JOIN outage_ending e ON e.outage = o.id AND e.till = o.till"
        f" WHERE o.till IN ({span.among}) AND o.at < :until AND (e.at IS NULL OR e.at >= :since)"
        " ORDER BY o.till, o.seq",
        **span.named, since=since, until=until,
    )  # fmt: skip
    return [Outage(*row) for row in found]


def documents(rows: Rows, span: Span, since: str, until: str) -> list[Kept]:
    """The documents that were handed over or returned between two moments, and those still kept."""
    found = rows(
        "SELECT d.id, d.till, d.document, d.pass, d.plate, d.envelope, d.gate, coalesce((SELECT m.keeper"
        " FROM document_moved m WHERE m.held = d.id AND NOT EXISTS (SELECT 1 FROM document_moved l"
        " WHERE l.held = m.held AND l.at > m.at)), d.staff), d.at, e.at FROM document d"
        " LEFT JOIN document_ending e ON e.held = d.id"
        f" WHERE d.till IN ({span.among}) AND d.at < :until AND (e.at IS NULL OR e.at >= :since)"
        " ORDER BY d.at, d.id",
        **span.named, since=since, until=until,
    )  # fmt: skip
    return [Kept(*row) for row in found]


def free(rows: Rows, span: Span) -> Iterator[Free]:
    """The lines of those who went in free, in the order of each till.

    A paper that ended in the range is there again, by its ending, with a count below zero.
    """
    found = rows(
        f"SELECT c.till, c.seq, {_FREE.format('c')}, c.count, c.times, c.line FROM charge c"
        f" WHERE {span.within('c', 'charge')} AND {takings.IS_FREE}"
        + "".join(
            f" UNION ALL SELECT e.till, e.seq, {_FREE.format('e')}, -c.count, c.times, c.line FROM {table} e"
            f" JOIN charge c ON c.number = e.{number} WHERE {span.within('e')}{which}"
            f" AND {takings.IS_FREE}"
            for table, number, which in takings.ENDED
        )
        + " ORDER BY 1, 5, 2, 18",
        **span.values,
    )
    return (Free(*row[:-1]) for row in found)


def pads(rows: Rows, span: Span, until: str) -> list[Pad]:
    """The pads that some tills gave out before a moment."""
    found = rows(
        f"SELECT till, seq, book, first, last, keeper, at FROM pad WHERE till IN ({span.among})"
        " AND at < :until ORDER BY till, seq",
        **span.named, until=until,
    )  # fmt: skip
    return [Pad(*row) for row in found]


def leaves(rows: Rows, pad: Pad) -> list[Leaf]:
    """What is known of the leaves of a pad."""
    found = rows(
        "SELECT leaf, how, number, at FROM leaf WHERE book = :book AND leaf BETWEEN :first AND :last"
        " AND till = :till ORDER BY leaf",
        book=pad.book, first=pad.first, last=pad.last, till=pad.till,
    )  # fmt: skip
    return [Leaf(*row) for row in found]


_ISSUED = (
    "p.till, p.seq, p.number, p.at, p.day, p.gate, p.shift, p.staff, p.plate, p.operator, p.people,"
    " p.total_minor, p.valid_until, p.outage"
)


_FREE = (
    "c.number, c.at, {0}.day, c.gate, c.shift, c.staff, c.schedule, c.product, c.age, c.ground, c.evidence,"
    " c.fee, c.category, c.foregone_minor"
)
