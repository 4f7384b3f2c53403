"""Tiles that count people: anywhere adds one, the left third takes one away, the number opens a keypad."""

from PySide6.QtCore import QPoint, QRect, QSize, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QSizePolicy

from gatepos.domain import money
from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import BOLD, HEAD, LABEL, SEMIBOLD, TEXT
from gatepos.screens.widgets import paint
from gatepos.screens.widgets.tile import ENTER_KEYS, Ground, Tile
from gatepos.till import views

REST_MS, HOLD_MS = 900, 600
"""After a touch the number counts as the rest of the tile for so long; a finger held so long asks."""
CELL_HEIGHT = 68
_MINUS = "–"
_NUMBER_LEAST = 56


class CountTile(Tile):
    """A count that is tapped, typed or asked for; it shows only what it is told."""

    stepped = Signal(int)
    counted = Signal(int)
    keypad_wanted = Signal()

    def __init__(self, kit: Kit, height: int):
        super().__init__(kit, height)
        self.count = 0
        self.name = ""
        self._at: QPoint | None = None
        self._typed = ""
        self._is_typed = False
        self._was_held = False
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._on_rested)
        self._hold = QTimer(self, singleShot=True, interval=HOLD_MS)
        self._hold.timeout.connect(self._on_held)
        self.clicked.connect(self._on_clicked)

    def show_count(self, name: str, count: int) -> None:
        """What is counted, and how many."""
        if (name, count) == (self.name, self.count):
            return
        self.name, self.count = name, count
        self.setAccessibleName(f"{name}: {count}")
        self.set_ground(Ground.CHOSEN if count else Ground.PLAIN)
        self.update()

    def minus_box(self) -> QRect:
        """The third that takes one away while there is one."""
        return QRect(0, 0, self.width() // 3, self.height())

    def number_box(self) -> QRect:
        """Where the number stands and can be asked for; empty where there is none."""
        return QRect()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._at = event.position().toPoint()
        self._was_held = False
        self._hold.start()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._hold.stop()
        if self._was_held:
            self.setDown(False)
        else:
            super().mouseReleaseEvent(event)
        self._at = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+ and − step; digits set the count, one after another, and Enter after them adds nobody."""
        text = event.text()
        if text == "+":
            self._step(1)
        elif text == "-" and self.count:
            self._step(-1)
        elif len(text) == 1 and text in "0123456789":
            self._typed = (self._typed + text)[-3:]
            self._is_typed = True
            self._rest.start()
            self.counted.emit(int(self._typed))
        elif self._is_typed and event.key() in ENTER_KEYS:
            self._end_typing()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._end_typing()
        super().focusOutEvent(event)

    def _on_clicked(self) -> None:
        at = self._at
        is_resting = not self._rest.isActive()
        if at is not None and self.count and self.minus_box().contains(at):
            self._step(-1)
        elif at is not None and self.count and is_resting and self.number_box().contains(at):
            self.keypad_wanted.emit()
        else:
            self._step(1)

    def _end_typing(self) -> None:
        self._typed, self._is_typed = "", False

    def _step(self, by: int) -> None:
        self._end_typing()
        self._rest.start()
        self.stepped.emit(by)

    def _on_rested(self) -> None:
        self._typed = ""

    def _on_held(self) -> None:
        self._was_held = True
        self.setDown(False)
        self.keypad_wanted.emit()

    def _paint_minus(self, painter: QPainter, face: QRect) -> None:
        colour = self.kit.look.colour("chosen_words" if self.count else "muted")
        box = QRect(face.left() + 6, face.top(), 26, face.height())
        paint.words(painter, box, _MINUS, colour, LABEL + 8, SEMIBOLD)


class PricedTile(CountTile):
    """A count of something that has a price."""

    def __init__(self, kit: Kit, height: int):
        super().__init__(kit, height)
        self.price = ""
        self.is_blocked = False

    def show_priced(self, name: str, cell: views.Cell) -> None:
        """How many, and what one costs; a price that may not be sold is struck out, or said to be missing."""
        shown = price(cell, self.kit)
        if (shown, cell.blocked) != (self.price, self.is_blocked):
            self.price, self.is_blocked = shown, cell.blocked
            self.update()
        self.show_count(name, cell.count)


class Cell(PricedTile):
    """A category and age of the grid."""

    def __init__(self, kit: Kit):
        super().__init__(kit, 52)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(CELL_HEIGHT)

    def sizeHint(self) -> QSize:
        return QSize(self.least.width(), CELL_HEIGHT)

    def number_box(self) -> QRect:
        wide = max(_NUMBER_LEAST, paint.width(str(self.count), HEAD, BOLD) + 24)
        return QRect((self.width() - wide) // 2, 0, wide, self.height() * 6 // 10)

    def paint_face(self, painter: QPainter, face: QRect) -> bool:
        look = self.kit.look
        self._paint_minus(painter, face)
        number = QRect(face.left(), face.top(), face.width(), face.height() * 58 // 100)
        below = QRect(face.left(), number.bottom() - 2, face.width(), face.bottom() - number.bottom() + 2)
        colour = look.colour("ink" if self.count else "muted")
        is_whole = paint.words(painter, number, str(self.count), colour, HEAD, BOLD)
        return self._paint_price(painter, below) and is_whole

    def _paint_price(self, painter: QPainter, box: QRect) -> bool:
        colour = self.kit.look.colour("owed_words" if self.is_blocked else "second")
        is_whole = paint.words(painter, box, self.price, colour, TEXT)
        if self.is_blocked:
            wide = paint.width(self.price, TEXT) // 2
            middle = box.center()
            painter.drawLine(middle.x() - wide, middle.y(), middle.x() + wide, middle.y())
        return is_whole


class GroundTile(CountTile):
    """People who enter free on one ground: `5 and under · 1`."""

    def __init__(self, kit: Kit):
        super().__init__(kit, 52)

    def show_asking(self, is_asking: bool) -> None:
        """Somebody may be meant by it at whom nobody has looked."""
        chosen = Ground.CHOSEN if self.count else Ground.PLAIN
        self.set_ground(Ground.OWED if is_asking else chosen)

    def paint_face(self, painter: QPainter, face: QRect) -> bool:
        if not self.count:
            return paint.words(painter, face, self.name, self.ink(), LABEL, SEMIBOLD)
        self._paint_minus(painter, face)
        shown = f"{self.name} · {self.count}"
        is_room = paint.width(shown, LABEL, SEMIBOLD) <= face.width() - 68
        box = face.adjusted(34, 0, -34 if is_room else 0, 0)
        return paint.words(painter, box, shown, self.ink(), LABEL, SEMIBOLD)


class FeeTile(PricedTile):
    """A fee of the long list: its name, its price, and how many."""

    def __init__(self, kit: Kit):
        super().__init__(kit, 64)

    def number_box(self) -> QRect:
        return QRect(self.width() - _NUMBER_LEAST, 0, _NUMBER_LEAST, self.height())

    def paint_face(self, painter: QPainter, face: QRect) -> bool:
        look = self.kit.look
        left = 34 if self.count else 8
        right = _NUMBER_LEAST if self.count else 8
        if self.count:
            self._paint_minus(painter, face)
            paint.words(painter, self.number_box(), str(self.count), look.colour("ink"), HEAD, BOLD)
        box = face.adjusted(left, 0, -right, 0)
        top = QRect(box.left(), box.top(), box.width(), box.height() * 6 // 10)
        below = QRect(box.left(), top.bottom(), box.width(), box.bottom() - top.bottom())
        colour = look.colour("owed_words" if self.is_blocked else "second")
        is_whole = paint.words(painter, top, self.name, self.ink(), TEXT, SEMIBOLD, paint.LEFT)
        return paint.words(painter, below, self.price, colour, TEXT, align=paint.LEFT) and is_whole


def price(cell: views.Cell, kit: Kit) -> str:
    """`USD 80`, that it is free today, or that the price is not set."""
    if cell.is_free:
        return kit.speech.words(N_("Free today"))
    if cell.amount_minor is None:
        return kit.speech.words(N_("not set"))
    return f"{cell.currency} {money.amount(cell.amount_minor)}"
