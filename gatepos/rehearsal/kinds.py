"""The kinds of arrival of a mixed day: how many of a hundred, who comes, what is done for them."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from gatepos.rehearsal import admitting, arrivals, vans
from gatepos.rehearsal.admitting import Admitted, Turn
from gatepos.rehearsal.arrivals import COPIED, HOUR_MS, LISTED, Arrival, Crowd
from gatepos.rehearsal.served import Hands
from gatepos.rehearsal.vans import Van


@dataclass(frozen=True, slots=True)
class Kind:
    """In how many of a hundred it comes, who that is, what the hands do for it and what the till."""

    share: int
    comes: Callable[[Van, Crowd], Arrival]
    hands: Callable[[Turn], Hands]
    admit: Callable[[Turn], Admitted]


KINDS: Mapping[str, Kind] = {
    arrivals.LISTED: Kind(46, arrivals.prepaid, admitting.hands_of_listed, admitting.by_list),
    arrivals.VAN: Kind(20, arrivals.ordinary, admitting.hands_of_van, admitting.by_pass_or_paid),
    arrivals.SLIP: Kind(10, arrivals.with_slip, admitting.hands_of_slip, admitting.by_slip),
    arrivals.CLAIMED: Kind(6, arrivals.claimed, admitting.hands_of_claimed, admitting.by_claim),
    arrivals.WALKERS: Kind(6, arrivals.walkers, admitting.hands_of_walkers, admitting.as_walkers),
    arrivals.STAFF: Kind(4, arrivals.staff, admitting.hands_of_staff, admitting.as_staff),
    arrivals.CAMPERS: Kind(4, arrivals.campers, admitting.hands_of_campers, admitting.as_campers),
    arrivals.GROUP: Kind(2, arrivals.group, admitting.hands_of_group, admitting.as_group),
    arrivals.SCHOOL: Kind(2, arrivals.school, admitting.hands_of_school, admitting.as_school),
    arrivals.COPIED: Kind(0, arrivals.copied, admitting.hands_of_copied, admitting.by_copy),
}
"""A further kind is one row more."""
_LAST_H, _COPY_AFTER_H = 11.5, 2.2
_AFTER_THE_ORDER = ((arrivals.VAN, 5.1), (arrivals.GROUP, 5.2), (arrivals.SLIP, 5.3), (arrivals.VAN, 5.5))
"""Who comes between the order of eleven and its entry, hours after the gate opens."""
_AFTER_THE_OUTAGE = ((arrivals.GROUP, 8.6), (arrivals.GROUP, 8.9))
"""Who comes when the platform is back."""


def come(count: int, opens_ms: int, seed: int) -> list[tuple[int, Arrival]]:
    """When they come and who, at least one of each kind; most early, the peak before seven.

    Copies of tickets come beside the `count`, hours after the first use, and a group is one of it.
    """
    chance = random.Random(seed)
    queue = _payers(seed)
    crowd = Crowd(chance, queue)
    usual = {name: kind.share for name, kind in KINDS.items() if kind.share}
    first = [(kind, chance.uniform(0.1, 2)) for kind in usual]
    first += [*_AFTER_THE_ORDER, *_AFTER_THE_OUTAGE]
    rest = max(count - len(first), 0)
    drawn = [
        (kind, chance.triangular(0, _LAST_H, 0.75))
        for kind in chance.choices([*usual], [*usual.values()], k=rest)
    ]
    found = []
    for kind, hours in (*first, *drawn):
        found.append((hours, KINDS[kind].comes(next(queue), crowd)))
        if kind == LISTED and crowd.is_copied() and hours + _COPY_AFTER_H < _LAST_H:
            copy = replace(KINDS[COPIED].comes(next(queue), crowd), ticket=found[-1][1].ticket)
            found.append((hours + _COPY_AFTER_H, copy))
    return [(opens_ms + int(hours * HOUR_MS), arrival) for hours, arrival in found]


def _payers(seed: int) -> Iterator[Van]:
    """Vans whose tickets, where they have one, are a kind of their own."""
    for van in vans.queue(seed):
        yield replace(van, tender="mpesa") if van.tender == "ecitizen" else van
