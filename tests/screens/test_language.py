"""The language switched while something stands open: nothing in sight stays in the other one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from gatepos.rehearsal import demo
from gatepos.screens.playing import Hands
from gatepos.screens.widgets.tile import Tile
from gatepos.till.station import Station
from tests.gate import CLERK, MANAGER, MANAGER_PIN, NON_RESIDENT
from tests.screens.conftest import Opened, at_work


def _switch(hands: Hands) -> None:
    hands.touch(hands.floor.bar.language)


def _in_sight(hands: Hands) -> list[str]:
    labels = [label.text() for label in hands.floor.findChildren(QLabel) if label.isVisible()]
    return labels + [tile.accessibleName() for tile in hands.floor.findChildren(Tile) if tile.isVisible()]


def test_an_open_question_is_asked_in_the_other_language_and_keeps_what_was_typed(selling: Hands) -> None:
    selling.touch(selling.floor.sell.people.fields["operator"])
    assert "Operator" in _in_sight(selling)
    selling.type("SAVANNAH")
    _switch(selling)
    assert "Kampuni" in _in_sight(selling)
    assert "Operator" not in _in_sight(selling)
    selling.type(" TOURS")
    selling.enter()
    assert selling.floor.sell.people.fields["operator"].value == "SAVANNAH TOURS"


def test_the_keys_for_a_line_say_which_line_in_the_other_language(selling: Hands) -> None:
    selling.add(selling.floor.sell.people.cells[NON_RESIDENT])
    selling.press(Qt.Key.Key_F1)
    line = QApplication.focusWidget()
    _switch(selling)
    assert "Code, or the whole SMS" not in _in_sight(selling)
    assert _in_sight(selling).count("Msimbo, au SMS yote") == 2
    assert QApplication.focusWidget() is line, "the code is typed on where it was begun"


def test_an_open_choice_is_shown_in_the_other_language(selling: Hands) -> None:
    selling.touch(selling.floor.sell.people.fields["enter_on"])
    assert {"Enter on", "Fri 2 Jan 2026 today"} <= set(_in_sight(selling))
    _switch(selling)
    assert {"Kuingia", "Iju 2 Jan 2026 leo"} <= set(_in_sight(selling))
    assert not {"Enter on", "Fri 2 Jan 2026 today"} & set(_in_sight(selling))


def test_a_paper_that_is_shown_is_shown_in_the_other_language(selling: Hands) -> None:
    floor = selling.floor
    selling.add(floor.sell.people.cells[NON_RESIDENT])
    selling.press(Qt.Key.Key_F1)
    selling.type("UA26X1Y2ZQ")
    selling.enter()
    selling.touch(floor.bar.tabs["receipts"])
    selling.until(lambda: len(floor.receipts.found.tiles) == 1)
    selling.touch(next(iter(floor.receipts.found.tiles.values())))
    english = floor.receipts.opened
    _switch(selling)
    swahili = floor.receipts.opened
    assert english is not None
    assert swahili is not None
    assert swahili.paper != english.paper


def test_why_a_second_person_is_asked_for_is_said_in_the_other_language(selling: Hands) -> None:
    floor = selling.floor
    selling.add(floor.sell.people.cells[NON_RESIDENT])
    selling.press(Qt.Key.Key_F1)
    selling.type("UA26X1Y2ZQ")
    selling.enter()
    selling.touch(floor.bar.tabs["receipts"])
    selling.until(lambda: len(floor.receipts.found.tiles) == 1)
    selling.touch(next(iter(floor.receipts.found.tiles.values())))
    selling.touch(floor.receipts.paper.void)
    selling.type("twice")
    selling.enter()
    english = floor.receipts.second.why.text()
    _switch(selling)
    assert floor.receipts.second.why.text() not in ("", english)


def test_what_set_up_has_just_done_is_said_in_the_other_language(opened: Opened) -> None:
    hands = at_work(opened(), MANAGER, MANAGER_PIN)
    set_up = hands.floor.set_up
    hands.touch(hands.floor.bar.tabs["set_up"])
    hands.touch(set_up.tabs["printer"])
    hands.touch(set_up.fields[1])
    assert set_up.panel.told.text() == "Set."
    _switch(hands)
    assert set_up.panel.told.text() not in ("", "Set.")


def test_what_went_well_is_said_in_the_other_language(selling: Hands) -> None:
    banner = selling.floor.banner
    banner.inform("Nothing to sell yet: tap who is in the vehicle.")
    english = banner.words.text()
    _switch(selling)
    assert banner.words.text() not in ("", english)


def test_the_demonstration_speaks_the_language_of_the_screen(station: Station, opened: Opened) -> None:
    station.hints = demo.hints
    hands = opened()
    hands.until(lambda: CLERK in hands.floor.sign_in.tiles)
    assert hands.floor.sign_in.hints.text().startswith("Demonstration")
    _switch(hands)
    assert not hands.floor.sign_in.hints.text().startswith("Demonstration")
