"""Refunds: asked for by line, decided by another person, paid back as the money came, never twice."""

from collections.abc import Mapping

import pytest

from gatepos.domain import moments, numbers
from gatepos.domain.bill import FeeKey
from gatepos.domain.refund import NothingToRefund, OverRefund
from gatepos.domain.staff import NeedsSecond, NotAllowed
from gatepos.domain.text import ReasonMissing
from gatepos.ledger import takings, totals, verification
from gatepos.ledger.takings import Span
from gatepos.till import views
from gatepos.till.approvals import SamePerson, Second
from gatepos.till.corrections import IsRefunded, NoSuchReceipt, ReceiptEnded
from gatepos.till.payments import CodeUsedUp, NothingHeld
from gatepos.till.refunds import (
    IsDecided,
    NoCashHere,
    NoSuchRefund,
    NotApproved,
    NotThisWay,
    ReferenceUsed,
    UsedIsKept,
    WasUsed,
)
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from tests import park
from tests.gate import (
    CLERK,
    CLERK_PIN,
    EA_CITIZEN,
    MANAGER,
    MANAGER_PIN,
    NON_RESIDENT,
    OTHER,
    OTHER_PIN,
    Gate,
    ordinary_van,
    permit,
    selling,
)
from tests.till.conftest import Tills
from tests.till.test_capture import captured
from tests.till.test_corrections import balance, sold
from tests.till.test_hearing import conflicts_of, number_of, paid_at, van
from tests.till.test_passes import token

SECOND = Second(MANAGER, MANAGER_PIN)
ONE: Mapping[FeeKey, int] = {EA_CITIZEN: 1}


def asked(till: Till, receipt: str, counts: Mapping[FeeKey, int] = ONE) -> str:
    """The number of a refund that was asked for, whoever went in."""
    number = till.refunds.request(receipt, counts, "one never came", knows_used=True).entry.number
    assert number is not None
    return number


def agreed(till: Till, receipt: str, counts: Mapping[FeeKey, int] = ONE) -> str:
    number = asked(till, receipt, counts)
    till.refunds.approve(number, SECOND)
    return number


def state(till: Till, number: str) -> str:
    return till.refund_list.open(number).row.state


def paper(till: Till, seq: int) -> str:
    return str(till.printing.paper(till.desk.ledger.entry(seq)))


def next_shift(till: Till, number: str = CLERK, pin: str = CLERK_PIN) -> None:
    till.shifts.close(Counted(), "handed to the safe")
    selling(till, number, pin)


def money_is_whole(till: Till) -> None:
    ledger = till.desk.ledger
    rows = ledger.conn.execute("SELECT currency, sum(amount_minor) FROM posting GROUP BY currency")
    assert {currency: minor for currency, minor in rows if minor} == {}


def test_a_line_is_asked_for_agreed_to_and_paid_back_by_mpesa(sell: Till) -> None:
    receipt = sold(sell, 3)
    number = asked(sell, receipt)
    assert numbers.parse(number).series == numbers.VOID
    assert balance(sell, "income:park_entry:ea_citizen:adult") == -300_000, (
        "nothing moves before it is agreed"
    )
    sell.refunds.approve(number, SECOND)
    plain = str(numbers.parse(receipt))
    assert balance(sell, "income:park_entry:ea_citizen:adult") == -200_000
    assert balance(sell, f"asset:receivable:{plain}") == -100_000
    done = sell.refunds.pay(number, "mpesa", "UA36X1Y2ZQ")
    assert done.entry.data["left_minor"] == 0
    assert balance(sell, "asset:mpesa:222222") == 200_000
    assert balance(sell, f"asset:receivable:{plain}") == 0
    assert state(sell, number) == "paid"
    money_is_whole(sell)


def test_no_more_goes_back_than_was_paid_however_it_is_asked_for(sell: Till) -> None:
    receipt = sold(sell, 3)
    agreed(sell, receipt, {EA_CITIZEN: 2})
    with pytest.raises(OverRefund):
        asked(sell, receipt, {EA_CITIZEN: 2})
    with pytest.raises(OverRefund):
        asked(sell, receipt, {NON_RESIDENT: 1})
    with pytest.raises(NothingToRefund):
        asked(sell, receipt, {EA_CITIZEN: 0})
    with pytest.raises(NothingToRefund):
        asked(sell, receipt, {})
    agreed(sell, receipt)
    assert balance(sell, "income:park_entry:ea_citizen:adult") == 0


