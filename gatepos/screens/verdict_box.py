"""The verdict in its box: colour, sign and words together, the largest thing beside the total."""

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gatepos.domain import verdicts
from gatepos.screens import verdict
from gatepos.screens.kit import Kit
from gatepos.screens.look import BOLD, LARGE
from gatepos.screens.widgets import paint, signs
from gatepos.till.views import ScanView

_HEIGHT, _RADIUS, _SIGN, _EDGE = 120, 14, 44, 28
_TITLE = 40
_PAINTS = {
    verdicts.GREEN: ("chosen", "chosen_words", "do"),
    verdicts.AMBER: ("owed", "owed_words", "owed_border"),
    verdicts.RED: ("refused", "refused_words", "refused_border"),
    verdicts.GREY: ("card", "second", "border"),
}


class VerdictBox(QWidget):
    """Shows a ScanView, green only when it is recorded; `is_cut` when some of it did not fit."""

    def __init__(self, kit: Kit, edge: int = 0):
        super().__init__()
        self.setContentsMargins(edge, edge, edge, 0)
        self._kit = kit
        self._view: ScanView | None = None
        self.tone = verdicts.GREY
        self.sign = ""
        self.title = ""
        self.next = ""
        self.is_cut = False
        self.setFixedHeight(_HEIGHT + edge)
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
        self.setAccessibleName(f"{self.title}. {self.next}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, words, border = map(self._kit.look.colour, _PAINTS[self.tone])
        box = self.contentsRect()
        painter.setBrush(fill)
        painter.setPen(QPen(border, 2))
        painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
        sign = QRectF(box.left() + _EDGE, box.center().y() - _SIGN / 2, _SIGN, _SIGN)
        signs.draw(painter, sign, self.sign, words)
        left = box.left() + _EDGE + _SIGN + _EDGE
        top = QRect(left, box.top() + 10, box.right() - left - 16, 54)
        below = QRect(left, top.bottom() + 1, top.width(), box.bottom() - top.bottom() - 10)
        is_whole = paint.words(painter, top, self.title, words, _TITLE, BOLD, paint.LEFT)
        second = self._kit.look.colour("second")
        self.is_cut = not (
            paint.words(painter, below, self.next, second, LARGE - 1, align=paint.LEFT) and is_whole
        )
