"""Paying: short is refused, over is change only for cash, and a code pays once."""

from collections.abc import Callable

import pytest

from gatepos import app
from gatepos.domain.bill import NoRate
from gatepos.domain.canonical import BadForm
from gatepos.domain.cards import FullCardNumber
from gatepos.domain.payment import (
    BadApproval,
    BadMpesaCode,
    BadTicket,
    BeyondMpesa,
    NothingTendered,
    NotShillings,
)
from gatepos.domain.sale import OverNotCash, ShortTender
from gatepos.errors import Refusal
from gatepos.till import views
from gatepos.till.desk import Locked
from gatepos.till.payments import CodeUsedUp, TenderNotAllowed
from gatepos.till.shifts import Counted
from gatepos.till.station import Plan
from gatepos.till.till import Till
from gatepos.till.window import MoneyTaken, PayFirst
from tests.gate import (
    CLERK,
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


def citizens(till: Till, n: int, kind: str = "mpesa") -> views.PayView:
    till.checkout.count(EA_CITIZEN, n)
    return till.payments.pay(kind)


def test_the_bills_number_is_the_account_and_the_receipt_ends_the_bill(sell: Till) -> None:
    ordinary_van(sell)
    shown = sell.payments.pay("mpesa")
    assert shown.account[4] == "B"
    done = sell.payments.mpesa("UA26X1Y2ZQ", "43,940")
    assert isinstance(done, views.RecordedView)
    assert (done.total_minor, done.copies) == (4_394_000, 2)
    assert sell.checkout.waiting() == ()


def test_money_is_neither_made_nor_lost(sell: Till) -> None:
    ordinary_van(sell)
    sell.payments.pay("mpesa")
    sell.payments.mpesa("UA26X1Y2ZQ")
    entry = sell.desk.ledger.entry(sell.desk.ledger.head[0])
    assert sum(amount for _, _, amount in entry.postings) == 0
    assert ("asset:mpesa:222222", "KES", 4_394_000) in entry.postings


def test_a_second_enter_is_the_same_sale(sell: Till) -> None:
    citizens(sell, 1)
    sell.payments.mpesa("UA26X1Y2ZQ")
    head = sell.desk.ledger.head
    with pytest.raises(PayFirst):
        sell.payments.mpesa("UA26X1Y2ZQ")
    with pytest.raises(PayFirst):
        sell.payments.record()
    assert sell.desk.ledger.head == head


def test_short_is_refused_by_name(sell: Till) -> None:
    citizens(sell, 2)
    shown = sell.payments.mpesa("UA26X1Y2ZQ", "1500")
    assert isinstance(shown, views.PayView)
    assert shown.rest_minor == 50_000
    with pytest.raises(ShortTender):
        sell.payments.record()


def test_two_codes_pay_one_bill(sell: Till) -> None:
    citizens(sell, 2)
    sell.payments.mpesa("UA26X1Y2ZQ", "1500")
    assert isinstance(sell.payments.mpesa("UA26X1Y2ZR", "500"), views.RecordedView)


def test_the_rest_of_a_code_pays_the_next_bill_and_no_more(sell: Till) -> None:
    citizens(sell, 1)
    sell.payments.mpesa("UA26X1Y2ZQ", "2500")
    shown = citizens(sell, 1)
    assert (shown.spare_reference, shown.spare_minor) == ("UA26X1Y2ZQ", 150_000)
    sell.payments.mpesa("UA26X1Y2ZQ")
    citizens(sell, 1)
    assert isinstance(sell.payments.mpesa("UA26X1Y2ZQ"), views.PayView)
    sell.payments.mpesa("UA26X1Y2ZR", "500")
    citizens(sell, 1)
    with pytest.raises(CodeUsedUp):
        sell.payments.mpesa("UA26X1Y2ZQ")


def test_a_code_misread_by_one_letter_is_still_the_same_code(sell: Till) -> None:
    citizens(sell, 1)
    sell.payments.mpesa("UA26XOY2ZI")
    citizens(sell, 1)
    with pytest.raises(CodeUsedUp):
        sell.payments.mpesa("UA26X0Y2Z1")


def test_the_same_code_twice_on_one_bill_counts_once(sell: Till) -> None:
    citizens(sell, 2)
    sell.payments.mpesa("UA26X1Y2ZQ", "1500")
    with pytest.raises(CodeUsedUp):
        sell.payments.mpesa("UA26X1Y2ZQ", "1500")


def test_a_whole_message_says_what_it_paid(sell: Till) -> None:
    citizens(sell, 1)
    message = (
        f"UA26X1Y2ZQ Confirmed. Ksh1,000.00 sent to KENYA WILDLIFE SERVICE for account {sell.window.number()}"
        " on 2/1/26 at 10:29 AM New M-PESA balance is Ksh120.00."
    )
    assert isinstance(sell.payments.mpesa(message), views.RecordedView)


def test_a_warning_is_read_before_the_sale_is_recorded(sell: Till) -> None:
    citizens(sell, 1)
    shown = sell.payments.mpesa("UA16X1Y2ZQ")
    assert isinstance(shown, views.PayView)
    assert [warning.name for warning in shown.warnings] == ["CodeNotToday"]
    assert not sell.desk.ledger.of_kind("receipt.issued")
    sell.payments.record()
    assert len(sell.desk.ledger.of_kind("receipt.issued")) == 1


def test_a_message_to_somebody_else_warns_and_yesterdays_code_warns(sell: Till) -> None:
    citizens(sell, 2)
    shown = sell.payments.mpesa("UA16X1Y2ZQ Confirmed. Ksh500.00 sent to SHOP LTD on 1/1/26 at 9:00 AM")
    assert isinstance(shown, views.PayView)
    assert {type(warning).__name__ for warning in shown.warnings} == {"CodeNotToday", "PayeeIsAnother"}


def test_a_message_that_warns_is_recorded_only_after_it_was_read(sell: Till) -> None:
    citizens(sell, 1)
    shown = sell.payments.mpesa("UA16X1Y2ZQ Confirmed. Ksh1,000.00 sent to SHOP LTD on 1/1/26 at 9:00 AM")
    assert isinstance(shown, views.PayView)
    assert shown.rest_minor == 0
    assert len(shown.warnings) == 2
    assert sell.history.find() == ()
    sell.payments.record()
    assert len(sell.history.find()) == 1


def test_a_shift_past_midnight_takes_codes_of_both_days(gate: Gate, sell: Till) -> None:
    gate.clock.pass_by(15 * 3_600_000)
    for code in ("UA26X1Y2ZQ", "UA36X1Y2ZR"):
        citizens(sell, 1)
        assert isinstance(sell.payments.mpesa(code), views.RecordedView)


def test_a_bare_code_carries_no_more_than_one_payment_can(sell: Till) -> None:
    sell.checkout.count(NON_RESIDENT, 30)
    sell.payments.pay("mpesa")
    shown = sell.payments.mpesa("UA26X1Y2ZQ")
    assert isinstance(shown, views.PayView)
    assert shown.rest_minor == 6_080_000


def test_above_a_quarter_million_the_parts_are_said(sell: Till) -> None:
    sell.checkout.count(NON_RESIDENT, 30)
    assert sell.payments.pay("mpesa").parts == (25_000_000, 6_080_000)


def test_cash_needs_policy_and_gives_change(sell: Till) -> None:
    sell.checkout.tap(EA_CITIZEN)
    with pytest.raises(TenderNotAllowed):
        sell.payments.pay("cash")
    permit(sell, "allow_cash", "yes")
    sell.payments.pay("cash")
    done = sell.payments.cash("KES", "1,500")
    assert isinstance(done, views.RecordedView)
    assert done.change_minor == 50_000


def test_dollars_count_at_the_bills_rate_rounded_down(sell: Till) -> None:
    permit(sell, "allow_cash", "yes")
    permit(sell, "cash_usd", "yes")
    citizens(sell, 1, "cash")
    done = sell.payments.cash("USD", "7.73")
    assert isinstance(done, views.RecordedView)
    assert done.change_minor == 100
    entry = sell.desk.ledger.entry(sell.desk.ledger.head[0])
    sums = {c: sum(a for _, cur, a in entry.postings if cur == c) for c in ("KES", "USD")}
    assert sums == {"KES": 0, "USD": 0}


def test_dollars_need_their_own_permission(sell: Till) -> None:
    permit(sell, "allow_cash", "yes")
    citizens(sell, 1, "cash")
    with pytest.raises(TenderNotAllowed):
        sell.payments.cash("USD", "10")


def test_over_is_refused_unless_it_is_cash_and_can_be_typed_anew(sell: Till) -> None:
    citizens(sell, 1, "card")
    with pytest.raises(OverNotCash):
        sell.payments.card("AB12CD", "4242", "1,200")
    assert isinstance(sell.payments.card("AB12CD", "4242", "1,000"), views.RecordedView)


def test_cash_beyond_all_bounds_is_refused_and_can_be_typed_anew(sell: Till) -> None:
    permit(sell, "allow_cash", "yes")
    permit(sell, "cash_usd", "yes")
    citizens(sell, 1, "cash")
    with pytest.raises(BadForm):
        sell.payments.cash("USD", "9,999,999,999")
    assert isinstance(sell.payments.cash("KES", "1,000"), views.RecordedView)


def test_mixed_tenders_pay_one_bill(sell: Till) -> None:
    permit(sell, "allow_cash", "yes")
    citizens(sell, 3, "card")
    sell.payments.card("AB12CD", "4242", "1000")
    sell.payments.ticket("kwsp-778 12", "1000")
    assert isinstance(sell.payments.cash("KES", "1000"), views.RecordedView)


def test_a_ticket_is_used_once(sell: Till) -> None:
    citizens(sell, 1, "ecitizen")
    sell.payments.ticket("WQBGPWRR")
    citizens(sell, 1, "ecitizen")
    with pytest.raises(CodeUsedUp):
        sell.payments.ticket("wqbg-pwrr")


@pytest.mark.parametrize("again", ["WQBGPWRR", "wqbg-pwrr", " wqbg pwrr ", "WQBG.PWRR", "WQBGPWRR/"])
def test_a_ticket_pays_once_on_one_bill_too_however_it_is_typed(sell: Till, again: str) -> None:
    citizens(sell, 2, "ecitizen")
    sell.payments.ticket("WQBGPWRR", "1000")
    with pytest.raises(CodeUsedUp):
        sell.payments.ticket(again, "1000")


def test_a_code_pays_once_whichever_way_of_paying_it_is_typed_under(sell: Till) -> None:
    citizens(sell, 1)
    sell.payments.mpesa("UA26X1Y2ZQ")
    citizens(sell, 1, "ecitizen")
    with pytest.raises(CodeUsedUp):
        sell.payments.ticket("ua26xiy2zq")
    sell.payments.ticket("UA26X1Y2ZR")
    citizens(sell, 1)
    with pytest.raises(CodeUsedUp):
        sell.payments.mpesa("UA26X1Y2ZR")


@pytest.mark.parametrize(
    "leave",
    [
        lambda t: t.checkout.hold(),
        lambda t: t.checkout.clear(),
        lambda t: t.checkout.resume(t.checkout.waiting()[0].number),
        lambda t: t.corrections.correct(t.history.find()[0].number, "one more"),
        lambda t: t.sign_in.sign_out(),
        lambda t: t.sign_in.sign_in(OTHER, OTHER_PIN),
        lambda t: t.shifts.close(Counted(), "gone home"),
    ],
    ids=["hold", "clear", "resume", "correct", "sign out", "another clerk", "close"],
)
@pytest.mark.parametrize("is_emptied", [False, True])
def test_a_bill_with_money_on_it_is_not_left_silently(
    sell: Till, leave: Callable[[Till], object], is_emptied: bool
) -> None:
    permit(sell, "allow_cash", "yes")
    citizens(sell, 1)
    sell.payments.mpesa("UA26X1Y2ZQ")
    citizens(sell, 1)
    sell.checkout.hold()
    citizens(sell, 2, "cash")
    sell.payments.cash("KES", "1000")
    if is_emptied:
        sell.checkout.count(EA_CITIZEN, 0)
    with pytest.raises(MoneyTaken):
        leave(sell)
    assert sell.desk.signed_in().number == CLERK
    sell.checkout.count(EA_CITIZEN, 2)
    assert isinstance(sell.payments.cash("KES", "1000"), views.RecordedView)


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (lambda p: p.mpesa("UA26X1Y2Z"), BadMpesaCode),
        (lambda p: p.mpesa("hello"), BadMpesaCode),
        (lambda p: p.mpesa("x" * 10_000), BadMpesaCode),
        (lambda p: p.card("AB12CD", "424"), BadApproval),
        (lambda p: p.card("AB12CD", "4242 4242 4242 4242"), FullCardNumber),
        (lambda p: p.card("4242424242424242", "4242"), FullCardNumber),
        (lambda p: p.mpesa("4242-4242-4242-4242"), FullCardNumber),
        (lambda p: p.ticket("a"), BadTicket),
        (lambda p: p.cash("KES", "1000.50"), NotShillings),
        (lambda p: p.card("AB12CD", "4242", "999.50"), NotShillings),
        (lambda p: p.cash("KES", "0"), NothingTendered),
        (lambda p: p.card("AB12CD", "4242", "0"), NothingTendered),
        (lambda p: p.ticket("WQBGPWRR", "0"), NothingTendered),
        (lambda p: p.mpesa("UA26X1Y2ZQ", "0"), BeyondMpesa),
        (lambda p: p.mpesa("UA26X1Y2ZQ", "99999999"), BeyondMpesa),
        (lambda p: p.mpesa("UA26X1Y2ZQ Confirmed. Ksh250,001.00 sent to KWS"), BeyondMpesa),
        (lambda p: p.mpesa("0712345678", "1000"), BadMpesaCode),
        (lambda p: p.mpesa("Settlement confirmed", "1000"), BadMpesaCode),
    ],
)
def test_a_bad_tender_is_refused_and_the_bill_stays_open(
    sell: Till, act: object, refusal: type[Refusal]
) -> None:
    permit(sell, "allow_cash", "yes")
    before = citizens(sell, 1)
    head = sell.desk.ledger.head
    with pytest.raises(refusal) as told:
        act(sell.payments)  # type: ignore[operator]
    assert sell.payments.view() == before
    assert sell.desk.ledger.head == head
    assert "4242 4242" not in str(told.value)