def test_parts_of_a_line_in_dollars_are_together_what_it_charged(sell: Till) -> None:
    ordinary_van(sell)
    sell.payments.pay("mpesa")
    done = sell.payments.mpesa("UA26X1Y2ZQ")
    assert isinstance(done, views.RecordedView)
    parts = [agreed(sell, done.number, {NON_RESIDENT: n}) for n in (1, 2)]
    minors = [sell.refund_list.open(one).row.amount_minor for one in parts]
    entry = sell.desk.ledger.by_number(str(numbers.parse(done.number)))
    assert entry is not None
    (line,) = [one for one in entry.data["lines"] if one["category"] == "non_resident" and one["count"] == 3]  # type: ignore[attr-defined]
    assert sum(minors) == line["kes_minor"]
    assert all(minor % 100 == 0 for minor in minors)


def test_a_refund_of_another_tills_receipt_or_of_none_is_refused(sell: Till) -> None:
    for typed in ("NMG2-R000771-T", "XNM2-R000009-6"):
        with pytest.raises((NoSuchReceipt, numbers.BadNumber)):
            asked(sell, typed)
    with pytest.raises(NoSuchRefund):
        sell.refunds.approve("NMG2-Z000041-V", SECOND)


def test_a_receipt_that_was_voided_or_corrected_has_no_lines_to_refund(sell: Till) -> None:
    voided = sold(sell, 1)
    sell.corrections.void(voided, "turned back", SECOND)
    corrected = sold(sell, 2)
    sell.corrections.correct(corrected, "plate misread")
    sell.payments.pay("mpesa")
    sell.payments.record()
    for receipt in (voided, corrected):
        with pytest.raises(ReceiptEnded):
            asked(sell, receipt)


def test_a_receipt_with_a_refund_is_neither_corrected_nor_voided(sell: Till) -> None:
    receipt = sold(sell, 2)
    sell.corrections.correct(receipt, "plate misread")
    sell.payments.pay("mpesa")
    number = asked(sell, receipt)
    with pytest.raises(IsRefunded):
        sell.payments.record()
    sell.checkout.clear()
    with pytest.raises(IsRefunded):
        sell.corrections.void(receipt, "turned back", SECOND)
    with pytest.raises(IsRefunded):
        sell.corrections.correct(receipt, "plate misread")
    sell.refunds.refuse(number, "they went in", SECOND)
    sell.corrections.void(receipt, "turned back", SECOND)


def test_who_asked_never_decides(gate: Gate) -> None:
    till = selling(gate.built())
    number = asked(till, sold(till))
    with pytest.raises(NeedsSecond):
        till.refunds.approve(number, None)
    for second, refusal in ((Second(CLERK, CLERK_PIN), SamePerson), (Second(OTHER, OTHER_PIN), NotAllowed)):
        with pytest.raises(refusal):
            till.refunds.approve(number, second)
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    till.shifts.open()
    own = asked(till, sold(till, 2))
    with pytest.raises(NeedsSecond):
        till.refunds.approve(own, None)
    selling(till, OTHER, OTHER_PIN)
    with pytest.raises(SamePerson):
        till.refunds.approve(own, SECOND)


def test_a_manager_at_the_window_decides_what_a_clerk_asked_for_once(gate: Gate) -> None:
    till = selling(gate.built())
    number = asked(till, sold(till))
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    done = till.refunds.approve(number, None)
    assert (done.entry.by, done.entry.fields["also"]) == (MANAGER, None)
    with pytest.raises(IsDecided):
        till.refunds.approve(number, None)
    with pytest.raises(IsDecided):
        till.refunds.refuse(number, "no", None)


