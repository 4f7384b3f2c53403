"""Slips at the window: what is taken, what is named, who is looked at, and a bill handed to another till."""

import pytest

from gatepos import app
from gatepos.domain import slip
from gatepos.domain.numbers import BadNumber
from gatepos.domain.slip import SlipTooNew, SlipUnread
from gatepos.domain.staff import NotAllowed
from gatepos.i18n import words
from gatepos.ledger import served
from gatepos.ledger.takings import Span, of_ledger
from gatepos.till import views
from gatepos.till.checkout import FinishCorrection, NoSuchBill, NotLookedAt, PlateMissing
from gatepos.till.desk import NotSignedIn
from gatepos.till.slips import NobodyOnSlip, NotOnSlip
from gatepos.till.station import Plan
from gatepos.till.till import Till
from gatepos.till.window import MoneyTaken
from tests.gate import AFRICAN, EA_CITIZEN, MANAGER, MANAGER_PIN, NON_RESIDENT, Gate, ordinary_van
from tests.park import tell_all
from tests.till.conftest import Tills
from tests.till.test_passes import outage, token

VAN = "GB:1:NNP:KDA412M:2:001.201.303.321.401.411:BUSH TREKS"


def taken(till: Till, text: str = VAN) -> views.SellView:
    view = till.read(text, "wedge")
    assert isinstance(view, views.SellView)
    return view


def named(view: views.SellView) -> list[str]:
    return [said.name for said in view.warnings]


def paid(till: Till, code: str = "UA26X1Y2ZQ") -> views.RecordedView:
    till.payments.pay("mpesa")
    done = till.payments.mpesa(code)
    assert isinstance(done, views.RecordedView)
    return done


def test_a_slip_is_the_bill_priced_by_this_tills_schedule(sell: Till) -> None:
    view = taken(sell)
    assert view.total_minor == 4_394_000
    assert (view.plate, view.band, view.operator) == ("KDA412M", 2, "BUSH TREKS")
    assert sum(line.count for line in view.lines) == 7  # six people and the vehicle


def test_nobody_enters_free_by_a_slip_before_the_clerk_looked(sell: Till) -> None:
    view = taken(sell)
    assert all(line.ground is None for line in view.lines)
    assert view.asking == ("under_6", "kenyan_70", "disability", "tra_crew")
    assert "AskToEnterFree" in named(view)
    assert sell.checkout.free("under_6").asking == ("kenyan_70", "disability", "tra_crew")
    view = sell.checkout.free("tra_crew")
    assert view.asking == ()
    assert named(view) == ["LookAtSlip"]
    paid(sell)
    (entry,) = sell.desk.ledger.of_kind("receipt.issued")
    assert entry.data["people"] == [[0, 0, 1], [2, 0, 1], [3, 0, 3], [3, 2, 1], [4, 0, 1], [4, 1, 1]]


def test_people_nobody_looked_at_are_asked_about_once(sell: Till) -> None:
    taken(sell)
    sell.checkout.free("under_6")
    with pytest.raises(NotLookedAt) as said:
        sell.payments.pay("mpesa")
    assert said.value.values == {"n": 1}
    assert paid(sell).total_minor == 4_394_000


def test_a_pass_is_issued_from_a_slip_too(sell: Till) -> None:
    outage(sell)
    taken(sell)
    with pytest.raises(NotLookedAt):
        sell.passes.issue()
    for ground in ("under_6", "tra_crew"):
        sell.checkout.free(ground)
    assert sell.passes.issue().is_owed


def test_what_does_not_fit_is_named_and_the_rest_is_taken(sell: Till) -> None:
    view = taken(sell, "GB:1:AMB:KDA412M:2:003.705.512:X:FREE")
    assert view.total_minor == 3 * 100_000 + 150_000
    assert named(view) == ["LookAtSlip", "LeftOnSlip", "LeftOnSlip", "OtherPark", "NotSoldBySlip"]
    said = [one.said(words("en")) for one in view.warnings]
    assert any("AMB" in text for text in said)
    assert any("school" in text.lower() for text in said)


def test_without_a_rate_only_those_who_pay_in_shillings_are_taken(gate: Gate) -> None:
    plan = Plan(gate.code, "NNP", gate.place, "2", MANAGER, MANAGER_PIN, "CF2025")
    till = app.create_till(gate.folder, plan, gate.world())
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    till.set_up.employ("44", ["clerk"])
    till.desk.person = till.desk.staff["44"]
    view = taken(till, "GB:1:::1:003.302")
    assert view.total_minor == 3 * 100_000 + 60_000
    assert "NotSoldBySlip" in named(view)
    till.desk.ledger.close()


def test_a_slip_of_which_nothing_can_be_taken_is_refused_and_leaves_the_bill(sell: Till) -> None:
    sell.checkout.tap(EA_CITIZEN)
    head = sell.desk.ledger.head
    for text, refusal in (("GB:2:::1:003", SlipTooNew), ("GB:1:NNP:KDA412M:2", SlipUnread)):
        with pytest.raises(refusal):
            sell.read(text, "wedge")
    assert sell.checkout.view().total_minor == 100_000
    assert sell.desk.ledger.head == head


def test_the_bill_in_work_is_held_first(sell: Till) -> None:
    sell.checkout.tap(NON_RESIDENT)
    view = taken(sell)
    assert [bill.total_minor for bill in view.waiting] == [1_036_000]


