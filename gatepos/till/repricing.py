"""What was priced after an order was made and before it was entered: kept, or priced anew by one agreement.

What is paid keeps its price, and a bill that waits has that of the schedule under which it is resumed.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from gatepos.domain import bill as bills
from gatepos.domain import moments, numbers
from gatepos.domain.bill import NoRate, Priced
from gatepos.domain.entry import Entry
from gatepos.domain.fees import NoSuchFee, PriceNotSet
from gatepos.domain.vocabulary import ASK, KEEP, REPRICE
from gatepos.errors import Refusal, Said
from gatepos.i18n import N_
from gatepos.ledger import passes, shown
from gatepos.ledger.ledger import Recorded
from gatepos.till import spilled, views
from gatepos.till.approvals import Approvals, Second
from gatepos.till.checkout import Checkout
from gatepos.till.desk import Desk
from gatepos.till.passes import Passes


class PaidInPart(Said):
    """Why a pass keeps its price: money came for it."""

    says = N_("Money came for it: it keeps its price.")


class NotAffected(Refusal):
    """A pass that no order touches, or that keeps its price."""

    says = N_("{number} keeps its price.")


class KeptByPolicy(Refusal):
    """What the policy says where nothing is priced anew."""

    says = N_("By policy what was priced keeps its price.")


class NothingAgreed(Refusal):
    """Going on with what nobody agreed to."""

    says = N_("Nothing is left to be priced anew.")


def is_priced_anew(entry: Entry) -> bool:
    """Whether a pass took the place of another at another price, and was not printed then."""
    return entry.kind == "pass.reissued" and bool(entry.data.get("priced_anew"))


class Repricing:
    """The passes of this till between an order and its entry."""

    def __init__(self, desk: Desk, checkout: Checkout, passes: Passes, approvals: Approvals):
        self._desk = desk
        self._checkout = checkout
        self._passes = passes
        self._approvals = approvals
        self._agreed: list[str] = []
        self._stay = 0
        self._also: Mapping[str, object] | None = None

    def view(self) -> views.SinceOrder:
        """What the last switch's order touches and is not settled, oldest first."""
        switched, schedule = self._desk.switched(), self._desk.ledger.state.schedule or ""
        since = switched.data.get("ordered_at") if switched else None
        if switched is None or since is None:
            return views.SinceOrder(0, schedule, ASK, ())
        found = passes.issued_between(self._desk.ledger, cast(str, since), switched.seq)
        rows = [row for number in found if (row := self._pass(number)) is not None]
        rows += self._bills(cast(str, since), switched.seq)
        unpaid = str(switched.data.get("unpaid") or ASK)
        return views.SinceOrder(moments.from_text(cast(str, since)), schedule, unpaid, tuple(rows))

    def agree(self, typed: Sequence[str], second: Second | None = None) -> int:
        """Agree once to price passes anew; how many `go_on` will do, one after another.

        KeptByPolicy, NotAffected; NeedsSecond where those who switched did not agree to it.
        """
        self._desk.shift()
        view = self.view()
        wanted = [str(numbers.parse(one)) for one in typed]
        if view.unpaid == KEEP:
            raise KeptByPolicy()
        for number in wanted:
            if numbers.printed(number) not in view.priced_anew:
                raise NotAffected(number=numbers.printed(number))
        switched = cast(Entry, self._desk.switched())
        self._also = cast("Mapping[str, object] | None", switched.fields["also"])
        if view.unpaid != REPRICE or self._is_own(self._also):
            about = {"passes": wanted, "schedule": view.schedule}
            self._also = self._approvals.also(second, "pass.reissued", about)
        self._agreed, self._stay = wanted, self._desk.stay
        return len(wanted)

    def go_on(self) -> tuple[Recorded, int]:
        """Price the next pass anew, and how many are left; NothingAgreed, and NoOpenShift.

        What was agreed to ends when whoever asked for it leaves the window. Each is an entry of its own:
        whatever stops the till, the others are on the list still.
        """
        self._desk.shift()
        if self._stay != self._desk.stay:
            self._agreed = []
        if not self._agreed:
            raise NothingAgreed()
        number = self._agreed.pop(0)
        old, priced = self._desk.ledger.by_number(number), self._priced(number)
        if old is None or priced is None or isinstance(priced, Said):
            raise NotAffected(number=numbers.printed(number))
        reason = str(cast(Entry, self._desk.switched()).data["reason"])
        done = self._passes.reprice(number, priced, reason, self._also)
        return done, len(self._agreed)

    def _is_own(self, also: Mapping[str, object] | None) -> bool:
        """Whether nobody, or whoever stands at the window, agreed to the switch."""
        return also is None or also["staff"] == self._desk.signed_in().number

    def _pass(self, number: str) -> views.Affected | None:
        """A pass that the order touches; None for one that is paid, ended, or costs the same."""
        entry, found = self._desk.ledger.by_number(number), passes.find(self._desk.ledger, number)
        if entry is None or found is None or found.ended is not None or not found.owed_minor:
            return None
        if entry.fields["schedule"] == self._desk.ledger.state.schedule:
            return None
        priced = self._priced(number)
        if isinstance(priced, Priced) and priced.total_minor == found.total_minor:
            return None
        return views.Affected(
            numbers.printed(number),
            found.plate,
            found.people,
            moments.from_text(found.at),
            found.total_minor,
            priced.total_minor if isinstance(priced, Priced) else None,
            priced if isinstance(priced, Said) else None,
        )

    def _priced(self, number: str) -> Priced | Said | None:
        """What the schedule in force charges for a pass, by the rate of its paper; why it keeps its price."""
        ledger = self._desk.ledger
        entry = ledger.by_number(number)
        if entry is None:
            return None
        is_owed_whole = ledger.receivables.owed(number) == entry.data["total_minor"]
        is_shown = any(map(self._is_shown_paid, spilled.chain(self._desk, number)))
        if not is_owed_whole or is_shown or spilled.came(self._desk, number):
            return PaidInPart()
        return self._price(entry)

    def _is_shown_paid(self, number: str) -> bool:
        """Whether a receipt was shown by which something is paid on a pass under this number."""
        entry, due = self._desk.ledger.by_number(number), shown.due(self._desk.ledger, number)
        return entry is not None and due is not None and due < cast(int, entry.data["total_minor"])

    def _price(self, entry: Entry) -> Priced | Said:
        rate_e4 = cast("int | None", entry.data["rate_e4"]) or self._desk.ledger.state.rate_e4
        try:
            return bills.price(
                bills.from_data(entry.data), self._desk.schedule(), rate_e4, bills.freed(entry.data)
            )
        except (NoSuchFee, PriceNotSet, NoRate) as why:
            return why

    def _bills(self, since: str, before_seq: int) -> list[views.Affected]:
        """The bills that wait since then: each has another price when it is resumed, or none."""
        rows = []
        for one in self._checkout.waiting():
            entry = self._desk.ledger.by_number(one.number)
            if entry is None or entry.at < since or entry.seq > before_seq:
                continue
            priced = self._price(entry)
            after, why = (priced.total_minor, None) if isinstance(priced, Priced) else (None, priced)
            people = sum(n for _, _, n in bills.people(tuple(bills.lines(entry.data))))
            number, at_ms = numbers.printed(one.number), moments.from_text(entry.at)
            row = views.Affected(number, one.plate, people, at_ms, one.total_minor, after, why, is_bill=True)
            rows.append(row)
        return rows
