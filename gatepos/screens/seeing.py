"""Settle from sight, and no pass: people and vehicle are tapped at the lane as they are seen."""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from gatepos.domain import labels
from gatepos.domain.vocabulary import UNREAD
from gatepos.i18n import N_
from gatepos.screens import reasons
from gatepos.screens.choosing import Choice
from gatepos.screens.filling import Filling
from gatepos.screens.page import Page
from gatepos.screens.paying import Paying
from gatepos.screens.people import PeoplePanel
from gatepos.screens.seen import Seen
from gatepos.screens.settle import SettlePanel
from gatepos.screens.widgets.entry import Keys
from gatepos.till import showing
from gatepos.till.approvals import Second
from gatepos.till.views import LeftView, RecordedView, SellView


class Seeing(QObject):
    """Takes the left of `page` while it is on; `shown` gives each SellView, `queued` when a paper waits."""

    begun = Signal()
    shown = Signal(object)
    cancelled = Signal()
    let_out = Signal()
    queued = Signal()

    def __init__(self, page: Page, side: SettlePanel, money: Paying):
        super().__init__(page)
        self._page, self._side, self._money = page, side, money
        self._till = page.till
        self._lane = page.home
        self._seen: Seen | None = None
        self._rest: Seen | None = None
        self.ways = side.seen
        self.people = PeoplePanel(page.kit)
        page.left.addWidget(self.people)
        filling, change = self._till.filling, self._till.sight.change
        self.filling = Filling(page, self.people, filling, lambda: self.ways.tenders["mpesa"], change)
        self.filling.shown.connect(self._show)
        self.ways.pay_touched.connect(self.pay)
        self.ways.out.clicked.connect(self._on_out)
        self.ways.cancel.clicked.connect(self.cancel)
        self.ways.first.clicked.connect(self._on_first)
        self.ways.second.clicked.connect(self._on_second)

    @property
    def is_on(self) -> bool:
        """Whether somebody is seen and not yet recorded."""
        return self._seen is not None

    @property
    def has_rest(self) -> bool:
        """Whether a part was just recorded, and the rest is still to be collected."""
        return self._rest is not None

    def from_sight(self, number: str = "", why: str = UNREAD[0]) -> None:
        """A pass that nobody can read."""
        self._begin(Seen(is_pass=True, number=number, why=why))

    def without_pass(self) -> None:
        """Somebody who has no pass; once begun, asking again changes nothing."""
        if self._seen is None or self._seen.is_pass:
            self._begin(Seen(is_pass=False))

    def collect_rest(self) -> None:
        """After a part, what was seen once more."""
        seen = self._rest
        if seen is not None:
            self._page.bridge.ask(self._till.sight.rest, lambda view: self._show_begun(seen, view))

    def resume(self) -> None:
        """What is seen, when the screen is opened again or the payment is left; MoneyTaken."""
        self.filling.ask(self._till.filling.view)

    def cancel(self) -> None:
        """Nobody is there any more."""
        self._page.bridge.ask(self._till.sight.begin, lambda _: self.cancelled.emit())

    def end(self) -> None:
        """The left is the lane's again."""
        self._seen = self._rest = None
        if self._page.home is not self._lane:
            self._page.home = self._lane
            self._page.go_home()

    def pay(self, kind: str) -> None:
        """Put what is seen at the window, and open it for payment."""
        seen, sight = self._seen, self._till.sight
        if seen is None:
            return
        if self._money.is_paying:
            self._money.pay(kind)
        elif seen.is_pass:
            self._money.pay(kind, lambda: sight.from_sight(seen.number, seen.why))
        else:
            self._money.pay(kind, lambda: sight.charge(seen.story, seen.gate))

    def finish(self, view: RecordedView) -> None:
        """It is paid, or a part of it; the next paper may be scanned at once."""
        seen = self._seen
        self.end()
        self._page.bridge.ask(self._till.gate.leave)
        if seen is not None and view.due_minor:
            self._rest = replace(seen, paid_minor=seen.paid_minor + view.total_minor)
            self._side.done.name_next(N_("Collect the rest"))

    def _begin(self, seen: Seen) -> None:
        gate, sight = self._till.gate, self._till.sight

        def begin() -> SellView:
            gate.leave()
            return sight.begin()

        self._page.bridge.ask(begin, lambda view: self._show_begun(seen, view))

    def _show_begun(self, seen: Seen, view: SellView) -> None:
        self.begun.emit()
        self._seen, self._rest = seen, None
        self._page.home = self.people
        self._page.go_home()
        self._show(view)
        self.people.tiles()[0].setFocus()
        if seen.is_pass and not seen.number:
            # After the touch that began it has ended, so that it does not close the question.
            QTimer.singleShot(0, self._ask_number)

    def _show(self, view: SellView) -> None:
        if self._seen is not None:
            self.filling.show_view(view)
            self._side.show_seen(self._seen, view)
            self.shown.emit(view)

    def _say(self, seen: Seen) -> None:
        """Something else is said of them; what comes next has the focus."""
        self._seen = seen
        self.resume()
        view = self.filling.view
        (self.ways.tenders["mpesa"] if view and view.lines else self.people.tiles()[0]).setFocus()

    # Let out without paying: nobody is kept in.

    def _on_out(self) -> None:
        if self._seen is not None and self._seen.is_pass:
            reasons.ask_owing(self._page, self._undertake)
        else:
            self._let_out()

    def _undertake(self, reason: str) -> None:
        seen, till, id_ = self._seen, self._till, self._till.desk.new_id()
        if seen is None:
            return

        def out(second: Second | None) -> LeftView:
            owed = till.sight.from_sight(seen.number, seen.why)
            return showing.left(till.desk, till.passes.let_out(owed, reason, second, id=id_))

        self._page.with_second(out, self._show_left)

    def _let_out(self) -> None:
        seen, till, id_ = self._seen, self._till, self._till.desk.new_id()
        if seen is None:
            return

        def out(second: Second | None) -> LeftView:
            return showing.left(till.desk, till.sight.let_out(seen.story, seen.gate, second, id=id_))

        self._page.with_second(out, self._show_left)

    def _show_left(self, view: LeftView) -> None:
        self.end()
        self._page.bridge.ask(self._till.gate.leave)
        self._side.show_left(view)
        self._side.done.next.setFocus()
        self.let_out.emit()
        if view.prints:
            self.queued.emit()

    # Questions.

    def _on_first(self) -> None:
        if self._seen is not None and self._seen.is_pass:
            self._ask_number()
        elif self._seen is not None:
            why = N_("Why have they no pass?")
            reasons.ask(self._page, why, reasons.STORIES, N_("Their story"), self._on_story)

    def _on_second(self) -> None:
        if self._seen is not None and self._seen.is_pass:
            self._ask_why(self._seen)
        elif self._seen is not None:
            self._ask_gate(self._seen)

    def _ask_number(self) -> None:
        seen = self._seen
        if seen is not None:
            self._page.ask_text(
                N_("Number of the pass"), Keys.CODE, seen.number,
                lambda typed: self._say(replace(seen, number=typed.strip().upper())),
            )  # fmt: skip

    def _ask_why(self, seen: Seen) -> None:
        self._page.ask_choice(
            N_("Why it is not read"),
            [Choice(labels.UNREAD_KEYS[why], "", why, is_chosen=why == seen.why) for why in UNREAD],
            lambda why: self._say(replace(seen, why=str(why))),
        )

    def _ask_gate(self, seen: Seen) -> None:
        gates = self.filling.view.gates if self.filling.view else ()
        choices = [Choice(name, "", code, is_chosen=code == seen.gate) for code, name in gates]
        self._page.ask_choice(
            N_("By which gate did they go in?"), [*choices, Choice(N_("Not known"), "", "")],
            lambda code: self._say(replace(seen, gate=str(code))),
        )  # fmt: skip

    def _on_story(self, story: str) -> None:
        if self._seen is not None:
            self._say(replace(self._seen, story=story))
