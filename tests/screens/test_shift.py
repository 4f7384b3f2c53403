"""Counting and closing by touch: the keys on the screen never hide what is typed."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

from gatepos.screens.playing import Hands
from gatepos.screens.widgets.entry import Line
from tests.gate import permit
from tests.screens.conftest import Opened, asked, at_work

SIZES = [(1024, 768), (1366, 768)]


def _rect(hands: Hands, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(hands.floor, QPoint()), widget.size())


def _is_in_sight(hands: Hands, text: str) -> bool:
    """Whether a line with this text stands where no keys lie over it."""
    typing = hands.floor.shift.typing
    return any(
        line.isVisible()
        and line.displayText() == text
        and (typing.isAncestorOf(line) or not _rect(hands, typing).intersects(_rect(hands, line)))
        for line in hands.floor.shift.findChildren(Line)
    )


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_every_line_of_the_count_is_seen_while_it_is_typed(opened: Opened, size: tuple[int, int]) -> None:
    hands = opened(size)
    asked(hands, lambda: permit(hands.floor.till, "allow_cash", "yes"))
    asked(hands, lambda: permit(hands.floor.till, "cash_usd", "yes"))
    at_work(hands)
    hands.touch(hands.floor.bar.tabs["shift"])
    shift = hands.floor.shift
    for n, entry in enumerate(shift.count.entries):
        shift.typing.dismiss()
        hands.touch(entry.line)
        assert shift.typing.keyboard is not None
        for digit in str(100 + n):
            hands.touch(shift.typing.keyboard.keys[digit])
        assert entry.text == str(100 + n)
        assert _is_in_sight(hands, entry.text), entry.line.accessibleName()


def test_enter_goes_through_the_count_and_ends_at_the_button(selling: Hands) -> None:
    count, typing = selling.floor.shift.count, selling.floor.shift.typing
    selling.touch(selling.floor.bar.tabs["shift"])
    entries = [entry for entry in count.entries if entry.isVisible()]
    selling.touch(entries[0].line)
    for _ in entries:
        assert typing.isVisible()
        assert typing.keyboard is not None
        selling.touch(typing.keyboard.keys["↵"])
    assert not typing.isVisible()
    assert count.close_shift.hasFocus()
