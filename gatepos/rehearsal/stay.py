"""The stay at eleven: what the old schedule lacks is confirmed, it is put in force, passes re-priced."""

from collections.abc import Iterator

from gatepos.domain import fees
from gatepos.domain.bill import FeeKey
from gatepos.rehearsal import by_hand, park
from gatepos.rehearsal.lane import Lane
from gatepos.till.approvals import Second

ORDERED, REASON, LEGAL = "11:00", "stay of the High Court", "KWS circular 14/2026"
_SUPERVISOR = Second(park.SUPERVISOR.number, park.SUPERVISOR.pin)


def confirm(lane: Lane, of: str) -> None:
    """The manager and the supervisor confirm what the order names and the old schedule lacks."""
    park.sign_in(lane.till, park.MANAGER)
    for product, key, units in _lacking(of):
        lane.till.tariff.confirm(by_hand.OLD, product, key, str(units), LEGAL, _SUPERVISOR)


def switch(lane: Lane) -> None:
    """The two put the old schedule in force as of the order; the clerk is back at the window then."""
    park.sign_in(lane.till, park.MANAGER)
    lane.till.set_up.switch_schedule(by_hand.OLD, REASON, _SUPERVISOR, ORDERED)
    park.sign_in(lane.till, lane.clerk)
    lane.till.shifts.to_window()


def price_anew(lane: Lane) -> list[tuple[str, str, int]]:
    """By one agreement, the unpaid passes since the order: the old number, the new one, KES minor units."""
    repricing = lane.till.repricing
    found = repricing.view().priced_anew
    made = []
    repricing.agree(found, _SUPERVISOR)
    for old in found:
        entry = repricing.go_on()[0].entry
        made.append((old, str(entry.number), int(str(entry.data["total_minor"]))))
    return made


def _lacking(of: str) -> Iterator[tuple[str, FeeKey, int]]:
    """The product of each row, its fee, whole units of its currency."""
    yield from ((of, key, units) for key, (_, units) in by_hand.ORDERED.items())
    bands = enumerate(by_hand.STAYED.vehicles, 1)
    yield from ((fees.EVERYWHERE, fees.vehicle_key(band), units) for band, units in bands)
