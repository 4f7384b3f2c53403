"""The verdict: colour, sign and words together, the largest thing beside the total."""

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gatepos.domain import verdicts
from gatepos.screens.kit import Kit
from gatepos.screens.look import BOLD, LARGE
from gatepos.screens.widgets import paint, signs

_HEIGHT, _RADIUS, _SIGN, _EDGE = 120, 14, 44, 28
_TITLE = 40
_PAINTS = {
    verdicts.GREEN: ("chosen", "chosen_words", "do"),
    verdicts.AMBER: ("owed", "owed_words", "owed_border"),
    verdicts.RED: ("refused", "refused_words", "refused_border"),
    verdicts.GREY: ("card", "second", "border"),
}


class VerdictBox(QWidget):
    """Shows what it is told; `is_cut` when some of it did not fit."""

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self.tone = verdicts.GREY
        self.sign = ""
        self.title = ""
        self.next = ""
        self.is_cut = False
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        kit.look.changed.connect(self.update)

    def show_verdict(self, tone: str, sign: str, title: str, next_: str) -> None:
        """A tone of `verdicts`, its sign, its words, the next action."""
        self.tone, self.sign, self.title, self.next = tone, sign, title, next_
        self.setAccessibleName(f"{title}. {next_}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, words, border = map(self._kit.look.colour, _PAINTS[self.tone])
        painter.setBrush(fill)
        painter.setPen(QPen(border, 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
        sign = QRectF(_EDGE, (self.height() - _SIGN) / 2, _SIGN, _SIGN)
        signs.draw(painter, sign, self.sign, words)
        left = _EDGE + _SIGN + _EDGE
        top = QRect(left, 10, self.width() - left - 16, 54)
        below = QRect(left, top.bottom() + 1, top.width(), self.height() - top.bottom() - 10)
        is_whole = paint.words(painter, top, self.title, words, _TITLE, BOLD, paint.LEFT)
        second = self._kit.look.colour("second")
        self.is_cut = not (
            paint.words(painter, below, self.next, second, LARGE - 1, align=paint.LEFT) and is_whole
        )
