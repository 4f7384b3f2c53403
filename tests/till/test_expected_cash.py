"""What a drawer should hold after each movement that gets expected cash wrong, reckoned by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import pytest

from gatepos.domain import numbers, shift
from gatepos.domain.staff import NeedsSecond
from gatepos.ledger import queries
from gatepos.till.approvals import Second
from gatepos.till.cash import NotToHandBack
from gatepos.till.refunds import NoCashHere
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from tests.gate import (
    CLERK,
    CLERK_PIN,
    EA_CITIZEN,
    MANAGER,
    MANAGER_PIN,
    OTHER,
    OTHER_PIN,
    Gate,
    permit,
    selling,
)
from tests.till.test_passes import at_exit, token

SECOND = Second(MANAGER, MANAGER_PIN)
FLOAT = 10_000
"""KES in the drawer when the shift opens; a citizen pays KES 1,000."""


def sold(till: Till, people: int, handed: str, currency: str = "KES") -> str:
    till.checkout.count(EA_CITIZEN, people)
    till.payments.pay("cash")
    till.payments.cash(currency, handed)
    return last(till)


def by_mpesa(till: Till, people: int, code: str) -> str:
    till.checkout.count(EA_CITIZEN, people)
    till.payments.pay("mpesa")
    till.payments.mpesa(code)
    return last(till)


def last(till: Till) -> str:
    assert till.window.last is not None
    return numbers.printed(cast(str, till.window.last.entry.number))


def refunded(till: Till, receipt: str, people: int) -> str:
    """A refund of so many people that is agreed to; its number."""
    asked = till.refunds.request(receipt, {EA_CITIZEN: people}, "turned back", knows_used=True)
    number = cast(str, asked.entry.number)
    till.refunds.approve(number, SECOND)
    return number


def change_given(till: Till) -> None:
    sold(till, 3, "5000")


def mixed_tender(till: Till) -> None:
    """KES 4,000: 2,500 by M-PESA, two notes of 1,000, 500 back."""
    till.checkout.count(EA_CITIZEN, 4)
    till.payments.pay("mpesa")
    till.payments.mpesa("UA26X1Y2ZA", "2500")
    till.payments.cash("KES", "2000")


def dollars_with_change(till: Till) -> None:
    """USD 50 at 129.50 is KES 6,475, of which 3,000 is due."""
    sold(till, 3, "50", "USD")


def voided_cash(till: Till) -> None:
    till.corrections.void(sold(till, 2, "2000"), "turned back", SECOND)


def voided_mpesa(till: Till) -> None:
    """The money stays with the provider."""
    till.corrections.void(by_mpesa(till, 2, "UA26X1Y2ZB"), "turned back", SECOND)


def corrected_down(till: Till) -> None:
    """What is due back of it is refunded apart from it, out of the drawer."""
    receipt = sold(till, 3, "3000")
    till.corrections.correct(receipt, "one too many")
    till.checkout.tap(EA_CITIZEN, -1)
    till.payments.pay("cash")
    with pytest.raises(NeedsSecond):
        till.payments.record()
    number = till.payments.record(SECOND).number
    asked = cast(str, till.refunds.request(number, {}, "one too many").entry.number)
    till.refunds.approve(asked, SECOND)
    till.refunds.pay(asked, "cash")


def refunded_here(till: Till) -> None:
    till.refunds.pay(refunded(till, sold(till, 3, "3000"), 1), "cash")


def refunded_of_another_shift(till: Till) -> None:
    """Cash of yesterday's drawer goes back through the provider."""
    number = refunded(till, sold(till, 3, "3000"), 2)
    closed(till, FLOAT + 3_000)
    till.shifts.open(str(FLOAT))
    with pytest.raises(NoCashHere):
        till.refunds.pay(number, "cash")
    till.refunds.pay(number, "mpesa", "UA36X1Y2ZQ")


def dropped(till: Till) -> None:
    till.cash.move("dropped", "7500", "drawer is full")


def spent_and_brought(till: Till) -> None:
    till.cash.move("paid_out", "300", "fuel for the generator")
    till.cash.move("paid_in", "1000", "small notes")


def paid_late(till: Till) -> None:
    """A pass of the morning's outage, paid in cash on the way out."""
    till.outages.open(
        "platform", authority="KWS/OPS/2026/1", paybill="600000", cash_max="5000", second=SECOND
    )
    till.checkout.count(EA_CITIZEN, 2)
    till.checkout.vehicle(1)
    till.checkout.plate("KDA 412M")
    number = till.passes.issue().number
    at_exit(till).gate.scan(token(till, number))
    till.settlements.pay("cash")
    till.settlements.cash("KES", "3000")


