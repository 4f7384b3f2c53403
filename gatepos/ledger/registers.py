"""What papers list row by row, asked alike of a till's books and of central's."""

from collections.abc import Sequence
from dataclasses import dataclass

from gatepos.ledger.takings import Rows, Span, among, is_confirmed


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
    """How a receipt ended: by which number, on which business day, by which entry."""

    how: str
    by: str
    day: str
    till: str
    seq: int


@dataclass(frozen=True, slots=True)
class Paid:
    """What one entry took, change off: KES and USD here, KES paid elsewhere before; and by whom, where."""

    at: str
    gate: str
    staff: str | None
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


def acts(rows: Rows, span: Span, *kinds: str) -> list[Act]:
    """What people answer for in a range, of some kinds or all, in the order of each till."""
    named = {f"k{place}": kind for place, kind in enumerate(kinds)}
    among = f" AND a.kind IN ({', '.join(f':{name}' for name in named)})" if kinds else ""
    found = rows(
        "SELECT a.till, a.seq, a.kind, a.number, a.at, a.day, a.gate, a.shift, a.staff, a.also FROM act a"
        f" WHERE {span.within('a')}{among} ORDER BY a.till, a.day, a.seq",
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
        f" r.total_minor FROM receipt r WHERE {span.within('r', 'receipt')}"
        " UNION ALL SELECT s.till, s.seq, s.number, s.at, s.day, s.shift, 'payment', s.pass,"
        " '', s.paid_minor + s.overstay_minor"
        f" FROM settlement s WHERE {span.within('s')} ORDER BY 1, 5, 2",
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
        "SELECT r.number, e.how, e.ended_by, e.day, e.till, e.seq FROM receipt r JOIN receipt_ending e"
        f" ON e.receipt = r.number AND e.till = r.till WHERE {span.within('r')}",
        **span.values,
    )
    return {number: Ended(*end) for number, *end in found}


def ended(rows: Rows, span: Span) -> int:
    """How many receipts of a range ended until now."""
    found = rows(
        "SELECT count(DISTINCT r.number) FROM receipt r JOIN receipt_ending e"
        f" ON e.receipt = r.number AND e.till = r.till WHERE {span.within('r')}",
        **span.values,
    )
    return next(int(n) for (n,) in found)


def written(rows: Rows, till: str, seqs: Sequence[int]) -> dict[int, tuple[str, str | None]]:
    """At which gate and by whom those of some entries of a till were written that charge anything."""
    select = "SELECT seq, gate, staff FROM charge WHERE till = :till AND line = 0 AND seq IN"
    return {seq: (gate, staff) for seq, gate, staff in among(rows, select, seqs, till=till)}


def paid(rows: Rows, till: str, seqs: Sequence[int]) -> dict[int, Paid]:
    """What some entries of a till took or handed back, by position."""
    kes = "CASE WHEN p.currency = 'KES' AND p.kind <> 'ecitizen' THEN p.amount_minor ELSE 0 END"
    usd = "CASE WHEN p.currency = 'USD' THEN p.amount_minor ELSE 0 END"
    prepaid = "CASE WHEN p.kind = 'ecitizen' THEN p.amount_minor ELSE 0 END"
    select = (
        f"SELECT p.seq, max(p.at), max(p.gate), max(p.staff), sum({kes}), sum({usd}), sum({prepaid})"
        " FROM taken p WHERE p.till = :till AND p.seq IN"
    )
    found = among(rows, select, seqs, " GROUP BY p.seq", till=till)
    return {seq: Paid(at, gate, staff, *map(int, sums)) for seq, at, gate, staff, *sums in found}


def codes(rows: Rows, span: Span, kind: str) -> list[Code]:
    """The references of a way of paying that papers of a range count."""
    found = rows(
        "SELECT d.till, d.seq, d.receipt, d.reference, d.folded, d.paybill, d.day, d.shift, d.kes_minor,"
        f" d.paid_minor FROM tender d WHERE {span.within('d', 'tender')} AND d.kind = :kind"
        " AND d.folded IS NOT NULL ORDER BY d.till, d.day, d.seq, d.line",
        **span.values, kind=kind,
    )  # fmt: skip
    return [Code(*row) for row in found]


def confirmed(rows: Rows, span: Span) -> dict[tuple[str, str], Confirmed]:
    """What is confirmed of the codes of a range, by till and code."""
    found = rows(
        "SELECT c.till, c.folded, max(c.amount_minor), min(c.paid_at) FROM tender d JOIN confirmation c"
        f" ON c.folded = d.folded AND c.till = d.till WHERE {span.within('d', 'tender')} AND d.kind = 'mpesa'"
        f" AND c.counts > 0 AND {is_confirmed('d')} GROUP BY c.till, c.folded",
        **span.values,
    )
    return {(till, folded): Confirmed(int(minor), at) for till, folded, minor, at in found}


def dollars_minor(rows: Rows, span: Span) -> int:
    """KES minor units for which dollars were counted."""
    found = rows(
        "SELECT coalesce(sum(d.kes_minor), 0) FROM tender d"
        f" WHERE {span.within('d', 'tender')} AND d.currency = 'USD'",
        **span.values,
    )
    return next(int(minor) for (minor,) in found)


def posted(rows: Rows, span: Span, account: str, currency: str) -> int:
    """The sum of what was posted on accounts that begin so, minor units."""
    found = rows(
        "SELECT coalesce(sum(p.amount_minor), 0) FROM posting p"
        f" WHERE {span.within('p')} AND substr(p.account, 1, {len(account)}) = :account"
        " AND p.currency = :currency",
        **span.values, account=account, currency=currency,
    )  # fmt: skip
    return next(int(minor) for (minor,) in found)


def expenses(rows: Rows, span: Span) -> dict[tuple[str, str], int]:
    """What was waived, over or short, by account and currency, minor units."""
    found = rows(
        "SELECT p.account, p.currency, sum(p.amount_minor) FROM posting p"
        f" WHERE {span.within('p')} AND substr(p.account, 1, 8) = 'expense:' GROUP BY p.account, p.currency",
        **span.values,
    )
    return {(account, currency): int(minor) for account, currency, minor in found}


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
        f" WHERE {span.within('p')} AND p.account = 'asset:transit' ORDER BY p.till, p.day, p.seq",
        **span.values,
    )
    return [(till, seq, shift, currency, int(minor)) for till, seq, shift, currency, minor in found]


def numbers_of_shifts(rows: Rows, span: Span) -> dict[str, tuple[str, str]]:
    """The first and the last number of series R of each shift in a range."""
    found = rows(
        "SELECT shift, min(number), max(number) FROM ("
        f"SELECT r.shift AS shift, r.number AS number FROM receipt r WHERE {span.within('r')}"
        f" UNION ALL SELECT s.shift, s.number FROM settlement s WHERE {span.within('s')}"
        ") AS own WHERE shift IS NOT NULL GROUP BY shift",
        **span.values,
    )
    return {shift: (first, last) for shift, first, last in found}
