"""Gate passes: issued in an outage, scanned at the lane, paid on exit, changed only by appending."""

import pytest

from gatepos.domain import moments, numbers
from gatepos.domain.bill import NothingInBill
from gatepos.domain.sale import ShortTender
from gatepos.domain.staff import NeedsSecond
from gatepos.ledger import passes, verification
from gatepos.till.approvals import Second
from gatepos.till.gate import NothingScanned
from gatepos.till.outage import NoOrder, NoOutage
from gatepos.till.passes import NoSuchPass, OnFoot, PassEnded, UnknownExit, issued
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from gatepos.till.views import PayView, RecordedView
from gatepos.till.window import MoneyTaken
from tests.gate import CLERK, CLERK_PIN, EA_CITIZEN, MANAGER, MANAGER_PIN, Gate, ordinary_van, permit

SECOND = Second(MANAGER, MANAGER_PIN)
OWED = 4_394_000


def outage(till: Till) -> None:
    """An outage, opened by the manager beside the clerk."""
    till.outages.open("platform", authority="KWS/OPS/2026/1", paybill="600000", second=SECOND)


def van_in(till: Till) -> RecordedView:
    """The ordinary van, let in on a pass."""
    ordinary_van(till)
    return till.passes.issue()


def sold_together(till: Till, *plates: str, operator: str = "Bonfire") -> list[str]:
    """The numbers of the passes of some vans for which one payer pays."""
    for n, plate in enumerate(plates):
        if n:
            till.checkout.add()
        ordinary_van(till)
        till.checkout.plate(plate)
        till.checkout.operator(operator)
    till.passes.issue(SECOND)
    return [str(entry.number) for entry in till.desk.ledger.of_kind("pass.issued")[-len(plates) :]]


def token(till: Till, number: str) -> str:
    """What the code of a paper says."""
    entry = till.desk.ledger.by_number(number.replace("-", ""))
    assert entry is not None
    return "GP:" + str(entry.data["token"])


def at_exit(till: Till) -> Till:
    """The lane turned to the exit."""
    if till.gate.direction == "in":
        till.gate.turn()
    return till


def test_outside_an_outage_no_pass_is_issued(sell: Till) -> None:
    ordinary_van(sell)
    with pytest.raises(NoOutage):
        sell.passes.issue()


def test_a_clerk_alone_opens_an_outage_only_under_a_standing_order_that_holds(sell: Till) -> None:
    with pytest.raises(NoOrder):
        sell.outages.open("platform", down_min=20)
    permit(sell, "order", "KWS/SO/7")
    with pytest.raises(NoOrder):
        sell.outages.open("platform", down_min=5)
    sell.outages.open("platform", down_min=20)
    view = sell.outages.view()
    assert (view.is_open, view.needs_countersign, view.paybill, view.authority) == (
        True,
        True,
        "600000",
        "KWS/SO/7",
    )
    sell.outages.countersign("seen", SECOND)
    assert not sell.outages.view().needs_countersign


def test_a_pass_owes_what_the_bill_says_and_opens_the_next_vehicle(sell: Till) -> None:
    outage(sell)
    done = van_in(sell)
    assert done.number == "XNM2-P000001-" + done.number[-1]
    assert done.total_minor == OWED
    entry = sell.desk.ledger.by_number(done.number.replace("-", ""))
    assert entry is not None
    assert ["asset:receivable:" + str(entry.number), "KES", OWED] in [list(p) for p in entry.postings]
    assert sell.checkout.view().total_minor == 0
    with pytest.raises(NothingInBill):
        sell.passes.issue()


def test_a_pass_scanned_at_its_own_entry_is_inside_already(sell: Till) -> None:
    outage(sell)
    view = sell.gate.scan(token(sell, van_in(sell).number))
    assert (view.word, view.tone, view.owed_minor) == ("already_inside", "amber", 0)


def test_a_lane_that_checks_separately_admits_once(sell: Till) -> None:
    permit(sell, "lane_checks_separately", "yes")
    outage(sell)
    code = token(sell, van_in(sell).number)
    view = sell.gate.scan(code)
    assert (view.word, view.tone, view.passing, view.is_recorded) == ("admit", "green", 8, True)
    sell.gate.leave()
    assert sell.gate.scan(code).word == "already_inside"


