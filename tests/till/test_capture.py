"""Leaves written by hand, entered later: each once, each accounted for."""

import pytest

from gatepos.domain.staff import NotAllowed
from gatepos.ledger import verification
from gatepos.till.capture import BadTime, LeafCaptured, LeafEnded, NoSuchLeaf, PadTaken
from gatepos.till.till import Till
from gatepos.till.views import RecordedView
from tests.gate import CLERK, CLERK_PIN, EA_CITIZEN, MANAGER, MANAGER_PIN, Gate


@pytest.fixture
def writing(sell: Till) -> Till:
    """A till whose clerk got the leaves 101 to 110 of pad A."""
    sell.sign_in.sign_in(MANAGER, MANAGER_PIN)
    sell.capture.give_out("a", 101, 110, CLERK)
    sell.sign_in.sign_in(CLERK, CLERK_PIN)
    return sell


def captured(till: Till, leaf: int, code: str) -> RecordedView:
    """A citizen on foot whose leaf is entered."""
    till.checkout.tap(EA_CITIZEN)
    till.capture.begin("A", leaf, "06:40", "platform was down")
    till.payments.pay("mpesa")
    done = till.payments.mpesa(code, "1,000")
    assert isinstance(done, RecordedView)
    return done


def test_a_leaf_is_a_sale_of_its_own_series_with_both_times(writing: Till) -> None:
    done = captured(writing, 101, "UA26X1Y2ZQ")
    assert done.number.startswith("XNM2-M000001")
    entry = writing.desk.ledger.by_number(done.number.replace("-", ""))
    assert entry is not None
    assert (entry.data["leaf"], entry.data["written_at"]) == (101, "2026-01-02T03:40:00.000Z")
    assert entry.at == "2026-01-02T07:31:00.000Z"


def test_the_next_bill_is_no_leaf(writing: Till) -> None:
    captured(writing, 101, "UA26X1Y2ZQ")
    writing.checkout.tap(EA_CITIZEN)
    writing.payments.pay("card")
    done = writing.payments.card("A7K29Q", "4242")
    assert isinstance(done, RecordedView)
    assert done.number[5] == "R"


def test_a_leaf_used_twice_is_refused_and_shown(writing: Till) -> None:
    number = captured(writing, 101, "UA26X1Y2ZQ").number
    with pytest.raises(LeafCaptured) as refused:
        writing.capture.begin("A", 101, "07:00", "platform was down")
    assert number in str(refused.value)


def test_what_became_of_each_leaf_is_known_or_named(writing: Till) -> None:
    captured(writing, 101, "UA26X1Y2ZQ")
    writing.capture.end("A", 102, 103, "spoilt", "rain")
    writing.capture.end("A", 106, 110, "unused", "given back")
    (pad,) = writing.capture.pads()
    assert (pad.book, pad.keeper, pad.missing) == ("A", CLERK, (104, 105))
    with pytest.raises(LeafEnded):
        writing.capture.end("A", 103, 104, "unused", "given back")


def test_what_was_never_given_out_is_no_leaf(writing: Till) -> None:
    with pytest.raises(NoSuchLeaf):
        writing.capture.begin("A", 111, "06:40", "platform was down")
    with pytest.raises(BadTime):
        writing.capture.begin("A", 104, "25:10", "platform was down")
    with pytest.raises(NotAllowed):
        writing.capture.give_out("B", 1, 10, CLERK)
    writing.sign_in.sign_in(MANAGER, MANAGER_PIN)
    with pytest.raises(PadTaken):
        writing.capture.give_out("A", 110, 120, CLERK)


def test_captured_leaves_verify_after_a_restart(gate: Gate, writing: Till) -> None:
    captured(writing, 101, "UA26X1Y2ZQ")
    again = gate.reopened(writing)
    report = verification.verify(again.desk.ledger.conn, [gate.folder / "tape"])
    assert again.capture.pads()[0].missing == tuple(range(102, 111))
    again.desk.ledger.close()
    assert report.findings == []
