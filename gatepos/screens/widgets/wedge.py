"""A scanner that types: its bursts are told from a person's typing and never reach the screen.

Every key of a keyboard is held back for some 40 ms, until it is known whose it is. Keys of a burst are kept
from the screen; keys of a person are given to it in their order. Whose they are, their own times say, so a
busy screen does not turn typing into a burst where the window system tells when a key was pressed.

Which keys count: those that the window system gives to a window, and those that a program sends to a widget
with a time of its own. A key without a time comes from no device: the keys on the screen, QTest's keys and
what is given back here pass at once.
"""

from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

from gatepos.domain import scanned
from gatepos.domain.scanned import SCANNED_MAX

FINGERS_MS = 35
"""Keys of a person are further apart, but for two that roll over."""
HOLD_MS = 40
MACHINE_MS = 10
"""Fingers are never so close to each other, with Enter the last: so a scan of one character is told."""
STUTTER_MS = 100
"""A scanner's pause within one scan, and the wait for the rest of a scan without an end."""
OURS_MIN, ENDED_MIN, ANY_MIN, SECRET_MIN = 4, 5, 8, 12
"""Keys that make a burst: begins like ours; ends in Enter; anything; anything where a PIN is typed."""

_KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride)
_POINTING = (QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_TAB = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_ALONE = (
    Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock,
)  # fmt: skip
_COMMAND = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


@dataclass(frozen=True, slots=True)
class _Held:
    """A key that nobody has got yet."""

    target: QObject
    kind: QEvent.Type
    key: int
    modifiers: Qt.KeyboardModifier
    text: str


@dataclass(slots=True)
class _Run:
    """Keys that follow each other faster than fingers."""

    is_secret: bool
    keys: int = 0
    last_ms: int = 0
    slowest_ms: int = 0
    is_burst: bool = False
    said: list[str] = field(default_factory=list)

    def takes(self, at_ms: int) -> bool:
        """Whether a key of that time belongs to it."""
        most = STUTTER_MS if self._is_in_the_middle() else FINGERS_MS
        return 0 <= at_ms - self.last_ms <= most

    def add(self, text: str, at_ms: int) -> None:
        """One more key; what is over the limit is kept from the screen all the same."""
        self.slowest_ms = max(self.slowest_ms, at_ms - self.last_ms) if self.keys else 0
        self.keys += 1
        self.last_ms = at_ms
        if text and len(self.said) < SCANNED_MAX:
            self.said.append(text)
        self.is_burst = self.is_burst or self._is_too_fast()

    def wait_ms(self) -> int:
        """How long the next key may take to come."""
        return STUTTER_MS if self._is_in_the_middle() else HOLD_MS

    def is_ours_and_ended(self) -> bool:
        """Whether the end of one of ours has come, and nothing need be waited for."""
        return self.is_burst and self._is_ended() and scanned.begins_like_ours("".join(self.said[:4]))

    def taken(self) -> str:
        """The text so far, which the run forgets."""
        text = "".join(self.said)
        self.said.clear()
        return text[:SCANNED_MAX].strip("\r\n\t ")

    def _is_in_the_middle(self) -> bool:
        return self.is_burst and bool(self.said) and not self._is_ended()

    def _is_ended(self) -> bool:
        return bool(self.said) and self.said[-1] in ("\n", "\t")

    def _is_too_fast(self) -> bool:
        if scanned.begins_like_ours("".join(self.said[:OURS_MIN])):
            return True
        if self.is_secret:  # a PIN is never taken for a scan, for scans are recorded
            return self.keys >= SECRET_MIN
        if self._is_ended():
            return self.keys >= ENDED_MIN or (self.keys > 1 and self.slowest_ms <= MACHINE_MS)
        return self.keys >= ANY_MIN


class Wedge(QObject):
    """Listens to every key of the program; `scanned` gives each scan as it was typed."""

    scanned = Signal(str)
    _read = Signal(str)

    def __init__(self, parent: QObject):
        super().__init__(parent)
        self._run: _Run | None = None
        self._held: list[_Held] = []
        self._swallowed: set[int] = set()
        self._quiet = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        # Keys that wait while the screen was busy come before a timer of no time.
        self._quiet_still = QTimer(self, singleShot=True, interval=0)
        self._quiet.timeout.connect(self._quiet_still.start)
        self._quiet_still.timeout.connect(self._end)
        # Queued, so that whoever listens may do away with the widget that the key was for.
        self._read.connect(self.scanned, Qt.ConnectionType.QueuedConnection)

    def listen(self) -> None:
        """From now on."""
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def stop(self) -> None:
        """No more; keys that were held go to the screen."""
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self._end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keeps keys of devices back; touches come after the keys before them."""
        kind = event.type()
        if kind in _POINTING:
            self._let_go()
        if kind not in _KEYS or not isinstance(event, QKeyEvent) or not _is_of_a_device(watched, event):
            return False
        if event.key() in _ALONE:
            return False
        event.accept()  # else it would go on to the parents of the widget
        if kind == QEvent.Type.ShortcutOverride:
            return True  # a shortcut is looked for when the key is given back
        if event.isAutoRepeat():
            return self._on_repeated()
        if kind == QEvent.Type.KeyRelease:
            return self._on_released(watched, event)
        self._on_pressed(watched, event)
        return True

    def _on_pressed(self, watched: QObject, event: QKeyEvent) -> None:
        if self._run is not None and not self._run.takes(event.timestamp()):
            self._end()
        if self._run is None:
            self._run = _Run(_is_secret(watched))
        run = self._run
        run.add(_said(event), event.timestamp())
        self._hold(watched, event)
        if run.is_burst:
            self._swallowed.update(held.key for held in self._held)
            self._held.clear()
            if run.is_ours_and_ended():
                self._tell(run)
        self._quiet_still.stop()
        self._quiet.start(run.wait_ms())

    def _on_released(self, watched: QObject, event: QKeyEvent) -> bool:
        if event.key() in self._swallowed:
            self._swallowed.discard(event.key())
            return True
        is_held = any(held.key == event.key() for held in self._held)
        if is_held:
            self._hold(watched, event)
        return is_held

    def _on_repeated(self) -> bool:
        """A key that is kept down is a person's."""
        self._let_go()
        return self._run is not None

    def _hold(self, watched: QObject, event: QKeyEvent) -> None:
        self._held.append(_Held(watched, event.type(), event.key(), event.modifiers(), event.text()))

    def _let_go(self) -> None:
        if self._run is not None and not self._run.is_burst:
            self._end()

    def _end(self) -> None:
        """Nothing more comes: a scan is told, a person's keys are given back."""
        run, self._run = self._run, None
        held, self._held = self._held, []
        self._quiet.stop()
        self._quiet_still.stop()
        if run is not None and run.is_burst:
            self._tell(run)
        elif held:
            self._swallowed.clear()
            for key in held:
                _give_back(key)

    def _tell(self, run: _Run) -> None:
        text = run.taken()
        if text:
            self._read.emit(text)


def _is_of_a_device(watched: QObject, event: QKeyEvent) -> bool:
    if not event.timestamp():
        return False
    return isinstance(watched, QWindow) or (isinstance(watched, QWidget) and not event.spontaneous())


def _is_secret(watched: QObject) -> bool:
    line = _receiver(watched)
    return isinstance(line, QLineEdit) and line.echoMode() != QLineEdit.EchoMode.Normal


def _receiver(target: QObject) -> QWidget | None:
    """The widget that gets a key of a window, or of its own."""
    if isinstance(target, QWidget):
        return target
    return QApplication.focusWidget() or QApplication.activeWindow()


def _said(event: QKeyEvent) -> str:
    """What a key adds to a scan: control keys, F keys and shortcuts nothing."""
    if event.modifiers() & _COMMAND:
        return ""
    if event.key() in _ENTER:
        return "\n"
    if event.key() in _TAB:
        return "\t"
    return event.text() if event.text().isprintable() else ""


def _give_back(held: _Held) -> None:
    """A key without a time, which passes."""
    receiver = _receiver(held.target) if isValid(held.target) else None
    if receiver is not None:
        QApplication.sendEvent(receiver, QKeyEvent(held.kind, held.key, held.modifiers, held.text))