def test_at_the_exit_a_pass_is_collected_in_full_and_let_out(sell: Till) -> None:
    outage(sell)
    number = van_in(sell).number
    gate = at_exit(sell).gate
    view = gate.scan(token(sell, number))
    assert (view.word, view.owed_minor, view.paybill) == ("not_paid", OWED, "600000")
    shown = sell.settlements.pay("mpesa")
    assert (shown.account, shown.paybill, shown.rest_minor) == (number.replace("-", ""), "600000", OWED)
    done = sell.settlements.mpesa("UA26X1Y2ZQ", "43,940")
    assert isinstance(done, RecordedView)
    assert (done.number[5], done.total_minor) == ("R", OWED)
    assert sell.desk.ledger.receivables.owed(number.replace("-", "")) == 0
    assert gate.scan(token(sell, number)).word == "already_left"
    assert sell.pass_lists.find() == ()


def test_a_pass_with_money_on_it_is_not_left_silently(sell: Till) -> None:
    outage(sell)
    first = van_in(sell).number
    sell.checkout.tap(EA_CITIZEN)
    second = sell.passes.issue().number
    gate = at_exit(sell).gate
    gate.scan(token(sell, first))
    sell.settlements.pay("mpesa")
    sell.settlements.mpesa("UA26X1Y2ZQ", "1,000")
    for leave in (
        lambda: gate.scan(token(sell, second)),
        lambda: gate.number(second),
        lambda: gate.settle([second]),
        gate.leave,
        gate.turn,
        sell.sign_in.sign_out,
        lambda: sell.shifts.close(Counted(), "gone home"),
    ):
        with pytest.raises(MoneyTaken):
            leave()
    assert gate.direction == "out"
    sell.settlements.untender()
    assert gate.scan(token(sell, second)).word == "not_paid"


def test_a_part_payment_leaves_the_rest_owed_on_paper_and_at_the_gate(sell: Till) -> None:
    outage(sell)
    number = van_in(sell).number
    gate = at_exit(sell).gate
    gate.scan(token(sell, number))
    sell.settlements.pay("mpesa")
    shown = sell.settlements.mpesa("UA26X1Y2ZQ", "30,000")
    assert isinstance(shown, PayView)
    with pytest.raises(ShortTender):
        sell.settlements.record()
    done = sell.settlements.record(in_part=True)
    view = gate.scan(token(sell, number))
    assert (view.word, view.owed_minor) == ("part_paid", 1_394_000)
    paid = gate.scan(token(sell, done.number))
    assert (paid.word, paid.owed_minor, paid.number) == ("part_paid", 1_394_000, number)


def test_one_code_pays_several_passes_with_a_receipt_each(sell: Till) -> None:
    outage(sell)
    first, second = van_in(sell).number, None
    sell.checkout.tap(EA_CITIZEN)
    sell.checkout.vehicle(1)
    sell.checkout.plate("KDB 111A")
    second = sell.passes.issue().number
    at_exit(sell).gate.settle([first, second])
    sell.settlements.pay("mpesa")
    sell.settlements.mpesa("UA26X1Y2ZQ", "45,540")
    settled = sell.desk.ledger.of_kind("pass.settled")
    assert [(e.data["pass"], e.data["total_minor"], e.data["due_minor"]) for e in settled] == [
        (first.replace("-", ""), OWED, 0),
        (second.replace("-", ""), 160_000, 0),
    ]


def test_a_typed_number_is_never_green_and_asks_the_plate(sell: Till) -> None:
    permit(sell, "lane_checks_separately", "yes")
    outage(sell)
    number = van_in(sell).number
    view = sell.gate.number(number)
    assert (view.word, view.tone, view.asks_plate) == ("no_paper", "amber", True)
    assert sell.gate.plate("412N").word == "plate_differs"
    sell.gate.number(number)
    view = sell.gate.plate("12 M")
    assert (view.word, view.tone, view.passing) == ("admit", "amber", 8)


def test_repeats_within_a_minute_are_one_entry_with_their_count(sell: Till) -> None:
    outage(sell)
    code = token(sell, van_in(sell).number)
    for _ in range(4):
        sell.gate.scan(code)
    assert [e.data["count"] for e in sell.desk.ledger.of_kind("pass.scanned")] == [1]
    sell.gate.scan("https://example.org/")
    assert [e.data["count"] for e in sell.desk.ledger.of_kind("pass.scanned")] == [1, 3, 1]


