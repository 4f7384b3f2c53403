"""The second person on the screen: with a PIN, or by radio with a question and its answer."""

import pytest

from gatepos.screens import set_up
from gatepos.screens.playing import Hands
from tests.gate import CLERK, CLERK_PIN, MANAGER, MANAGER_PIN, NON_RESIDENT
from tests.screens.conftest import asked, at_work


def codes(hands: Hands) -> tuple[str, ...]:
    """A list of codes that the manager printed."""

    def make() -> tuple[str, ...]:
        till = hands.floor.till
        till.sign_in.sign_in(MANAGER, MANAGER_PIN)
        made = till.radio.make_codes()
        till.sign_in.sign_in(CLERK, CLERK_PIN)
        return made

    return asked(hands, make)


def voiding(hands: Hands) -> None:
    """A receipt that the clerk wants to void, up to the second person."""
    floor = hands.floor
    hands.add(floor.sell.people.cells[NON_RESIDENT])
    hands.touch(floor.sell.ways.tenders["mpesa"])
    hands.type("UA26X1Y2ZQ")
    hands.enter()
    hands.touch(floor.bar.tabs["receipts"])
    hands.until(lambda: len(floor.receipts.found.tiles) == 1)
    hands.touch(next(iter(floor.receipts.found.tiles.values())))
    hands.touch(floor.receipts.paper.void)
    hands.type("turned back")
    hands.enter()
    hands.until(floor.receipts.second.isVisible)


@pytest.fixture
def listed(selling: Hands) -> tuple[Hands, tuple[str, ...]]:
    """A clerk who asks the manager by radio, and the manager's list."""
    made = codes(selling)
    voiding(selling)
    second = selling.floor.receipts.second
    selling.touch(second.by_radio)
    selling.type(MANAGER)
    selling.enter()
    selling.enter()
    selling.until(second.radio.isVisible)
    return selling, made


def test_a_question_is_read_out_and_its_answer_voids(listed: tuple[Hands, tuple[str, ...]]) -> None:
    hands, made = listed
    floor = hands.floor
    second = floor.receipts.second
    assert second.radio.question.text().startswith("00")
    assert "Void a receipt" in second.radio.told.text()
    assert not second.pin.isVisible()
    hands.type(made[0])
    hands.enter()
    hands.until(lambda: bool(asked(hands, lambda: floor.till.desk.ledger.of_kind("receipt.voided"))))
    assert floor.receipts.left.currentWidget() is floor.receipts.home


def test_a_wrong_answer_is_said_and_the_question_stays(listed: tuple[Hands, tuple[str, ...]]) -> None:
    hands, made = listed
    second = hands.floor.receipts.second
    question = second.radio.question.text()
    hands.type(made[1])
    hands.enter()
    assert "not the answer" in hands.floor.banner.words.text()
    assert second.isVisible()
    assert second.radio.question.text() == question
    assert second.radio.answer.text == ""


def test_somebody_else_is_another_question(listed: tuple[Hands, tuple[str, ...]]) -> None:
    hands, _ = listed
    second = hands.floor.receipts.second
    second.number.line.setFocus()
    hands.type("2")
    assert not second.radio.isVisible()
    assert second.agree.text() == "Show the question"


def test_a_manager_prints_a_list_and_answers_another_till(selling: Hands) -> None:
    hands = selling
    hands.touch(hands.floor.bar.lock)
    hands.touch(hands.floor.sign_in.other)
    at_work(hands, MANAGER, MANAGER_PIN)
    screen = hands.floor.set_up
    hands.touch(hands.floor.bar.tabs["set_up"])
    hands.touch(screen.tabs[set_up.RADIO])
    hands.touch(screen.fields[1])
    hands.until(lambda: "Keep the list on you" in screen.panel.told.text())
    hands.touch(screen.fields[0])
    hands.type("XEA1")
    hands.enter()
    hands.touch(screen.choosing.tiles[0])
    hands.type("12345678")
    hands.enter()
    assert "XEA1 is not known" in hands.floor.banner.words.text()
