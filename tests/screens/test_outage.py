"""An outage opened from Sell, passes by F5, and the outage closed with its statement."""

from PySide6.QtCore import Qt

from gatepos.domain.entry import Entry
from gatepos.rehearsal import day, vans
from gatepos.screens.playing import Hands
from tests.gate import CLERK, CLERK_PIN, MANAGER, MANAGER_PIN
from tests.screens.conftest import Opened, asked, at_work

_TOUCHES_MAX = 13


def entries(hands: Hands, kind: str) -> list[Entry]:
    return asked(hands, lambda: hands.floor.till.desk.ledger.of_kind(kind))


def second_person(hands: Hands) -> None:
    """The manager comes to the window."""
    hands.until(lambda: hands.floor.sell.left.currentWidget() is hands.floor.sell.second)
    hands.type(MANAGER)
    hands.enter()
    hands.type(MANAGER_PIN)
    hands.enter()
    hands.settle()


def say_who_ordered_it(hands: Hands) -> None:
    """F5 outside an outage asks about one: who ordered it is typed first."""
    sell = hands.floor.sell
    hands.press(Qt.Key.Key_F5)
    hands.until(lambda: sell.left.currentWidget() is sell.outage)
    hands.touch(sell.outage.authority.line)
    hands.type("KWS/OPS/2026/1")


def open_outage(hands: Hands) -> None:
    """F5 outside an outage asks about one; the manager agrees to it."""
    sell = hands.floor.sell
    say_who_ordered_it(hands)
    hands.touch(sell.outage.paybill.line)
    sell.outage.paybill.set_text("600000")
    sell.typing.dismiss()
    hands.touch(sell.outage.open)
    second_person(hands)
    hands.until(lambda: bool(sell.view and sell.view.may_pass))


def test_the_enter_of_the_keys_goes_through_the_terms_and_opens_it(selling: Hands) -> None:
    sell = selling.floor.sell
    say_who_ordered_it(selling)
    for entry in (sell.outage.authority, sell.outage.paybill, sell.outage.minutes, sell.outage.cash):
        assert sell.typing.line is entry.line
        if entry is sell.outage.paybill:
            entry.set_text("600000")
        assert sell.typing.keyboard is not None
        selling.touch(sell.typing.keyboard.keys["↵"])
    second_person(selling)
    selling.until(lambda: bool(sell.view and sell.view.may_pass))


def test_f5_outside_an_outage_asks_about_one_and_the_strip_shows_it(selling: Hands) -> None:
    open_outage(selling)
    selling.until(selling.floor.strip.outage.isVisible)
    assert selling.floor.strip.outage.note == "paybill 600000"
    (opened,) = entries(selling, "outage.opened")
    assert (opened.data["authority"], opened.data["paybill"]) == ("KWS/OPS/2026/1", "600000")


def test_a_touch_of_the_outage_over_the_lock_leaves_the_keys_to_the_pin(selling: Hands) -> None:
    open_outage(selling)
    floor = selling.floor
    selling.touch(floor.bar.lock)
    selling.touch(floor.strip.outage)
    selling.type(CLERK_PIN)
    selling.enter()
    selling.until(floor.sell.isVisible)


def test_ordinary_van_gets_a_pass_in_at_most_thirteen_touches(selling: Hands) -> None:
    open_outage(selling)
    selling.touches = selling.letters = 0
    van = vans.ordinary()
    day.fill(selling, van)
    selling.press(Qt.Key.Key_F5)
    sell = selling.floor.sell
    selling.until(lambda: sell.is_recorded)
    (issued,) = entries(selling, "pass.issued")
    assert issued.data["total_minor"] == 4_394_000
    assert sell.bill.total.accessibleName() == "To pay on exit KES 43,940"
    assert "Not paid" in sell.done.change.text()
    assert selling.letters == len(van.plate)
    assert selling.touches <= _TOUCHES_MAX, selling.touches


def test_a_bounce_of_f5_is_one_pass(selling: Hands) -> None:
    open_outage(selling)
    day.fill(selling, vans.ordinary())
    selling.press(Qt.Key.Key_F5)
    selling.press(Qt.Key.Key_F5)
    selling.settle()
    assert len(entries(selling, "pass.issued")) == 1


def test_a_vehicle_that_owes_is_told_in_one_line_and_needs_a_second_person(selling: Hands) -> None:
    open_outage(selling)
    for _ in range(2):
        day.fill(selling, vans.ordinary())
        selling.until(lambda: bool(selling.floor.sell.view and selling.floor.sell.view.plate))
        selling.settle()
        told = selling.floor.sell.ways.passed.text()
        selling.press(Qt.Key.Key_F5)
        selling.settle()
    assert "has not paid" in told
    assert len(entries(selling, "pass.issued")) == 1
    second_person(selling)
    assert len(entries(selling, "pass.issued")) == 2


def test_the_outage_is_closed_with_its_statement(selling: Hands) -> None:
    open_outage(selling)
    day.fill(selling, vans.ordinary())
    selling.press(Qt.Key.Key_F5)
    selling.until(lambda: selling.floor.sell.is_recorded)
    selling.until(selling.floor.strip.outage.isVisible)
    selling.touch(selling.floor.strip.outage)
    sheet = selling.floor.sell.outage
    selling.until(sheet.close_it.isVisible)
    assert f"opened by {CLERK} · agreed by {MANAGER}" in sheet.facts.text()
    shown = sheet.sums.lines.accessibleName()
    assert all(words in shown for words in ("Revoked: 0 KES 0", "Still open: 1 KES 43,940")), shown
    selling.touch(sheet.close_it)
    selling.settle()
    (closed,) = entries(selling, "outage.closed")
    assert closed.data["open_minor"] == 4_394_000
    selling.until(lambda: not selling.floor.strip.outage.isVisible())


def test_the_outage_reads_well_on_the_smallest_screen(opened: Opened) -> None:
    hands = at_work(opened((1024, 768), "sw"))
    hands.press(Qt.Key.Key_F5)
    sheet = hands.floor.sell.outage
    hands.until(sheet.open.isVisible)
    assert sheet.open.mapTo(hands.kiosk, sheet.open.rect().bottomRight()).y() < hands.kiosk.height()
