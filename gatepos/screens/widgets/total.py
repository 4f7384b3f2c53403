"""The total: the largest thing on the screen, never cut."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gatepos.screens.kit import Kit
from gatepos.screens.look import BOLD, LABEL, SEMIBOLD, TOTAL
from gatepos.screens.widgets import paint

_HEIGHT = 56


class Total(QWidget):
    """A few words at the left, the amount at the right."""

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._caption = ""
        self.amount = ""
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        kit.look.changed.connect(self.update)

    def show_amount(self, caption: str, amount: str) -> None:
        """`caption` is a source text; the amount is as it shall stand."""
        self._caption, self.amount = self._kit.speech.words(caption), amount
        self.setAccessibleName(f"{self._caption} {amount}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = self._kit.look
        caption = min(paint.width(self._caption, LABEL, SEMIBOLD) + 8, self.width() * 4 // 10)
        left = QRect(0, 0, caption, self.height())
        right = QRect(caption, 0, self.width() - caption, self.height())
        size = next(
            (px for px in range(TOTAL, LABEL, -2) if paint.width(self.amount, px, BOLD) <= right.width()),
            LABEL,
        )
        paint.words(
            painter,
            left.adjusted(0, 14, 0, 0),
            self._caption,
            look.colour("second"),
            LABEL,
            SEMIBOLD,
            paint.LEFT,
        )
        paint.words(painter, right, self.amount, look.colour("ink"), size, BOLD, paint.RIGHT)
