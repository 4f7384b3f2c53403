"""Scan with real touches and real papers: what the gate says, what is collected, who goes through."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gatepos import app
from gatepos.devices import picture
from gatepos.devices.decoder import Frame
from gatepos.domain.entry import Entry
from gatepos.screens import running, set_up
from gatepos.screens.playing import Hands
from gatepos.screens.scan import ScanScreen
from gatepos.seal import checking
from gatepos.seal.keys import TillKey
from gatepos.seal.token import make as token_of
from gatepos.till.outage import NotSince
from gatepos.till.till import Till
from gatepos.till.views import ScanView
from tests import park
from tests.devices.test_scanner import Desk as Port
from tests.gate import CLERK, CLERK_PIN, EA_CITIZEN, MANAGER, MANAGER_PIN, Gate, permit
from tests.screens.conftest import Opened, asked, at_work
from tests.screens.test_wedge import SCANNER_MS, Device
from tests.till.test_passes import SECOND, at_exit, outage, token, van_in

VAN, CAR = "KDA 412M", "KDB 111A"


def issued(till: Till) -> list[str]:
    """A van and a car let in on passes in an outage; what the codes of their papers say."""
    outage(till)
    van = van_in(till).number
    till.checkout.tap(EA_CITIZEN)
    till.checkout.vehicle(1)
    till.checkout.plate(CAR)
    return [token(till, number) for number in (van, till.passes.issue().number)]


def altered(code: str) -> str:
    """A paper whose signature does not hold."""
    return code[:-9] + ("A" if code[-9] != "A" else "B") + code[-8:]


class Lane:
    """A clerk at a lane with papers to scan."""

    def __init__(self, hands: Hands, papers: list[str]):
        self.hands = hands
        self.papers = papers
        self.device = Device()

    @property
    def screen(self) -> ScanScreen:
        """The screen that is tried."""
        return self.hands.floor.scan

    def scan(self, text: str, into: QWidget | None = None) -> ScanView:
        """A burst of the scanner wherever the focus is, with Enter at its end, and what is shown of it."""
        before = self.screen.view
        focused = into or QApplication.focusWidget()
        assert focused is not None
        self.device.type(focused, text + "\n", SCANNER_MS)
        self.device.at_ms += 1_000
        self.hands.until(lambda: self.screen.view is not before)
        self.hands.settle()
        view = self.screen.view
        assert view is not None
        return view

    def entries(self, kind: str) -> list[Entry]:
        """What the ledger has of a kind."""
        return asked(self.hands, lambda: self.hands.floor.till.desk.ledger.of_kind(kind))

    def tender(self, code: str, paid: str) -> None:
        """An M-PESA code that paid so much, typed."""
        self.hands.press(Qt.Key.Key_F1)
        self.hands.type(code)
        amount = self.screen.settle.payments.form.amount
        assert amount is not None
        amount.line.setFocus()
        self.answer(paid)

    def next(self) -> None:
        """Touch on to the next vehicle, not as a bounce."""
        done = self.screen.done
        self.hands.until(lambda: not done.bounces)
        self.hands.touch(done.next)

    def answer(self, *typed: str) -> None:
        """Type answers to what is asked."""
        for text in typed:
            self.hands.type(text)
            self.hands.enter()

    def leave_owing(self, why: str = "M-PESA is silent") -> None:
        """Touch that they leave on an undertaking, and why."""
        self.hands.touch(self.screen.ways.undertaking)
        tiles = self.screen.choosing.tiles
        self.hands.touch(next(tile for tile in tiles if tile.name == why))

    def second_person(self) -> None:
        """A supervisor agrees."""
        self.hands.until(lambda: self.screen.left.currentWidget() is self.screen.second)
        self.answer(MANAGER, MANAGER_PIN)


@pytest.fixture
def lane(selling: Hands) -> Lane:
    """An exit lane; the clerk looks at Sell."""
    return Lane(selling, asked(selling, lambda: issued(at_exit(selling.floor.till))))


def test_before_a_scan_the_screen_says_what_to_do_and_one_key_turns_the_lane(lane: Lane) -> None:
    hands, left = lane.hands, lane.screen.lane
    hands.touch(hands.floor.bar.tabs["scan"])
    assert left.heading.text() == "Exit lane: scan the paper"
    assert lane.screen.settle.title.text() == "Nothing to settle"
    hands.press(Qt.Key.Key_F7)
    assert left.heading.text() == "Entry lane: scan the paper"
    hands.touch(left.turn)
    assert left.heading.text() == "Exit lane: scan the paper"


def test_an_exit_lane_begins_at_scan(opened: Opened) -> None:
    hands = opened()
    asked(hands, hands.floor.till.gate.turn)
    hands.touch(hands.floor.sign_in.tiles[CLERK])
    hands.type(CLERK_PIN)
    hands.enter()
    hands.touch(hands.floor.shift.float.open)
    hands.until(hands.floor.scan.isVisible)


def test_a_scan_on_sell_opens_the_pass_and_leaves_the_bill_alone(lane: Lane) -> None:
    sell = lane.hands.floor.sell
    lane.hands.add(sell.people.cells[EA_CITIZEN])
    view = lane.scan(lane.papers[0])
    screen = lane.screen
    assert screen.isVisible()
    assert (screen.lane.verdict.tone, screen.lane.verdict.title) == ("amber", "Genuine pass — not paid")
    assert screen.lane.verdict.next == "KES\u00a043,940 to collect, then let them out."
    assert screen.lane.card.plate.text() == VAN
    assert screen.settle.total.amount == "KES 43,940"
    assert view.settles[0].overstay_minor == 0
    lane.hands.touch(lane.hands.floor.bar.tabs["sell"])
    assert sell.view is not None
    assert sell.view.total_minor == 100_000


def in_sight(hands: Hands, part: QWidget) -> bool:
    """Whether all of a part lies on the window and in nothing that scrolled it away."""
    whole = part.isVisible() and part.visibleRegion().boundingRect() == part.rect()
    return whole and part.mapTo(hands.kiosk, part.rect().bottomRight()).y() < hands.kiosk.height()


@pytest.mark.parametrize("language", ["en", "sw"])
def test_the_key_for_a_part_stays_in_reach_beside_red_lines_on_the_smallest_screen(
    opened: Opened, language: str
) -> None:
    hands = at_work(opened((1024, 768), language))
    lane = Lane(hands, asked(hands, lambda: issued(at_exit(hands.floor.till))))
    lane.scan(lane.papers[0])
    lane.tender("UA26X1Y2ZQ", "30,000")
    payments = lane.screen.settle.payments
    assert payments.account.isVisible()
    assert payments._view is not None
    warned = replace(payments._view, warnings=tuple(NotSince() for _ in range(2)))
    payments.show_view(warned)
    hands.settle()
    assert payments.warnings.isVisibleTo(payments)
    assert in_sight(hands, payments.in_part)


def test_enter_where_nothing_more_is_typed_asks_whether_the_part_is_recorded(lane: Lane) -> None:
    lane.scan(lane.papers[0])
    lane.hands.press(Qt.Key.Key_F1)
    lane.hands.enter()
    assert lane.screen.left.currentWidget() is not lane.screen.choosing
    lane.tender("UA26X1Y2ZQ", "30,000")
    lane.hands.enter()
    assert lane.screen.left.currentWidget() is lane.screen.choosing
    assert lane.screen.choosing.title.text() == "Record this part?"
    lane.hands.touch(lane.screen.choosing.tiles[1])
    assert not lane.entries("pass.settled")
    lane.hands.enter()
    lane.hands.enter()
    lane.hands.until(lambda: bool(lane.entries("pass.settled")))
    (entry,) = lane.entries("pass.settled")
    assert (entry.data["total_minor"], entry.data["due_minor"]) == (3_000_000, 1_394_000)


def test_where_to_pay_is_shown_while_money_is_owed_and_no_longer(lane: Lane) -> None:
    lane.scan(lane.papers[0])
    settle = lane.screen.settle
    assert settle.account.isVisible()
    lane.tender("UA26X1Y2ZQ", "30,000")
    assert settle.payments.account.isVisible()
    covered = settle.payments._view
    assert covered is not None
    settle.payments.show_view(replace(covered, rest_minor=0))
    assert not settle.payments.account.isVisible()


@pytest.mark.parametrize("field", ["plate", "code"])
def test_a_burst_never_reaches_what_is_typed_into(lane: Lane, field: str) -> None:
    sell = lane.hands.floor.sell
    if field == "plate":
        lane.hands.touch(sell.people.fields["plate"])
    else:
        lane.hands.add(sell.people.cells[EA_CITIZEN])
        lane.hands.press(Qt.Key.Key_F1)
    line = sell.typing.line
    assert line is not None
    line.setText("UA2")
    lane.scan(lane.papers[0], line)
    assert line.text() == "UA2"
    assert lane.entries("receipt.issued") == []
    assert sell.view is not None
    assert sell.view.plate == ""


def test_while_money_lies_on_a_bill_a_scan_is_refused_and_nothing_is_lost(lane: Lane) -> None:
    floor, sell = lane.hands.floor, lane.hands.floor.sell
    lane.hands.add(sell.people.cells[EA_CITIZEN], 2)
    lane.hands.press(Qt.Key.Key_F1)
    lane.hands.type("UA26X1Y2ZQ")
    amount = sell.payments.form.amount
    assert amount is not None
    amount.line.setFocus()
    lane.answer("500")
    focused = QApplication.focusWidget()
    assert focused is not None
    lane.device.type(focused, lane.papers[0] + "\n", SCANNER_MS)
    lane.hands.until(lambda: "KES 500" in floor.banner.words.text())
    assert sell.is_paying
    assert lane.entries("pass.scanned") == []
    assert sell.bill.total.amount == "KES 1,500"


def test_over_the_lock_only_the_verdict_is_shown_and_money_waits_for_a_pin(lane: Lane) -> None:
    floor = lane.hands.floor
    lane.hands.touch(floor.bar.lock)
    lane.hands.until(floor.sign_in.pin.line.hasFocus)
    lane.device.type(floor.sign_in.pin.line, lane.papers[0] + "\n", SCANNER_MS)
    lane.hands.until(floor.over.isVisible)
    assert floor.over.title == "Genuine pass — not paid"
    assert floor.sign_in.isVisible()
    assert not lane.screen.isVisible()
    lane.hands.press(Qt.Key.Key_F1)
    assert floor.sign_in.isVisible()
    lane.answer(CLERK_PIN)
    lane.hands.until(lane.screen.isVisible)
    assert not floor.over.isVisible()
    assert lane.screen.settle.total.amount == "KES 43,940"


def test_paid_in_full_is_green_and_recorded_and_the_next_paper_can_come(lane: Lane) -> None:
    lane.scan(lane.papers[0])
    box, panel = lane.screen.lane.verdict, lane.screen.settle
    lane.hands.press(Qt.Key.Key_F1)
    assert box.tone == "amber"
    lane.answer("UA26X1Y2ZQ")
    assert (box.tone, box.title) == ("green", "Paid — let them out")
    (receipt,) = lane.entries("pass.settled")
    assert receipt.number is not None
    assert box.next.replace("\u2011", "-") == f"Receipt {panel.done.number.text()} · M-PESA · 10:31"
    assert panel.done.heading.text() == "RECORDED"
    lane.hands.until(lambda: "printed" in panel.done.paper.text())
    lane.next()
    assert lane.screen.view is None
    assert lane.screen.lane.number.line.hasFocus()


def test_the_driver_sees_what_is_to_be_paid_and_then_the_code(lane: Lane) -> None:
    shown = lane.hands.floor.visitor.window
    lane.scan(lane.papers[0])
    assert (shown.view.page, shown.view.minor, shown.view.paybill) == ("pay", 4_394_000, "600000")
    lane.hands.press(Qt.Key.Key_F1)
    lane.answer("UA26X1Y2ZQ")
    assert (shown.view.page, bool(shown.view.qr)) == ("done", True)
    lane.next()
    assert shown.view.page == "welcome"


def test_a_part_is_recorded_and_the_rest_can_be_collected_at_once(lane: Lane) -> None:
    lane.scan(lane.papers[0])
    panel = lane.screen.settle
    lane.tender("UA26X1Y2ZQ", "30,000")
    lane.hands.touch(panel.payments.in_part)
    assert (lane.screen.lane.verdict.tone, lane.screen.lane.verdict.title) == ("amber", "Part paid")
    assert panel.done.next.text() == "Collect the rest"
    lane.next()
    assert panel.total.amount == "KES 13,940"
    lane.hands.press(Qt.Key.Key_F2)
    lane.hands.type("A7K29Q")
    last4 = panel.payments.form.needed[1]
    last4.line.setFocus()
    lane.answer("4242")
    assert lane.screen.lane.verdict.tone == "green"
    assert [entry.data["due_minor"] for entry in lane.entries("pass.settled")] == [1_394_000, 0]


def test_leaving_on_undertaking_is_amber_and_prints_the_gates_copy(lane: Lane) -> None:
    lane.scan(lane.papers[0])
    lane.leave_owing()
    box, panel = lane.screen.lane.verdict, lane.screen.settle
    assert (box.tone, box.title) == ("amber", "Let them out — still owing")
    assert not lane.screen.lane.pull.isVisible()
    assert box.next.startswith("First the driver signs the gate's copy.")
    assert "first the driver signs the gate's copy" in panel.done.change.text()
    assert panel.total.accessibleName() == "Not paid KES 43,940"
    (entry,) = lane.entries("pass.let_out")
    data = entry.data
    assert (data["how"], data["owed_minor"], data["people"]) == ("undertaking", 4_394_000, 8)
    assert data["reason"] == "M-PESA is silent"
    lane.hands.until(lambda: not asked(lane.hands, lane.hands.floor.till.desk.ledger.prints.waiting))
    assert lane.scan(lane.papers[1]).word == "not_paid"


def test_a_large_undertaking_and_a_ground_need_a_second_person(lane: Lane) -> None:
    asked(lane.hands, lambda: permit(lane.hands.floor.till, "undertaking_max", "10000"))
    lane.scan(lane.papers[0])
    lane.leave_owing("Something else…")
    lane.answer("phone is dead")
    lane.second_person()
    lane.scan(lane.papers[1])
    lane.hands.touch(lane.screen.ways.ground)
    lane.answer("ambulance")
    lane.second_person()
    assert [entry.data["how"] for entry in lane.entries("pass.let_out")] == ["undertaking", "ground"]


def test_money_on_a_pass_is_not_left_behind_by_letting_them_out(lane: Lane) -> None:
    lane.scan(lane.papers[0])
    panel = lane.screen.settle
    lane.tender("UA26X1Y2ZQ", "30,000")
    lane.hands.touch(panel.payments.back)
    lane.leave_owing()
    assert "KES 30,000" in lane.hands.floor.banner.words.text()
    assert lane.entries("pass.let_out") == []
    assert panel.total.amount == "KES 13,940"


def test_one_payer_settles_two_passes_with_a_receipt_each(lane: Lane) -> None:
    lane.scan(lane.papers[0])
    lane.hands.touch(lane.screen.ways.another)
    lane.scan(lane.papers[1])
    panel = lane.screen.settle
    assert panel.total.amount == "KES 45,540"
    says = "KES\u00a045,540 to collect for 2 passes, then let them out."
    assert lane.screen.lane.verdict.next == says
    assert not panel.ways.undertaking.isVisible()
    lane.hands.press(Qt.Key.Key_F1)
    lane.answer("UA26X1Y2ZQ")
    assert [entry.data["due_minor"] for entry in lane.entries("pass.settled")] == [0, 0]
    assert lane.screen.lane.verdict.tone == "green"


def test_the_pass_after_those_of_one_payer_stands_alone(lane: Lane) -> None:
    lane.scan(lane.papers[0])
    lane.hands.touch(lane.screen.ways.another)
    lane.scan(lane.papers[1])
    view = lane.scan(lane.papers[0])
    assert [one.plate for one in view.settles] == ["KDA412M"]


def test_a_typed_number_asks_the_plate_and_is_never_green(selling: Hands) -> None:
    till = selling.floor.till
    asked(selling, lambda: permit(till, "lane_checks_separately", "yes"))
    lane = Lane(selling, asked(selling, lambda: issued(till)))
    number = asked(selling, lambda: till.pass_lists.find("KDA412M")[0].number)
    selling.touch(selling.floor.bar.tabs["scan"])
    box = lane.screen.lane.verdict
    lane.answer(number)
    selling.until(lambda: lane.screen.typing.is_asking)
    assert (box.tone, box.title) == ("amber", "No paper")
    lane.answer("12N")
    assert (box.tone, box.title) == ("red", "The plate differs")
    selling.touch(lane.screen.lane.ask)
    lane.answer(number)
    selling.until(lambda: lane.screen.typing.is_asking)
    lane.answer("12M")
    assert (box.tone, box.title) == ("amber", "No paper — first entry")
    assert box.next.startswith("Typed, not scanned: compare the plate yourself.")


def test_a_typed_number_is_no_genuine_pass_at_the_exit_and_never_green(lane: Lane) -> None:
    number = asked(lane.hands, lambda: lane.hands.floor.till.pass_lists.find("KDA412M")[0].number)
    lane.hands.touch(lane.hands.floor.bar.tabs["scan"])
    box = lane.screen.lane.verdict
    lane.answer(number)
    lane.hands.until(lambda: lane.screen.typing.is_asking)
    lane.answer("12M")
    assert (box.tone, box.title) == ("amber", "No paper — not paid")
    assert box.next.startswith("Typed, not scanned: compare the plate yourself. KES\u00a043,940 to collect")
    lane.hands.press(Qt.Key.Key_F1)
    lane.answer("UA26X1Y2ZQ")
    lane.hands.until(lambda: box.title == "No paper — paid, let them out")
    assert box.tone == "amber"
    assert box.next.startswith("Typed, not scanned")


def test_a_revoked_pass_is_collected_at_the_exit_or_they_are_let_out(lane: Lane) -> None:
    def revoke() -> None:
        till = lane.hands.floor.till
        till.passes.revoke(till.pass_lists.find("KDA412M")[0].number, "wrong vehicle", SECOND)

    asked(lane.hands, revoke)
    lane.scan(lane.papers[0])
    box, ways = lane.screen.lane.verdict, lane.screen.ways
    assert (box.tone, box.title.split()[0]) == ("red", "Revoked")
    assert box.next == "KES\u00a043,940 still owed: collect, or let out."
    assert lane.screen.settle.total.amount == "KES 43,940"
    assert ways.undertaking.isVisible()
    lane.hands.press(Qt.Key.Key_F1)
    lane.answer("UA26X1Y2ZQ")
    lane.hands.until(lambda: box.title == "Paid — let them out")


def test_who_left_owing_pays_at_the_exit_and_is_not_sold_an_entry(lane: Lane) -> None:
    lane.scan(lane.papers[0])
    lane.leave_owing()
    lane.next()
    lane.scan(lane.papers[0])
    box, ways = lane.screen.lane.verdict, lane.screen.ways
    assert box.title == "Already left"
    assert box.next.endswith("KES\u00a043,940 still owed: collect.")
    assert ways.next.isVisible()
    assert not ways.undertaking.isVisible()
    lane.hands.press(Qt.Key.Key_F1)
    lane.answer("UA26X1Y2ZQ")
    lane.hands.until(lambda: box.title == "Paid — let them out")
    lane.next()
    lane.scan(lane.papers[0])
    assert box.title == "Already left"
    assert box.next.endswith("Nothing is owed on it. Compare the plate; call the supervisor.")


def test_a_paper_that_does_not_verify_is_settled_from_sight_or_is_no_pass(lane: Lane) -> None:
    lane.scan(altered(lane.papers[0]))
    left = lane.screen.lane
    assert left.verdict.title == "Does not verify"
    assert left.see.isVisible()
    lane.hands.touch(left.without)
    assert lane.screen.settle.title.text() == "No pass"


def test_the_strip_says_which_way_the_lane_goes(lane: Lane) -> None:
    hands = lane.hands
    hands.touch(hands.floor.bar.tabs["scan"])
    assert hands.floor.strip.gate.text().startswith("Main Gate · exit lane 2")
    hands.press(Qt.Key.Key_F7)
    assert hands.floor.strip.gate.text().startswith("Main Gate · lane 2")


def test_the_enter_of_a_burst_confirms_nothing(lane: Lane) -> None:
    lane.scan(lane.papers[0])
    assert lane.screen.ways.tenders["mpesa"].hasFocus()
    lane.scan(lane.papers[1])
    assert not lane.screen.money.is_paying
    assert lane.screen.lane.card.plate.text() == CAR
    lane.hands.press(Qt.Key.Key_F1)
    assert lane.screen.money.is_paying
    lane.scan(lane.papers[0])
    assert not lane.screen.money.is_paying
    assert lane.entries("pass.settled") == []


def test_what_is_pulled_aside_waits_and_is_taken_up_by_touch_by_scan_and_by_number(lane: Lane) -> None:
    view = lane.scan(lane.papers[0])
    hands, left = lane.hands, lane.screen.lane
    hands.press(Qt.Key.Key_F6)
    assert left.waiting.text() == "1 aside"
    lane.scan(lane.papers[1])
    hands.touch(left.pull)
    assert left.waiting.text() == "2 aside"
    hands.touch(left.waiting)
    hands.type("412")
    hands.enter()
    assert left.card.plate.text() == VAN
    assert left.waiting.text() == "1 aside"
    hands.touch(left.pull)
    hands.type(view.number)
    hands.enter()
    assert (left.card.plate.text(), left.verdict.title) == (VAN, "Genuine pass — not paid")
    lane.scan(lane.papers[1])
    assert not left.waiting.isVisible()


def test_what_the_camera_sees_is_looked_at_like_a_scan(lane: Lane) -> None:
    hands, screen = lane.hands, lane.screen
    hands.touch(hands.floor.bar.tabs["scan"])
    screen.camera.start()
    image = Image.new("L", (1280, 720), 210)
    image.paste(picture.qr_image(lane.papers[0], 500), (200, 60))
    screen.camera.show(Frame(image.tobytes(), 1280, 720))
    hands.until(lambda: screen.view is not None)
    screen.camera.stop()
    assert screen.lane.verdict.title == "Genuine pass — not paid"
    assert [entry.data["how"] for entry in lane.entries("pass.scanned")] == ["camera"]


@pytest.mark.no_qt_log
def test_a_camera_that_is_not_there_is_said(lane: Lane) -> None:
    hands = lane.hands
    hands.touch(hands.floor.bar.tabs["scan"])
    hands.touch(lane.screen.lane.look)
    assert "type the number" in hands.floor.banner.words.text()
    hands.touch(lane.screen.lane.look)
    assert not lane.screen.camera.is_on


def test_on_the_scanners_page_of_set_up_a_scan_is_only_shown(opened: Opened) -> None:
    hands = at_work(opened(), MANAGER, MANAGER_PIN)
    screen = hands.floor.set_up
    hands.touch(hands.floor.bar.tabs["set_up"])
    hands.touch(screen.tabs[set_up.SCANNER])
    Device().type(screen.scanned.line, "GP:ABCDEFGHIJ\n", SCANNER_MS)
    hands.until(lambda: "GP:ABCDEFGHIJ" in screen.panel.told.text())
    assert screen.isVisible()
    assert asked(hands, lambda: hands.floor.till.desk.ledger.of_kind("pass.scanned")) == []


def test_a_scanner_on_a_port_is_chosen_in_set_up_and_heard_on_every_screen(
    opened: Opened, tmp_path: Path
) -> None:
    port = Port(tmp_path / "scanner")
    hands = at_work(opened(), MANAGER, MANAGER_PIN)
    floor, screen = hands.floor, hands.floor.set_up
    hands.touch(floor.bar.tabs["set_up"])
    hands.touch(screen.tabs[set_up.SCANNER])
    for setting in ("serial", f"serial:{port.path}"):
        hands.touch(screen.fields[0])
        hands.type(setting)
        hands.enter()
    hands.until(lambda: "not connected" in floor.banner.words.text())
    assert floor.station.settings.scanner == f"serial:{port.path}"
    port.plug()
    hands.until(lambda: not floor.banner.isVisible())
    port.scan(b"GP:ABCDEFGHIJ\r")
    hands.until(lambda: "GP:ABCDEFGHIJ" in screen.panel.told.text())
    hands.touch(floor.bar.tabs["sell"])
    port.scan(b"GP:ABCDEFGHIJ\r")
    hands.until(floor.scan.isVisible)
    hands.until(lambda: floor.scan.lane.verdict.title == "Unreadable")
    port.pull()
    hands.until(lambda: "unplugged" in floor.banner.words.text())


def test_some_go_through_now_and_used_papers_need_a_ground(selling: Hands) -> None:
    till = selling.floor.till
    asked(selling, lambda: permit(till, "lane_checks_separately", "yes"))
    lane = Lane(selling, asked(selling, lambda: issued(till)))
    box = lane.screen.lane.verdict
    assert lane.scan(lane.papers[0]).passing == 8
    assert (box.tone, box.title) == ("green", "Admit — first entry")
    assert box.next.endswith("KDA\u00a0412M · 8 people")
    lane.hands.touch(lane.screen.lane.only)
    lane.answer("3")
    assert box.next.endswith("3 people")
    lane.hands.touch(lane.screen.ways.next)
    assert lane.scan(lane.papers[0]).passing == 5
    lane.hands.touch(lane.screen.ways.next)
    lane.scan(lane.papers[0])
    assert (box.tone, box.title) == ("amber", "Already inside")
    assert box.next.startswith("Went in 10:31 at Main Gate.")
    lane.hands.touch(lane.screen.lane.readmit)
    lane.answer("fetched a child's medicine")
    lane.second_person()
    assert (box.tone, box.title) == ("green", "Admit again")


def test_a_document_that_lies_here_is_given_back_whatever_is_paid(lane: Lane) -> None:
    till = lane.hands.floor.till

    def hold() -> None:
        permit(till, "custody", "yes")
        number = till.pass_lists.find()[0].number
        till.custody.hold("passport", "AB", "1234", "17", number, is_sure=True)

    asked(lane.hands, hold)
    lane.scan(lane.papers[0])
    lane.hands.until(lambda: len(lane.screen.lane.card.back) == 1)
    assert "1 document is kept here." in lane.screen.lane.last.text()
    lane.hands.touch(next(iter(lane.screen.lane.card.back.values())))
    lane.hands.until(lambda: not lane.screen.lane.card.back)
    assert len(lane.entries("document.returned")) == 1


@pytest.fixture
def east(tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[..., Lane]]:
    """The kiosk at another gate, whose till heard of the pass or did not."""
    shown = []

    def open_(*, has_heard: bool, prepare: Callable[[Till], object] = lambda till: None) -> Lane:
        gates = park.gates(tmp_path)
        tills = park.built(gates)
        papers = issued(tills[1])
        prepare(tills[1])
        if has_heard:
            park.tell(tills[1], tills[2])
        for till in tills:
            till.sign_in.sign_out()
            till.desk.ledger.close()
        kiosk = running.shown(app.open_station(gates["XNE1"].folder, gates["XNE1"].world()), (1366, 768))
        shown.append(kiosk)
        hands = Hands(kiosk)
        hands.settle()
        asked(hands, hands.floor.till.gate.turn)
        hands.touch(hands.floor.sign_in.tiles[CLERK])
        hands.type(CLERK_PIN)
        hands.enter()
        hands.until(hands.floor.scan.isVisible)
        return Lane(hands, papers)

    yield open_
    for kiosk in shown:
        kiosk.close()


def test_a_gate_that_heard_nothing_shows_the_papers_own_word_and_says_so(east: Callable[..., Lane]) -> None:
    lane = east(has_heard=False)
    lane.scan(lane.papers[0])
    facts = {caption: value for caption, value, _ in lane.screen.lane.card.facts}
    assert facts["Valid"] == "to 3 Jan 10:31 · leave by 19:00"
    assert facts["Issued"] == "2 Jan 10:31 by XNM2, Main Gate"
    assert facts["Nothing else heard"].startswith("this till last heard from XNM2 at 10:31")
    lane.hands.press(Qt.Key.Key_F1)
    lane.answer("UA26X1Y2ZQ")
    assert lane.screen.lane.verdict.tone == "green"


def test_what_was_heard_is_the_story_and_what_lies_elsewhere_is_collected_there(
    east: Callable[..., Lane],
) -> None:
    def prepare(till: Till) -> None:
        permit(till, "custody", "yes")
        number = till.pass_lists.find()[0].number
        till.custody.hold("passport", "AB", "1234", "17", number, is_sure=True)

    lane = east(has_heard=True, prepare=prepare)
    lane.scan(lane.papers[0])
    card = lane.screen.lane.card
    lane.hands.until(lambda: "collect at Main Gate, envelope 17" in card.held_text)
    assert card.back == {}
    assert "AB" not in card.held_text


def test_of_a_till_that_is_not_known_here_the_verdict_says_how_new_the_keys_are(
    lane: Lane, gate: Gate
) -> None:
    keyring = lane.hands.floor.till.desk.keyring
    gate.clock.pass_by(3_600_000)
    strange = token_of(checking.read(lane.papers[0], keyring).payload, TillKey(b"\x33" * 32))
    lane.scan(f"GP:{strange}")
    box = lane.screen.lane.verdict
    assert (box.tone, box.title) == ("red", "Signed by a till not known here")
    assert box.next == "Keys of 2 Jan 10:31. Treat as not paid: settle from sight, or call."


def test_after_closing_neither_a_bill_nor_its_paper_names_an_hour_that_is_past(
    gate: Gate, selling: Hands
) -> None:
    gate.clock.pass_by(10 * 3_600_000)
    hands = selling
    hands.add(hands.floor.sell.people.cells[EA_CITIZEN])
    bill = hands.floor.sell.bill
    assert bill.detail.text().endswith("after closing, 19:00")
    assert "Entry is open 06:00–18:15." in bill.warnings.text()
    hands.touch(bill.clear)
    lane = Lane(hands, asked(hands, lambda: issued(hands.floor.till)))
    lane.scan(lane.papers[0])
    facts = {caption: value for caption, value, _ in lane.screen.lane.card.facts}
    assert facts["Valid"] == "to 3 Jan 20:31 · made out after closing, 19:00"


def test_what_was_heard_long_ago_is_amber(east: Callable[..., Lane], tmp_path: Path) -> None:
    lane = east(has_heard=False)
    clock = lane.hands.floor.till.desk.clock
    assert hasattr(clock, "pass_by")
    clock.pass_by(7 * 3_600_000)
    view = lane.scan(lane.papers[0])
    assert view.is_old
    assert lane.screen.lane.card.facts[-1][2] == "owed"


def test_papers_that_are_none_are_named(lane: Lane, gate: Gate) -> None:
    box = lane.screen.lane.verdict
    forged = altered(lane.papers[0])
    said = {}
    ticket = "https://ecitizen.go.ke/ticket/4471"
    for text in ("https://example.org/menu", ticket, forged, "GP:ABCDEFGHIJKLMNOP"):
        lane.scan(text)
        said[text] = (box.tone, box.sign, box.title)
    assert said["https://example.org/menu"] == ("grey", "i", "Not a gate pass")
    assert said[ticket] == ("grey", "i", "eCitizen ticket")
    assert said[forged] == ("red", "✕", "Does not verify")
    assert said["GP:ABCDEFGHIJKLMNOP"] == ("amber", "?", "Unreadable")
    till = lane.hands.floor.till
    asked(lane.hands, lambda: till.passes.revoke(till.pass_lists.find()[0].number, "wrong vehicle", SECOND))
    lane.scan(lane.papers[0])
    assert (box.tone, box.title) == ("red", "Revoked 10:31")


def test_an_overstay_that_is_charged_is_waived_with_a_second_person(gate: Gate, lane: Lane) -> None:
    hands, screen = lane.hands, lane.screen
    asked(hands, lambda: permit(hands.floor.till, "overstay_under", "Wildlife Regulations 2027, r. 9"))
    gate.clock.pass_by(26 * 60 * 60_000)
    view = lane.scan(lane.papers[0])
    assert view.overstay_minor == 4_394_000
    assert screen.settle.total.amount == "KES 87,880"
    hands.touch(screen.ways.waive)
    lane.answer("a flat tyre in the park")
    lane.second_person()
    hands.until(lambda: bool(screen.view and not screen.view.overstay_minor))
    assert screen.settle.total.amount == "KES 43,940"
    assert not screen.ways.waive.isVisible()
    assert screen.ways.another.isVisible()
