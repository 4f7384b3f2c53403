"""How the sync thread asks something of the ledger's: it never waits for one that has ended."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from gatepos.errors import Trouble

LEDGER_REST_MS = 30_000
"""So long a ledger that could not be read is let be."""
_ASK_S = 0.2
_T = TypeVar("_T")
Ask = Callable[[Callable[[], object]], "Future[object]"]


class Stopping(Exception):
    """The till is closing: nothing more is asked of its ledger."""


class LedgerTroubled(Exception):
    """The ledger could not be read or written: its own screens tell, and central is not to blame."""


class Asking:
    """Runs actions on the ledger's thread until it is stopped, from any thread."""

    def __init__(self, ask: Ask):
        self._ask = ask
        self._is_stopping = False

    def __call__(self, action: Callable[[], _T]) -> _T:
        """What an action answers; Stopping, LedgerTroubled."""
        answer = self._ask(action)
        while True:
            self.check()
            try:
                return answer.result(_ASK_S)  # type: ignore[return-value]
            except TimeoutError:
                continue
            except Trouble as error:
                raise LedgerTroubled from error

    def check(self) -> None:
        """Stopping once it was stopped."""
        if self._is_stopping:
            raise Stopping

    def stop(self) -> None:
        """Ask nothing more."""
        self._is_stopping = True
