"""What was charged and taken over a range of days, asked alike of a till's books and of central's.

Each answer is a sum that is grouped by what the asker names. A paper that ended is taken off on the day on
which it ended: a day that is past never changes.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from gatepos.domain import fees, money
from gatepos.domain.figures import Figure

Rows = Callable[..., Iterable[tuple[Any, ...]]]
"""Answers a select whose `:names` are given by name."""


def of_ledger(conn: sqlite3.Connection) -> Rows:
    """The books of a till."""
    return lambda sql, **values: conn.execute(sql, values)


HOUR = "hour"
"""Groups by the UTC hour, `2026-01-02T03`."""
CHARGED_BY = (
    "day", HOUR, "till", "gate", "shift", "staff", "schedule", "fee", "category", "age", "ground", "currency",
)  # fmt: skip
TAKEN_BY = ("day", HOUR, "till", "gate", "shift", "staff", "place", "kind", "paybill", "currency")
_HOUR = "substr({0}.at, 1, 13)"
_ENDED = (
    ("receipt_ending", "receipt", ""),
    # A revoked pass whose people went in keeps what it charged.
    ("pass_ending", "pass", " AND (e.how = 'reissued' OR e.undone_minor > 0)"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """Business days from `first` to `last`, both in it, of these tills."""

    tills: tuple[str, ...]
    first: str
    last: str

    @property
    def values(self) -> dict[str, object]:
        """What the condition names."""
        named = {f"t{place}": till for place, till in enumerate(self.tills)}
        return {**named, "first": self.first, "last": self.last}

    def within(self, row: str) -> str:
        """The condition that a row of a book, under this name, is in it."""
        tills = ", ".join(f":t{place}" for place in range(len(self.tills))) or "NULL"
        return f"{row}.day BETWEEN :first AND :last AND {row}.till IN ({tills})"


@dataclass(frozen=True, slots=True)
class Charged:
    """Of one group: lines counted, KES minor units, and minor units in the currency of the fee.

    `people` are those of entry fees, `vehicles` the vehicles; both below zero where more papers ended.
    """

    by: tuple[str | None, ...]
    count: int
    people: int
    vehicles: int
    kes_minor: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Taken:
    """Of one group: minor units in its currency, and how many papers it was taken or handed back for."""

    by: tuple[str | None, ...]
    papers: int
    minor: int


def charged(rows: Rows, span: Span, *by: str) -> list[Charged]:
    """What was charged, ended papers taken off, grouped by some of CHARGED_BY."""
    groups = [_column(name, "c", CHARGED_BY) for name in by]
    ended = [_column(name, "c", CHARGED_BY) if name != "day" else "e.day" for name in by]
    parts = [f"SELECT {_named(by, groups)}{_counts('')} FROM charge c WHERE {span.within('c')}"]
    parts += [
        f"SELECT {_named(by, ended)}{_counts('-')} FROM {table} e JOIN charge c ON c.number = e.{number}"
        f" WHERE {span.within('e')}{which}"
        for table, number, which in _ENDED
    ]
    sums = ", ".join(f"coalesce(sum({name}), 0)" for name in _SUMS)
    names = "".join(f"by_{name}, " for name in by)
    found = rows(f"SELECT {names}{sums} FROM ({' UNION ALL '.join(parts)}) AS net{_group(by)}", **span.values)
    return [Charged(tuple(row[: len(by)]), *map(int, row[len(by) :])) for row in found]


def taken(rows: Rows, span: Span, *by: str) -> list[Taken]:
    """What came in and went back for papers, grouped by some of TAKEN_BY; a drawer's float is none of it."""
    groups = [_column(name, "p", TAKEN_BY) for name in by]
    found = rows(
        f"SELECT {_named(by, groups)}count(DISTINCT p.number), coalesce(sum(p.amount_minor), 0)"
        f" FROM taken p WHERE {span.within('p')}{_group(by)}",
        **span.values,
    )
    return [Taken(tuple(row[: len(by)]), *map(int, row[len(by) :])) for row in found]


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


_SUMS = ("n", "people", "vehicles", "kes", "amount")


def _counts(sign: str) -> str:
    entry = ", ".join(f"'{fee}'" for fee in fees.ENTRY)
    return (
        f"{sign}c.count AS n, CASE WHEN c.fee IN ({entry}) THEN {sign}c.count ELSE 0 END AS people,"
        f" CASE WHEN c.fee = '{fees.VEHICLE}' THEN {sign}c.count ELSE 0 END AS vehicles,"
        f" {sign}c.kes_minor AS kes, {sign}c.amount_minor AS amount"
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
