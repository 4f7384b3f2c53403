"""After a stop, a paper that nobody knows about is asked for before anything is sold."""

import pytest
from pytestqt.qtbot import QtBot

from gatepos import app
from gatepos.screens import running
from gatepos.screens.playing import Hands
from tests.gate import CLERK, CLERK_PIN, Gate, ordinary_van, selling
from tests.screens.conftest import asked

_SOLD = "UA26X1Y2ZQ"


@pytest.mark.parametrize("is_begun", [False, True])
def test_paper_in_doubt_is_shown_first_and_prints_at_most_once(
    gate: Gate, qtbot: QtBot, is_begun: bool
) -> None:
    till = selling(gate.built())
    ordinary_van(till)
    till.payments.pay("mpesa")
    till.payments.mpesa(_SOLD)
    if is_begun:
        assert till.printing.next() is not None
    till.desk.ledger.close()
    kiosk = running.shown(app.open_station(gate.folder, gate.world()), (1366, 768))
    hands = Hands(kiosk)
    floor = hands.floor
    hands.until(lambda: CLERK in floor.sign_in.tiles)
    hands.touch(floor.sign_in.tiles[CLERK])
    hands.type(CLERK_PIN)
    hands.enter()
    hands.until(floor.doubts.yes.isVisible)
    assert not floor.sell.isVisible()
    hands.touch(floor.doubts.yes)
    hands.until(floor.sell.isVisible)
    assert not asked(hands, floor.till.printing.in_doubt)
    assert len(asked(hands, lambda: floor.till.desk.ledger.of_kind("print.done"))) == 1
    kiosk.close()
