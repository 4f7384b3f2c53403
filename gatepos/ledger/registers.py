"""What papers list row by row, asked alike of a till's books and of central's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gatepos.ledger.takings import Rows, Span

_AMONG = 400


@dataclass(frozen=True, slots=True)
class Act:
    """What a person answers for: an entry of `books.ACTS`, or one that a second person agreed to."""

    till: str
    seq: int
    kind: str
    number: str | None
    at: str
    day: str
    gate: str
    shift: str | None
    staff: str | None
    also: str | None


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paper of series R: `kind` says which, `of` the pass that it pays or the receipt that it replaces."""

    till: str
    seq: int
    number: str
    at: str
    day: str
    shift: str | None
    kind: str
    of: str | None
    plate: str
    total_minor: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How a receipt ended, by which number and on which business day."""

    how: str
    by: str
    day: str


@dataclass(frozen=True, slots=True)
class Paid:
    """What one entry took, change off: KES and USD here, KES paid elsewhere before; and by whom, where."""

    at: str
    gate: str
    staff: str | None
    shift: str | None
    kes_minor: int
    usd_minor: int
    prepaid_minor: int


@dataclass(frozen=True, slots=True)
class Code:
    """A reference as one paper counts it: of it `kes_minor`, of the `paid_minor` that it paid in all."""

    till: str
    seq: int
    receipt: str
    reference: str
    folded: str
    paybill: str | None
    day: str
    shift: str | None
    kes_minor: int
    paid_minor: int | None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What M-PESA says that a code paid, and when."""

    amount_minor: int
    paid_at: str


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
class Free:
    """Those who went in free, by what makes their price, KES minor units none."""

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
    ground: str
    evidence: str | None
    count: int
    times: int


def acts(rows: Rows, span: Span, *kinds: str) -> list[Act]:
    """What people answer for in a range, of some kinds or all, in the order of each till."""
    named = {f"k{place}": kind for place, kind in enumerate(kinds)}
    among = f" AND a.kind IN ({', '.join(f':{name}' for name in named)})" if kinds else ""
    found = rows(
        "SELECT a.till, a.seq, a.kind, a.number, a.at, a.day, a.gate, a.shift, a.staff, a.also FROM act a"
        f" WHERE {span.within('a')}{among} ORDER BY a.till, a.seq",
        **span.values, **named,
    )  # fmt: skip
    return [Act(*row) for row in found]


def last_before(rows: Rows, span: Span, kind: str) -> list[tuple[str, int]]:
    """Of each till, the last entry of a kind before the range: what it found in force."""
    found = rows(
        f"SELECT till, max(seq) FROM act WHERE kind = :kind AND day < :first AND till IN ({span.among})"
        " GROUP BY till ORDER BY till",
        kind=kind, first=span.first, **span.named,
    )  # fmt: skip
    return [(till, int(seq)) for till, seq in found]


def numbered(rows: Rows, span: Span) -> list[Numbered]:
    """Receipts, corrections and payments on passes, in the order of each till."""
    found = rows(
        "SELECT r.till, r.seq, r.number, r.at, r.day, r.shift,"
        " CASE WHEN r.replaces IS NULL THEN 'receipt' ELSE 'correction' END, r.replaces, r.plate,"
        f" r.total_minor FROM receipt r WHERE {span.within('r')}"
        " UNION ALL SELECT s.till, s.seq, s.number, s.at, s.day, s.shift, 'payment', s.pass,"
        " '', s.paid_minor + s.overstay_minor"
        f" FROM settlement s WHERE {span.within('s')} ORDER BY 1, 2",
        **span.values,
    )
    return [Numbered(*row) for row in found]


def numbers_between(rows: Rows, till: str, first: int, last: int) -> dict[str, str]:
    """The numbers of series R that a till took between two of its entries, with their business days."""
    between = "till = :till AND seq BETWEEN :first AND :last"
    found = rows(
        f"SELECT number, day FROM receipt WHERE {between}"
        f" UNION ALL SELECT number, day FROM settlement WHERE {between}",
        till=till, first=first, last=last,
    )  # fmt: skip
    return dict(found)


