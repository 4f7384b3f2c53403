"""The page on which a spare is started: a supervisor's PIN, or a question by radio, and it sells."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from gatepos import app, spares
from gatepos.domain import keyring
from gatepos.ledger.troubles import DiskFault
from gatepos.screens import running
from gatepos.screens.start_spare import (
    AGREES,
    BY_RADIO,
    FOLLOWS,
    SPARE,
    STAFF,
    SUPERVISOR,
    THEIR_TILL,
    StartSpare,
)
from gatepos.settings import Settings
from gatepos.sync import address
from gatepos.till.set_up import Started
from gatepos.till.spare import Wish
from tests.gate import CLERK, MANAGER_PIN
from tests.spare_gate import SUPERVISOR as SUPERVISOR_NUMBER
from tests.spare_gate import SUPERVISOR_PIN, Park, park_in

NEW_PIN = "864209"


@pytest.fixture
def park(tmp_path: Path) -> Iterator[Park]:
    """A gate whose till is stopped, and two spares of it."""
    with park_in(tmp_path) as made:
        made.till().desk.ledger.close()
        for name in ("spare", "other"):
            made.spare(name)
        yield made


def page_of(park: Park, qtbot: QtBot, why: DiskFault | None = None) -> StartSpare:
    """The page over both spares."""
    offers = spares.offered(park.folder / "till", ())
    starts = {one.spare.row.till: spares.Start(one.folder, park.world(one.spare.row.till)) for one in offers}

    def begin(till: str, wish: Wish) -> tuple[Started, ...]:
        return starts[till].begin(wish).codes

    found = {one.spare.row.till: one.spare for one in offers}
    page = running.spare_page(found, app.book().parks.parks, begin, Settings(), why, size=(1024, 768))
    qtbot.addWidget(page)
    return page


def test_a_supervisors_pin_starts_it_and_the_codes_are_shown_once(park: Park, qtbot: QtBot) -> None:
    page = page_of(park, qtbot, DiskFault(code="EIO"))
    assert "The disk answers with errors" in page.banner.words.text()
    assert (page.fields[SPARE].value, page.fields[FOLLOWS].value) == ("NMS1 · Main Gate", "NMG2")
    QTest.keyClicks(page.pin.line, "111111")
    QTest.keyClick(page.pin.line, Qt.Key.Key_Return)
    assert "do not match" in page.banner.words.text()
    QTest.keyClicks(page.pin.line, MANAGER_PIN)
    QTest.keyClick(page.pin.line, Qt.Key.Key_Return)
    assert "NMS1 goes on" in page.done.title.text()
    assert f"{CLERK} chooses a PIN with the start code" in page.done.codes.text()
    with qtbot.waitSignal(page.opened) as opened:
        page.done.opening.click()
    assert opened.args == ["NMS1"]
    till = park.opened("spare")
    assert till.desk.ledger.entry(2).data["of_till"] == "NMG2"
    till.desk.ledger.close()


def test_by_radio_the_question_is_shown_and_the_answer_starts_it(park: Park, qtbot: QtBot) -> None:
    east = park.till("east", "EAST", "1")
    found = address.load(park.folder / "east", east.desk.ledger)
    assert found is not None
    rows = park.place.feed(found.token, "keyring")["body"]
    assert isinstance(rows, list)
    east.desk.know(map(keyring.row, rows))
    east.sign_in.sign_in(SUPERVISOR_NUMBER, SUPERVISOR_PIN)
    for name in ("spare", "other"):
        spares.refresh(park.folder / name)
    page = page_of(park, qtbot)
    page.take(STAFF, CLERK)
    page.take(AGREES, BY_RADIO)
    page.take(SUPERVISOR, SUPERVISOR_NUMBER)
    page.take(THEIR_TILL, "neg1")
    for entry in (page.new_pin.first, page.new_pin.again):
        QTest.keyClicks(entry.line, NEW_PIN)
        QTest.keyClick(entry.line, Qt.Key.Key_Return)
    assert "Start a spare till, till NMS1" in page.answer.radio.told.text()
    question = page.answer.radio.question.text()
    line = page.answer.radio.answer.line
    QTest.keyClicks(line, "12345678")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert "That is not the answer" in page.banner.words.text()
    QTest.keyClicks(line, east.radio.answer("NMS1", "ledger.gap", question))
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert "NMS1 goes on" in page.done.title.text()
    assert not page.done.codes.isVisible()
    till = park.opened("spare")
    assert till.sign_in.sign_in(CLERK, NEW_PIN).number == CLERK
    for one in (till, east):
        one.desk.ledger.close()


def test_nobody_need_start_one(park: Park, qtbot: QtBot) -> None:
    page = page_of(park, qtbot)
    with qtbot.waitSignal(page.left_alone):
        page.back.click()
    assert len(spares.offered(park.folder / "till", ())) == 2


def test_the_first_run_offers_the_spare_only_where_there_is_one(qtbot: QtBot) -> None:
    shipped = app.book()
    for has_spare in (True, False):
        page = running.first_page(
            shipped.parks.parks,
            shipped.titles,
            lambda _: None,
            Settings(),
            has_spare=has_spare,
            size=(1024, 768),
        )
        qtbot.addWidget(page)
        assert page.spare.isVisible() is has_spare
        if has_spare:
            with qtbot.waitSignal(page.spare_wanted):
                page.spare.click()


def test_a_page_that_ended_leaves_no_widget_for_the_kiosk_after_it(qtbot: QtBot) -> None:
    shipped = app.book()
    page = running.first_page(
        shipped.parks.parks, shipped.titles, lambda _: None, Settings(), size=(1024, 768)
    )
    button = page.spare
    running.end(page)
    assert not isValid(page)
    assert not isValid(button)
