"""The right of Scan: what is to be settled, the account to pay to, the total, and below it the ways on."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from gatepos.domain import money
from gatepos.i18n import N_
from gatepos.screens import verdict
from gatepos.screens.bill import line_texts
from gatepos.screens.heard_money import HeardMoney
from gatepos.screens.kit import Kit
from gatepos.screens.look import LARGE, MONEY, SEMIBOLD, TEXT, label, mean, unbroken
from gatepos.screens.payments import AccountBox, PaymentsPanel
from gatepos.screens.recorded import RecordedPanel
from gatepos.screens.seen import Seen, SeenWays
from gatepos.screens.ticket_ways import TicketWays, ticket_lines
from gatepos.screens.verdict_box import VerdictBox
from gatepos.screens.ways import TenderKeys
from gatepos.screens.widgets.arrange import column, row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.lines import LinesArea, LineText, MoreLines
from gatepos.screens.widgets.pages import FittedPages
from gatepos.screens.widgets.tile import Ground
from gatepos.screens.widgets.total import Total
from gatepos.till.views import LeftView, PayView, RecordedView, ScanView, SellView, TicketView

_LINES_LEAST = 72


class SettlePanel(QFrame):
    """Shows what a ScanView has to settle, or a SellView of what is seen without a paper.

    `below` holds the ways on, the pay panel, or what was recorded.
    """

    def __init__(self, kit: Kit):
        super().__init__()
        mean(self, "side")
        self._kit = kit
        self._view: ScanView | None = None
        self._bill: SellView | None = None
        self._bill_title, self._caption, self._minor = "", "", 0
        self.title = label("", TEXT, SEMIBOLD, "second", wraps=True)
        self.lines = LinesArea(kit)
        self.lines.setMinimumHeight(_LINES_LEAST)
        self.lines.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.account = AccountBox(kit)
        self.total = Total(kit)
        self.below = FittedPages(gives_way=True)
        self.ways, self.payments = SettleWays(kit), PaymentsPanel(kit, takes_parts=True)
        self.seen, self.done = SeenWays(kit), RecordedPanel(kit)
        self.ticket = TicketWays(kit)
        self.slim = VerdictBox(kit, is_slim=True)
        self._is_slim = False
        for page in (self.ways, self.seen, self.ticket, self.payments, self.done):
            self.below.addWidget(page)
        self.more = MoreLines(kit, self.lines)
        top = row(self.title, self.more)
        top.setStretch(0, 1)
        layout = column(
            self.slim, top, self.lines, self.account, self.total, self.below,
            gap=6, margins=(20, 12, 20, 14),
        )  # fmt: skip
        layout.setStretch(2, 1)
        self.setLayout(layout)
        kit.speech.changed.connect(self._speak)
        self.show_view(None)

    def show_below(self, page: QWidget) -> None:
        """Let `page` stand below the total."""
        self.below.setCurrentWidget(page)
        self._speak()

    def show_view(self, view: ScanView | None) -> None:
        """Show what is to be settled on a paper, or that there is none."""
        self._view, self._bill = view, None
        self._show_slim()
        if view is not None and view.ticket is not None and view.ticket.is_open:
            self._show_ticket(view.ticket)
            return
        self.payments.takes_parts = True
        pay = view.pay if view else None
        self._caption, self._minor = N_("To pay"), pay.rest_minor if pay else 0
        self.ways.show_view(view)
        self.show_below(self.ways)

    def show_slim(self, *, is_on: bool) -> None:
        """Whether the verdict stands here, because people are tapped where it stood."""
        self._is_slim = is_on
        self._show_slim()

    def _show_slim(self) -> None:
        self.slim.show_view(self._view if self._is_slim else None)

    def _show_ticket(self, ticket: TicketView) -> None:
        """What a ticket covers, and what is paid here beside it; never in part."""
        self.payments.takes_parts = False
        is_paid = not ticket.rest_minor
        self._caption = N_("The ticket pays") if is_paid else N_("Top-up to pay")
        self._minor = ticket.covered_minor if is_paid else ticket.rest_minor
        self.ticket.show_view(ticket)
        self.show_below(self.ticket)

    def show_seen(self, seen: Seen, view: SellView) -> None:
        """Show what is seen, and what it costs; without a pass it is never paid in part."""
        self._view, self._bill = None, view
        self._bill_title = N_("Settle from sight") if seen.is_pass else N_("No pass")
        self._caption = N_("Left to pay") if seen.paid_minor else N_("To pay")
        self._minor = max(view.total_minor - seen.paid_minor, 0)
        self.payments.takes_parts = seen.is_pass
        self.seen.show_view(seen, view)
        self.show_below(self.seen)

    def show_rest(self, view: PayView) -> None:
        """Of what is paid in part, show what is left, or what goes back."""
        minor = view.rest_minor - view.change_minor
        self._caption = N_("Left to pay") if minor >= 0 else N_("To refund")
        self._minor = abs(minor)
        self._speak()

    def show_recorded(self, view: RecordedView) -> None:
        """It stands on the ledger."""
        self._caption, self._minor = N_("Paid"), view.total_minor
        self.done.show_view(view)
        self.show_below(self.done)

    def show_left(self, view: LeftView) -> None:
        """They were let out without paying, and that stands on the ledger."""
        self._caption, self._minor = N_("Not paid"), view.owed_minor
        self.done.show_view(view)
        self.show_below(self.done)

    def show_again(self, view: ScanView) -> None:
        """What was recorded stays in sight with what the gate says of the paper now."""
        self._view = view
        self.ways.show_view(view)
        if view.settles:
            self.done.name_next(N_("Collect the rest"))
        self._speak()

    def _speak(self) -> None:
        words, view = self._kit.speech.words, self._view
        is_at_ways = self.below.currentWidget() is self.ways
        has_money = bool(view and view.settles) or not is_at_ways
        is_done = self.below.currentWidget() is self.done and not (view and view.settles)
        title = N_("To settle") if has_money else N_("Nothing to settle")
        says = words(self._bill_title if self._bill else N_("Settled") if is_done else title)
        if view and view.ticket and not is_done:
            typed, scanned = N_("Prepaid: ticket {reference}, typed"), N_("Prepaid: ticket {reference}")
            named = typed if view.ticket.is_typed else scanned
            says = words(named, reference=unbroken(view.ticket.reference))
        self.title.setText(says)
        self.lines.show_lines(self._lines() if has_money else ())
        pay = view.pay if view else None
        is_to_pay = bool(pay and pay.paybill and pay.rest_minor and not pay.seen)
        self.account.setVisible(is_to_pay and is_at_ways)
        if pay:
            self.account.show_view(pay)
        self.total.show_amount(self._caption, money.shown(money.KES, self._minor))
        self.total.setVisible(has_money)

    def _lines(self) -> tuple[LineText, ...]:
        words, view, bill = self._kit.speech.words, self._view, self._bill
        if bill is not None:
            return line_texts(bill.lines, bill.plate, self._kit)
        if view is None:
            return ()
        if view.ticket is not None:
            return ticket_lines(view.ticket, view.plate, self._kit)
        found = []
        for one in view.settles:
            fees = money.shown(money.KES, one.fees_minor)
            found.append(LineText(words(N_("Fees on pass {number}"), number=unbroken(one.number)), fees))
        if found:
            minor = sum(one.overstay_minor for one in view.settles)
            found.append(LineText(words(N_("Overstay")), money.shown(money.KES, minor), self._over(view)))
        return tuple(found)

    def _over(self, view: ScanView) -> str:
        words = self._kit.speech.words
        over = verdict.over(view, words)
        if not over:
            return words(N_("none"))
        return over if view.overstay_minor else words(N_("{time}, nothing to charge"), time=over)


class SettleWays(QWidget):
    """The ways on from a paper: paying, leaving on undertaking or on a ground, another pass, the next one."""

    pay_touched = Signal(str)
    next_touched = Signal()

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self.keys = TenderKeys(kit)
        self.tenders = self.keys.tiles
        self.keys.touched.connect(self.pay_touched)
        self.seen = HeardMoney(kit)
        self.undertaking, self.ground = TouchButton(kit), TouchButton(kit)
        self.another, self.waive = TouchButton(kit), TouchButton(kit)
        self.next = TouchButton(kit, key="↵", height=64, ground=Ground.DO, px=LARGE - 2)
        self.next.clicked.connect(self.next_touched)
        self.money = (self.keys, self.undertaking, self.ground)
        beside = row(self.ground, self.another, self.waive)
        ways = (self.seen, self.keys, self.undertaking, beside, self.next)
        self.setLayout(column(*ways, gap=8, margins=(0, 6, 0, 0)))
        self.undertaking.setMinimumHeight(MONEY)
        kit.speech.say(self.undertaking.set_text, N_("Leave on undertaking"))
        kit.speech.say(self.ground.set_text, N_("Let out, on a ground"))
        kit.speech.say(self.another.set_text, N_("Another pass…"))
        kit.speech.say(self.waive.set_text, N_("Waive the overstay"))
        kit.speech.say(self.next.set_text, N_("Next vehicle"))

    def show_view(self, view: ScanView | None) -> None:
        """What can be done about a paper; with none at the lane nothing."""
        settles = view.settles if view else ()
        may_leave = view is not None and view.may_leave
        for part in self.money:
            part.setVisible(bool(settles))
        for alone in (self.undertaking, self.ground):
            alone.setVisible(len(settles) == 1 and may_leave)
        self.seen.show_view(view.pay if view else None)
        is_charged = bool(view and view.overstay_minor)
        self.waive.setVisible(bool(settles) and is_charged)
        self.another.setVisible(bool(settles) and not is_charged)
        if view and view.pay:
            self.keys.show_choices(view.pay.tenders)
        self.next.setVisible(view is not None and not (settles and may_leave))
