"""A ticket at the lane: its bill at the right, one touch records it; who is on no list is tapped."""

from PySide6.QtCore import QObject, QTimer, Signal

from gatepos.errors import Said
from gatepos.i18n import N_
from gatepos.screens.choosing import Choice
from gatepos.screens.page import Page
from gatepos.screens.paying import Paying
from gatepos.screens.seeing import Seeing
from gatepos.screens.settle import SettlePanel
from gatepos.screens.widgets.entry import Keys
from gatepos.till.checkout import PlateMissing
from gatepos.till.views import RecordedView, ScanView, SellView, TicketView

_PEOPLE, _VEHICLE, _AMOUNT = "people", "vehicle", "amount"


class Ticketed(QObject):
    """Taps on `seeing`'s people while its bill stands at the lane; `recorded` gives what it became."""

    shown = Signal(object)
    recorded = Signal(object)
    left = Signal()

    def __init__(self, page: Page, side: SettlePanel, money: Paying, seeing: Seeing):
        super().__init__(page)
        self._page, self._side, self._money = page, side, money
        self._till = page.till
        self._lane = page.home
        self._people, self._filling = seeing.people, seeing.filling
        self._view: TicketView | None = None
        self.ways = side.ticket
        self._filling.shown.connect(self._on_tapped)
        self.ways.record.clicked.connect(self.record)
        self.ways.pay_touched.connect(self.pay)
        self.ways.covers.clicked.connect(self._ask_covers)
        self.ways.cancel.clicked.connect(self.left)

    @property
    def is_on(self) -> bool:
        """Whether the bill of a ticket stands at the lane, not yet recorded."""
        return self._view is not None

    def show(self, view: ScanView | None) -> None:
        """Show the bill of a ticket; one that no list fills in is tapped at once."""
        ticket = view.ticket if view else None
        self._view = ticket if ticket is not None and ticket.is_open else None
        if self._view is not None and not self._view.lines:
            self.change()

    def end(self) -> None:
        """No ticket stands at the lane; the left is the lane's again."""
        self._view = None
        self._go_lane()

    def focus(self) -> None:
        """On what comes next: who is in the vehicle, the touch that records, or the payment."""
        if self._view is None:
            return
        if self._page.home is self._people and not self._view.lines:
            self._people.tiles()[0].setFocus()
        elif self._view.rest_minor:
            self.ways.tenders["mpesa"].setFocus()
        else:
            self.ways.record.setFocus()

    def change(self) -> None:
        """People and vehicle as they stand there."""
        self._page.bridge.ask(self._till.prepaid.bill, self._show_people)

    def record(self) -> None:
        """The one touch; a plate that is missing is asked for first."""
        if self._view is not None:
            prepaid = self._till.prepaid
            self._page.with_second(prepaid.record, self.recorded.emit, self._refused)

    def pay(self, kind: str) -> None:
        """Open what the ticket does not cover for payment."""
        if self._view is not None:
            self._money.pay(kind, self._till.prepaid.present)

    def finish(self, view: RecordedView) -> None:
        """It is a receipt; the next ticket may be scanned at once."""
        self.end()
        self._page.bridge.ask(self._till.prepaid.finish, self._show_finished, lambda _: None)

    def _show_finished(self, view: ScanView) -> None:
        self.shown.emit(view)

    def _show_people(self, view: SellView) -> None:
        if self._view is not None:
            self._page.home = self._people
            self._page.go_home()
            self._filling.show_view(view)
            self._side.show_slim(is_on=True)
            self.focus()

    def _on_tapped(self, view: SellView) -> None:
        if self._view is not None:
            self._filling.show_view(view)
            self._page.bridge.ask(self._till.gate.view, self._show_bill)

    def _show_bill(self, view: ScanView) -> None:
        self._view = view.ticket
        self._side.show_view(view)

    def _go_lane(self) -> None:
        self._side.show_slim(is_on=False)
        if self._page.home is self._people:
            self._page.home = self._lane
            self._page.go_home()

    def _refused(self, said: Said) -> None:
        self._page.bridge.tell(said)
        if isinstance(said, PlateMissing):
            # After the touch that was to record has ended, so that it does not close the question.
            QTimer.singleShot(0, self._ask_plate)

    def _ask_plate(self) -> None:
        till = self._till

        def plated(typed: str) -> ScanView:
            till.prepaid.change(lambda: till.filling.plate(typed))
            return till.gate.view()

        self._page.ask_text(
            N_("Plate"),
            Keys.CODE,
            "",
            lambda typed: self._page.act(lambda: plated(typed), self._show_changed),
        )

    # What a ticket covers that is on no list.

    def _ask_covers(self) -> None:
        choices = (
            Choice(N_("The people"), N_("The vehicle is paid here."), _PEOPLE),
            Choice(N_("People and vehicle"), "", _VEHICLE),
            Choice(N_("Another amount…"), N_("As it stands on the ticket."), _AMOUNT),
        )
        self._page.ask_choice(N_("What has the ticket paid?"), choices, self._on_covers)

    def _on_covers(self, what: object) -> None:
        if what == _AMOUNT:
            self._page.ask_text(
                N_("The ticket paid, KES"), Keys.AMOUNT, "",
                lambda typed: self._cover(stated=typed),
            )  # fmt: skip
        else:
            self._cover(has_vehicle=what == _VEHICLE)

    def _cover(self, *, has_vehicle: bool = False, stated: str = "") -> None:
        prepaid = self._till.prepaid
        self._page.act(lambda: prepaid.cover(has_vehicle=has_vehicle, stated=stated), self._show_changed)

    def _show_changed(self, view: ScanView) -> None:
        self._page.go_home()
        self._show_bill(view)
        self.shown.emit(view)
        self.focus()
