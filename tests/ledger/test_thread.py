"""The ledger's thread: it answers whatever happens beside it."""

import sqlite3
import threading
from collections.abc import Callable

import pytest

from gatepos.ledger.thread import LedgerThread


def test_an_error_is_the_answer_and_the_next_action_runs() -> None:
    thread = LedgerThread()

    def fail() -> None:
        raise ValueError("asked for")

    with pytest.raises(ValueError, match="asked for"):
        thread.ask(fail).result()
    assert thread.ask(lambda: 7).result() == 7
    thread.stop()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_bug_in_upkeep_does_not_end_the_thread() -> None:
    thread = LedgerThread()
    called = threading.Event()

    def fail() -> bool:
        called.set()
        raise sqlite3.ProgrammingError("a bug")

    thread.when_idle(fail)
    assert called.wait(10)
    assert thread.ask(lambda: 7).result() == 7
    thread.stop()


def test_what_cannot_be_sliced_waits_for_quiet_and_stops_when_something_is_asked() -> None:
    thread = LedgerThread(quiet_s=0.05)
    begun, stopped = threading.Event(), threading.Event()

    def work(is_asked: Callable[[], bool]) -> None:
        begun.set()
        while not is_asked():
            pass
        stopped.set()

    thread.when_quiet(work)
    assert begun.wait(10)
    assert thread.ask(lambda: 7).result(10) == 7
    assert stopped.is_set()
    thread.ask(lambda: None)
    thread.stop()