def acts_between(rows: Rows, till: str, first: int, last: int) -> dict[str, str]:
    """The numbers of other series that a till took between two of its entries, with their business days."""
    found = rows(
        "SELECT number, day FROM act WHERE till = :till AND seq BETWEEN :first AND :last"
        " AND number IS NOT NULL",
        till=till, first=first, last=last,
    )  # fmt: skip
    return dict(found)


def endings(rows: Rows, span: Span) -> dict[str, Ended]:
    """How receipts of a range ended until now."""
    found = rows(
        "SELECT r.number, e.how, e.ended_by, e.day FROM receipt r JOIN receipt_ending e"
        f" ON e.receipt = r.number AND e.till = r.till WHERE {span.within('r')}",
        **span.values,
    )
    return {number: Ended(how, by, day) for number, how, by, day in found}


def paid(rows: Rows, span: Span) -> dict[tuple[str, int], Paid]:
    """What each entry of a range took or handed back, by till and position."""
    kes = "CASE WHEN p.currency = 'KES' AND p.kind <> 'ecitizen' THEN p.amount_minor ELSE 0 END"
    usd = "CASE WHEN p.currency = 'USD' THEN p.amount_minor ELSE 0 END"
    prepaid = "CASE WHEN p.kind = 'ecitizen' THEN p.amount_minor ELSE 0 END"
    found = rows(
        "SELECT p.till, p.seq, max(p.at), max(p.gate), max(p.staff), max(p.shift),"
        f" sum({kes}), sum({usd}), sum({prepaid}) FROM taken p WHERE {span.within('p')}"
        " GROUP BY p.till, p.seq",
        **span.values,
    )
    return {
        (till, seq): Paid(at, gate, staff, shift, *map(int, sums))
        for till, seq, at, gate, staff, shift, *sums in found
    }


def codes(rows: Rows, span: Span, kind: str) -> list[Code]:
    """The references of a way of paying that papers of a range count."""
    found = rows(
        "SELECT d.till, d.seq, d.receipt, d.reference, d.folded, d.paybill, d.day, d.shift, d.kes_minor,"
        f" d.paid_minor FROM tender d WHERE {span.within('d')} AND d.kind = :kind"
        " AND d.folded IS NOT NULL ORDER BY d.till, d.seq, d.line",
        **span.values, kind=kind,
    )  # fmt: skip
    return [Code(*row) for row in found]


def confirmed(rows: Rows, span: Span) -> dict[tuple[str, str], Confirmed]:
    """What is confirmed of the codes of a range, by till and code."""
    found = rows(
        "SELECT c.till, c.folded, max(c.amount_minor), min(c.paid_at) FROM tender d JOIN confirmation c"
        f" ON c.folded = d.folded AND c.till = d.till WHERE {span.within('d')} AND d.kind = 'mpesa'"
        " GROUP BY c.till, c.folded",
        **span.values,
    )
    return {(till, folded): Confirmed(int(minor), at) for till, folded, minor, at in found}


def dollars_minor(rows: Rows, span: Span) -> int:
    """KES minor units for which dollars were counted."""
    found = rows(
        f"SELECT coalesce(sum(d.kes_minor), 0) FROM tender d WHERE {span.within('d')} AND d.currency = 'USD'",
        **span.values,
    )
    return next(int(minor) for (minor,) in found)


def passes(rows: Rows, span: Span) -> list[Issued]:
    """The passes that were issued in a range, in the order of each till."""
    found = rows(
        f"SELECT {_ISSUED} FROM pass p WHERE {span.within('p')} ORDER BY p.till, p.seq", **span.values
    )
    return [Issued(*row) for row in found]


def passes_among(rows: Rows, numbers: Sequence[str]) -> list[Issued]:
    """The passes of some numbers that are known here."""
    return [Issued(*row) for row in _among(rows, f"SELECT {_ISSUED} FROM pass p WHERE p.number IN", numbers)]


