"""A line to type into, with its caption; touched, it asks for keys on the screen."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gatepos.screens.kit import Kit
from gatepos.screens.look import LARGE, MEDIUM, SMALL, TOUCH, font, label
from gatepos.screens.widgets.arrange import column

TYPED_MAX = 2_000
"""The longest text that any field takes: a whole SMS and more."""


class Keys(StrEnum):
    """Which keys a field needs."""

    TEXT = "text"
    CODE = "code"
    DIGITS = "digits"
    AMOUNT = "amount"
    PIN = "pin"


class Line(QLineEdit):
    """The line itself; it leaves arrows, F keys and Esc to the screen where it does not need them."""

    touched = Signal(object)
    focused = Signal(object)

    def __init__(self, keys: Keys, px: int = LARGE):
        super().__init__()
        self.keys = keys
        self.setFont(font(px, MEDIUM))
        self.setMinimumHeight(TOUCH)
        self.setMaxLength(TYPED_MAX)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        if keys == Keys.PIN:
            self.setEchoMode(QLineEdit.EchoMode.Password)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.touched.emit(self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)


class Entry(QWidget):
    """A caption above a line."""

    entered = Signal()

    def __init__(self, kit: Kit, caption: str, keys: Keys = Keys.TEXT, hint: str = ""):
        super().__init__()
        self.caption = label("", SMALL, MEDIUM, "second", wraps=True)
        self.line = Line(keys)
        self.line.returnPressed.connect(self.entered)
        kit.speech.say(self.caption.setText, caption)
        kit.speech.say(self.line.setAccessibleName, caption)
        if hint:
            kit.speech.say(self.line.setPlaceholderText, hint)
        self.setLayout(column(self.caption, self.line, gap=2))
        self.setFocusProxy(self.line)

    @property
    def text(self) -> str:
        """What was typed."""
        return self.line.text()

    def set_text(self, text: str) -> None:
        """Put another text in its place."""
        self.line.setText(text)


def enter_through(entries: Sequence[Entry], end: Callable[[], object]) -> None:
    """Enter goes from each line to the next one that is shown; after the last it calls `end`."""
    for place, entry in enumerate(entries):
        entry.entered.connect(partial(_go_on, entries[place + 1 :], end))


def _go_on(following: Sequence[Entry], end: Callable[[], object]) -> None:
    shown = next((entry for entry in following if entry.isVisible()), None)
    if shown is not None:
        shown.line.setFocus()
    else:
        end()
