"""Passes with real touches: looked for, opened, printed anew, corrected, waived, revoked."""

import pytest
from PySide6.QtCore import Qt

from gatepos.domain.entry import Entry
from gatepos.rehearsal import selling as rehearsed
from gatepos.rehearsal import vans
from gatepos.screens.playing import Hands
from gatepos.till.views import RecordedView
from tests.gate import EA_CITIZEN, MANAGER, MANAGER_PIN
from tests.screens.conftest import asked
from tests.till.test_passes import outage


@pytest.fixture
def issued(selling: Hands) -> Hands:
    """A van and a walker let in on passes; the clerk looks at Passes."""
    till = selling.floor.till

    def issue() -> list[RecordedView]:
        outage(till)
        rehearsed.fill(till, vans.ordinary())
        van = till.passes.issue()
        till.checkout.tap(EA_CITIZEN)
        return [van, till.passes.issue()]

    asked(selling, issue)
    selling.touch(selling.floor.bar.tabs["passes"])
    selling.until(lambda: len(selling.floor.passes.found.tiles) == 2)
    return selling


def entries(hands: Hands, kind: str) -> list[Entry]:
    return asked(hands, lambda: hands.floor.till.desk.ledger.of_kind(kind))


def opened(hands: Hands) -> str:
    """Touch the van's pass; its number."""
    found = hands.floor.passes.found
    number = next(iter(found.tiles))
    hands.touch(found.tiles[number])
    hands.until(hands.floor.passes.paper.buttons.isVisible)
    return number


def second_person(hands: Hands) -> None:
    screen = hands.floor.passes
    hands.until(lambda: screen.left.currentWidget() is screen.second)
    hands.type(MANAGER)
    hands.enter()
    hands.type(MANAGER_PIN)
    hands.enter()
    hands.until(lambda: screen.left.currentWidget() is screen.home)


def test_enter_after_what_is_looked_for_puts_the_keys_away_from_the_list(issued: Hands) -> None:
    page = issued.floor.passes
    issued.touch(page.found.words.line)
    assert page.typing.keyboard is not None
    issued.touch(page.typing.keyboard.keys["4"])
    issued.touch(page.typing.keyboard.keys["↵"])
    assert not page.typing.isVisible()
    assert page.found.words.text == "4"


def test_the_list_says_what_is_owed_and_who_is_inside(issued: Hands) -> None:
    found = issued.floor.passes.found
    first = next(iter(found.tiles.values())).accessibleName()
    assert "KDA 412M" in first
    assert "8 inside 0 h 0 min" in first
    assert "KES 43,940" in first
    assert found.sum.text() == "2 passes · KES 44,940 owed"
    issued.touch(found.lists["settled"])
    issued.until(found.none.isVisible)


def test_typing_finds_and_an_emptied_line_shows_the_list_again(issued: Hands) -> None:
    found = issued.floor.passes.found
    issued.type("KDA4")
    issued.until(lambda: len(found.tiles) == 1)
    found.words.set_text("")
    issued.until(lambda: len(found.tiles) == 2)


def test_printed_anew_takes_the_old_ones_place(issued: Hands) -> None:
    number = opened(issued)
    issued.touch(issued.floor.passes.paper.reissue)
    issued.type("torn")
    issued.enter()
    second_person(issued)
    issued.until(lambda: issued.floor.passes.paper.title.text().replace("\u2060", "") != number)
    (entry,) = entries(issued, "pass.reissued")
    assert entry.data["replaces"] == number.replace("-", "")


def test_waived_in_part_leaves_the_rest_owed(issued: Hands) -> None:
    opened(issued)
    screen = issued.floor.passes
    issued.touch(screen.paper.waive)
    line = screen.typing.line
    assert line is not None
    assert line.text() == "43,940"
    issued.type("3940")
    issued.enter()
    issued.type("KWS/W/2026/1")
    issued.enter()
    second_person(issued)
    issued.until(lambda: "KES 40,000" in screen.paper.state.text())
    assert [entry.data["amount_minor"] for entry in entries(issued, "pass.waived")] == [394_000]


def test_revoked_cannot_be_changed_any_more(issued: Hands) -> None:
    opened(issued)
    panel = issued.floor.passes.paper
    issued.touch(panel.revoke)
    issued.type("turned back")
    issued.enter()
    second_person(issued)
    issued.until(lambda: not panel.revoke.isVisible())
    assert "revoked" in panel.state.text()
    assert panel.reprint.isVisible()


def test_correcting_brings_the_bill_back_to_sell(issued: Hands) -> None:
    number = opened(issued)
    sell = issued.floor.sell
    issued.touch(issued.floor.passes.paper.correct)
    issued.type("wrong plate")
    issued.enter()
    issued.until(sell.isVisible)
    issued.until(lambda: sell.view is not None and sell.view.replaces == number.replace("-", ""))
    assert sell.view is not None
    assert sell.view.plate == "KDA412M"


