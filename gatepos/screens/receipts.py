"""Receipts: found by number, plate, code, amount or day; opened, printed again, corrected, voided."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QWidget

from gatepos.domain import money, numbers, plates, text
from gatepos.i18n import N_
from gatepos.screens.bridge import Bridge
from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, LARGE, SEMIBOLD, label, mean, unbroken
from gatepos.screens.page import Page
from gatepos.screens.widgets import moving
from gatepos.screens.widgets.arrange import column, empty, row, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.entry import Entry, Keys
from gatepos.screens.widgets.found import FoundTile
from gatepos.screens.widgets.paper import Paper
from gatepos.screens.widgets.tile import Ground
from gatepos.till.history import Opened
from gatepos.till.till import Till
from gatepos.till.views import ReceiptRow

_TYPING_MS = 150
STATES = {"": "", "corrected": N_("corrected"), "voided": N_("voided")}


class ReceiptsScreen(Page):
    """The list at the left, the paper at the right; `queued` when there is a paper to print."""

    correcting = Signal()
    code_wanted = Signal(str, str)
    queued = Signal()

    def __init__(self, kit: Kit, bridge: Bridge, till: Till):
        found, paper = FoundList(kit), PaperPanel(kit)
        super().__init__(kit, bridge, till, found, paper)
        self.found = found
        self.paper = paper
        self.opened: Opened | None = None
        found.asked.connect(self.search)
        found.chosen.connect(self.open)
        found.waiting.clicked.connect(self._on_retry)
        paper.reprint.clicked.connect(self._on_reprint)
        paper.correct.clicked.connect(self._on_correct)
        paper.void.clicked.connect(self._on_void)
        paper.code.clicked.connect(self._on_code)

    def start(self) -> None:
        """The latest receipts."""
        self.go_home()
        self.found.begin()
        self.search()
        self.found.words.line.setFocus()

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

    def open(self, number: str) -> None:
        """Show a receipt as it was printed."""
        self.bridge.ask(lambda: self.till.history.open(number), self.show_opened)

    def show_opened(self, opened: Opened) -> None:
        """Show a receipt."""
        self.opened = opened
        self.found.mark(opened.row.number)
        self.paper.show_opened(opened)

    def show_anew(self) -> None:
        """The receipt that is open once more: its paper in another language, or with what became of it."""
        if self.opened is not None:
            self.open(self.opened.row.number)

    def _on_reprint(self) -> None:
        if self.opened is not None:
            number = self.opened.row.number
            self.act(lambda: self.till.history.reprint(number), lambda _: self.queued.emit())

    def _on_retry(self) -> None:
        self.bridge.ask(self.till.printing.retry, lambda _: self.queued.emit())
        self.search()

    def _on_code(self) -> None:
        if self.opened is not None:
            self.code_wanted.emit(numbers.printed(self.opened.row.number), self.opened.qr)

    def _on_correct(self) -> None:
        if self.opened is None:
            return
        number, corrections = self.opened.row.number, self.till.corrections
        self.ask_text(
            N_("Why is it corrected?"), Keys.TEXT, "",
            lambda why: self.act(
                lambda: corrections.correct(number, why), lambda _: self.correcting.emit()
            ),
        )  # fmt: skip

    def _on_void(self) -> None:
        if self.opened is None:
            return
        number, corrections = self.opened.row.number, self.till.corrections
        id_ = self.till.desk.new_id()
        self.ask_text(
            N_("Why is it voided?"), Keys.TEXT, "",
            lambda why: self.with_second(
                lambda second: corrections.void(number, why, second, id_), lambda _: self._voided()
            ),
        )  # fmt: skip

    def _voided(self) -> None:
        self.queued.emit()
        self.search()
        self.show_anew()


class FoundList(QWidget):
    """What was looked for, and what was found."""

    asked = Signal()
    chosen = Signal(str)

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._rows: tuple[ReceiptRow, ...] = ()
        self._chosen = ""
        self._waiting = 0
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._pause.timeout.connect(self.asked)
        self.words = Entry(kit, N_("Number, plate, code or amount"), Keys.CODE)
        self.day = Entry(kit, N_("Day"), Keys.AMOUNT, N_("24.12.2026"))
        self.words.line.textChanged.connect(lambda: self._pause.start())
        self.day.entered.connect(self.asked)
        self.waiting = TouchButton(kit, ground=Ground.OWED)
        self.waiting.hide()
        self.none = label("", LABEL, meaning="second", wraps=True)
        kit.speech.say(self.none.setText, N_("No receipt here has that."))
        self.tiles: dict[str, FoundTile] = {}
        self._list = column()
        inside = QWidget()
        inside.setLayout(column(self._list, self.none, 1))
        top = row(self.words, self.day)
        top.setStretch(0, 3)
        top.setStretch(1, 1)
        self.leaves = TouchButton(kit)
        kit.speech.say(self.leaves.set_text, N_("Leaves written by hand…"))
        parts = (top, self.waiting, scrolling(inside), self.leaves)
        self.setLayout(column(*parts, gap=12, margins=(18, 12, 18, 12)))
        kit.speech.changed.connect(self._speak)

    def begin(self) -> None:
        """Look for nothing in particular."""
        self.words.set_text("")
        self.day.set_text("")

    def show_rows(self, rows: tuple[ReceiptRow, ...]) -> None:
        """Show what was found."""
        self._rows = rows
        empty(self._list)
        self.tiles = {found.number: self._tile(found.number) for found in rows}
        for tile in self.tiles.values():
            self._list.addWidget(tile)
        moving.chain(list(self.tiles.values()))
        self._speak()

    def show_waiting(self, papers: int) -> None:
        """How many papers the printer has not taken."""
        self._waiting = papers
        self._speak()

    def mark(self, number: str) -> None:
        """Mark the receipt that is open."""
        self._chosen = number
        self._speak()

    def _tile(self, number: str) -> FoundTile:
        made = FoundTile(self._kit)
        made.clicked.connect(lambda: self.chosen.emit(number))
        return made

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


class PaperPanel(QFrame):
    """One receipt as it was printed, and what can be done with it."""

    def __init__(self, kit: Kit):
        super().__init__()
        mean(self, "side")
        self._kit = kit
        self._opened: Opened | None = None
        self.title = label("", LARGE, SEMIBOLD, wraps=True)
        self.state = label("", LABEL, SEMIBOLD, "owed", wraps=True)
        self.picture = Paper()
        self.reprint = self._button(N_("Print a copy"))
        self.code = self._button(N_("Show the code"))
        self.correct = self._button(N_("Correct"))
        self.void = self._button(N_("Void"), Ground.REFUSED)
        self.buttons = QWidget()
        self.buttons.setLayout(column(row(self.reprint, self.code), row(self.correct, self.void)))
        inside = QWidget()
        inside.setLayout(column(self.picture, 1))
        self.area = scrolling(inside)
        self.setLayout(
            column(self.title, self.state, self.area, self.buttons, gap=8, margins=(20, 12, 20, 14))
        )
        self.buttons.hide()
        self.state.hide()
        kit.speech.changed.connect(self._speak)
        self._speak()

    def show_opened(self, opened: Opened) -> None:
        """Show a receipt."""
        self._opened = opened
        self._speak()

    def _speak(self) -> None:
        words, opened = self._kit.speech.words, self._opened
        if opened is None:
            self.title.setText(words(N_("Touch a receipt to see its paper.")))
            return
        self.title.setText(unbroken(numbers.printed(opened.row.number)))
        self.state.setText(words(STATES[opened.row.state]))
        self.state.setVisible(bool(opened.row.state))
        wide = self.area.viewport().width() or self.width() - 60
        self.picture.show_lines(opened.paper, wide - 4)
        self.buttons.show()
        for button in (self.correct, self.void):
            button.setVisible(not opened.row.state)

    def _button(self, text_: str, ground: Ground = Ground.PLAIN) -> TouchButton:
        made = TouchButton(self._kit, ground=ground)
        self._kit.speech.say(made.set_text, text_)
        return made