def sums_of_passes(rows: Rows, table: str, column: str, numbers: Sequence[str]) -> dict[str, int]:
    """What was paid, waived or undone on passes, by `table` and `column`, minor units."""
    select = f"SELECT pass, {column} FROM {table} WHERE pass IN"
    found: dict[str, int] = {}
    for number, minor in _among(rows, select, numbers):
        found[number] = found.get(number, 0) + int(minor)
    return found


def endings_of_passes(rows: Rows, numbers: Sequence[str]) -> dict[str, tuple[str, str | None]]:
    """How passes ended, and the pass that took their place."""
    found = _among(rows, "SELECT pass, how, ended_by FROM pass_ending WHERE pass IN", numbers)
    return {number: (how, by) for number, how, by in found}


def let_out(rows: Rows, numbers: Sequence[str]) -> dict[str, str]:
    """How passes that were not paid were let out."""
    return dict(_among(rows, _LET_OUT, numbers))


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


def free(rows: Rows, span: Span) -> list[Free]:
    """The lines of those who went in free, in the order of each till."""
    found = rows(
        "SELECT c.till, c.seq, c.number, c.at, c.day, c.gate, c.shift, c.staff, c.schedule, c.product,"
        f" c.age, c.ground, c.evidence, c.count, c.times FROM charge c WHERE {span.within('c')}"
        " AND c.ground IS NOT NULL ORDER BY c.till, c.seq, c.line",
        **span.values,
    )
    return [Free(*row) for row in found]


def posted(rows: Rows, span: Span, account: str, currency: str) -> int:
    """The sum of what was posted on accounts that begin so, minor units."""
    found = rows(
        "SELECT coalesce(sum(p.amount_minor), 0) FROM posting p"
        f" WHERE {span.within('p')} AND substr(p.account, 1, {len(account)}) = :account"
        " AND p.currency = :currency",
        **span.values, account=account, currency=currency,
    )  # fmt: skip
    return next(int(minor) for (minor,) in found)


def drawer(rows: Rows, shift: str, till: str, before: int) -> dict[str, int]:
    """What the books had in the drawer of a shift before an entry, by currency, minor units."""
    found = rows(
        "SELECT currency, sum(amount_minor) FROM posting WHERE account = :account"
        " AND till = :till AND seq < :before GROUP BY currency",
        account=f"asset:cash:{shift}", till=till, before=before,
    )  # fmt: skip
    return {currency: int(minor) for currency, minor in found}


def taken_in(rows: Rows, span: Span, shift: str, before: int) -> dict[tuple[str, str], int]:
    """What a shift took before an entry by way of paying and currency, change and cash handed back off."""
    found = rows(
        "SELECT p.kind, p.currency, sum(p.amount_minor) FROM taken p"
        f" WHERE {span.within('p')} AND p.shift = :shift AND p.seq < :before GROUP BY p.kind, p.currency",
        **span.values, shift=shift, before=before,
    )  # fmt: skip
    return {(kind, currency): int(minor) for kind, currency, minor in found}


def safe(rows: Rows, span: Span) -> list[tuple[str, int, str | None, str, int]]:
    """What went between drawers and the safe: till, entry, shift, currency, minor units into the safe."""
    found = rows(
        "SELECT p.till, p.seq, p.shift, p.currency, p.amount_minor FROM posting p"
        f" WHERE {span.within('p')} AND p.account = 'asset:transit' ORDER BY p.till, p.seq",
        **span.values,
    )
    return [(till, seq, shift, currency, int(minor)) for till, seq, shift, currency, minor in found]


_LET_OUT = "SELECT pass, how FROM let_out WHERE pass IN"
_ISSUED = (
    "p.till, p.seq, p.number, p.at, p.day, p.gate, p.shift, p.staff, p.plate, p.operator, p.people,"
    " p.total_minor, p.valid_until, p.outage"
)


def _among(rows: Rows, select: str, values: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of a select that ends with IN, for many values."""
    for first in range(0, len(values), _AMONG):
        named = {f"v{place}": value for place, value in enumerate(values[first : first + _AMONG])}
        yield from rows(f"{select} ({', '.join(f':{name}' for name in named)})", **named)
