"""Leaves written by hand, typed off by keyboard: forty in ten minutes."""

import pytest
from PySide6.QtCore import Qt

from gatepos.domain.entry import Entry
from gatepos.screens.pads import ranges
from gatepos.screens.playing import Hands
from tests.gate import CLERK, CLERK_PIN, MANAGER, MANAGER_PIN, NON_RESIDENT, permit
from tests.screens.conftest import asked

_KEYS_MAX = 50
"""A leaf in 15 s by somebody who types 200 keys a minute."""
_VAN = ["0640", "KDA412M", "2", "3", "", "1", "1", "", "", "", "", "", "1", "", "", "1", "", "", "1"]
"""Time, plate, seats, four categories of three ages, four grounds."""


@pytest.fixture
def writing(selling: Hands) -> Hands:
    """A clerk who got the leaves 101 to 110 of pad A, at the first of them."""
    till = selling.floor.till

    def give() -> None:
        till.sign_in.sign_in(MANAGER, MANAGER_PIN)
        till.capture.give_out("A", 101, 110, CLERK)
        till.sign_in.sign_in(CLERK, CLERK_PIN)

    asked(selling, give)
    selling.touch(selling.floor.bar.tabs["receipts"])
    selling.touch(selling.floor.receipts.found.leaves)
    form = selling.floor.leaves.form
    selling.until(lambda: form.leaf.text == "101")
    form.reason.line.setFocus()
    selling.type("the platform was down")
    form.at.line.setFocus()
    selling.settle()
    return selling


def captured(hands: Hands) -> list[Entry]:
    return asked(hands, lambda: hands.floor.till.desk.ledger.of_kind("paper.captured"))


def type_off(hands: Hands, *texts: str) -> None:
    """Each text and Enter, and Enter once more when the total is as on the leaf."""
    for text in texts:
        hands.type(text)
        hands.enter()
    hands.until(hands.floor.leaves.form.total.isVisible)
    hands.enter()


def test_a_van_is_typed_off_without_a_touch_in_a_quarter_of_a_minute(writing: Hands) -> None:
    writing.touches = writing.letters = 0
    type_off(writing, *_VAN, "UA26X1Y2ZQ")
    writing.until(lambda: len(captured(writing)) == 1)
    (entry,) = captured(writing)
    assert (entry.data["leaf"], entry.data["plate"], entry.data["total_minor"]) == (101, "KDA412M", 4_394_000)
    assert entry.data["written_at"] == "2026-01-02T03:40:00.000Z"
    assert "XNM2-M000001" in writing.floor.leaves.panel.told.text()
    assert writing.touches + writing.letters <= _KEYS_MAX, writing.touches + writing.letters


def test_the_next_leaf_stands_there_and_only_pad_and_reason_stay(writing: Hands) -> None:
    type_off(writing, *_VAN, "UA26X1Y2ZQ")
    form = writing.floor.leaves.form
    writing.until(lambda: form.leaf.text == "102")
    assert (form.book.text, form.reason.text) == ("A", "the platform was down")
    assert (form.plate.text, form.people[NON_RESIDENT].text(), form.reference.text) == ("", "", "")
    assert form.at.line.hasFocus()


def test_the_first_enter_only_says_what_it_comes_to(writing: Hands) -> None:
    form = writing.floor.leaves.form
    for text in (*_VAN, "UA26X1Y2ZQ"):
        writing.type(text)
        writing.enter()
    assert form.total.amount == "KES 43,940"
    assert captured(writing) == []
    writing.press(Qt.Key.Key_Backspace)
    assert form.total.amount == "", "what was changed is compared again"


def test_what_is_wrong_on_a_leaf_is_said_and_nothing_is_lost(writing: Hands) -> None:
    form = writing.floor.leaves.form
    form.leaf.set_text("111")
    for text in (*_VAN, "UA26X1Y2ZQ"):
        writing.type(text)
        writing.enter()
    assert "Leaf 111 of A was never given out" in writing.floor.banner.words.text()
    assert form.plate.text == "KDA412M"


def test_cash_needs_no_code(writing: Hands) -> None:
    asked(writing, lambda: permit(writing.floor.till, "allow_cash", "yes"))
    form = writing.floor.leaves.form
    writing.touch(form.kinds["cash"])
    form.at.line.setFocus()
    type_off(writing, *_VAN)
    writing.until(lambda: len(captured(writing)) == 1)


def test_spoilt_leaves_are_said_in_a_range_and_the_rest_is_missing(writing: Hands) -> None:
    screen = writing.floor.leaves
    writing.touch(screen.panel.end)
    writing.touch(screen.choosing.tiles[0])
    writing.type("101-104")
    writing.enter()
    writing.type("rain")
    writing.enter()
    writing.until(lambda: screen.form.leaf.text == "105")
    (pad,) = asked(writing, writing.floor.till.capture.pads)
    assert ranges(pad.missing) == "105–110"


def test_a_pad_is_given_out_by_a_supervisor(writing: Hands) -> None:
    screen = writing.floor.leaves
    writing.touch(screen.panel.give_out)
    for text in ("B", "1-50", "08"):
        writing.type(text)
        writing.enter()
    assert "may not do this" in writing.floor.banner.words.text()


def test_leaves_are_named_in_ranges() -> None:
    assert ranges([104, 105, 106, 108, 110, 111]) == "104–106, 108, 110–111"
    assert ranges([]) == ""
