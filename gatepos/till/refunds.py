"""Refunds: requested by one person, decided by another, paid back as the money came; only by appending.

Income is undone when a refund is approved; from then on it is owed to the visitor until it is paid back.
Money that is owed back already, as of a void, is asked for and decided alike, and undoes nothing more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from gatepos.domain import bill as bills
from gatepos.domain import gatepass, money, numbers, payment, policy, postings, refund, staff, text
from gatepos.domain.bill import FeeKey, Line
from gatepos.domain.entry import Entry
from gatepos.domain.refund import NothingToRefund, OverRefund
from gatepos.domain.vocabulary import TENDERS
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import passes, queries, refunds
from gatepos.ledger.ledger import Recorded
from gatepos.ledger.refunds import APPROVED, REQUESTED, Refund
from gatepos.till.approvals import Approvals, SamePerson, Second
from gatepos.till.cash import check_to_hand_back
from gatepos.till.corrections import RECEIPTS, NoSuchReceipt, ReceiptEnded
from gatepos.till.desk import Desk

CASH = "cash"
BY_LINE = (*RECEIPTS, "paper.captured")
"""Papers whose lines may be refunded."""
_OWED_BACK = (*BY_LINE, "pass.issued", "pass.reissued")


class NoSuchRefund(Refusal):
    """A refund that this till does not hold."""

    says = N_(
        "Refund {number} is not in this till. Only the till that issued it can decide on it and pay it."
    )


class WasUsed(Refusal):
    """People went in on it: somebody has to say that this is known."""

    says = N_("{people} people went in on {number}. If it is to be refunded all the same, say that you know.")


class UsedIsKept(Refusal):
    """People went in on it, and policy refunds nothing of that."""

    says = N_("{people} people went in on {number}: policy refunds nothing that was used.")


class IsDecided(Refusal):
    """A refund that was decided before."""

    says = N_("Refund {number} was decided already.")


class NotApproved(Refusal):
    """A refund that nobody agreed to, or that is paid."""

    says = N_("Refund {number} is not waiting to be paid.")


class NoCashHere(Refusal):
    """Cash that is in no drawer of this shift."""

    says = N_("This shift took no cash for that which is left: pay it back through the provider.")


class NotThisWay(Refusal):
    """Another way than the money came by."""

    says = N_("That was not paid this way: pay it back as it came.")


class ReferenceUsed(Refusal):
    """A reference of another payment."""

    says = N_("{reference} is the reference of another payment. Look at the message again.")


@dataclass(frozen=True, slots=True)
class Refundable:
    """What may be asked for on a paper, KES minor units.

    `lines` are those of a receipt with what is left of each; `free_minor` is owed back already. `used` are
    people who went in on it.
    """

    number: str
    lines: tuple[Line, ...]
    free_minor: int
    used: int


class Refunds:
    """The refunds of this till."""

    def __init__(self, desk: Desk, approvals: Approvals):
        self._desk = desk
        self._approvals = approvals

    def refundable(self, typed: str) -> Refundable:
        """What may be asked for on a receipt or a pass; NoSuchReceipt."""
        paper = self._paper(typed)
        number = cast(str, paper.number)
        is_living = paper.kind in BY_LINE and queries.receipt_ending(self._desk.ledger, number) is None
        lines = refund.left(bills.lines(paper.data), self._before(number)) if is_living else []
        free_minor = refunds.free_minor(self._desk.ledger, number)
        return Refundable(number, tuple(line for line in lines if line.count), free_minor, self._used(number))

    def amount_minor(self, typed: str, counts: Mapping[FeeKey, int]) -> int:
        """KES of so many of a receipt's lines; the refusals of `request`, but nothing may come to nothing."""
        paper = self._paper(typed)
        return sum(line.kes_minor for line in self._lines(paper, counts)) if any(counts.values()) else 0

    def request(
        self,
        typed: str,
        counts: Mapping[FeeKey, int],
        reason: str,
        *,
        knows_used: bool = False,
        id: str | None = None,
    ) -> Recorded:
        """Ask for so many of a receipt's lines back; without counts, for the money that is owed back already.

        NoSuchReceipt, ReceiptEnded, OverRefund, NothingToRefund, WasUsed unless `knows_used`, UsedIsKept.
        """
        shift = self._desk.shift()
        why = text.reason(reason)
        paper = self._paper(typed)
        number = cast(str, paper.number)
        lines = self._lines(paper, counts) if counts else []
        used = self._used(number) if lines else 0
        if used:
            self._check_used(number, used, knows_used=knows_used)
        amount_minor = sum(line.kes_minor for line in lines) if lines else self._free_minor(number)
        ways = refund.planned(amount_minor, refunds.left_by_way(self._desk.ledger, number, shift))
        data = {
            "subject": number,
            "lines": [line.as_data() for line in lines],
            "amount_minor": amount_minor,
            "ways": [way.as_data() for way in ways],
            "days": self._desk.policy.whole(policy.REFUND_DAYS),
            "used": used,
            "reason": why,
        }
        return self._desk.write("refund.requested", data, series=numbers.VOID, id=id, prints=True)

    def approve(self, typed: str, second: Second | None, id: str | None = None) -> Recorded:
        """Agree to a refund: from here on it is owed to the visitor, and what is undone lets nobody in.

        IsDecided, NeedsSecond, SamePerson, NotAllowed, WasUsed when more people went in since it was asked
        for, NothingToRefund when it is not owed back any more.
        """
        return self._decide(typed, second, id, None)

    def refuse(self, typed: str, reason: str, second: Second | None, id: str | None = None) -> Recorded:
        """Refuse a refund and say why; IsDecided, NeedsSecond, SamePerson, NotAllowed, ReasonMissing."""
        return self._decide(typed, second, id, text.reason(reason))

    def pay(
        self, typed: str, kind: str, reference: str = "", amount: str = "", id: str | None = None
    ) -> Recorded:
        """Pay a refund back, or a part of it: out of this shift's drawer, or with the provider's reference.

        Without an amount as much as can go back this way. NotApproved, NoCashHere, NotThisWay, OverRefund,
        NotToHandBack, ReferenceUsed, BadMpesaCode, BadTicket.
        """
        shift = self._desk.shift()
        found = self._found(typed)
        if found.state != APPROVED:
            raise NotApproved(number=numbers.printed(found.number))
        minor = self._payable(found, kind, amount, shift)
        if kind == CASH:
            check_to_hand_back(self._desk, shift, minor)
        code = None if kind == CASH else self._reference(kind, reference)
        paybill = self._paybill(found.subject) if kind == "mpesa" else None
        data = {
            "refund": found.number,
            "subject": found.subject,
            "tender": kind,
            "amount_minor": minor,
            "reference": code,
            "paybill": paybill,
            "left_minor": found.left_minor - minor,
        }
        account = refunds.papers(self._desk.ledger, found.subject)[0] if _is_pass(found) else found.subject
        money_ = postings.of_refund_paid(account, kind, minor, shift, paybill or "")
        return self._desk.write("refund.paid", data, postings=money_, id=id, prints=True)

    def ways(self, typed: str) -> list[refund.Way]:
        """How what is left of a refund can go back now, KES minor units."""
        found = self._found(typed)
        left = refunds.left_by_way(self._desk.ledger, found.subject, self._desk.ledger.state.shift)
        return refund.planned(found.left_minor, left)

    # What may be asked for.

    def _paper(self, typed: str) -> Entry:
        number = refunds.paper_of(self._desk.ledger, str(numbers.parse(typed)))
        entry = self._desk.ledger.by_number(number)
        if entry is None or entry.kind not in _OWED_BACK:
            raise NoSuchReceipt(number=numbers.printed(number))
        return entry

    def _lines(self, paper: Entry, counts: Mapping[FeeKey, int]) -> list[Line]:
        number = cast(str, paper.number)
        if paper.kind not in BY_LINE:
            raise NothingToRefund(number=numbers.printed(number))
        ended = queries.receipt_ending(self._desk.ledger, number)
        if ended is not None:
            raise ReceiptEnded(number=numbers.printed(number), by=numbers.printed(ended.ended_by))
        return refund.part(bills.lines(paper.data), self._before(number), counts, numbers.printed(number))

    def _before(self, number: str) -> list[Line]:
        return refunds.lines_of(self._desk.ledger, number)

    def _free_minor(self, number: str) -> int:
        minor = refunds.free_minor(self._desk.ledger, number)
        if not minor:
            raise NothingToRefund(number=numbers.printed(number))
        return minor

    def _used(self, number: str) -> int:
        return passes.went_in(self._desk.ledger, number)

    def _check_used(self, number: str, people: int, *, knows_used: bool) -> None:
        values = {"number": numbers.printed(number), "people": people}
        if not self._desk.policy.flag(policy.REFUND_USED):
            raise UsedIsKept(**values)
        if not knows_used:
            raise WasUsed(**values)

    # Deciding.

    def _decide(self, typed: str, second: Second | None, id: str | None, refused: str | None) -> Recorded:
        self._desk.signed_in()
        found = self._found(typed)
        if found.state != REQUESTED:
            raise IsDecided(number=numbers.printed(found.number))
        asked = cast(Entry, self._desk.ledger.by_number(found.number))
        lines = bills.lines(asked.data) if refused is None else []
        if refused is None:
            self._check_still(found)
        data = {
            "refund": found.number,
            "subject": found.subject,
            "is_approved": refused is None,
            "amount_minor": found.amount_minor,
            "lines": [line.as_data() for line in lines],
            "digest": self._ending(found, lines),
            "reason": refused,
        }
        return self._desk.write(
            "refund.decided",
            data,
            postings=postings.of_refund(lines, found.subject),
            id=id,
            also=self._also(found, second, data),
            prints=refused is not None,
        )

    def _also(
        self, found: Refund, second: Second | None, data: Mapping[str, object]
    ) -> Mapping[str, object] | None:
        """The second person: whoever is at the window where they may, else the one who is asked."""
        person = self._desk.signed_in()
        if second is None and person.number != found.staff and staff.may(person.roles, "approve"):
            return None
        if second is not None and second.staff == found.staff:
            raise SamePerson()
        return self._approvals.also(second, "refund.decided", data)

    def _check_still(self, found: Refund) -> None:
        """Whether what was asked for is still so."""
        if found.by_line:
            people = self._used(found.subject)
            if people > found.used:
                raise WasUsed(number=numbers.printed(found.subject), people=people)
        elif self._owed_back(found) < found.amount_minor:
            raise NothingToRefund(number=numbers.printed(found.subject))

    def _ending(self, found: Refund, lines: Sequence[Line]) -> str | None:
        """The digest of a paper of which nothing is left to pay for; None while something is."""
        paper = cast(Entry, self._desk.ledger.by_number(found.subject))
        if not lines or "token" not in paper.data:
            return None
        gone = [*self._undone(found.subject), *lines]
        left = refund.left(bills.lines(paper.data), gone)
        is_whole = not any(line.count for line in left)
        return gatepass.digest(cast(str, paper.data["token"])) if is_whole else None

    def _undone(self, number: str) -> list[Line]:
        """The lines whose refund is approved."""
        asked = refunds.lines_asked(self._desk.ledger, number)
        entries = (self._desk.ledger.by_number(one.number) for one in asked if one.is_approved)
        return [line for entry in entries if entry is not None for line in bills.lines(entry.data)]

    # Paying back.

    def _found(self, typed: str) -> Refund:
        number = str(numbers.parse(typed))
        found = refunds.find(self._desk.ledger, number)
        if found is None:
            raise NoSuchRefund(number=numbers.printed(number))
        return found

    def _payable(self, found: Refund, kind: str, amount: str, shift: str) -> int:
        left = refunds.left_by_way(self._desk.ledger, found.subject, shift)
        most = min(found.left_minor, left.get(kind, 0), self._owed_back(found))
        if kind not in TENDERS or most <= 0:
            raise NoCashHere() if kind == CASH else NotThisWay()
        minor = money.parse(amount) if amount.strip() else most
        if not 0 < minor <= most or minor % money.MINOR:
            raise OverRefund(most=money.shown(money.KES, most))
        return minor

    def _owed_back(self, found: Refund) -> int:
        """KES that is still owed to the visitor on what was paid: a pass may owe again by now."""
        ledger = self._desk.ledger
        number = refunds.papers(ledger, found.subject)[0] if _is_pass(found) else found.subject
        return -ledger.receivables.owed(number)

    def _reference(self, kind: str, typed: str) -> str:
        code = payment.typed(typed).code if kind == "mpesa" else payment.ticket(typed)
        if refunds.is_used(self._desk.ledger, kind, code):
            raise ReferenceUsed(reference=code)
        return code

    def _paybill(self, subject: str) -> str:
        return refunds.paid_by(self._desk.ledger, subject) or self._desk.paybill()


def _is_pass(found: Refund) -> bool:
    return found.subject[4] == numbers.PASS
