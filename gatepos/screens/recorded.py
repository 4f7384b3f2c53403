"""RECORDED: what stands on the ledger now, what goes back to the visitor, and the way to the next vehicle."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from gatepos.domain import money, plates
from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import BOLD, HEAD, LABEL, LARGE, MONEY, SEMIBOLD, label, mean, unbroken
from gatepos.screens.widgets.arrange import column, holding, row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.qr import QrCode
from gatepos.screens.widgets.tile import Ground
from gatepos.till.views import LeftView, RecordedView

BOUNCE_MS = 700
"""So long the next touch or Enter is taken for a bounce of the one that recorded."""
_CODE_SIDE, _CODE_MARGIN = 264, 12
RECEIPT_CODE = N_("Let the driver photograph this code: it is the receipt.")
SLIP_CODE = N_("Not paid. The driver photographs this code and shows it at the window.")
PAPER = {
    "": "",
    "waits": N_("The paper is being printed."),
    "printed": N_("The paper is printed."),
    "none": N_("No paper: let the driver photograph the code."),
}


class RecordedPanel(QWidget):
    """Shown only for what is on the ledger."""

    next_touched = Signal()
    code_wanted = Signal(str, str)

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._view: RecordedView | LeftView | None = None
        self._paper = ""
        self._code = 0
        self._bounce = QTimer(self, singleShot=True, interval=BOUNCE_MS)
        self.sign = label("✓", HEAD, BOLD, "chosen")
        self.heading = label("", HEAD, BOLD, "chosen")
        self.number = label("", LARGE, SEMIBOLD)
        self.amount = label("", LABEL, meaning="second")
        self.change = label("", HEAD, BOLD, wraps=True)
        self.copies = label("", LABEL, SEMIBOLD, "owed", wraps=True)
        self.paper = label("", LABEL, meaning="second", wraps=True)
        self.code = TouchButton(kit, height=MONEY)
        self.code.clicked.connect(self.show_code)
        self.next = TouchButton(kit, key="↵", height=64, ground=Ground.DO, px=LARGE - 2)
        self.next.clicked.connect(self._on_next)
        inside = column(
            row(self.sign, self.heading, 1), row(self.number, 1, self.amount), self.change, self.copies,
            self.paper, gap=6, margins=(16, 12, 16, 12),
        )  # fmt: skip
        below = row(self.code, self.next)
        below.setStretch(0, 1)
        below.setStretch(1, 2)
        self.setLayout(column(holding(inside, "done-box"), below, gap=10, margins=(0, 6, 0, 0)))
        kit.speech.say(self.heading.setText, N_("RECORDED"))
        self._next = N_("Next vehicle")
        kit.speech.changed.connect(self._speak)

    def name_next(self, says: str) -> None:
        """What the way on is called, where it is not to the next vehicle."""
        self._next = says
        self._speak()

    def show_view(self, view: RecordedView | LeftView) -> None:
        """Show what was recorded, or who was let out; a bounce of its key is not the next vehicle."""
        self._view = view
        self._code = 0
        self._next = N_("Next vehicle")
        self._bounce.start()
        self._speak()

    @property
    def bounces(self) -> bool:
        """Whether a touch would still be taken for a bounce."""
        return self._bounce.isActive()

    def show_paper(self, state: str) -> None:
        """What became of the paper, a key of PAPER."""
        self._paper = state
        self._speak()

    def show_code(self) -> None:
        """Ask for the receipt's code, for a phone to photograph; of a group the next one each time."""
        if isinstance(self._view, RecordedView):
            codes = _codes(self._view)
            self.code_wanted.emit(*codes[self._code])
            self._code = (self._code + 1) % len(codes)
            self._show_code(self._view)

    def _speak(self) -> None:
        view = self._view
        if view is None:
            return
        words = self._kit.speech.words
        if isinstance(view, LeftView):
            self._show_left(view)
        else:
            self._show_paid(view)
        self.copies.setText(words(N_("Recorded on one copy: tell the supervisor.")))
        self.copies.setVisible(view.copies < 2)
        self.next.set_text(words(self._next))

    def _show_paid(self, view: RecordedView) -> None:
        words, count = self._kit.speech.words, len(view.before) + 1
        papers = words.plural("{n} vehicle", "{n} vehicles", count)
        self.number.setText(papers if view.before else view.number)
        self.amount.setText(money.shown(money.KES, view.total_minor))
        self._show_back(view)
        first = f"{unbroken(view.before[0][0])} – {unbroken(view.number)}" if view.before else ""
        self.paper.setText("\n".join(filter(None, (first, words(PAPER[self._paper])))))
        self._show_code(view)

    def _show_code(self, view: RecordedView) -> None:
        words, count = self._kit.speech.words, len(_codes(view))
        says = words(N_("Code {n} of {count}"), n=self._code + 1, count=count)
        self.code.set_text(says if count > 1 else words(N_("Show the code")))
        self.code.setVisible(bool(view.qr))

    def _show_left(self, view: LeftView) -> None:
        """Where no paper is printed, all that was recorded is said here."""
        words = self._kit.speech.words
        people = words.plural("{n} person", "{n} people", view.people)
        self.number.setText(f"{unbroken(plates.shown(view.plate)) or words(N_('on foot'))} · {people}")
        self.amount.setText(money.shown(money.KES, view.owed_minor))
        signs = N_("Not paid: first the driver signs the gate's copy, then let them out.")
        self.change.setText(words(signs if view.signs else N_("Not paid: let them out.")))
        self.change.show()
        told = [view.reason, unbroken(view.number)]
        told.append(words(N_("went in at {gate}"), gate=view.gate) if view.gate else "")
        told.append(words(PAPER["waits"]) if view.prints else "")
        self.paper.setText(" · ".join(filter(None, told)))
        self.code.hide()

    def _show_back(self, view: RecordedView) -> None:
        words = self._kit.speech.words
        text = ""
        if view.change_minor:
            text = words(N_("Change {amount}"), amount=money.shown(money.KES, view.change_minor))
        if view.is_owed:
            text = words(N_("Not paid: they pay on the way out."))
        if view.due_minor:
            text = words(N_("Still owed: {amount}"), amount=money.shown(money.KES, view.due_minor))
        if view.due_back_minor:
            text = words(N_("To refund: {amount}"), amount=money.shown(money.KES, view.due_back_minor))
        self.change.setText(text)
        self.change.setVisible(bool(text))

    def _on_next(self) -> None:
        if not self.bounces:
            self.next_touched.emit()


