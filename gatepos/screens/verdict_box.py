"""The verdict in its box: colour, sign and words together, the largest thing beside the total."""

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gatepos.domain import verdicts
from gatepos.screens import verdict
from gatepos.screens.kit import Kit
from gatepos.screens.look import BOLD, HEAD, LARGE, SMALL
from gatepos.screens.widgets import paint, signs
from gatepos.till.views import ScanView

_HEIGHT, _RADIUS, _SIGN, _EDGE = 120, 14, 44, 28
_TITLE = 40
_SLIM_HEIGHT, _SLIM_SIGN, _SLIM_EDGE, _SLIM_TITLE = 84, 26, 14, 20
_ONWARD, _ONWARD_PART = 190, 4
"""So wide is the arrow to a lane with its rule, and at most that part of the box."""
_ARROWS = {1: "←", 2: "→"}
_PAINTS = {
    verdicts.GREEN: ("chosen", "chosen_words", "do"),
    verdicts.AMBER: ("owed", "owed_words", "owed_border"),
    verdicts.RED: ("refused", "refused_words", "refused_border"),
    verdicts.GREY: ("card", "second", "border"),
}


class VerdictBox(QWidget):
    """Shows a ScanView, green only when it is recorded; `is_cut` when some of it did not fit.

    One that `is_slim` stands beside what is tapped. `onward` says to which lane a vehicle goes on, and why.
    """

    def __init__(self, kit: Kit, edge: int = 0, *, is_slim: bool = False):
        super().__init__()
        self.setContentsMargins(edge, edge, edge, 0)
        self._kit = kit
        self._is_slim = is_slim
        self.onward = ("", "")
        self._arrow = ""
        self._view: ScanView | None = None
        self.tone = verdicts.GREY
        self.sign = ""
        self.title = ""
        self.next = ""
        self.is_cut = False
        self.setFixedHeight((_SLIM_HEIGHT if is_slim else _HEIGHT) + edge)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        kit.look.changed.connect(self.update)
        kit.speech.changed.connect(self._speak)
        self.hide()

    def show_view(self, view: ScanView | None) -> None:
        """Show what the gate says of a paper; nothing without one."""
        self._view = view
        self.setVisible(view is not None)
        self._speak()

    def _speak(self) -> None:
        view, words = self._view, self._kit.speech.words
        if view is None:
            return
        is_early = view.tone == verdicts.GREEN and not view.is_recorded
        self.tone = verdicts.GREY if is_early else view.tone
        self.sign = verdicts.LOOKS[view.word].sign
        self.title, self.next = verdict.title(view, words), verdict.next_(view, words)
        ticket = view.ticket
        lane = 0 if ticket is None or self._is_slim else ticket.lane
        self._arrow = _ARROWS.get(lane, "")
        self.onward = verdict.onward(ticket, words) if ticket and lane else ("", "")
        self.setAccessibleName(". ".join(filter(None, (self.title, self.next, *self.onward))))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, words, border = map(self._kit.look.colour, _PAINTS[self.tone])
        box = self.contentsRect()
        painter.setBrush(fill)
        painter.setPen(QPen(border, 2))
        painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
        side, edge = (_SLIM_SIGN, _SLIM_EDGE) if self._is_slim else (_SIGN, _EDGE)
        sign = QRectF(box.left() + edge, box.center().y() - side / 2, side, side)
        signs.draw(painter, sign, self.sign, words)
        left = box.left() + edge + side + edge
        wide = box.right() - left - 16 - (_onward_wide(box) if self._arrow else 0)
        top = QRect(left, box.top() + 10, wide, 26 if self._is_slim else 54)
        below = QRect(left, top.bottom() + 1, top.width(), box.bottom() - top.bottom() - 10)
        title, next_ = (_SLIM_TITLE, SMALL) if self._is_slim else (_TITLE, LARGE - 1)
        is_whole = paint.words(painter, top, self.title, words, title, BOLD, paint.LEFT)
        second = self._kit.look.colour("second")
        is_whole = paint.words(painter, below, self.next, second, next_, align=paint.LEFT) and is_whole
        self.is_cut = not (self._paint_onward(painter, box, words) and is_whole)

    def _paint_onward(self, painter: QPainter, box: QRect, words: QColor) -> bool:
        """The arrow, its lane large, and below them the rule."""
        if not self._arrow:
            return True
        wide = _onward_wide(box)
        left = box.right() - wide
        signs.draw(painter, QRectF(left, box.top() + 18, _SIGN, _SIGN), self._arrow, words)
        lane = QRect(left + _SIGN + 12, box.top() + 12, wide - _SIGN - 24, 54)
        rule = QRect(left, lane.bottom() + 1, wide - 12, box.bottom() - lane.bottom() - 8)
        second = self._kit.look.colour("second")
        is_whole = paint.words(painter, lane, self.onward[0], words, HEAD, BOLD, paint.LEFT)
        return paint.words(painter, rule, self.onward[1], second, SMALL, align=paint.LEFT) and is_whole


def _onward_wide(box: QRect) -> int:
    return min(_ONWARD, box.width() // _ONWARD_PART)