def test_the_code_of_a_pass_fills_the_screen_until_it_is_closed(issued: Hands) -> None:
    number = opened(issued)
    floor = issued.floor
    issued.touch(floor.passes.paper.code)
    issued.until(floor.code.isVisible)
    assert floor.code.number.text().replace("\u2011", "-").replace("\u2060", "") == number
    issued.touch(floor.code.back)
    issued.until(floor.passes.isVisible)


def test_the_paper_of_a_pass_is_shown_in_the_other_language(issued: Hands) -> None:
    opened(issued)
    english = issued.floor.passes.opened
    issued.touch(issued.floor.bar.language)
    issued.until(lambda: issued.floor.passes.opened is not english)
    swahili = issued.floor.passes.opened
    assert english is not None
    assert swahili is not None
    assert swahili.paper != english.paper


def test_a_conflict_says_where_when_and_by_whom(issued: Hands) -> None:
    till, screen = issued.floor.till, issued.floor.passes

    def say() -> None:
        (van, _) = till.desk.ledger.of_kind("pass.issued")
        seen = {
            "till": "XNM2",
            "seq": van.seq,
            "at": van.at,
            "gate": "MAIN",
            "lane": "2",
            "by": "07",
            "plate": "KDA412M",
        }
        other = {**seen, "till": "XNE1", "gate": "EAST", "lane": "1", "by": "11"}
        data = {"subject": van.number, "what": "two_admissions", "first": seen, "second": other}
        till.desk.write("pass.conflict", data)

    asked(issued, say)
    issued.touch(screen.found.lists["conflicts"])
    issued.until(lambda: len(screen.found.tiles) == 1)
    opened(issued)
    said = screen.paper.state.text()
    assert "Admitted twice: Main Gate lane 2" in said
    assert "East Gate lane 1" in said
    assert "clerk 11, KDA 412M" in said


def test_what_was_left_owing_is_collected_from_the_undertakings(issued: Hands) -> None:
    floor = issued.floor
    till = floor.till

    def leave() -> None:
        till.gate.turn()
        till.gate.settle([till.pass_lists.find("KDA412M")[0].number])
        till.passes.let_out(till.gate.owed(), "M-PESA is silent")
        till.gate.turn()

    opened(issued)
    assert not floor.passes.paper.collect.isVisible()
    asked(issued, leave)
    issued.touch(floor.passes.found.lists["undertaken"])
    issued.until(lambda: len(floor.passes.found.tiles) == 1)
    opened(issued)
    issued.touch(floor.passes.paper.collect)
    issued.until(floor.scan.isVisible)
    assert floor.scan.settle.total.amount == "KES 43,940"
    issued.press(Qt.Key.Key_F1)
    issued.type("UA26X1Y2ZQ")
    issued.enter()
    issued.until(lambda: floor.scan.is_recorded)
    (entry,) = entries(issued, "pass.settled")
    assert (entry.data["due_minor"], entry.data["leaving"]) == (0, 0)
    assert asked(issued, lambda: till.pass_lists.listed("undertaken")) == ()


def test_an_operators_open_passes_are_chosen_by_touch_and_paid_by_one_code(issued: Hands) -> None:
    floor, till = issued.floor, issued.floor.till

    def issue() -> None:
        till.checkout.operator("Savanna Trails")
        for n in range(1, 4):
            till.checkout.count(EA_CITIZEN, n)
            till.checkout.vehicle(2)
            till.checkout.plate(f"KDA 10{n}A")
            if n < 3:
                till.checkout.add()
        till.passes.issue()

    asked(issued, issue)
    issued.touch(floor.passes.found.lists["open"])
    issued.until(lambda: len(floor.passes.found.tiles) == 5)
    rows = asked(issued, lambda: till.pass_lists.find("Savanna"))
    issued.touch(floor.passes.found.tiles[rows[-1].number])
    issued.until(floor.passes.paper.together.isVisible)
    issued.settle()
    issued.touches = 0
    issued.touch(floor.passes.paper.together)
    sheet = floor.passes.together
    issued.until(sheet.isVisible)
    issued.settle()
    assert len(sheet.tiles) == 3
    assert "KES 10,500" in sheet.collect.text()
    issued.shoot("together")
    left_out = next(iter(sheet.tiles))
    issued.touch(sheet.tiles[left_out])
    assert "KES 8,000" in sheet.collect.text()
    issued.touch(sheet.collect)
    issued.until(floor.scan.isVisible)
    issued.settle()
    assert floor.scan.settle.total.amount == "KES 8,000"
    issued.press(Qt.Key.Key_F1)
    issued.type("UA26X1Y2ZQ")
    issued.enter()
    issued.until(lambda: floor.scan.is_recorded)
    issued.settle()
    issued.shoot("settled")
    paid = entries(issued, "pass.settled")
    assert [entry.data["due_minor"] for entry in paid] == [0, 0]
    assert floor.scan.done.amount.text() == "KES 8,000"
    assert [row.number for row in asked(issued, lambda: till.pass_lists.owing_with(left_out))] == [left_out]
    assert issued.touches <= 5, issued.touches


def test_a_pass_without_an_operator_is_not_paid_together_with_others(issued: Hands) -> None:
    opened(issued)
    assert not issued.floor.passes.paper.together.isVisible()
