"""A card with one figure: what it is, how much, and a line of what it is made of."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gatepos.screens.kit import Kit
from gatepos.screens.look import SEMIBOLD, SMALL, TEXT
from gatepos.screens.widgets import paint

_FIGURE, _ROOM = 24, 32
_SIDE, _RADIUS = 14, 10
_LINE, _SMALL_LINE, _WIDE = 20, 17, 230


class Card(QWidget):
    """Its words are wrapped where it is narrow; `is_owed` where the figure is still to come."""

    def __init__(self, kit: Kit, title: str, *, is_owed: bool = False):
        super().__init__()
        self._kit = kit
        self._meaning = "owed_words" if is_owed else "ink"
        self.title = self.figure = self.below = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self._high())
        kit.speech.say(self.show_title, title)
        kit.look.changed.connect(self.update)

    def show_title(self, title: str) -> None:
        """Say what the figure is."""
        self.title = title
        self._tell()

    def show_figure(self, figure: str, below: str) -> None:
        """Show how much, and of what."""
        self.figure, self.below = figure, below
        self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(self._high())

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self._kit.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(look.colour("card"))
        painter.setPen(look.colour("rule"))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        top, room, lines = 8, self.width() - 2 * _SIDE, self._lines() * _LINE
        rows = ((self.title, lines, "second", TEXT), (self.figure, _ROOM, self._meaning, _FIGURE))
        for text, high, meaning, px in rows:
            box = QRect(_SIDE, top, room, high)
            paint.words(painter, box, text, look.colour(meaning), px, SEMIBOLD, paint.LEFT)
            top += high
        below = QRect(_SIDE, top, room, self._below())
        paint.words(painter, below, self.below, look.colour("second"), SMALL, align=paint.LEFT)

    def _lines(self) -> int:
        return 1 if self.width() >= _WIDE else 2

    def _below(self) -> int:
        """How high what stands below the figure may be: three lines of small type where it is narrow."""
        return _LINE if self._lines() == 1 else 3 * _SMALL_LINE

    def _high(self) -> int:
        return 2 * 8 + _ROOM + self._lines() * _LINE + self._below()

    def _tell(self) -> None:
        self.setAccessibleName(f"{self.title}: {self.figure} {self.below}")
        self.update()