def test_dollars_without_a_rate_pay_nothing(gate: Gate) -> None:
    till = app.create_till(
        gate.folder, Plan("XNM2", "NNP", "MAIN", "2", MANAGER, MANAGER_PIN, "CF2025"), gate.world()
    )
    selling(till, MANAGER, MANAGER_PIN)
    permit(till, "allow_cash", "yes")
    permit(till, "cash_usd", "yes")
    citizens(till, 1, "cash")
    with pytest.raises(NoRate):
        till.payments.cash("USD", "100")
    assert till.window.work.tenders == []


def test_dollars_worth_less_than_a_shilling_pay_nothing(sell: Till) -> None:
    permit(sell, "allow_cash", "yes")
    permit(sell, "cash_usd", "yes")
    citizens(sell, 1, "cash")
    with pytest.raises(NothingTendered):
        sell.payments.cash("USD", "0.00")


def test_cents_of_a_code_stay_on_it_and_no_change_is_given_in_cents(sell: Till) -> None:
    permit(sell, "allow_cash", "yes")
    citizens(sell, 1)
    shown = sell.payments.mpesa("UA26X1Y2ZQ Confirmed. Ksh999.50 sent to KWS")
    assert isinstance(shown, views.PayView)
    assert shown.rest_minor == 100
    done = sell.payments.cash("KES", "1")
    assert isinstance(done, views.RecordedView)
    assert done.change_minor == 0
    citizens(sell, 1)
    with pytest.raises(CodeUsedUp):
        sell.payments.mpesa("UA26X1Y2ZQ")