def _codes(view: RecordedView) -> list[tuple[str, str]]:
    """Number and code of each paper, in their order."""
    return [*view.before, (view.number, view.qr)]


class CodePage(QWidget):
    """The code as large as the window has room for, for the driver to photograph when there is no paper."""

    closed = Signal()

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        mean(self, "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.number = label("", HEAD, BOLD, wraps=True)
        self.ask = label("", LARGE, SEMIBOLD, "second", wraps=True)
        self.code = QrCode()
        self.back = TouchButton(kit, key="↵", height=64, ground=Ground.DO, px=LARGE - 2)
        self.back.clicked.connect(self.closed)
        side = QWidget()
        side.setLayout(column(1, self.number, self.ask, 1, self.back, gap=16))
        side.setFixedWidth(_CODE_SIDE)
        layout = row(self.code, side, gap=_CODE_MARGIN, margins=(_CODE_MARGIN,) * 4)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self._says = RECEIPT_CODE
        kit.speech.say(self.back.set_text, N_("Done"))
        kit.speech.changed.connect(self._speak)

    def show_code(self, number: str, qr: str, says: str = RECEIPT_CODE) -> None:
        """Show a paper's code with its number; `says` what the driver does with it."""
        self._says = says
        self._speak()
        self.number.setText(unbroken(number))
        self.code.show_text(qr)
        self.back.setFocus()

    def _speak(self) -> None:
        self.ask.setText(self._kit.speech.words(self._says))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
