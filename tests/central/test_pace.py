"""Many tills at once: central lets in a few, asks the others to come again, and loses nothing of it."""

import asyncio

import pytest

from gatepos.central import pace
from gatepos.central.pace import CentralFull, Pace
from tests.apart import apart
from tests.central.place import Place, Sender

TURNS = 2_000
"""Of the loop: books that wait for nobody are done long before."""


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


def test_books_let_a_till_that_has_more_send_it_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "NEXT_S", 3_600)
    monkeypatch.setattr(pace, "PATIENCE_S", 3_600)
    assert apart(_booked(is_sent=True)) == ["books", "push", "books"]


def test_books_wait_for_no_till_longer_than_their_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "NEXT_S", 3_600)
    monkeypatch.setattr(pace, "PATIENCE_S", 0)
    assert apart(_booked(is_sent=False)) == ["books", "books"]


async def _booked(is_sent: bool) -> list[str]:
    """In which order two batches are done and what a till sends that had more, or whose line ended."""
    doors, done, has_begun = Pace(), list[str](), asyncio.Event()
    loop = asyncio.get_running_loop()

    def batch() -> bool:
        done.append("books")
        loop.call_soon_threadsafe(has_begun.set)
        return done.count("books") < 2

    doors.expect()
    books = asyncio.create_task(doors.books(batch))
    await has_begun.wait()
    for _ in range(TURNS):
        await asyncio.sleep(0)
    if is_sent:
        async with doors.inside():
            await doors.push(lambda: done.append("push"))
    await books
    return done