def test_a_locked_till_takes_no_tender_and_gives_none_back(sell: Till) -> None:
    citizens(sell, 2)
    sell.payments.mpesa("UA26X1Y2ZQ", "1000")
    sell.sign_in.lock()
    with pytest.raises(Locked):
        sell.payments.mpesa("UA26X1Y2ZR", "1000")
    with pytest.raises(Locked):
        sell.payments.card("AB12CD", "4242")
    with pytest.raises(Locked):
        sell.payments.untender()
    assert [tender.reference for tender in sell.window.work.tenders] == ["UA26X1Y2ZQ"]


def test_taking_back_a_tender_leaves_the_whole_to_pay(sell: Till) -> None:
    citizens(sell, 2)
    sell.payments.mpesa("UA26X1Y2ZQ", "1500")
    assert sell.payments.untender().rest_minor == 200_000


@pytest.mark.parametrize(
    ("code", "warned"),
    [("UA26X1Y2ZQ", []), ("UA06X1Y2ZQ", ["CodeNotToday"]), ("UZ26X1Y2ZQ", ["CodeWithoutDate"])],
)
def test_the_date_in_a_code_is_compared_with_today(sell: Till, code: str, warned: list[str]) -> None:
    citizens(sell, 2)
    shown = sell.payments.mpesa(code, "500")
    assert isinstance(shown, views.PayView)
    assert [warning.name for warning in shown.warnings] == warned
