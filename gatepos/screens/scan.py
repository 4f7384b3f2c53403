"""Scan: a paper's verdict and its facts at the left, at the right what it owes and how that is paid.

Nothing is decided here: what was read goes to the till's gate, and what it answers is shown.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

from gatepos.domain import labels, money, numbers, plates, policy, text
from gatepos.domain.vocabulary import GROUND, UNDERTAKING, UNREAD
from gatepos.i18n import N_
from gatepos.screens import reasons
from gatepos.screens.bridge import Bridge
from gatepos.screens.choosing import Choice
from gatepos.screens.head_count import HeadSheet
from gatepos.screens.kit import Kit
from gatepos.screens.lane import LanePanel
from gatepos.screens.look import unbroken
from gatepos.screens.looking import CameraReader
from gatepos.screens.page import Page
from gatepos.screens.paying import Paying
from gatepos.screens.seeing import Seeing
from gatepos.screens.settle import SettlePanel
from gatepos.screens.ticketed import Ticketed
from gatepos.screens.widgets.entry import Keys
from gatepos.screens.widgets.sound import sound
from gatepos.till import showing
from gatepos.till.list_views import HeldView
from gatepos.till.till import Till
from gatepos.till.views import Aside, LeftView, RecordedView, ScanView, SeenPaid

_LOOK_EVERY_MS = 1_000
_Around = tuple[str, int, int, tuple[HeldView, ...], str, bool]
"""Which way the lane goes, how many wait aside, documents kept here and of the paper, whom to count, whether
the lane is for prepaid vehicles."""


class ScanScreen(Page):
    """The screen on which an exit lane spends its day.

    `viewed` gives the ScanView that is shown, or None, and `seen` the SellView of what is seen without a
    paper; `turned` that the lane may go another way; `read` what the camera read, and by what.
    """

    recorded = Signal(object)
    code_wanted = Signal(str, str)
    viewed = Signal(object)
    seen = Signal(object)
    queued = Signal()
    turned = Signal()
    read = Signal(str, str)

    def __init__(self, kit: Kit, bridge: Bridge, till: Till):
        lane, side = LanePanel(kit), SettlePanel(kit)
        super().__init__(kit, bridge, till, lane, side)
        self.lane = lane
        self.settle = side
        self.ways, self.done = side.ways, side.done
        self.view: ScanView | None = None
        self._typed = ""
        self.money = Paying(self, till.settlements, side.payments, side)
        self.money.recorded.connect(self.show_recorded)
        side.payments.left.connect(self.start)
        self.seeing = Seeing(self, side, self.money)
        self.ticketed = Ticketed(self, side, self.money, self.seeing)
        self.heads = HeadSheet(kit)
        self.add_sheet(self.heads)
        self.camera = CameraReader(lane.camera)
        self._looks = QTimer(self, interval=_LOOK_EVERY_MS)
        self._looks.timeout.connect(self._look_for_money)
        self._wire_lane()
        self._wire_money()
        self._wire_seeing()
        self._wire_tickets()

    # What is shown.

    def start(self) -> None:
        """Show the paper at the lane, or that there is none, when the screen is opened."""
        self.go_home()
        self.bridge.ask(self.till.gate.view, self._show, lambda _: self._show_unread())

    def show_scanned(self, view: ScanView) -> None:
        """Show what the gate says of a paper that was just looked at, and let it be heard."""
        self.go_home()
        self._show(view)
        sound(view.tone)
        if view.asks_plate:
            # After the touch or the key that typed the number has ended, so that it does not answer this.
            QTimer.singleShot(0, self._ask_plate)

    def show_recorded(self, view: RecordedView) -> None:
        """Show that it stands on the ledger, and then what the gate says of the paper."""
        self.go_home()
        self.settle.show_recorded(view)
        self.done.next.setFocus()
        self.recorded.emit(view)
        if self.seeing.is_on:
            self.seeing.finish(view)
            return
        if self.ticketed.is_on:
            self.ticketed.finish(view)
            return
        number = self.view.number if self.view else ""
        self.bridge.ask(lambda: self.till.gate.look_again(number), self._show_paid, lambda _: None)

    def show_paper(self, state: str) -> None:
        """What became of the paper of the last receipt."""
        self.done.show_paper(state)

    @property
    def is_recorded(self) -> bool:
        """Whether a receipt just recorded is what the right shows."""
        return self.settle.below.currentWidget() is self.done

    def _show_unread(self) -> None:
        """No paper was looked at: whoever is seen without one, or nobody."""
        if self.seeing.is_on:
            self.seeing.resume()
        else:
            self._show(None)

    def _show(self, view: ScanView | None) -> None:
        self.seeing.end()
        self.ticketed.end()
        self.view = view
        self.lane.show_view(view)
        self.settle.show_view(view)
        self.ticketed.show(view)
        self._looks.start()
        self._focus()
        self._look_around()
        self.viewed.emit(view)

    def _show_paid(self, view: ScanView) -> None:
        self.view = view
        self.lane.show_view(view)
        self.settle.show_again(view)
        sound(view.tone)
        self._look_around()

    def _look_for_money(self) -> None:
        """Whether central saw it paid meanwhile, as long as the clerk only waits for that."""
        if self._is_owed_on():
            self.bridge.ask(self.till.gate.seen, self._on_money, lambda _: None)
        elif self.view is None:
            self._looks.stop()

    def _on_money(self, seen: tuple[SeenPaid, ...]) -> None:
        pay = self.view.pay if self.view else None
        if self._is_owed_on() and pay is not None and pay.seen != seen:
            self.bridge.ask(self.till.gate.view, self._show_money, lambda _: None)

    def _show_money(self, view: ScanView) -> None:
        if not self._is_owed_on() or self.view is None or view.number != self.view.number:
            return
        had_focus = self.ways.tenders["mpesa"].hasFocus()
        self.view = view
        self.lane.show_view(view)
        self.settle.show_view(view)
        if had_focus:
            self._focus()
        sound(view.tone)

    def _is_owed_on(self) -> bool:
        """Whether a paper that owes is shown with its ways on, and nothing over them."""
        is_owed = self.view is not None and bool(self.view.settles)
        return is_owed and self.isVisible() and self.settle.below.currentWidget() is self.ways

    def _focus(self) -> None:
        """On what comes next: the payment, the next vehicle, or the number."""
        if self.ticketed.is_on:
            self.ticketed.focus()
        elif self.view is None:
            self.lane.number.line.setFocus()
        elif self.view.settles:
            take = self.ways.seen.take
            (take if take.isVisibleTo(self) else self.ways.tenders["mpesa"]).setFocus()
        else:
            self.ways.next.setFocus()

    def _look_around(self) -> None:
        gate, custody, view = self.till.gate, self.till.custody, self.view

        def look() -> _Around:
            kept = sum(one.is_here for one in custody.kept())
            held = custody.of_pass(str(numbers.parse(view.number))) if view and view.number else ()
            is_prepaid = self.till.desk.policy.text(policy.LANE_USE) == policy.PREPAID
            return gate.direction, len(gate.waiting()), kept, held, self.till.heads.plate, is_prepaid

        self.bridge.ask(look, self._show_around)

    def _show_around(self, around: _Around) -> None:
        direction, aside, kept, held, counts, is_prepaid = around
        self.lane.show_lane(direction, aside, kept, is_counting=bool(counts), is_prepaid=is_prepaid)
        self.turned.emit()
        self.lane.card.show_held(held)

    # What is touched.

    def pay(self, kind: str) -> None:
        """Open what is owed for payment; with nothing owed there is nothing to open."""
        if self.seeing.is_on:
            self.seeing.pay(kind)
        elif self.ticketed.is_on:
            self.ticketed.pay(kind)
        elif kind == "ecitizen" and not (self.view and self.view.settles):
            self._ask_ticket()
        elif self.view is not None and self.view.settles and not self.is_recorded:
            self.money.pay(kind)

    def pull_aside(self) -> None:
        """The paper steps aside, the next one is scanned at once."""
        if not self.is_recorded:
            self._clear(self.till.gate.pull_aside)

    def turn(self) -> None:
        """The lane goes the other way now."""
        self._clear(self.till.gate.turn)

    def start_next(self) -> None:
        """Leave the paper for the next one."""
        self._clear(self.till.gate.leave)

    def settle_from_sight(self) -> None:
        """The pass of a paper that nobody can read, by its number where that was typed."""
        word = self.view.word if self.view else ""
        number = numbers.printed(self._typed) if word == "not_known" else ""
        self.seeing.from_sight(number, word if word in UNREAD else UNREAD[0])

    def open_more(self) -> None:
        """The other fees, where people are tapped."""
        if self.seeing.is_on:
            self.seeing.filling.open_more()

    def show_waiting(self) -> None:
        """The papers pulled aside, to go on with one."""
        self.bridge.ask(self.till.gate.waiting, self._ask_waiting)

    def toggle_camera(self) -> None:
        """Look through the camera, or no more."""
        if self.camera.is_on:
            self.rest()
        else:
            self.camera.start()
            self.lane.show_camera(is_on=True)

    def rest(self) -> None:
        """Let go of the camera."""
        self.camera.stop()
        self.lane.show_camera(is_on=False)

    def _on_done(self) -> None:
        """After a part the rest is still to be collected, or they leave owing it."""
        if self.seeing.has_rest:
            self.seeing.collect_rest()
        elif self.view is not None and self.view.settles:
            self.start()
        else:
            self.start_next()

    def _clear(self, action: Callable[[], object]) -> None:
        """Run an action after which no paper stands at the lane."""
        self.bridge.ask(action, lambda _: self._show_clear())

    def _show_clear(self) -> None:
        self.go_home()
        self._show(None)

    def _look(self, action: Callable[[], ScanView]) -> None:
        """Run an action on the paper and show what came of it."""
        self.bridge.ask(action, self.show_scanned)

    def _wire_lane(self) -> None:
        lane, gate = self.lane, self.till.gate
        lane.typed.connect(self._on_number)
        lane.ask.clicked.connect(lambda: self._ask_number(N_("Number of the paper")))
        lane.look.clicked.connect(self.toggle_camera)
        lane.turn.clicked.connect(self.turn)
        lane.waiting.clicked.connect(self.show_waiting)
        lane.plate.clicked.connect(self._ask_plate)
        lane.accept.clicked.connect(lambda: self._look(gate.accept))
        lane.readmit.clicked.connect(self._ask_readmit)
        lane.follow.clicked.connect(lambda: self._look(gate.follow))
        lane.only.clicked.connect(self._ask_only)
        lane.back.clicked.connect(self._ask_back)
        lane.proof.clicked.connect(
            lambda: self._ask_number(N_("Scan the driver's receipt now, or type its number"))
        )
        lane.count.clicked.connect(self._count_heads)
        self.heads.counted.connect(lambda groups: self._say_heads(lambda: self.till.heads.count(groups)))
        self.heads.skipped.connect(self._ask_uncounted)
        lane.pull.clicked.connect(self.pull_aside)
        lane.card.returned.connect(self._on_returned)
        self.camera.read.connect(lambda typed: self.read.emit(typed, "camera"))
        self.camera.failed.connect(self.bridge.tell)

    def _wire_money(self) -> None:
        ways = self.ways
        ways.pay_touched.connect(self.pay)
        ways.seen.taken.connect(self.money.take)
        ways.undertaking.clicked.connect(lambda: reasons.ask_owing(self, self._letting_out(UNDERTAKING)))
        ways.ground.clicked.connect(
            lambda: self.ask_text(
                N_("On which ground are they let out?"), Keys.TEXT, "", self._letting_out(GROUND)
            )
        )
        ways.another.clicked.connect(self._ask_another)
        ways.waive.clicked.connect(self._ask_waive)
        ways.next_touched.connect(self.start_next)
        self.done.next_touched.connect(self._on_done)
        self.done.code_wanted.connect(self.code_wanted)

    def _wire_seeing(self) -> None:
        lane, seeing = self.lane, self.seeing
        for sight in (lane.see, lane.from_sight):
            sight.clicked.connect(self.settle_from_sight)
        for none in (lane.no_pass, lane.without):
            none.clicked.connect(seeing.without_pass)
        seeing.begun.connect(self._forget)
        seeing.shown.connect(self.seen)
        seeing.cancelled.connect(self._show_clear)
        seeing.let_out.connect(lambda: self.viewed.emit(None))
        seeing.queued.connect(self.queued)

    def _wire_tickets(self) -> None:
        ticketed = self.ticketed
        self.lane.ticket.clicked.connect(self._ask_ticket)
        self.lane.differ.clicked.connect(ticketed.change)
        ticketed.recorded.connect(self.show_recorded)
        ticketed.shown.connect(self._show_ticket)
        ticketed.left.connect(self.start_next)

    def _show_ticket(self, view: ScanView) -> None:
        """The ticket with what was changed on it, or beside what was recorded of it."""
        self.view = view
        self.lane.show_view(view)
        if self.ticketed.is_on:
            self.viewed.emit(view)

    def _forget(self) -> None:
        """No paper stands at the lane while somebody is seen without one."""
        self.view = None
        self.lane.show_view(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.seeing.is_on and not self.money.is_paying:
            self.seeing.cancel()
        elif event.key() == Qt.Key.Key_Escape and self.ticketed.is_on and not self.money.is_paying:
            self.start_next()
        else:
            super().keyPressEvent(event)

    # Questions.

    def _on_number(self, typed: str) -> None:
        self.bridge.ask(lambda: self.till.gate.number(typed), partial(self._show_typed, typed))

    def _show_typed(self, typed: str, view: ScanView) -> None:
        self._typed = str(numbers.parse(typed))
        self.show_scanned(view)

    def _ask_back(self) -> None:
        """On which ground whoever just went out comes back; the next vehicle needs no answer."""
        view, gate = self.view, self.till.gate
        if view is None:
            return
        choices = [Choice(labels.COMING_BACK[ground], "", ground) for ground in view.back_grounds]
        self.ask_choice(
            N_("Coming back on this paper?"), choices,
            lambda ground: self.bridge.ask(lambda: gate.coming_back(str(ground)), self._show_back),
        )  # fmt: skip

    def _show_back(self, view: ScanView) -> None:
        """The verdict says until when; what was recorded at the right stays."""
        self.view = view
        self.lane.show_view(view)
        if not self.is_recorded:
            self._focus()
        self._look_around()

    def _ask_number(self, question: str) -> None:
        self.ask_text(question, Keys.CODE, "", self._on_number)

    def _ask_ticket(self) -> None:
        gate = self.till.gate
        self.ask_text(
            N_("Reference of the ticket"), Keys.CODE, "",
            lambda typed: self._look(lambda: gate.ticket(typed)),
        )  # fmt: skip

    def _ask_plate(self) -> None:
        self.ask_text(
            N_("Last three of the plate that stands there"), Keys.CODE, "",
            lambda typed: self._look(lambda: self.till.gate.plate(typed)),
        )  # fmt: skip

    def _ask_only(self) -> None:
        passing = str(self.view.passing) if self.view else ""
        self.ask_text(
            N_("How many go through now?"), Keys.DIGITS, passing,
            lambda typed: self._look(lambda: self.till.gate.only(text.whole(typed))),
        )  # fmt: skip

    def _ask_readmit(self) -> None:
        gate = self.till.gate
        self.ask_text(
            N_("On which ground are they let in again?"), Keys.TEXT, "",
            lambda ground: self.with_second(lambda second: gate.readmit(ground, second), self.show_scanned),
        )  # fmt: skip

    def _ask_waive(self) -> None:
        gate, id_ = self.till.gate, self.till.desk.new_id()
        self.ask_text(
            N_("On which ground is the overstay not charged?"), Keys.TEXT, "",
            lambda ground: self.with_second(
                lambda second: gate.waive_overstay(ground, second, id_), self.show_scanned
            ),
        )  # fmt: skip

    def _ask_another(self) -> None:
        question = N_("Scan the other pass, or type its number")
        self.bridge.ask(self.till.gate.together, lambda _: self._ask_number(question))

    def _letting_out(self, how: str) -> Callable[[str], None]:
        """Nobody is kept in: what a reason does, where it needs one with a second person."""
        till, id_, number = self.till, self.till.desk.new_id(), self.view.number if self.view else ""

        def let_out(why: str) -> None:
            self.with_second(
                lambda second: showing.left(
                    till.desk, till.passes.let_out(till.gate.owed(), why, second, how=how, id=id_)
                ),
                lambda view: self._on_let_out(number, view),
            )

        return let_out

    def _on_let_out(self, number: str, left: LeftView) -> None:
        self.settle.show_left(left)
        self.done.next.setFocus()
        self.viewed.emit(None)
        self.queued.emit()
        self.bridge.ask(lambda: self.till.gate.look_again(number), self._show_paid)

    def _on_returned(self, held: str) -> None:
        self.act(lambda: self.till.custody.give_back(held), lambda _: self._look_around())

    def _count_heads(self) -> None:
        self.show_sheet(self.heads)
        self.heads.begin(self.view.plate if self.view else "")

    def _ask_uncounted(self) -> None:
        reasons.ask_uncounted(self, lambda why: self._say_heads(lambda: self.till.heads.skip(why)))

    def _say_heads(self, say: Callable[[], object]) -> None:
        self.act(say, lambda _: self._show_counted())

    def _show_counted(self) -> None:
        self.go_home()
        self._look_around()

    def _ask_waiting(self, waiting: tuple[Aside, ...]) -> None:
        take_up = self.till.gate.take_up
        self.ask_choice(
            N_("Pulled aside"), [_aside(one) for one in waiting],
            lambda number: self._look(lambda: take_up(str(number))), finds=True,
        )  # fmt: skip


def _aside(one: Aside) -> Choice:
    """A paper pulled aside, as it is chosen: whose and how much, and below since when and its number."""
    amount, number = money.shown(money.KES, one.owed_minor), unbroken(numbers.printed(one.number))
    return Choice(
        lambda words: f"{plates.shown(one.plate) or words(N_('on foot'))} · {amount}",
        lambda words: f"{words.moment(one.since_ms)} · {number}",
        one.number,
    )
