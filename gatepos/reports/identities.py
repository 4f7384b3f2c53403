"""What must hold of a report before it is written: pairs of figures that are the same."""

from collections.abc import Iterable

from gatepos.domain import money as amounts
from gatepos.domain import numbers
from gatepos.errors import Trouble
from gatepos.i18n import N_
from gatepos.reports.sheet import Identity, Kind, Note

_MONEY = N_(
    "Payments {payments} − refunds {refunds} = income {income} − waivers {waivers}"
    " − more owed {owed} + over or short {over} + rate differences {fx}"
)
_KEPT = N_(
    "Money at the tills, {currency}: grew by {grew} = payments {payments} − refunds {refunds}"
    " − paid out {spent} + over or short {over}"
)
_REGISTER = N_("Numbers {first} to {last}: each is in the register once")
_SHIFTS = N_("What the Z reports say was taken = takings of the day")


class DoesNotAddUp(Trouble):
    """Two figures of a report that must be the same and are not."""

    says = N_(
        "This does not add up, and nothing was written: {what}. It is {left} on one side and {right} on the"
        " other. Run gatepos verify, and keep the till as it is."
    )


def money(
    payments: int, refunds: int, income: int, waivers: int, owed_more: int, over: int = 0, fx: int = 0
) -> Identity:
    """What was paid is what was earned and is not owed or waived; all in KES minor units.

    `owed_more` is by how much the receivables grew. `over` (short: below zero) and `fx` are what was counted
    or exchanged beyond what was charged; both are 0 where payments are as they were recorded.
    """
    terms = {
        "payments": payments, "refunds": refunds, "income": income, "waivers": waivers,
        "owed": owed_more, "over": over, "fx": fx,
    }  # fmt: skip
    shown = {name: amounts.amount(minor) for name, minor in terms.items()}
    return Identity(Note(_MONEY, shown), payments - refunds, income - waivers - owed_more + over + fx)


def kept(currency: str, grew: int, payments: int, refunds: int, spent: int, over: int) -> Identity:
    """What lies in drawers, in the safe and with providers grew by what was paid and is not spent or short.

    `grew` is the sum of their accounts; minor units of one currency.
    """
    terms = {"grew": grew, "payments": payments, "refunds": refunds, "spent": spent, "over": over}
    shown: dict[str, object] = {name: amounts.amount(minor) for name, minor in terms.items()}
    kind = Kind.USD if currency == amounts.USD else Kind.KES
    return Identity(
        Note(_KEPT, {"currency": currency, **shown}), grew, payments - refunds - spent + over, kind
    )


def register(first: str, last: str, count: int) -> Identity:
    """The numbers of a series from `first` to `last` are as many as the register has; BadNumber."""
    shown = {"first": numbers.printed(first), "last": numbers.printed(last)}
    size = numbers.parse(last).n - numbers.parse(first).n + 1
    return Identity(Note(_REGISTER, shown), count, size, Kind.COUNT)


def shifts(on_zs: int, takings: int) -> Identity:
    """What the Zs of the days say was taken is what was taken, KES minor units."""
    return Identity(Note(_SHIFTS), on_zs, takings)


def check(identities: Iterable[Identity]) -> None:
    """DoesNotAddUp, naming the first that does not hold."""
    for one in identities:
        if one.left != one.right:
            raise DoesNotAddUp(what=one.note, left=_figure(one, one.left), right=_figure(one, one.right))


def _figure(identity: Identity, value: int) -> str:
    return f"{value:,}" if identity.kind is Kind.COUNT else amounts.amount(value, cents=True)
