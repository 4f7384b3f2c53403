"""Selling with real touches on the real window."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt

from gatepos.devices.printer import NoPrinter
from gatepos.domain import money
from gatepos.domain.paper_lines import PaperLine
from gatepos.rehearsal import day, vans
from gatepos.screens.playing import Hands
from gatepos.till.views import SellView
from tests.gate import AFRICAN, MANAGER, NON_RESIDENT, permit
from tests.screens.conftest import Opened, asked, at_work

_TOUCHES_MAX = 13


class _SlowToFail(NoPrinter):
    """A printer that is found to be none only when told."""

    def __init__(self) -> None:
        self.fail = threading.Event()

    def print(self, lines: Sequence[PaperLine], name: str) -> None:
        self.fail.wait()
        super().print(lines, name)


def _view(hands: Hands) -> SellView:
    view = hands.floor.sell.view
    assert view is not None
    return view


def _totals(hands: Hands) -> int:
    return _view(hands).total_minor


def _plain(text: str) -> str:
    return text.replace("\N{NON-BREAKING HYPHEN}", "-").replace("\N{NO-BREAK SPACE}", " ")


def _hold_three(hands: Hands) -> None:
    for plate in ("KDA412M", "KDB077Z", "KCX350A"):
        day.fill(hands, replace(vans.ordinary(), plate=plate))
        hands.press(Qt.Key.Key_F6)


def _receipts(hands: Hands) -> int:
    return len(asked(hands, lambda: hands.floor.till.desk.ledger.of_kind("receipt.issued")))


def test_ordinary_van_takes_at_most_thirteen_touches(selling: Hands) -> None:
    van = vans.ordinary()
    day.fill(selling, van)
    selling.touch(selling.floor.sell.ways.tenders["mpesa"])
    selling.type(van.reference)
    selling.enter()
    assert selling.floor.sell.is_recorded
    assert selling.floor.sell.done.amount.text() == "KES 43,940"
    assert selling.letters == len(van.plate) + len(van.reference)
    assert selling.touches <= _TOUCHES_MAX, selling.touches


def test_no_lines_end_parts_the_plate_of_a_bill(opened: Opened) -> None:
    hands = at_work(opened((1024, 768)))
    day.fill(hands, vans.ordinary())
    assert "· KDA\N{NO-BREAK SPACE}412M" in hands.floor.sell.bill.lines.lines.accessibleName()


def test_whole_cell_adds_and_left_third_takes_away(selling: Hands) -> None:
    cell = selling.floor.sell.people.cells[NON_RESIDENT]
    selling.add(cell, 2)
    selling.touch(cell, QPoint(cell.width() // 6, cell.height() // 2))
    assert cell.count == 1
    selling.touch(cell, QPoint(cell.width() // 6, cell.height() // 2))
    selling.touch(cell, QPoint(cell.width() // 6, cell.height() // 2))
    assert cell.count == 1, "an empty cell adds wherever it is touched"


@pytest.mark.parametrize("size", [(1366, 768), (1024, 768)], ids=str)
def test_a_long_bill_says_what_is_out_of_sight_and_shows_what_changed(
    opened: Opened, size: tuple[int, int]
) -> None:
    hands = at_work(opened(size))
    sell, bill = hands.floor.sell, hands.floor.sell.bill
    cells = list(sell.people.cells.values())
    hands.add(cells[0])
    assert not bill.more.isVisible()
    for cell in cells[1:]:
        hands.add(cell)

    def is_seen(place: int) -> bool:
        above, below = bill.lines.hidden()
        return above <= place < len(cells) - below

    assert is_seen(len(cells) - 1)
    assert bill.more.text() == f"↑ {bill.lines.hidden()[0]} more"
    focused = hands.kiosk.focusWidget()
    while bill.more.text().startswith("↑"):
        hands.touch(bill.more)
    assert is_seen(0)
    assert hands.kiosk.focusWidget() is focused, "Enter still goes on with the bill"
    hands.touch(bill.more)
    assert is_seen(len(cells) - 1)
    hands.add(cells[1])
    assert is_seen(1)
    assert not bill.total.visibleRegion().isEmpty()


def test_an_ordinary_van_is_seen_whole(opened: Opened) -> None:
    hands = at_work(opened((1366, 768)))
    day.fill(hands, vans.ordinary())
    bill = hands.floor.sell.bill
    assert len(bill.lines.lines.spans()) == 6
    assert bill.lines.hidden() == (0, 0)
    assert not bill.more.isVisible()


def test_held_finger_opens_the_keypad_for_sixty_two(selling: Hands) -> None:
    cell = selling.floor.sell.people.cells[AFRICAN]
    cell.keypad_wanted.emit()
    selling.settle()
    assert selling.floor.sell.typing.is_asking
    selling.type("62")
    selling.enter()
    assert cell.count == 62


def test_digits_set_the_count_of_the_cell_in_focus(selling: Hands) -> None:
    cell = selling.floor.sell.people.cells[AFRICAN]
    cell.setFocus()
    selling.type("17")
    assert cell.count == 17


def test_enter_after_digits_ends_the_count_and_adds_nobody(selling: Hands) -> None:
    cell = selling.floor.sell.people.cells[AFRICAN]
    cell.setFocus()
    selling.type("62")
    selling.enter()
    assert cell.count == 62
    selling.enter()
    assert cell.count == 63, "nothing is being typed any more: Enter adds one"


def test_arrows_move_through_the_grid(selling: Hands) -> None:
    cells = selling.floor.sell.people.cells
    cells[NON_RESIDENT].setFocus()
    selling.press(Qt.Key.Key_Down)
    assert cells[AFRICAN].hasFocus()


def test_double_tap_on_record_is_one_sale(selling: Hands) -> None:
    sell = selling.floor.sell
    selling.add(sell.people.cells[NON_RESIDENT])
    selling.press(Qt.Key.Key_F2)
    selling.type("A7K29Q")
    selling.enter()
    selling.type("4242")
    for _ in range(3):
        sell.payments.submit()
    selling.until(lambda: sell.is_recorded)
    selling.settle()
    assert _receipts(selling) == 1
    assert not selling.floor.banner.isVisible()


def test_next_vehicle_can_be_tapped_before_the_last_is_dismissed(selling: Hands) -> None:
    sell = selling.floor.sell
    selling.add(sell.people.cells[NON_RESIDENT])
    selling.press(Qt.Key.Key_F1)
    selling.type("UA26X1Y2ZQ")
    selling.enter()
    assert sell.is_recorded
    selling.add(sell.people.cells[AFRICAN])
    assert not sell.is_recorded
    assert _totals(selling) == 5_180 * money.MINOR


def test_hold_and_resume_by_the_chip(selling: Hands) -> None:
    floor = selling.floor
    selling.add(floor.sell.people.cells[NON_RESIDENT], 2)
    before = _totals(selling)
    selling.press(Qt.Key.Key_F6)
    assert _totals(selling) == 0
    assert floor.strip.waiting.text() == "1 waiting"
    selling.touch(floor.strip.waiting)
    selling.touch(floor.sell.choosing.tiles[0])
    assert _totals(selling) == before
    assert not floor.strip.waiting.isVisible()


@pytest.mark.parametrize("typed", ["kda 41", "b000001"])
def test_a_waiting_bill_comes_back_by_its_plate_or_number(selling: Hands, typed: str) -> None:
    sell, checkout = selling.floor.sell, selling.floor.till.checkout
    for plate in ("KDA412M", "KCB901T"):
        selling.add(sell.people.cells[NON_RESIDENT])
        asked(selling, partial(checkout.plate, plate))
        selling.press(Qt.Key.Key_F6)
    selling.touch(selling.floor.strip.waiting)
    assert len(sell.choosing.tiles) == 2
    selling.type("KZZ")
    assert sell.choosing.tiles == []
    for _ in range(3):
        selling.press(Qt.Key.Key_Backspace)
    assert len(sell.choosing.tiles) == 2
    for letter in typed:
        selling.type(letter)
    selling.enter()
    assert sell.view is not None
    assert sell.view.plate == "KDA412M"


def test_refusal_is_told_in_both_languages(selling: Hands) -> None:
    floor = selling.floor
    selling.press(Qt.Key.Key_F1)
    assert floor.banner.words.text() == "Nothing to sell yet: tap who is in the vehicle."
    selling.touch(floor.bar.language)
    swahili = floor.banner.words.text()
    assert swahili
    assert "sell" not in swahili
    assert floor.bar.language.text() == "English"


def test_cash_that_policy_forbids_says_so(selling: Hands) -> None:
    selling.add(selling.floor.sell.people.cells[NON_RESIDENT])
    selling.press(Qt.Key.Key_F3)
    assert "not allow" in selling.floor.banner.words.text()


def test_cash_gives_change(opened: Opened) -> None:
    hands = opened()
    asked(hands, lambda: permit(hands.floor.till, "allow_cash", "yes"))
    at_work(hands)
    hands.add(hands.floor.sell.people.cells[AFRICAN])
    hands.press(Qt.Key.Key_F3)
    hands.type("6000")
    hands.enter()
    assert hands.floor.sell.done.change.text() == "Change KES 820"


@pytest.mark.parametrize("size", [(1024, 768), (1366, 768)], ids=str)
def test_without_a_printer_the_code_fills_the_screen(opened: Opened, size: tuple[int, int]) -> None:
    hands = at_work(opened(size))
    floor, sell = hands.floor, hands.floor.sell
    floor.station.papers.use(NoPrinter())
    hands.add(sell.people.cells[NON_RESIDENT])
    hands.press(Qt.Key.Key_F1)
    hands.type("UA26X1Y2ZQ")
    hands.enter()
    hands.until(floor.code.isVisible)
    hands.settle()
    code = floor.code.code
    assert min(code.width(), code.height()) > floor.stack.height() * 9 // 10
    assert _plain(floor.code.number.text()) == sell.done.number.text()
    hands.press(Qt.Key.Key_F6)
    assert floor.code.isVisible(), "the keys of Sell do nothing under the code"
    hands.press(Qt.Key.Key_Escape)
    assert sell.is_recorded
    assert sell.people.isVisible()
    assert sell.done.next.hasFocus()


def test_a_code_that_no_paper_took_lies_over_sell_alone(selling: Hands) -> None:
    floor, sell, printer = selling.floor, selling.floor.sell, _SlowToFail()
    floor.station.papers.use(printer)
    selling.add(sell.people.cells[NON_RESIDENT])
    selling.press(Qt.Key.Key_F1)
    selling.type("UA26X1Y2ZQ")
    selling.enter()
    selling.touch(floor.bar.lock)
    printer.fail.set()
    selling.until(lambda: sell.done.paper.text().startswith("No paper"))
    assert floor.sign_in.isVisible()


def test_lock_keeps_the_bill(selling: Hands) -> None:
    floor = selling.floor
    selling.add(floor.sell.people.cells[NON_RESIDENT], 3)
    before = _totals(selling)
    selling.touch(floor.bar.lock)
    assert floor.sign_in.isVisible()
    assert not floor.sell.isVisible()
    selling.type("246813")
    selling.enter()
    selling.until(floor.sell.isVisible)
    selling.settle()
    assert _totals(selling) == before


def _correcting(hands: Hands) -> None:
    """Two non-residents are paid for, and their receipt comes back to be corrected."""
    floor = hands.floor
    hands.add(floor.sell.people.cells[NON_RESIDENT], 2)
    hands.press(Qt.Key.Key_F1)
    hands.type("UA26X1Y2ZQ")
    hands.enter()
    hands.touch(floor.bar.tabs["receipts"])
    hands.until(lambda: len(floor.receipts.found.tiles) == 1)
    hands.touch(next(iter(floor.receipts.found.tiles.values())))
    hands.touch(floor.receipts.paper.correct)
    hands.type("one left before the gate")
    hands.enter()


def _take_away(hands: Hands) -> None:
    cell = hands.floor.sell.people.cells[NON_RESIDENT]
    hands.touch(cell, QPoint(cell.width() // 6, cell.height() // 2))


def test_a_correction_asks_for_the_difference_alone(selling: Hands) -> None:
    _correcting(selling)
    bill, cell = selling.floor.sell.bill, selling.floor.sell.people.cells[NON_RESIDENT]
    assert bill.total.accessibleName() == "To pay KES 0"
    selling.add(cell)
    assert bill.total.accessibleName() == "To pay KES 10,360"
    assert "KES 31,080 in all, KES 20,720 paid before" in _plain(bill.detail.text())
    selling.press(Qt.Key.Key_F1)
    assert bill.total.accessibleName() == "Left to pay KES 10,360"
    selling.press(Qt.Key.Key_Escape)
    _take_away(selling)
    _take_away(selling)
    assert bill.total.accessibleName() == "To refund KES 10,360"
    selling.press(Qt.Key.Key_F1)
    assert bill.total.accessibleName() == "To refund KES 10,360"


def test_correction_downwards_asks_for_the_second_person(selling: Hands) -> None:
    floor = selling.floor
    _correcting(selling)
    _take_away(selling)
    selling.press(Qt.Key.Key_F1)
    selling.enter()
    selling.until(floor.sell.second.isVisible)
    selling.type(MANAGER)
    selling.enter()
    selling.type("482913")
    selling.enter()
    selling.until(lambda: floor.sell.is_recorded)
    assert floor.sell.done.change.text() == "To refund: KES 10,360"
    assert len(asked(selling, lambda: floor.till.desk.ledger.of_kind("receipt.corrected"))) == 1


def test_the_language_switches_in_the_middle_of_a_bill(selling: Hands) -> None:
    floor = selling.floor
    selling.add(floor.sell.people.cells[NON_RESIDENT])
    for _ in range(3):
        selling.touch(floor.bar.language)
        selling.add(floor.sell.people.cells[NON_RESIDENT])
    assert floor.sell.people.cells[NON_RESIDENT].count == 4
    assert floor.sell.people.people.text().startswith("Wageni 4")
    selling.touch(floor.sell.people.fields["days"])
    selling.type("2")
    selling.enter()
    assert floor.sell.people.fields["days"].value == "2"


def test_a_refusal_goes_with_the_next_thing_done(selling: Hands) -> None:
    floor = selling.floor
    selling.press(Qt.Key.Key_F1)
    assert floor.banner.isVisible()
    selling.add(floor.sell.people.cells[NON_RESIDENT])
    assert not floor.banner.isVisible()


def test_a_school_trip_shows_the_fees_of_schools_and_looks_for_nothing(opened: Opened) -> None:
    hands = at_work(opened(language="sw"))
    more = hands.floor.sell.more
    hands.touch(hands.floor.sell.people.school)
    hands.type("Langata Primary")
    hands.enter()
    assert more.search.text == ""
    assert {key[1] for key in more.tiles} == {"school"}
    more.search.line.setFocus()
    hands.type("helikopta")
    assert {key[1] for key in more.tiles} != {"school"}, "what is looked for is looked for everywhere"


def test_enter_after_a_fee_is_looked_for_puts_the_keys_away(selling: Hands) -> None:
    sell = selling.floor.sell
    selling.press(Qt.Key.Key_F9)
    selling.touch(sell.more.search.line)
    assert sell.typing.isVisible()
    selling.enter()
    assert not sell.typing.isVisible()


def test_the_pay_panel_says_which_way_is_not_taken_here(selling: Hands) -> None:
    selling.add(selling.floor.sell.people.cells[NON_RESIDENT])
    selling.press(Qt.Key.Key_F1)
    notes = {kind: tile.note for kind, tile in selling.floor.sell.payments.kinds.items()}
    assert notes == {"mpesa": "", "card": "", "cash": "not here", "ecitizen": ""}


def test_a_waiting_bill_is_found_by_plate_and_by_number(selling: Hands) -> None:
    floor = selling.floor
    _hold_three(selling)
    waiting = _view(selling).waiting
    assert len(waiting) == 3
    selling.touch(floor.strip.waiting)
    selling.type(waiting[1].plate[-4:].lower())
    selling.enter()
    assert _view(selling).number == waiting[1].number
    selling.press(Qt.Key.Key_F6)
    selling.touch(floor.strip.waiting)
    selling.type(waiting[2].number)
    selling.enter()
    assert _view(selling).number == waiting[2].number


def test_enter_takes_no_waiting_bill_while_there_are_several(selling: Hands) -> None:
    floor = selling.floor
    _hold_three(selling)
    selling.touch(floor.strip.waiting)
    selling.enter()
    assert floor.sell.choosing.isVisible()
    assert floor.sell.choosing.tiles[0].hasFocus()


def test_the_visitors_are_those_who_pay_beside_the_crew_and_the_free(selling: Hands) -> None:
    room = selling.floor.sell
    for key in (NON_RESIDENT, AFRICAN):
        selling.touch(room.people.cells[key])
    for ground in ("under_6", "tra_crew"):
        selling.touch(room.people.grounds[ground])
    assert room.people.people.text() == "2 visitors\n+ 1 crew · 1 free"
