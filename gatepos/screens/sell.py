"""Sell: the vehicle at the left, its bill at the right, and in the bill's place below the total the payment.

Nothing is decided here: each touch becomes one call of the till, and what it answers is shown.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal

from gatepos.domain import money, numbers, plates
from gatepos.i18n import N_
from gatepos.ledger.ledger import Recorded
from gatepos.screens.bill import BillPanel
from gatepos.screens.bridge import Bridge
from gatepos.screens.choosing import Choice
from gatepos.screens.exits import ExitsSheet
from gatepos.screens.filling import Filling
from gatepos.screens.kit import Kit
from gatepos.screens.look import unbroken
from gatepos.screens.outage import OutageSheet, Terms
from gatepos.screens.page import Page
from gatepos.screens.paying import Paying
from gatepos.screens.payments import PaymentsPanel
from gatepos.screens.people import PeoplePanel
from gatepos.screens.recorded import RecordedPanel
from gatepos.screens.ways import WaysPanel
from gatepos.screens.widgets.entry import Keys
from gatepos.till.approvals import Second
from gatepos.till.outage import Outages
from gatepos.till.state_views import OutageView
from gatepos.till.till import Till
from gatepos.till.views import HandedView, RecordedView, SellView, VehicleView, Waiting

_DAYS_OFFERED = 13
_SCHOOL = "school"


class SellScreen(Page):
    """The screen on which a till spends its day."""

    recorded = Signal(object)
    code_wanted = Signal(str, str)
    viewed = Signal(object)
    paying = Signal(object)
    outage_changed = Signal()
    handed = Signal(object)

    def __init__(self, kit: Kit, bridge: Bridge, till: Till):
        people, bill = PeoplePanel(kit), BillPanel(kit)
        super().__init__(kit, bridge, till, people, bill)
        self.people = people
        self.bill = bill
        self.view: SellView | None = None
        self.ways = WaysPanel(kit)
        self.payments = PaymentsPanel(kit)
        self.done = RecordedPanel(kit)
        self.filling = Filling(self, people, till.checkout, lambda: self.ways.first)
        self.more = self.filling.more
        self.outage = OutageSheet(kit)
        self.exits = ExitsSheet(kit)
        for below in (self.ways, self.payments, self.done):
            self.bill.add_below(below)
        self.follow_lines(self.payments)
        for sheet in (self.outage, self.exits):
            self.add_sheet(sheet)
        self.money = Paying(self, till.payments, self.payments, bill)
        self.money.shown.connect(self.paying)
        self.money.recorded.connect(self.show_recorded)
        self.payments.left.connect(self.start)
        self.filling.shown.connect(self.show_view)
        self._wire_money()
        self._wire_outage()
        self._wire_exits()

    # What is shown.

    def start(self) -> None:
        """Show the bill at the window, when the screen is opened."""
        self.go_home()
        self.ask(self.till.checkout.view)

    def show_view(self, view: SellView) -> None:
        """Show a bill to be tapped together."""
        self.view = view
        self.filling.show_view(view)
        self.bill.show_view(view)
        self.ways.show_view(view)
        self._ask_passed(view)
        self.exits.show_view(view)
        self.bill.show_below(self.ways)
        self.viewed.emit(view)

    def show_recorded(self, view: RecordedView) -> None:
        """Show that it stands on the ledger; the next vehicle may be tapped at once."""
        self.typing.dismiss()
        self.go_home()
        self.done.show_view(view)
        self.bill.show_recorded(is_owed=view.is_owed)
        self.bill.show_below(self.done)
        self.done.next.setFocus()
        self.recorded.emit(view)
        self.bridge.ask(self.till.checkout.view, self._show_fresh)

    def show_paper(self, state: str) -> None:
        """What became of the paper of the last sale."""
        self.done.show_paper(state)

    @property
    def is_recorded(self) -> bool:
        """Whether a sale just recorded is what the right shows."""
        return self.bill.below.currentWidget() is self.done

    @property
    def is_paying(self) -> bool:
        """Whether a bill is being paid."""
        return self.money.is_paying

    # What is touched.

    def ask(self, action: Callable[[], SellView]) -> None:
        """Run an action on the bill and show what came of it."""
        self.filling.ask(action)

    def pay(self, kind: str) -> None:
        """Open the bill for payment, or record it where there is nothing to pay."""
        if self.is_recorded:
            return
        if self.view is not None and self.view.owes_nothing:
            payments = self.till.payments
            self.act(lambda: payments.at_once(())[0], self.show_recorded)
        else:
            self.money.pay(kind)

    def issue_pass(self) -> None:
        """Let the vehicle in on a pass, paid on the way out; outside an outage, ask about one."""
        if self.view is None or self.is_recorded:
            return
        if self.view.may_pass:
            self.with_second(self.till.passes.issue, self.show_recorded)
        else:
            self.show_outage()

    def show_outage(self) -> None:
        """The outage: open it, look at it, close it."""
        self.bridge.ask(self.till.outages.view, self._show_outage)

    def hold(self) -> None:
        """Put the bill aside, the next vehicle at once."""
        if not self.is_recorded:
            self.go_home()
            self.ask(self.till.checkout.hold)

    def add_vehicle(self) -> None:
        """Begin the next vehicle for which the same payer pays."""
        if not self.is_recorded:
            self.go_home()
            self.bridge.ask(self.till.checkout.add, self._show_added)

    def show_vehicles(self) -> None:
        """The vehicles for which one payer pays, to go on with one."""
        view, checkout = self.view, self.till.checkout
        if view is not None:
            self.ask_choice(
                N_("Vehicles of this payer"), [_vehicle(one) for one in view.group],
                lambda number: self.ask(lambda: checkout.turn_to(str(number))),
            )  # fmt: skip

    def show_waiting(self) -> None:
        """The bills put aside, to choose one."""
        view = self.view
        if view is None or not view.waiting:
            return
        checkout = self.till.checkout
        self.ask_choice(
            N_("Waiting bills"), [_waiting(bill) for bill in view.waiting],
            lambda number: self.ask(lambda: checkout.resume(str(number))), finds=True,
            beside=(N_("Hand over"), self._hand_over),
        )  # fmt: skip

    def _hand_over(self, number: object) -> None:
        """The bill ends here as a slip; whoever scans it goes on with it."""

        def handed(view: HandedView) -> None:
            self.start()
            self.handed.emit(view)

        self.act(lambda: self.till.slips.hand_over(str(number)), handed)

    def start_next(self) -> None:
        """Leave the recorded sale for the next vehicle."""
        self.start()
        self.people.tiles()[0].setFocus()

    def _show_added(self, view: SellView) -> None:
        self.filling.shown.emit(view)
        self.people.tiles()[0].setFocus()

    def _show_fresh(self, view: SellView) -> None:
        self.view = view
        self.filling.show_view(view)
        self.exits.show_view(view)
        self.ways.show_view(view)
        self.viewed.emit(view)

    def _ask_passed(self, view: SellView) -> None:
        if view.may_pass and (view.lines or view.group):
            self.bridge.ask(self.till.passes.warnings, self.ways.show_passed)
        else:
            self.ways.show_passed(())

    def _show_outage(self, view: OutageView) -> None:
        if self.is_recorded:
            self.bill.show_below(self.ways)
        self.show_sheet(self.outage)
        self.outage.show_view(view, self.till.desk.clock.wall_ms())

    def _wire_outage(self) -> None:
        outages, sheet = self.till.outages, self.outage

        def seen(done: object) -> None:
            self.show_outage()
            self.outage_changed.emit()

        def over(done: object) -> None:
            self.start()
            self.outage_changed.emit()

        sheet.open_touched.connect(lambda terms: self.with_second(partial(_open, outages, terms), over))
        sheet.countersign_touched.connect(
            lambda: self.with_second(lambda second: outages.countersign(second=second), seen)
        )
        sheet.close_touched.connect(lambda: self.with_second(outages.close, over))

    def _wire_exits(self) -> None:
        passes, sheet = self.till.passes, self.exits
        self.ways.exits_touched.connect(self._show_exits)
        sheet.exits_chosen.connect(lambda exits: self.ask(lambda: passes.leave_by(exits)))
        sheet.driver_touched.connect(self._ask_driver)

    def _wire_money(self) -> None:
        self.bill.vehicles_touched.connect(self.show_vehicles)
        self.ways.add_touched.connect(self.add_vehicle)
        self.bill.cleared.connect(lambda: self.ask(self.till.checkout.clear))
        self.ways.pay_touched.connect(self.pay)
        self.ways.pass_touched.connect(self.issue_pass)
        self.ways.hold_touched.connect(self.hold)
        self.ways.waiting_touched.connect(self.show_waiting)
        self.done.next_touched.connect(self.start_next)
        self.done.code_wanted.connect(self.code_wanted)

    # Questions.

    def _show_exits(self) -> None:
        self.show_sheet(self.exits)
        self.exits.begin()

    def _ask_driver(self) -> None:
        if self.view is not None:
            self.ask_text(
                N_("Driver's phone"), Keys.DIGITS, self.view.driver,
                lambda typed: self.ask(lambda: self.till.passes.driver(typed)),
            )  # fmt: skip


def _open(outages: Outages, terms: Terms, second: Second | None) -> Recorded:
    return outages.open(
        terms.cause, terms.authority, terms.paybill, terms.cash_max, terms.down_min, second=second
    )


def _vehicle(one: VehicleView) -> Choice:
    """A vehicle of the group, as it is chosen: its plate, how much, and below the number of its bill."""
    amount, number = money.shown(money.KES, one.minor), unbroken(numbers.printed(one.number))
    return Choice(
        lambda words: f"{plates.shown(one.plate) or words(N_('on foot'))} · {amount}", lambda _: number,
        one.number,
    )  # fmt: skip


def _waiting(bill: Waiting) -> Choice:
    """A bill put aside, as it is chosen: whose and how much, and below since when and its number."""
    amount, number = money.shown(money.KES, bill.total_minor), unbroken(numbers.printed(bill.number))
    return Choice(
        lambda words: f"{plates.shown(bill.plate) or words(N_('on foot'))} · {amount}",
        lambda words: f"{words.moment(bill.since_ms)} · {number}",
        bill.number,
    )
