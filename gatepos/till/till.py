"""A till: all that a clerk can do, put together over one ledger."""

from collections.abc import Callable

from gatepos.domain import moments, scanned
from gatepos.domain import slip as slips
from gatepos.domain.clock import Clock
from gatepos.domain.parks import Park
from gatepos.i18n import Words
from gatepos.ledger.ledger import Ledger
from gatepos.seal.pins import PinBook
from gatepos.seal.radio import Secrets
from gatepos.till import state_views, views
from gatepos.till.approvals import Approvals
from gatepos.till.capture import Capture
from gatepos.till.cash import Cash
from gatepos.till.central_pages import CentralPages
from gatepos.till.checkout import Checkout
from gatepos.till.confirmations import Confirmations
from gatepos.till.corrections import Corrections
from gatepos.till.custody import Custody
from gatepos.till.desk import Book, Desk
from gatepos.till.drill import Drill
from gatepos.till.erasing import Erasing
from gatepos.till.feeds import Feeds
from gatepos.till.free_entry import FreeEntry
from gatepos.till.gate import Gate
from gatepos.till.greeting import Greeting
from gatepos.till.heads import Heads
from gatepos.till.hearing import Hearing
from gatepos.till.history import History
from gatepos.till.keys import Keys
from gatepos.till.leaving import AtLane, Leaving
from gatepos.till.listed import Listed
from gatepos.till.morning import Morning
from gatepos.till.offline import Offline
from gatepos.till.outage import Outages
from gatepos.till.pass_lists import PassLists
from gatepos.till.passes import Passes
from gatepos.till.payments import Payments
from gatepos.till.personal import Personal
from gatepos.till.prepaid import Prepaid
from gatepos.till.printing import Printing
from gatepos.till.radio import Radio
from gatepos.till.reconciliation import Reconciliation
from gatepos.till.refund_list import RefundList
from gatepos.till.refunds import Refunds
from gatepos.till.repricing import Repricing
from gatepos.till.selling import Selling
from gatepos.till.set_up import SetUp
from gatepos.till.settling import Settling
from gatepos.till.shifts import Shifts
from gatepos.till.sight import Sight
from gatepos.till.sign_in import Proves, SignIn
from gatepos.till.slips import Slips
from gatepos.till.tariff import Tariff
from gatepos.till.telephone import Telephone
from gatepos.till.ticket_lists import TicketLists
from gatepos.till.training import Training
from gatepos.till.window import Window


class Till:
    """The rooms of a till; every call belongs on the ledger's one thread.

    `proves` makes it a training till, whose people prove themselves to the real one.
    """

    def __init__(
        self,
        ledger: Ledger,
        book: Book,
        park: Park,
        pins: PinBook,
        secrets: Secrets,
        clock: Clock,
        new_id: Callable[[], str],
        words: Words,
        proves: Proves | None = None,
    ):
        self.desk = Desk(ledger, book, park, clock, new_id, is_training=proves is not None)
        self.window, self.lane = Window(self.desk), Window(self.desk)
        self.sign_in = SignIn(self.desk, pins, (self.window, self.lane), proves)
        self.greeting = Greeting(self.desk, self.sign_in)
        self.radio = Radio(self.desk, self.sign_in, secrets)
        self.approvals = Approvals(self.desk, self.sign_in, self.radio)
        self.checkout = Checkout(self.desk, self.window, self.lane)
        self.corrections = Corrections(self.desk, self.window, self.checkout, self.approvals)
        selling = Selling(self.desk, self.window, self.checkout, self.corrections, self.approvals)
        self.payments = Payments(self.desk, self.window, selling)
        pages = CentralPages(self.desk)
        self.erasing = Erasing(self.desk, pages)
        self.personal = Personal(self.desk, self.erasing)
        self.filling = Checkout(self.desk, self.lane, self.window)
        self.shifts = Shifts(self.desk, self.personal, self.checkout, self.filling, self.lane)
        self.cash = Cash(self.desk, self.approvals)
        self.outages = Outages(self.desk, self.approvals)
        self.passes = Passes(self.desk, self.window, self.checkout, self.approvals)
        self.custody = Custody(self.desk)
        self.capture = Capture(self.desk, self.window, self.checkout, self.payments)
        self.heads = Heads(self.desk, secrets)
        self.gate = Gate(self.desk, self.lane, self.filling, self.approvals, self.heads)
        self.sight = Sight(self.desk, self.lane, self.filling, self.gate, self.approvals)
        settling = Settling(self.desk, self.lane, self.approvals)
        at_lane = Selling(self.desk, self.lane, self.filling, self.corrections, self.approvals)
        leaving = Leaving(self.desk, self.lane, at_lane)
        self.settlements = Payments(self.desk, self.lane, AtLane(self.lane, settling, leaving))
        self.prepaid = Prepaid(self.desk, self.lane, self.filling, self.gate, self.settlements)
        self.printing = Printing(self.desk, words)
        self.pass_lists = PassLists(self.desk, self.printing)
        self.history = History(self.desk, self.printing)
        self.refunds = Refunds(self.desk, self.approvals)
        self.refund_list = RefundList(self.desk, self.printing)
        self.ticket_lists = TicketLists(self.desk, self.approvals)
        windows = (self.window, self.lane)
        self.set_up = SetUp(self.desk, pins, self.approvals, self.ticket_lists, windows)
        self.tariff = Tariff(self.desk, self.approvals)
        self.repricing = Repricing(self.desk, self.checkout, self.passes, self.approvals)
        self.free_entry = FreeEntry(self.desk, self.approvals)
        self.training = Training(self.desk)
        self.keys = Keys(self.desk, self.approvals)
        self.hearing = Hearing(self.desk)
        listed = Listed(self.desk, pins, (self.window, self.lane))
        confirmations = Confirmations(self.desk)
        self.feeds = Feeds(self.desk, self.hearing, listed, pages, confirmations)
        self.offline = Offline(self.desk)
        self.reconciliation = Reconciliation(self.desk, self.approvals, confirmations)
        self.telephone = Telephone(self.desk, secrets)
        self.slips = Slips(self.desk, self.window, self.checkout)
        self.drill = Drill(self.desk, self.offline, self.outages, self.capture)
        self.morning = Morning(self.desk, pages, self.radio)

    def read(self, typed: str, how: str) -> views.ScanView | views.SellView:
        """What was read whatever stands on the screen: a slip becomes the bill in work, a paper is looked at.

        Of several that ran together the last is shown. MoneyTaken while a bill is paid in part.
        """
        *before, last = scanned.split(typed) or (typed,)
        for piece in before:
            self._read(piece, how)
        return self._read(last, how)

    def scan(self, typed: str, how: str) -> views.ScanView:
        """A paper that was read whatever stands on the screen; MoneyTaken while a bill is paid in part."""
        self.window.check_no_money()
        view = self.gate.scan(typed, how)
        return self.prepaid.bring(self.window, self.checkout) if view.ticket else view

    def _read(self, piece: str, how: str) -> views.ScanView | views.SellView:
        slip = slips.of_scan(piece)
        return self.scan(piece, how) if slip is None else self.slips.take(slip)

    def health(self) -> state_views.Health:
        """How the till itself is."""
        ledger, outage = self.desk.ledger, self.desk.outage()
        return state_views.Health(
            papers_waiting=ledger.prints.waiting(),
            on_two_files=ledger.tapes.is_whole(ledger.head[0]),
            damage=ledger.damage,
            held=ledger.held,
            clock=ledger.state.clock,
            outage_since_ms=moments.from_text(str(outage.data["since"])) if outage else 0,
            outage_paybill=self.desk.paybill() if outage else "",
        )