def test_a_refund_that_is_refused_says_why_and_moves_nothing(sell: Till) -> None:
    receipt = sold(sell)
    number = asked(sell, receipt)
    with pytest.raises(ReasonMissing):
        sell.refunds.refuse(number, " ", SECOND)
    done = sell.refunds.refuse(number, "they went in at East Gate", SECOND)
    assert not done.entry.postings
    shown = paper(sell, done.entry.seq)
    assert "REFUND REFUSED" in shown
    assert "they went in at East Gate" in shown
    with pytest.raises(NotApproved):
        sell.refunds.pay(number, "mpesa", "UA36X1Y2ZQ")
    asked(sell, receipt)


def test_the_paper_says_what_goes_back_by_which_way_and_how_long_it_takes(sell: Till) -> None:
    permit(sell, "refund_days", "14")
    done = sell.refunds.request(sold(sell, 2), ONE, "one never came", knows_used=True)
    shown = paper(sell, done.entry.seq)
    for text in ("REFUND", "1 EA citizen adult", "1,000", "Back by M-PESA", "14 days", "one never came"):
        assert text in shown
    assert numbers.printed(str(done.entry.number)) in shown
    queued = []
    while (page := sell.printing.next()) is not None:
        queued.append(page.job.entry_seq)
    assert queued[-1] == done.entry.seq


def test_what_was_paid_in_cash_goes_back_in_cash_in_the_same_shift_only(gate: Gate) -> None:
    till = selling(gate.built())
    permit(till, "allow_cash", "yes")
    first, second = sold(till, 2, "cash"), sold(till, 3, "cash")
    at_once = agreed(till, first)
    assert till.refunds.pay(at_once, "cash").entry.data["amount_minor"] == 100_000
    assert balance(till, f"asset:cash:{till.desk.shift()}") == 400_000
    later = agreed(till, second)
    next_shift(till)
    with pytest.raises(NoCashHere):
        till.refunds.pay(later, "cash")
    assert [way.kind for way in till.refunds.ways(later)] == ["mpesa"]
    till.refunds.pay(later, "mpesa", "UA36X1Y2ZQ")
    assert state(till, later) == "paid"
    money_is_whole(till)


def test_what_came_by_mpesa_never_leaves_the_drawer(sell: Till) -> None:
    permit(sell, "allow_cash", "yes")
    sold(sell, 3, "cash")
    number = agreed(sell, sold(sell, 2))
    with pytest.raises(NoCashHere):
        sell.refunds.pay(number, "cash")
    for kind in ("card", "ecitizen", "gold"):
        with pytest.raises(NotThisWay):
            sell.refunds.pay(number, kind, "A7K29Q")


def test_a_mixed_payment_goes_back_as_it_came_in_parts(sell: Till) -> None:
    permit(sell, "allow_cash", "yes")
    sell.checkout.count(EA_CITIZEN, 3)
    sell.payments.pay("card")
    sell.payments.card("A7K29Q", "4242", "1000")
    done = sell.payments.cash("KES", "2500")
    assert isinstance(done, views.RecordedView)
    number = agreed(sell, done.number, {EA_CITIZEN: 3})
    assert [(way.kind, way.minor) for way in sell.refunds.ways(number)] == [
        ("cash", 200_000), ("card", 100_000),
    ]  # fmt: skip
    assert sell.refunds.pay(number, "cash").entry.data["left_minor"] == 100_000
    with pytest.raises(NoCashHere):
        sell.refunds.pay(number, "cash")
    with pytest.raises(OverRefund):
        sell.refunds.pay(number, "card", "B8K29Q", "1500")
    sell.refunds.pay(number, "card", "B8K29Q")
    assert state(sell, number) == "paid"
    assert balance(sell, "asset:card") == 0
    assert balance(sell, f"asset:cash:{sell.desk.shift()}") == 0


def test_a_reference_pays_back_once_and_is_none_that_paid(sell: Till) -> None:
    first, second = agreed(sell, sold(sell, 2)), agreed(sell, sold(sell, 3))
    with pytest.raises(ReferenceUsed):
        sell.refunds.pay(first, "mpesa", "UA26X1Y2Z2")
    sell.refunds.pay(first, "mpesa", "UA36X1Y2Z0")
    with pytest.raises(ReferenceUsed):
        sell.refunds.pay(second, "mpesa", "ua36x1y2zo")
    with pytest.raises(NotApproved):
        sell.refunds.pay(first, "mpesa", "UA36X1Y2ZR")


