"""The driver's slip on the window: touches counted, scanned anywhere, a bill handed over, plates offered."""

import re
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gatepos.rehearsal.lane import KEY_S, hands_s
from gatepos.screens.places import RECEIPTS
from gatepos.screens.playing import Hands
from tests.gate import CLERK_PIN, EA_CITIZEN, NON_RESIDENT
from tests.screens.conftest import Opened, asked, at_work
from tests.till.test_passes import outage
from tests.till.test_slips import VAN
from tests.till.test_vehicles import came

TOUCHES_MAX, HANDS_MAX_S = 4, 6.0


def scan(hands: Hands, text: str = VAN) -> None:
    """The scanner read a slip, whatever stands on the screen."""
    hands.floor.read(text, "wedge")
    hands.settle()


def look_at_free(hands: Hands) -> None:
    """The toddler and the driver, as the documents say."""
    for ground in ("under_6", "tra_crew"):
        hands.add(hands.floor.sell.people.grounds[ground])


def owed_minor(hands: Hands) -> int:
    view = hands.floor.sell.view
    assert view is not None
    return view.total_minor


def test_walk_the_drivers_slip_lets_the_ordinary_van_in_by_three_touches(selling: Hands) -> None:
    asked(selling, lambda: outage(selling.floor.till))
    scan(selling)
    assert owed_minor(selling) == 4_394_000
    look_at_free(selling)
    selling.press(Qt.Key.Key_F5)
    assert selling.floor.sell.is_recorded
    assert selling.letters == 0
    assert 3 <= selling.touches <= TOUCHES_MAX
    assert hands_s(touches=selling.touches, scans=1, looks=1, papers=1) < HANDS_MAX_S
    ledger = selling.floor.till.desk.ledger
    (issued,) = asked(selling, lambda: ledger.of_kind("pass.issued"))
    assert issued.data["total_minor"] == 4_394_000
    assert sorted(
        [line["ground"], line["evidence"]]
        for line in cast("list[dict[str, str]]", issued.data["lines"])
        if line["ground"]
    ) == [
        ["tra_crew", "tra_badge"],
        ["under_6", "age_stated"],
    ]


def test_walk_the_drivers_slip_is_paid_by_four_touches_beside_the_code(selling: Hands) -> None:
    scan(selling)
    look_at_free(selling)
    selling.press(Qt.Key.Key_F1)
    selling.type("UA26X1Y2ZQ")
    selling.enter()
    assert selling.floor.sell.is_recorded
    assert selling.floor.sell.done.amount.text() == "KES 43,940"
    assert selling.touches <= TOUCHES_MAX
    # The ten characters of the code are the driver's payment, whichever way the bill was filled in.
    assert hands_s(touches=selling.touches, scans=1, looks=1, papers=1) < HANDS_MAX_S + TOUCHES_MAX * KEY_S
    ledger = selling.floor.till.desk.ledger
    (sold,) = asked(selling, lambda: ledger.of_kind("receipt.issued"))
    assert sum(amount for name, _, amount in sold.postings if name.startswith("asset:mpesa")) == 4_394_000


def test_a_slip_is_on_sell_whatever_screen_it_was_scanned_on(selling: Hands) -> None:
    floor = selling.floor
    selling.add(floor.sell.people.cells[NON_RESIDENT])
    floor.go(RECEIPTS)
    selling.settle()
    scan(selling)
    assert floor.stack.currentWidget() is floor.sell
    assert floor.sell.people.cells[NON_RESIDENT].count == 3
    assert "1" in floor.sell.ways.waiting.accessibleName()
    scan(selling)
    assert "1" in floor.sell.ways.waiting.accessibleName()


def test_a_slip_over_the_lock_is_refused_by_name(selling: Hands) -> None:
    selling.floor.lock()
    selling.settle()
    scan(selling)
    assert selling.floor.banner.isVisible()
    assert selling.floor.stack.currentWidget() is selling.floor.sign_in
    selling.type(CLERK_PIN)
    selling.enter()
    selling.until(selling.floor.sell.ways.hold.isVisible)
    assert owed_minor(selling) == 0


def test_what_was_left_of_a_slip_stands_beside_the_bill(selling: Hands) -> None:
    scan(selling, "GB:1:AMB:KDA412M:2:003.705")
    said = selling.floor.sell.bill.warnings.text()
    assert "AMB" in said
    assert "705" in said


def test_a_bill_that_waits_is_handed_over_as_a_code_on_the_screen(selling: Hands) -> None:
    floor = selling.floor
    scan(selling, "GB:1:::1:003:BUSH TREKS")
    asked(selling, lambda: floor.till.checkout.plate("KDA 412M"))
    selling.press(Qt.Key.Key_F6)
    selling.touch(floor.sell.ways.waiting)
    selling.touch(floor.sell.choosing.others[0])
    selling.until(lambda: floor.stack.currentWidget() is floor.code)
    assert re.search("[Nn]ot paid", floor.code.ask.text())
    selling.touch(floor.code.back)
    assert floor.stack.currentWidget() is floor.sell
    assert not floor.sell.ways.waiting.isVisible()
    (ended,) = asked(selling, lambda: floor.till.desk.ledger.of_kind("bill.abandoned"))
    assert ended.data["slip"] == "GB:1:NNP:KDA412M:1:003:BUSH TREKS"


def test_a_plate_is_offered_after_three_characters_and_fills_in_the_vehicle(selling: Hands) -> None:
    floor, till = selling.floor, selling.floor.till
    asked(selling, lambda: came(till, "KDA 412M", 2, "Bush Treks"))
    selling.add(floor.sell.people.cells[EA_CITIZEN])
    selling.touch(floor.sell.people.fields["plate"])
    selling.until(lambda: floor.sell.typing.is_asking)
    selling.type("kd")
    assert not floor.sell.typing.offers[0].isEnabled()
    selling.type("a")
    offer = floor.sell.typing.offers[0]
    selling.until(offer.isEnabled)
    assert (offer.name, "Bush Treks" in offer.below) == ("KDA 412M", True)
    selling.touch(offer)
    assert not floor.sell.typing.isVisible()
    view = floor.sell.view
    assert view is not None
    assert (view.plate, view.band, view.operator) == ("KDA412M", 2, "Bush Treks")


@pytest.mark.parametrize("language", ["en", "sw"])
@pytest.mark.parametrize("size", [(1024, 768), (1366, 768)])
def test_nothing_of_it_is_cut(opened: Opened, size: tuple[int, int], language: str) -> None:
    hands = at_work(opened(size, language))
    floor = hands.floor
    scan(hands)
    assert all(not tile.is_cut for tile in floor.sell.people.grounds.values())
    hands.press(Qt.Key.Key_F6)
    hands.touch(floor.sell.ways.waiting)
    QTest.qWait(1)
    assert not floor.sell.choosing.tiles[0].is_cut
    assert not floor.sell.choosing.others[0].is_cut
