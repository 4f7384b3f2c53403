"""Where one may go from the bar: the places, who may see each, and where a clerk begins."""

from gatepos.domain import staff
from gatepos.domain.staff import Person
from gatepos.i18n import N_

SELL, SCAN, PASSES, RECEIPTS, SHIFT, SET_UP = "sell", "scan", "passes", "receipts", "shift", "set_up"
TAKINGS = "takings"
LEAVES, REFUNDS, RECONCILE = "leaves", "refunds", "reconcile"
"""Reached from Receipts and from Takings, and not from the bar."""
PLACES = (
    (SELL, N_("Sell")),
    (SCAN, N_("Scan pass")),
    (PASSES, N_("Passes")),
    (RECEIPTS, N_("Receipts")),
    (SHIFT, N_("Shift")),
    (TAKINGS, N_("Takings")),
    (SET_UP, N_("Set-up")),
)
_SHOWN_TO = {
    SELL: ("sell",),
    SCAN: ("look",),
    PASSES: ("look",),
    RECEIPTS: ("look",),
    SHIFT: ("sell",),
    TAKINGS: ("takings",),
    SET_UP: ("set_up", "switch"),
}
"""The actions of which somebody must be allowed one; what they then may do there the till decides."""


def shown_to(person: Person) -> tuple[str, ...]:
    """The places that somebody sees."""
    return tuple(
        place for place, actions in _SHOWN_TO.items() if any(staff.may(person.roles, a) for a in actions)
    )


def first(*, has_shift: bool, last: str, is_exit: bool, is_prepaid: bool) -> str:
    """Where a clerk begins: at the float without a shift, else where this window was, or by the lane."""
    if not has_shift:
        return SHIFT
    if is_prepaid:
        return SCAN
    return last if last in (SELL, SCAN, PASSES, RECEIPTS) else SCAN if is_exit else SELL
