"""A shift is one clerk's: counted float, blind count, one at the window."""

from contextlib import nullcontext

import pytest

from gatepos.domain import shift
from gatepos.domain.money import BadAmount
from gatepos.domain.staff import NotAllowed
from gatepos.till.desk import NoOpenShift
from gatepos.till.shifts import Counted, FloatTooLarge, NoteMissing, ShiftIsOpen, UnknownTender
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


def cash(till: Till, n: int, handed: str) -> None:
    till.checkout.count(EA_CITIZEN, n)
    till.payments.pay("cash")
    till.payments.cash("KES", handed)


def notes(*faces: tuple[int, int]) -> Counted:
    return Counted(tuple(shift.denomination("KES", face, count) for face, count in faces))


def test_a_clerk_has_one_shift_at_a_time(sell: Till) -> None:
    with pytest.raises(ShiftIsOpen):
        sell.shifts.open("0")


def test_a_float_is_an_amount(gate: Gate) -> None:
    till = gate.built()
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    with pytest.raises(BadAmount):
        till.shifts.open("two thousand")


def test_an_empty_shift_closes_to_zero(gate: Gate) -> None:
    till = selling(gate.built(), float_kes="2000")
    closed = till.shifts.close(notes((1000, 2)))
    assert [m["amount_minor"] for m in closed.entry.data["difference"]] == [0]  # type: ignore[attr-defined]
    with pytest.raises(NoOpenShift):
        till.desk.shift()


def test_expected_cash_is_float_plus_sales_minus_change(gate: Gate) -> None:
    till = selling(gate.built(), float_kes="2000")
    permit(till, "allow_cash", "yes")
    cash(till, 1, "1500")
    cash(till, 2, "2000")
    closed = till.shifts.close(notes((1000, 5)))
    assert closed.entry.data["expected"] == [{"tender": "cash", "currency": "KES", "amount_minor": 500_000}]
    assert closed.entry.data["sold_minor"] == 300_000


def test_a_large_difference_needs_a_note_and_balances_as_over_short(gate: Gate) -> None:
    till = selling(gate.built(), float_kes="2000")
    with pytest.raises(NoteMissing) as told:
        till.shifts.close(notes((500, 1)))
    assert told.value.values == {}
    closed = till.shifts.close(notes((500, 1)), "a note was torn")
    assert ("expense:over_short", "KES", 150_000) in closed.entry.postings


@pytest.mark.parametrize(("over", "needs_note"), [("100", True), ("200", False)])
def test_the_difference_that_needs_a_note_is_in_shillings(gate: Gate, over: str, needs_note: bool) -> None:
    till = selling(gate.built(), float_kes="1000")
    permit(till, "over_short_note_over", over)
    with pytest.raises(NoteMissing) if needs_note else nullcontext():
        till.shifts.close(notes((1000, 1), (200, 1)))


def test_a_count_of_no_way_of_paying_is_refused_by_name(gate: Gate) -> None:
    till = selling(gate.built())
    for tender in ("mpeza", "cash"):
        with pytest.raises(UnknownTender) as told:
            till.shifts.close(Counted((), {tender: 500}))
        assert tender in str(told.value)
    assert till.shifts.view().number is not None


def test_who_may_no_longer_sell_sells_nothing_and_closes_their_shift(gate: Gate) -> None:
    till = selling(gate.built())
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    code = till.set_up.employ(CLERK, ["auditor"]).start_code
    till.sign_in.choose_pin(CLERK, code, CLERK_PIN)
    till.checkout.tap(EA_CITIZEN)
    with pytest.raises(NotAllowed):
        till.payments.pay("mpesa")
    till.shifts.close(Counted())
    assert till.shifts.view().number is None


def test_the_perpetual_total_runs_over_all_shifts(gate: Gate) -> None:
    till = selling(gate.built())
    permit(till, "allow_cash", "yes")
    cash(till, 1, "1000")
    till.shifts.close(notes((1000, 1)))
    till.shifts.open("0")
    cash(till, 2, "2000")
    closed = till.shifts.close(notes((1000, 2)))
    assert (closed.entry.data["sold_minor"], closed.entry.data["perpetual_minor"]) == (200_000, 300_000)


def test_two_clerks_change_at_the_window_with_one_pin(gate: Gate) -> None:
    till = selling(gate.built())
    first = till.desk.shift()
    selling(till, OTHER, OTHER_PIN)
    assert till.desk.shift() != first
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    till.shifts.to_window()
    assert till.desk.shift() == first
    assert len(till.desk.ledger.state.shifts) == 2


def test_shifts_and_their_days_survive_a_restart(gate: Gate, sell: Till) -> None:
    number = sell.desk.shift()
    again = gate.reopened(sell)
    again.sign_in.sign_in(CLERK, CLERK_PIN)
    assert again.desk.shift() == number


def test_the_business_day_is_fixed_when_the_shift_opens(gate: Gate, sell: Till) -> None:
    day = sell.desk.today()
    gate.clock.pass_by(20 * 3_600_000)
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("mpesa")
    sell.payments.mpesa("UA26X1Y2ZQ")
    assert sell.desk.ledger.entry(sell.desk.ledger.head[0]).day == day.isoformat()


@pytest.mark.parametrize("wall_ms", [0, 1_732_000_000_000, 1_767_346_260_000 + 7_200_000, 4_070_908_800_000])
def test_a_wrong_clock_moves_neither_price_nor_day_and_is_recorded(
    gate: Gate, sell: Till, wall_ms: int
) -> None:
    day = sell.desk.today()
    sell.checkout.tap(EA_CITIZEN)
    before = sell.checkout.view().total_minor
    gate.clock.wall = wall_ms
    assert sell.checkout.view().total_minor == before
    sell.payments.pay("mpesa")
    sell.payments.mpesa("UA26X1Y2ZQ")
    entry = sell.desk.ledger.entry(sell.desk.ledger.head[0])
    assert (entry.day, entry.fields["schedule"], entry.fields["rate"]) == (
        day.isoformat(),
        "CF2025",
        "2026-01",
    )
    assert sell.desk.ledger.of_kind("clock.anomaly")


def test_a_float_that_could_never_be_closed_is_refused(gate: Gate) -> None:
    till = gate.built()
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    with pytest.raises(FloatTooLarge):
        till.shifts.open("9,999,999,999.99")
    till.shifts.open("1,000,000")
