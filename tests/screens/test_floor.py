"""The floor of a till: what happens around the screens, whatever stands on them."""

import sqlite3
import sys
import threading
from concurrent.futures import Future
from contextlib import closing

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from gatepos.domain.text import NotWhole
from gatepos.ledger.file import FILE
from gatepos.rehearsal import day
from gatepos.rehearsal.park import Player
from gatepos.screens import running, set_up
from gatepos.screens.playing import Hands
from tests.gate import CLERK_PIN, EA_CITIZEN, MANAGER, MANAGER_PIN, NON_RESIDENT, Gate, permit
from tests.screens.conftest import Opened, asked, at_work


def test_language_changes_after_a_question(selling: Hands) -> None:
    floor = selling.floor
    for _ in range(2):
        selling.touch(floor.sell.people.fields["plate"])
        selling.type("KDA412M")
        selling.enter()
    selling.touch(floor.bar.language)
    assert floor.bar.language.text() == "English"


def test_language_changes_after_a_training(opened: Opened) -> None:
    hands = at_work(opened(), MANAGER, MANAGER_PIN)
    real = hands.floor
    begin_training(hands)
    day.sign_in(hands, Player(MANAGER, MANAGER_PIN, ()))
    hands.touch(hands.floor.bar.tabs["set_up"])
    hands.touch(hands.floor.set_up.tabs[set_up.PRACTICE])
    hands.touch(hands.floor.set_up.fields[0])
    hands.until(lambda: hands.floor is real)
    hands.settle()
    hands.touch(real.bar.language)
    assert real.bar.language.text() == "English"


def begin_training(hands: Hands) -> None:
    real = hands.floor
    hands.touch(real.bar.tabs["set_up"])
    hands.touch(real.set_up.tabs[set_up.PRACTICE])
    hands.touch(real.set_up.fields[0])
    hands.until(lambda: hands.floor is not real)


def test_a_training_left_by_closing_the_window_is_ended(opened: Opened, gate: Gate) -> None:
    hands = at_work(opened(), MANAGER, MANAGER_PIN)
    begin_training(hands)
    hands.kiosk.close()
    with closing(sqlite3.connect(gate.folder / FILE)) as conn:
        kinds = conn.execute("SELECT kind FROM journal WHERE kind LIKE 'training%' ORDER BY seq").fetchall()
    assert kinds == [("training.begun",), ("training.ended",)]


def test_recording_goes_away_with_the_answer(selling: Hands) -> None:
    floor = selling.floor
    selling.add(floor.sell.people.cells[NON_RESIDENT])
    selling.press(Qt.Key.Key_F1)
    held = threading.Event()
    floor.station.thread.ask(held.wait)
    floor.sell.pay("card")
    selling.until(floor.banner.isVisible)
    assert "Recording" in floor.banner.words.text()
    held.set()
    selling.settle()
    assert not floor.banner.isVisible()


def test_bug_on_the_thread_is_told_and_the_next_touch_is_tried(
    selling: Hands, capsys: pytest.CaptureFixture[str]
) -> None:
    sell, banner = selling.floor.sell, selling.floor.banner
    sell.act(lambda: 1 // 0)
    selling.settle()
    assert "ZeroDivisionError" in banner.words.text()
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert not sell.is_acting


def test_nothing_that_nobody_caught_vanishes(selling: Hands, capsys: pytest.CaptureFixture[str]) -> None:
    banner = selling.floor.banner
    with running.last_resort(selling.kiosk.tell):
        sys.excepthook(NotWhole, NotWhole(), None)
        selling.settle()
        assert banner.words.text() == "Type a whole number."
        threading.Thread(target=lambda: 1 // 0).start()
        selling.until(lambda: "ZeroDivisionError" in banner.words.text())
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_lock_comes_by_itself_after_sign_in_and_keeps_the_bill_being_paid(selling: Hands) -> None:
    floor = selling.floor
    selling.add(floor.sell.people.cells[NON_RESIDENT])
    selling.press(Qt.Key.Key_F1)
    asked(selling, lambda: permit(floor.till, "lock_after_s", "1"))
    selling.touch(floor.bar.lock)
    selling.type(CLERK_PIN)
    selling.enter()
    selling.until(floor.sell.isVisible)
    selling.until(floor.sign_in.isVisible)
    selling.settle()
    assert floor.person is None
    work = floor.till.window.work
    assert work.bill.counts == {NON_RESIDENT: 1}
    assert work.opened is not None


def test_bounce_of_agree_is_no_wrong_pin(selling: Hands) -> None:
    second = selling.floor.sell.second
    agreed: list[object] = []
    second.ask(NotWhole(), agreed.append)
    second.number.set_text(MANAGER)
    second.pin.set_text(MANAGER_PIN)
    for _ in range(2):
        second.submit()
    assert len(agreed) == 1


def test_closing_twice_closes_once(opened: Opened) -> None:
    hands = opened()
    hands.kiosk.close()
    hands.kiosk.close()


def test_what_comes_after_the_window_was_closed_is_shown_to_nobody(opened: Opened) -> None:
    hands = opened()
    later: Future[int] = Future()
    seen: list[int] = []
    bridge = hands.floor.bridge
    bridge.follow(later, seen.append)
    bridge.slow.connect(seen.append)
    hands.kiosk.close()
    later.set_result(1)
    for timer in bridge.findChildren(QTimer):
        timer.timeout.emit()
    QApplication.processEvents()
    assert seen == []


def test_second_tap_on_nothing_to_pay_is_one_sale(selling: Hands) -> None:
    sell = selling.floor.sell
    selling.add(sell.people.grounds["under_6"])
    selling.press(Qt.Key.Key_F1)
    selling.press(Qt.Key.Key_F1)
    for _ in range(3):
        sell.payments.submit()
    selling.until(lambda: sell.is_recorded)
    selling.settle()
    assert not selling.floor.banner.isVisible()


def test_refused_way_of_paying_records_nothing(selling: Hands) -> None:
    floor = selling.floor
    selling.add(floor.sell.people.cells[EA_CITIZEN])
    selling.press(Qt.Key.Key_F3)
    selling.settle()
    assert not floor.sell.is_recorded


def test_digits_typed_at_once_count_the_free(selling: Hands) -> None:
    tile = selling.floor.sell.people.grounds["under_6"]
    tile.counted.emit(1)
    tile.counted.emit(12)
    selling.settle()
    assert tile.count == 12


def test_how_it_goes_with_central_stands_over_the_screen_until_esc(selling: Hands) -> None:
    before = selling.floor.stack.currentWidget()
    selling.press(Qt.Key.Key_F10)
    assert "joined no central" in selling.floor.central.panel.told.text()
    assert not selling.floor.central.panel.offline.isVisible()
    selling.press(Qt.Key.Key_Escape)
    assert selling.floor.stack.currentWidget() is before
