"""Free-entry notices: whom an order of the ministry or of the service lets in free, where and when."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import cast

from gatepos.domain import text
from gatepos.domain.fees import VEHICLE
from gatepos.domain.vocabulary import EA_CITIZEN, KENYAN, NOTICE_DAYS_MAX, NOTICED
from gatepos.errors import Refusal
from gatepos.i18n import N_

Freed = Mapping[str, tuple[str, int]]
"""By category, or `vehicle`: the reference of the notice, and how many days of the stay it covers."""


class BadNotice(Refusal):
    """A notice of which something is missing or cannot be."""

    says = N_("A free-entry notice has a title, a reference, its days, its hours, and who enters free.")


class NoticeTooLong(Refusal):
    """A notice over more days than anybody gives free."""

    says = N_("A free-entry notice is for at most {most} days.")


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: each day from `first_on` to `last_on`, within its hours; `parks` empty for all.

    `categories` may name Kenyan citizens alone, who have no row of their own in any schedule.
    """

    reference: str
    title: str
    first_on: date
    last_on: date
    from_time: time
    until_time: time
    parks: tuple[str, ...]
    categories: tuple[str, ...]
    vehicles: bool

    def frees(self, who: str) -> bool:
        """Whether it lets a category in free, or `vehicle`; Kenyans are East African citizens too."""
        if who == VEHICLE:
            return self.vehicles
        return who in self.categories or (who == KENYAN and EA_CITIZEN in self.categories)

    def is_for(self, parks: Sequence[str]) -> bool:
        """Whether it is for all of some parks: a package is free where each of its parks is."""
        return not self.parks or set(parks) <= set(self.parks)

    def covers(self, on: date, now: datetime) -> bool:
        """Whether a day is one of its days; of the day that it is now, only within its hours."""
        if not self.first_on <= on <= self.last_on:
            return False
        if on > now.date():
            return True
        return on == now.date() and self.from_time <= now.time() <= self.until_time

    def as_data(self, *, is_ended: bool) -> dict[str, object]:
        """As an entry holds it."""
        return {
            "reference": self.reference,
            "title": self.title,
            "first_on": self.first_on.isoformat(),
            "last_on": self.last_on.isoformat(),
            "from_time": f"{self.from_time:%H:%M}",
            "until_time": f"{self.until_time:%H:%M}",
            "parks": list(self.parks),
            "categories": list(self.categories),
            "vehicles": self.vehicles,
            "is_ended": is_ended,
        }


def of_data(data: Mapping[str, object]) -> Notice:
    """The notice of an entry."""
    return Notice(
        reference=cast(str, data["reference"]),
        title=cast(str, data["title"]),
        first_on=date.fromisoformat(cast(str, data["first_on"])),
        last_on=date.fromisoformat(cast(str, data["last_on"])),
        from_time=time.fromisoformat(cast(str, data["from_time"])),
        until_time=time.fromisoformat(cast(str, data["until_time"])),
        parks=tuple(cast("list[str]", data["parks"])),
        categories=tuple(cast("list[str]", data["categories"])),
        vehicles=cast(bool, data["vehicles"]),
    )


def standing(said: Iterable[Mapping[str, object]]) -> dict[str, Notice]:
    """The notices that stand, by reference: the last word about one holds."""
    found: dict[str, Notice] = {}
    for data in said:
        one = of_data(data)
        found.pop(one.reference, None)
        if not data["is_ended"]:
            found[one.reference] = one
    return found


def typed(title: str, reference: str, first: str, last: str, hours: str, parks: Sequence[str]) -> Notice:
    """A notice from what was typed, nobody named in it yet: days as `text.day`, hours as 06:00-18:30.

    BadNotice, NoDay, and what text may not be.
    """
    match = _HOURS.fullmatch(hours.strip())
    if match is None:
        raise BadNotice()
    from_time, until_time = (time.fromisoformat(one) for one in match.groups())
    return Notice(
        text.kept(reference), text.kept(title), text.day(first), text.day(last), from_time, until_time,
        tuple(parks), (), vehicles=False,
    )  # fmt: skip


def shown_hours(notice: Notice) -> str:
    """`06:00–18:30`."""
    return f"{notice.from_time:%H:%M}–{notice.until_time:%H:%M}"


_TIME = "((?:[01][0-9]|2[0-3]):[0-5][0-9])"
_HOURS = re.compile(rf"{_TIME}\s*[-–]\s*{_TIME}", re.ASCII)


def check(notice: Notice) -> None:
    """BadNotice, NoticeTooLong."""
    is_whole = notice.reference and notice.title and (notice.categories or notice.vehicles)
    is_known = all(who in NOTICED for who in notice.categories)
    if not (is_whole and is_known and notice.from_time < notice.until_time):
        raise BadNotice()
    days = (notice.last_on - notice.first_on).days
    if days < 0:
        raise BadNotice()
    if days >= NOTICE_DAYS_MAX:
        raise NoticeTooLong(most=NOTICE_DAYS_MAX)


def freed(notices: Iterable[Notice], parks: Sequence[str], on: date, days: int, now: datetime) -> Freed:
    """Whom notices let in free on a stay of so many days from `on`, as it is `now` in Kenya."""
    found: dict[str, tuple[str, int]] = {}
    for one in notices:
        covered = sum(one.covers(on + timedelta(days=n), now) for n in range(days))
        if not covered or not one.is_for(parks):
            continue
        for who in (*NOTICED, VEHICLE):
            if one.frees(who) and covered > found.get(who, ("", 0))[1]:
                found[who] = (one.reference, covered)
    return found
