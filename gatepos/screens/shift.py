"""Shift: it opens with a counted float and closes with a count made before anything expected is seen."""

from functools import partial

from PySide6.QtCore import Signal

from gatepos.domain import money, shift_paper
from gatepos.domain.paper_lines import PaperLine
from gatepos.domain.vocabulary import MOVES
from gatepos.i18n import N_
from gatepos.ledger.ledger import Recorded
from gatepos.screens import drawer
from gatepos.screens.bridge import Bridge
from gatepos.screens.choosing import Choice
from gatepos.screens.count_form import CountForm
from gatepos.screens.float_form import FloatForm
from gatepos.screens.kit import Kit
from gatepos.screens.page import Page
from gatepos.screens.shift_panel import ShiftPanel
from gatepos.screens.shift_sheets import ApprovedSheet, InterimSheet
from gatepos.screens.widgets.entry import Keys
from gatepos.screens.widgets.pages import Pages
from gatepos.till import shifts, showing
from gatepos.till.list_views import HeldView
from gatepos.till.shift_views import ApprovedView, ClosedView, ShiftView
from gatepos.till.till import Till


class ShiftScreen(Page):
    """The float or the count at the left; at the right whose shift it is, and after a close its outcome.

    `queued` when a paper is to be printed, `closed` when it is a close's, `printing` gives an X to print,
    `at_drawer` gives what was recorded of the drawer, which is to open now.
    """

    opened = Signal()
    queued = Signal()
    closed = Signal()
    at_drawer = Signal(object)
    printing = Signal(object)

    def __init__(self, kit: Kit, bridge: Bridge, till: Till):
        form, side = Pages(), ShiftPanel(kit)
        super().__init__(kit, bridge, till, form, side)
        self.panel = side
        self.float = FloatForm(kit)
        self.count = CountForm(kit)
        self.interim, self.approved = InterimSheet(kit), ApprovedSheet(kit)
        self._close_id = ""
        self._view: ShiftView | None = None
        for page in (self.float, self.count):
            form.addWidget(page)
            self.follow_lines(page)
        for sheet in (self.interim, self.approved):
            self.add_sheet(sheet)
        self._form = form
        self._wire()

    def start(self) -> None:
        """Show the clerk's shift."""
        self.go_home()
        self.bridge.ask(self.till.shifts.view, self.show_view)

    def show_view(self, view: ShiftView) -> None:
        """Show a shift, or that none is open."""
        self._close_id = self.till.desk.new_id()
        self._view = view
        self.panel.show_view(view)
        if view.number is None:
            self.float.show_view(view)
            self._form.setCurrentWidget(self.float)
        else:
            self.count.show_view(view)
            self._show_held()
            self._form.setCurrentWidget(self.count)

    def open_shift(self) -> None:
        """Open with what was counted into the drawer."""
        self.typing.dismiss()
        kes, usd = self.float.kes.text or "0", self.float.usd.text or "0"
        self.act(lambda: self.till.shifts.open(kes, usd), lambda _: self.opened.emit())

    def close_shift(self) -> None:
        """Close with what was counted; the same count sent twice closes once."""
        self.typing.dismiss()
        faces, others, note = self.count.faces_typed(), self.count.others_typed(), self.count.note.text
        id_, listed, to = self._close_id, self.count.held.listed(), self.count.heir.number

        def close() -> ClosedView:
            counted = shifts.counted(faces, others)
            return showing.closed(self.till.shifts.close(counted, note, id_, listed, to))

        self.act(close, self._on_closed)

    def tell_figure(self) -> None:
        """Show the day's takings so far, to be read out by telephone."""
        self.bridge.ask(self.till.telephone.figure, self.panel.show_figure)

    def show_approved(self) -> None:
        """Show what was approved today in the name of who signed in."""

        def show(found: tuple[ApprovedView, ...]) -> None:
            self.show_sheet(self.approved)
            self.approved.show_approved(found)

        self.bridge.ask(self.till.greeting.approved, show)

    def show_interim(self, number: object = "") -> None:
        """Show how far a shift has come, the clerk's own unless another is named."""
        desk, shifts_, words = self.till.desk, self.till.shifts, self.kit.speech.words

        def show(lines: tuple[PaperLine, ...]) -> None:
            self.show_sheet(self.interim)
            self.interim.show_lines(lines)

        self.bridge.ask(lambda: shift_paper.interim(shifts_.interim(str(number)), desk.park, words), show)

    def _wire(self) -> None:
        side = self.panel
        self.float.open.clicked.connect(self.open_shift)
        self.count.held.handing.connect(self._ask_keeper)
        self.count.heir.choose.clicked.connect(self._ask_heir)
        self.count.close_shift.clicked.connect(self.close_shift)
        self.interim.printing.connect(self.printing)
        side.telephone.clicked.connect(self.tell_figure)
        side.approvals.clicked.connect(self.show_approved)
        side.x_report.clicked.connect(self._ask_interim)
        side.drawer.open.clicked.connect(lambda: drawer.ask_open(self, self._on_at_drawer))
        for how in MOVES:
            side.drawer.moves[how].clicked.connect(partial(self._ask_move, how))

    def _ask_interim(self) -> None:
        """Whoever may look at another's shift is asked whose."""
        view, words = self._view, self.kit.speech.words
        if view is None or not (view.may_telephone and view.others):
            self.show_interim()
            return
        mine = ((view.number, view.staff),) if view.number else ()
        choices = [
            Choice(words(N_("Clerk {number}"), number=staff), number, number)
            for number, staff in (*mine, *view.others)
        ]
        self.ask_choice(N_("Whose shift?"), choices, self.show_interim)

    def _ask_move(self, how: str) -> None:
        currencies = self._view.currencies if self._view else (money.KES,)
        drawer.ask_move(self, how, currencies, self._on_moved)

    def _on_moved(self, done: Recorded) -> None:
        self._on_at_drawer(done)
        self.queued.emit()

    def _on_at_drawer(self, done: Recorded) -> None:
        self.at_drawer.emit(lambda words: drawer.told(done.entry, words))

    def _ask_heir(self) -> None:
        heir = self.count.heir
        self.ask_choice(N_("Who takes over?"), heir.choices(), heir.take)

    def _show_held(self) -> None:
        self.bridge.ask(self.till.custody.mine, self.count.held.show_kept)

    def _ask_keeper(self, one: HeldView) -> None:
        title = self.kit.speech.words(N_("Who keeps envelope {place} now?"), place=one.envelope)
        custody = self.till.custody
        self.ask_text(
            title, Keys.DIGITS, "",
            lambda to: self.act(lambda: custody.hand_on(one.id, to), lambda _: self._show_held()),
        )  # fmt: skip

    def _on_closed(self, closed: ClosedView) -> None:
        self.panel.show_closed(closed)
        self.bridge.ask(self.till.shifts.view, self.show_view)
        self.queued.emit()
        self.closed.emit()
