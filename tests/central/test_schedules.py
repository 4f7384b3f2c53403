"""A fee schedule is looked at before it is told to tills, and what cannot be is refused by name."""

from dataclasses import replace

import pytest

from gatepos.central import schedules
from gatepos.central.store import people
from gatepos.domain import fees, moments, parks
from gatepos.domain.fees import Schedule
from gatepos.errors import Said
from tests.central.place import Place
from tests.lists import NOW_MS, dearer, renamed, tariff, wild, without_students

AT = moments.to_text(NOW_MS)
TWO_PARKS = ("AMB", "NNP")


def published(place: Place, schedule: Schedule) -> schedules.Preview:
    return schedules.publish(place.store, schedule, "boss", AT)


def told(place: Place) -> int:
    """How many rows tills are told."""
    return place.count("feed_row")


def test_what_a_schedule_changes_is_seen_before_anything_is_published(place: Place) -> None:
    found = schedules.preview(place.store, replace(tariff(changed=without_students), parks=TWO_PARKS))
    assert found.before == ("CF2025",)
    assert found.others == []
    assert {"ALL", "AMB", "NNP"} <= {one.product for one in found.lost}
    assert "TSE" not in {one.product for one in found.lost}
    assert {one.key[2] for one in found.lost} == {"student", "5"}
    assert told(place) == 0


def test_a_published_schedule_is_the_one_before_the_next(place: Place) -> None:
    published(place, tariff(changed=dearer))
    assert told(place) == 2_562
    again = schedules.preview(place.store, tariff("CF2027", NOW_MS + moments.DAY_MS, dearer))
    assert (again.before, again.changes) == (("CF2026",), ())


def test_a_schedule_of_one_park_is_not_before_anothers(place: Place) -> None:
    published(place, replace(tariff(changed=dearer), parks=("NNP",)))
    later = tariff("CF2027", NOW_MS + moments.DAY_MS)
    assert schedules.preview(place.store, replace(later, parks=("NNP",))).before == ("CF2026",)
    assert schedules.preview(place.store, replace(later, parks=("TSE",))).before == ("CF2025",)
    assert set(schedules.preview(place.store, later).before) == {"CF2025", "CF2026"}


def test_who_published_what_is_kept(place: Place) -> None:
    published(place, replace(tariff(), parks=TWO_PARKS))
    with place.store.reading() as tx:
        (change,) = people.changes(tx)
    assert (change.who, change.what, change.about) == ("boss", "schedule", "CF2026")
    assert change.detail == "2561 · 2026-01-02 06:31 · AMB NNP"


def elsewhere(id_: str = "CF2026") -> Schedule:
    made = tariff(id_)
    return replace(made, fees={**made.fees, "XYZ": made.fees["NNP"]})


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (tariff("CF2025", changed=dearer), schedules.ScheduleTaken),
        (fees.shipped()["CF2025"], schedules.SchedulePublished),
        (tariff(begins_ms=fees.shipped()["CF2025"].begins_ms), schedules.BeginsTogether),
        (replace(tariff(), parks=("NNP", "XYZ")), parks.UnknownPark),
        (elsewhere(), schedules.ProductUnknown),
        (tariff(changed=renamed), schedules.FeesUntitled),
        (tariff(changed=wild), schedules.PricesTooFar),
    ],
)
def test_a_schedule_that_tills_would_refuse_is_refused_here(
    place: Place, made: Schedule, why: type[Said]
) -> None:
    with pytest.raises(why):
        schedules.preview(place.store, made)
    with pytest.raises(why):
        published(place, made)
    assert (told(place), place.count("audit")) == (0, 0)


def test_a_schedule_is_published_once(place: Place) -> None:
    published(place, tariff())
    with pytest.raises(schedules.SchedulePublished):
        published(place, tariff())
    with pytest.raises(schedules.ScheduleTaken):
        published(place, tariff(changed=dearer))
    assert told(place) == 2_562
