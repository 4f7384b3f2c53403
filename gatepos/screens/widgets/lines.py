"""The lines of a bill or a list of amounts: words at the left, money at the right, a hairline between."""

from dataclasses import dataclass
from itertools import accumulate, pairwise

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, REGULAR, SEMIBOLD, SMALL, font
from gatepos.screens.widgets import paint
from gatepos.screens.widgets.arrange import scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.tile import Ground

_PAD, _TIGHT, _GAP = 7, 3, 12


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
        self.pad, self._room = _PAD, 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        kit.look.changed.connect(self.update)

    def show_lines(self, lines: tuple[LineText, ...]) -> None:
        """Show these."""
        self._lines = lines
        self.setAccessibleName("; ".join(f"{line.left} {line.right}" for line in lines))
        self._measure()

    def fit(self, high: int) -> None:
        """Stand closer where the lines would not fit into so many pixels: an ordinary van is seen whole."""
        self._room = high
        self._measure()

    def spans(self) -> list[tuple[int, int]]:
        """Where each line begins and ends, from the top."""
        ends = list(accumulate(map(self._height, self._lines)))
        return list(pairwise([0, *ends]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def sizeHint(self) -> QSize:
        return QSize(240, sum(self._height(line) for line in self._lines))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for line, (top, end) in zip(self._lines, self.spans(), strict=True):
            self._paint(painter, line, QRect(0, top, self.width(), end - top))

    def _paint(self, painter: QPainter, line: LineText, box: QRect) -> None:
        look = self._kit.look
        if box.top():
            painter.fillRect(QRect(0, box.top(), box.width(), 1), look.colour("rule"))
        inner = box.adjusted(0, self.pad, 0, -self.pad)
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
        return max(words, 20) + 2 * self.pad + (20 if line.below else 0)

    def _measure(self) -> None:
        self.pad = _PAD
        high = self.sizeHint().height()
        if self._room and high > self._room:
            self.pad = _TIGHT
            high = self.sizeHint().height()
        if high != self.minimumHeight():
            self.setMinimumHeight(high)
        self.update()


class LinesArea(QScrollArea):
    """Lines that scroll when there are more than there is room for; what changed last stays in sight."""

    def __init__(self, kit: Kit):
        super().__init__()
        self.lines = Lines(kit)
        scrolling(self.lines, self)
        self._shown: tuple[LineText, ...] = ()
        self._changed = 0
        self.verticalScrollBar().rangeChanged.connect(self._show_changed)

    def show_lines(self, lines: tuple[LineText, ...]) -> None:
        """Show these, and of those that were not there before the first."""
        before, self._shown = self._shown, lines
        self.lines.show_lines(lines)
        changed = [place for place, line in enumerate(lines) if line not in before]
        if changed:
            self._changed = changed[0]
            self._show_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lines.fit(self.viewport().height())

    def hidden(self) -> tuple[int, int]:
        """How many lines are above what is in sight, and how many below it."""
        top, spans = self.verticalScrollBar().value(), self.lines.spans()
        end, pad = top + self.viewport().height(), self.lines.pad
        return sum(above + pad < top for above, _ in spans), sum(below - pad > end for _, below in spans)

    def turn(self) -> None:
        """On to the lines above; from the first of them to the last."""
        bar = self.verticalScrollBar()
        above, _ = self.hidden()
        if not above:
            bar.setValue(bar.maximum())
            return
        end = self.lines.spans()[above - 1][1]
        bar.setValue(end - self.viewport().height())

    def _show_changed(self) -> None:
        spans, bar = self.lines.spans(), self.verticalScrollBar()
        if self._changed < len(spans):
            start, end = spans[self._changed]
            bar.setValue(max(min(bar.value(), start), end - self.viewport().height()))


class MoreLines(TouchButton):
    """Says how many lines are out of sight, and where; a touch shows them."""

    def __init__(self, kit: Kit, area: LinesArea):
        super().__init__(kit, ground=Ground.CHOSEN)
        self.snug()
        # A touch leaves the focus where money is taken.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()
        self._area = area
        bar = area.verticalScrollBar()
        bar.valueChanged.connect(self._speak)
        bar.rangeChanged.connect(self._speak)
        kit.speech.changed.connect(self._speak)
        self.clicked.connect(area.turn)

    def _speak(self) -> None:
        above, below = self._area.hidden()
        says = N_("↑ {n} more") if above else N_("↓ {n} more")
        if above and below:
            says = N_("↑ {above} ↓ {below} more")
        self.set_text(self.kit.speech.words(says, n=above or below, above=above, below=below))
        self.setVisible(bool(above or below))