def test_whoever_asks_is_told_that_people_went_in(sell: Till) -> None:
    receipt = sold(sell, 3)
    with pytest.raises(WasUsed) as told:
        sell.refunds.request(receipt, ONE, "one never came")
    assert told.value.values["people"] == 3
    number = asked(sell, receipt)
    entry = sell.desk.ledger.by_number(number)
    assert entry is not None
    assert entry.data["used"] == 3


def test_a_park_may_refund_nothing_that_was_used(sell: Till) -> None:
    receipt = sold(sell, 3)
    permit(sell, "refund_used", "no")
    with pytest.raises(UsedIsKept):
        asked(sell, receipt)


def test_what_is_used_between_asking_and_agreeing_is_not_agreed_to_unseen(sell: Till) -> None:
    permit(sell, "lane_checks_separately", "yes")
    receipt = sold(sell, 3)
    number = str(sell.refunds.request(receipt, ONE, "one never came").entry.number)
    code = sell.history.open(receipt).qr
    assert sell.scan(code, "wedge").passing == 3
    with pytest.raises(WasUsed):
        sell.refunds.approve(number, SECOND)


def test_a_paper_lets_in_those_who_are_not_refunded(sell: Till) -> None:
    permit(sell, "lane_checks_separately", "yes")
    receipt = sold(sell, 3)
    agreed(sell, receipt)
    code = sell.history.open(receipt).qr
    view = sell.scan(code, "wedge")
    assert (view.word, view.passing) == ("admit", 2)
    assert ("refunded", 1) in [(told.what, told.people) for told in view.story]
    sell.desk.clock.pass_by(10 * moments.MINUTE_MS)  # type: ignore[attr-defined]
    assert sell.scan(code, "wedge").word == "already_inside"
    assert sell.history.open(receipt).row.state == "part_refunded"


def test_a_paper_of_which_nothing_is_left_lets_nobody_in(sell: Till) -> None:
    permit(sell, "lane_checks_separately", "yes")
    receipt = sold(sell, 3)
    code = sell.history.open(receipt).qr
    agreed(sell, receipt)
    agreed(sell, receipt, {EA_CITIZEN: 2})
    assert sell.scan(code, "wedge").word == "revoked"
    opened = sell.history.open(receipt)
    assert opened.row.state == "refunded"
    assert "REFUNDED" in str(opened.paper)
    with pytest.raises(ReceiptEnded):
        asked(sell, receipt)


def test_a_voided_sale_is_money_held_until_it_is_paid_back(sell: Till) -> None:
    receipt = sold(sell, 2)
    sell.corrections.void(receipt, "turned back", SECOND)
    (row,) = sell.refund_list.listed()
    assert (row.state, row.left_minor, numbers.printed(row.number)) == ("held", 200_000, receipt)
    number = agreed(sell, receipt, {})
    (row,) = sell.refund_list.listed()
    assert (row.state, row.left_minor) == ("approved", 200_000)
    with pytest.raises(NothingToRefund):
        asked(sell, receipt, {})
    sell.refunds.pay(number, "mpesa", "UA36X1Y2ZQ")
    assert balance(sell, "asset:mpesa:222222") == 0
    money_is_whole(sell)


def test_money_held_pays_the_next_bill_by_its_old_code_and_once(sell: Till) -> None:
    receipt = sold(sell, 2)
    sell.corrections.void(receipt, "turned back", SECOND)
    sell.checkout.tap(EA_CITIZEN)
    assert sell.payments.pay("mpesa").spare_reference == receipt
    assert [said.name for said in sell.payments.told("UA26X1Y2Z2")] == ["CodeHeld"]
    with pytest.raises(NeedsSecond):
        sell.payments.mpesa("UA26X1Y2Z2")
    done = sell.payments.record(SECOND)
    assert isinstance(done, views.RecordedView)
    assert balance(sell, "asset:mpesa:222222") == 200_000, "no money came in"
    assert balance(sell, f"asset:receivable:{numbers.parse(receipt)}") == -100_000
    sell.checkout.tap(EA_CITIZEN)
    assert sell.payments.pay("mpesa").spare_minor == 100_000
    with pytest.raises(NeedsSecond):
        sell.payments.mpesa(receipt)
    assert isinstance(sell.payments.record(SECOND), views.RecordedView)
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("mpesa")
    with pytest.raises(CodeUsedUp):
        sell.payments.mpesa("UA26X1Y2Z2")
    with pytest.raises(NothingHeld):
        sell.payments.mpesa(receipt)
    money_is_whole(sell)
    assert sell.refund_list.listed() == ()


