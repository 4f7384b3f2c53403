"""Sell: the vehicle at the left, its bill at the right, and in the bill's place below the total the payment.

Nothing is decided here: each touch becomes one call of the till, and what it answers is shown.
"""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import cast

from PySide6.QtCore import QTimer, Signal

from gatepos.domain import labels, money, numbers, plates, text
from gatepos.domain.bill import FeeKey
from gatepos.i18n import N_, Words
from gatepos.ledger.ledger import Recorded
from gatepos.screens.bill import BillPanel
from gatepos.screens.bridge import Bridge
from gatepos.screens.choosing import Choice
from gatepos.screens.exits import ExitsSheet
from gatepos.screens.kit import Kit
from gatepos.screens.look import unbroken
from gatepos.screens.more import MoreSheet
from gatepos.screens.outage import OutageSheet, Terms
from gatepos.screens.page import Page
from gatepos.screens.paying import Paying
from gatepos.screens.payments import PaymentsPanel
from gatepos.screens.people import DAYS, ENTER_ON, NIGHTS, OPERATOR, PLATE, PeoplePanel
from gatepos.screens.recorded import RecordedPanel
from gatepos.screens.ways import WaysPanel
from gatepos.screens.widgets.entry import Keys
from gatepos.till.approvals import Second
from gatepos.till.outage import Outages
from gatepos.till.till import Till
from gatepos.till.views import OutageView, RecordedView, SellView, Waiting

_DAYS_OFFERED = 13
_SCHOOL = "school"


