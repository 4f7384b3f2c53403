"""Paying for a bill or for passes: tenders one by one, then the one moment at which it happens.

A second tap, an Enter bounce or a retry finds the bill ended and answers with the same receipt.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from gatepos.domain import moments, money, numbers, payment, policy, sale
from gatepos.domain.canonical import BadForm
from gatepos.domain.payment import NothingTendered, Tender
from gatepos.domain.sale import OverNotCash
from gatepos.domain.staff import NeedsSecond
from gatepos.domain.vocabulary import HELD
from gatepos.errors import Refusal, Said
from gatepos.i18n import N_
from gatepos.ledger import queries, refunds
from gatepos.ledger.ledger import Recorded
from gatepos.till import seen, showing, tickets, views
from gatepos.till.approvals import Second
from gatepos.till.desk import Desk
from gatepos.till.prompts import Prompts
from gatepos.till.window import PayFirst, Spare, Window


class TenderNotAllowed(Refusal):
    """A way of paying that policy does not allow here."""

    says = N_("Policy does not allow this way of paying here.")


class CodeUsedUp(Refusal):
    """A payment code whose money is spent."""

    says = N_("Code {code} is used up by {receipt}. Ask for another code.")


class TicketUsed(CodeUsedUp):
    """A ticket that let somebody in before."""

    says = N_("Ticket {code} was used {time} at {place}.")


class TicketForOne(Refusal):
    """A ticket for several vehicles at once."""

    says = N_("A ticket pays for one vehicle: sell that one alone.")


class TypedMany(NeedsSecond):
    """More references typed than one clerk types in a shift."""

    says = N_(
        "Scan the ticket. {most} references were typed in this shift; a supervisor agrees to one more with"
        " number and PIN."
    )


class NothingHeld(Refusal):
    """A number on which no money is held."""

    says = N_("No money is held on {number}.")


class CodeHeld(Said):
    """The money of a code is held, and can pay."""

    says = N_("{amount} of code {code} is held on {number}: it can pay here.")


class CashOverOutage(Refusal):
    """More cash than the outage's authority allows for one receipt."""

    says = N_("In this outage a receipt or a pass takes at most KES {most} in cash.")


@dataclass(frozen=True, slots=True)
class Judged:
    """A tender that may be taken, what its code has left over, and what the clerk should look at again."""

    tender: Tender
    spare: Spare | None = None
    warnings: tuple[Said, ...] = ()


Typed = tuple[str, tuple[str | None, ...]]
"""A way of paying, and what was typed for it: the values of the method of that name."""


class Counter(Protocol):
    """What is paid for: a bill, or passes."""

    def check(self) -> None:
        """Whether it may be paid for: the refusals of `open`, and nothing is written."""

    def open(self) -> None:
        """From here on there is a number to pay to."""

    def record(self, second: Second | None, *, in_part: bool) -> Recorded:
        """The one moment at which it happens."""


