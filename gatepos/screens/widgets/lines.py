"""The lines of a bill or a list of amounts: words at the left, money at the right, a hairline between."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, REGULAR, SEMIBOLD, SMALL, font
from gatepos.screens.widgets import paint
from gatepos.screens.widgets.arrange import scrolling

_PAD, _GAP = 7, 12


@dataclass(frozen=True, slots=True)
class LineText:
    """One line as it is shown; `below` is smaller."""

    left: str
    right: str
    below: str = ""
    meaning: str = "ink"


class Lines(QWidget):
    """Drawn in one go, so that a bill of fifty lines is as quick as one of five."""

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._lines: tuple[LineText, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        kit.look.changed.connect(self.update)

    def show_lines(self, lines: tuple[LineText, ...]) -> None:
        """Show these."""
        self._lines = lines
        self.setAccessibleName("; ".join(f"{line.left} {line.right}" for line in lines))
        self._measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def sizeHint(self) -> QSize:
        return QSize(240, sum(self._height(line) for line in self._lines))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        top = 0
        for line in self._lines:
            high = self._height(line)
            self._paint(painter, line, QRect(0, top, self.width(), high))
            top += high

    def _paint(self, painter: QPainter, line: LineText, box: QRect) -> None:
        look = self._kit.look
        if box.top():
            painter.fillRect(QRect(0, box.top(), box.width(), 1), look.colour("rule"))
        inner = box.adjusted(0, _PAD, 0, -_PAD)
        below = 20 if line.below else 0
        left = QRect(inner.left(), inner.top(), self._left_width(line), inner.height() - below)
        right = QRect(left.right(), inner.top(), inner.width() - left.width(), min(left.height(), 22))
        paint.words(painter, left, line.left, look.colour(line.meaning), LABEL, align=paint.LEFT)
        paint.words(painter, right, line.right, look.colour(line.meaning), LABEL, SEMIBOLD, paint.RIGHT)
        if below:
            under = QRect(inner.left(), left.bottom() + 1, inner.width(), below)
            paint.words(painter, under, line.below, look.colour("muted"), SMALL, align=paint.LEFT)

    def _left_width(self, line: LineText) -> int:
        return max(self.width() - paint.width(line.right, LABEL, SEMIBOLD) - _GAP, 60)

    def _height(self, line: LineText) -> int:
        metrics = QFontMetrics(font(LABEL, REGULAR))
        room = QRect(0, 0, self._left_width(line), 10_000)
        words = metrics.boundingRect(room, paint.WRAP, line.left).height()
        return max(words, 20) + 2 * _PAD + (20 if line.below else 0)

    def _measure(self) -> None:
        high = self.sizeHint().height()
        if high != self.minimumHeight():
            self.setMinimumHeight(high)
        self.update()


class LinesArea(QScrollArea):
    """Lines that scroll when there are more than there is room for; the newest stays in sight."""

    def __init__(self, kit: Kit):
        super().__init__()
        self.lines = Lines(kit)
        scrolling(self.lines, self)
        self._count = 0

    def show_lines(self, lines: tuple[LineText, ...]) -> None:
        """Show these; when there are more than before, the last of them."""
        self.lines.show_lines(lines)
        if len(lines) > self._count:
            bar = self.verticalScrollBar()
            bar.rangeChanged.connect(self._to_end)
            bar.setValue(bar.maximum())
        self._count = len(lines)

    def _to_end(self) -> None:
        bar = self.verticalScrollBar()
        bar.rangeChanged.disconnect(self._to_end)
        bar.setValue(bar.maximum())
