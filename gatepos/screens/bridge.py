"""Between the screens and the ledger's thread: a request goes out, a value comes back on Qt's thread."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from gatepos.errors import Said
from gatepos.ledger.thread import LedgerThread

_T = TypeVar("_T")
SLOW_MS = 100


class Bridge(QObject):
    """Asks the ledger's thread; errors with a sentence go to whoever asked, others to the last resort."""

    refused = Signal(object)
    failed = Signal(object)
    slow = Signal(bool)
    _answered = Signal(object)

    def __init__(self, thread: LedgerThread) -> None:
        super().__init__()
        self._thread = thread
        self._waiting = 0
        self._timer = QTimer(self, singleShot=True, interval=SLOW_MS)
        self._timer.timeout.connect(lambda: self.slow.emit(True))
        self._answered.connect(self._on_answered)

    def ask(
        self,
        action: Callable[[], _T],
        then: Callable[[_T], object] | None = None,
        refused: Callable[[Said], object] | None = None,
    ) -> None:
        """Run `action` on the ledger's thread, then `then` with its answer here."""
        self._waiting += 1
        self._timer.start()
        future = self._thread.ask(action)
        future.add_done_callback(lambda done: self._answered.emit((done, then, refused)))

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._waiting > 0

    def _on_answered(self, answer: tuple[Future[object], Callable[..., object] | None, object]) -> None:
        future, then, refused = answer
        self._waiting -= 1
        if not self._waiting:
            self._timer.stop()
            self.slow.emit(False)
        error = future.exception()
        if error is None:
            if then is not None:
                then(future.result())
        elif isinstance(error, Said):
            if callable(refused):
                refused(error)
            else:
                self.refused.emit(error)
        else:
            self.failed.emit(error)
