"""The one thing that is touched everywhere: a rounded tile with words, drawn in the theme's colours."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from gatepos.screens.kit import Kit
from gatepos.screens.look import TOUCH

ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_RADIUS = 10


class Ground(StrEnum):
    """What a tile means, and so how it is coloured."""

    PLAIN = "plain"
    CHOSEN = "chosen"
    DO = "do"
    OWED = "owed"
    REFUSED = "refused"
    BARE = "bare"


@dataclass(frozen=True, slots=True)
class _Paint:
    fill: str
    words: str
    border: str


_PAINTS = {
    Ground.PLAIN: _Paint("card", "ink", "border"),
    Ground.CHOSEN: _Paint("chosen", "ink", "do"),
    Ground.DO: _Paint("do", "do_words", "do"),
    Ground.OWED: _Paint("owed", "owed_words", "owed_border"),
    Ground.REFUSED: _Paint("refused", "refused_words", "refused_border"),
    Ground.BARE: _Paint("", "second", ""),
}


class Tile(QAbstractButton):
    """A button that paints its own face; subclasses draw the words."""

    def __init__(
        self, kit: Kit, height: int = TOUCH, ground: Ground = Ground.PLAIN, parent: QWidget | None = None
    ):
        super().__init__(parent)
        self.kit = kit
        self.ground = ground
        self.is_cut = False
        self.least = QSize(TOUCH, height)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_ground(self, ground: Ground) -> None:
        """Change what the tile means."""
        if ground != self.ground:
            self.ground = ground
            self.update()

    def ink(self) -> QColor:
        """The colour of words on this ground."""
        return self.kit.look.colour(_PAINTS[self.ground].words)

    def paint_face(self, painter: QPainter, face: QRect) -> bool:
        """Draw the words; False when some had to be cut."""
        raise NotImplementedError

    def sizeHint(self) -> QSize:
        return self.least

    def minimumSizeHint(self) -> QSize:
        return self.least

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses like Space; a key held down presses once."""
        if event.isAutoRepeat() and event.key() in (*ENTER_KEYS, Qt.Key.Key_Space):
            event.accept()
        elif event.key() in ENTER_KEYS:
            self.click()
        elif event.key() in _ARROWS:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        if self.hasFocus():
            self._paint_focus(painter)
        self.is_cut = not self.paint_face(painter, self.rect().adjusted(6, 4, -6, -4))

    def _paint_ground(self, painter: QPainter) -> None:
        paint, look = _PAINTS[self.ground], self.kit.look
        fill = look.colour(paint.fill) if paint.fill else QColor(Qt.GlobalColor.transparent)
        if self.isDown():
            fill = look.colour("do_pressed" if self.ground == Ground.DO else "chosen")
        painter.setBrush(fill)
        painter.setPen(QPen(look.colour(paint.border), 1) if paint.border else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)

    def _paint_focus(self, painter: QPainter) -> None:
        look = self.kit.look
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.colour("card"), 5))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(2.5, 2.5, -2.5, -2.5), _RADIUS, _RADIUS)
        painter.setPen(QPen(look.colour("focus"), 3))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(1.5, 1.5, -1.5, -1.5), _RADIUS, _RADIUS)


_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
