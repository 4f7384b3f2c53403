"""Signing in: start codes, wrong PINs counted in the journal, a lock that keeps the bill."""

import pytest

from gatepos.domain.staff import BadStaffNumber, NotAllowed
from gatepos.seal.pins import PinTooShort, PinTooSimple
from gatepos.till.approvals import Second
from gatepos.till.desk import Locked, UnknownClerk
from gatepos.till.set_up import UnknownRole
from gatepos.till.sign_in import ChoosePin, LockedOut, WrongPin
from gatepos.till.till import Till
from tests.gate import CLERK, CLERK_PIN, EA_CITIZEN, MANAGER, MANAGER_PIN, Gate


def fail(till: Till, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WrongPin):
            till.sign_in.sign_in(CLERK, "111222")


def test_a_new_clerk_chooses_a_pin_with_a_code_that_works_once(gate: Gate) -> None:
    till = gate.built()
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    code = till.set_up.employ("21", ["clerk"]).start_code
    with pytest.raises(ChoosePin):
        till.sign_in.sign_in("21", code)
    with pytest.raises(PinTooShort):
        till.sign_in.choose_pin("21", code, "12345")
    with pytest.raises(PinTooSimple):
        till.sign_in.choose_pin("21", code, "123456")
    till.sign_in.choose_pin("21", code, "864209")
    with pytest.raises(WrongPin):
        till.sign_in.choose_pin("21", code, "975318")


def test_unknown_clerks_are_refused(gate: Gate) -> None:
    till = gate.built()
    with pytest.raises(UnknownClerk):
        till.sign_in.sign_in("99", "246813")


def test_five_wrong_pins_wait_and_no_restart_or_clock_shortens_it(gate: Gate) -> None:
    till = gate.built()
    fail(till, 4)
    with pytest.raises(LockedOut):
        till.sign_in.sign_in(CLERK, "111222")
    gate.clock.wall += 86_400_000
    with pytest.raises(LockedOut):
        till.sign_in.sign_in(CLERK, CLERK_PIN)
    till = gate.reopened(till)
    with pytest.raises(LockedOut):
        till.sign_in.sign_in(CLERK, CLERK_PIN)
    gate.clock.restart()
    till = gate.reopened(till)
    with pytest.raises(LockedOut):
        till.sign_in.sign_in(CLERK, CLERK_PIN)
    gate.clock.pass_by(30_000)
    assert till.sign_in.sign_in(CLERK, CLERK_PIN).number == CLERK


def test_ones_own_wrong_pins_do_not_push_out_those_tried_on_somebody_else(gate: Gate) -> None:
    till = gate.built()
    for refusal in [WrongPin] * 4 + [LockedOut]:
        with pytest.raises(refusal):
            till.sign_in.sign_in(MANAGER, "111222")
    for _ in range(30):
        fail(till, 4)
        till.sign_in.sign_in(CLERK, CLERK_PIN)
    till = gate.reopened(till)
    with pytest.raises(LockedOut):
        till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    assert till.sign_in.sign_in(CLERK, CLERK_PIN).number == CLERK


def test_a_clock_that_passes_for_another_start_shortens_no_wait(gate: Gate) -> None:
    till = gate.built()
    fail(till, 4)
    with pytest.raises(LockedOut):
        till.sign_in.sign_in(CLERK, "111222")
    gate.clock.boot = "boot-made-from-the-wall-clock"
    till = gate.reopened(till)
    with pytest.raises(LockedOut):
        till.sign_in.sign_in(CLERK, CLERK_PIN)


def test_the_lock_and_approvals_count_like_signing_in(sell: Till) -> None:
    for refusal in [WrongPin] * 4 + [LockedOut]:
        with pytest.raises(refusal):
            sell.approvals.also(Second(MANAGER, "111222"), "receipt.voided", {})
    with pytest.raises(LockedOut):
        sell.sign_in.sign_in(MANAGER, MANAGER_PIN)
    sell.sign_in.lock()
    for refusal in [WrongPin] * 4 + [LockedOut]:
        with pytest.raises(refusal):
            sell.sign_in.unlock("111222")
    with pytest.raises(LockedOut):
        sell.sign_in.sign_in(CLERK, CLERK_PIN)


def test_waits_double_and_end_at_five_minutes(gate: Gate) -> None:
    till = gate.built()
    fail(till, 4)
    waits = []
    for _ in range(6):
        with pytest.raises(LockedOut) as told:
            till.sign_in.sign_in(CLERK, "111222")
        waits.append(told.value.values["seconds"])
        gate.clock.pass_by(300_000)
    assert waits == [30, 60, 120, 240, 300, 300]


def test_locking_keeps_the_bill_and_opens_with_the_same_pin(sell: Till) -> None:
    sell.checkout.tap(EA_CITIZEN)
    sell.sign_in.lock()
    with pytest.raises(WrongPin):
        sell.sign_in.unlock("000999")
    with pytest.raises(Locked):
        sell.payments.pay("mpesa")
    sell.sign_in.unlock(CLERK_PIN)
    assert sell.checkout.view().total_minor == 100_000


def test_a_clerk_does_not_set_up(sell: Till) -> None:
    for act in (
        lambda: sell.set_up.configure("paybill", "600000"),
        lambda: sell.set_up.switch_rate("2026-02", "130"),
        lambda: sell.set_up.employ("33", ["clerk"]),
        lambda: sell.set_up.switch_schedule("CF2016", "order"),
    ):
        head = sell.desk.ledger.head
        with pytest.raises(NotAllowed):
            act()
        assert sell.desk.ledger.head == head


def test_staff_numbers_and_roles_have_their_form(gate: Gate) -> None:
    till = gate.built()
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    with pytest.raises(BadStaffNumber):
        till.set_up.employ("seven", ["clerk"])
    with pytest.raises(UnknownRole):
        till.set_up.employ("33", ["king"])


def test_who_left_does_not_sign_in(gate: Gate) -> None:
    till = gate.built()
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    till.set_up.dismiss(CLERK)
    with pytest.raises(UnknownClerk):
        till.sign_in.sign_in(CLERK, CLERK_PIN)
