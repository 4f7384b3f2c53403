"""The evening of the outage day: the manager closes it at the kiosk, and central says the same."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gatepos.rehearsal import closing, lane
from gatepos.rehearsal.morning import Morning
from tests.gate import CHEAP

pytestmark = pytest.mark.proof


def test_the_manager_closes_the_outage_day_and_nothing_is_left_unexplained(
    tmp_path: Path, qtbot: QtBot
) -> None:
    day = Morning(tmp_path / "day", 40, 20260102, CHEAP)
    day.play()
    day.evening()
    day.night()
    done = closing.close(day, tmp_path / "closing")
    assert (done.left, done.findings) == (0, ())
    assert done.decided == 6, "of each paybill a payment is missing, one is short, and one is nobody's"
    assert done.kiosk
    assert done.kiosk == done.central
    assert lane.hands_s(done.touches, done.keys) < 120
    assert done.files > 30
