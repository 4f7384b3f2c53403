"""Words and amounts for somebody who stands further away: as large as their room allows."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import BOLD, REGULAR, SEMIBOLD
from gatepos.screens.widgets import paint
from gatepos.screens.widgets.lines import LineText

_LINE_LEAST, _LINE_MOST = 40, 72
_BETWEEN = 16


class _Large(QWidget):
    """Takes the room that it is given, asks for none, and is drawn anew in another theme."""

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self.is_cut = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        kit.look.changed.connect(self.update)


class LargeWords(_Large):
    """One text in a colour by meaning."""

    def __init__(
        self,
        kit: Kit,
        meaning: str = "ink",
        weight: QFont.Weight = BOLD,
        align: Qt.AlignmentFlag = paint.LEFT,
    ):
        super().__init__(kit)
        self.text = ""
        self._meaning, self._weight, self._align = meaning, weight, align

    def show_text(self, text: str) -> None:
        """Show a text as it shall stand."""
        self.text = text
        self.setAccessibleName(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colour = QPainter(self), self._kit.look.colour(self._meaning)
        px = self.height() * 4 // 5
        shown = paint.words(painter, self.rect(), self.text, colour, px, self._weight, self._align)
        self.is_cut = not shown


class LargeLines(_Large):
    """Words at the left, money at the right; the last row counts what there is no room for."""

    def __init__(self, kit: Kit):
        super().__init__(kit)
        self.lines: tuple[LineText, ...] = ()

    def show_lines(self, lines: tuple[LineText, ...]) -> None:
        """Show these; what stands below a line is not shown."""
        self.lines = lines
        self.setAccessibleName("; ".join(f"{line.left} {line.right}" for line in lines))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, shown = QPainter(self), self.rows()
        high = min(self.height() // max(len(shown), 1), _LINE_MOST)
        cut = [
            not self._paint(painter, line, QRect(0, place * high, self.width(), high))
            for place, line in enumerate(shown)
        ]
        self.is_cut = any(cut)

    def rows(self) -> tuple[LineText, ...]:
        """The lines that there is room for."""
        room = max(self.height() // _LINE_LEAST, 1)
        if len(self.lines) <= room:
            return self.lines
        more = len(self.lines) - room + 1
        says = self._kit.speech.words(N_("and {n} more"), n=more)
        return (*self.lines[: room - 1], LineText(says, ""))

    def _paint(self, painter: QPainter, line: LineText, box: QRect) -> bool:
        look, px = self._kit.look, box.height() * 2 // 5
        if box.top():
            painter.fillRect(QRect(0, box.top(), box.width(), 1), look.colour("rule"))
        wide = paint.width(line.right, px, SEMIBOLD)
        left = QRect(0, box.top(), box.width() - wide - _BETWEEN, box.height())
        right = QRect(box.width() - wide - 1, box.top(), wide + 1, box.height())
        colour = look.colour(line.meaning)
        is_whole = paint.words(painter, left, line.left, colour, px, REGULAR, paint.LEFT)
        return paint.words(painter, right, line.right, colour, px, SEMIBOLD, paint.RIGHT) and is_whole
