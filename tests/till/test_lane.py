"""The lane: what is pulled aside, what is paid together, what is said after money or an undertaking."""

import pytest

from gatepos.domain import moments
from gatepos.till import aside
from gatepos.till.aside import NotAside, TooManyAside
from gatepos.till.gate import NothingScanned
from gatepos.till.owing import OtherPaybill
from gatepos.till.passes import NobodyLeaves, NothingOwed
from gatepos.till.till import Till
from gatepos.till.window import MoneyTaken
from tests.gate import EA_CITIZEN, Gate, permit
from tests.till.test_passes import OWED, SECOND, at_exit, outage, token, van_in


@pytest.fixture
def papers(sell: Till) -> list[str]:
    """Numbers of a van's pass and a walker's, at an exit lane."""
    outage(sell)
    van = van_in(sell).number
    sell.checkout.tap(EA_CITIZEN)
    walker = sell.passes.issue().number
    at_exit(sell)
    return [van, walker]


def test_what_is_pulled_aside_waits_until_it_is_taken_up(gate: Gate, sell: Till, papers: list[str]) -> None:
    sell.gate.scan(token(sell, papers[0]))
    (waits,) = sell.gate.pull_aside()
    assert (waits.plate, waits.owed_minor, waits.since_ms) == ("KDA412M", OWED, gate.clock.wall_ms())
    with pytest.raises(NothingScanned):
        sell.gate.view()
    sell.gate.scan(token(sell, papers[1]))
    scans = len(sell.desk.ledger.of_kind("pass.scanned"))
    gate.clock.pass_by(5 * moments.MINUTE_MS)
    view = sell.gate.take_up(papers[0])
    assert (view.number, view.owed_minor, view.how) == (papers[0], OWED, "wedge")
    assert len(sell.desk.ledger.of_kind("pass.scanned")) == scans, "nothing was scanned anew"
    assert sell.gate.waiting() == ()
    with pytest.raises(NotAside):
        sell.gate.take_up(papers[0])


def test_what_waits_aside_is_found_by_its_paper_and_by_its_number(sell: Till, papers: list[str]) -> None:
    code = token(sell, papers[0])
    for look, text in ((sell.gate.scan, code), (sell.gate.number, papers[0])):
        sell.gate.scan(code)
        sell.gate.pull_aside()
        view = look(text)
        assert (view.word, view.asks_plate) == ("not_paid", False)
        assert sell.gate.waiting() == ()


def test_what_was_paid_elsewhere_meanwhile_is_let_out_and_recorded(sell: Till, papers: list[str]) -> None:
    sell.gate.scan(token(sell, papers[0]))
    sell.gate.pull_aside()
    sell.passes.waive(papers[0], "", "court order 12/2026", SECOND)
    view = sell.gate.take_up(papers[0])
    assert (view.word, view.is_recorded) == ("let_out", True)
    assert sell.desk.ledger.of_kind("pass.scanned")[-1].data["verdict"] == "let_out"


def test_nothing_with_money_on_it_steps_aside_and_no_more_than_fit(
    sell: Till, papers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NothingScanned):
        sell.gate.pull_aside()
    sell.gate.scan(token(sell, papers[0]))
    sell.settlements.pay("mpesa")
    sell.settlements.mpesa("UA26X1Y2ZQ", "1,000")
    with pytest.raises(MoneyTaken):
        sell.gate.pull_aside()
    with pytest.raises(MoneyTaken):
        sell.gate.owed()
    sell.settlements.untender()
    sell.gate.pull_aside()
    monkeypatch.setattr(aside, "_PAPERS_MAX", 1)
    sell.gate.scan(token(sell, papers[1]))
    with pytest.raises(TooManyAside):
        sell.gate.pull_aside()
    assert sell.gate.view().number == papers[1]


def test_papers_of_one_payer_stand_together_until_the_next_scan(sell: Till, papers: list[str]) -> None:
    with pytest.raises(NothingOwed):
        sell.gate.together()
    sell.gate.scan(token(sell, papers[0]))
    sell.gate.together()
    view = sell.gate.scan(token(sell, papers[1]))
    assert [one.number for one in view.settles] == papers
    assert view.pay is not None
    assert view.pay.rest_minor == OWED + 100_000
    view = sell.gate.scan(token(sell, papers[0]))
    assert [one.number for one in view.settles] == papers[:1]


def test_a_typed_number_joins_when_its_plate_is_right(sell: Till, papers: list[str]) -> None:
    sell.gate.scan(token(sell, papers[1]))
    sell.gate.together()
    assert len(sell.gate.number(papers[0]).settles) == 1
    assert [one.number for one in sell.gate.plate("12M").settles] == papers[::-1]


