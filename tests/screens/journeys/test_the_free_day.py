"""The free day: two persons begin it, Kenyans go in with a touch each, and at its end nothing is free."""

import pytest

from gatepos.domain import moments
from gatepos.ledger import takings
from gatepos.ledger.takings import Span
from gatepos.screens import set_up
from gatepos.screens.playing import Hands
from tests.gate import EA_CITIZEN, MANAGER, MANAGER_PIN, Gate
from tests.screens.conftest import Opened, asked, at_work
from tests.till.test_free_entry import KENYAN, TODAY

DAY = TODAY.isoformat()
SUPERVISOR, SUPERVISOR_PIN = "03", "864209"


@pytest.fixture
def managing(opened: Opened) -> Hands:
    """The kiosk with the manager at the window, and a supervisor who may agree."""
    hands = at_work(opened(), MANAGER, MANAGER_PIN)
    till = hands.floor.till

    def employ() -> None:
        code = till.set_up.employ(SUPERVISOR, ["supervisor"]).start_code
        till.sign_in.choose_pin(SUPERVISOR, code, SUPERVISOR_PIN)
        till.sign_in.sign_in(MANAGER, MANAGER_PIN)

    asked(hands, employ)
    return hands


def begin(hands: Hands, *who: str) -> None:
    """A notice for today, as it is typed from the order."""
    floor = hands.floor
    hands.touch(floor.bar.tabs["set_up"])
    hands.touch(floor.set_up.tabs[set_up.FEES])
    (notices,) = [field for field in floor.set_up.fields if "Free-entry" in field.caption]
    hands.touch(notices)
    for typed in ("Wildlife Day", "KWS/FE/1/2026", "", "", ""):
        hands.until(lambda: floor.set_up.typing.is_asking)
        hands.settle()
        hands.type(typed)
        hands.enter()
    choosing = floor.set_up.choosing
    for one in (*who, "Begin free entry"):
        hands.until(lambda: bool(choosing.tiles))
        hands.touch(next(tile for tile in choosing.tiles if tile.name == one))
    hands.until(floor.set_up.second.isVisible)
    hands.type(SUPERVISOR)
    hands.enter()
    hands.type(SUPERVISOR_PIN)
    hands.enter()
    hands.until(lambda: floor.set_up.panel.told.text() == "Set.")
    hands.touch(floor.bar.tabs["sell"])
    hands.touches = hands.letters = 0


def test_the_free_day(managing: Hands, gate: Gate) -> None:
    hands, sell = managing, managing.floor.sell
    begin(hands, "Kenyan citizen")
    assert sell.people.cells[KENYAN].price == "Free today"
    assert sell.people.cells[EA_CITIZEN].price == "KES 1,000"
    hands.add(sell.people.cells[KENYAN], 4)
    hands.touch(sell.people.vehicles[1])
    hands.until(lambda: sell.typing.is_asking)
    hands.settle()
    hands.type("KDA412M")
    hands.enter()
    hands.touch(sell.ways.tenders["mpesa"])
    hands.type("UA26X1Y2ZQ")
    hands.enter()
    hands.until(lambda: sell.is_recorded)
    assert sell.done.amount.text() == "KES 600", "the vehicle is not free"
    assert hands.touches == 8
    hands.until(lambda: not sell.done.bounces)
    hands.touch(sell.done.next)
    hands.touches = 0
    hands.add(sell.people.cells[KENYAN], 4)
    hands.touch(sell.ways.nothing)
    hands.until(lambda: sell.is_recorded)
    assert hands.touches == 5, "on foot: each of them, and one touch more"
    gate.clock.pass_by(moments.at_local(TODAY, 19, 1) - gate.clock.wall_ms())
    hands.until(lambda: not sell.done.bounces)
    hands.touch(sell.done.next)
    hands.until(lambda: KENYAN not in sell.people.cells)
    hands.add(sell.people.cells[EA_CITIZEN])
    assert sell.view is not None
    assert sell.view.total_minor == 100_000

    def sums() -> tuple[int, int, int]:
        till = hands.floor.till
        rows, span = (
            takings.of_ledger(till.desk.ledger.conn),
            Span((till.desk.own.till,), DAY, DAY),
        )
        (all_,) = takings.charged(rows, span)
        return all_.people, all_.kes_minor, all_.foregone_minor

    assert asked(hands, sums) == (8, 60_000, 800_000)


def test_the_lodges_supply_goes_in_by_its_plate(opened: Opened) -> None:
    hands = at_work(opened())
    sell = hands.floor.sell
    hands.touch(sell.people.apart)
    hands.touch(next(tile for tile in sell.choosing.tiles if tile.name == "Lodge supply"))
    hands.until(lambda: sell.typing.is_asking)
    hands.settle()
    hands.type("KAB100C")
    hands.enter()
    assert sell.ways.nothing.hasFocus()
    hands.enter()
    hands.until(lambda: sell.is_recorded)
    assert hands.touches == 4
    assert sell.done.amount.text() == "KES 0"
