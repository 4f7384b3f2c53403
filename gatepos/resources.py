"""The files that come with the program: schedules, parks, words, fonts, sounds."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def folder() -> Path:
    """The assets folder: inside the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "assets"
    return installed if installed.is_dir() else _PACKAGE.parent / "assets"


def text(name: str) -> str:
    """The UTF-8 text of the asset `name`, a path below the assets folder."""
    return (folder() / name).read_text(encoding="utf-8")
