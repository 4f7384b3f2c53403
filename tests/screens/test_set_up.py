"""Set-up with real touches: what is kept, and what is refused."""

import pytest

from gatepos import settings
from gatepos.devices.printer import NoPrinter
from gatepos.domain import fees
from gatepos.screens import set_up
from gatepos.screens.choosing import ChoosingSheet
from gatepos.screens.playing import Hands
from gatepos.screens.widgets.keyboard import CASE
from tests.gate import MANAGER, MANAGER_PIN, Gate
from tests.screens.conftest import Opened, asked, at_work

SECOND_PIN = "864209"


@pytest.fixture
def managing(opened: Opened) -> Hands:
    """The kiosk with the manager on Set-up."""
    hands = at_work(opened(), MANAGER, MANAGER_PIN)
    hands.touch(hands.floor.bar.tabs["set_up"])
    return hands


def _ask(hands: Hands, section: str, field: int, typed: str) -> None:
    hands.touch(hands.floor.set_up.tabs[section])
    hands.touch(hands.floor.set_up.fields[field])
    hands.type(typed)
    hands.enter()


def test_lane_changed_shows_in_the_strip(managing: Hands) -> None:
    _ask(managing, set_up.PLACE, 1, "4")
    assert "lane 4" in managing.floor.strip.gate.text()
    assert managing.floor.set_up.panel.told.text() == "Set."


def test_a_gate_without_a_phone_is_told_until_it_has_one(managing: Hands) -> None:
    panel = managing.floor.set_up.panel
    assert panel.lacks.isVisible()
    managing.touch(managing.floor.set_up.tabs[set_up.POLICY])
    (phone,) = [field for field in managing.floor.set_up.fields if "Phone of this gate" in field.caption]
    managing.touch(phone)
    managing.type("0800 000 000")
    managing.enter()
    managing.until(lambda: not panel.lacks.isVisible())


def test_printer_that_is_none_is_refused_and_the_old_one_stays(managing: Hands) -> None:
    before = managing.floor.station.settings
    _ask(managing, set_up.PRINTER, 0, "laser")
    assert "no printer" in managing.floor.banner.words.text()
    assert managing.floor.station.settings == before


def test_a_printer_without_codes_of_its_own_is_sent_dots(managing: Hands, gate: Gate) -> None:
    managing.touch(managing.floor.set_up.tabs[set_up.PRINTER])
    managing.touch(managing.floor.set_up.fields[2])
    assert settings.load(gate.folder).qr == "raster"
    managing.touch(managing.floor.set_up.fields[2])
    assert settings.load(gate.folder).qr == "native"


def test_a_test_page_says_whether_it_was_printed(managing: Hands) -> None:
    floor = managing.floor
    managing.touch(floor.set_up.tabs[set_up.PRINTER])
    managing.touch(floor.set_up.fields[-1])
    managing.until(lambda: "look at the paper" in floor.set_up.panel.told.text())
    floor.station.papers.use(NoPrinter())
    managing.touch(floor.set_up.fields[-1])
    managing.until(floor.banner.isVisible)
    assert "does not answer" in floor.banner.words.text()
    assert not floor.set_up.panel.told.isVisible()


def test_backup_folder_is_kept_in_the_settings_file(managing: Hands, gate: Gate) -> None:
    _ask(managing, set_up.BACKUP, 0, "/media/stick")
    assert settings.load(gate.folder).backup == "/media/stick"


def test_a_printer_is_named_without_a_keyboard(managing: Hands) -> None:
    screen = managing.floor.set_up
    managing.touch(screen.tabs[set_up.PRINTER])
    managing.touch(screen.fields[0])
    keyboard = screen.typing.keyboard
    assert keyboard is not None
    for key in (CASE, *"NETWORK", ":", *"TM", "_", "1", ":", *"9100", ",", CASE, "X"):
        managing.touch(keyboard.keys[key])
    line = screen.typing.line
    assert line is not None
    assert line.text() == "network:tm_1:9100,X"


