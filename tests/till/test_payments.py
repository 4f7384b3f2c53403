"""Paying: short is refused, over is change only for cash, and a code pays once."""

from collections.abc import Callable

import pytest

from gatepos.domain.canonical import BadForm
from gatepos.domain.payment import BadApproval, BadMpesaCode, BadTicket, CashNotWhole, FullCardNumber
from gatepos.domain.sale import OverNotCash, ShortTender
from gatepos.errors import Refusal
from gatepos.till import views
from gatepos.till.checkout import MoneyTaken
from gatepos.till.payments import CodeUsedUp, TenderNotAllowed
from gatepos.till.till import Till
from gatepos.till.window import PayFirst
from tests.gate import EA_CITIZEN, NON_RESIDENT, Gate, ordinary_van, permit


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


@pytest.mark.parametrize("leave", [lambda c: c.hold(), lambda c: c.clear()])
def test_a_bill_with_money_on_it_is_not_left_silently(sell: Till, leave: Callable[[object], object]) -> None:
    permit(sell, "allow_cash", "yes")
    citizens(sell, 2, "cash")
    sell.payments.cash("KES", "1000")
    with pytest.raises(MoneyTaken):
        leave(sell.checkout)
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
        (lambda p: p.cash("KES", "1000.50"), CashNotWhole),
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


def test_taking_back_a_tender_leaves_the_whole_to_pay(sell: Till) -> None:
    citizens(sell, 2)
    sell.payments.mpesa("UA26X1Y2ZQ", "1500")
    assert sell.payments.untender().rest_minor == 200_000


@pytest.mark.parametrize(
    ("code", "warned"),
    [("UA26X1Y2ZQ", []), ("UA06X1Y2ZQ", ["CodeNotToday"]), ("9A26X1Y2ZQ", ["CodeWithoutDate"])],
)
def test_the_date_in_a_code_is_compared_with_today(sell: Till, code: str, warned: list[str]) -> None:
    citizens(sell, 2)
    shown = sell.payments.mpesa(code, "500")
    assert isinstance(shown, views.PayView)
    assert [warning.name for warning in shown.warnings] == warned
