"""The bill that a ticket paid elsewhere opened at the lane: one touch records it, with its top-up if any."""

from collections.abc import Callable
from dataclasses import replace

from gatepos.domain import money, sale
from gatepos.till import views
from gatepos.till.approvals import Second
from gatepos.till.checkout import Checkout
from gatepos.till.desk import Desk
from gatepos.till.gate import Gate, NothingScanned
from gatepos.till.payments import Payments
from gatepos.till.tickets import IsListed
from gatepos.till.window import Ticket, Window


class Prepaid:
    """The ticket at the lane; `filling` taps its bill, `payments` take what it does not cover."""

    def __init__(self, desk: Desk, window: Window, filling: Checkout, gate: Gate, payments: Payments):
        self._desk = desk
        self._window = window
        self._filling = filling
        self._gate = gate
        self._payments = payments

    def bring(self, window: Window, checkout: Checkout) -> views.ScanView:
        """The ticket at the lane pays for what was tapped at another window that waits for one."""
        work = window.work
        waits = work.opened is not None and work.kind == "ecitizen"
        is_alone = not (work.corrects or work.replaces or work.leaf or work.group)
        if waits and self._window.work.ticket and is_alone:
            self._window.work.bill = work.bill
            checkout.leave("left")
        return self._gate.view()

    def bill(self) -> views.SellView:
        """The bill of the ticket, to be tapped; NothingScanned."""
        self._ticket()
        return self._filling.view()

    def change(self, action: Callable[[], views.SellView]) -> views.SellView:
        """Tap who comes beside those of the ticket, by `action`; MoneyTaken once a top-up is paid."""
        self._ticket()
        self._window.check_no_money()
        return action()

    def cover(self, *, has_vehicle: bool, stated: str = "") -> views.ScanView:
        """What a ticket covers that is on no list: its people, the vehicle too, or so many KES.

        IsListed, MoneyTaken.
        """
        ticket = self._ticket()
        self._window.check_no_money()
        if ticket.covers is not None:
            raise IsListed()
        minor = money.parse(stated) if stated else None
        self._window.work.ticket = replace(ticket, has_vehicle=has_vehicle, stated_minor=minor)
        return self._gate.view()

    def present(self) -> None:
        """The ticket pays first, then money what it does not cover; NothingScanned, TicketUsed."""
        self._ticket()
        self._payments.present()

    def record(self, second: Second | None = None) -> views.RecordedView:
        """The receipt whose tender is the ticket; nothing is opened before it may be recorded.

        NothingScanned, ShortTender where a top-up is to pay, TicketUsed, TypedMany, what the bill refuses.
        """
        self._desk.shift()
        self._ticket()
        self._filling.check()
        self.present()
        sale.settle(self._window.total_minor(), self._window.work.tenders)
        self._payments.pay("ecitizen")
        return self._payments.record(second)

    def finish(self) -> views.ScanView:
        """What stands at the lane once the ticket became a receipt; NothingScanned."""
        last = self._window.last
        if last is None or last.entry.number is None:
            raise NothingScanned()
        return self._gate.finish_ticket(last.entry.number)

    def _ticket(self) -> Ticket:
        ticket = self._window.work.ticket
        if ticket is None:
            raise NothingScanned()
        return ticket
