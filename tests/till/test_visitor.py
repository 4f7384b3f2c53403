"""What of the window is for the visitor's eyes."""

from gatepos import i18n
from gatepos.till import views, visitor
from gatepos.till.till import Till
from gatepos.till.visitor import VisitorView
from tests.gate import EA_CITIZEN, ordinary_van
from tests.till.test_corrections import sold
from tests.till.test_passes import OWED, at_exit, outage, van_in


def test_an_empty_bill_is_nobody_at_the_window(sell: Till) -> None:
    assert visitor.of_bill(sell.checkout.plate("KDA 412M")) == VisitorView()


def test_of_a_correction_the_visitor_sees_what_goes_back(sell: Till) -> None:
    sell.corrections.correct(sold(sell, 3), "two came")
    view = visitor.of_bill(sell.checkout.count(EA_CITIZEN, 2))
    assert (view.minor, view.back_minor) == (0, 100_000)


def test_a_pass_that_is_paid_has_no_other_vehicles_bill_beside_it(sell: Till) -> None:
    outage(sell)
    number = van_in(sell).number
    sell.checkout.tap(EA_CITIZEN)
    bill = visitor.of_bill(sell.checkout.view())
    at_exit(sell).gate.settle([number])
    paying = sell.settlements.pay("mpesa")
    view = visitor.of_payment(paying, VisitorView())
    assert (view.lines, view.minor, view.account) == ((), OWED, number.replace("-", ""))
    assert visitor.of_payment(paying, bill).lines == (), "the bill at the window is another's"


def test_what_is_paid_in_part_leaves_the_rest_and_the_bill(sell: Till) -> None:
    bill = visitor.of_bill(sell.checkout.count(EA_CITIZEN, 3))
    paying = visitor.of_payment(sell.payments.pay("mpesa"), bill)
    assert (paying.lines, paying.minor, paying.paybill) == (bill.lines, 300_000, "222222")
    left = sell.payments.mpesa("UA26X1Y2ZQ", "1,000")
    assert isinstance(left, views.PayView)
    assert visitor.of_payment(left, paying).minor == 200_000
    card = visitor.of_payment(sell.payments.pay("card"), paying)
    assert (card.minor, card.paybill, card.account) == (200_000, "", "")


def test_one_total_is_shown_of_all_vehicles_for_which_the_visitor_pays(sell: Till) -> None:
    for n in (1, 2):
        ordinary_van(sell)
        sell.checkout.plate(f"KDA 10{n}A")
        if n == 1:
            view = sell.checkout.add()
            assert visitor.of_bill(view).minor == view.group_minor > 0
    view = sell.checkout.view()
    shown = visitor.of_bill(view)
    assert [one.plate for one in shown.group] == ["KDA101A"]
    assert shown.minor == 2 * view.total_minor
    paying = visitor.of_payment(sell.payments.pay("mpesa"), shown)
    assert (paying.minor, paying.group) == (shown.minor, shown.group)
    said = visitor.spoken(paying, i18n.words("en"), sell.desk.book.titles)
    assert said.endswith(f", 1 more vehicle. To pay: {shown.minor // 100} shillings.")


def test_what_is_read_out_ends_with_what_is_to_pay_or_comes_back(sell: Till) -> None:
    words, titles = i18n.words("en"), sell.desk.book.titles
    assert visitor.spoken(VisitorView(), words, titles) == ""
    sell.corrections.correct(sold(sell, 3), "two came")
    view = visitor.of_bill(sell.checkout.count(EA_CITIZEN, 2))
    assert visitor.spoken(view, words, titles) == "2 EA citizen adult. You get back 1000 shillings."
