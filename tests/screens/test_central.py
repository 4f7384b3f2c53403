"""The screen of central: what it says while a till is connected, cut off, offline by choice, or alone."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gatepos import app
from gatepos.domain.keyring import KeyRow
from gatepos.screens.playing import Hands
from gatepos.seal.keys import TillKey
from gatepos.settings import FILE, Settings, dump
from gatepos.sync import address
from gatepos.sync.address import Address
from gatepos.till.station import Station
from tests.gate import MANAGER, MANAGER_PIN, Gate
from tests.screens.conftest import Opened, at_work
from tests.sync.central import TOKEN, Central


@pytest.fixture
def central(gate: Gate) -> Iterator[Central]:
    """A central that only plays."""
    gate.make()
    settings = Settings(printer=f"file:{gate.folder / 'printed'}")
    (gate.folder / FILE).write_text(dump(settings), encoding="utf-8")
    public = TillKey.load(gate.folder / app.KEY).public
    made = Central(gate.code, public)
    certificate = made.certificate(KeyRow(gate.code, public, "NNP", gate.place, "2"))
    with made.listening() as url:
        address.save(gate.folder, Address(url, made.key.public, TOKEN, certificate, is_demo=True))
        yield made


@pytest.fixture
def station(central: Central, gate: Gate) -> Station:
    """A till that has joined it; nobody is signed in."""
    return app.open_station(gate.folder, gate.world())


def _shown(hands: Hands) -> str:
    return hands.floor.central.lines.lines.accessibleName()


def _open(hands: Hands) -> None:
    QTest.mouseClick(hands.floor.strip.dots, Qt.MouseButton.LeftButton)
    hands.settle()
    assert hands.floor.stack.currentWidget() is hands.floor.central


def _head(station: Station) -> int:
    return station.thread.ask(lambda: station.till.desk.ledger.head[0]).result()


def _until(hands: Hands, is_so: Callable[[], bool]) -> None:
    def looked() -> bool:
        hands.floor.central.look()
        return is_so()

    hands.until(looked)


def test_it_says_what_waits_and_what_central_dislikes(
    central: Central, station: Station, opened: Opened
) -> None:
    central.flags = [{"seq": 3, "why": "form"}]
    hands = at_work(opened(), MANAGER, MANAGER_PIN)
    assert central.has(_head(station))
    _open(hands)
    _until(hands, lambda: "Entries that wait 0" in _shown(hands))
    _until(hands, lambda: "Entry 3, stored and disliked" in _shown(hands))
    assert "central works" in _shown(hands)
    assert "M-PESA not known" in _shown(hands)
    assert hands.floor.central.panel.now.isVisible()


def test_who_works_offline_by_choice_sends_nothing_until_the_choice_ends(
    central: Central, station: Station, opened: Opened
) -> None:
    hands = at_work(opened(), MANAGER, MANAGER_PIN)
    assert central.has(_head(station))
    _open(hands)
    panel = hands.floor.central.panel
    hands.touch(panel.offline)
    hands.type("the line is being moved")
    hands.enter()
    _until(hands, lambda: "by choice" in panel.told.text())
    sent = len(central.stored)
    assert not panel.now.isVisible()
    hands.touch(panel.offline)
    _until(hands, panel.now.isVisible)
    assert central.has(_head(station))
    kinds = station.thread.ask(lambda: [e.data for e in station.till.desk.ledger.of_kind("sync.paused")])
    assert [entry["is_paused"] for entry in kinds.result()] == [True, False]
    assert len(central.stored) > sent


def test_what_is_down_by_centrals_word_proposes_an_outage_and_opens_none(
    central: Central, station: Station, opened: Opened
) -> None:
    central.outside = [_word("platform", "down", "2026-01-02T02:50:00.000Z")]
    hands = at_work(opened())
    strip, sheet = hands.floor.strip, hands.floor.sell.outage
    hands.until(strip.outage.isVisible)
    assert "no platform since 02:50" not in strip.dots.texts()
    assert "no platform since 05:50" in strip.dots.texts()
    hands.touch(strip.outage)
    hands.until(sheet.isVisible)
    assert "The payment platform is down since 2 Jan 05:50" in sheet.proposed.text()
    assert sheet.minutes.text == "281"
    assert not station.thread.ask(lambda: station.till.outages.view().is_open).result()


def test_somebody_at_the_till_says_what_they_saw_and_the_newest_word_counts(
    central: Central, station: Station, opened: Opened
) -> None:
    central.outside = [_word("platform", "down", "2026-01-02T02:50:00.000Z")]
    hands = at_work(opened())
    screen = hands.floor.central
    hands.until(hands.floor.strip.outage.isVisible)
    _open(hands)
    assert "payment platform down since 2 Jan 05:50" in _shown(hands)
    hands.touch(screen.panel.say)
    hands.touch(screen.choosing.tiles[2])
    hands.settle()
    assert "payment platform works" in _shown(hands)
    hands.until(lambda: not hands.floor.strip.outage.isVisible())
    assert "platform" in hands.floor.strip.dots.texts()


def _word(what: str, state: str, since: str) -> dict[str, object]:
    return {"what": what, "state": state, "by": "office", "since": since, "at": "2026-01-02T07:21:00.000Z"}