def test_settings_that_cannot_be_kept_are_said(managing: Hands, gate: Gate) -> None:
    (gate.folder / "settings.toml.new").mkdir()
    _ask(managing, set_up.BACKUP, 0, "/media/stick")
    assert "could not be kept" in managing.floor.banner.words.text()


def test_somebody_new_gets_a_start_code(managing: Hands) -> None:
    _ask(managing, set_up.STAFF, 0, "12")
    managing.touch(managing.floor.set_up.choosing.tiles[0])
    assert "Clerk 12 signs in once with" in managing.floor.set_up.panel.told.text()


def test_what_a_scanner_types_is_shown(managing: Hands) -> None:
    managing.touch(managing.floor.set_up.tabs[set_up.SCANNER])
    managing.type("KDA 412M")
    managing.enter()
    assert managing.floor.set_up.panel.told.text() == "Read: KDA 412M"


def test_a_lock_that_would_lock_everybody_out_is_refused(managing: Hands) -> None:
    keys = [setting.key for setting in asked(managing, managing.floor.till.set_up.view).policy]
    _ask(managing, set_up.POLICY, keys.index("lock_after_s"), "0")
    assert "cannot be 0" in managing.floor.banner.words.text()


@pytest.fixture
def second(managing: Hands) -> str:
    """A supervisor with a PIN, beside the manager."""

    def employed() -> None:
        till = managing.floor.till
        code = till.set_up.employ("03", ["supervisor"]).start_code
        till.sign_in.choose_pin("03", code, SECOND_PIN)
        till.sign_in.sign_in(MANAGER, MANAGER_PIN)

    asked(managing, employed)
    return "03"


def _to_lost(hands: Hands, schedule: str = "CF2016") -> ChoosingSheet:
    """What cannot be sold after a switch, on the screen."""
    page = hands.floor.set_up
    hands.touch(page.tabs[set_up.FEES])
    hands.touch(page.fields[0])
    hands.touch(next(tile for tile in page.choosing.tiles if tile.name == schedule))
    hands.until(lambda: "all the same" in page.choosing.tiles[0].name)
    return page.choosing


def _agree(hands: Hands, staff: str) -> None:
    """The second person, with their PIN."""
    page = hands.floor.set_up
    hands.until(lambda: page.left.currentWidget() is page.second)
    hands.type(staff)
    hands.enter()
    hands.type(SECOND_PIN)
    hands.enter()
    hands.until(lambda: page.left.currentWidget() is not page.second)


def _answer(hands: Hands, *typed: str) -> None:
    for text in typed:
        hands.type(text)
        hands.enter()


def test_what_a_switch_takes_away_stands_there_before_anybody_says_why(managing: Hands) -> None:
    page, choosing = managing.floor.set_up, _to_lost(managing)
    lost = {(tile.name, tile.below): tile for tile in choosing.tiles[1:]}
    assert choosing.tiles[0].below == f"{len(lost)} fees cannot be sold after it"
    assert ("EA citizen adult", "KES 1,000") not in lost
    assert lost["Night game drive", "EA citizen · KES 3,000"].is_blocked
    assert page.till.desk.ledger.state.schedule == "CF2025"


def test_a_fee_that_the_next_schedule_lacks_is_confirmed_on_the_list_by_two(
    managing: Hands, second: str
) -> None:
    choosing = _to_lost(managing)
    count = len(choosing.tiles)
    van = next(tile for tile in choosing.tiles if tile.below == "KES 1,500")
    managing.touch(van)
    _answer(managing, "300", "KWS circular 14")
    _agree(managing, second)
    managing.until(lambda: len(choosing.tiles) == count - 1)
    managing.touch(choosing.tiles[0])
    managing.touch(choosing.tiles[0])
    _answer(managing, "stay of the court")
    _agree(managing, second)
    page = managing.floor.set_up
    managing.until(lambda: "CF2016" in managing.floor.strip.gate.text())
    assert page.till.desk.schedule().sellable("NNP", fees.vehicle_key(2)).amount_minor == 30_000
    assert "1 confirmed here" in page.fields[2].value


def test_the_strip_says_by_which_schedule_the_till_sells(managing: Hands) -> None:
    assert managing.floor.strip.gate.text() == "Main Gate · lane 2\nCF2025"
