"""Who comes on a mixed day, from one seed: each kind of arrival, when it comes, and in what share."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from gatepos.domain import moments
from gatepos.domain import slip as slips
from gatepos.domain.bill import FeeKey
from gatepos.domain.fees import PARK_ENTRY, SCHOOL_ENTRY
from gatepos.domain.slip import Slip
from gatepos.domain.vocabulary import AGES, CATEGORIES, MEDICAL
from gatepos.domain.vocabulary import CAMPING as CAMPING_GROUND
from gatepos.rehearsal import vans
from gatepos.rehearsal.by_hand import CAMPING
from gatepos.rehearsal.vans import Van

VAN, SLIP, WALKERS, STAFF = "van", "driver's slip", "walkers", "staff"
LISTED, CLAIMED, COPIED = "prepaid, listed", "prepaid, claimed", "prepaid, copied"
SCHOOL, CAMPERS = "school of 62", "campers"
HOUR_MS = 60 * moments.MINUTE_MS
PUPIL: FeeKey = (SCHOOL_ENTRY, "school", "student")
TEACHER: FeeKey = (SCHOOL_ENTRY, "school", "adult")
CITIZEN: FeeKey = (PARK_ENTRY, "ea_citizen", "adult")
TENT: FeeKey = (CAMPING, "ea_citizen", "adult")
_MEDICAL = 0.03
_COPIED = 0.05
"""How many of the prepaid go out to a doctor and come back; of how many tickets a copy comes as well."""
_LAST_H, _COPY_AFTER_H = 11.5, 2.2


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who comes: who is in the vehicle, and what is in the driver's hand.

    `ticket` is the reference of one paid before, `back_on` the ground on which they go out and come back.
    """

    kind: str
    van: Van
    ticket: str = ""
    back_on: str = ""
    days: int = 1
    nights: int = 0
    institution: str = ""
    staff: int = 0

    @property
    def counts(self) -> Mapping[FeeKey, int]:
        """Who pays, and what for."""
        return dict(self.van.people)

    @property
    def taps(self) -> int:
        """Touches that count everybody, each once, and the vehicle."""
        return sum(self.counts.values()) + self.van.crew + self.van.toddlers + (self.van.band > 0)

    @property
    def slip(self) -> str:
        """What the driver filled in while queueing."""
        groups = [
            (CATEGORIES.index(category), AGES.index(age), n) for (_, category, age), n in self.van.people
        ]
        free = ((0, self.van.crew), (1, self.van.toddlers))
        groups += [(slips.EXEMPT, age, n) for age, n in free if n]
        return slips.write(Slip(tuple(groups), plate=self.van.plate, band=self.van.band))


@dataclass(slots=True)
class Crowd:
    """Draws what is special of an arrival; `n` counts them, so that no two tickets are one."""

    chance: random.Random
    n: int = 0
    seen: set[str] = field(default_factory=set)

    def is_first(self, kind: str) -> bool:
        """Whether none of a kind came before."""
        is_first = kind not in self.seen
        self.seen.add(kind)
        return is_first

    def is_copied(self) -> bool:
        """Whether a copy of a ticket comes as well."""
        return self.is_first(COPIED) or self.chance.random() < _COPIED

    def ticket(self) -> str:
        """A reference that no other ticket has."""
        self.n += 1
        return f"WQ{self.n:05}"


def _ordinary(van: Van, _crowd: Crowd) -> Arrival:
    return Arrival(VAN, van)


def _slip(van: Van, _crowd: Crowd) -> Arrival:
    return Arrival(SLIP, van)


def _prepaid(van: Van, crowd: Crowd) -> Arrival:
    """Who paid at home; the first and some others go out to a doctor and come back."""
    goes = crowd.is_first(LISTED) or crowd.chance.random() < _MEDICAL
    van = replace(van, crew=0, toddlers=0)
    return Arrival(LISTED, van, crowd.ticket(), back_on=MEDICAL if goes else "")


def _claimed(van: Van, crowd: Crowd) -> Arrival:
    """Who paid after the list was drawn."""
    return Arrival(CLAIMED, replace(van, crew=0, toddlers=0), crowd.ticket())


def _walkers(van: Van, crowd: Crowd) -> Arrival:
    return Arrival(WALKERS, _only(van, {CITIZEN: crowd.chance.randint(1, 4)}, 0, ""))


def _staff(van: Van, crowd: Crowd) -> Arrival:
    return Arrival(STAFF, _only(van, {}, 0, van.plate), staff=crowd.chance.randint(1, 3))


def _school(van: Van, _crowd: Crowd) -> Arrival:
    van = _only(van, {PUPIL: 62, TEACHER: 4}, 5, van.plate)
    return Arrival(SCHOOL, van, institution="Langata Primary")


def _campers(van: Van, crowd: Crowd) -> Arrival:
    people = crowd.chance.randint(2, 5)
    van = _only(van, {CITIZEN: people, TENT: people}, 2, van.plate)
    return Arrival(CAMPERS, van, back_on=CAMPING_GROUND, days=2, nights=2)


def _only(van: Van, people: Mapping[FeeKey, int], band: int, plate: str) -> Van:
    return replace(van, people=tuple(people.items()), band=band, plate=plate, crew=0, toddlers=0)


_KINDS: Mapping[str, tuple[int, Callable[[Van, Crowd], Arrival]]] = {
    LISTED: (46, _prepaid),
    VAN: (22, _ordinary),
    SLIP: (10, _slip),
    CLAIMED: (6, _claimed),
    WALKERS: (6, _walkers),
    STAFF: (4, _staff),
    CAMPERS: (4, _campers),
    SCHOOL: (2, _school),
}
"""In how many of a hundred, and how it is made. A further kind is one row here and one in `admitting`."""
KINDS = (*_KINDS, COPIED)
_AFTER_THE_ORDER = ((VAN, 5.1), (SLIP, 5.3), (VAN, 5.5))
"""Who comes between the order of eleven and its entry, hours after the gate opens."""


def come(count: int, opens_ms: int, seed: int) -> list[tuple[int, Arrival]]:
    """When they come and who, at least one of each kind; most early, the peak before seven.

    Copies of tickets come beside the `count`, hours after the first use.
    """
    chance = random.Random(seed)
    crowd, queue = Crowd(chance), _payers(seed)
    shares = [share for share, _ in _KINDS.values()]
    first = [(kind, chance.uniform(0.1, 2)) for kind in _KINDS] + list(_AFTER_THE_ORDER)
    rest = max(count - len(first), 0)
    drawn = [
        (kind, chance.triangular(0, _LAST_H, 0.75)) for kind in chance.choices([*_KINDS], shares, k=rest)
    ]
    found = []
    for kind, hours in (*first, *drawn):
        found.append((hours, _KINDS[kind][1](next(queue), crowd)))
        if kind == LISTED and crowd.is_copied() and hours + _COPY_AFTER_H < _LAST_H:
            copy = Arrival(COPIED, next(queue), found[-1][1].ticket)
            found.append((hours + _COPY_AFTER_H, copy))
    return [(opens_ms + int(hours * HOUR_MS), arrival) for hours, arrival in found]


def _payers(seed: int) -> Iterator[Van]:
    """Vans whose tickets, where they have one, are a kind of their own."""
    for van in vans.queue(seed):
        yield replace(van, tender="mpesa") if van.tender == "ecitizen" else van
