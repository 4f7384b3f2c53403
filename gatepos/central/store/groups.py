"""The passes that were sold together, what they owe, and what was paid for them beyond that."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gatepos.central.receiving import Place
from gatepos.central.store import journal, papers, payments
from gatepos.central.store.engine import Transaction
from gatepos.central.store.payments import Kept
from gatepos.domain import spilling
from gatepos.domain.spilling import Left, Share

OVER = "payment_over"
"""The matter of money that no pass owes which is known of."""
_GROUP_MAX = 500
"""Passes of a group with those whose place they took."""


@dataclass(frozen=True, slots=True)
class _Group:
    """The passes sold together, the oldest first, and what money for any of them may have been paid to."""

    passes: tuple[str, ...]
    accounts: tuple[str, ...]


class Sharing:
    """How payments are shared out, as the books stand in one transaction: each group is read once."""

    def __init__(self, tx: Transaction):
        self._tx = tx
        self._groups: dict[str, _Group] = {}
        self._known: dict[str, list[Share]] = {}

    def of(self, number: str) -> list[Share]:
        """The shares of the payments for a pass or a bill, and for what was sold together with it.

        Nothing where the books have no pass of it.
        """
        if number not in self._known:
            group = self._group(number)
            paid = _money(self._tx, group.accounts) if group.passes else []
            found = spilling.shared(paid, _owing(self._tx, group.passes)) if paid else []
            self._known |= dict.fromkeys((*group.accounts, number), found)
        return self._known[number]

    def over_minor(self, kept: Kept) -> int:
        """What of a payment for a pass or a bill no pass owes, KES minor units."""
        found = self.of(kept.paid.account)
        return sum(one.minor for one in found if (one.trans_id, one.number) == (kept.paid.trans_id, ""))

    def accounts(self, number: str) -> tuple[str, ...]:
        """What money for a pass or a bill, or for what was sold together with it, may have been paid to."""
        return self._group(number).accounts

    def open(self, number: str) -> frozenset[str]:
        """The passes sold together with one, itself among them, that owe more than was paid for them."""
        paid: Counter[str] = Counter()
        for share in self.of(number):
            paid[share.number] += share.minor
        owing = _owing(self._tx, self._group(number).passes)
        return frozenset(one for one, minor in owing if minor > paid[one])

    def _group(self, number: str) -> _Group:
        if number not in self._groups:
            group = _group(self._tx, number)
            self._groups |= dict.fromkeys((*group.accounts, number), group)
        return self._groups[number]


def look_over(tx: Transaction, numbers: Iterable[str], at: str) -> None:
    """Let a person look into the payments for passes or bills of which something is nobody's.

    And into those for what was sold together with them; of each it is said how much that is by now.
    """
    sharing = Sharing(tx)
    accounts = {account for number in numbers for account in sharing.accounts(number)}
    for kept in payments.counting_among(tx, sorted(accounts)):
        till, place = kept.paid.paybill, Place(kept.id, 0)
        minor = sharing.over_minor(kept)
        if minor:
            journal.open_matter(tx, till, OVER, place, at)
        journal.say_over(tx, till, OVER, place, minor)


def _group(tx: Transaction, number: str) -> _Group:
    """What was sold together with a pass or from a bill, passes under all the numbers that they had.

    What its till says of its own passes and bills alone: another till's word makes nobody one of them.
    """
    row = tx.row("SELECT together FROM pass WHERE number = :number AND branch = 0", number=number)
    together = number if row is None else row[0]
    found = tx.rows(
        "SELECT number FROM pass WHERE together = :together AND till = :till AND branch = 0"
        " ORDER BY number LIMIT :most",
        together=together, till=number[:4], most=_GROUP_MAX,
    )  # fmt: skip
    own = papers.accounts(tx, papers.last(tx, number)) if row else []
    passes = tuple(sorted({*own, *(one for (one,) in found)}))
    is_own = together is not None and together[:4] in {one[:4] for one in passes}
    return _Group(passes, (*passes, together) if is_own else passes)


def _money(tx: Transaction, accounts: Sequence[str]) -> list[Left]:
    """What is left of the payments to the accounts of a group, in the order in which they came."""
    return [
        Left(
            kept.paid.trans_id,
            papers.last(tx, kept.paid.account),
            left_minor,
            payments.is_confirmed(tx, kept.id),
        )
        for kept in payments.counting_among(tx, accounts)
        if (left_minor := papers.free_minor(tx, kept.paid)) > 0
    ]


def _owing(tx: Transaction, passes: Sequence[str]) -> list[tuple[str, int]]:
    """The passes of a group that owe, beside what central signed for and no till has counted yet."""
    owed = ((one, papers.owed_minor(tx, one) - papers.signed_minor(tx, one)) for one in passes)
    return [(one, minor) for one, minor in owed if minor > 0]
