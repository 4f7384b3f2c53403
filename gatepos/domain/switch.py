"""What a switch from one fee schedule to another changes, row by row: pure, for whoever decides on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gatepos.domain import money
from gatepos.domain.fees import ENTRY, EVERYWHERE, VEHICLE, Fee, FeeKey, Schedule

FACTOR_MAX = 10
"""A price that is so many times the one before, or its part, is a slip of somebody's hand: in 2025 the
largest step was not quite four times.
"""


@dataclass(frozen=True, slots=True)
class Change:
    """A row that the two schedules have otherwise; None where one of them has it not.

    `product` is the row's own: `ALL` for what is sold everywhere.
    """

    product: str
    key: FeeKey
    before: Fee | None
    after: Fee | None

    @property
    def is_lost(self) -> bool:
        """Whether it can be sold before the switch, and not after it."""
        return _is_sellable(self.before) and not _is_sellable(self.after)


def changes(before: Schedule | None, after: Schedule, products: Iterable[str]) -> list[Change]:
    """The rows of some products that differ in price, unit or status, each once."""
    found: dict[tuple[str, FeeKey], Change] = {}
    for product in products:
        old = before.fees.get(product, {}) if before else {}
        new = after.fees.get(product, {})
        for key in dict.fromkeys((*old, *new)):
            was, is_now = old.get(key), new.get(key)
            if _charge(was) != _charge(is_now):
                own = (new.get(key) or old[key]).product
                found.setdefault((own, key), Change(own, key, was, is_now))
    return list(found.values())


def unsold(before: Schedule | None, after: Schedule, products: Sequence[str]) -> list[Change]:
    """What cannot be sold after the switch: lost, or doubtful there.

    Who enters and the vehicles come first, what is sold in a later product after the others.
    """
    order = (*products[:1], EVERYWHERE, *products[1:])
    found: dict[tuple[str, FeeKey], Change] = {}
    for product in products:
        old = before.fees.get(product, {}) if before else {}
        new = after.fees.get(product, {})
        for key in dict.fromkeys((*old, *new)):
            was, is_now = old.get(key), new.get(key)
            if not _is_sellable(is_now) and (is_now is not None or _is_sellable(was)):
                own = (is_now or old[key]).product
                found.setdefault((own, key), Change(own, key, was, is_now))
    entering = (*ENTRY, VEHICLE)
    return sorted(found.values(), key=lambda one: (one.key[0] not in entering, order.index(one.product)))


def too_far(changes: Iterable[Change], rate_e4: int | None) -> list[Change]:
    """Those whose price is so far from the one before that somebody's hand slipped.

    Prices in two currencies are compared by the rate (KES per USD × 10,000), and not without one.
    """
    return [one for one in changes if not _is_near(one.before, one.after, rate_e4)]


def _is_near(before: Fee | None, after: Fee | None, rate_e4: int | None) -> bool:
    if before is None or after is None or not before.amount_minor or not after.amount_minor:
        return True
    if before.currency == after.currency:
        old, new = before.amount_minor, after.amount_minor
    elif rate_e4 is not None:
        old, new = _kes(before, before.amount_minor, rate_e4), _kes(after, after.amount_minor, rate_e4)
    else:
        return True
    return old <= new * FACTOR_MAX and new <= old * FACTOR_MAX


def _kes(fee: Fee, minor: int, rate_e4: int) -> int:
    return minor if fee.currency == money.KES else money.kes_of_usd(minor, rate_e4)


def _charge(fee: Fee | None) -> tuple[object, ...] | None:
    """What a clerk charges by it; None where there is no such row."""
    return (fee.currency, fee.amount_minor, fee.per, fee.is_sellable) if fee else None


def _is_sellable(fee: Fee | None) -> bool:
    return fee is not None and fee.is_sellable
