"""Sell: what the clerk taps becomes a bill, and a bill waits or ends."""

from datetime import date, timedelta

import pytest

from gatepos.domain.bill import NegativeCount, NothingInBill, TooMany, TooManyDays
from gatepos.domain.cards import FullCardNumber
from gatepos.domain.fees import NoSuchFee, PriceNotSet
from gatepos.domain.plates import BadPlate
from gatepos.domain.text import TextTooLong, UnseenCharacters
from gatepos.errors import Refusal
from gatepos.ledger import queries
from gatepos.till.checkout import (
    EnterOnPast,
    FinishCorrection,
    LetterMissing,
    NoSuchBill,
    NotSoldHere,
    PlateMissing,
    UnusualBill,
    VehicleCounted,
)
from gatepos.till.desk import Locked, NoOpenShift, NotSignedIn
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from tests.gate import AFRICAN, EA_CITIZEN, NON_RESIDENT, Gate, ordinary_van, selling


def test_the_ordinary_van_costs_what_the_gazette_says(sell: Till) -> None:
    ordinary_van(sell)
    view = sell.checkout.view()
    assert view.total_minor == 4_394_000
    assert (view.visitors, view.crew) == (7, 1)
    assert sum(line.kes_minor for line in view.lines) == view.total_minor


def test_a_tap_too_few_takes_nothing_below_zero(sell: Till) -> None:
    assert sell.checkout.tap(NON_RESIDENT, -1).total_minor == 0


def test_a_class_of_62_is_typed_at_once(sell: Till) -> None:
    view = sell.checkout.count(("park_entry_school", "school", "student"), 62)
    assert view.total_minor == 62 * 40_000


def test_days_multiply_people_and_vehicle(sell: Till) -> None:
    sell.checkout.tap(EA_CITIZEN)
    sell.checkout.vehicle(1)
    assert sell.checkout.stay(2, 0).total_minor == 2 * 100_000 + 2 * 60_000


def test_a_price_that_is_not_set_refuses_by_name_and_leaves_the_bill(sell: Till) -> None:
    sell.checkout.tap(EA_CITIZEN)
    blocked = next(cell for cell in sell.checkout.view().others if cell.blocked)
    with pytest.raises(PriceNotSet):
        sell.checkout.tap(blocked.key)
    assert len(sell.checkout.view().lines) == 1


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (lambda c: c.count(EA_CITIZEN, -1), NegativeCount),
        (lambda c: c.count(EA_CITIZEN, 501), TooMany),
        (lambda c: c.count(EA_CITIZEN, 10**30), TooMany),
        (lambda c: c.stay(61, 0), TooManyDays),
        (lambda c: c.stay(0, 0), TooManyDays),
        (lambda c: c.plate("КДА 412М"), BadPlate),
        (lambda c: c.plate("kdı412m"), BadPlate),
        (lambda c: c.operator("x" * 10_000), TextTooLong),
        (lambda c: c.operator("safari\u202eyxalag"), UnseenCharacters),
        (lambda c: c.operator("safari\x1b@"), UnseenCharacters),
        (lambda c: c.operator("sa\u200bfari"), UnseenCharacters),
        (lambda c: c.product("AMB"), NotSoldHere),
        (lambda c: c.enter_on(date(2026, 1, 1)), EnterOnPast),
        (lambda c: c.enter_on(date(2026, 1, 2) + timedelta(days=366)), EnterOnPast),
        (lambda c: c.resume("XNM2B000001Q"), NoSuchBill),
    ],
)
def test_bad_input_is_refused_by_name_and_changes_nothing(
    sell: Till, act: object, refusal: type[Refusal]
) -> None:
    sell.checkout.tap(EA_CITIZEN)
    before, head = sell.checkout.view(), sell.desk.ledger.head
    with pytest.raises(refusal):
        act(sell.checkout)  # type: ignore[operator]
    assert sell.checkout.view() == before
    assert sell.desk.ledger.head == head


def test_nothing_is_not_sold(sell: Till) -> None:
    with pytest.raises(NothingInBill):
        sell.payments.pay("mpesa")


def test_a_vehicle_needs_its_plate(sell: Till) -> None:
    sell.checkout.tap(EA_CITIZEN)
    sell.checkout.vehicle(1)
    with pytest.raises(PlateMissing):
        sell.checkout.hold()


