"""Coming back: said at the exit with one touch, let in again without a second person until its end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gatepos import app
from gatepos.domain import moments, policy
from gatepos.domain.staff import NeedsSecond
from gatepos.till.gate import NothingScanned
from gatepos.till.judging import NotOnThatGround
from gatepos.till.station import Plan
from gatepos.till.till import Till
from tests import park
from tests.gate import (
    EA_CITIZEN,
    MANAGER,
    MANAGER_PIN,
    FixedClock,
    Gate,
    counted_ids,
    permit,
)
from tests.till.conftest import Tills
from tests.till.test_free_entry import TODAY


def sold(till: Till, people: int = 4, days: int = 1) -> str:
    """A car of East Africans, paid; the text of its paper. They went in with it."""
    till.checkout.count(EA_CITIZEN, people)
    till.checkout.vehicle(1)
    till.checkout.plate("KDA 412M")
    till.checkout.stay(days, 0)
    till.payments.pay("mpesa")
    done = till.payments.mpesa(f"UA26X1Y2Z{people}")
    return done.qr  # type: ignore[union-attr]


def turned(till: Till, way: str) -> Till:
    """The till's lane going this way."""
    if till.gate.direction != way:
        till.gate.turn()
    return till


def words(till: Till, paper: str, way: str) -> tuple[str, int]:
    """The verdict on a paper at a lane, and how many go through."""
    view = turned(till, way).gate.scan(paper)
    return view.word, view.passing


def test_who_says_so_at_the_exit_is_let_in_again_until_the_gate_closes(gate: Gate, sell: Till) -> None:
    paper = sold(sell)
    assert words(sell, paper, "out") == ("let_out", 4)
    view = sell.gate.coming_back("medical")
    closes_ms = moments.at_local(TODAY, 19)
    assert (view.back, view.back_grounds, view.back_until_ms) == ("medical", (), closes_ms)
    last = sell.desk.ledger.of_kind("pass.scanned")[-1].data
    assert (last["back"], last["back_people"], last["people"]) == ("medical", 4, 0)
    gate.clock.pass_by(moments.MINUTE_MS)
    view = turned(sell, "in").gate.scan(paper)
    assert (view.word, view.tone, view.passing, view.back_until_ms) == ("coming_back", "green", 4, closes_ms)
    gate.clock.pass_by(moments.MINUTE_MS)
    assert words(sell, paper, "in")[0] == "already_inside", "once"
    assert words(sell, paper, "out") == ("let_out", 4)
    gate.clock.pass_by(moments.MINUTE_MS)
    assert words(sell, paper, "in")[0] == "already_left", "nobody said that they come back again"


def test_past_closing_nobody_is_asked_whether_they_come_back_today(gate: Gate, sell: Till) -> None:
    paper = sold(sell)
    gate.clock.pass_by(moments.at_local(TODAY, 19) - gate.clock.wall_ms())
    assert turned(sell, "out").gate.scan(paper).back_grounds == ("camping",)
    with pytest.raises(NotOnThatGround):
        sell.gate.coming_back("medical")


def test_at_its_end_a_leave_is_over(gate: Gate, sell: Till) -> None:
    paper = sold(sell)
    turned(sell, "out").gate.scan(paper)
    sell.gate.coming_back("lodge")
    gate.clock.pass_by(moments.at_local(TODAY, 19) - gate.clock.wall_ms())
    assert words(sell, paper, "in")[0] == "already_left"
    with pytest.raises(NeedsSecond):
        sell.gate.readmit("the lodge called")


def test_campers_come_back_until_their_stay_ends(gate: Gate, sell: Till) -> None:
    paper = sold(sell, days=2)
    turned(sell, "out").gate.scan(paper)
    sell.gate.coming_back("camping")
    gate.clock.pass_by(moments.DAY_MS)
    assert words(sell, paper, "in") == ("coming_back", 4)


def test_only_who_went_out_comes_back_and_no_more_than_that(gate: Gate, sell: Till) -> None:
    paper = sold(sell)
    turned(sell, "out").gate.scan(paper)
    sell.gate.only(1)
    sell.gate.coming_back("medical")
    gate.clock.pass_by(moments.MINUTE_MS)
    assert words(sell, paper, "in") == ("coming_back", 1)
    gate.clock.pass_by(moments.MINUTE_MS)
    assert words(sell, paper, "out") == ("let_out", 4)