def test_money_that_is_asked_back_does_not_pay_a_bill(sell: Till) -> None:
    receipt = sold(sell, 2)
    sell.corrections.void(receipt, "turned back", SECOND)
    asked(sell, receipt, {})
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("mpesa")
    with pytest.raises(CodeUsedUp):
        sell.payments.mpesa("UA26X1Y2Z2")
    with pytest.raises(NothingHeld):
        sell.payments.mpesa(receipt)


def test_a_shift_closes_over_money_held_that_paid(sell: Till) -> None:
    sell.corrections.void(sold(sell, 2), "turned back", SECOND)
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("mpesa")
    with pytest.raises(NeedsSecond):
        sell.payments.mpesa("UA26X1Y2Z2")
    sell.payments.record(SECOND)
    closed = sell.shifts.close(Counted((), {"mpesa": 200_000}))
    assert {one["amount_minor"] for one in closed.entry.data["difference"]} == {0}  # type: ignore[attr-defined]


def test_what_a_correction_left_over_is_refunded(sell: Till) -> None:
    receipt = sold(sell, 2)
    sell.corrections.correct(receipt, "one child")
    sell.checkout.tap(EA_CITIZEN, -1)
    sell.payments.pay("mpesa")
    new = sell.payments.record(SECOND).number
    assert sell.refunds.refundable(new).free_minor == 100_000
    number = agreed(sell, new, {})
    sell.refunds.pay(number, "mpesa", "UA36X1Y2ZQ")
    assert balance(sell, "asset:mpesa:222222") == 100_000
    agreed(sell, new)
    assert sell.history.open(new).row.state == "refunded"
    money_is_whole(sell)


def test_another_clerk_pays_back_in_a_later_shift_after_a_restart(gate: Gate) -> None:
    till = selling(gate.built())
    number = asked(till, sold(till, 3))
    next_shift(till, OTHER, OTHER_PIN)
    till.refunds.approve(number, SECOND)
    till = gate.reopened(till)
    till.sign_in.sign_in(OTHER, OTHER_PIN)
    gate.clock.pass_by(3 * moments.DAY_MS)
    (row,) = till.refund_list.listed()
    assert (row.state, row.age_min) == ("approved", 3 * 24 * 60)
    till.refunds.pay(number, "mpesa", "UA36X1Y2ZQ")
    assert till.refund_list.open(number).row.state == "paid"
    assert verification.verify(till.desk.ledger.conn, [gate.folder / "tape"]).findings == []
    till.desk.ledger.close()


def test_what_was_paid_twice_on_a_pass_goes_back_at_the_till_that_issued_it(tills: Tills) -> None:
    entry, beside, far = tills
    number = number_of(van(entry, "KDB 222B"))
    code = token(entry, number)
    beside.gate.turn()
    paid_at(beside, code, "UA26X1Y2ZQ")
    paid_at(far, code, "UA26X1Y2ZS")
    assert entry.refund_list.listed() == ()
    park.tell_all(tills)
    (row,) = entry.refund_list.listed()
    assert (row.state, row.number) == ("held", number)
    for till in (beside, far):
        assert till.refund_list.listed() == ()
        with pytest.raises(NoSuchReceipt):
            asked(till, number, {})
    with pytest.raises(NothingToRefund):
        asked(entry, number)
    refund = agreed(entry, number, {})
    entry.refunds.pay(refund, "mpesa", "UA36X1Y2ZQ")
    day = entry.desk.today().isoformat()
    sums = totals.of_day(entry.desk.ledger, day)
    assert (sums.settled_minor, sums.owed_back_minor) == (sums.passes_minor, 0)
    park.tell_all(tills)
    assert len({park.books_of(till) for till in tills}) == 1


