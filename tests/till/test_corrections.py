"""To correct is to append: a corrected receipt replaces the first, a void undoes it, both by name."""

import pytest

from gatepos.domain.staff import NeedsSecond
from gatepos.domain.text import ReasonMissing
from gatepos.till import views
from gatepos.till.approvals import SamePerson, Second
from gatepos.till.corrections import NoSuchReceipt, ReceiptEnded
from gatepos.till.shifts import Counted
from gatepos.till.sign_in import WrongPin
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

SECOND = Second(MANAGER, MANAGER_PIN)


def sold(till: Till, n: int = 1, kind: str = "mpesa") -> str:
    till.checkout.count(EA_CITIZEN, n)
    till.payments.pay(kind)
    done = (
        till.payments.cash("KES", str(n * 1000)) if kind == "cash" else till.payments.mpesa(f"UA26X1Y2Z{n}")
    )
    assert isinstance(done, views.RecordedView)
    return done.number


def balance(till: Till, account: str) -> int:
    rows = till.desk.ledger.conn.execute(
        "SELECT coalesce(sum(amount_minor), 0) FROM posting WHERE account = ?", (account,)
    )
    return int(rows.fetchone()[0])


def test_adding_a_person_asks_only_for_the_difference(sell: Till) -> None:
    receipt = sold(sell)
    sell.corrections.correct(receipt, "one more adult")
    sell.checkout.tap(EA_CITIZEN)
    assert sell.payments.pay("mpesa").rest_minor == 100_000
    done = sell.payments.mpesa("UA26X1Y2ZZ")
    assert isinstance(done, views.RecordedView)
    assert balance(sell, "income:park_entry:ea_citizen:adult") == -200_000
    assert balance(sell, "asset:mpesa:222222") == 200_000
    (new, old) = sell.history.find()
    assert (new.state, old.state) == ("", "corrected")


def test_a_plate_is_corrected_by_the_same_clerk_without_money(sell: Till) -> None:
    receipt = sold(sell)
    sell.corrections.correct(receipt, "plate misread")
    sell.checkout.plate("KDB 001A")
    sell.payments.pay("mpesa")
    done = sell.payments.record()
    assert sell.history.open(done.number).row.plate == "KDB001A"


def test_a_lower_total_needs_a_second_person_and_is_owed_back(sell: Till) -> None:
    receipt = sold(sell, 2)
    sell.corrections.correct(receipt, "one child")
    sell.checkout.tap(EA_CITIZEN, -1)
    sell.payments.pay("mpesa")
    with pytest.raises(NeedsSecond):
        sell.payments.record()
    done = sell.payments.record(SECOND)
    assert done.due_back_minor == 100_000
    number = done.number.replace("-", "")
    assert balance(sell, f"asset:receivable:{number}") == -100_000


def test_after_ten_minutes_a_clerk_does_not_correct_alone(gate: Gate, sell: Till) -> None:
    receipt = sold(sell)
    gate.clock.pass_by(11 * 60_000)
    sell.corrections.correct(receipt, "plate misread")
    sell.payments.pay("mpesa")
    with pytest.raises(NeedsSecond):
        sell.payments.record()


def test_corrections_of_corrections_make_a_sale_no_younger(gate: Gate, sell: Till) -> None:
    receipt = sold(sell)
    gate.clock.pass_by(9 * 60_000)
    sell.corrections.correct(receipt, "plate misread")
    sell.payments.pay("mpesa")
    receipt = sell.payments.record().number
    gate.clock.pass_by(9 * 60_000)
    sell.corrections.correct(receipt, "plate misread")
    sell.payments.pay("mpesa")
    with pytest.raises(NeedsSecond):
        sell.payments.record()


def test_a_sale_stays_its_first_clerks_when_another_corrects_it(
    gate: Gate,
) -> None:
    till = selling(gate.built())
    receipt = sold(till)
    selling(till, OTHER, OTHER_PIN)
    till.corrections.correct(receipt, "plate misread")
    till.payments.pay("mpesa")
    receipt = till.payments.record(SECOND).number
    till.corrections.correct(receipt, "plate misread")
    till.payments.pay("mpesa")
    with pytest.raises(NeedsSecond):
        till.payments.record()


