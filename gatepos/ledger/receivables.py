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
    """Sums of the postings on receivables, of this till and of those it heard.

    A pass that was printed anew owes nothing more; what is still paid on it counts on the one that took its
    place. What that one's till knew to be paid, and this one has not heard, is off its price already.
    """

    def __init__(self) -> None:
        self._sums: dict[str, int] = {}
        self._owed: dict[str, int] = {}
        self._by_till: dict[str, Owing] = {}
        self._next: dict[str, str] = {}
        self._before: dict[str, str] = {}

    @classmethod
    def of(cls, conn: sqlite3.Connection) -> "Receivables":
        """The sums of all that a ledger's books have."""
        made = cls()
        rows = conn.execute(
            "SELECT account, currency, sum(amount_minor) FROM posting WHERE account >= ? AND account < ?"
            " GROUP BY account, currency HAVING sum(amount_minor) <> 0",
            (_ACCOUNT, _ACCOUNT[:-1] + ";"),
        )
        made.add(rows)
        followed = "SELECT pass, ended_by FROM pass_ending WHERE how = 'reissued' ORDER BY till, seq"
        for old, new in conn.execute(followed):
            made.follow(old, new)
        return made

    def add(self, postings: Iterable[Posting]) -> None:
        """Take in the postings of one more entry."""
        for account, currency, amount in postings:
            if currency == KES and account.startswith(_ACCOUNT):
                number = account.removeprefix(_ACCOUNT)
                total = self._sums.pop(number, 0) + amount
                if total:
                    self._sums[number] = total
                self._weigh(self.last(number))

    def follow(self, old: str, new: str) -> None:
        """A pass took the place of another."""
        if not old < new:
            return  # a till that says otherwise made its numbers up
        self._next[old], self._before[new] = new, old
        self._stand(old, 0)
        self._weigh(self.last(new))

    def last(self, number: str) -> str:
        """The pass that took this one's place at last; itself when none did."""
        while (newer := self._next.get(number)) is not None:
            number = newer
        return number

    def printed_before(self, number: str) -> list[str]:
        """The passes whose place one took, the newest first."""
        found: list[str] = []
        while (older := self._before.get(found[-1] if found else number)) is not None:
            found.append(older)
        return found

    def owed(self, number: str) -> int:
        """What is owed on a paper; below zero, what is owed to the visitor."""
        return self._owed.get(number, 0)

    def of_till(self, till: str) -> Owing:
        """The open passes that a till issued."""
        return self._by_till.get(till, Owing())

    def open(self) -> Iterator[str]:
        """The numbers of the passes on which something is owed."""
        return (number for number, owed in self._owed.items() if owed > 0 and _is_pass(number))

    def owed_back(self, till: str) -> list[str]:
        """The numbers of a till's papers on which money is owed to the visitor."""
        return [number for number, owed in self._owed.items() if owed < 0 and number.startswith(till)]

    def _weigh(self, number: str) -> None:
        chain = [number, *self.printed_before(number)]
        owed = 0
        for one in reversed(chain):
            owed = self._sums.get(one, 0) + min(owed, 0)
        self._stand(number, owed)

    def _stand(self, number: str, after: int) -> None:
        before = self._owed.pop(number, 0)
        if after:
            self._owed[number] = after
        if _is_pass(number):
            owing = self._by_till.setdefault(number[:4], Owing())
            owing.count += (after > 0) - (before > 0)
            owing.minor += max(after, 0) - max(before, 0)


def _is_pass(number: str) -> bool:
    return number[4:5] == numbers.PASS
