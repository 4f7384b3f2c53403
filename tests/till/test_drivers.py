"""The driver's phone on a pass: at this till alone, in no entry, gone in its time."""

import pytest

from gatepos.domain import phones
from gatepos.domain.phones import BadPhone
from gatepos.till.passes import issued
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from tests.gate import Gate, ordinary_van
from tests.till.test_passes import SECOND, outage

PHONE, SHOWN = "+254712345678", "0712 345 678"


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("0712 345 678", PHONE),
        ("0712-345-678", PHONE),
        ("+254 712 345678", PHONE),
        ("254712345678", PHONE),
        ("0112345678", "+254112345678"),
        ("00255 754 123 456", "+255754123456"),
    ],
)
def test_a_phone_has_one_form_however_it_is_typed(typed: str, phone: str) -> None:
    assert phones.parse(typed) == phone
    assert phones.parse(phones.shown(phone)) == phone


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0712",
        "0212 345 678",
        "07123456789",
        "+2540712345678",
        "KDA 412M",
        "٠٧١٢٣٤٥٦٧٨",
        "+4111111111111111",
    ],
)
def test_what_is_no_phone_is_refused(typed: str) -> None:
    with pytest.raises(BadPhone):
        phones.parse(typed)


def pass_with(till: Till, typed: str = SHOWN) -> str:
    """The ordinary van on a pass, its driver's phone taken; the number."""
    ordinary_van(till)
    till.passes.driver(typed)
    return till.passes.issue().number


@pytest.fixture
def down(sell: Till) -> Till:
    """A till in an outage."""
    outage(sell)
    return sell


def test_the_phone_is_shown_with_its_pass_and_stands_in_no_entry(down: Till) -> None:
    number = pass_with(down)
    assert down.pass_lists.open(number).driver == SHOWN
    assert all(b"712345678" not in entry.raw for entry in down.desk.ledger.of_kind("pass.issued"))
    assert down.checkout.view().driver == "", "the next vehicle has another driver"


def test_a_refused_phone_leaves_the_one_before(down: Till) -> None:
    ordinary_van(down)
    down.passes.driver(SHOWN)
    with pytest.raises(BadPhone):
        down.passes.driver("0712")
    assert down.checkout.view().driver == SHOWN
    assert down.passes.driver(" ").driver == ""


def test_the_phone_is_erased_when_its_time_has_come(gate: Gate, down: Till) -> None:
    number = pass_with(down)
    down.shifts.close(Counted())
    gate.clock.pass_by(31 * 86_400_000)
    assert gate.reopened(down).pass_lists.open(number).driver == ""


def test_a_pass_printed_anew_or_corrected_takes_the_phone_over(down: Till) -> None:
    first = pass_with(down)
    second = down.passes.reissue(first, "torn", SECOND).number
    assert (down.pass_lists.open(first).driver, down.pass_lists.open(second).driver) == ("", SHOWN)
    assert down.passes.correct(second, "wrong plate").driver == SHOWN
    down.passes.driver("")
    third = down.passes.issue(SECOND).number
    assert down.pass_lists.open(third).driver == ""
    assert down.desk.ledger.personal.get(issued(down.desk.ledger, second).id, "driver") is None


def test_a_pass_without_a_phone_keeps_nothing(down: Till) -> None:
    ordinary_van(down)
    down.passes.issue()
    assert down.desk.ledger.personal.count() == 0
