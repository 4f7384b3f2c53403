"""The days that somebody looks at: one, a week, a month, or from one to another."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from gatepos.reports.asked import DAYS_MAX, BadRange


class Unit(StrEnum):
    """By what one goes on."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` to `last`, both in it."""

    unit: Unit
    first: date
    last: date

    @property
    def is_day(self) -> bool:
        """Whether it is one day."""
        return self.first == self.last

    @property
    def ends(self) -> tuple[str, str]:
        """The first day and the last, ISO."""
        return self.first.isoformat(), self.last.isoformat()

    def moved(self, steps: int) -> "Days":
        """As many steps later, or earlier below zero."""
        if self.unit is Unit.MONTH:
            return of(Unit.MONTH, (self.first.replace(day=15) + timedelta(days=30 * steps)).replace(day=1))
        by = (self.last - self.first + timedelta(days=1)) * steps
        return replace(self, first=self.first + by, last=self.last + by)


def of(unit: Unit, day: date) -> Days:
    """The day, the week from Monday, or the month that a day is in."""
    if unit is Unit.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Days(unit, monday, monday + timedelta(days=6))
    if unit is Unit.MONTH:
        first = day.replace(day=1)
        return Days(unit, first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
    return Days(unit, day, day)


def between(first: date, last: date) -> Days:
    """From one day to another; BadRange when they are in the wrong order or too many."""
    if not timedelta(0) <= last - first < timedelta(DAYS_MAX):
        raise BadRange(first=first.isoformat(), last=last.isoformat(), most=DAYS_MAX)
    return Days(Unit.RANGE, first, last)