def test_a_revoked_pass_keeps_its_debt_when_they_went_in(sell: Till) -> None:
    outage(sell)
    number = van_in(sell).number
    with pytest.raises(NeedsSecond):
        sell.passes.revoke(number, "wrong vehicle", None)
    sell.passes.revoke(number, "wrong vehicle", SECOND)
    assert sell.desk.ledger.receivables.owed(number.replace("-", "")) == OWED
    assert sell.gate.scan(token(sell, number)).word == "revoked"
    with pytest.raises(PassEnded):
        sell.passes.revoke(number, "again", SECOND)


def test_a_pass_printed_anew_dies_and_its_payment_moves_over(sell: Till) -> None:
    outage(sell)
    old = van_in(sell).number
    at_exit(sell).gate.scan(token(sell, old))
    sell.settlements.pay("mpesa")
    sell.settlements.mpesa("UA26X1Y2ZQ", "30,000")
    sell.settlements.record(in_part=True)
    new = sell.passes.reissue(old, "paper is wet", SECOND).number
    assert sell.gate.scan(token(sell, old)).word == "replaced"
    view = sell.gate.scan(token(sell, new))
    assert view.owed_minor == 1_394_000
    owed = sell.desk.ledger.receivables.owed
    assert (owed(old.replace("-", "")), owed(new.replace("-", ""))) == (0, 1_394_000)


def test_a_second_pass_for_a_plate_needs_a_second_person(sell: Till) -> None:
    outage(sell)
    van_in(sell)
    ordinary_van(sell)
    with pytest.raises(NeedsSecond):
        sell.passes.issue()
    assert sell.passes.issue(SECOND).number.startswith("XNM2-P000002")


def test_an_operator_is_one_however_the_name_is_typed(sell: Till) -> None:
    outage(sell)
    for plate, operator in (
        ("KDA 1A", "Bonfire Tours"),
        ("KDA 2A", "bonfire tours"),
        ("KDA 3A", "BonfireTours"),
    ):
        sell.checkout.tap(EA_CITIZEN)
        sell.checkout.vehicle(1)
        sell.checkout.plate(plate)
        sell.checkout.operator(operator)
        sell.passes.issue()
    standing = passes.standing(sell.desk.ledger, "KDA4A", "BONFIRE  TOURS")
    assert standing.operator_count == 3
    assert passes.standing(sell.desk.ledger, "KDA4A", "Bonfire").operator_count == 0


def test_nobody_is_kept_in_and_the_next_entry_of_that_plate_shows_it(sell: Till) -> None:
    outage(sell)
    number = van_in(sell).number
    gate = at_exit(sell).gate
    gate.scan(token(sell, number))
    sell.passes.let_out(gate.owed(), "phone is dead", operator="Savanna Trails")
    assert gate.scan(token(sell, number)).word == "already_left"
    ordinary_van(sell)
    assert "LeftOwing" in {said.name for said in sell.passes.warnings()}


def test_a_waiver_needs_two_and_lets_the_debt_go(sell: Till) -> None:
    outage(sell)
    number = van_in(sell).number
    sell.passes.waive(number, "43,940", "court order 12/2026", SECOND)
    assert at_exit(sell).gate.scan(token(sell, number)).word == "let_out"


def test_the_outage_closes_with_a_statement_that_adds_up(sell: Till) -> None:
    outage(sell)
    paid, left = van_in(sell).number, None
    sell.checkout.tap(EA_CITIZEN)
    sell.checkout.plate("KDB 111A")
    sell.checkout.vehicle(1)
    left = sell.passes.issue().number
    gate = at_exit(sell).gate
    gate.scan(token(sell, paid))
    sell.settlements.pay("mpesa")
    sell.settlements.mpesa("UA26X1Y2ZQ", "43,940")
    gate.scan(token(sell, left))
    sell.passes.let_out(gate.owed(), "M-PESA is down")
    data = sell.outages.close(SECOND).entry.data
    assert (data["passes"], data["passes_minor"]) == (2, OWED + 160_000)
    assert (data["settled_minor"], data["undertaken_minor"], data["open_minor"]) == (OWED, 160_000, 0)
    assert data["tendered"] == [{"tender": "mpesa", "currency": "KES", "amount_minor": OWED}]
    assert sell.outages.view().is_open is False


