"""At the lane without a paper that can be read: settled from sight, and no pass at all, by real touches."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gatepos import app
from gatepos.domain.entry import Entry
from gatepos.screens import running
from gatepos.screens.playing import Hands
from gatepos.screens.scan import ScanScreen
from gatepos.screens.seen import SeenWays
from gatepos.settings import FILE, Settings, dump
from gatepos.till.till import Till
from gatepos.till.views import PayView
from tests import park
from tests.gate import CLERK, CLERK_PIN, EA_CITIZEN, MANAGER, MANAGER_PIN, NON_RESIDENT, permit
from tests.screens.conftest import asked
from tests.till.test_passes import at_exit, outage, token
from tests.till.test_sight import ONE, TWO, bare, car_in

PLATE = "KDB 111A"


class Seeing:
    """A clerk at a lane, with somebody there whose paper says nothing."""

    def __init__(self, hands: Hands):
        self.hands = hands

    @property
    def screen(self) -> ScanScreen:
        """The screen that is tried."""
        return self.hands.floor.scan

    @property
    def till(self) -> Till:
        """The till behind it."""
        return self.hands.floor.till

    def answer(self, *typed: str) -> None:
        """Type answers to what is asked."""
        for text in typed:
            self.asked()
            self.hands.type(text)
            self.hands.enter()

    def answer_number(self, number: str) -> None:
        """Type a number where none is asked, on the calm page."""
        self.hands.type(number)
        self.hands.enter()

    def asked(self) -> None:
        """Wait until something is asked, and its line has the focus."""
        self.hands.until(lambda: self.screen.typing.is_asking)
        self.hands.settle()

    def see(self, people: int = 1, plate: str = PLATE) -> None:
        """Tap a car with non-residents as it stands there."""
        self.hands.add(self.screen.seeing.people.cells[NON_RESIDENT], people)
        self.hands.touch(self.screen.seeing.people.vehicles[1])
        self.answer(plate)

    def choose(self, name: str) -> None:
        """Touch one of the choices that are shown."""
        self.hands.touch(next(tile for tile in self.screen.choosing.tiles if tile.name == name))

    def tell(self, story: str = "Paper lost", gate: str = "East Gate") -> None:
        """Choose the story, and the gate by which they went in."""
        for field, name in ((self.ways.first, story), (self.ways.second, gate)):
            self.hands.touch(field)
            self.choose(name)

    def part(self, code: str, amount: str) -> None:
        """Pay a part by M-PESA, and no more."""
        self.hands.press(Qt.Key.Key_F1)
        self.hands.type(code)
        line = self.screen.settle.payments.form.amount
        assert line is not None
        line.line.setFocus()
        self.hands.type(amount)
        self.hands.enter()

    @property
    def ways(self) -> SeenWays:
        """What is said of them and how they leave."""
        return self.screen.seeing.ways

    @property
    def told(self) -> str:
        """What was refused."""
        banner = self.hands.floor.banner
        return banner.words.text() if banner.isVisible() else ""

    def next(self) -> None:
        """Touch on to the next vehicle, not as a bounce."""
        self.hands.until(lambda: not self.screen.done.bounces)
        self.hands.touch(self.screen.done.next)

    def entries(self, kind: str) -> list[Entry]:
        """What the ledger has of a kind."""
        return asked(self.hands, lambda: self.till.desk.ledger.of_kind(kind))

    def waiting(self) -> int:
        """Bills that have not ended, at whichever window."""
        return asked(self.hands, lambda: len(self.till.desk.ledger.state.bills))


def let_in(till: Till, plate: str = PLATE) -> str:
    """A car let in on a pass in an outage; its number."""
    outage(till)
    return car_in(till, plate=plate)


@pytest.fixture
def seeing(selling: Hands) -> Seeing:
    """An exit lane; the clerk looks at Sell."""
    asked(selling, lambda: at_exit(selling.floor.till))
    return Seeing(selling)


@pytest.fixture
def far(tmp_path: Path, qtbot: QtBot) -> Iterator[tuple[Seeing, str]]:
    """The kiosk at the exit of another gate that heard of no pass, and the number of one for a car."""
    gates = park.gates(tmp_path)
    tills = park.built(gates)
    number = let_in(tills[1])
    for till in tills:
        till.sign_in.sign_out()
        till.desk.ledger.close()
    settings = Settings(printer=f"file:{tmp_path / 'printed'}")
    (gates["XNE1"].folder / FILE).write_text(dump(settings), encoding="utf-8")
    kiosk = running.shown(app.open_station(gates["XNE1"].folder, gates["XNE1"].world()), (1366, 768))
    hands = Hands(kiosk)
    hands.settle()
    asked(hands, hands.floor.till.gate.turn)
    hands.touch(hands.floor.sign_in.tiles[CLERK])
    hands.type(CLERK_PIN)
    hands.enter()
    hands.until(hands.floor.scan.isVisible)
    yield Seeing(hands), number
    kiosk.close()


def typed(far: tuple[Seeing, str], people: int = 1) -> Seeing:
    """The number was typed, nobody knows it, and the car is tapped as it stands there."""
    seeing, number = far
    seeing.answer_number(number.lower())
    assert seeing.screen.lane.verdict.title == "Not known here"
    seeing.hands.touch(seeing.screen.lane.see)
    seeing.see(people)
    return seeing


# From sight.


def test_a_number_that_nobody_knows_is_paid_from_sight_and_the_next_paper_can_come(
    far: tuple[Seeing, str],
) -> None:
    seeing, panel = typed(far), far[0].screen.settle
    assert (seeing.ways.first.value, seeing.ways.second.value) == (far[1], "Code unreadable")
    assert panel.title.text() == "Settle from sight"
    assert panel.total.amount == "KES 10,960"
    assert panel.seen.tenders["mpesa"].hasFocus()
    seeing.hands.press(Qt.Key.Key_F1)
    assert bare(far[1]) in panel.payments.account.account.text()
    seeing.hands.type("UA26X1Y2ZQ")
    seeing.hands.enter()
    assert (panel.done.heading.text(), panel.done.next.text()) == ("RECORDED", "Next vehicle")
    (entry,) = seeing.entries("pass.settled")
    assert (entry.data["pass"], entry.data["total_minor"], entry.data["leaving"]) == (bare(far[1]), ONE, 1)
    seeing.hands.until(lambda: "printed" in panel.done.paper.text())
    seeing.next()
    assert seeing.screen.lane.isVisible()
    assert seeing.screen.lane.number.line.hasFocus()
    assert panel.title.text() == "Nothing to settle"


def test_a_part_is_recorded_and_the_rest_is_collected_for_the_same_car(far: tuple[Seeing, str]) -> None:
    seeing, panel = typed(far, people=2), far[0].screen.settle
    seeing.hands.touch(seeing.ways.second)
    seeing.choose("Paper lost")
    seeing.part("UA26X1Y2ZQ", "10,000")
    seeing.hands.touch(panel.payments.in_part)
    assert (panel.total.amount, panel.done.change.text()) == ("KES 10,000", "Still owed: KES 11,320")
    assert panel.done.next.text() == "Collect the rest"
    seeing.next()
    assert panel.total.amount == "KES 11,320"
    assert seeing.screen.seeing.people.cells[NON_RESIDENT].count == 2
    seeing.hands.press(Qt.Key.Key_F1)
    seeing.hands.type("UA26X1Y2ZR")
    seeing.hands.enter()
    paid = [(e.data["total_minor"], e.data["due_minor"]) for e in seeing.entries("pass.settled")]
    assert paid == [(1_000_000, TWO - 1_000_000), (TWO - 1_000_000, 0)]
    sights = [e.data["sight"] for e in seeing.entries("pass.settled")]
    assert all(isinstance(sight, dict) and sight["why"] == "lost" for sight in sights)
    seeing.next()
    assert seeing.screen.lane.isVisible()


def test_who_cannot_pay_leaves_on_an_undertaking_and_the_gate_has_its_copy(far: tuple[Seeing, str]) -> None:
    seeing = typed(far)
    asked(seeing.hands, lambda: permit(seeing.till, "undertaking_max", "5000"))
    seeing.hands.touch(seeing.ways.out)
    seeing.choose("Something else…")
    seeing.answer("phone is dead")
    seeing.hands.until(lambda: seeing.screen.left.currentWidget() is seeing.screen.second)
    seeing.hands.type(MANAGER)
    seeing.hands.enter()
    seeing.hands.type(MANAGER_PIN)
    seeing.hands.enter()
    done = seeing.screen.done
    assert done.heading.text() == "RECORDED"
    assert done.number.text() == "KDB\u00a0111A · 1 person"
    assert "phone is dead" in done.paper.text()
    assert "being printed" in done.paper.text()
    (entry,) = seeing.entries("pass.let_out")
    assert (entry.data["how"], entry.data["owed_minor"]) == ("undertaking", ONE)
    seeing.next()
    assert seeing.entries("pass.settled") == []


def test_a_wrong_number_typed_after_it_does_not_take_the_place_of_the_one_that_is_shown(
    far: tuple[Seeing, str],
) -> None:
    seeing, number = far
    seeing.answer_number(number)
    seeing.hands.touch(seeing.screen.lane.ask)
    seeing.answer("XNM1-P000001-A")
    assert "XNM1-P000001-A" in seeing.told
    assert seeing.screen.lane.verdict.title == "Not known here"
    seeing.hands.touch(seeing.screen.lane.see)
    assert seeing.ways.first.value == number


def test_from_the_calm_page_the_number_is_asked_first(seeing: Seeing) -> None:
    hands, screen = seeing.hands, seeing.screen
    hands.touch(hands.floor.bar.tabs["scan"])
    hands.touch(screen.lane.from_sight)
    seeing.answer("xnm9p000001r")
    assert seeing.ways.first.value == "XNM9P000001R"
    seeing.see()
    hands.press(Qt.Key.Key_F2)
    assert screen.money.is_paying


def test_an_unreadable_paper_offers_it_only_where_vehicles_leave(seeing: Seeing) -> None:
    hands, screen = seeing.hands, seeing.screen
    hands.floor.read("GP:ABCDEFGHIJKLMNOP", "wedge")
    hands.until(screen.lane.see.isVisible)
    hands.press(Qt.Key.Key_F7)
    hands.floor.read("GP:ABCDEFGHIJKLMNOP", "wedge")
    hands.until(lambda: screen.view is not None)
    assert not screen.lane.see.isVisible()


def test_what_is_seen_is_refused_by_name_until_it_is_whole(far: tuple[Seeing, str]) -> None:
    seeing, number = far
    hands, screen = seeing.hands, seeing.screen
    hands.touch(screen.lane.from_sight)
    seeing.answer("XNM1-P000001-A")
    hands.press(Qt.Key.Key_F1)
    assert "XNM1-P000001-A" in seeing.told
    hands.touch(seeing.ways.first)
    assert screen.typing.line is not None
    screen.typing.line.setText("")
    seeing.answer("XNM1-R000001-N")
    hands.press(Qt.Key.Key_F1)
    assert "not the number of a pass" in seeing.told
    hands.touch(seeing.ways.first)
    screen.typing.line.setText("")
    seeing.answer(number)
    hands.press(Qt.Key.Key_F1)
    assert "bill is empty" in seeing.told or "Nothing" in seeing.told
    hands.add(screen.seeing.people.cells[NON_RESIDENT])
    hands.touch(screen.seeing.people.vehicles[1])
    seeing.asked()
    hands.press(Qt.Key.Key_Escape)
    hands.press(Qt.Key.Key_F1)
    assert "plate" in seeing.told
    assert not screen.money.is_paying
    assert seeing.entries("pass.settled") == []


# No pass.


def test_f8_goes_to_the_lane_from_everywhere_and_who_has_no_pass_is_charged(seeing: Seeing) -> None:
    hands, screen = seeing.hands, seeing.screen
    hands.add(hands.floor.sell.people.cells[EA_CITIZEN], 3)
    hands.press(Qt.Key.Key_F8)
    assert screen.isVisible()
    assert screen.settle.title.text() == "No pass"
    seeing.see(people=2)
    seeing.tell()
    assert (seeing.ways.first.value, seeing.ways.second.value) == ("Paper lost", "East Gate")
    hands.press(Qt.Key.Key_F1)
    hands.type("UA26X1Y2ZQ")
    hands.enter()
    assert screen.done.heading.text() == "RECORDED"
    (sold,), (gone,) = seeing.entries("receipt.issued"), seeing.entries("exit.without_pass")
    assert (gone.data["receipt"], gone.data["story"], gone.data["entry_gate"]) == (
        sold.number, "Paper lost", "EAST",
    )  # fmt: skip
    assert gone.data["owed_minor"] == TWO
    seeing.next()
    hands.touch(hands.floor.bar.tabs["sell"])
    assert hands.floor.sell.bill.total.amount == "KES 3,000"


def test_let_out_on_their_story_is_recorded_in_words_and_above_a_limit_by_two(seeing: Seeing) -> None:
    hands, screen = seeing.hands, seeing.screen
    asked(hands, lambda: permit(seeing.till, "undertaking_max", "5000"))
    hands.touch(hands.floor.bar.tabs["receipts"])
    hands.press(Qt.Key.Key_F8)
    seeing.see(people=2)
    hands.touch(seeing.ways.first)
    seeing.choose("Something else…")
    seeing.answer("handed it in at the lodge")
    hands.touch(seeing.ways.out)
    hands.until(lambda: screen.left.currentWidget() is screen.second)
    assert seeing.entries("exit.without_pass") == []
    hands.type(MANAGER)
    hands.enter()
    hands.type(MANAGER_PIN)
    hands.enter()
    (gone,) = seeing.entries("exit.without_pass")
    assert (gone.fields["also"], gone.data["entry_gate"]) == ({"staff": MANAGER, "how": "pin"}, None)
    assert (screen.done.heading.text(), screen.done.number.text(), screen.done.amount.text()) == (
        "RECORDED", "KDB\u00a0111A · 2 people", "KES 21,320",
    )  # fmt: skip
    assert screen.done.paper.text() == "handed it in at the lodge"
    assert screen.settle.title.text() == "No pass"
    assert asked(hands, lambda: seeing.till.desk.ledger.prints.waiting()) == 0
    seeing.next()
    assert screen.lane.isVisible()


@pytest.mark.parametrize("how", ["escape", "touch"])
def test_cancel_leaves_nothing_behind(seeing: Seeing, how: str) -> None:
    hands, screen = seeing.hands, seeing.screen
    hands.press(Qt.Key.Key_F8)
    seeing.see()
    seeing.tell()
    hands.press(Qt.Key.Key_F1)
    assert seeing.waiting() == 1
    hands.press(Qt.Key.Key_Escape)
    hands.until(seeing.ways.isVisible)
    if how == "escape":
        hands.press(Qt.Key.Key_Escape)
    else:
        hands.touch(seeing.ways.cancel)
    assert screen.lane.isVisible()
    assert seeing.waiting() == 0
    assert asked(hands, lambda: seeing.till.filling.view().total_minor) == 0
    assert seeing.entries("receipt.issued") == seeing.entries("exit.without_pass") == []
    hands.press(Qt.Key.Key_F8)
    assert seeing.ways.first.value == ""
    assert screen.settle.total.amount == "KES 0"


def test_without_people_or_a_story_it_is_refused_by_name(seeing: Seeing) -> None:
    hands, ways = seeing.hands, seeing.ways
    hands.press(Qt.Key.Key_F8)
    for touch in (ways.tenders["mpesa"], ways.out):
        hands.touch(touch)
        assert "reason" in seeing.told
    seeing.see()
    for touch in (ways.tenders["mpesa"], ways.out):
        hands.touch(touch)
        assert "reason" in seeing.told
    assert seeing.waiting() == 0
    assert seeing.entries("exit.without_pass") == []


def test_money_that_lies_there_keeps_everything_as_it_is(seeing: Seeing) -> None:
    hands, screen = seeing.hands, seeing.screen
    hands.press(Qt.Key.Key_F8)
    seeing.see()
    seeing.tell()
    seeing.part("UA26X1Y2ZQ", "500")
    assert not screen.settle.payments.in_part.isVisible(), "a receipt is never paid in part"

    def refused(act: Callable[[], object]) -> None:
        hands.floor.banner.clear()
        act()
        hands.settle()
        assert "KES 500 is taken" in seeing.told
        assert screen.money.is_paying

    refused(lambda: hands.add(screen.seeing.people.cells[NON_RESIDENT]))
    refused(lambda: hands.touch(screen.settle.payments.back))
    refused(lambda: hands.press(Qt.Key.Key_F7))
    refused(lambda: hands.floor.read("https://example.org/menu", "wedge"))
    view = asked(hands, seeing.till.settlements.view)
    assert isinstance(view, PayView)
    assert view.rest_minor == ONE - 50_000
    hands.touch(screen.settle.payments.untender)
    hands.touch(screen.settle.payments.back)
    assert seeing.ways.isVisible()


def test_a_scan_takes_the_place_of_what_is_seen_and_its_bill_does_not_wait_at_sell(seeing: Seeing) -> None:
    hands, screen = seeing.hands, seeing.screen
    paper = asked(hands, lambda: token(seeing.till, let_in(seeing.till, "KDC 900Z")))
    hands.press(Qt.Key.Key_F8)
    seeing.see()
    seeing.tell()
    hands.press(Qt.Key.Key_F1)
    hands.floor.read(paper, "wedge")
    hands.until(lambda: screen.view is not None)
    assert screen.lane.card.plate.text() == "KDC 900Z"
    assert screen.settle.total.amount == "KES 10,960"
    assert seeing.waiting() == 0
    hands.touch(hands.floor.bar.tabs["sell"])
    assert not hands.floor.sell.ways.waiting.isVisible()


def test_what_is_seen_stands_there_when_the_clerk_comes_back(seeing: Seeing) -> None:
    hands, screen = seeing.hands, seeing.screen
    hands.press(Qt.Key.Key_F8)
    seeing.see()
    hands.touch(hands.floor.bar.tabs["sell"])
    hands.touch(hands.floor.bar.tabs["scan"])
    assert screen.seeing.people.isVisible()
    assert screen.settle.total.amount == "KES 10,960"
    hands.press(Qt.Key.Key_F8)
    assert screen.settle.total.amount == "KES 10,960"
    hands.press(Qt.Key.Key_F9)
    assert screen.seeing.filling.more.isVisible()


def test_a_scan_over_the_lock_takes_its_place_too(seeing: Seeing) -> None:
    hands, screen = seeing.hands, seeing.screen
    hands.press(Qt.Key.Key_F8)
    seeing.see()
    hands.touch(hands.floor.bar.lock)
    hands.press(Qt.Key.Key_F8)
    assert hands.floor.sign_in.isVisible()
    hands.floor.read("GP:ABCDEFGHIJKLMNOP", "wedge")
    hands.until(hands.floor.over.isVisible)
    hands.type(CLERK_PIN)
    hands.enter()
    hands.until(screen.isVisible)
    hands.settle()
    assert screen.lane.verdict.title == "Unreadable"
    assert not screen.seeing.is_on


def test_the_driver_sees_what_is_charged(seeing: Seeing) -> None:
    hands, shown = seeing.hands, seeing.hands.floor.visitor.window
    hands.press(Qt.Key.Key_F8)
    seeing.see()
    assert (shown.view.page, shown.view.minor) == ("bill", ONE)
    seeing.tell()
    hands.press(Qt.Key.Key_F1)
    assert shown.view.page == "pay"
    hands.press(Qt.Key.Key_Escape)
    hands.touch(seeing.ways.out)
    assert shown.view.page == "welcome"
