"""Receipts: found by number, plate, code, amount or day; opened, printed again, corrected, voided."""

from gatepos.domain import money, numbers, plates, text
from gatepos.i18n import N_
from gatepos.screens.bridge import Bridge
from gatepos.screens.finding import FindingScreen, FoundList, PaperPanel
from gatepos.screens.kit import Kit
from gatepos.screens.look import unbroken
from gatepos.screens.refunding import Refunding
from gatepos.screens.widgets.arrange import column, row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.entry import Entry, Keys
from gatepos.screens.widgets.tile import Ground
from gatepos.till.history import Opened
from gatepos.till.list_views import ReceiptRow
from gatepos.till.till import Till

STATES = {
    "": "",
    "corrected": N_("corrected"),
    "voided": N_("voided"),
    "refunded": N_("refunded"),
    "part_refunded": N_("refunded in part"),
}


class ReceiptsScreen(FindingScreen[ReceiptRow, Opened]):
    """The receipts of this till, and the papers that its printer has not taken."""

    def __init__(self, kit: Kit, bridge: Bridge, till: Till):
        found, paper = ReceiptList(kit), ReceiptPanel(kit)
        super().__init__(kit, bridge, till, found, paper, till.history)
        self.found = found
        self.paper = paper
        found.waiting.clicked.connect(self._on_retry)
        paper.correct.clicked.connect(lambda: self._ask_why(N_("Why is it corrected?"), self._correct))
        self.refunding = Refunding(self, lambda _: self._undone())
        paper.refund.clicked.connect(lambda: self._on_number(self.refunding.begin))
        paper.void.clicked.connect(lambda: self._ask_why(N_("Why is it voided?"), self._void))

    def search(self) -> None:
        """Look for what is typed."""
        typed, day = self.found.words.text, self.found.day.text
        history = self.till.history
        self.bridge.ask(
            lambda: history.find(typed, text.day(day) if day.strip() else None), self.found.show_rows
        )
        self.show_waiting()

    def show_waiting(self) -> None:
        """How many papers the printer has not taken."""
        self.bridge.ask(self.till.health, lambda health: self.found.show_waiting(health.papers_waiting))

    def _on_retry(self) -> None:
        self.bridge.ask(self.till.printing.retry, lambda _: self.queued.emit())
        self.search()

    def _correct(self, number: str, why: str) -> None:
        self.act(lambda: self.till.corrections.correct(number, why), lambda _: self.correcting.emit())

    def _void(self, number: str, why: str) -> None:
        id_ = self.till.desk.new_id()
        self.with_second(
            lambda second: self.till.corrections.void(number, why, second, id_), lambda _: self._undone()
        )

    def _undone(self) -> None:
        self.queued.emit()
        self.search()
        self.show_anew()


class ReceiptList(FoundList[ReceiptRow]):
    """What was looked for, and what was found."""

    def __init__(self, kit: Kit):
        super().__init__(kit, N_("Number, plate, code or amount"), N_("No receipt here has that."))
        self._waiting = 0
        self.day = Entry(kit, N_("Day"), Keys.AMOUNT, N_("24.12.2026"))
        self.day.entered.connect(self.asked)
        self.waiting = TouchButton(kit, ground=Ground.OWED)
        self.waiting.hide()
        top = row(self.words, self.day)
        top.setStretch(0, 3)
        top.setStretch(1, 1)
        self.leaves = TouchButton(kit)
        kit.speech.say(self.leaves.set_text, N_("Leaves written by hand…"))
        self.refunds = TouchButton(kit)
        kit.speech.say(self.refunds.set_text, N_("Refunds and money held…"))
        parts = (top, self.waiting, self.area, row(self.leaves, self.refunds))
        self.setLayout(column(*parts, gap=12, margins=(18, 12, 18, 12)))

    def begin(self) -> None:
        """Look for nothing in particular."""
        super().begin()
        self.day.set_text("")

    def show_waiting(self, papers: int) -> None:
        """How many papers the printer has not taken."""
        self._waiting = papers
        self._speak()

    def _speak(self) -> None:
        words = self._kit.speech.words
        for found in self._rows:
            self.tiles[found.number].show_found(
                unbroken(numbers.printed(found.number)),
                f"{words.moment(found.at_ms)} · {words(N_('Clerk {number}'), number=found.by)}",
                plates.shown(found.plate) or words(N_("on foot")),
                money.shown(money.KES, found.total_minor),
                words(STATES[found.state]),
                is_chosen=found.number == self._chosen,
            )
        self.none.setVisible(not self._rows)
        self.waiting.set_text(
            words.plural("Print {n} waiting paper", "Print {n} waiting papers", self._waiting)
        )
        self.waiting.setVisible(self._waiting > 0)


class ReceiptPanel(PaperPanel[Opened]):
    """One receipt as it was printed, and what can be done with it."""

    def __init__(self, kit: Kit):
        super().__init__(kit)
        self.void = self._button(N_("Void"), Ground.REFUSED)
        self.refund = self._button(N_("Refund…"))
        self._begin(column(row(self.reprint, self.code), row(self.correct, self.refund, self.void)))

    def _speak(self) -> None:
        words, opened = self._kit.speech.words, self._opened
        if opened is None:
            self.title.setText(words(N_("Touch a receipt to see its paper.")))
            return
        self.title.setText(unbroken(numbers.printed(opened.row.number)))
        self.state.setText(words(STATES[opened.row.state]))
        self.state.setVisible(bool(opened.row.state))
        self._show_paper(opened.paper)
        self.buttons.show()
        for button in (self.correct, self.void):
            button.setVisible(not opened.row.state)
        self.refund.setVisible(opened.row.state != "refunded")
