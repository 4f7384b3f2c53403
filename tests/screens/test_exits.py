"""Exits and driver of a pass with real touches: chosen beside F5, and never in its way."""

import pytest

from gatepos.rehearsal import day, vans
from gatepos.screens.playing import Hands
from gatepos.till.views import RecordedView
from tests.gate import EA_CITIZEN
from tests.screens.conftest import asked
from tests.screens.test_outage import entries
from tests.till.test_passes import outage, van_in


@pytest.fixture
def down(selling: Hands) -> Hands:
    """Sell in an outage."""
    asked(selling, lambda: outage(selling.floor.till))
    selling.floor.sell.start()
    selling.until(selling.floor.sell.ways.exits.isVisible)
    return selling


def test_outside_an_outage_nobody_is_asked_for_exits(selling: Hands) -> None:
    assert not selling.floor.sell.ways.exits.isVisible()


def test_the_gates_that_were_touched_stand_in_the_pass(down: Hands) -> None:
    sell = down.floor.sell
    day.fill(down, vans.ordinary())
    assert sell.ways.exits.note == "any gate"
    down.touch(sell.ways.exits)
    for code in ("MAIN", "EAST", "MAIN"):
        down.touch(sell.exits.gates[code])
    assert sell.ways.exits.note == "East Gate"
    down.touch(sell.exits.back)
    down.touch(sell.ways.gate_pass)
    down.until(lambda: sell.is_recorded)
    assert [entry.data["exits"] for entry in entries(down, "pass.issued")] == [["EAST"]]
    assert sell.ways.exits.note == "Main Gate", "on foot until the next vehicle is tapped"


def test_on_foot_there_is_nothing_to_choose(down: Hands) -> None:
    sell = down.floor.sell
    down.add(sell.people.cells[EA_CITIZEN])
    down.touch(sell.ways.exits)
    assert sell.exits.says.text() == "On foot: they leave by Main Gate only."
    assert not any(tile.isVisible() for tile in sell.exits.gates.values())


def test_a_phone_that_is_none_is_refused_and_asked_for_again(down: Hands) -> None:
    sell = down.floor.sell
    day.fill(down, vans.ordinary())
    down.touch(sell.ways.exits)
    down.touch(sell.exits.driver)
    down.type("0712")
    down.enter()
    assert "not a phone" in down.floor.banner.words.text()
    assert sell.exits.driver.value == ""
    down.touch(sell.exits.driver)
    down.type("0712345678")
    down.enter()
    assert sell.exits.driver.value == "0712 345 678"


def test_the_phone_stands_beside_its_pass_at_this_till(selling: Hands) -> None:
    till = selling.floor.till

    def issue() -> RecordedView:
        outage(till)
        till.passes.driver("0712345678")
        return van_in(till)

    asked(selling, issue)
    selling.touch(selling.floor.bar.tabs["passes"])
    found = selling.floor.passes.found
    selling.until(lambda: len(found.tiles) == 1)
    selling.touch(next(iter(found.tiles.values())))
    selling.until(selling.floor.passes.paper.buttons.isVisible)
    state = selling.floor.passes.paper.state.text().replace("\N{NO-BREAK SPACE}", " ")
    assert "Driver: 0712 345 678" in state