class SellScreen(Page):
    """The screen on which a till spends its day."""

    recorded = Signal(object)
    code_wanted = Signal(str, str)
    viewed = Signal(object)
    paying = Signal(object)
    outage_changed = Signal()

    def __init__(self, kit: Kit, bridge: Bridge, till: Till):
        people, bill = PeoplePanel(kit), BillPanel(kit)
        super().__init__(kit, bridge, till, people, bill)
        self.people = people
        self.bill = bill
        self.view: SellView | None = None
        self.ways = WaysPanel(kit)
        self.payments = PaymentsPanel(kit)
        self.done = RecordedPanel(kit)
        self.more = MoreSheet(kit)
        self.outage = OutageSheet(kit)
        self.exits = ExitsSheet(kit)
        for below in (self.ways, self.payments, self.done):
            self.bill.add_below(below)
        self.follow_lines(self.payments)
        for sheet in (self.more, self.outage, self.exits):
            self.add_sheet(sheet)
        self.money = Paying(self, till.payments, self.payments, bill)
        self.money.shown.connect(self.paying)
        self.money.recorded.connect(self.show_recorded)
        self.payments.left.connect(self.start)
        self._wire_people()
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
        self.people.show_view(view)
        self.bill.show_view(view)
        self.ways.show_view(view)
        self._ask_passed(view)
        self.more.show_view(view)
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
        self.bridge.ask(action, self.show_view)

    def pay(self, kind: str) -> None:
        """Open the bill for payment."""
        if not self.is_recorded:
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

    def open_more(self) -> None:
        """The other fees, with search."""
        self._open_more("")

    def show_waiting(self) -> None:
        """The bills put aside, to choose one."""
        view = self.view
        if view is None or not view.waiting:
            return
        checkout = self.till.checkout
        self.ask_choice(
            N_("Waiting bills"), [_waiting(bill) for bill in view.waiting],
            lambda number: self.ask(lambda: checkout.resume(str(number))), finds=True,
        )  # fmt: skip

    def start_next(self) -> None:
        """Leave the recorded sale for the next vehicle."""
        self.start()
        self.people.tiles()[0].setFocus()

    def _show_fresh(self, view: SellView) -> None:
        self.view = view
        self.people.show_view(view)
        self.more.show_view(view)
        self.exits.show_view(view)
        self.ways.show_view(view)
        self.viewed.emit(view)

    def _ask_passed(self, view: SellView) -> None:
        if view.may_pass and view.lines:
            self.bridge.ask(self.till.passes.warnings, self.ways.show_passed)
        else:
            self.ways.show_passed(())

    def _show_outage(self, view: OutageView) -> None:
        if self.is_recorded:
            self.bill.show_below(self.ways)
        self.show_sheet(self.outage)
        self.outage.show_view(view)

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

    def _wire_people(self) -> None:
        people, checkout = self.people, self.till.checkout
        people.stepped.connect(lambda key, by: self.ask(lambda: checkout.tap(key, by)))
        people.counted.connect(lambda key, n: self.ask(lambda: checkout.count(key, n)))
        people.keypad_wanted.connect(self._ask_count)
        people.freed.connect(lambda ground, by: self.ask(lambda: checkout.free(ground, by)))
        people.free_counted.connect(lambda ground, n: self.ask(lambda: checkout.count_free(ground, n)))
        people.evidence_wanted.connect(self._ask_evidence)
        people.vehicle_touched.connect(self._on_vehicle)
        people.field_touched.connect(self._on_field)
        people.school_touched.connect(self._on_school)
        people.more_touched.connect(self.open_more)
        people.product_touched.connect(self._ask_product)
        self.more.stepped.connect(lambda key, by: self.ask(lambda: checkout.tap(key, by)))
        self.more.counted.connect(lambda key, n: self.ask(lambda: checkout.count(key, n)))
        self.more.keypad_wanted.connect(self._ask_count)
        self.more.institution_touched.connect(self._ask_institution)

    def _wire_money(self) -> None:
        self.bill.cleared.connect(lambda: self.ask(self.till.checkout.clear))
        self.ways.pay_touched.connect(self.pay)
        self.ways.pass_touched.connect(self.issue_pass)
        self.ways.hold_touched.connect(self.hold)
        self.ways.waiting_touched.connect(self.show_waiting)
        self.done.next_touched.connect(self.start_next)
        self.done.code_wanted.connect(self.code_wanted)

    # Questions.

    def _ask_count(self, key: FeeKey) -> None:
        checkout = self.till.checkout
        self.ask_text(
            lambda words: labels.fee(*key, words, self.kit.titles), Keys.DIGITS, "",
            lambda typed: self.ask(lambda: checkout.count(key, text.whole(typed))),
        )  # fmt: skip

    def _ask_evidence(self, ground: str) -> None:
        checkout, name = self.till.checkout, labels.GROUNDS[ground]
        self.ask_choice(
            lambda words: words(N_("What was shown for {ground}?"), ground=words(name)),
            [Choice(says, "", code) for code, says in labels.EVIDENCE.items()],
            lambda code: self.ask(lambda: checkout.evidence(ground, str(code))),
        )

    def _show_exits(self) -> None:
        self.show_sheet(self.exits)
        self.exits.begin()

    def _ask_driver(self) -> None:
        if self.view is not None:
            self.ask_text(
                N_("Driver's phone"), Keys.DIGITS, self.view.driver,
                lambda typed: self.ask(lambda: self.till.passes.driver(typed)),
            )  # fmt: skip

    def _on_vehicle(self, band: int) -> None:
        """A vehicle needs its plate: ask for it at once."""
        self.bridge.ask(lambda: self.till.checkout.vehicle(band), self._show_vehicle)

    def _show_vehicle(self, view: SellView) -> None:
        self.show_view(view)
        if view.band and not view.plate:
            # After the touch that chose the vehicle has ended, so that it does not close the question.
            QTimer.singleShot(0, lambda: self._on_field(PLATE))

    def _on_field(self, name: str) -> None:
        view, checkout = self.view, self.till.checkout
        if view is None:
            return
        if name == PLATE:
            self.ask_text(N_("Plate"), Keys.CODE, plates.shown(view.plate), self._on_plate)
        elif name == OPERATOR:
            self.ask_text(
                N_("Operator"), Keys.TEXT, view.operator or "",
                lambda typed: self.ask(lambda: checkout.operator(typed)),
            )  # fmt: skip
        elif name == DAYS:
            nights = view.nights
            self.ask_text(
                N_("Days"), Keys.DIGITS, str(view.days),
                lambda typed: self.ask(lambda: checkout.stay(text.whole(typed), nights)),
            )  # fmt: skip
        elif name == NIGHTS:
            days = view.days
            self.ask_text(
                N_("Nights"), Keys.DIGITS, str(view.nights),
                lambda typed: self.ask(lambda: checkout.stay(days, text.whole(typed))),
            )  # fmt: skip
        elif name == ENTER_ON:
            self._ask_day(view)

    def _on_plate(self, typed: str) -> None:
        """After the plate the next thing is the payment."""
        self.ask(lambda: self.till.checkout.plate(typed))
        self.ways.tenders["mpesa"].setFocus()

    def _ask_day(self, view: SellView) -> None:
        days = [view.today + timedelta(days=n) for n in range(_DAYS_OFFERED)]
        choices = [
            Choice(
                partial(Words.day, on=on),
                N_("today") if on == view.today else "",
                on,
                is_chosen=on == view.enter_on,
            )
            for on in days
        ]
        choices.append(Choice(N_("A later day…"), "", None))
        self.ask_choice(N_("Enter on"), choices, self._on_day)

    def _on_day(self, value: object) -> None:
        checkout = self.till.checkout
        if value is not None:
            on = cast(date, value)
            self.ask(lambda: checkout.enter_on(on))
            return
        self.ask_text(
            N_("Enter on"), Keys.AMOUNT, "",
            lambda typed: self.ask(lambda: checkout.enter_on(text.day(typed))),
        )  # fmt: skip

    def _ask_product(self) -> None:
        view = self.view
        if view is None:
            return
        products = self.till.desk.book.parks.products
        choices = [
            Choice(products[code].name, code, code, is_chosen=code == view.product) for code in view.products
        ]
        self.ask_choice(
            N_("Other park or package"), choices,
            lambda code: self.ask(lambda: self.till.checkout.product(str(code))),
        )  # fmt: skip

    def _on_school(self) -> None:
        """A school trip: the letter once a bill, then its pupils and adults."""
        self._open_more(_SCHOOL)
        if self.view is not None and not self.view.institution:
            self._ask_institution()

    def _ask_institution(self) -> None:
        checkout = self.till.checkout
        self.ask_text(
            N_("School whose letter was seen"), Keys.TEXT, "",
            lambda typed: self.ask(lambda: checkout.institution(typed)),
        )  # fmt: skip

    def _open_more(self, category: str) -> None:
        if self.view is not None:
            self.show_sheet(self.more)
            self.more.open(category, self.view)


def _open(outages: Outages, terms: Terms, second: Second | None) -> Recorded:
    return outages.open(
        terms.cause, terms.authority, terms.paybill, terms.cash_max, terms.down_min, second=second
    )


def _waiting(bill: Waiting) -> Choice:
    """A bill put aside, as it is chosen: whose and how much, and below since when and its number."""
    amount, number = money.shown(money.KES, bill.total_minor), unbroken(numbers.printed(bill.number))
    return Choice(
        lambda words: f"{plates.shown(bill.plate) or words(N_('on foot'))} · {amount}",
        lambda words: f"{words.moment(bill.since_ms)} · {number}",
        bill.number,
    )