def test_a_lane_that_heard_nothing_lets_in_once_and_it_is_found(tills: Tills) -> None:
    entry, beside, _ = tills
    receipt = sold(entry, 3)
    code = entry.history.open(receipt).qr
    agreed(entry, receipt)
    assert beside.gate.scan(code).passing == 3
    park.tell_all(tills)
    assert {tuple(conflicts_of(till)) for till in tills if conflicts_of(till)} == {("used_and_revoked",)}
    other = sold(entry, 2)
    code = entry.history.open(other).qr
    agreed(entry, other)
    park.tell_all(tills)
    assert beside.gate.scan(code).passing == 1


def test_a_refund_after_others_went_in_knowingly_is_no_conflict(tills: Tills) -> None:
    entry, beside, _ = tills
    receipt = sold(entry, 3)
    beside.gate.scan(entry.history.open(receipt).qr)
    park.tell_all(tills)
    agreed(entry, receipt)
    park.tell_all(tills)
    assert [conflicts_of(till) for till in tills] == [[], [], []]


def test_a_refund_is_off_the_takings_by_line_on_its_own_day(gate: Gate) -> None:
    till = selling(gate.built())
    permit(till, "allow_cash", "yes")
    receipt = sold(till, 3, "cash")
    first = till.desk.today().isoformat()
    till.shifts.close(Counted(), "handed to the safe")
    gate.clock.pass_by(moments.DAY_MS)
    selling(till)
    same_day = sold(till, 2, "cash")
    till.refunds.pay(agreed(till, same_day), "cash")
    agreed(till, receipt, {EA_CITIZEN: 3})
    ask = takings.of_ledger(till.desk.ledger.conn)

    def on(day: str) -> tuple[int, int, dict[str, int]]:
        span = Span((till.desk.own.till,), day, day)
        (charged,) = takings.charged(ask, span)
        taken = {str(one.by[0]): one.minor for one in takings.taken(ask, span, "place")}
        return charged.kes_minor, charged.people, taken

    assert on(first) == (300_000, 3, {"entry": 300_000})
    second = till.desk.today().isoformat()
    assert on(second) == (-200_000, -2, {"entry": 200_000, "back": -100_000})
    (by_shift, *_) = takings.charged(ask, Span((till.desk.own.till,), first, second), "category", "age")
    assert (by_shift.count, by_shift.kes_minor) == (1, 100_000)
    assert balance(till, "income:park_entry:ea_citizen:adult") == -100_000


def test_a_leaf_written_by_hand_is_refunded_like_a_receipt(sell: Till) -> None:
    sell.sign_in.sign_in(MANAGER, MANAGER_PIN)
    sell.capture.give_out("a", 101, 110, CLERK)
    sell.sign_in.sign_in(CLERK, CLERK_PIN)
    number = captured(sell, 101, "UA26X1Y2ZQ").number
    refund = agreed(sell, number)
    sell.refunds.pay(refund, "mpesa", "UA36X1Y2ZQ")
    with pytest.raises(OverRefund):
        asked(sell, number)


def test_a_refund_of_an_earlier_shift_is_late_in_this_ones_close(gate: Gate) -> None:
    till = selling(gate.built())
    receipt = sold(till, 3)
    day = till.desk.today().isoformat()
    next_shift(till)
    agreed(till, receipt, {EA_CITIZEN: 3})
    agreed(till, sold(till, 2))
    closed = till.shifts.close(Counted(), "in the safe")
    late = {"what": "refunded", "day": day, "count": 1, "income_minor": -300_000}
    assert closed.entry.data["late"] == [late]
    assert "Late refunds of Fri 2 Jan 2026: 1" in paper(till, closed.entry.seq)


def test_what_went_back_through_the_provider_is_not_expected_at_the_close(sell: Till) -> None:
    sell.refunds.pay(agreed(sell, sold(sell, 3)), "mpesa", "UA36X1Y2ZQ")
    closed = sell.shifts.close(Counted((), {"mpesa": 200_000}))
    assert {one["amount_minor"] for one in closed.entry.data["difference"]} == {0}  # type: ignore[attr-defined]
