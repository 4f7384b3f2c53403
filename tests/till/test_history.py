"""Receipts are found by number, plate, code, amount or day."""

import pytest

from gatepos.till.corrections import NoSuchReceipt
from gatepos.till.till import Till
from tests.gate import EA_CITIZEN, ordinary_van
from tests.till.test_hearing import paid_at
from tests.till.test_passes import outage, token


@pytest.fixture
def sold(sell: Till) -> Till:
    ordinary_van(sell)
    sell.payments.pay("mpesa")
    sell.payments.mpesa("UA26X1Y2ZQ")
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("card")
    sell.payments.card("AB12CD", "4242")
    return sell


@pytest.mark.parametrize(
    "typed",
    ["XNM2-R000001-Q", "xnm2r000001q", "KDA 412M", "kda4", "UA26X1Y2ZQ", "ua26x", "43,940", "KES 43940"],
)
def test_a_receipt_is_found_by_what_the_driver_says(sold: Till, typed: str) -> None:
    (row,) = sold.history.find(typed)
    assert (row.plate, row.total_minor, row.codes) == ("KDA412M", 4_394_000, ("UA26X1Y2ZQ",))


def test_without_words_the_latest_come_first(sold: Till) -> None:
    assert [row.total_minor for row in sold.history.find()] == [100_000, 4_394_000]


def test_a_day_holds_its_own(sold: Till) -> None:
    assert len(sold.history.find(on=sold.desk.today())) == 2
    assert sold.history.find(on=sold.desk.today().replace(year=2025)) == ()


@pytest.mark.parametrize("typed", ["%", "'; DROP TABLE receipt; --", "\x00", "x" * 5000, "😀"])
def test_strange_words_find_nothing(sold: Till, typed: str) -> None:
    assert sold.history.find(typed) == ()


def test_a_receipt_of_another_till_is_not_here(sold: Till) -> None:
    with pytest.raises(NoSuchReceipt):
        sold.history.open("NMG2-R000771-T")


def test_half_a_character_finds_nothing_and_breaks_nothing(sell: Till) -> None:
    assert sell.history.find("\ud800x") == ()


def test_what_was_paid_on_a_pass_opens_by_its_number(sell: Till) -> None:
    outage(sell)
    sell.checkout.tap(EA_CITIZEN)
    sell.checkout.vehicle(1)
    sell.checkout.plate("KDB 111A")
    code = token(sell, sell.passes.issue().number)
    sell.gate.turn()
    number = paid_at(sell, code, "UA26X1Y2ZQ", "1,600")
    opened = sell.history.open(number)
    assert (opened.row.total_minor, opened.row.codes) == (160_000, ("UA26X1Y2ZQ",))
