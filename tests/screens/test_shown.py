"""What every screen must be at every size, language and theme: nothing cut, nothing out of the window."""

from dataclasses import replace
from itertools import product

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QTextLayout
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from gatepos.domain import verdicts
from gatepos.rehearsal import day, vans
from gatepos.screens import set_up
from gatepos.screens.playing import Hands
from gatepos.screens.widgets.tile import Tile
from gatepos.settings import Settings
from gatepos.till.views import RecordedView, ScanView
from tests.gate import MANAGER, MANAGER_PIN, NON_RESIDENT, permit
from tests.screens.conftest import Opened, asked, at_work
from tests.till.test_passes import at_exit, outage, token, van_in

pytestmark = pytest.mark.proof
SIZES = [(1024, 768), (1366, 768)]
in_each_look = pytest.mark.parametrize(("size", "language"), [(SIZES[0], "sw"), (SIZES[1], "en")], ids=str)
"""The longer language where there is least room, and the other way round."""


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


def _lines(label: QLabel) -> list[str]:
    """The lines into which the words of a label part at its width."""
    found = []
    for paragraph in label.text().split("\n"):
        layout = QTextLayout(paragraph, label.font())
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(label.width())
            found.append(paragraph[line.textStart() :][: line.textLength()])
        layout.endLayout()
    return found


def _outside(hands: Hands) -> list[str]:
    """The tiles that stand outside their screen, so that no finger reaches them, but for what scrolls."""
    screen = hands.floor.stack.currentWidget()
    assert screen is not None
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


@in_each_look
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


@in_each_look
def test_nothing_is_cut_in_set_up(opened: Opened, size: tuple[int, int], language: str) -> None:
    hands = at_work(opened(size, language, "dark"), MANAGER, MANAGER_PIN)
    hands.floor.station.settings = Settings(printer="network:192.168.100.200:9100")
    hands.touch(hands.floor.bar.tabs["set_up"])
    for section in set_up.SECTIONS:
        hands.touch(hands.floor.set_up.tabs[section])
        assert _cut(hands) == [], section


@in_each_look
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


def test_a_number_is_never_parted_by_the_end_of_a_line(opened: Opened) -> None:
    hands = at_work(opened((1024, 768)))
    floor = hands.floor
    hands.add(floor.sell.people.cells[NON_RESIDENT])
    hands.press(Qt.Key.Key_F1)
    hands.type("UA26X1Y2ZQ")
    hands.enter()
    number = floor.sell.done.number.text()
    hands.touch(floor.bar.tabs["receipts"])
    hands.until(lambda: len(floor.receipts.found.tiles) == 1)
    hands.touch(next(iter(floor.receipts.found.tiles.values())))
    hands.touch(floor.receipts.paper.correct)
    hands.type("another plate")
    hands.enter()
    shown = [line.replace("\N{NON-BREAKING HYPHEN}", "-") for line in _lines(floor.sell.bill.title)]
    assert any(number in line for line in shown)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_when_to_leave_stands_alone_at_the_right(opened: Opened, size: tuple[int, int]) -> None:
    hands = at_work(opened(size))
    day.fill(hands, vans.ordinary())
    detail = hands.floor.sell.bill.detail
    assert _lines(detail)[-1] == "leave by 19:00"
    assert len(_lines(detail)) == 2, "no amount is parted"
    assert detail.alignment() & Qt.AlignmentFlag.AlignRight


def test_of_a_long_operator_the_beginning_is_shown(opened: Opened) -> None:
    hands = at_work(opened((1024, 768)))
    operator = hands.floor.sell.people.fields["operator"]

    def shown(name: str) -> QImage:
        operator.show_field("Operator", name)
        return operator.grab().toImage()

    middle, end = " and Lakes Overland Safaris ", "and Tours Company of Naivasha"
    assert shown("Savannah" + middle + end) == shown("Savannah" + middle + "and Travel")
    assert shown("Savannah" + middle + end) != shown("Mountain" + middle + end)


def test_the_notes_of_both_currencies_are_counted_below_each_other(opened: Opened) -> None:
    hands = opened((1024, 768))
    asked(hands, lambda: permit(hands.floor.till, "allow_cash", "yes"))
    asked(hands, lambda: permit(hands.floor.till, "cash_usd", "yes"))
    at_work(hands)
    hands.touch(hands.floor.bar.tabs["shift"])
    firsts: dict[str, int] = {}
    for (currency, _), entry in hands.floor.shift.count.faces.items():
        firsts.setdefault(currency, entry.mapTo(hands.floor, QPoint()).x())
    assert len(firsts) == 2
    assert len(set(firsts.values())) == 1


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


@in_each_look
def test_nothing_is_cut_on_passes(opened: Opened, size: tuple[int, int], language: str) -> None:
    hands = at_work(opened(size, language, "dark"))
    till = hands.floor.till

    def issue() -> RecordedView:
        outage(till)
        return van_in(till)

    asked(hands, issue)
    hands.touch(hands.floor.bar.tabs["passes"])
    found = hands.floor.passes.found
    hands.until(lambda: len(found.tiles) == 1)
    hands.touch(next(iter(found.tiles.values())))
    hands.until(hands.floor.passes.paper.buttons.isVisible)
    assert _cut(hands) == []


