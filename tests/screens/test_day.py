"""The whole demonstration day on the real kiosk: every screen, every paper, a ledger that is whole."""

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gatepos.rehearsal import demo

pytestmark = pytest.mark.proof
PICTURES = Path(".screens")


def test_day_plays_from_opening_to_closing(tmp_path: Path, qtbot: QtBot) -> None:
    played = demo.replay(tmp_path / "day", "en", print, is_watched=False)
    assert played.findings == ()
    assert played.papers == 16, (
        "four sales, two of one payer, a correction, a void, a copy, another after a doubt, a close;"
        " two passes, one paid, one on undertaking, a statement"
    )
    assert played.pictures >= 60
    shutil.rmtree(PICTURES, ignore_errors=True)
    shutil.copytree(tmp_path / "day" / "screens", PICTURES)
