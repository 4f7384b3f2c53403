"""A clock that is set wrong, by whom or what it may: it is recorded, and nothing that matters follows it."""

from datetime import date

import pytest

from gatepos.domain import moments
from gatepos.domain.staff import NeedsSecond
from gatepos.seal import checking
from gatepos.till.shifts import Counted
from gatepos.till.sign_in import LockedOut, WrongPin
from gatepos.till.till import Till
from tests.gate import CLERK, CLERK_PIN, EA_CITIZEN, MORNING_MS, NON_RESIDENT, Gate

pytestmark = pytest.mark.proof
FRIDAY = date(2026, 1, 2)
WRONG = {
    "400 days back": MORNING_MS - 400 * moments.DAY_MS,
    "1970": 0,
    "two hours on": MORNING_MS + 2 * 3_600_000,
    "400 days on": MORNING_MS + 400 * moments.DAY_MS,
    "2099": moments.from_text("2099-01-01T00:00:00.000Z"),
}


@pytest.fixture(params=list(WRONG.values()), ids=list(WRONG))
def wall_ms(request: pytest.FixtureRequest) -> int:
    """What the clock is set to."""
    return int(request.param)


def restarted(gate: Gate, till: Till) -> Till:
    """The till after a restart of the program, its clerk at the window."""
    again = gate.reopened(till)
    again.sign_in.sign_in(CLERK, CLERK_PIN)
    return again


def day_of_a_new_shift(till: Till) -> str:
    return till.shifts.open().entry.day


def test_the_price_of_a_bill_held_before_is_its_price_after(gate: Gate, sell: Till, wall_ms: int) -> None:
    sell.checkout.tap(NON_RESIDENT)
    total_minor = sell.checkout.view().total_minor
    sell.checkout.hold()
    gate.clock.wall = wall_ms
    again = restarted(gate, sell)
    assert again.checkout.resume(again.checkout.waiting()[0].number).total_minor == total_minor
    assert again.checkout.view().schedule == "CF2025"


def test_the_business_day_of_the_next_shift_does_not_follow_it(gate: Gate, sell: Till, wall_ms: int) -> None:
    gate.clock.wall = wall_ms
    sell.shifts.close(Counted())
    sell.sign_in.sign_in(CLERK, CLERK_PIN)
    assert day_of_a_new_shift(sell) == FRIDAY.isoformat()
    assert sell.checkout.view().enter_on == FRIDAY


def test_nor_after_the_program_was_started_again_under_it(gate: Gate, sell: Till, wall_ms: int) -> None:
    gate.clock.wall = wall_ms
    sell.shifts.close(Counted())
    again = restarted(gate, restarted(gate, sell))
    assert day_of_a_new_shift(again) == FRIDAY.isoformat()


def test_once_it_is_right_again_the_day_goes_on(gate: Gate, sell: Till, wall_ms: int) -> None:
    right_ms, gate.clock.wall = gate.clock.wall, wall_ms
    sell.shifts.close(Counted())
    gate.clock.wall = right_ms
    gate.clock.pass_by(moments.DAY_MS)
    sell.sign_in.sign_in(CLERK, CLERK_PIN)
    assert day_of_a_new_shift(sell) == "2026-01-03"


def test_a_machine_told_the_time_late_begins_its_own_day(gate: Gate, sell: Till) -> None:
    sell.shifts.close(Counted())
    gate.clock.restart()
    again = gate.reopened(sell)
    gate.clock.wall += moments.DAY_MS
    again.sign_in.sign_in(CLERK, CLERK_PIN)
    assert day_of_a_new_shift(again) == "2026-01-03"


def test_no_wait_after_wrong_pins_becomes_shorter(gate: Gate, wall_ms: int) -> None:
    till = gate.built()
    for refusal in [WrongPin] * 4 + [LockedOut]:
        with pytest.raises(refusal):
            till.sign_in.sign_in(CLERK, "111222")
    gate.clock.wall = wall_ms
    with pytest.raises(LockedOut):
        till.sign_in.sign_in(CLERK, CLERK_PIN)
    with pytest.raises(LockedOut):
        gate.reopened(till).sign_in.sign_in(CLERK, CLERK_PIN)


def test_no_receipt_becomes_young_enough_to_be_corrected_alone(gate: Gate, sell: Till, wall_ms: int) -> None:
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("mpesa")
    sell.payments.mpesa("UA26X1Y2ZQ")
    gate.clock.pass_by(11 * moments.MINUTE_MS)
    gate.clock.wall = wall_ms
    sell.corrections.correct(sell.history.find()[0].number, "plate misread")
    sell.payments.pay("mpesa")
    with pytest.raises(NeedsSecond):
        sell.payments.record()


def test_a_paper_is_valid_on_the_business_day(gate: Gate, sell: Till, wall_ms: int) -> None:
    gate.clock.wall = wall_ms
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("mpesa")
    sell.payments.mpesa("UA26X1Y2ZQ")
    entry = sell.desk.ledger.entry(sell.desk.ledger.head[0])
    paper = checking.read("GP:" + str(entry.data["token"]), sell.desk.keyring).payload
    assert paper.valid_from <= MORNING_MS // 1000 <= paper.valid_until