def test_a_bill_that_cannot_be_held_stays(sell: Till) -> None:
    sell.checkout.tap(EA_CITIZEN)
    sell.checkout.vehicle(1)
    with pytest.raises(PlateMissing):
        sell.read(VAN, "wedge")
    sell.checkout.plate("KDB 077Z")
    sell.corrections.correct(paid(sell).number, "one more")
    with pytest.raises(FinishCorrection):
        sell.read(VAN, "wedge")


def test_no_slip_is_taken_over_money_or_with_nobody_at_the_window(sell: Till) -> None:
    sell.checkout.tap(NON_RESIDENT)
    sell.payments.pay("card")
    sell.payments.card("A7K29Q", "4242", "10")
    with pytest.raises(MoneyTaken):
        sell.read(VAN, "wedge")
    sell.payments.untender()
    sell.sign_in.sign_out()
    with pytest.raises(NotSignedIn):
        sell.read(VAN, "wedge")


def test_a_scanner_that_reads_a_slip_twice_makes_one_bill(sell: Till) -> None:
    taken(sell)
    sell.checkout.free("under_6")
    view = taken(sell)
    assert (view.free_count, view.waiting) == (1, ())


def test_a_slip_glued_to_a_pass_is_the_bill_and_the_pass_is_looked_at(sell: Till) -> None:
    outage(sell)
    ordinary_van(sell)
    paper = token(sell, sell.passes.issue().number)
    assert taken(sell, paper + VAN).total_minor == 4_394_000
    assert len(sell.desk.ledger.of_kind("pass.scanned")) == 1


def test_who_asks_to_enter_free_is_remembered_while_the_bill_waits(sell: Till) -> None:
    taken(sell)
    view = sell.checkout.hold()
    assert sell.checkout.resume("KDA412M").asking
    assert view.waiting[0].plate == "KDA412M"


def test_a_held_bill_goes_on_at_the_window_by_its_slip_and_without_network(tills: Tills) -> None:
    walking, window, _ = tills
    ordinary_van(walking)
    number = walking.checkout.hold().waiting[0].number
    handed = walking.slips.hand_over(number)
    assert handed.slip == "GB:1:NNP:KDA412M:2:001.201.303.321.401.411"
    assert walking.checkout.waiting() == ()
    (ended,) = walking.desk.ledger.of_kind("bill.abandoned")
    assert ended.data == {"bill": number, "reason": "handed_over", "slip": handed.slip}
    assert taken(window, handed.slip).total_minor == 4_394_000
    for ground in ("under_6", "tra_crew"):
        window.checkout.free(ground)
    paid(window)
    tell_all(tills)
    charged = "SELECT sum(kes_minor) FROM charge"
    for till in (walking, window):
        assert till.desk.ledger.conn.execute(charged).fetchone() == (4_394_000,)


def test_only_what_a_slip_can_hold_is_handed_over(sell: Till) -> None:
    sell.checkout.vehicle(1)
    sell.checkout.plate("KDB 077Z")
    alone = sell.checkout.hold().waiting[-1].number
    sell.checkout.tap(AFRICAN)
    sell.checkout.stay(2, 0)
    longer = sell.checkout.hold().waiting[-1].number
    for number, refusal in ((alone, NobodyOnSlip), (longer, NotOnSlip), ("XNM2B000009Y", BadNumber)):
        with pytest.raises((refusal, NoSuchBill)):
            sell.slips.hand_over(number)
    assert len(sell.checkout.waiting()) == 2


def test_a_slip_on_paper_says_that_nothing_is_paid(sell: Till) -> None:
    ordinary_van(sell)
    handed = sell.slips.hand_over(sell.checkout.hold().waiting[0].number)
    lines = [str(line) for line in sell.slips.paper(handed, words("en"))]
    assert any("not paid" in line for line in lines)
    assert any(handed.slip in line for line in lines)
    assert slip.read(handed.slip)[1] == ()


def test_an_auditor_takes_no_slip(sell: Till) -> None:
    sell.sign_in.sign_out()
    sell.sign_in.sign_in(MANAGER, MANAGER_PIN)
    sell.set_up.employ("44", ["auditor"])
    sell.desk.person = sell.desk.staff["44"]
    with pytest.raises(NotAllowed):
        sell.read(VAN, "wedge")


def test_seconds_run_from_the_scan_of_the_slip_or_the_first_touch_to_recorded(gate: Gate, sell: Till) -> None:
    def after_s(seconds: int) -> None:
        gate.clock.pass_by(seconds * 1_000)

    taken(sell)
    after_s(3)
    for ground in ("under_6", "tra_crew"):
        sell.checkout.free(ground)
    after_s(2)
    paid(sell)
    after_s(100)
    sell.checkout.tap(EA_CITIZEN)
    after_s(7)
    sell.checkout.hold()
    after_s(600)
    sell.checkout.resume(sell.checkout.waiting()[0].number)
    after_s(4)
    paid(sell, "UA26X1Y2ZR")
    rows = of_ledger(sell.desk.ledger.conn)
    found = served.within(rows, Span(("XNM2",), "2026-01-02", "2026-01-02"))
    assert [one.seconds for one in found] == [5, 4]
    assert served.spread([one.seconds for one in found]) == (4, 4)
    assert served.spread([]) is None


def test_a_correction_has_no_seconds(sell: Till) -> None:
    ordinary_van(sell)
    sell.corrections.correct(paid(sell).number, "wrong plate")
    sell.checkout.plate("KDA 421M")
    sell.payments.pay("mpesa")
    sell.payments.record()
    (entry,) = sell.desk.ledger.of_kind("receipt.corrected")
    assert entry.data["served_ms"] is None