def test_a_clock_turned_back_makes_no_receipt_younger(gate: Gate, sell: Till) -> None:
    receipt = sold(sell)
    gate.clock.pass_by(60 * 60_000)
    gate.clock.wall -= 55 * 60_000
    sell.corrections.correct(receipt, "plate misread")
    sell.payments.pay("mpesa")
    with pytest.raises(NeedsSecond):
        sell.payments.record()


def test_change_of_an_earlier_shift_is_not_taken_off_what_this_shift_hands_back(gate: Gate) -> None:
    till = selling(gate.built())
    permit(till, "allow_cash", "yes")
    till.checkout.tap(EA_CITIZEN)
    till.payments.pay("cash")
    first = till.payments.cash("KES", "1500")
    assert isinstance(first, views.RecordedView)
    till.shifts.close(Counted(), "handed to the safe")
    till.shifts.open()
    till.corrections.correct(first.number, "one more adult")
    till.checkout.tap(EA_CITIZEN)
    till.payments.pay("cash")
    second = till.payments.cash("KES", "1000")
    assert isinstance(second, views.RecordedView)
    voided = till.corrections.void(second.number, "turned back", SECOND)
    assert voided.due_back_minor == 100_000
    assert balance(till, f"asset:cash:{till.desk.shift()}") == 0


def test_another_clerks_receipt_is_not_corrected_alone(gate: Gate) -> None:
    till = selling(gate.built())
    receipt = sold(till)
    selling(till, OTHER, OTHER_PIN)
    till.corrections.correct(receipt, "plate misread")
    till.payments.pay("mpesa")
    with pytest.raises(NeedsSecond):
        till.payments.record()


def test_a_corrected_receipt_cannot_be_corrected_again(sell: Till) -> None:
    receipt = sold(sell)
    sell.corrections.correct(receipt, "plate misread")
    sell.payments.pay("mpesa")
    sell.payments.record()
    with pytest.raises(ReceiptEnded):
        sell.corrections.correct(receipt, "again")
    with pytest.raises(ReceiptEnded):
        sell.corrections.void(receipt, "again", SECOND)


def test_a_void_needs_somebody_else(sell: Till) -> None:
    receipt = sold(sell)
    head = sell.desk.ledger.head[0]
    with pytest.raises(NeedsSecond):
        sell.corrections.void(receipt, "turned back", None)
    with pytest.raises(SamePerson):
        sell.corrections.void(receipt, "turned back", Second(CLERK, CLERK_PIN))
    with pytest.raises(ReasonMissing):
        sell.corrections.void(receipt, "  ", SECOND)
    assert sell.desk.ledger.head[0] == head
    with pytest.raises(WrongPin):
        sell.corrections.void(receipt, "turned back", Second(MANAGER, "000001"))


def test_a_voided_mpesa_sale_is_money_held_and_a_cash_sale_is_handed_back(sell: Till) -> None:
    permit(sell, "allow_cash", "yes")
    held = sell.corrections.void(sold(sell), "turned back", SECOND)
    assert held.due_back_minor == 100_000
    back = sell.corrections.void(sold(sell, 2, "cash"), "turned back", SECOND)
    assert back.due_back_minor == 0
    assert balance(sell, "income:park_entry:ea_citizen:adult") == 0


def test_a_void_twice_of_a_void_or_of_another_till_is_refused(sell: Till) -> None:
    receipt = sold(sell)
    undone = sell.corrections.void(receipt, "turned back", SECOND)
    with pytest.raises(ReceiptEnded):
        sell.corrections.void(receipt, "turned back", SECOND)
    for other in (undone.number, "NMG2-R000771-T"):
        with pytest.raises(NoSuchReceipt):
            sell.corrections.void(other, "turned back", SECOND)


def test_an_unfinished_correction_is_left_behind_at_a_restart(gate: Gate, sell: Till) -> None:
    receipt = sold(sell)
    sell.corrections.correct(receipt, "plate misread")
    sell.payments.pay("mpesa")
    again = gate.reopened(sell)
    assert again.checkout.waiting() == ()
    (row,) = again.history.find()
    assert row.state == ""