def test_an_overstay_costs_nothing_until_policy_names_a_regulation(gate: Gate, sell: Till) -> None:
    outage(sell)
    number = van_in(sell).number
    code = token(sell, number)
    gate.clock.pass_by(26 * 60 * moments.MINUTE_MS)
    assert at_exit(sell).gate.scan(code).owed_minor == OWED
    sell.gate.leave()
    permit(sell, "overstay_under", "Wildlife Regulations 2027, r. 9")
    view = sell.gate.scan(code)
    assert (view.owed_minor, view.overstay_minor) == (2 * OWED, OWED)
    sell.settlements.pay("card")
    sell.settlements.card("A7K29Q", "4242")
    assert sell.desk.ledger.receivables.owed(number.replace("-", "")) == 0


def test_an_overstay_is_waived_on_a_ground_with_a_second_person_and_stays_waived(
    gate: Gate, sell: Till
) -> None:
    outage(sell)
    number = van_in(sell).number
    code = token(sell, number)
    permit(sell, "overstay_under", "Wildlife Regulations 2027, r. 9")
    gate.clock.pass_by(26 * 60 * moments.MINUTE_MS)
    lane = at_exit(sell).gate
    lane.scan(code)
    with pytest.raises(NeedsSecond):
        lane.waive_overstay("a flat tyre in the park")
    view = lane.waive_overstay("a flat tyre in the park", SECOND)
    assert (view.word, view.owed_minor, view.overstay_minor) == ("not_paid", OWED, 0)
    (waived,) = sell.desk.ledger.of_kind("pass.waived")
    assert (waived.data["amount_minor"], waived.data["overstay_minor"]) == (0, OWED)
    with pytest.raises(NothingScanned):
        lane.waive_overstay("again", SECOND)
    assert lane.owed().owed_minor == OWED
    sell.gate.leave()
    assert lane.scan(code).owed_minor == OWED
    sell.settlements.pay("card")
    sell.settlements.card("A7K29Q", "4242")
    assert sell.desk.ledger.receivables.owed(number.replace("-", "")) == 0


def test_all_of_it_verifies_after_a_restart(gate: Gate, sell: Till) -> None:
    outage(sell)
    number = van_in(sell).number
    code = token(sell, number)
    sell.sign_in.sign_out()
    again = gate.reopened(sell)
    again.sign_in.sign_in(CLERK, CLERK_PIN)
    assert again.desk.outage() is not None
    assert at_exit(again).gate.scan(code).owed_minor == OWED
    report = verification.verify(again.desk.ledger.conn, [gate.folder / "tape"])
    again.desk.ledger.close()
    assert report.findings == []


def test_a_pass_of_another_till_cannot_be_changed_here(sell: Till) -> None:
    with pytest.raises(NoSuchPass):
        sell.passes.revoke(numbers.make("XNM3", "P", 1), "x", SECOND)


def test_a_pass_leaves_by_the_gates_that_were_chosen(sell: Till) -> None:
    outage(sell)
    ordinary_van(sell)
    with pytest.raises(UnknownExit):
        sell.passes.leave_by(["EAST", "NOWH"])
    assert sell.passes.leave_by(["EAST", "MAIN", "EAST"]).exits == ("EAST", "MAIN")
    assert issued(sell.desk.ledger, sell.passes.issue().number).data["exits"] == ["EAST", "MAIN"]
    assert sell.checkout.view().exits == ("MAIN",), "the next vehicle is not here yet"
    assert sell.checkout.plate("KDA 421M").exits == ()


def test_on_foot_they_leave_by_the_gate_that_let_them_in(sell: Till) -> None:
    outage(sell)
    ordinary_van(sell)
    sell.passes.leave_by(["EAST"])
    sell.checkout.vehicle(2)
    assert sell.checkout.plate("").exits == ("MAIN",)
    with pytest.raises(OnFoot):
        sell.passes.leave_by(["EAST"])
    assert issued(sell.desk.ledger, sell.passes.issue().number).data["exits"] == []


def test_a_corrected_pass_keeps_its_exits(sell: Till) -> None:
    outage(sell)
    ordinary_van(sell)
    sell.passes.leave_by(["EAST"])
    first = sell.passes.issue().number
    assert sell.passes.correct(first, "wrong plate").exits == ("EAST",)
    sell.checkout.plate("KDA 421M")
    assert issued(sell.desk.ledger, sell.passes.issue(SECOND).number).data["exits"] == ["EAST"]
