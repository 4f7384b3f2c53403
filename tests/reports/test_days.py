"""Going from day to day, week to week, month to month."""

from datetime import date

import pytest

from gatepos.reports import days
from gatepos.reports.asked import BadRange
from gatepos.reports.days import Unit


@pytest.mark.parametrize(
    ("unit", "first", "last"),
    [
        (Unit.DAY, date(2026, 1, 31), date(2026, 1, 31)),
        (Unit.WEEK, date(2026, 1, 26), date(2026, 2, 1)),
        (Unit.MONTH, date(2026, 1, 1), date(2026, 1, 31)),
    ],
)
def test_what_a_day_is_in(unit: Unit, first: date, last: date) -> None:
    found = days.of(unit, date(2026, 1, 31))
    assert (found.first, found.last) == (first, last)


def test_months_of_every_length_follow_each_other_both_ways() -> None:
    month = days.of(Unit.MONTH, date(2025, 12, 5))
    for first in (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)):
        month = month.moved(1)
        assert month.first == first
    assert month.moved(-1).last == date(2026, 2, 28)


def test_days_weeks_and_ranges_move_by_their_own_length() -> None:
    assert days.of(Unit.DAY, date(2026, 1, 1)).moved(-1).first == date(2025, 12, 31)
    assert days.of(Unit.WEEK, date(2026, 1, 1)).moved(1).first == date(2026, 1, 5)
    ten = days.between(date(2026, 1, 1), date(2026, 1, 10)).moved(1)
    assert (ten.first, ten.last) == (date(2026, 1, 11), date(2026, 1, 20))


@pytest.mark.parametrize("last", [date(2025, 12, 31), date(2030, 1, 1)])
def test_a_range_in_the_wrong_order_or_of_years_is_refused(last: date) -> None:
    with pytest.raises(BadRange):
        days.between(date(2026, 1, 1), last)
