"""The auditor takes the whole ledger away on a stick, while the till goes on."""

from pathlib import Path

from gatepos.reports import manifest
from gatepos.screens.playing import Hands
from gatepos.till.station import Station
from tests.gate import MANAGER, MANAGER_PIN
from tests.screens.conftest import Opened, asked

AUDITOR, PIN = "90", "864209"


def auditor(hands: Hands, station: Station) -> Hands:
    """The auditor at the window, on Receipts, where their day begins."""

    def employ() -> None:
        till = station.till
        till.sign_in.sign_in(MANAGER, MANAGER_PIN)
        till.sign_in.choose_pin(AUDITOR, till.set_up.employ(AUDITOR, ["auditor"]).start_code, PIN)
        till.sign_in.sign_out()

    asked(hands, employ)
    hands.floor.ask_who()
    hands.until(lambda: AUDITOR in hands.floor.sign_in.tiles)
    hands.touch(hands.floor.sign_in.tiles[AUDITOR])
    hands.type(PIN)
    hands.enter()
    hands.until(hands.floor.receipts.isVisible)
    hands.settle()
    return hands


def test_the_auditor_writes_a_stick_that_checks_and_is_told_when_to_take_it(
    opened: Opened, station: Station, tmp_path: Path
) -> None:
    hands = auditor(opened(), station)
    stick = tmp_path / "stick"
    stick.mkdir()
    hands.touch(hands.floor.bar.tabs["takings"])
    hands.touch(hands.floor.takings.panel.audit)
    hands.type(str(stick))
    hands.enter()
    hands.type("4711")
    hands.enter()
    hands.until(
        lambda: bool(list(stick.glob("xnm2-audit-*"))) and "take it out" in hands.floor.banner.words.text()
    )
    (made,) = stick.glob("xnm2-audit-*")
    assert manifest.check(made, {"XNM2": station.till.desk.own.public}).findings == ()
    assert 'seed\\":4711' in (made / "stick.js").read_text("utf-8")


def test_a_stick_that_is_not_there_is_named(opened: Opened, station: Station, tmp_path: Path) -> None:
    hands = auditor(opened(), station)
    hands.touch(hands.floor.bar.tabs["takings"])
    hands.touch(hands.floor.takings.panel.audit)
    hands.type(str(tmp_path / "gone"))
    hands.enter()
    hands.type("1")
    hands.enter()
    hands.until(lambda: "There is no folder" in hands.floor.banner.words.text())


def test_a_clerk_has_no_such_button(selling: Hands) -> None:
    assert not selling.floor.bar.tabs["takings"].isVisible()
