"""The morning card: one line at the first sign-in of a day, and what is to be done with its touch."""

from pathlib import Path

import pytest

from gatepos.domain import moments
from gatepos.i18n import words
from gatepos.screens import set_up
from gatepos.screens.playing import Hands
from tests.gate import CLERK, CLERK_PIN, MANAGER, MANAGER_PIN, Gate
from tests.screens.conftest import Opened, asked


def signed_in(hands: Hands, number: str = CLERK, pin: str = CLERK_PIN) -> Hands:
    """Who comes first on the next day, and the line is there."""
    hands.until(lambda: number in hands.floor.sign_in.tiles)
    hands.touch(hands.floor.sign_in.tiles[number])
    hands.type(pin)
    hands.enter()
    hands.until(lambda: bool(hands.floor.banner.words.text()))
    hands.settle()
    return hands


@pytest.fixture
def next_day(opened: Opened, gate: Gate) -> Hands:
    """The kiosk on the morning after it was set up."""
    gate.clock.pass_by(moments.DAY_MS)
    return opened()


def make_ready(hands: Hands, tmp_path: Path) -> None:
    """A test page, a list of codes, and a backup made a moment ago on this machine's clock."""
    station = hands.floor.station
    medium = tmp_path / "stick"
    medium.mkdir()

    def make() -> None:
        station.till.sign_in.sign_in(MANAGER, MANAGER_PIN)
        station.till.radio.make_codes()
        station.till.sign_in.sign_out()

    asked(hands, make)
    station.test_printer(words("en")).result()
    station.settings = type(station.settings)(printer=station.settings.printer, backup=str(medium))
    station.back_up(medium).result()


def test_what_is_to_be_done_is_one_amber_line_that_opens_the_card(next_day: Hands) -> None:
    hands = signed_in(next_day)
    floor = hands.floor
    assert floor.banner.sign.text() == "⚠"
    assert "Paper, Backup stick, Approves by radio. Touch to see." in floor.banner.words.text()
    hands.touch(floor.banner)
    assert floor.morning.isVisible()
    assert floor.morning.tiles["Backup stick"].below == "not chosen"
    hands.touch(floor.morning.tiles["Backup stick"])
    assert "supervisor or a manager" in floor.banner.words.text()
    hands.touch(floor.morning.back)
    assert floor.shift.float.open.isVisible()


def test_a_printer_of_which_nothing_is_known_is_to_be_tested_by_a_touch(next_day: Hands) -> None:
    hands = signed_in(next_day)
    card = hands.floor.morning
    hands.touch(hands.floor.banner)
    assert (card.tiles["Paper"].name, card.tiles["Paper"].below) == ("⚠ Paper", "not known: print a test")
    hands.touch(card.tiles["Paper"])
    hands.until(lambda: card.tiles["Paper"].name == "✓ Paper")
    assert card.tiles["Paper"].below == "sent to the printer: look at it"


def test_a_manager_is_led_to_where_it_is_done(next_day: Hands) -> None:
    hands = signed_in(next_day, MANAGER, MANAGER_PIN)
    hands.touch(hands.floor.banner)
    hands.touch(hands.floor.morning.tiles["Approves by radio"])
    assert hands.floor.set_up.isVisible()
    assert hands.floor.set_up.section == set_up.RADIO


def test_a_till_that_is_ready_says_so_in_green(opened: Opened, gate: Gate, tmp_path: Path) -> None:
    hands = opened()
    make_ready(hands, tmp_path)
    gate.clock.pass_by(moments.DAY_MS)
    signed_in(hands)
    assert hands.floor.banner.sign.text() == "✓"
    assert hands.floor.banner.words.text().startswith("Ready: USD rate Jan 2026, 129.50 · ")
    hands.touch(hands.floor.bar.lock)
    hands.type(CLERK_PIN)
    hands.enter()
    hands.settle()
    assert not hands.floor.banner.isVisible(), "the second of the day is told nothing"


@pytest.mark.parametrize("size", [(1366, 768), (1024, 768)], ids=str)
@pytest.mark.parametrize("language", ["en", "sw"])
def test_nothing_on_the_card_is_cut(opened: Opened, gate: Gate, size: tuple[int, int], language: str) -> None:
    gate.clock.pass_by(moments.DAY_MS)
    hands = signed_in(opened(size, language))
    hands.touch(hands.floor.banner)
    assert [tile.name for tile in hands.floor.morning.tiles.values() if tile.is_cut] == []
