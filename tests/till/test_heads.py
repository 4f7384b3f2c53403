"""One vehicle in so many is counted at the exit: whom it falls on nobody chooses, and nobody waits for it."""

import pytest

from gatepos.domain.text import ReasonMissing
from gatepos.ledger import verification
from gatepos.seal import lot
from gatepos.seal.keys import TillKey
from gatepos.till.heads import BadCount, NothingToCount
from gatepos.till.till import Till
from tests.gate import EA_CITIZEN, permit
from tests.till.test_passes import SECOND, at_exit, outage, token, van_in

PAPER = [[0, 0, 1], [2, 0, 1], [3, 0, 3], [3, 2, 1], [4, 0, 1], [4, 1, 1]]
"""Who is in the van, as its pass says."""


@pytest.fixture
def drawn(sell: Till) -> Till:
    """An exit lane at which the lot falls on every vehicle; a van waits inside."""
    permit(sell, "heads_one_in", "1")
    outage(sell)
    return at_exit(sell)


def paid(till: Till, number: str, code: str = "UA26X1Y2ZQ") -> None:
    """The vehicle is scanned, pays and goes."""
    till.gate.scan(token(till, number))
    till.settlements.pay("mpesa")
    till.settlements.mpesa(code, "43,940")


def said(till: Till) -> list[tuple[object, object]]:
    """What was counted, and why not."""
    return [(e.data["counted"], e.data["reason"]) for e in till.desk.ledger.of_kind("heads.counted")]


def test_the_lot_falls_on_one_in_twenty_and_always_the_same_whoever_asks() -> None:
    key, other = TillKey(b"\x01" * 32), TillKey(b"\x02" * 32)
    numbers = [f"NMG2P{n:06d}" for n in range(4_000)]
    falls = [lot.falls(key, "2026-01-02", number, 20) for number in numbers]
    assert 150 < sum(falls) < 250
    assert falls == [lot.falls(key, "2026-01-02", number, 20) for number in numbers]
    for key_, day in ((other, "2026-01-02"), (key, "2026-01-03")):
        assert falls != [lot.falls(key_, day, number, 20) for number in numbers]
    assert not any(lot.falls(key, "2026-01-02", number, 0) for number in numbers)


def test_who_was_counted_is_written_beside_what_the_paper_says(drawn: Till) -> None:
    paid(drawn, van_in(drawn).number)
    assert drawn.heads.plate == "KDA412M"
    drawn.heads.count([("non_resident", "adult", 5), ("exempt", "child", 1), ("exempt", "adult", 0)])
    (entry,) = drawn.desk.ledger.of_kind("heads.counted")
    assert entry.data["people"] == PAPER
    assert entry.data["counted"] == [[3, 0, 5], [4, 1, 1]]
    assert drawn.heads.plate == ""
    assert verification.verify(drawn.desk.ledger.conn, ()).findings == []


def test_whoever_left_uncounted_is_not_pulled_aside_out_of_the_question(drawn: Till) -> None:
    number = van_in(drawn).number
    paid(drawn, number)
    drawn.gate.pull_aside()
    assert said(drawn) == [(None, None)]
    drawn.gate.take_up(number)
    assert drawn.heads.plate == "", "nobody is there to be counted any more"


def test_whoever_is_pulled_aside_is_asked_for_when_they_come_back(drawn: Till) -> None:
    number = van_in(drawn).number
    drawn.gate.scan(token(drawn, number))
    drawn.gate.pull_aside()
    assert (drawn.heads.plate, said(drawn)) == ("", [])
    drawn.gate.take_up(number)
    assert drawn.heads.plate == "KDA412M"
    drawn.heads.count([("non_resident", "adult", 8)])
    drawn.gate.scan(token(drawn, number))
    assert drawn.heads.plate == ""


def test_not_counting_needs_a_reason_and_leaving_without_one_is_written_as_that(drawn: Till) -> None:
    first = van_in(drawn).number
    drawn.checkout.tap(EA_CITIZEN)
    drawn.checkout.vehicle(1)
    drawn.checkout.plate("KDB 111A")
    second = drawn.passes.issue().number
    paid(drawn, first)
    with pytest.raises(ReasonMissing):
        drawn.heads.skip(" ")
    drawn.gate.scan(token(drawn, second))
    assert said(drawn) == [(None, None)], "the queue goes on, and that nobody counted is known"
    drawn.passes.let_out(drawn.gate.owed(), "M-PESA is silent", SECOND)
    drawn.heads.skip("an elephant at the barrier")
    assert said(drawn)[1:] == [(None, "an elephant at the barrier")]
    drawn.gate.leave()
    assert len(said(drawn)) == 2


def test_nobody_is_asked_for_who_did_not_leave_on_foot_or_at_an_entry(drawn: Till) -> None:
    number = van_in(drawn).number
    drawn.gate.scan(token(drawn, number))
    drawn.gate.leave()
    assert said(drawn) == [], "they turned back without paying"
    drawn.gate.turn()
    drawn.gate.scan(token(drawn, number))
    assert drawn.heads.plate == ""
    with pytest.raises(NothingToCount):
        drawn.heads.count([("non_resident", "adult", 1)])


def test_a_count_that_cannot_be_is_refused_and_the_question_stays(drawn: Till) -> None:
    paid(drawn, van_in(drawn).number)
    for groups in ([("martian", "adult", 1)], [("school", "adult", -1)], [("school", "old", 1)]):
        with pytest.raises(BadCount):
            drawn.heads.count(groups)
    assert drawn.heads.plate


def test_a_park_that_wants_no_count_asks_for_none(sell: Till) -> None:
    permit(sell, "heads_one_in", "0")
    outage(sell)
    paid(at_exit(sell), van_in(sell).number)
    assert sell.heads.plate == ""
