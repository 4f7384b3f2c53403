"""The whole demonstration day on the real kiosk: every screen, every paper, a ledger that is whole."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from gatepos.rehearsal import demo

PICTURES = Path(".screens")


def test_day_plays_from_opening_to_closing(tmp_path: Path, qtbot: QtBot) -> None:
    played = demo.replay(tmp_path / "day", "en", print, is_watched=False)
    assert played.findings == ()
    assert played.papers == 8, "four sales, a correction, a void, a copy, a close"
    assert played.pictures >= 30
    PICTURES.mkdir(exist_ok=True)
    for picture in sorted((tmp_path / "day" / "screens").glob("*.png")):
        (PICTURES / picture.name).write_bytes(picture.read_bytes())
