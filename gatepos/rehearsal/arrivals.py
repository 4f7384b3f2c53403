"""Who comes on a mixed day: each kind of arrival, made of a van as it comes to any gate."""

import itertools
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from gatepos.domain import moments
from gatepos.domain import slip as slips
from gatepos.domain.bill import FeeKey
from gatepos.domain.fees import PARK_ENTRY, SCHOOL_ENTRY
from gatepos.domain.slip import Slip
from gatepos.domain.vocabulary import AGES, CATEGORIES, MEDICAL
from gatepos.domain.vocabulary import CAMPING as CAMPING_GROUND
from gatepos.rehearsal.by_hand import CAMPING
from gatepos.rehearsal.vans import Van

VAN, SLIP, WALKERS, STAFF = "van", "driver's slip", "walkers", "staff"
LISTED, CLAIMED, COPIED = "prepaid, listed", "prepaid, claimed", "prepaid, copied"
SCHOOL, CAMPERS, GROUP = "school of 62", "campers", "group"
HOUR_MS = 60 * moments.MINUTE_MS
PUPIL: FeeKey = (SCHOOL_ENTRY, "school", "student")
TEACHER: FeeKey = (SCHOOL_ENTRY, "school", "adult")
CITIZEN: FeeKey = (PARK_ENTRY, "ea_citizen", "adult")
TENT: FeeKey = (CAMPING, "ea_citizen", "adult")
_MEDICAL = 0.03
_COPIED = 0.05
"""How many of the prepaid go out to a doctor and come back; of how many tickets a copy comes as well."""
_GROUP_MIN, _GROUP_MAX, _HEADS_MAX = 3, 6, 6
"""Vehicles of a group, and who pays in each: two M-PESA payments carry the most that a group owes."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody who comes: who is in the vehicle, and what is in the driver's hand.

    `ticket` is the reference of one paid before, `back_on` the ground on which they go out and come back.
    `others` are the further vehicles of a group, whose passes are paid all at once where it `pays_together`;
    `codes` are the M-PESA payments with which it pays as it comes.
    """

    kind: str
    van: Van
    ticket: str = ""
    back_on: str = ""
    days: int = 1
    nights: int = 0
    institution: str = ""
    staff: int = 0
    others: tuple[Van, ...] = ()
    pays_together: bool = False
    codes: int = 1

    @property
    def each(self) -> tuple["Arrival", ...]:
        """An arrival for each vehicle of a group."""
        return tuple(replace(self, van=van, others=()) for van in (self.van, *self.others))

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
    queue: Iterator[Van]
    n: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    def is_first(self, kind: str) -> bool:
        """Whether none of a kind came before."""
        return self.nth(kind) == 1

    def nth(self, kind: str) -> int:
        """How many of a kind came, this one too."""
        self.seen[kind] += 1
        return self.seen[kind]

    def is_copied(self) -> bool:
        """Whether a copy of a ticket comes as well."""
        return self.is_first(COPIED) or self.chance.random() < _COPIED

    def ticket(self) -> str:
        """A reference that no other ticket has."""
        self.n += 1
        return f"WQ{self.n:05}"


def ordinary(van: Van, _crowd: Crowd) -> Arrival:
    """A van that pays here, or is let in on a pass."""
    return Arrival(VAN, van)


def with_slip(van: Van, _crowd: Crowd) -> Arrival:
    """One whose driver filled in who is in it while queueing."""
    return Arrival(SLIP, van)


def prepaid(van: Van, crowd: Crowd) -> Arrival:
    """Who paid at home; the first and some others go out to a doctor and come back."""
    goes = crowd.is_first(LISTED) or crowd.chance.random() < _MEDICAL
    van = replace(van, crew=0, toddlers=0)
    return Arrival(LISTED, van, crowd.ticket(), back_on=MEDICAL if goes else "")


def claimed(van: Van, crowd: Crowd) -> Arrival:
    """Who paid after the list was drawn."""
    return Arrival(CLAIMED, replace(van, crew=0, toddlers=0), crowd.ticket())


def walkers(van: Van, crowd: Crowd) -> Arrival:
    """Some on foot."""
    return Arrival(WALKERS, _only(van, {CITIZEN: crowd.chance.randint(1, 4)}, 0, ""))


def staff(van: Van, crowd: Crowd) -> Arrival:
    """Some who are no visitors."""
    return Arrival(STAFF, _only(van, {}, 0, van.plate), staff=crowd.chance.randint(1, 3))


def school(van: Van, _crowd: Crowd) -> Arrival:
    """A bus with its letter."""
    van = _only(van, {PUPIL: 62, TEACHER: 4}, 5, van.plate)
    return Arrival(SCHOOL, van, institution="Langata Primary")


def campers(van: Van, crowd: Crowd) -> Arrival:
    """Two nights, and the shop in between."""
    people = crowd.chance.randint(2, 5)
    van = _only(van, {CITIZEN: people, TENT: people}, 2, van.plate)
    return Arrival(CAMPERS, van, back_on=CAMPING_GROUND, days=2, nights=2)


def group(van: Van, crowd: Crowd) -> Arrival:
    """Some vehicles of one operator and one payer; by turns it pays its passes at once, or by two codes."""
    small = (one for one in itertools.chain([van], crowd.queue) if _heads(one) <= _HEADS_MAX)
    count = crowd.chance.randint(_GROUP_MIN, _GROUP_MAX)
    first, *others = itertools.islice(small, count)
    is_odd = crowd.nth(GROUP) % 2 == 1
    return Arrival(GROUP, first, others=tuple(others), pays_together=is_odd, codes=1 if is_odd else 2)


def _heads(van: Van) -> int:
    return sum(n for _, n in van.people)


def _only(van: Van, people: Mapping[FeeKey, int], band: int, plate: str) -> Van:
    return replace(van, people=tuple(people.items()), band=band, plate=plate, crew=0, toddlers=0)


def copied(van: Van, _crowd: Crowd) -> Arrival:
    """Who shows a copy of a ticket."""
    return Arrival(COPIED, van)
