"""The money, receipts, people and passes of a park's day, asked of the books of all its tills."""

from collections.abc import Sequence
from dataclasses import dataclass

from gatepos.central.store.engine import Transaction
from gatepos.ledger.receivables import Receivables

_OF_DAY = "WHERE {0}.till IN (SELECT t.till FROM till t WHERE t.park = :park) AND {0}.day = :day"
"""Sought by till and day; a join would be read from the side of the days."""
_AMONG = 500


@dataclass(frozen=True, slots=True)
class Papers:
    """Papers of a till that count: how many and their KES."""

    till: str
    count: int
    minor: int


@dataclass(frozen=True, slots=True)
class Owing:
    """An open pass: what is still owed on it."""

    number: str
    at: str
    till: str
    plate: str
    operator: str | None
    people: int
    total_minor: int
    valid_until: str
    owed_minor: int


@dataclass(frozen=True, slots=True)
class Open:
    """How many passes are open, what is owed on them, the oldest of them first as far as they are listed."""

    count: int
    minor: int
    passes: list[Owing]


def receipts(tx: Transaction, park: str, day: str) -> list[Papers]:
    """The receipts of a day that still count, by till; what of them is refunded taken off."""
    found = tx.rows(
        "SELECT r.till, count(*), sum(r.total_minor - (SELECT coalesce(sum(l.kes_minor), 0)"
        f" FROM refund_line l WHERE l.receipt = r.number)) FROM receipt r {_OF_DAY.format('r')}"
        " AND NOT EXISTS (SELECT 1 FROM receipt_ending e WHERE e.receipt = r.number) GROUP BY r.till",
        park=park, day=day,
    )  # fmt: skip
    return [Papers(till, int(count), int(minor)) for till, count, minor in found]


def settlements(tx: Transaction, park: str, day: str) -> list[Papers]:
    """The payments on passes of a day, by till; overstay in them."""
    found = tx.rows(
        "SELECT s.till, count(*), sum(s.paid_minor + s.overstay_minor) FROM settlement s"
        f" {_OF_DAY.format('s')} GROUP BY s.till",
        park=park, day=day,
    )  # fmt: skip
    return [Papers(till, int(count), int(minor)) for till, count, minor in found]


def charged(tx: Transaction, park: str, day: str) -> dict[str, int]:
    """What was charged by account of income, KES minor units; of passes too that are not paid yet."""
    found = tx.rows(
        f"SELECT p.account, -sum(p.amount_minor) FROM posting p {_OF_DAY.format('p')}"
        " AND p.account >= 'income:' AND p.account < 'income;' GROUP BY p.account ORDER BY 2 DESC, 1",
        park=park, day=day,
    )  # fmt: skip
    return {account: int(minor) for account, minor in found if minor}


def people_in(tx: Transaction, park: str, since: str, until: str) -> dict[str, int]:
    """How many people went in between two moments, by till; who is carried over to a new paper once."""
    found = tx.rows(
        "SELECT p.till, sum(p.people) FROM passage p JOIN till t ON t.till = p.till"
        " WHERE t.park = :park AND p.at >= :since AND p.at < :until AND p.direction = 'in'"
        " AND NOT EXISTS (SELECT 1 FROM pass_ending e WHERE e.till = p.till AND e.seq = p.seq"
        " AND e.branch = p.branch) GROUP BY p.till",
        park=park, since=since, until=until,
    )  # fmt: skip
    return {till: int(people) for till, people in found}


def open_passes(tx: Transaction, park: str, most: int) -> Open:
    """The passes of a park's tills on which something is owed, as its tills reckon it."""
    tills = tills_of(tx, park)
    return opened(tx, tills, receivables(tx, tills), most)


def tills_of(tx: Transaction, park: str) -> list[str]:
    """The tills of a park."""
    return [till for (till,) in tx.rows("SELECT till FROM till WHERE park = :park", park=park)]


def opened(tx: Transaction, tills: Sequence[str], owed: Receivables, most: int) -> Open:
    """The open passes of some tills, by what is owed on them."""
    numbers = list(owed.open())
    sums = [owed.of_till(till) for till in tills]
    found = [
        Owing(*(*row, owed.owed(row[0])))
        for first in range(0, len(numbers), _AMONG)
        for row in tx.rows_among(
            "SELECT number, at, till, plate, operator, people, total_minor, valid_until FROM pass"
            " WHERE number IN :among AND branch = 0",
            numbers[first : first + _AMONG],
        )
    ]
    found.sort(key=lambda one: (one.at, one.number))
    return Open(sum(one.count for one in sums), sum(one.minor for one in sums), found[:most])


def receivables(tx: Transaction, tills: Sequence[str]) -> Receivables:
    """What is owed on the papers of these tills, and back on them, as they reckon it."""
    owed = Receivables()
    for till in tills:
        first = f"asset:receivable:{till}"
        owed.add(
            (account, currency, int(minor))
            for account, currency, minor in tx.rows(
                "SELECT account, currency, sum(amount_minor) FROM posting"
                " WHERE account >= :first AND account < :end GROUP BY account, currency"
                " HAVING sum(amount_minor) <> 0",
                first=first, end=f"{first}_",
            )
        )  # fmt: skip
    for old, new in tx.rows_among(
        "SELECT pass, ended_by FROM pass_ending WHERE how = 'reissued' AND till IN :among ORDER BY till, seq",
        tills,
    ):
        owed.follow(old, new)
    return owed