def at_the_other_counter(till: Till) -> None:
    """Another clerk sells between: their drawer is theirs."""
    sold(till, 1, "1000")
    selling(till, OTHER, OTHER_PIN, float_kes="500")
    sold(till, 5, "5000")
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    till.shifts.to_window()


@dataclass(frozen=True, slots=True)
class Movement:
    """What happens, and by how much whole KES and USD in the drawer change."""

    done: Callable[[Till], None]
    kes: int
    usd: int = 0


MOVEMENTS = (
    Movement(change_given, 5_000 - 2_000),
    Movement(mixed_tender, 2_000 - 500),
    Movement(dollars_with_change, -(6_475 - 3_000), 50),
    Movement(voided_cash, 2_000 - 2_000),
    Movement(voided_mpesa, 0),
    Movement(corrected_down, 3_000 - 1_000),
    Movement(refunded_here, 3_000 - 1_000),
    Movement(refunded_of_another_shift, 0),
    Movement(dropped, -7_500),
    Movement(spent_and_brought, -300 + 1_000),
    Movement(paid_late, 2_600),
    Movement(at_the_other_counter, 1_000),
)


@pytest.fixture
def till(gate: Gate) -> Till:
    """A till that takes cash in both currencies."""
    till = selling(gate.built(), float_kes=str(FLOAT))
    permit(till, "allow_cash", "yes")
    permit(till, "cash_usd", "yes")
    return till


def holds(till: Till) -> dict[str, int]:
    """Whole KES and USD that the books have in the drawer at the window."""
    found = queries.drawer(till.desk.ledger, till.desk.own_shift())
    return {currency: minor // 100 for currency, minor in found.items() if minor}


def closed(till: Till, kes: int, usd: int = 0) -> dict[str, int]:
    """The shift closed over a count; what is over or short, whole, by currency."""
    notes = (shift.denomination("KES", 1, kes), shift.denomination("USD", 1, usd))
    said = till.shifts.close(Counted(notes), "as counted").entry.data["difference"]
    rows = cast("list[dict[str, object]]", said)
    cash = [row for row in rows if row["tender"] == "cash"]
    return {str(row["currency"]): int(str(row["amount_minor"])) // 100 for row in cash}


@pytest.mark.parametrize("movement", MOVEMENTS, ids=lambda one: one.done.__name__)
def test_expected_cash_is_what_a_hand_reckons_to_the_shilling(till: Till, movement: Movement) -> None:
    movement.done(till)
    expected = {"KES": FLOAT + movement.kes, "USD": movement.usd}
    assert holds(till) == {currency: whole for currency, whole in expected.items() if whole}
    short = closed(till, expected["KES"] - 3, expected["USD"])
    assert (short["KES"], short.get("USD", 0)) == (-3, 0)


def test_the_movements_of_one_shift_add_up(till: Till) -> None:
    kes, usd = FLOAT, 0
    for movement in MOVEMENTS:
        if movement.done in (refunded_of_another_shift, at_the_other_counter, paid_late):
            continue
        movement.done(till)
        kes, usd = kes + movement.kes, usd + movement.usd
        assert holds(till) == {"KES": kes, **({"USD": usd} if usd else {})}, movement.done.__name__
    assert closed(till, kes, usd)["KES"] == 0


# More to hand back than there is.


def test_a_void_that_would_hand_back_more_than_the_drawer_holds_is_refused_until_cash_is_brought(
    till: Till,
) -> None:
    receipt = sold(till, 5, "5000")
    till.cash.move("dropped", "14000", "drawer is full")
    head = till.desk.ledger.head
    with pytest.raises(NeedsSecond):
        till.corrections.void(receipt, "turned back", None)
    with pytest.raises(NotToHandBack) as told:
        till.corrections.void(receipt, "turned back", SECOND)
    assert "KES 5,000" in str(told.value), "what goes back, and not what the drawer holds"
    assert till.desk.ledger.head == head
    till.cash.move("paid_in", "4000", "to hand back")
    till.corrections.void(receipt, "turned back", SECOND)
    assert holds(till) == {}


def test_a_refund_in_cash_is_refused_alike(till: Till) -> None:
    number = refunded(till, sold(till, 3, "3000"), 3)
    till.cash.move("dropped", "12000", "drawer is full")
    with pytest.raises(NotToHandBack):
        till.refunds.pay(number, "cash")
    till.refunds.pay(number, "cash", amount="1000")
    assert holds(till) == {}


def test_a_void_of_an_mpesa_sale_asks_nothing_of_the_drawer(till: Till) -> None:
    receipt = by_mpesa(till, 2, "UA26X1Y2ZB")
    till.cash.move("dropped", str(FLOAT), "drawer is full")
    till.corrections.void(receipt, "turned back", SECOND)
    assert holds(till) == {}
