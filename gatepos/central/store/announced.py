"""Figures that tills said by telephone, until their entries are here to compare."""

from dataclasses import dataclass

from gatepos.central.receiving import Place
from gatepos.central.store import journal
from gatepos.central.store.engine import Transaction
from gatepos.domain.figures import Figure
from gatepos.ledger import takings
from gatepos.ledger.takings import Rows

DIFFERS = "figure_differs"
"""The matter of a till whose entries say another figure than it said by telephone."""
_SELECT = "SELECT a.till, a.day, a.seq, a.papers, a.kes_minor, a.usd_minor, a.who, a.at FROM announced a"


@dataclass(frozen=True, slots=True)
class Announced:
    """A figure as it was told, by whom it was typed, and when."""

    figure: Figure
    who: str
    at: str


def keep(tx: Transaction, told: Announced) -> None:
    """Keep a figure; told again it is the same."""
    figure = told.figure
    tx.write(
        "INSERT INTO announced(till, day, seq, papers, kes_minor, usd_minor, who, at)"
        " VALUES (:till, :day, :seq, :papers, :kes_minor, :usd_minor, :who, :at) ON CONFLICT DO NOTHING",
        till=figure.till, day=figure.day, seq=figure.seq, papers=figure.papers,
        kes_minor=figure.kes_minor, usd_minor=figure.usd_minor, who=told.who, at=told.at,
    )  # fmt: skip


def booked(tx: Transaction, till: str) -> int:
    """The last entry of a till that the books have."""
    row = tx.row("SELECT booked_seq FROM branch WHERE till = :till AND branch = 0", till=till)
    return int(row[0]) if row else 0


def rows_of(tx: Transaction) -> Rows:
    """The books of central, asked as those of a till."""
    return lambda sql, **values: (tuple(row) for row in tx.rows(sql, **values))


def compare(tx: Transaction, figure: Figure, at: str) -> None:
    """Let a person look where a till's entries say another figure than it said by telephone."""
    if takings.figure(rows_of(tx), figure.till, figure.day, figure.seq) != figure:
        journal.open_matter(tx, figure.till, DIFFERS, Place(figure.seq, 0), at)


def ahead(tx: Transaction, park: str, day: str) -> list[Announced]:
    """What was told of a park's day beyond the entries that are here, the last of each till."""
    found = tx.rows(
        f"{_SELECT} JOIN till t ON t.till = a.till LEFT JOIN branch b ON b.till = a.till AND b.branch = 0"
        " WHERE t.park = :park AND a.day = :day AND a.seq > coalesce(b.booked_seq, 0)"
        " AND NOT EXISTS (SELECT 1 FROM announced n"
        " WHERE n.till = a.till AND n.day = a.day AND n.seq > a.seq) ORDER BY a.till",
        park=park, day=day,
    )  # fmt: skip
    return [Announced(Figure(*row[:3], *map(int, row[3:6])), *row[6:]) for row in found]


def between(tx: Transaction, till: str, after: int, to: int) -> list[Figure]:
    """The figures that a till told up to one of some entries."""
    found = tx.rows(f"{_SELECT} WHERE a.till = :till AND a.seq > :after AND a.seq <= :to ORDER BY a.seq",
                    till=till, after=after, to=to)  # fmt: skip
    return [Figure(*row[:3], *map(int, row[3:6])) for row in found]