class Payments:
    """The pay panel, over whatever is paid for."""

    def __init__(self, desk: Desk, window: Window, counter: Counter):
        self._desk = desk
        self._window = window
        self._counter = counter
        self.prompts = Prompts(desk, window)
        self._warnings: tuple[Said, ...] = ()
        self._judges: dict[str, Callable[..., Judged]] = {
            "mpesa": self._mpesa, "card": self._card, "cash": self._cash, "ecitizen": self._ticket,
            HELD: self._held,
        }  # fmt: skip

    def pay(self, kind: str) -> views.PayView:
        """Open the bill for payment by `kind`; its number becomes the account to pay to.

        TenderNotAllowed, TicketForOne, as `check`.
        """
        self._check_kind(kind)
        self._counter.open()
        self._window.work.kind = kind
        self._warnings = ()
        return self.view()

    def mpesa(self, typed: str, paid: str | None = None) -> views.PayView | views.RecordedView:
        """An M-PESA code or the whole message; `paid` says what it paid where the message does not.

        Also the number of a receipt, or of its void, on which money is held.
        """
        if numbers.reads(typed):
            return self._tendered(lambda: self._held(typed))
        return self._tendered(lambda: self._mpesa(typed, paid))

    def told(self, typed: str) -> tuple[Said, ...]:
        """What is known of a code while it is typed: what central saw of it, or that it is used up."""
        try:
            code = payment.typed(typed).code
        except Refusal:
            return ()
        used = queries.used(self._desk.ledger, "mpesa", code)
        held = refunds.held_by(self._desk.ledger, "mpesa", code)
        if held is not None:
            return (self._is_held(code, held),)
        if used.receipt and used.used_minor >= used.paid_minor:
            return (self._used_up(code, used.receipt),)
        return seen.told(self._desk, self._window, code)

    def card(
        self, approval: str, last4: str, amount: str | None = None
    ) -> views.PayView | views.RecordedView:
        """A card payment taken on the bank's own terminal."""
        return self._tendered(lambda: self._card(approval, last4, amount))

    def cash(self, currency: str, amount: str) -> views.PayView | views.RecordedView:
        """Notes and coins handed over; change is given in KES."""
        return self._tendered(lambda: self._cash(currency, amount))

    def ticket(self, reference: str, amount: str | None = None) -> views.PayView | views.RecordedView:
        """An eCitizen or KWSPay ticket, unique here, claimed and to be confirmed."""
        return self._tendered(lambda: self._ticket(reference, amount))

    def present(self) -> None:
        """Let the ticket that the bill came with pay first, as much as it covers; however often it is asked.

        TicketUsed, TenderNotAllowed, NothingTendered where it covers nothing.
        """
        work = self._window.work
        ticket = work.ticket
        if ticket is None:
            return
        work.tenders = [tender for tender in work.tenders if tender is not work.presented]
        minor = self._window.ticket_minor()
        tender = self._ticket(ticket.reference, money.amount(minor), is_typed=ticket.is_typed).tender
        self._check_allowed(tender)
        work.tenders.insert(0, tender)
        work.presented = tender

    def at_once(
        self, typed: Sequence[Typed], second: Second | None = None, *, in_part: bool = False
    ) -> tuple[views.RecordedView, tuple[Said, ...]]:
        """All tenders in one step, with their warnings: every one is judged before anything is written.

        The refusals of each tender, of the bill, and of `record`; after one nothing is tendered.
        """
        tenders = self._window.work.tenders
        warned: list[Said] = []
        try:
            self._counter.check()
            for kind, values in typed:
                judged = self._judges[kind](*values)
                self._check_allowed(judged.tender)
                tenders.append(judged.tender)
                self._window.spare = judged.spare
                warned += judged.warnings
            if not in_part:
                sale.settle(self._window.total_minor(), tenders, self._window.moved_minor())
            self._counter.open()
            return self.record(second, in_part=in_part), tuple(warned)
        except Refusal:
            tenders.clear()
            raise

    def _mpesa(self, typed: str, paid: str | None = None) -> Judged:
        read = payment.typed(typed)
        code = read.code
        self._check_unused("ecitizen", code)
        used = queries.used(self._desk.ledger, "mpesa", code)
        here_minor = sum(t.kes_minor for t in self._window.work.tenders if _is_reference(t, "mpesa", code))
        due_minor = max(self._window.rest_minor(), 0)
        stated_minor = money.parse(paid) if paid is not None else read.amount_minor
        if stated_minor is not None:
            payment.carried(stated_minor)
        # Nobody says what it paid: what is due, and no more than one payment can have carried.
        said_minor = seen.paid_minor(self._desk, code) or stated_minor
        paid_minor = used.paid_minor or said_minor or min(due_minor, payment.MPESA_MOST_MINOR)
        # Whole shillings count, or cash beside it would be given cents back; the cents stay on the code.
        free_minor = money.whole(max(paid_minor - used.used_minor - here_minor, 0))
        share_minor = seen.share_minor(self._desk, self._window, code)
        left_minor = free_minor if share_minor is None else max(min(free_minor, share_minor - here_minor), 0)
        if due_minor and not left_minor:
            held = refunds.held_by(self._desk.ledger, "mpesa", code)
            if held is not None and self._held_minor(held):
                return self._held(held)
            raise self._used_up(code, used.receipt)
        by_clock = moments.local_day(self._desk.clock.wall_ms())
        warnings = (
            *payment.warnings(read, self._window.account(), self._desk.today(), by_clock),
            *seen.of_code(self._desk, self._window, code, stated_minor),
        )
        amount = min(left_minor, due_minor)
        tender = payment.mpesa(code, amount, paid_minor, self._window.paybill())
        # While something is due here, what is left of the code is others' of the group.
        spare = Spare(code, free_minor - amount) if free_minor > amount == due_minor else None
        return Judged(tender, spare, warnings)

    def _card(self, approval: str, last4: str, amount: str | None = None) -> Judged:
        return Judged(payment.card(approval, last4, self._stated(amount)))

    def _cash(self, currency: str, amount: str) -> Judged:
        if currency == money.USD and not self._desk.policy.flag(policy.USD_CASH):
            raise TenderNotAllowed()
        rate_e4 = self._desk.ledger.state.rate_e4
        return Judged(payment.cash(currency, money.parse(amount), rate_e4))

    def _ticket(self, reference: str, amount: str | None = None, *, is_typed: bool = True) -> Judged:
        found = payment.ticket(reference)
        held = refunds.held_by(self._desk.ledger, "ecitizen", found)
        if held is not None and self._held_minor(held):
            return self._held(held)
        if tickets.use(self._desk, found) is not None:
            raise self.used(found)
        self._check_unused("ecitizen", found)
        self._check_unused("mpesa", found)
        listed = tickets.listed(self._desk, found, self._window.work.bill.enter_on)
        at = listed.listed_at if listed else None
        return Judged(payment.ecitizen(found, self._stated(amount), at, is_typed=is_typed))

    def _held(self, typed: str, amount: str | None = None) -> Judged:
        number = refunds.paper_of(self._desk.ledger, str(numbers.parse(typed)))
        free_minor = self._held_minor(number)
        if not free_minor:
            raise NothingHeld(number=numbers.printed(number))
        asked_minor = money.parse(amount) if amount else free_minor
        minor = min(free_minor, asked_minor, max(self._window.rest_minor(), 0))
        left_minor = free_minor - minor
        return Judged(
            payment.held(number, minor), Spare(numbers.printed(number), left_minor) if left_minor else None
        )

    def _held_minor(self, number: str) -> int:
        """KES that is held on a receipt, what is tendered of it here taken off."""
        here = (t.kes_minor for t in self._window.work.tenders if _is_reference(t, HELD, number))
        is_receipt = number[4] == numbers.RECEIPT
        return max(refunds.free_minor(self._desk.ledger, number) - sum(here), 0) if is_receipt else 0

    def _is_held(self, code: str, number: str) -> Said:
        amount = money.shown(money.KES, refunds.free_minor(self._desk.ledger, number))
        return CodeHeld(code=code, number=numbers.printed(number), amount=amount)

    def untender(self) -> views.PayView:
        """Take back the last tender, before anything is recorded."""
        self._desk.shift()
        if self._window.work.tenders:
            self._window.work.tenders.pop()
        return self.view()

    def record(self, second: Second | None = None, *, in_part: bool = False) -> views.RecordedView:
        """End the work; ShortTender unless `in_part`, OverNotCash, NeedsSecond, what the ledger refuses."""
        if self._window.account() is None:
            raise PayFirst()
        self._counter.open()
        self._check_typed(second)
        done = self._counter.record(second, in_part=in_part)
        self._window.remember(done, self._window.work.recorded)
        self._window.work = self._window.fresh()
        return self.recorded()

    def view(self) -> views.PayView:
        """All that the pay panel shows."""
        return showing.pay(self._desk, self._window, self._warnings)

    def recorded(self) -> views.RecordedView:
        """The sale just recorded."""
        if self._window.last is None:
            raise PayFirst()
        return showing.recorded(self._window.last, self._window.before_last)

    def _tendered(self, judge: Callable[[], Judged]) -> views.PayView | views.RecordedView:
        """One more tender; the last one records the sale, unless the clerk has yet to read a warning."""
        work = self._window.work
        if self._window.account() is None:
            raise PayFirst()
        judged = judge()
        tender = judged.tender
        self._check_allowed(tender)
        work.tenders.append(tender)
        self._window.spare, self._warnings = judged.spare, judged.warnings
        if judged.warnings or self._window.rest_minor() > 0:
            return self.view()
        try:
            return self.record()
        except (OverNotCash, BadForm):
            work.tenders.pop()
            raise

    def _check_kind(self, kind: str) -> None:
        """TenderNotAllowed, TicketForOne."""
        if not self._desk.allows(kind, self._window.outage()):
            raise TenderNotAllowed()
        if kind == "ecitizen" and self._window.work.group:
            raise TicketForOne()

    def _check_allowed(self, tender: Tender) -> None:
        """Nothing while the till is locked.

        TenderNotAllowed, TicketForOne, NothingTendered, CashOverOutage.
        """
        self._desk.shift()
        self._check_kind(tender.kind)
        if tender.kes_minor <= 0:
            raise NothingTendered()
        most = self._desk.cash_max_minor(self._window.outage())
        if tender.kind == "cash" and most is not None:
            work = self._window.work
            cash = sum(t.kes_minor for t in work.tenders if t.kind == "cash")
            # Parts of a pass are one payment: paid in many receipts it takes no more.
            cash += sum(queries.cash_on(self._desk.ledger, owed.paper.number) for owed in work.settles)
            if cash + tender.kes_minor > most:
                raise CashOverOutage(most=money.amount(most))

    def _check_typed(self, second: Second | None) -> None:
        """TypedMany when the clerk typed more references in this shift than policy likes."""
        work = self._window.work
        typed = sum(bool(tender.is_typed) for tender in work.tenders)
        if not typed or work.leaf or second is not None:
            return
        most = self._desk.policy.whole(policy.TICKETS_TYPED_MAX)
        if queries.tickets_typed(self._desk.ledger, self._desk.shift()) + typed > most:
            raise TypedMany(most=most)

    def _check_unused(self, kind: str, code: str) -> None:
        """A reference pays once, whichever way of paying it is typed under; CodeUsedUp."""
        used = queries.used(self._desk.ledger, kind, code)
        if used.receipt or any(_is_reference(t, kind, code) for t in self._window.work.tenders):
            raise self._used_up(code, used.receipt)

    def used(self, reference: str) -> CodeUsedUp:
        """Why a ticket lets nobody in any more: when and where it was used."""
        used = tickets.use(self._desk, reference)
        if used is None:
            return self._used_up(reference, None)
        return TicketUsed(code=reference, time=used.when(self._desk), place=used.place)

    def _used_up(self, code: str, receipt: str | None) -> CodeUsedUp:
        by = receipt or self._window.number()
        return CodeUsedUp(code=code, receipt=numbers.printed(by) if by else code)

    def _stated(self, amount: str | None) -> int:
        return money.parse(amount) if amount is not None else max(self._window.rest_minor(), 0)


def _is_reference(tender: Tender, kind: str, code: str) -> bool:
    return tender.kind == kind and payment.folded(tender.reference or "") == payment.folded(code)
