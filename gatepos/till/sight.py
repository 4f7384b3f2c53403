"""What is seen at the lane where no paper can be read: passes paid from it, and exits without one.

People and vehicle are tapped at the lane's own window, and priced by the schedule in force.
"""

from collections.abc import Callable
from typing import cast

from gatepos.domain import bill as bills
from gatepos.domain import gatepass, money, numbers, policy, text
from gatepos.domain.entry import Entry
from gatepos.domain.vocabulary import UNREAD
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import passes
from gatepos.ledger.ledger import Recorded
from gatepos.till import leaving, tokens, views
from gatepos.till.approvals import Approvals, Second
from gatepos.till.checkout import Checkout
from gatepos.till.desk import Desk
from gatepos.till.gate import Gate
from gatepos.till.passes import NothingOwed, PassEnded
from gatepos.till.window import Left, Owed, Window


class NotAPass(Refusal):
    """The number of something else."""

    says = N_("{number} is not the number of a pass.")


class UnknownWhy(Refusal):
    """A reason for which no paper is read that does not exist."""

    says = N_("Why it cannot be read is one of {known}.")


class PriceKnown(Refusal):
    """A pass that this till knows, with its price."""

    says = N_("{number} is known here: KES {owed} is owed on it. Collect it by its number.")


class TookItsPlace(Refusal):
    """A pass that was printed anew under another number."""

    says = N_("{newer} took the place of {number}. Collect what is owed on {newer}.")


class NeverIssued(Refusal):
    """A number that its till never gave to a pass."""

    says = N_("{till} never gave out {number}. Check the number again.")


class UnknownGate(Refusal):
    """A gate that the park does not have."""

    says = N_("This park has no gate {gate}.")


class Sight:
    """Whoever stands at the lane, seen and not scanned; `filling` taps what is seen at its window."""

    def __init__(self, desk: Desk, window: Window, filling: Checkout, gate: Gate, approvals: Approvals):
        self._desk = desk
        self._window = window
        self._filling = filling
        self._gate = gate
        self._approvals = approvals

    def begin(self) -> views.SellView:
        """Nothing is tapped yet; a bill opened for somebody who was not charged is left. MoneyTaken."""
        self._filling.leave("left")
        return self._filling.view()

    def change(self, action: Callable[[], views.SellView]) -> views.SellView:
        """Tap what is seen by `action`; MoneyTaken once something is paid for it."""
        self._window.check_no_money()
        return action()

    def rest(self) -> views.SellView:
        """After a part was paid, what was seen stands at the window again, for the rest. MoneyTaken."""
        last = self._window.last
        sight = last.entry.data.get("sight") if last else None
        self._filling.leave("left")
        if sight:
            self._window.work.bill = bills.from_data(cast("dict[str, object]", sight))
        return self._filling.view()

    def from_sight(self, typed: str, why: str) -> Owed:
        """Put a pass of this number at the window, priced by what is tapped; as at any pass, pay follows.

        BadNumber, NotAPass, UnknownWhy; of a pass known here TookItsPlace, PriceKnown, NothingOwed,
        PassEnded; NeverIssued; MoneyTaken; what the bill itself refuses.
        """
        number = self._unread(typed)
        if why not in UNREAD:
            raise UnknownWhy(known=", ".join(UNREAD))
        self._only_tapped()
        self._filling.check()
        sold = self._seen()
        paper = self._paper(number, sold)
        past = passes.past(self._desk.ledger, paper, None)
        if past.is_skipped:
            raise NeverIssued(till=number[:4], number=numbers.printed(number))
        owed_minor = gatepass.owed_minor(paper, past)
        if not owed_minor:
            raise NothingOwed(number=numbers.printed(number))
        owed = Owed(
            paper=paper,
            owed_minor=owed_minor,
            paybill=self._desk.pass_paybill(),
            leaving=max((past.went_in or paper.heads) - past.went_out, 0) if self._is_exit() else 0,
            sight={"why": why, **self._filling.sold()},
        )
        self._window.work.settles = (owed,)
        return owed

    def charge(self, story: str, entry_gate: str = "") -> None:
        """Charge whoever has no pass for what is tapped: pay follows, and ends in a receipt and their exit.

        ReasonMissing without a story, UnknownGate, MoneyTaken, what the bill itself refuses.
        """
        left = self._left(story, entry_gate)
        self._only_tapped()
        self._filling.check()
        self._window.work.left = left

    def let_out(
        self, story: str, entry_gate: str = "", second: Second | None = None, id: str | None = None
    ) -> Recorded:
        """Let whoever has no pass out on their story: nobody is kept in.

        Alone up to policy's amount, as on an undertaking; above it NeedsSecond; the refusals of `charge`.
        """
        left = self._left(story, entry_gate)
        self._desk.allowed("sell")
        self._only_tapped()
        self._filling.check()
        data = leaving.exit_of(self._seen(), left)
        most = self._desk.policy.whole(policy.UNDERTAKING_MAX) * money.MINOR
        needs_second = cast(int, data["owed_minor"]) > most
        also = self._approvals.also(second, "exit.without_pass", data) if needs_second or second else None
        done = self._desk.write("exit.without_pass", data, id=id or self._window.work.pay_id, also=also)
        self._window.work = self._window.fresh()
        return done

    def finish(self, receipt: Entry, story: str, entry_gate: str = "") -> Recorded:
        """Write the exit of a receipt, where a trouble came between the two; once, however often."""
        return leaving.write_exit(self._desk, receipt, self._left(story, entry_gate))

    # Step by step.

    def _unread(self, typed: str) -> str:
        """The number of a pass of which this till knows no price."""
        parsed = numbers.parse(typed)
        number, printed = str(parsed), numbers.printed(str(parsed))
        if parsed.series != numbers.PASS:
            raise NotAPass(number=printed)
        newer = self._desk.ledger.receivables.last(number)
        if newer != number:
            raise TookItsPlace(newer=numbers.printed(newer), number=printed)
        found = passes.find(self._desk.ledger, number)
        if found is None:
            return number
        if found.owed_minor:
            raise PriceKnown(number=printed, owed=money.amount(found.owed_minor))
        raise PassEnded(number=printed) if found.ended else NothingOwed(number=printed)

    def _only_tapped(self) -> None:
        """Only what is tapped stands at the window: no pass, and no bill that somebody could pay to."""
        work = self._window.work
        self._window.check_no_money()
        if work.opened is not None:
            self._filling.leave("changed")
            self._window.work.bill = work.bill
        self._window.work.settles, self._window.work.left = (), None

    def _seen(self) -> dict[str, object]:
        people = bills.people(self._window.priced().lines)
        return {**self._filling.sold(), "people": [list(group) for group in people]}

    def _paper(self, number: str, sold: dict[str, object]) -> gatepass.Payload:
        """What the pass would say; whoever leaves now has had their days."""
        days = {"days": 1} if self._is_exit() else {}
        total_minor = cast(int, sold["total_minor"])
        return tokens.gate_pass(self._desk, {**sold, **days}, (), total_minor).numbered(number)

    def _is_exit(self) -> bool:
        return self._gate.direction == gatepass.OUT

    def _left(self, story: str, entry_gate: str) -> Left:
        code = entry_gate.strip().upper()
        if code and code not in {gate.code for gate in self._desk.park.gates}:
            raise UnknownGate(gate=code[:4])
        return Left(text.reason(story), code or None)