def test_after_the_money_they_are_let_out_and_after_a_part_the_rest_is_owed(
    sell: Till, papers: list[str]
) -> None:
    sell.gate.scan(token(sell, papers[0]))
    scans = len(sell.desk.ledger.of_kind("pass.scanned"))
    sell.settlements.pay("mpesa")
    sell.settlements.mpesa("UA26X1Y2ZQ", "30,000")
    sell.settlements.record(in_part=True)
    view = sell.gate.look_again(papers[0])
    assert (view.word, view.owed_minor, view.tone) == ("part_paid", 1_394_000, "amber")
    sell.settlements.pay("mpesa")
    sell.settlements.mpesa("UA26X1Y2ZR", "13,940")
    view = sell.gate.look_again(papers[0])
    assert (view.word, view.tone, view.settles) == ("let_out", "green", ())
    assert view.story[-1].tenders == ("mpesa",)
    assert len(sell.desk.ledger.of_kind("pass.scanned")) == scans


def test_the_number_of_a_receipt_for_a_pass_leads_to_the_pass(sell: Till, papers: list[str]) -> None:
    sell.gate.scan(token(sell, papers[0]))
    sell.settlements.pay("mpesa")
    sell.settlements.mpesa("UA26X1Y2ZQ", "30,000")
    receipt = sell.settlements.record(in_part=True).number
    view = sell.gate.number(receipt)
    assert (view.word, view.number, view.asks_plate) == ("no_paper", papers[0], True)
    assert sell.gate.plate("12M").owed_minor == 1_394_000


def test_after_an_undertaking_they_are_let_out_owing(sell: Till, papers: list[str]) -> None:
    sell.gate.scan(token(sell, papers[0]))
    sell.passes.let_out(sell.gate.owed(), "phone is dead")
    view = sell.gate.look_again(papers[0])
    assert (view.word, view.tone, view.settles) == ("left_owing", "amber", ())


def test_while_a_bill_is_paid_in_part_no_screen_takes_a_scan(sell: Till, papers: list[str]) -> None:
    permit(sell, "allow_cash", "yes")
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("cash")
    sell.payments.cash("KES", "500")
    with pytest.raises(MoneyTaken):
        sell.scan(token(sell, papers[0]), "wedge")
    sell.payments.untender()
    assert sell.scan(token(sell, papers[0]), "wedge").word == "not_paid"


def test_the_money_of_one_paper_says_nothing_of_the_next(sell: Till, papers: list[str]) -> None:
    sell.gate.scan(token(sell, papers[0]))
    sell.settlements.pay("mpesa")
    sell.settlements.mpesa("UA26X1Y2ZQ", "43,940")
    sell.gate.scan(token(sell, papers[1]))
    with pytest.raises(NothingScanned):
        sell.gate.look_again(papers[0])
    assert sell.gate.view().word == "not_paid"


def paid(till: Till, code: str, amount: str, *, in_part: bool = False) -> None:
    """What is owed at the lane is paid by M-PESA."""
    till.settlements.pay("mpesa")
    till.settlements.mpesa(code, amount)
    if in_part:
        till.settlements.record(in_part=True)


def test_who_is_inside_on_a_revoked_pass_pays_at_the_exit_and_leaves(sell: Till, papers: list[str]) -> None:
    code = token(sell, papers[0])
    sell.passes.revoke(papers[0], "wrong vehicle", SECOND)
    view = sell.gate.scan(code)
    assert (view.word, view.owed_minor, len(view.settles)) == ("revoked", OWED, 1)
    paid(sell, "UA26X1Y2ZQ", "43,940")
    assert sell.gate.look_again(papers[0]).word == "let_out"
    (entry,) = sell.desk.ledger.of_kind("pass.settled")
    assert (entry.data["leaving"], entry.data["due_minor"]) == (8, 0)
    assert sell.gate.scan(code).owed_minor == 0


def test_who_is_inside_on_a_revoked_pass_may_leave_owing(sell: Till, papers: list[str]) -> None:
    sell.passes.revoke(papers[0], "wrong vehicle", SECOND)
    sell.gate.scan(token(sell, papers[0]))
    sell.passes.let_out(sell.gate.owed(), "M-PESA is silent")
    assert sell.gate.look_again(papers[0]).word == "left_owing"


