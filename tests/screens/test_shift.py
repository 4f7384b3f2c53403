"""Counting and closing by touch: the keys on the screen never hide what is typed."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

from gatepos.devices.escpos import KICK
from gatepos.devices.printer import NoPrinter
from gatepos.screens.playing import Hands
from gatepos.screens.widgets.entry import Line
from gatepos.till.approvals import Second
from tests.gate import CLERK, CLERK_PIN, EA_CITIZEN, MANAGER, MANAGER_PIN, OTHER, OTHER_PIN, permit
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


def test_a_float_is_typed_at_once_and_enter_opens_the_shift(opened: Opened) -> None:
    hands = opened()
    hands.until(lambda: CLERK in hands.floor.sign_in.tiles)
    hands.touch(hands.floor.sign_in.tiles[CLERK])
    hands.type(CLERK_PIN)
    hands.enter()
    hands.until(hands.floor.shift.float.open.isVisible)
    hands.type("500")
    hands.enter()
    (shift,) = asked(hands, lambda: hands.floor.till.desk.ledger.of_kind("shift.opened"))
    assert shift.data["float_kes_minor"] == 50_000


# The drawer beside selling.


def _reason(hands: Hands, place: int = 0) -> None:
    hands.touch(hands.floor.shift.choosing.tiles[place])


def _printed(hands: Hands) -> bytes:
    path = Path(hands.floor.station.settings.printer.removeprefix("file:"))
    return path.read_bytes() if path.exists() else b""


def _drop(hands: Hands, amount: str) -> None:
    hands.touch(hands.floor.bar.tabs["shift"])
    hands.touch(hands.floor.shift.panel.drawer.moves["dropped"])
    _reason(hands)
    hands.type(amount)
    hands.enter()


def test_a_safe_drop_is_recorded_printed_and_opens_the_drawer(selling: Hands) -> None:
    till = selling.floor.till
    asked(selling, lambda: till.cash.move("paid_in", "5000", "float"))
    _drop(selling, "1500")
    moved = asked(selling, lambda: till.desk.ledger.of_kind("cash.moved")[-1])
    assert (moved.data["amount_minor"], moved.data["reason"]) == (150_000, "The drawer is full")
    selling.until(lambda: KICK in _printed(selling) and b"SAFE DROP" in _printed(selling))


def test_more_than_the_drawer_holds_is_said_and_nothing_is_written(selling: Hands) -> None:
    _drop(selling, "1500")
    assert "does not hold" in selling.floor.banner.words.text()
    assert asked(selling, lambda: selling.floor.till.desk.ledger.of_kind("cash.moved")) == []


def test_over_the_policy_the_second_person_agrees_at_the_till(selling: Hands) -> None:
    shift = selling.floor.shift
    selling.touch(selling.floor.bar.tabs["shift"])
    selling.touch(shift.panel.drawer.moves["paid_in"])
    _reason(selling)
    selling.type("25000")
    selling.enter()
    selling.until(shift.second.isVisible)
    selling.type(MANAGER)
    selling.enter()
    selling.type(MANAGER_PIN)
    selling.enter()
    moved = asked(selling, lambda: selling.floor.till.desk.ledger.of_kind("cash.moved")[-1])
    assert moved.fields["also"] == {"staff": MANAGER, "how": "pin"}
    assert not shift.second.isVisible()


def test_a_drawer_that_no_printer_opens_is_recorded_and_the_key_asked_for(selling: Hands) -> None:
    selling.floor.station.papers.use(NoPrinter())
    selling.touch(selling.floor.bar.tabs["shift"])
    selling.touch(selling.floor.shift.panel.drawer.open)
    _reason(selling)
    selling.until(lambda: "use its key" in selling.floor.banner.words.text())
    assert len(asked(selling, lambda: selling.floor.till.desk.ledger.of_kind("drawer.opened"))) == 1


def test_an_x_is_shown_and_printed_and_writes_nothing(selling: Hands) -> None:
    shift, ledger = selling.floor.shift, selling.floor.till.desk.ledger
    selling.touch(selling.floor.bar.tabs["shift"])
    head = asked(selling, lambda: ledger.head)
    selling.touch(shift.panel.x_report)
    selling.until(shift.interim.isVisible)
    selling.touch(shift.interim.print)
    selling.until(lambda: b"X REPORT" in _printed(selling))
    assert asked(selling, lambda: ledger.head) == head


def test_after_the_close_the_panel_says_of_what_the_cash_was_expected(selling: Hands) -> None:
    shift = selling.floor.shift
    asked(selling, lambda: selling.floor.till.cash.move("paid_in", "5000", "float"))
    _drop(selling, "1500")
    selling.touch(shift.count.faces["KES", 500].line)
    selling.type("7")
    shift.typing.dismiss()
    selling.touch(shift.count.close_shift)
    selling.until(shift.panel.heading.isVisible)
    said = shift.panel.lines.accessibleName()
    assert "Paid in KES 5,000" in said
    assert "Safe drops KES −1,500" in said
    assert "Cash KES 3,500" in said


def test_the_code_beside_a_closed_shift_is_the_one_on_its_paper(selling: Hands) -> None:
    shift = selling.floor.shift
    selling.touch(selling.floor.bar.tabs["shift"])
    selling.touch(shift.count.close_shift)
    selling.until(shift.panel.heading.isVisible)
    selling.until(lambda: b"SHIFT CLOSED" in _printed(selling))
    assert "Ledger to entry" in shift.panel.head.text()
    assert shift.panel.head.text().encode() in _printed(selling)


def test_what_is_left_goes_to_who_is_chosen_and_they_read_it_at_sign_in(selling: Hands) -> None:
    floor, shift = selling.floor, selling.floor.shift
    asked(selling, lambda: floor.till.checkout.tap(EA_CITIZEN))
    asked(selling, floor.till.checkout.hold)
    selling.touch(floor.bar.tabs["shift"])
    selling.touch(shift.count.heir.choose)
    _reason(selling, 1)  # the manager, then the other clerk
    selling.touch(shift.count.close_shift)
    selling.until(shift.panel.heading.isVisible)
    selling.touch(floor.bar.lock)
    selling.touch(floor.sign_in.other)
    selling.touch(floor.sign_in.tiles[OTHER])
    selling.type(OTHER_PIN)
    selling.enter()
    selling.until(lambda: "handed over to you: bills put aside: 1" in floor.banner.words.text())


def test_approvals_in_ones_name_are_told_at_sign_in_and_shown_by_a_touch(selling: Hands) -> None:
    floor = selling.floor
    second = Second(MANAGER, MANAGER_PIN)
    asked(selling, lambda: floor.till.cash.move("paid_in", "25000", "float", second=second))
    selling.touch(floor.bar.lock)
    selling.touch(floor.sign_in.other)
    selling.touch(floor.sign_in.tiles[MANAGER])
    selling.type(MANAGER_PIN)
    selling.enter()
    selling.until(lambda: "in your name today: 1" in floor.banner.words.text())
    selling.touch(floor.banner)
    selling.until(floor.shift.approved.isVisible)
    assert "Move cash in or out of the drawer" in floor.shift.approved.lines.lines.accessibleName()


def test_a_supervisor_sees_the_x_of_anothers_shift_without_one_of_their_own(selling: Hands) -> None:
    floor = selling.floor
    selling.touch(floor.bar.lock)
    selling.touch(floor.sign_in.other)
    selling.touch(floor.sign_in.tiles[MANAGER])
    selling.type(MANAGER_PIN)
    selling.enter()
    selling.until(floor.shift.panel.x_report.isVisible)
    selling.touch(floor.shift.panel.x_report)
    _reason(selling)
    selling.until(floor.shift.interim.isVisible)
