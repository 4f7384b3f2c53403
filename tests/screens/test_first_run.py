"""The first run: from an empty folder to a till that a manager can sign in to."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gatepos import app, joining
from gatepos.screens import running
from gatepos.screens.first_run import CODE, GATE, JOIN, PARK, URL, FirstRun
from gatepos.settings import Settings
from gatepos.till.station import Plan
from tests.gate import Gate
from tests.sync.test_with_central import central_in, served


def _opened(gate: Gate, qtbot: QtBot) -> FirstRun:
    shipped = app.book()

    def make(plan: Plan) -> None:
        joining.make(gate.folder, plan, gate.world()).desk.ledger.close()

    page = running.first_page(shipped.parks.parks, shipped.titles, make, Settings(), size=(1024, 768))
    qtbot.addWidget(page)
    return page


def _choose_pin(page: FirstRun, pin: str) -> None:
    for entry in (page.pin.first, page.pin.again):
        QTest.keyClicks(entry.line, pin)
        QTest.keyClick(entry.line, Qt.Key.Key_Return)


def test_a_till_is_made_where_it_stands(gate: Gate, qtbot: QtBot) -> None:
    page = _opened(gate, qtbot)
    page.fields[PARK].click()
    page.choosing.tiles[2].click()
    page.fields[GATE].click()
    page.choosing.tiles[1].click()
    with qtbot.waitSignal(page.made):
        _choose_pin(page, "482913")
    till = app.open_till(gate.folder, gate.world())
    assert till.desk.park.code == "AMB"
    assert till.desk.ledger.context.till == "XA11", "of Amboseli, Iremito Gate, lane 1, without the letter I"
    assert till.desk.ledger.context.gate == till.desk.park.gates[1].code
    assert till.sign_in.sign_in("01", "482913").number == "01"
    till.desk.ledger.close()


def test_what_cannot_be_is_refused_and_nothing_is_made(gate: Gate, qtbot: QtBot) -> None:
    page = _opened(gate, qtbot)
    page.take(CODE, "NMG2")
    _choose_pin(page, "482913")
    assert "NMG2" in page.banner.words.text()
    assert not Path(gate.folder / app.IDENTITY).exists()
    page.take(CODE, "XNM2")
    _choose_pin(page, "1234")
    assert page.banner.isVisible()
    with qtbot.waitSignal(page.made):
        _choose_pin(page, "482913")


def test_a_till_that_joins_central_is_made_as_central_says(gate: Gate, qtbot: QtBot, tmp_path: Path) -> None:
    page = _opened(gate, qtbot)
    with central_in(tmp_path / "central", is_demo=False) as place, served(place.beside()) as url:
        page.take(URL, url)
        page.take(JOIN, "too short")
        assert page.fields[CODE].value == "as central says"
        _choose_pin(page, "482913")
        assert "26 letters and digits" in page.banner.words.text()
        page.take(JOIN, place.code(place=("AMB", "IREM", "3")))
        with qtbot.waitSignal(page.made):
            _choose_pin(page, "482913")
    till = app.open_till(gate.folder, gate.world())
    assert till.desk.ledger.context.till == "A1G3"
    till.desk.ledger.close()
