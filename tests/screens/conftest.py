"""A kiosk for tests: the real window on a real till, offscreen, its clock standing still."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from pytestqt.qtbot import QtBot

from gatepos import app
from gatepos.screens import running
from gatepos.screens.playing import Hands
from gatepos.settings import FILE, Settings, dump
from gatepos.till.station import Station
from tests.gate import CLERK, CLERK_PIN, Gate

_T = TypeVar("_T")
Opened = Callable[..., Hands]


@pytest.fixture
def station(gate: Gate) -> Station:
    """A station over a till with a manager, two clerks and a printer; nobody is signed in."""
    gate.make()
    settings = Settings(printer=f"file:{gate.folder / 'printed'}")
    (gate.folder / FILE).write_text(dump(settings), encoding="utf-8")
    return app.open_station(gate.folder, gate.world())


@pytest.fixture
def opened(station: Station, qtbot: QtBot) -> Iterator[Opened]:
    """Opens the kiosk at a size, in a language and a theme."""
    shown = []

    def open_(size: tuple[int, int] = (1366, 768), language: str = "en", theme: str = "light") -> Hands:
        kiosk = running.shown(station, size)
        shown.append(kiosk)
        kiosk.kit.look.use(theme)
        kiosk.kit.speech.use(language)
        hands = Hands(kiosk)
        hands.settle()
        return hands

    yield open_
    for kiosk in shown:
        kiosk.close()


@pytest.fixture
def selling(opened: Opened) -> Hands:
    """The kiosk with a clerk at the window and a shift open, on Sell."""
    return at_work(opened())


def at_work(hands: Hands, number: str = CLERK, pin: str = CLERK_PIN) -> Hands:
    """Sign in, open a shift, count touches from here on."""
    hands.until(lambda: number in hands.floor.sign_in.tiles)
    hands.touch(hands.floor.sign_in.tiles[number])
    hands.type(pin)
    hands.enter()
    hands.until(hands.floor.shift.float.open.isVisible)
    hands.touch(hands.floor.shift.float.open)
    hands.until(hands.floor.sell.ways.hold.isVisible)
    hands.settle()
    hands.touches = hands.letters = 0
    return hands


def asked(hands: Hands, action: Callable[[], _T]) -> _T:
    """What the till answers, asked where it may be asked: on the ledger's thread."""
    return hands.floor.station.thread.ask(action).result()
