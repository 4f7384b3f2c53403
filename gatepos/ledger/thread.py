"""The one thread that owns the ledger: it runs every action in the order asked, and upkeep when idle."""

import queue
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

_T = TypeVar("_T")
QUIET_S = 60.0
"""So long nobody asks for anything before what cannot be sliced is done."""
_SETTLE_S, _IDLE_S = 0.02, 0.2
"""After an action so long passes before upkeep, because the next action often follows at once."""

Upkeep = Callable[[], bool]
"""One short slice of work that can wait; whether there is more of it."""


Quiet = Callable[[Callable[[], bool]], object]
"""Work of seconds, which looks again and again whether something is asked, and then stops."""


class LedgerThread:
    """Runs callables one at a time; the answer is a future."""

    def __init__(self, quiet_s: float = QUIET_S) -> None:
        self._quiet_s = quiet_s
        self._quiet: list[Quiet] = []
        self._asked: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._upkeep: list[Upkeep] = []
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)
        self._thread.start()

    def ask(self, action: Callable[[], _T]) -> "Future[_T]":
        """Run `action` after all that was asked before; its result or error is the future's."""
        answer: Future[_T] = Future()

        def run() -> None:
            try:
                answer.set_result(action())
            except BaseException as error:
                answer.set_exception(error)

        self._asked.put(run)
        return answer

    def when_idle(self, upkeep: Upkeep) -> None:
        """Call `upkeep` whenever nothing is asked, slice by slice."""
        self.ask(lambda: self._upkeep.append(upkeep))

    def when_quiet(self, work: Quiet) -> None:
        """Call `work` whenever nobody has asked for anything for a minute."""
        self.ask(lambda: self._quiet.append(work))

    def give_way(self) -> None:
        """Run what was asked meanwhile, between two slices of an action that is long and can wait."""
        while True:
            try:
                run = self._asked.get_nowait()
            except queue.Empty:
                return
            if run is None:
                self._asked.put(None)
                return
            run()

    def stop(self) -> None:
        """Finish what was asked, then end."""
        self._asked.put(None)
        self._thread.join()

    def _keep_up(self) -> bool:
        """One slice of each; a loop, because `any` would starve the second."""
        more = False
        for upkeep in self._upkeep:
            more = upkeep() or more
        return more

    def _work_quietly(self) -> None:
        for work in self._quiet:
            work(lambda: not self._asked.empty())

    def _run(self) -> None:
        wait_s, rested_s = _SETTLE_S, 0.0
        while True:
            try:
                run = self._asked.get(timeout=wait_s)
            except queue.Empty:
                rested_s += wait_s
                wait_s = 0 if self._safely(self._keep_up) else _IDLE_S
                if rested_s >= self._quiet_s:
                    self._safely(self._work_quietly)
                    rested_s = 0.0
                continue
            if run is None:
                return
            run()
            wait_s, rested_s = _SETTLE_S, 0.0

    def _safely(self, work: Callable[[], bool | None]) -> bool:
        """Work that can wait; a bug in it must not end the thread on which every sale waits.

        It is told, and all such work rests.
        """
        try:
            return bool(work())
        except Exception:
            self._upkeep.clear()
            self._quiet.clear()
            threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), self._thread)))
            return False
