"""Cash that moves without a sale: from the safe, spent, into the safe; and a drawer that is only opened."""

from gatepos.domain import money, policy, postings, text
from gatepos.domain.vocabulary import MOVES, PAID_IN
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import queries
from gatepos.ledger.ledger import Recorded
from gatepos.till.approvals import Approvals, Second
from gatepos.till.desk import Desk

MOST_MINOR = 1_000_000 * money.MINOR
"""More than a drawer holds: a float, or cash moved at once, typed by mistake."""


class NothingMoved(Refusal):
    """An amount of nothing."""

    says = N_("Type how much it is.")


class TooMuchMoved(Refusal):
    """An amount that no drawer holds, typed by mistake."""

    says = N_("At most {most} is moved at once. Count it again.")


class NotInDrawer(Refusal):
    """More than lies in the drawer; by how much it does not say, because the count is blind."""

    says = N_("The drawer does not hold as much in {currency}. Count it again.")


class NotToHandBack(Refusal):
    """More to hand back than lies in the drawer."""

    says = N_(
        "The drawer does not hold the {amount} to hand back. Bring cash out of the safe first, as paid in."
    )


class UnknownMove(Refusal):
    """A way to move cash that does not exist."""

    says = N_("Cash is moved in one of these ways: {moves}.")


class CurrencyNotTaken(Refusal):
    """Cash in a currency that this till does not take."""

    says = N_("This till takes no cash in {currency}.")


class Cash:
    """The drawer of the shift at the window, beside what is sold."""

    def __init__(self, desk: Desk, approvals: Approvals):
        self._desk = desk
        self._approvals = approvals

    def move(
        self,
        how: str,
        typed: str,
        reason: str,
        currency: str = money.KES,
        second: Second | None = None,
        id: str | None = None,
    ) -> Recorded:
        """Cash into or out of the drawer, `how` one of MOVES, `typed` an amount of `currency`.

        NoOpenShift, UnknownMove, CurrencyNotTaken, BadAmount, NothingMoved, TooMuchMoved, ReasonMissing;
        NeedsSecond over the policy's amount; NotInDrawer.
        """
        shift = self._desk.shift()
        if how not in MOVES:
            raise UnknownMove(moves=", ".join(MOVES))
        if currency not in self.currencies():
            raise CurrencyNotTaken(currency=currency[:3])
        minor = _amount(typed)
        data = {"how": how, "currency": currency, "amount_minor": minor, "reason": text.reason(reason)}
        # First the second person: nobody alone may try out how much of a large sum the drawer holds.
        needs_second = self._is_large(currency, minor) or second is not None
        also = self._approvals.also(second, "cash.moved", data) if needs_second else None
        if how != PAID_IN and not holds(self._desk, shift, minor, currency):
            raise NotInDrawer(currency=currency)
        made = postings.of_move(shift, how, currency, minor)
        return self._desk.write("cash.moved", data, postings=made, id=id, also=also, prints=True)

    def open_drawer(self, reason: str, id: str | None = None) -> Recorded:
        """The drawer was opened without a sale; NoOpenShift, ReasonMissing."""
        self._desk.shift()
        return self._desk.write("drawer.opened", {"reason": text.reason(reason)}, id=id)

    def currencies(self) -> tuple[str, ...]:
        """What may lie in the drawer at the window; NoOpenShift."""
        takes_usd = self._desk.policy.flag(policy.USD_CASH)
        holds = queries.drawer(self._desk.ledger, self._desk.own_shift())
        return (money.KES, money.USD) if takes_usd or holds.get(money.USD) else (money.KES,)

    def _is_large(self, currency: str, minor: int) -> bool:
        most_minor = self._desk.policy.whole(policy.CASH_MOVED_MAX) * money.MINOR
        if currency == money.KES:
            return minor > most_minor
        rate_e4 = self._desk.ledger.state.rate_e4
        return rate_e4 is None or money.kes_of_usd(minor, rate_e4) > most_minor


def holds(desk: Desk, shift: str, minor: int, currency: str = money.KES) -> bool:
    """Whether a shift's drawer holds as much."""
    return minor <= max(queries.drawer(desk.ledger, shift).get(currency, 0), 0)


def check_to_hand_back(desk: Desk, shift: str, minor: int) -> None:
    """NotToHandBack where a shift's drawer does not hold so many KES minor units."""
    if not holds(desk, shift, minor):
        raise NotToHandBack(amount=money.shown(money.KES, minor))


def _amount(typed: str) -> int:
    minor = money.parse(typed)
    if not minor:
        raise NothingMoved()
    if minor > MOST_MINOR:
        raise TooMuchMoved(most=money.amount(MOST_MINOR))
    return minor
