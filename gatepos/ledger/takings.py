"""What was charged and taken over a range of days, asked alike of a till's books and of central's.

Each answer is a sum that is grouped by what the asker names. A paper that ended is taken off on the day on
which it ended, and what of it was refunded on the day of that: a day that is past never changes.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gatepos.domain import fees, money, postings
from gatepos.domain.figures import Figure
from gatepos.domain.vocabulary import REFUNDED
from gatepos.ledger.receivables import Receivables

Rows = Callable[..., Iterable[tuple[Any, ...]]]
"""Answers a select whose `:names` are given by name."""


def is_confirmed(tender: str) -> str:
    """In a select: whether the till of a tender said that its code is confirmed, and did not undo it."""
    return (
        "(SELECT coalesce(sum(n.counts), 0) FROM confirmation n"
        f" WHERE n.folded = {tender}.folded AND n.till = {tender}.till) > 0"
    )


def of_ledger(conn: sqlite3.Connection) -> Rows:
    """The books of a till."""
    return lambda sql, **values: conn.execute(sql, values)


_ENDS = ("min", "max")
AMONG = 500
"""How many are asked for at once."""
HOUR = "hour"
"""Groups by the UTC hour, `2026-01-02T03`."""
CHARGED_BY = (
    "day", HOUR, "till", "gate", "shift", "staff", "schedule", "fee", "category", "age", "ground", "currency",
    "product", "evidence", "times",
)  # fmt: skip
TAKEN_BY = ("day", HOUR, "till", "gate", "shift", "staff", "place", "kind", "paybill", "currency")
IS_FREE = f"(c.ground IS NOT NULL OR c.foregone_minor IS NOT NULL) AND c.fee <> '{fees.NOT_VISITOR}'"
"""Lines of visitors who entered free, for the whole of a stay or for some of its days."""
_HOUR = "substr({0}.at, 1, 13)"
ENDED = (
    ("receipt_ending", "receipt", f" AND e.how <> '{REFUNDED}'"),
    # A revoked pass whose people went in keeps what it charged.
    ("pass_ending", "pass", " AND (e.how = 'reissued' OR e.undone_minor > 0)"),
)
"""The books of papers that charge no longer: table, the column of their number, which of its rows."""

_REFUNDED = (
    "refund_line e JOIN charge c ON c.number = e.receipt AND c.fee = e.fee AND c.category = e.category"
    " AND c.age = e.age AND c.ground IS NULL"
)
"""What was refunded by line, beside the line that charged it."""


def among(
    rows: Rows, select: str, values: Sequence[object], after: str = "", **named: object
) -> Iterator[tuple[Any, ...]]:
    """The rows of a select up to its IN, for many values, some hundreds a question; `after` ends each."""
    for first in range(0, len(values), AMONG):
        some = {f"v{place}": value for place, value in enumerate(values[first : first + AMONG])}
        marks = ", ".join(f":{name}" for name in some)
        yield from rows(f"{select} ({marks}){after}", **named, **some)


@dataclass(frozen=True, slots=True)
class Span:
    """Business days from `first` to `last`, both in it, of these tills.

    `entries` are positions between which, both in it, an entry of it stands; where it is of one till alone.
    """

    tills: tuple[str, ...]
    first: str
    last: str
    entries: tuple[int, int] | None = None

    @property
    def named(self) -> dict[str, str]:
        """The tills by the names that `among` gives them."""
        return {f"t{place}": till for place, till in enumerate(self.tills)}

    @property
    def among(self) -> str:
        """The tills as a select lists them."""
        return ", ".join(f":{name}" for name in self.named) or "NULL"

    @property
    def values(self) -> dict[str, object]:
        """What the condition names."""
        between = dict(zip(("from_seq", "to_seq"), self.entries or (), strict=False))
        return {**self.named, "first": self.first, "last": self.last, **between}

    def within(self, row: str, table: str = "") -> str:
        """The condition that a row of a book, under this name, is in it.

        Of one till's rows of a `table` that is read whole, it also says between which entries they stand:
        there they lie side by side, and are read in half the time of one by one from an index. Its `+` keeps
        SQLite from seeking the ends of the ledger instead of those of the days.
        """
        between = f" AND {row}.seq BETWEEN :from_seq AND :to_seq" if self.entries else ""
        if table and len(self.tills) == 1:
            ends = (f"(SELECT {end}(+b.seq) FROM {table} b WHERE {self.within('b')})" for end in _ENDS)
            between += f" AND {row}.seq BETWEEN {' AND '.join(ends)}"
        return f"{row}.day BETWEEN :first AND :last AND {row}.till IN ({self.among}){between}"


@dataclass(frozen=True, slots=True)
class Charged:
    """Of one group: lines counted, KES minor units, and minor units in the currency of the fee.

    `people` are those of entry fees, `vehicles` the vehicles; both below zero where more papers ended.
    `foregone_minor` is what notices let go, KES.
    """

    by: tuple[str | None, ...]
    count: int
    people: int
    vehicles: int
    kes_minor: int
    amount_minor: int
    foregone_minor: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """Of one group: minor units in its currency, and how many papers it was taken or handed back for."""

    by: tuple[str | None, ...]
    papers: int
    minor: int


def charged(rows: Rows, span: Span, *by: str, is_free: bool = False) -> list[Charged]:
    """What was charged, ended papers taken off, grouped by some of CHARGED_BY; or of the free alone."""
    free = f" AND {IS_FREE}" if is_free else ""
    groups = [_column(name, "c", CHARGED_BY) for name in by]
    ended = [_column(name, "c", CHARGED_BY) if name != "day" else "e.day" for name in by]
    parts = [
        f"SELECT {_named(by, groups)}{_counts('')} FROM charge c WHERE {span.within('c', 'charge')}{free}"
    ]
    parts += [
        f"SELECT {_named(by, ended)}{_counts('-')} FROM {table} e JOIN charge c ON c.number = e.{number}"
        f" WHERE {span.within('e')}{which}{free}"
        for table, number, which in ENDED
    ]
    parts.append(
        f"SELECT {_named(by, ended)}{_counts('-', 'e')} FROM {_REFUNDED} WHERE {span.within('e')}{free}"
    )
    sums = ", ".join(f"coalesce(sum({name}), 0)" for name in _SUMS)
    names = "".join(f"by_{name}, " for name in by)
    found = rows(f"SELECT {names}{sums} FROM ({' UNION ALL '.join(parts)}) AS net{_group(by)}", **span.values)
    return [Charged(tuple(row[: len(by)]), *map(int, row[len(by) :])) for row in found]


def taken(rows: Rows, span: Span, *by: str, but: str = "") -> list[Taken]:
    """What came in and went back for papers, grouped by some of TAKEN_BY; a drawer's float is none of it.

    One way of paying may be left out by `but`.
    """
    groups = [_column(name, "p", TAKEN_BY) for name in by]
    found = rows(
        f"SELECT {_named(by, groups)}count(DISTINCT p.number), coalesce(sum(p.amount_minor), 0)"
        f" FROM taken p WHERE {span.within('p', 'taken')} AND p.kind <> :but{_group(by)}",
        **span.values,
        but=but,
    )
    return [Taken(tuple(row[: len(by)]), *map(int, row[len(by) :])) for row in found]


@dataclass(frozen=True, slots=True)
class Claimed:
    """An M-PESA code that papers of a range at one till count: KES minor units of it, the first such entry.

    `is_confirmed` where M-PESA or a statement says that it paid.
    """

    till: str
    folded: str
    is_confirmed: bool
    minor: int
    first_seq: int


def claimed(rows: Rows, span: Span) -> list[Claimed]:
    """The M-PESA codes of a range; one that several papers of a till count is one."""
    found = rows(
        f"SELECT c.till, c.folded, {is_confirmed('c')}, c.minor, c.seq FROM"
        " (SELECT d.till, d.folded, sum(d.kes_minor) AS minor, min(d.seq) AS seq FROM tender d"
        f" WHERE {span.within('d', 'tender')} AND d.kind = 'mpesa' GROUP BY d.till, d.folded) AS c",
        **span.values,
    )
    return [Claimed(till, folded, bool(sure), int(minor), seq) for till, folded, sure, minor, seq in found]


@dataclass(frozen=True, slots=True)
class Held:
    """What is owed back to visitors: on how many papers, KES minor units."""

    papers: int
    minor: int


def held(rows: Rows, owed: Receivables, tills: Sequence[str], until: str) -> Held:
    """What was taken, is charged no longer and went back neither in money nor as the pay of another bill.

    On papers of these tills that owed it by a business day already.
    """
    papers = {postings.receivable(number): number for till in tills for number in owed.owed_back(till)}
    select = "SELECT p.account, max(p.day) FROM posting p WHERE p.amount_minor < 0 AND p.account IN"
    since = dict(among(rows, select, [*papers], " GROUP BY p.account"))
    found = [number for account, number in papers.items() if since.get(account, "") <= until]
    return Held(len(found), -sum(map(owed.owed, found)))


def moment(rows: Rows, till: str, seq: int) -> str:
    """When an entry took money."""
    found = rows("SELECT max(at) FROM taken WHERE till = :till AND seq = :seq", till=till, seq=seq)
    return next(str(at) for (at,) in found)


def tickets(rows: Rows, span: Span) -> dict[str, int]:
    """The tickets paid elsewhere before that papers of a range count, folded, with their KES minor units."""
    found = rows(
        "SELECT substr(d.folded, 10), sum(d.kes_minor) FROM tender d"
        f" WHERE {span.within('d', 'tender')} AND d.kind = 'ecitizen' GROUP BY d.folded",
        **span.values,
    )
    return {folded: int(minor) for folded, minor in found}


def figure(rows: Rows, till: str, day: str, seq: int) -> Figure:
    """What a till took on a business day up to an entry."""
    span = Span((till,), day, day)
    values = {**span.values, "seq": seq}
    # Sought by the day: with `seq` bare, all that the till ever took is read.
    of_day = f"{span.within('p')} AND +p.seq <= :seq AND p.kind <> 'ecitizen'"
    sums = rows(f"SELECT currency, sum(amount_minor) FROM taken p WHERE {of_day} GROUP BY currency", **values)
    by_currency = {str(currency): int(minor) for currency, minor in sums}
    papers = next(iter(rows(f"SELECT count(DISTINCT number) FROM taken p WHERE {of_day}", **values)))
    amounts = (by_currency.get(currency, 0) for currency in (money.KES, money.USD))
    return Figure(till, day, seq, int(papers[0]), *amounts)


_SUMS = ("n", "people", "vehicles", "kes", "amount", "foregone")


def _counts(sign: str, row: str = "c") -> str:
    entry = ", ".join(f"'{fee}'" for fee in fees.ENTRY)
    # A refund by line gives back what was paid: of what was never charged nothing changes.
    gone = f"{sign}coalesce(c.foregone_minor, 0)" if row == "c" else "0"
    return (
        f"{sign}{row}.count AS n, CASE WHEN c.fee IN ({entry}) THEN {sign}{row}.count ELSE 0 END AS people,"
        f" CASE WHEN c.fee = '{fees.VEHICLE}' THEN {sign}{row}.count ELSE 0 END AS vehicles,"
        f" {sign}{row}.kes_minor AS kes, {sign}{row}.amount_minor AS amount,"
        f" {gone} AS foregone"
    )


def _column(name: str, row: str, allowed: Sequence[str]) -> str:
    if name not in allowed:
        raise ValueError(f"{name} is none of {allowed}")
    return _HOUR.format(row) if name == HOUR else f"{row}.{name}"


def _named(by: Sequence[str], columns: Sequence[str]) -> str:
    return "".join(f"{column} AS by_{name}, " for name, column in zip(by, columns, strict=True))


def _group(by: Sequence[str]) -> str:
    names = ", ".join(f"by_{name}" for name in by)
    return f" GROUP BY {names} ORDER BY {names}" if by else ""
