"""The lock that comes by itself: when nobody has touched anything for a while."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

_INPUT = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.KeyPress,
    QEvent.Type.TouchBegin,
    QEvent.Type.Wheel,
)


class Idle(QObject):
    """Calls `lock` once, so many seconds after the last touch or key of the whole program."""

    def __init__(self, parent: QWidget, lock: Callable[[], object]):
        super().__init__(parent)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(lock)

    def watch(self, limit_s: int) -> None:
        """Begin to wait, also when nothing is touched any more after this."""
        self._timer.start(limit_s * 1_000)
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def again(self) -> None:
        """Something was read by a device, which is as good as a touch; not where nothing is waited for."""
        if self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Watch no more."""
        self._timer.stop()
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Any touch or key begins the wait anew."""
        if event.type() in _INPUT:
            self._timer.start()
        return False
