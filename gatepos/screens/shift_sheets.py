"""What takes the left of Shift for a while: an X report, and what was approved in one's name."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gatepos.domain import labels
from gatepos.domain.paper_lines import PaperLine
from gatepos.i18n import N_, Words
from gatepos.screens.kit import Kit
from gatepos.screens.widgets.arrange import column, row, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.lines import LinesArea, LineText
from gatepos.screens.widgets.paper import Paper
from gatepos.screens.widgets.sheet import Sheet
from gatepos.screens.widgets.tile import Ground
from gatepos.till.shift_views import ApprovedView

_WIDE = 420


class InterimSheet(Sheet):
    """The X as it would be printed; `printing` gives its lines."""

    printing = Signal(object)

    def __init__(self, kit: Kit):
        super().__init__(kit, N_("X report"))
        self._lines: Sequence[PaperLine] = ()
        self.paper = Paper()
        inside = QWidget()
        inside.setLayout(row(1, column(self.paper, 1), 1))
        self.print = TouchButton(kit, key="↵", ground=Ground.DO)
        kit.speech.say(self.print.set_text, N_("Print"))
        self.print.clicked.connect(lambda: self.printing.emit(self._lines))
        self.body.addWidget(scrolling(inside))
        self.body.addWidget(self.print)

    def show_lines(self, lines: Sequence[PaperLine]) -> None:
        """Show one."""
        self._lines = lines
        self.paper.show_lines(lines, _WIDE)
        self.print.setFocus()


class ApprovedSheet(Sheet):
    """Each approval with its time, whose action it was, and where."""

    def __init__(self, kit: Kit):
        super().__init__(kit, N_("Approved in your name today"))
        self._found: tuple[ApprovedView, ...] = ()
        self.lines = LinesArea(kit)
        self.body.addWidget(self.lines)
        kit.speech.changed.connect(self._speak)

    def show_approved(self, found: tuple[ApprovedView, ...]) -> None:
        """Show these."""
        self._found = found
        self._speak()
        self.back.setFocus()

    def _speak(self) -> None:
        words = self.kit.speech.words
        self.lines.show_lines(tuple(_line(one, words) for one in self._found))


def _line(one: ApprovedView, words: Words) -> LineText:
    by = words(N_("asked by clerk {number}"), number=one.asked_by)
    how = words(N_("by radio")) if one.how == "radio" else words(N_("with your PIN"))
    below = " · ".join(part for part in (one.number, by, one.gate, how) if part)
    return LineText(words(labels.ACTIONS[one.kind]), words.moment(one.at_ms), below)
