"""From a priced bill and its tenders to a sale that is paid to the shilling, or a named refusal."""

from collections.abc import Sequence
from dataclasses import dataclass

from gatepos.domain import money
from gatepos.domain.bill import Priced
from gatepos.domain.payment import Tender
from gatepos.errors import Refusal
from gatepos.i18n import N_


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


def rest_minor(priced: Priced, tenders: Sequence[Tender], moved_minor: int = 0) -> int:
    """What is still to pay, KES; below zero what is too much."""
    return priced.total_minor - moved_minor - sum(tender.kes_minor for tender in tenders)


def settle(priced: Priced, tenders: Sequence[Tender], moved_minor: int = 0) -> Settled:
    """Balance a bill against what was tendered and what moves over from a receipt it corrects.

    Refusals: ShortTender, OverNotCash.
    """
    rest = rest_minor(priced, tenders, moved_minor)
    if rest > 0:
        raise ShortTender(missing=money.amount(rest))
    if not tenders:
        return Settled((), moved_minor, 0, -rest)
    cash = sum(tender.kes_minor for tender in tenders if tender.kind == "cash")
    if -rest > cash:
        raise OverNotCash(over=money.amount(-rest))
    return Settled(tuple(tenders), moved_minor, -rest, 0)
