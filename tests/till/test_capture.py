"""Leaves written by hand, entered later: each once, each accounted for."""

from dataclasses import replace
from pathlib import Path

import pytest

from gatepos.domain.payment import BadMpesaCode
from gatepos.domain.staff import NotAllowed
from gatepos.domain.text import NotWhole
from gatepos.ledger import verification
from gatepos.till.capture import (
    BadLeaf,
    BadTime,
    LeafCaptured,
    LeafEnded,
    NoSeats,
    NoSuchLeaf,
    PadTaken,
    Written,
    leaves,
)
from gatepos.till.payments import TenderNotAllowed
from gatepos.till.till import Till
from gatepos.till.views import RecordedView
from tests import park
from tests.gate import (
    AFRICAN,
    CLERK,
    CLERK_PIN,
    EA_CITIZEN,
    MANAGER,
    MANAGER_PIN,
    NON_RESIDENT,
    STUDENT,
    Gate,
)
from tests.till.test_passes import SECOND, outage


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


def written(leaf: int, at: str = "06:40", **other: str) -> Written:
    """A van's leaf as it is typed off."""
    people = {NON_RESIDENT: "3", STUDENT: "1", AFRICAN: "1", EA_CITIZEN: "1"}
    free = {"under_6": "1", "tra_crew": "1"}
    paid = {"kind": "mpesa", "reference": "UA26X1Y2ZQ", "last4": "", "plate": "kda 412m", "band": "2"} | other
    return Written("a", str(leaf), at, "platform was down", people=people, free=free, **paid)


def test_a_whole_leaf_is_entered_in_one_step_and_compared_before(writing: Till) -> None:
    assert writing.capture.total_minor(written(101)) == 4_394_000
    assert writing.desk.ledger.of_kind("bill.opened") == []
    assert writing.capture.enter(written(101)).total_minor == 4_394_000
    (entry,) = writing.desk.ledger.of_kind("paper.captured")
    assert (entry.data["plate"], entry.data["band"]) == ("KDA412M", 2)
    with pytest.raises(LeafCaptured):
        writing.capture.total_minor(written(101))


def test_a_leaf_that_is_refused_leaves_nothing_and_the_bill_before_it_waits(writing: Till) -> None:
    writing.checkout.tap(EA_CITIZEN)
    with pytest.raises(NoSeats):
        writing.capture.enter(written(101, band="6"))
    with pytest.raises(NotWhole):
        writing.capture.enter(written(101, band="x"))
    with pytest.raises(BadLeaf):
        writing.capture.enter(replace(written(101), leaf="101-102"))
    with pytest.raises(BadMpesaCode):
        writing.capture.enter(written(101, reference="?"))
    view = writing.checkout.view()
    assert (view.total_minor, view.plate, len(view.waiting)) == (0, "", 1)
    writing.capture.enter(written(101))


def test_a_leaf_of_last_night_is_of_last_night(writing: Till) -> None:
    for leaf, at in ((101, "18:20"), (102, "10:50")):
        writing.capture.enter(written(leaf, at, reference=f"UA26X1Y2Z{leaf % 10}"))
    times = [entry.data["written_at"] for entry in writing.desk.ledger.of_kind("paper.captured")]
    assert times == ["2026-01-01T15:20:00.000Z", "2026-01-02T07:50:00.000Z"]


def test_a_leaf_belongs_to_the_outage_in_which_it_was_written(gate: Gate, writing: Till) -> None:
    outage(writing)
    opened = writing.desk.ledger.of_kind("outage.opened")[0].id
    gate.clock.pass_by(3_600_000)
    writing.outages.close(SECOND)
    gate.clock.pass_by(3_600_000)
    for leaf, at in ((101, "10:40"), (102, "11:45"), (103, "09:00")):
        code = f"UA26X1Y2Z{leaf % 10}"
        writing.capture.enter(written(leaf, at, reference=code))
    entries = writing.desk.ledger.of_kind("paper.captured")
    assert [entry.data["outage"] for entry in entries] == [opened, None, None]


def test_a_leaf_is_paid_as_in_the_outage_in_which_it_was_written(gate: Gate, writing: Till) -> None:
    writing.outages.open("platform", authority="O/1", paybill="600000", cash_max="50000", second=SECOND)
    gate.clock.pass_by(3_600_000)
    writing.outages.close(SECOND)
    gate.clock.pass_by(3_600_000)
    writing.capture.enter(written(101, "10:40", kind="cash"))
    writing.capture.enter(written(102, "10:40"))
    with pytest.raises(TenderNotAllowed):
        writing.capture.enter(written(103, "11:45", kind="cash"))
    writing.capture.enter(written(103, "11:45", reference="UA26X1Y2ZR"))
    entries = writing.desk.ledger.of_kind("paper.captured")
    taken = [(account, minor) for entry in entries for account, _, minor in entry.postings]
    assert [one for one in taken if one[0].startswith("asset:")] == [
        (f"asset:cash:{writing.desk.shift()}", 4_394_000),
        ("asset:mpesa:600000", 4_394_000),
        ("asset:mpesa:222222", 4_394_000),
    ]


def test_a_leaf_of_another_tills_pad_of_that_name_hides_none_that_is_missing(tmp_path: Path) -> None:
    main, _, east = park.built(park.gates(tmp_path))
    for till in (main, east):
        till.sign_in.sign_in(MANAGER, MANAGER_PIN)
        till.capture.give_out("a", 101, 102, CLERK)
        till.sign_in.sign_in(CLERK, CLERK_PIN)
    captured(east, 101, "UA26X1Y2ZQ")
    park.tell(east, main)
    assert main.capture.pads()[0].missing == (101, 102)
    main.sign_in.sign_in(MANAGER, MANAGER_PIN)
    with pytest.raises(PadTaken):
        main.capture.give_out("a", 102, 110, CLERK)
    for till in (main, east):
        till.desk.ledger.close()


@pytest.mark.parametrize(
    ("typed", "meant"), [("101", (101, 101)), (" 101-150 ", (101, 150)), ("1 – 5", (1, 5))]
)
def test_leaves_are_typed_singly_or_as_a_range(typed: str, meant: tuple[int, int]) -> None:
    assert leaves(typed) == meant
