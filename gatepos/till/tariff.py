"""What a change of schedule leaves open: fees that it lacks, and what was priced before it and is unpaid."""

from dataclasses import replace

from gatepos.domain import confirmed, money, switch, text
from gatepos.domain.fees import Fee, FeeKey, NoSuchFee
from gatepos.domain.switch import Change
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger.ledger import Recorded
from gatepos.till.approvals import Approvals, Second
from gatepos.till.desk import Desk
from gatepos.till.set_up import UnknownSchedule


class FeeNamed(Refusal):
    """A fee that the schedule has: its price is not this park's to say."""

    says = N_("Schedule {schedule} has a price for this. It counts, and nothing else.")


class NoPrice(Refusal):
    """A price of nothing: exempt people are grounds."""

    says = N_("Type the price as the order names it.")


class PriceTooFar(Refusal):
    """A price that somebody's hand slipped in."""

    says = N_("That is too far from the price before, {price}. Type it as the order names it.")


class Tariff:
    """The schedule in force, or one about to be, and what it does not settle by itself."""

    def __init__(self, desk: Desk, approvals: Approvals):
        self._desk = desk
        self._approvals = approvals

    def unsold(self, schedule: str) -> list[Change]:
        """What could not be sold under a schedule, beside the one before it; UnknownSchedule."""
        desk = self._desk
        after = desk.book.schedules.get(schedule)
        if after is None:
            raise UnknownSchedule(schedule=schedule[:20])
        before = desk.book.schedules.get(self._before(schedule))
        return switch.unsold(before, desk.with_confirmed(after), desk.park.products)

    def confirm(
        self,
        schedule: str,
        product: str,
        key: FeeKey,
        amount: str,
        legal: str,
        second: Second | None = None,
        id: str | None = None,
    ) -> Recorded:
        """Sell a fee that a schedule lacks at the price that an order names, until a schedule has it.

        UnknownSchedule, NoSuchFee, FeeNamed, BadAmount, NoPrice, PriceTooFar, ReasonMissing, NeedsSecond.
        """
        self._desk.allowed("switch")
        known = self._known(schedule, product, key)
        minor = money.parse(amount)
        if not minor:
            raise NoPrice()
        self._check_near(known, minor)
        data = {
            "park": self._desk.park.code,
            "schedule": schedule,
            "product": product,
            "fee": known.fee,
            "category": known.category,
            "age": known.age,
            "currency": known.currency,
            "amount_minor": minor,
            "per": known.per.value,
            "legal": text.line(text.reason(legal)),
        }
        also = self._approvals.also(second, confirmed.KIND, data)
        return self._desk.write(confirmed.KIND, data, id=id, also=also)

    def _known(self, schedule: str, product: str, key: FeeKey) -> Fee:
        """The row before the schedule, whose unit and currency it keeps, else as it is in doubt.

        UnknownSchedule, FeeNamed, NoSuchFee.
        """
        book = self._desk.book.schedules
        if schedule not in book:
            raise UnknownSchedule(schedule=schedule[:20])
        if confirmed.names(book[schedule], product, key):
            raise FeeNamed(schedule=schedule)
        before = book.get(self._before(schedule))
        for one in switch.unsold(before, book[schedule], self._desk.park.products):
            found = one.before or one.after
            if (one.product, one.key) == (product, key) and found is not None:
                return found
        raise NoSuchFee(schedule=schedule)

    def _check_near(self, known: Fee, minor: int) -> None:
        """PriceTooFar from the price before."""
        said = replace(known, amount_minor=minor)
        if switch.too_far([Change(known.product, known.key, known, said)], None):
            raise PriceTooFar(price=money.shown(known.currency, known.amount_minor or 0))

    def _before(self, schedule: str) -> str:
        """The schedule before one: that in force, or before the one that is."""
        state, switched = self._desk.ledger.state, self._desk.switched()
        if schedule != state.schedule:
            return state.schedule or ""
        return str(switched.data["was"] or "") if switched else ""
