"""What every screen must be at every size, language and theme: nothing cut, nothing out of the window."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from gatepos.rehearsal import day, vans
from gatepos.screens import set_up
from gatepos.screens.playing import Hands
from gatepos.screens.widgets.tile import Tile
from tests.gate import MANAGER, MANAGER_PIN, NON_RESIDENT, permit
from tests.screens.conftest import Opened, asked, at_work

SIZES = [(1024, 768), (1366, 768)]


def _cut(hands: Hands) -> list[str]:
    """Everything in sight whose words do not fit, or that stands outside the window."""
    hands.settle()  # new keys are laid out one turn after they are made
    floor = hands.floor
    tiles = [tile for tile in floor.findChildren(Tile) if tile.isVisible()]
    for tile in tiles:
        tile.grab()  # painted anew, also where it is scrolled out of sight
    found = [f"{tile.accessibleName()} is cut" for tile in tiles if tile.is_cut]
    for label in floor.findChildren(QLabel):
        if label.isVisible() and label.text() and (_is_low(label) if label.wordWrap() else _is_narrow(label)):
            found.append(f"{label.text()} is cut")
    return found


def _is_narrow(label: QLabel) -> bool:
    return label.width() < label.sizeHint().width() - 2


def _is_low(label: QLabel) -> bool:
    return label.height() < label.heightForWidth(label.width()) - 2


def _outside(hands: Hands) -> list[str]:
    """The tiles that stand outside their screen, so that no finger reaches them, but for what scrolls."""
    screen = hands.floor.stack.currentWidget()
    return [
        tile.accessibleName()
        for tile in screen.findChildren(Tile)
        if tile.isVisible()
        and not _scrolls(tile)
        and not screen.rect().contains(QRect(tile.mapTo(screen, QPoint()), tile.size()))
    ]


def _scrolls(widget: QWidget) -> bool:
    above = widget.parentWidget()
    return above is not None and (isinstance(above, QScrollArea) or _scrolls(above))


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("language", ["en", "sw"])
def test_nothing_is_cut_while_selling(opened: Opened, size: tuple[int, int], language: str) -> None:
    hands = at_work(opened(size, language))
    assert (hands.kiosk.width(), hands.kiosk.height()) == size
    assert _cut(hands) == []
    day.fill(hands, vans.ordinary())
    assert _cut(hands) == []
    for kind in ("mpesa", "card", "ecitizen"):
        hands.touch(hands.floor.sell.ways.tenders[kind])
        assert _cut(hands) == []
        hands.touch(hands.floor.sell.payments.back)
    hands.press(Qt.Key.Key_F1)
    hands.type("UA26X1Y2ZQ")
    hands.enter()
    assert _cut(hands) == []
    hands.touch(hands.floor.bar.tabs["receipts"])
    hands.until(lambda: len(hands.floor.receipts.found.tiles) == 1)
    hands.touch(next(iter(hands.floor.receipts.found.tiles.values())))
    assert _cut(hands) == []
    hands.touch(hands.floor.bar.tabs["shift"])
    assert _cut(hands) == []
    assert (hands.kiosk.width(), hands.kiosk.height()) == size


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("language", ["en", "sw"])
def test_nothing_is_cut_in_set_up(opened: Opened, size: tuple[int, int], language: str) -> None:
    hands = at_work(opened(size, language, "dark"), MANAGER, MANAGER_PIN)
    hands.touch(hands.floor.bar.tabs["set_up"])
    for section in set_up.SECTIONS:
        hands.touch(hands.floor.set_up.tabs[section])
        assert _cut(hands) == [], section


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("language", ["en", "sw"])
def test_record_and_back_stay_in_reach_however_it_is_paid(
    opened: Opened, size: tuple[int, int], language: str
) -> None:
    hands = opened(size, language)
    asked(hands, lambda: permit(hands.floor.till, "allow_cash", "yes"))
    at_work(hands)
    sell, banner = hands.floor.sell, hands.floor.banner
    day.fill(hands, vans.ordinary())
    sell.people.cells[NON_RESIDENT].setFocus()
    hands.type("62")
    hands.press(Qt.Key.Key_F1)
    assert (_outside(hands), _cut(hands)) == ([], [])
    for code, amount in (("UA26X1Y2ZQ", ""), ("UA26X1Y2ZR", "1000"), ("UA14X1Y2ZS", "1000")):
        hands.type(code)
        sell.payments.form.take_focus()
        if amount:
            amount_line = sell.payments.form.amount
            assert amount_line is not None
            hands.touch(amount_line.line)
            hands.type(amount)
        hands.enter()
        assert (_outside(hands), _cut(hands)) == ([], []), code
    assert sell.payments.warnings.isVisible()
    assert len(sell.till.window.work.tenders) == 3
    hands.type("UA26X1Y2ZQ")
    hands.enter()
    assert banner.isVisible()
    assert (_outside(hands), _cut(hands)) == ([], [])
    for kind in ("card", "cash", "ecitizen"):
        hands.touch(sell.payments.kinds[kind])
        assert (_outside(hands), _cut(hands)) == ([], []), kind
    hands.touch(hands.floor.bar.language)
    assert (_outside(hands), _cut(hands)) == ([], [])


def test_touch_targets_are_at_least_48_px(opened: Opened) -> None:
    hands = at_work(opened((1024, 768)))
    day.fill(hands, vans.ordinary())
    hands.press(Qt.Key.Key_F1)
    small = [
        (tile.accessibleName(), tile.width(), tile.height())
        for tile in hands.floor.findChildren(Tile)
        if tile.isVisible() and (tile.height() < 48 or tile.width() < 48)
    ]
    assert small == []


def test_focus_is_always_somewhere(opened: Opened) -> None:
    hands = at_work(opened())
    for place in ("receipts", "shift", "sell"):
        hands.touch(hands.floor.bar.tabs[place])
        assert hands.kiosk.focusWidget() is not None
