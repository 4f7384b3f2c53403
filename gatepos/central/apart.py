"""Work that keeps a core busy, in a process of its own: tills and browsers are answered meanwhile."""

import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_

_P = ParamSpec("_P")
_T = TypeVar("_T")
_WAIT_S = 60


class WorkEnded(Trouble):
    """A process that ended before its work was done."""

    says = N_("That ended before it was done, and nothing was kept of it. Try again.")


class WorkWaits(Refusal):
    """More work than one machine does at once."""

    says = N_("Others are having reports written. Try again in some minutes.")


class Apart:
    """Does one piece of work at a time; who asks meanwhile waits a while."""

    def __init__(self) -> None:
        self._alone = threading.Lock()

    def do(self, work: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """What `work` returns or raises, in a spawned process; all of it must be picklable.

        WorkEnded, WorkWaits.
        """
        if not self._alone.acquire(timeout=_WAIT_S):
            raise WorkWaits()
        try:
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
                return process.submit(work, *args, **kwargs).result()
        except BrokenProcessPool as error:
            raise WorkEnded() from error
        finally:
            self._alone.release()
