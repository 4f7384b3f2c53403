"""When rounds are run: APScheduler runs them on a thread of its own, timed by a clock that never goes back.

APScheduler plans by the wall clock and stands still when that is set back. So it is given only rounds that
are due already, and a waker counts the time until the next.
"""

import logging
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler

LOOK_EVERY_S = 5.0
"""So often the waker looks at the clock, which may have been asleep with its machine."""
STOP_S = 3.0
_REST_MS = 300_000
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_ROUND = "round"


class Schedule:
    """Runs `round`, which answers how many ms later it wants to be run again, or earlier when woken."""

    def __init__(self, round: Callable[[], int], mono_ms: Callable[[], int]):
        self._round = round
        self._mono_ms = mono_ms
        self._changed = threading.Condition()
        self._is_woken, self._is_stopping = True, False
        self._due_ms: int | None = None
        self._at_rest = threading.Event()
        self._at_rest.set()
        logger = logging.getLogger("gatepos.sync.schedule")
        logger.setLevel(logging.ERROR)  # that a third round is dropped while a second waits is no news
        self._scheduler = BackgroundScheduler(
            logger=logger,
            timezone=UTC,
            executors={"default": {"type": "threadpool", "max_workers": 1}},
            job_defaults={"misfire_grace_time": None, "max_instances": 2},
        )
        self._waker = threading.Thread(target=self._watch, name="sync waker", daemon=True)

    def start(self) -> None:
        """Begin with a round at once."""
        self._scheduler.start()
        self._waker.start()

    def wake(self) -> None:
        """There may be something to do; from any thread, at no cost."""
        with self._changed:
            self._is_woken = True
            self._changed.notify()

    def stop(self) -> None:
        """Begin no more rounds; the one under way gets a moment to end."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify()
        self._waker.join()
        if self._scheduler.running:
            # One that ends while it hands over a job looks for that job in vain, and dies of it.
            self._scheduler.remove_all_jobs()
            self._scheduler.shutdown(wait=False)
        self._at_rest.wait(STOP_S)

    def _watch(self) -> None:
        while True:
            with self._changed:
                while not self._is_stopping and not self._is_due():
                    self._changed.wait(self._rest_s())
                if self._is_stopping:
                    return
                self._is_woken, self._due_ms = False, None
            self._scheduler.add_job(self._run, "date", run_date=_LONG_AGO, id=_ROUND, replace_existing=True)

    def _is_due(self) -> bool:
        return self._is_woken or (self._due_ms is not None and self._mono_ms() >= self._due_ms)

    def _rest_s(self) -> float:
        if self._due_ms is None:
            return LOOK_EVERY_S
        return min(LOOK_EVERY_S, (self._due_ms - self._mono_ms()) / 1000)

    def _run(self) -> None:
        self._at_rest.clear()
        try:
            wait_ms = _REST_MS if self._is_stopping else self._round()
        except Exception:
            # A bug in a round is told and must not end all rounds.
            threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), threading.current_thread())))
            wait_ms = _REST_MS
        finally:
            self._at_rest.set()
        with self._changed:
            self._due_ms = self._mono_ms() + wait_ms
            self._changed.notify()