def test_who_left_on_an_undertaking_pays_at_an_exit_later_and_leaves_no_second_time(
    sell: Till, papers: list[str]
) -> None:
    code = token(sell, papers[0])
    sell.gate.scan(code)
    sell.passes.let_out(sell.gate.owed(), "M-PESA is silent")
    view = sell.gate.scan(code)
    assert (view.word, view.owed_minor, view.passing) == ("already_left", OWED, 0)
    with pytest.raises(NobodyLeaves):
        sell.passes.let_out(sell.gate.owed(), "again")
    paid(sell, "UA26X1Y2ZQ", "30,000", in_part=True)
    view = sell.gate.look_again(papers[0])
    assert (view.word, view.owed_minor, len(view.settles)) == ("already_left", 1_394_000, 1)
    paid(sell, "UA26X1Y2ZR", "13,940")
    assert [e.data["leaving"] for e in sell.desk.ledger.of_kind("pass.settled")] == [0, 0]
    assert (sell.gate.look_again(papers[0]).word, sell.gate.scan(code).owed_minor) == ("let_out", 0)


def test_what_was_left_owing_is_collected_by_its_number_at_either_lane(sell: Till, papers: list[str]) -> None:
    sell.gate.scan(token(sell, papers[0]))
    sell.passes.let_out(sell.gate.owed(), "M-PESA is silent")
    scans = len(sell.desk.ledger.of_kind("pass.scanned"))
    for _ in range(2):
        view = sell.gate.collect(papers[0])
        assert (view.word, view.owed_minor, len(view.settles)) == ("already_left", OWED, 1)
        sell.gate.turn()
    sell.gate.collect(papers[0])
    paid(sell, "UA26X1Y2ZQ", "43,940")
    assert sell.gate.look_again(papers[0]).word == "let_out"
    with pytest.raises(NothingOwed):
        sell.gate.collect(papers[0])
    assert len(sell.desk.ledger.of_kind("pass.scanned")) == scans


def test_nobody_is_let_out_at_a_lane_that_goes_in(sell: Till, papers: list[str]) -> None:
    sell.gate.turn()
    sell.gate.settle([papers[0]])
    with pytest.raises(NobodyLeaves):
        sell.passes.let_out(sell.gate.owed(), "M-PESA is silent")
    assert sell.desk.ledger.of_kind("pass.let_out") == []


def test_a_pass_settled_by_its_number_pays_its_overstay(gate: Gate, sell: Till, papers: list[str]) -> None:
    permit(sell, "overstay_under", "Wildlife Regulations 2027, r. 9")
    gate.clock.pass_by(26 * 60 * moments.MINUTE_MS)
    owed_minor = sell.gate.scan(token(sell, papers[0])).owed_minor
    assert owed_minor == 2 * OWED
    sell.gate.leave()
    sell.gate.settle([papers[0]])
    assert sell.gate.owed().owed_minor == owed_minor
    paid(sell, "UA26X1Y2ZQ", "87,880")
    (entry,) = sell.desk.ledger.of_kind("pass.settled")
    assert (entry.data["overstay_days"], entry.data["due_minor"]) == (1, 0)


def test_who_never_went_out_is_not_counted_in_twice(sell: Till, papers: list[str]) -> None:
    sell.gate.turn()
    assert sell.gate.scan(token(sell, papers[0])).word == "already_inside"
    view = sell.gate.readmit("the barrier never opened", SECOND)
    assert (view.word, view.passing, view.is_recorded) == ("readmitted", 0, True)
    sell.gate.turn()
    sell.gate.scan(token(sell, papers[0]))
    paid(sell, "UA26X1Y2ZQ", "43,940")
    (entry,) = sell.desk.ledger.of_kind("pass.settled")
    assert entry.data["leaving"] == 8
    sell.gate.turn()
    sell.gate.scan(token(sell, papers[0]))
    assert sell.gate.readmit("fetched medicine", SECOND).passing == 8


def test_passes_of_two_paybills_are_not_paid_together(sell: Till, papers: list[str]) -> None:
    sell.outages.close(SECOND)
    sell.outages.open("mpesa", authority="KWS/OPS/2026/2", paybill="700000", second=SECOND)
    sell.checkout.tap(EA_CITIZEN)
    other = sell.passes.issue().number
    with pytest.raises(OtherPaybill):
        sell.gate.settle([papers[0], other])
    sell.gate.scan(token(sell, papers[0]))
    sell.gate.together()
    with pytest.raises(OtherPaybill):
        sell.gate.scan(token(sell, other))
    assert [one.number for one in sell.gate.view().settles] == papers[:1]
    view = sell.gate.scan(token(sell, other))
    assert ([one.number for one in view.settles], view.paybill) == ([other], "700000")