def test_a_vehicle_that_is_taken_away_takes_its_plate_with_it(sell: Till) -> None:
    sell.checkout.vehicle(2)
    sell.checkout.plate("KDA 412M")
    view = sell.checkout.vehicle(2)
    assert (view.band, view.plate) == (0, "")


def test_a_vehicle_is_not_counted_like_people(sell: Till) -> None:
    sell.checkout.tap(EA_CITIZEN)
    for act in (sell.checkout.count, sell.checkout.tap):
        with pytest.raises(VehicleCounted):
            act(("vehicle", "vehicle", "5"), 3)
    assert sell.checkout.view().total_minor == 100_000


def test_a_school_shows_its_letter_once_a_bill(sell: Till) -> None:
    sell.checkout.count(("park_entry_school", "school", "student"), 62)
    with pytest.raises(LetterMissing):
        sell.payments.pay("mpesa")
    sell.checkout.institution("Langata Primary")
    assert sell.payments.pay("mpesa").rest_minor == 62 * 40_000


def test_an_operator_is_no_card_number(sell: Till) -> None:
    for act in (sell.checkout.operator, sell.checkout.institution):
        with pytest.raises(FullCardNumber):
            act("4111 1111 1111 1111")


def test_a_locked_till_leaves_its_bill_alone(sell: Till) -> None:
    sell.checkout.tap(EA_CITIZEN)
    sell.checkout.hold()
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("mpesa")
    head = sell.desk.ledger.head
    sell.sign_in.lock()
    for act in (sell.checkout.hold, sell.checkout.clear, lambda: sell.checkout.resume("XNM2B000001Q")):
        with pytest.raises(Locked):
            act()
    assert sell.desk.ledger.head == head


def test_the_bill_at_the_window_ends_with_the_shift_and_those_put_aside_wait(sell: Till) -> None:
    sell.checkout.tap(EA_CITIZEN)
    sell.checkout.hold()
    sell.checkout.count(EA_CITIZEN, 2)
    sell.payments.pay("mpesa")
    sell.shifts.close(Counted())
    (ended,) = sell.desk.ledger.of_kind("bill.abandoned")
    assert ended.data["reason"] == "shift_closed"
    assert [bill.total_minor for bill in sell.checkout.waiting()] == [100_000]
    assert sell.checkout.view().lines == ()


def test_half_the_van_free_is_asked_about_once(sell: Till) -> None:
    sell.checkout.tap(EA_CITIZEN)
    sell.checkout.free("under_6")
    with pytest.raises(UnusualBill):
        sell.payments.pay("card")
    assert sell.payments.pay("card").rest_minor == 100_000


def test_three_crew_are_asked_about_however_large_the_bus(sell: Till) -> None:
    sell.checkout.count(EA_CITIZEN, 40)
    for _ in range(3):
        sell.checkout.free("tra_crew")
    with pytest.raises(UnusualBill):
        sell.payments.pay("card")


def test_nobody_sells_without_signing_in_or_without_a_shift(gate: Gate) -> None:
    till = gate.built()
    till.checkout.tap(EA_CITIZEN)
    with pytest.raises(NotSignedIn):
        till.payments.pay("card")
    till.sign_in.sign_in("07", "246813")
    with pytest.raises(NoOpenShift):
        till.payments.pay("card")


def test_a_held_bill_waits_under_its_number_and_survives_a_restart(gate: Gate, sell: Till) -> None:
    ordinary_van(sell)
    sell.checkout.hold()
    assert sell.checkout.view().total_minor == 0
    (waiting,) = sell.checkout.waiting()
    again = gate.reopened(sell)
    again.sign_in.sign_in("07", "246813")
    view = again.checkout.resume("KDA412M")
    assert (view.number, view.total_minor) == (waiting.number, 4_394_000)


def test_holding_a_changed_bill_gives_it_a_new_number_and_ends_the_old(sell: Till) -> None:
    sell.checkout.tap(EA_CITIZEN)
    sell.checkout.hold()
    (first,) = sell.checkout.waiting()
    sell.checkout.resume(first.number)
    sell.checkout.tap(EA_CITIZEN)
    sell.checkout.hold()
    (second,) = sell.checkout.waiting()
    assert second.number != first.number
    assert queries.bill_ending(sell.desk.ledger, first.number) == "abandoned"


