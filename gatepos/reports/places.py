"""Where a statement or bundles may lie, and where an export may go: sticks, and the user's own folders."""

import os
import string
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gatepos.ledger import bodies

ENDINGS = (".csv", ".xlsx", ".txt")
FILES_MAX = 60
_OWN = ("Downloads", "Desktop", "Documents")


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be a statement; `size` in bytes, when it was written in ms since 1970 UTC."""

    path: Path
    size: int
    at_ms: int


def sticks() -> list[Path]:
    """The removable media that are in now."""
    if sys.platform == "win32":
        drives = (Path(f"{letter}:\\") for letter in string.ascii_uppercase[3:])
        return [drive for drive in drives if drive.exists()]
    user = os.environ.get("USER", "")
    roots = [Path("/media") / user, Path("/run/media") / user]
    return [path for root in roots for path in _inside(root) if path.is_dir()]


def folders() -> list[Path]:
    """Sticks first, then where downloads go."""
    own = (Path.home() / name for name in _OWN)
    return [*sticks(), *(path for path in own if path.is_dir())]


def bundles(folder: Path) -> list[Path]:
    """The bundles of tills in a folder and in those inside it."""
    inside = [folder, *(path for path in _inside(folder) if path.is_dir())]
    return [path for place in inside for path in _inside(place) if path.suffix.lower() == bodies.SUFFIX]


def statements(folders: Iterable[Path]) -> list[File]:
    """The files in these folders that may be statements, the newest first."""
    found = [file for folder in folders for path in _inside(folder) if (file := _file(path)) is not None]
    return sorted(found, key=lambda file: (-file.at_ms, str(file.path)))[:FILES_MAX]


def _file(path: Path) -> File | None:
    if path.suffix.lower() not in ENDINGS:
        return None
    try:
        stat = path.stat()
    except OSError:
        return None
    return File(path, stat.st_size, stat.st_mtime_ns // 1_000_000)


def _inside(folder: Path) -> Iterator[Path]:
    """What a folder holds; nothing where it cannot be read."""
    try:
        yield from sorted(folder.iterdir())
    except OSError:
        return
