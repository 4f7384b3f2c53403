"""From a priced bill and its tenders to a sale that is paid to the shilling, or a named refusal."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gatepos.domain import money, payment
from gatepos.domain.payment import Tender
from gatepos.errors import Refusal
from gatepos.i18n import N_

PART = re.compile(r"\.[1-9][0-9]*$")
"""What the id of a paper ends in that is not the first of its payment."""


class ShortTender(Refusal):
    """Less was paid than is owed."""

    says = N_("KES {missing} is still to pay.")


class OverNotCash(Refusal):
    """More was tendered than is owed, and not in cash."""

    says = N_("KES {over} too much. Only cash is given change: correct the amount.")


@dataclass(frozen=True, slots=True)
class Settled:
    """A sale that balances: tendered + moved = total + change + due back (KES minor units)."""

    tenders: tuple[Tender, ...]
    moved_minor: int
    change_minor: int
    due_back_minor: int


def share(owed: Sequence[int], tenders: Sequence[Tender]) -> list[Settled]:
    """Tenders over several debts, the first paid first; what is too much goes to the last as its change.

    One Settled a debt, empty where nothing was left for it; OverNotCash.
    """
    settled: list[Settled] = []
    left = list(tenders)
    for n, due in enumerate(owed):
        is_last = n == len(owed) - 1
        taken: list[Tender] = []
        while left and (due > 0 or is_last):
            tender = left.pop(0)
            if tender.kes_minor > due and not is_last:
                tender, rest = payment.parted(tender, due)
                left.insert(0, rest)
            taken.append(tender)
            due -= tender.kes_minor
        settled.append(Settled(tuple(taken), 0, _change(taken, max(-due, 0)), 0))
    return settled


def part_id(id: str, n: int) -> str:
    """The id of the n-th paper, from 0, that one payment or one command makes."""
    return f"{id}.{n}" if n else id


def payment_of(id: str) -> str:
    """The id of the payment, or of the command, that made the paper of an id."""
    return PART.sub("", id)


def rest_minor(total_minor: int, tenders: Sequence[Tender], moved_minor: int = 0) -> int:
    """What is still to pay, KES; below zero what is too much."""
    return total_minor - moved_minor - sum(tender.kes_minor for tender in tenders)


def settle(total_minor: int, tenders: Sequence[Tender], moved_minor: int = 0) -> Settled:
    """Balance what is owed against what was tendered and what moves over from a receipt that is corrected.

    Refusals: ShortTender, OverNotCash.
    """
    rest = rest_minor(total_minor, tenders, moved_minor)
    if rest > 0:
        raise ShortTender(missing=money.amount(rest))
    if not tenders:
        return Settled((), moved_minor, 0, -rest)
    return Settled(tuple(tenders), moved_minor, _change(tenders, -rest), 0)


def _change(tenders: Sequence[Tender], over_minor: int) -> int:
    cash = sum(tender.kes_minor for tender in tenders if tender.kind == "cash")
    if over_minor > cash:
        raise OverNotCash(over=money.amount(over_minor))
    return over_minor
