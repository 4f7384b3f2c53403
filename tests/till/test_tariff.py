"""A change of schedule: what it lacks is confirmed by two persons, and ends when a schedule has it."""

import pytest

from gatepos import app
from gatepos.domain import fees, parks
from gatepos.domain.bill import lines
from gatepos.domain.fees import FeeKey, NoSuchFee, PriceNotSet
from gatepos.domain.staff import NeedsSecond, NotAllowed
from gatepos.till.approvals import Second
from gatepos.till.set_up import BadOrderTime
from gatepos.till.tariff import FeeNamed, NoPrice, PriceTooFar
from gatepos.till.till import Till
from tests.gate import AFRICAN, CLERK, CLERK_PIN, EA_CITIZEN, MANAGER, MANAGER_PIN, Gate, selling

VAN = fees.vehicle_key(2)
SECOND = Second("03", "864209")
LEGAL = "KWS circular 14/2026"


@pytest.fixture
def manager(gate: Gate) -> Till:
    till = gate.built()
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    code = till.set_up.employ("03", ["supervisor"]).start_code
    till.sign_in.choose_pin("03", code, "864209")
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    return till


def stay(till: Till, ordered: str = "") -> None:
    """The court stays the new schedule."""
    till.set_up.switch_schedule("CF2016", "stay of the High Court", SECOND, ordered)


def confirm_van(till: Till, amount: str = "300") -> None:
    till.tariff.confirm("CF2016", "ALL", VAN, amount, LEGAL, SECOND)


def sold_van(till: Till) -> int:
    """What a clerk charges for a van with one citizen."""
    selling(till, CLERK, CLERK_PIN)
    till.checkout.tap(EA_CITIZEN)
    till.checkout.vehicle(2)
    return till.checkout.plate("KDA 412M").total_minor


def keys(till: Till, schedule: str) -> list[FeeKey]:
    return [one.key for one in till.tariff.unsold(schedule)]


def test_what_a_switch_loses_begins_with_who_enters_and_the_vehicles(manager: Till) -> None:
    lost = [(one.product, one.key) for one in manager.tariff.unsold("CF2016")]
    assert ("NNP", EA_CITIZEN) not in lost
    assert lost[0] == ("NNP", AFRICAN)
    assert ("ALL", VAN) in lost[:10]
    ranks = [key[0] in (*fees.ENTRY, fees.VEHICLE) for _, key in lost]
    assert ranks == sorted(ranks, reverse=True)


def test_a_fee_that_the_schedule_lacks_is_not_sold_before_it_is_confirmed(manager: Till) -> None:
    stay(manager)
    selling(manager, CLERK, CLERK_PIN)
    with pytest.raises(NoSuchFee):
        manager.checkout.vehicle(2)


@pytest.mark.parametrize("is_before", [True, False], ids=["before the switch", "after it"])
def test_a_confirmed_fee_sells_and_its_line_says_so(manager: Till, is_before: bool) -> None:
    if is_before:
        confirm_van(manager)
    stay(manager)
    if not is_before:
        confirm_van(manager)
    assert VAN not in keys(manager, "CF2016")
    assert sold_van(manager) == 73_000
    manager.payments.pay("mpesa")
    entry = manager.desk.ledger.by_number(manager.window.number() or "")
    assert entry is not None
    citizen, van = lines(entry.data)
    assert (citizen.evidence, van.evidence, van.unit_minor) == (None, "fee_confirmed", 30_000)


def test_a_fee_is_confirmed_by_two_persons_of_whom_one_may_switch(manager: Till) -> None:
    with pytest.raises(NeedsSecond):
        manager.tariff.confirm("CF2016", "ALL", VAN, "300", LEGAL)
    selling(manager, CLERK, CLERK_PIN)
    with pytest.raises(NotAllowed):
        confirm_van(manager)


def test_a_price_that_the_schedule_has_is_not_confirmed_otherwise(manager: Till) -> None:
    with pytest.raises(FeeNamed):
        manager.tariff.confirm("CF2016", "NNP", EA_CITIZEN, "400", LEGAL, SECOND)
    with pytest.raises(NoSuchFee):
        manager.tariff.confirm("CF2016", "NNP", ("sky_walk", "any", "any"), "400", LEGAL, SECOND)


@pytest.mark.parametrize(("typed", "why"), [("0", NoPrice), ("30000", PriceTooFar), ("3", PriceTooFar)])
def test_a_price_of_nothing_or_of_a_slipped_hand_is_refused(
    manager: Till, typed: str, why: type[Exception]
) -> None:
    with pytest.raises(why):
        confirm_van(manager, typed)


def test_what_was_confirmed_stands_after_a_restart_and_is_practised_in_training(
    gate: Gate, manager: Till
) -> None:
    confirm_van(manager)
    stay(manager)
    again = gate.reopened(manager)
    assert sold_van(again) == 73_000
    again.checkout.clear()
    training = app.open_training(again, gate.folder, gate.world())
    assert training.desk.schedule().sellable("NNP", VAN).amount_minor == 30_000


def test_it_ends_by_itself_when_a_schedule_in_force_names_the_row(manager: Till) -> None:
    confirm_van(manager)
    stay(manager)
    manager.set_up.switch_schedule("CF2025", "the stay was lifted", SECOND)
    assert manager.desk.schedule().sellable("NNP", VAN).amount_minor == 150_000
    stay(manager)
    assert VAN in keys(manager, "CF2016")


def test_a_row_in_doubt_is_confirmed_in_its_own_park_alone(manager: Till) -> None:
    annual: FeeKey = ("annual_pass_adult", "any", "any")
    with pytest.raises(PriceNotSet):
        manager.desk.schedule().sellable("NNP", annual)
    manager.tariff.confirm("CF2025", "ALL", annual, "45000", LEGAL, SECOND)
    assert manager.desk.schedule().sellable("NNP", annual).amount_minor == 4_500_000
    assert not set(manager.desk.park.products) & {"TSE"}
    assert not manager.desk.schedule().fees["TSE"][annual].is_sellable


@pytest.mark.parametrize("typed", ["11:00", "25:00", "noon", "2025-11-02 11:00"])
def test_an_order_holds_from_a_moment_that_is_over_and_not_long_ago(manager: Till, typed: str) -> None:
    with pytest.raises(BadOrderTime):
        stay(manager, typed)


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("9:15", "2026-01-02T06:15:00.000Z"),
        ("2026-01-01 17:00", "2026-01-01T14:00:00.000Z"),
        ("", None),
    ],
)
def test_the_orders_own_moment_stands_in_the_entry(manager: Till, typed: str, at: str | None) -> None:
    stay(manager, typed)
    switched = manager.desk.switched()
    assert switched is not None
    assert (switched.data["ordered_at"], switched.data["unpaid"]) == (at, "ask")


def test_a_product_shows_the_categories_of_the_schedule_in_force_and_strikes_what_it_lacks(
    manager: Till,
) -> None:
    code = next(code for code in parks.shipped().parks if code == "NAO")
    stay(manager)
    selling(manager, CLERK, CLERK_PIN)
    manager.desk.park = parks.shipped().park(code)
    view = manager.checkout.product("NAO")
    assert [row.category for row in view.rows] == ["non_resident", "kenya_resident", "ea_citizen"]
    resident = {cell.key[2]: cell for cell in view.rows[1].cells}
    assert not resident["adult"].blocked
    assert resident["child"].blocked
    assert resident["child"].amount_minor is None
