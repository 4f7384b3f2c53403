"""Between the screens and the ledger's thread: a request goes out, a value comes back on Qt's thread."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from gatepos.errors import Said
from gatepos.ledger.thread import LedgerThread

_T = TypeVar("_T")
SLOW_MS = 100


class Bridge(QObject):
    """Asks the ledger's thread; errors with a sentence go to whoever asked, others to the last resort.

    `slow` says that an answer has been due for 100 ms, and that it has come.
    """

    refused = Signal(object)
    failed = Signal(object)
    slow = Signal(bool)
    _answered = Signal(object, object, object)
    _came = Signal(object, object, object)

    def __init__(self, thread: LedgerThread) -> None:
        super().__init__()
        self._thread = thread
        self._waiting = 0
        self._is_slow = self._has_ended = False
        self._timer = QTimer(self, singleShot=True, interval=SLOW_MS)
        self._timer.timeout.connect(lambda: self._show_slow(True))
        # Queued even when the answer is there already, so that `then` never runs inside `ask`.
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)
        self._came.connect(self._on_came, Qt.ConnectionType.QueuedConnection)

    def ask(
        self,
        action: Callable[[], _T],
        then: Callable[[_T], object] | None = None,
        refused: Callable[[Said], object] | None = None,
    ) -> None:
        """Run `action` on the ledger's thread; here `then` gets its answer, or `refused` its error."""
        if not self._waiting:
            self._timer.start()
        self._waiting += 1
        future = self._thread.ask(action)
        future.add_done_callback(lambda done: self._answered.emit(done, then, refused))

    def follow(
        self,
        future: "Future[_T]",
        then: Callable[[_T], object] | None = None,
        refused: Callable[[Said], object] | None = None,
    ) -> None:
        """Hand over what comes of something that takes its time; nobody waits for it."""
        future.add_done_callback(lambda done: self._came.emit(done, then, refused))

    def tell(self, error: BaseException) -> None:
        """Hand an error to the window, from any thread: its sentence, or that there is a bug."""
        (self.refused if isinstance(error, Said) else self.failed).emit(error)

    def end(self) -> None:
        """Nobody looks any more: what still comes is handed to nobody."""
        self._has_ended = True

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._waiting > 0

    def _on_answered(
        self,
        future: Future[object],
        then: Callable[[object], object] | None,
        refused: Callable[[Said], object] | None,
    ) -> None:
        self._waiting -= 1
        if not self._waiting:
            self._timer.stop()
            self._show_slow(False)
        self._on_came(future, then, refused)

    def _on_came(
        self,
        future: Future[object],
        then: Callable[[object], object] | None,
        refused: Callable[[Said], object] | None,
    ) -> None:
        error = future.exception()
        if self._has_ended:
            return
        if error is None:
            if then is not None:
                then(future.result())
        elif isinstance(error, Said) and refused is not None:
            refused(error)
        else:
            self.tell(error)

    def _show_slow(self, is_slow: bool) -> None:
        if is_slow != self._is_slow and not self._has_ended:
            self._is_slow = is_slow
            self.slow.emit(is_slow)