@in_each_look
def test_a_leaf_is_typed_off_in_sight(opened: Opened, size: tuple[int, int], language: str) -> None:
    hands = at_work(opened(size, language))
    hands.touch(hands.floor.bar.tabs["receipts"])
    hands.touch(hands.floor.receipts.found.leaves)
    form = hands.floor.leaves.form
    hands.until(lambda: bool(form.people))
    assert _cut(hands) == []
    form.reference.line.setFocus()
    hands.settle()
    assert not form.reference.line.visibleRegion().isEmpty()
    hands.touch(form.kinds["card"])
    assert _cut(hands) == []


@in_each_look
def test_nothing_is_cut_on_scan_whatever_the_verdict(
    opened: Opened, size: tuple[int, int], language: str
) -> None:
    hands = at_work(opened(size, language, "dark" if language == "sw" else "light"))
    till, scan = hands.floor.till, hands.floor.scan

    def look() -> ScanView:
        outage(till)
        return at_exit(till).gate.scan(token(till, van_in(till).number))

    hands.touch(hands.floor.bar.tabs["scan"])
    assert (_outside(hands), _cut(hands)) == ([], [])
    paper = asked(hands, look)
    for how, (word, kind) in product(("wedge", "typed"), verdicts.LOOKS.items()):
        is_owed = word in ("not_paid", "part_paid", "overstayed", "revoked", "already_left")
        view = replace(
            paper,
            word=word,
            how=how,
            tone=kind.tone,
            now_ms=paper.valid_until_ms + 130 * 60_000 if word == "overstayed" else paper.now_ms,
            what="ecitizen_ticket" if word == "not_ours" else "",
            settles=paper.settles if is_owed else (),
            pay=paper.pay if is_owed else None,
            owed_minor=paper.owed_minor if is_owed else 0,
            passing=8 if kind.tone == verdicts.GREEN else 0,
            asks_plate=False,
            may_readmit=word == "already_inside",
            may_accept=word == "sticker",
            may_leave=word != "already_left",
            may_see=word in ("does_not_verify", "wrong_park", "not_ours"),
        )
        scan.show_scanned(view)
        hands.settle()
        assert scan.lane.verdict.isVisible()
        assert scan.lane.verdict.tone == kind.tone
        assert (_outside(hands), _cut(hands), scan.lane.verdict.is_cut) == ([], [], False), (word, how)


@in_each_look
def test_nothing_is_cut_where_exits_are_chosen(opened: Opened, size: tuple[int, int], language: str) -> None:
    hands = at_work(opened(size, language, "dark"))
    sell = hands.floor.sell
    asked(hands, lambda: outage(hands.floor.till))
    day.fill(hands, vans.ordinary())
    hands.touch(sell.ways.exits)
    hands.touch(sell.exits.gates["MBAG"])
    hands.touch(sell.exits.driver)
    hands.type("0712345678")
    hands.enter()
    assert (_outside(hands), _cut(hands)) == ([], [])


def _see(hands: Hands) -> None:
    """Tap a van at the lane as it stands there."""
    people, van = hands.floor.scan.seeing.people, vans.ordinary()
    for key, count in van.people:
        hands.add(people.cells[key], count)
    hands.add(people.grounds["tra_crew"])
    hands.touch(people.vehicles[van.band])
    hands.until(lambda: hands.floor.scan.typing.is_asking)
    hands.settle()
    hands.type(van.plate)
    hands.enter()


@in_each_look
def test_nothing_is_cut_where_somebody_is_seen_without_a_paper(
    opened: Opened, size: tuple[int, int], language: str
) -> None:
    hands = at_work(opened(size, language, "dark" if language == "sw" else "light"))
    till, scan = hands.floor.till, hands.floor.scan
    ways = scan.seeing.ways
    asked(hands, lambda: at_exit(till).gate.scan("GP:ABCDEFGHIJKLMNOP"))
    hands.touch(hands.floor.bar.tabs["scan"])

    def check(what: str) -> None:
        assert (_outside(hands), _cut(hands)) == ([], []), what

    check("an unreadable paper")
    hands.touch(scan.lane.see)
    hands.settle()
    hands.type("XNM9-P000001-R")
    hands.enter()
    _see(hands)
    check("from sight")
    hands.touch(ways.second)
    check("why it is not read")
    hands.touch(scan.choosing.tiles[2])
    check("its till is not known")
    hands.press(Qt.Key.Key_F1)
    check("paid from sight")
    hands.press(Qt.Key.Key_Escape)
    hands.press(Qt.Key.Key_F8)
    _see(hands)
    hands.touch(ways.first)
    check("why they have no pass")
    hands.touch(scan.choosing.tiles[2])
    hands.touch(ways.second)
    check("where they went in")
    hands.touch(scan.choosing.tiles[0])
    check("no pass")
    hands.touch(ways.out)
    assert scan.is_recorded
    check("let out on their story")
