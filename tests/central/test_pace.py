"""Many tills at once: central lets in a few, asks the others to come again, and loses nothing of it."""

import pytest

from gatepos.central import pace
from gatepos.central.pace import CentralFull, Pace
from tests.apart import apart
from tests.central.place import Place, Sender


def test_a_till_that_is_one_too_many_is_asked_to_come_again_and_then_loses_nothing(
    place: Place, till: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.write()
    monkeypatch.setattr(pace, "INSIDE_MAX", 0)
    answer = till.send(0)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert place.count("journal") == 0
    monkeypatch.undo()
    assert till.drain() == []
    assert place.count("journal") == len(till.kept)


def test_room_that_was_taken_is_free_again_whatever_became_of_the_push() -> None:
    apart(_fill_twice())


async def _fill_twice() -> None:
    doors = Pace()
    for _ in range(2):
        with pytest.raises(CentralFull):
            await _crowd(doors, pace.INSIDE_MAX + 1)


async def _crowd(doors: Pace, count: int) -> None:
    if count:
        async with doors.inside():
            await _crowd(doors, count - 1)
