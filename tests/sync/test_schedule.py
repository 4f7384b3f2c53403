"""When rounds run: at the start, when woken, when due, whatever becomes of the wall clock."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

import pytest
from apscheduler.schedulers import base

from gatepos.sync import schedule
from gatepos.sync.schedule import Schedule
from tests.gate import FixedClock

WAIT_MS = 600_000


@dataclass
class Rounds:
    """Counts rounds; the next does not end before `gate` is open."""

    clock: FixedClock = field(default_factory=FixedClock)
    count: int = 0
    most_at_once: int = 0
    running: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)
    gate: threading.Event = field(default_factory=threading.Event)
    error: Exception | None = None

    def run(self) -> int:
        """One round."""
        with self.changed:
            self.count += 1
            self.running += 1
            self.most_at_once = max(self.most_at_once, self.running)
            self.changed.notify_all()
        self.gate.wait(20)
        with self.changed:
            self.running -= 1
            self.changed.notify_all()
        if self.error is not None:
            raise self.error
        return WAIT_MS

    def reached(self, count: int) -> bool:
        """Wait until so many rounds have begun and ended."""
        with self.changed:
            return self.changed.wait_for(lambda: self.count >= count and not self.running, 20)


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rounds]:
    """Rounds, and a waker that looks often."""
    monkeypatch.setattr(schedule, "LOOK_EVERY_S", 0.01)
    made = Rounds()
    made.gate.set()
    yield made
    made.gate.set()


@pytest.fixture
def running(rounds: Rounds) -> Iterator[Schedule]:
    """A schedule that has had its first round."""
    made = Schedule(rounds.run, rounds.clock.mono_ms)
    made.start()
    assert rounds.reached(1)
    yield made
    made.stop()


def test_a_round_comes_when_it_is_due_by_the_clock_that_never_goes_back(
    rounds: Rounds, running: Schedule
) -> None:
    rounds.clock.mono += WAIT_MS
    assert rounds.reached(2)


def test_a_wall_clock_set_back_an_hour_stalls_nothing(
    rounds: Rounds, running: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Back(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Back":
            return super().now(tz) - timedelta(hours=1)

    monkeypatch.setattr(base, "datetime", Back)
    running.wake()
    assert rounds.reached(2)
    rounds.clock.mono += WAIT_MS
    assert rounds.reached(3)


def test_waking_during_a_round_brings_another_and_never_two_at_once(
    rounds: Rounds, running: Schedule
) -> None:
    rounds.gate.clear()
    running.wake()
    with rounds.changed:
        assert rounds.changed.wait_for(lambda: rounds.running == 1, 20)
    for _ in range(50):
        running.wake()
    rounds.gate.set()
    assert rounds.reached(3)
    assert rounds.most_at_once == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_bug_in_a_round_is_told_and_the_next_one_runs(
    rounds: Rounds, running: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: told.append(args.exc_value))
    rounds.error = ZeroDivisionError()
    running.wake()
    assert rounds.reached(2)
    running.wake()
    assert rounds.reached(3)
    assert told[0] is rounds.error


def test_after_the_stop_no_round_begins(rounds: Rounds, running: Schedule) -> None:
    running.stop()
    count = rounds.count
    running.wake()
    assert rounds.count == count


def test_a_stop_in_the_middle_of_a_round_that_begins_breaks_nothing(
    rounds: Rounds, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken: list[object] = []
    monkeypatch.setattr(threading, "excepthook", broken.append)
    for _ in range(150):
        made = Schedule(rounds.run, rounds.clock.mono_ms)
        made.start()
        made.stop()
    assert not broken
