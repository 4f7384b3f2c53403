"""Refunds with real touches: lines counted, agreed to by a second person, paid back with a reference."""

from PySide6.QtCore import Qt

from gatepos.domain.entry import Entry
from gatepos.screens.finding import FindingScreen
from gatepos.screens.playing import Hands
from gatepos.till.approvals import Second
from tests.gate import EA_CITIZEN, MANAGER, MANAGER_PIN
from tests.screens.conftest import asked
from tests.till.test_corrections import sold


def entries(hands: Hands, kind: str) -> list[Entry]:
    return asked(hands, lambda: hands.floor.till.desk.ledger.of_kind(kind))


def receipt_opened(hands: Hands, n: int = 3) -> str:
    """A sale of `n` citizens, its receipt open; its number."""
    asked(hands, lambda: sold(hands.floor.till, n))
    hands.touch(hands.floor.bar.tabs["receipts"])
    found = hands.floor.receipts.found
    hands.until(lambda: len(found.tiles) == 1)
    number = next(iter(found.tiles))
    hands.touch(found.tiles[number])
    hands.until(hands.floor.receipts.paper.refund.isVisible)
    return number


def agree(hands: Hands, screen: FindingScreen) -> None:  # type: ignore[type-arg]
    hands.until(lambda: screen.left.currentWidget() is screen.second)
    hands.type(MANAGER)
    hands.enter()
    hands.type(MANAGER_PIN)
    hands.enter()
    hands.until(lambda: screen.left.currentWidget() is screen.home)


def refund_opened(hands: Hands) -> None:
    hands.touch(hands.floor.receipts.found.refunds)
    found = hands.floor.refunds.found
    hands.until(lambda: len(found.tiles) == 1)
    hands.touch(next(iter(found.tiles.values())))
    hands.until(hands.floor.refunds.paper.buttons.isVisible)


def test_a_line_is_counted_agreed_to_and_paid_back(selling: Hands) -> None:
    receipt_opened(selling)
    screen = selling.floor.receipts
    selling.touch(screen.paper.refund)
    sheet = screen.refunding.sheet
    selling.until(lambda: EA_CITIZEN in sheet.tiles)
    assert sheet.used.text() == "3 people went in on it."
    assert not sheet.take.isEnabled()
    selling.add(sheet.tiles[EA_CITIZEN])
    assert sheet.take.text() == "Refund KES 1,000"
    selling.touch(sheet.take)
    selling.type("one never came")
    selling.enter()
    agree(selling, screen)
    (decided,) = entries(selling, "refund.decided")
    assert (decided.data["is_approved"], decided.data["amount_minor"]) == (True, 100_000)
    selling.until(lambda: screen.paper.state.text() == "refunded in part")

    refund_opened(selling)
    refunds = selling.floor.refunds
    assert refunds.found.sum.text() == "KES 1,000 to go back"
    assert refunds.paper.state.text().startswith("to be paid back · KES 1,000")
    assert not refunds.paper.approve.isVisible()
    selling.touch(refunds.paper.pay)
    selling.touch(refunds.choosing.tiles[0])
    selling.type("UA36X1Y2ZQ")
    selling.enter()
    selling.until(lambda: refunds.paper.state.text() == "paid back")
    (paid,) = entries(selling, "refund.paid")
    assert (paid.data["tender"], paid.data["reference"]) == ("mpesa", "UA36X1Y2ZQ")
    selling.touch(refunds.found.back)
    assert selling.floor.stack.currentWidget() is screen


def test_no_more_is_counted_than_is_left(selling: Hands) -> None:
    receipt_opened(selling, 2)
    screen = selling.floor.receipts
    selling.touch(screen.paper.refund)
    sheet = screen.refunding.sheet
    selling.until(lambda: EA_CITIZEN in sheet.tiles)
    selling.touch(sheet.whole)
    assert sheet.tiles[EA_CITIZEN].count == 2
    selling.add(sheet.tiles[EA_CITIZEN])
    assert sheet.tiles[EA_CITIZEN].count == 2
    assert "At most 2" in selling.floor.banner.words.text()
    assert sheet.take.text() == "Refund KES 2,000"


def test_without_a_second_person_it_waits_and_is_refused_later(selling: Hands) -> None:
    receipt_opened(selling)
    screen = selling.floor.receipts
    selling.touch(screen.paper.refund)
    sheet = screen.refunding.sheet
    selling.until(lambda: EA_CITIZEN in sheet.tiles)
    selling.touch(sheet.whole)
    selling.touch(sheet.take)
    selling.type("wrong day")
    selling.enter()
    selling.until(lambda: screen.left.currentWidget() is screen.second)
    selling.press(Qt.Key.Key_Escape)
    assert entries(selling, "refund.decided") == []
    refund_opened(selling)
    refunds = selling.floor.refunds
    assert refunds.paper.state.text().startswith("asked for")
    selling.touch(refunds.paper.refuse)
    selling.type("they went in")
    selling.enter()
    agree(selling, refunds)
    selling.until(lambda: refunds.paper.state.text() == "refused")
    (decided,) = entries(selling, "refund.decided")
    assert decided.data["reason"] == "they went in"


def test_money_held_of_a_void_is_asked_for_in_the_list(selling: Hands) -> None:
    number = receipt_opened(selling, 2)
    till = selling.floor.till
    asked(selling, lambda: till.corrections.void(number, "turned back", Second(MANAGER, MANAGER_PIN)))
    refund_opened(selling)
    refunds = selling.floor.refunds
    assert refunds.paper.state.text().startswith("money held · KES 2,000")
    selling.touch(refunds.paper.ask)
    selling.type("turned back")
    selling.enter()
    agree(selling, refunds)
    assert [row.state for row in asked(selling, till.refund_list.listed)] == ["approved"]
    selling.until(lambda: refunds.paper.state.text().startswith("to be paid back"))
    assert not selling.floor.banner.isVisible()
