"""Work that keeps a core busy, in a process of its own: tills and browsers are answered meanwhile."""

import resource
import threading
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from typing import ParamSpec, TypeVar

from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_
from gatepos.reports.apart import spawned

_P = ParamSpec("_P")
_T = TypeVar("_T")
_WAIT_S = 60
_MEMORY_MAX = 2 * 1024**3
_CPU_MAX_S = 600
"""What one piece of work may take: a file that was made to fill a machine ends its own process."""


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
            with spawned(_work, work, args, kwargs) as (hears, _):
                answer, error = hears.recv()
        except EOFError as ended:
            raise WorkEnded() from ended
        finally:
            self._alone.release()
        if error is not None:
            raise error
        made: _T = answer
        return made


def _work(
    says: Connection, work: Callable[..., object], args: Sequence[object], kwargs: Mapping[str, object]
) -> None:
    """What the process does: what comes of the work, or the error that stopped it."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_MAX, _MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_MAX_S, _CPU_MAX_S))
    try:
        says.send((work(*args, **kwargs), None))
    except MemoryError:
        says.send((None, WorkEnded()))
    except Exception as error:  # whatever it is, it is raised where the work was asked for
        says.send((None, error))