def test_resuming_holds_what_is_at_the_window(sell: Till) -> None:
    sell.checkout.tap(EA_CITIZEN)
    sell.checkout.hold()
    sell.checkout.tap(NON_RESIDENT)
    (first,) = sell.checkout.waiting()
    sell.checkout.resume(first.number)
    assert [w.total_minor for w in sell.checkout.waiting()] == [1_036_000]


def test_clearing_an_opened_bill_says_so_in_the_journal(sell: Till) -> None:
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("mpesa")
    number = sell.checkout.view().number
    sell.checkout.clear()
    assert number is not None
    assert queries.bill_ending(sell.desk.ledger, number) == "abandoned"
    assert sell.checkout.waiting() == ()


def test_a_correction_cannot_be_put_aside(sell: Till) -> None:
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("card")
    receipt = sell.payments.card("AB12", "4242")
    sell.corrections.correct(receipt.number, "wrong category")  # type: ignore[union-attr]
    with pytest.raises(FinishCorrection):
        sell.checkout.hold()


def test_a_window_with_another_clerks_shift_does_not_sell(gate: Gate) -> None:
    till = selling(gate.built())
    till.sign_in.sign_in("08", "975310")
    till.checkout.tap(EA_CITIZEN)
    with pytest.raises(NoOpenShift):
        till.payments.pay("card")


def test_what_could_not_be_opened_cannot_be_paid_after_a_change_either(sell: Till) -> None:
    sell.checkout.count(EA_CITIZEN, 6)
    sell.payments.pay("mpesa")
    sell.checkout.vehicle(2)
    with pytest.raises(PlateMissing):
        sell.payments.mpesa("UA26X1Y2ZQ")
    sell.checkout.plate("KDA 412M")
    sell.payments.untender()
    sell.checkout.free("under_6", 60)
    with pytest.raises(UnusualBill):
        sell.payments.pay("mpesa")
    sell.payments.pay("mpesa")
    sell.checkout.free("under_6", 60)
    with pytest.raises(UnusualBill):
        sell.payments.pay("mpesa")


def test_a_bill_emptied_after_it_was_opened_is_no_receipt(sell: Till) -> None:
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("mpesa")
    sell.checkout.tap(EA_CITIZEN, -1)
    with pytest.raises(NothingInBill):
        sell.payments.record()


def test_the_first_bill_of_a_new_day_is_for_that_day(gate: Gate, sell: Till) -> None:
    sell.checkout.tap(EA_CITIZEN)
    sell.checkout.hold()
    gate.clock.pass_by(86_400_000)
    sell.shifts.close(Counted())
    sell.shifts.open()
    assert sell.checkout.view().enter_on == sell.desk.today() == date(2026, 1, 3)
    assert sell.checkout.resume(sell.checkout.waiting()[0].number).enter_on == date(2026, 1, 3)


def test_a_held_bill_that_another_schedule_cannot_price_stays_aside(sell: Till) -> None:
    sell.checkout.tap(AFRICAN)
    sell.checkout.hold()
    (waiting,) = sell.checkout.waiting()
    sell.desk.write("schedule.switched", {"schedule": "CF2016", "was": "CF2025", "reason": "court order"})
    with pytest.raises(NoSuchFee):
        sell.checkout.resume(waiting.number)
    assert sell.checkout.view().lines == ()
    assert sell.checkout.waiting() == (waiting,)


def test_a_held_bill_is_sold_at_the_rate_then_in_force(sell: Till) -> None:
    sell.checkout.tap(NON_RESIDENT)
    sell.checkout.hold()
    sell.desk.write("rate.switched", {"rate": "2026-02", "rate_e4": 1_400_000, "was": "2026-01"})
    assert sell.checkout.resume(sell.checkout.waiting()[0].number).total_minor == 80 * 140_00
    assert sell.payments.pay("mpesa").rest_minor == 80 * 140_00


def test_a_bill_with_free_people_keeps_its_number_when_it_is_put_aside_unchanged(sell: Till) -> None:
    ordinary_van(sell)
    account = sell.payments.pay("mpesa").account
    sell.checkout.hold()
    assert [waiting.number for waiting in sell.checkout.waiting()] == [account]
