"""The stay at 11:00 with 40 open passes: entered at 11:20, priced anew by touch, closed to the shilling."""

from functools import partial
from typing import cast

import pytest

from gatepos.ledger import verification
from gatepos.screens.page import Page
from gatepos.screens.playing import Hands
from gatepos.till.approvals import Second
from gatepos.till.till import Till
from tests.gate import MANAGER, MANAGER_PIN, NON_RESIDENT, FixedClock
from tests.screens.conftest import Opened, asked, at_work
from tests.till.test_passes import token

MINUTE_MS = 60_000
SECOND, SECOND_PIN = "03", "864209"
OPEN, BEFORE = 40, 3
NEW_MINOR, OLD_MINOR = 80 * 12_950 + 150_000, 556_800 + 30_000
_TOUCHES_MAX = 19
"""To confirm a fee, switch from 11:00 on and price 40 passes anew; each Enter counts."""
_LETTERS_MAX = 80


@pytest.fixture
def queue(opened: Opened) -> Hands:
    """The manager at a window that let 3 vans in before 11:00 and 40 until 11:20; another has paid."""
    hands = at_work(opened(), MANAGER, MANAGER_PIN)
    asked(hands, lambda: _morning(hands.floor.till))
    hands.touches = hands.letters = 0
    return hands


def _morning(till: Till) -> None:
    code = till.set_up.employ(SECOND, ["supervisor"]).start_code
    till.sign_in.choose_pin(SECOND, code, SECOND_PIN)
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    second = Second(SECOND, SECOND_PIN)
    till.outages.open("platform", authority="KWS/OPS/2026/1", paybill="600000", second=second)
    clock = cast(FixedClock, till.desk.clock)
    for n in range(BEFORE + OPEN + 1):
        if n == BEFORE:
            clock.pass_by(30 * MINUTE_MS)
        till.checkout.tap(NON_RESIDENT)
        till.checkout.vehicle(2)
        till.checkout.plate(f"KBB {n:03d}B")
        number = till.passes.issue().number
    till.gate.settle([number])
    till.settlements.pay("mpesa")
    till.settlements.mpesa("UA26X1Y2ZQ", str(NEW_MINOR // 100))
    clock.pass_by(19 * MINUTE_MS)


def _agree(hands: Hands, page: Page) -> None:
    hands.until(lambda: page.left.currentWidget() is page.second)
    for typed in (SECOND, SECOND_PIN):
        hands.type(typed)
        hands.enter()
    hands.until(lambda: page.left.currentWidget() is not page.second)


def _switch(hands: Hands) -> None:
    """The vehicle's fee is confirmed, and the schedule switched from 11:00 on."""
    page = hands.floor.set_up
    choosing = page.choosing
    hands.touch(hands.floor.bar.tabs["set_up"])
    hands.touch(page.fields[0])
    hands.touch(next(tile for tile in choosing.tiles if tile.name == "CF2016"))
    hands.until(lambda: "all the same" in choosing.tiles[0].name)
    count = len(choosing.tiles)
    hands.touch(next(tile for tile in choosing.tiles if tile.below == "KES 1,500"))
    for typed in ("300", "circular 14"):
        hands.type(typed)
        hands.enter()
    _agree(hands, page)
    hands.until(lambda: len(choosing.tiles) == count - 1)
    hands.touch(choosing.tiles[0])
    hands.touch(choosing.tiles[1])
    for typed in ("11:00", "stay of the court"):
        hands.type(typed)
        hands.enter()
    _agree(hands, page)
    hands.until(lambda: "CF2016" in hands.floor.strip.gate.text())


def _price_anew(hands: Hands) -> None:
    """All that was priced since 11:00, with one agreement."""
    screen = hands.floor.passes
    hands.touch(hands.floor.bar.tabs["passes"])
    hands.until(screen.found.since.isVisible)
    assert f"{OPEN} priced before CF2016" in screen.found.since.accessibleName()
    hands.touch(screen.found.since)
    hands.until(lambda: bool(screen.choosing.tiles) and "anew" in screen.choosing.tiles[0].name)
    assert screen.choosing.tiles[0].name == f"Price {OPEN} passes anew"
    hands.touch(screen.choosing.tiles[0])
    _agree(hands, screen)
    hands.until(lambda: not screen.found.since.isVisible())


def test_the_stay_at_eleven_with_forty_open_passes(queue: Hands) -> None:
    till = queue.floor.till
    _switch(queue)
    _price_anew(queue)
    assert queue.touches <= _TOUCHES_MAX, queue.touches
    assert queue.letters <= _LETTERS_MAX, queue.letters
    owing = asked(queue, lambda: till.desk.ledger.receivables.of_till(till.desk.own.till))
    assert (owing.count, owing.minor) == (BEFORE + OPEN, BEFORE * NEW_MINOR + OPEN * OLD_MINOR)
    anew = asked(queue, lambda: till.desk.ledger.of_kind("pass.reissued"))
    assert all(entry.fields["also"] == {"staff": SECOND, "how": "pin"} for entry in anew)
    assert {entry.data["outage_since"] for entry in anew} != {None}
    for entry in anew:
        asked(queue, partial(_leaves, till, str(entry.number)))
    owing = asked(queue, lambda: till.desk.ledger.receivables.of_till(till.desk.own.till))
    assert owing.minor == BEFORE * NEW_MINOR
    assert asked(queue, lambda: verification.verify(till.desk.ledger.conn, (), None)).findings == []


def _leaves(till: Till, number: str) -> None:
    """The new paper at the exit, paid to the shilling."""
    if till.gate.direction == "in":
        till.gate.turn()
    view = till.gate.scan(token(till, number))
    assert (view.word, view.owed_minor) == ("not_paid", OLD_MINOR)
    till.settlements.pay("mpesa")
    till.settlements.mpesa(f"UB{till.desk.ledger.head[0]:06d}ZZ", str(OLD_MINOR // 100))
    if till.lane.work.tenders:  # a code that looks like one before it is asked about
        till.settlements.record()
