"""What is owed on each paper: the sums of a book, kept in memory because so many are asked for at once."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gatepos.domain import numbers
from gatepos.domain.entry import Posting
from gatepos.domain.money import KES

_ACCOUNT = "asset:receivable:"


@dataclass(slots=True)
class Owing:
    """How many passes of a till are open, and what is owed on them, KES minor units."""

    count: int = 0
    minor: int = 0


class Receivables:
    """Sums of the postings on receivables, of this till and of those it heard."""

    def __init__(self, conn: sqlite3.Connection):
        self._owed: dict[str, int] = {}
        self._by_till: dict[str, Owing] = {}
        rows = conn.execute(
            "SELECT account, currency, sum(amount_minor) FROM posting WHERE account >= ? AND account < ?"
            " GROUP BY account, currency",
            (_ACCOUNT, _ACCOUNT[:-1] + ";"),
        )
        self.add(rows)

    def add(self, postings: Iterable[Posting]) -> None:
        """Take in the postings of one more entry."""
        for account, currency, amount in postings:
            if currency == KES and account.startswith(_ACCOUNT):
                self._move(account.removeprefix(_ACCOUNT), amount)

    def owed(self, number: str) -> int:
        """What is owed on a paper; below zero, what is owed to the visitor."""
        return self._owed.get(number, 0)

    def of_till(self, till: str) -> Owing:
        """The open passes that a till issued."""
        return self._by_till.get(till, Owing())

    def open(self) -> Iterator[str]:
        """The numbers of the passes on which something is owed."""
        return (number for number, owed in self._owed.items() if owed > 0 and _is_pass(number))

    def _move(self, number: str, amount: int) -> None:
        before = self._owed.pop(number, 0)
        after = before + amount
        if after:
            self._owed[number] = after
        if _is_pass(number):
            owing = self._by_till.setdefault(number[:4], Owing())
            owing.count += (after > 0) - (before > 0)
            owing.minor += max(after, 0) - max(before, 0)


def _is_pass(number: str) -> bool:
    return number[4:5] == numbers.PASS