def test_policy_says_on_which_grounds(sell: Till) -> None:
    permit(sell, policy.BACK_TODAY, "medical")
    permit(sell, policy.BACK_STAYING, "")
    paper = sold(sell)
    with pytest.raises(NothingScanned):
        sell.gate.coming_back("medical")
    assert turned(sell, "out").gate.scan(paper).back_grounds == ("medical",)
    with pytest.raises(NotOnThatGround):
        sell.gate.coming_back("camping")


def test_another_gate_that_heard_of_it_lets_them_in_and_one_that_did_not_asks(
    gates: dict[str, Gate], tills: Tills
) -> None:
    entry, beside, far = tills
    permit(entry, "lane_checks_separately", "no")
    paper = sold(entry)
    park.tell(entry, beside, far)
    assert words(far, paper, "out") == ("let_out", 4)
    far.gate.coming_back("other_gate")
    for one in gates.values():
        one.clock.pass_by(moments.MINUTE_MS)
    view = beside.gate.scan(paper)
    assert (view.word, view.tone, view.may_readmit) == ("already_inside", "amber", True)
    park.tell(far, beside, entry)
    gates["XNM1"].clock.pass_by(moments.MINUTE_MS)
    gates["XNM2"].clock.pass_by(2 * moments.MINUTE_MS)
    view = beside.gate.scan(paper)
    assert (view.word, view.tone, view.passing) == ("coming_back", "green", 4)
    heard = [*park.tell(beside, entry, far), *park.tell(entry, far)]
    assert not any(one.conflicts for one in heard), "they were let in twice, and that is right"


@pytest.fixture
def parks(tmp_path: Path) -> Iterator[list[Till]]:
    """A till at Amboseli and two at Tsavo West, which know each other; the manager sells at each."""
    tills = []
    for code, place, gate_ in (("XAM1", "AMB", "KIMA"), ("XTS1", "TSW", "MTIT"), ("XTS2", "TSW", "MTIT")):
        one = Gate(tmp_path / code, FixedClock(), counted_ids(code), code, gate_)
        plan = Plan(code, place, gate_, "1", MANAGER, MANAGER_PIN, "CF2025")
        till = app.create_till(one.folder, plan, one.world())
        till.sign_in.sign_in(MANAGER, MANAGER_PIN)
        till.shifts.open("0")
        permit(till, policy.HEADS_ONE_IN, "0")
        tills.append(till)
    for till in tills:
        for other in tills:
            if other is not till:
                row = {**other.desk.own.certificate(), "is_revoked": False}
                till.desk.trust(till.desk.write("keyring.changed", row).entry)
    yield tills
    for till in tills:
        till.desk.ledger.close()


def test_a_package_is_used_once_at_each_of_its_parks(parks: list[Till]) -> None:
    amboseli, tsavo, beside = parks
    package = next(code for code in amboseli.desk.park.products if code in tsavo.desk.park.products)
    amboseli.checkout.product(package)
    paper = sold(amboseli)
    assert words(amboseli, paper, "in")[0] == "already_inside"
    park.tell(amboseli, tsavo, beside)
    assert words(tsavo, paper, "in") == ("admit", 4)
    tsavo.desk.clock.pass_by(moments.MINUTE_MS)  # type: ignore[attr-defined]
    assert words(tsavo, paper, "in")[0] == "already_inside", "once"
    heard = [*park.tell(tsavo, amboseli, beside)]
    assert not any(one.conflicts for one in heard)
    assert words(beside, paper, "in")[0] == "already_inside"
    assert words(beside, paper, "out") == ("let_out", 4)
    assert words(amboseli, paper, "out") == ("let_out", 4), "its own park is another story"


def test_a_package_on_foot_opens_the_gate_of_another_park(parks: list[Till]) -> None:
    amboseli, tsavo, _ = parks
    package = next(code for code in amboseli.desk.park.products if code in tsavo.desk.park.products)
    amboseli.checkout.product(package)
    amboseli.checkout.tap(EA_CITIZEN)
    amboseli.payments.pay("mpesa")
    paper = amboseli.payments.mpesa("UA26X1Y2ZQ").qr  # type: ignore[union-attr]
    assert words(tsavo, paper, "in") == ("admit", 1)
