"""The settings file of one machine: devices and looks, never money, people or policy."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from gatepos.errors import Trouble
from gatepos.i18n import LANGUAGES, N_

FILE = "settings.toml"
THEMES = ("light", "dark")
TYPING = "typing"
"""A scanner that types like a keyboard."""
NATIVE, RASTER = QR_CODES = ("native", "raster")
"""Who draws a QR code: the printer itself, or this program, dot by dot, where the printer cannot."""
AUTO, OFF = VISITOR_DISPLAYS = ("auto", "off")
"""Whether a second display shows the visitor's side."""


class BadSettings(Trouble):
    """A settings file that cannot be followed."""

    says = N_("{file}, line {line}: {why}.")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where this machine prints, keeps its tapes and backups, and how it looks."""

    language: str = "en"
    theme: str = "light"
    scale_percent: int = 100
    visitor_display: str = AUTO
    printer: str = "none"
    paper_mm: int = 80
    qr: str = NATIVE
    scanner: str = TYPING
    first_tape: str = ""
    backup: str = ""

    def tape_folders(self, folder: Path) -> tuple[Path, ...]:
        """The tape folders, another medium first."""
        own = folder / "tape"
        return (Path(self.first_tape), own) if self.first_tape else (own,)


def load(folder: Path) -> Settings:
    """The settings of a till's folder, defaults where there are none; BadSettings names the line."""
    path = folder / FILE
    try:
        return parse(path.read_text(encoding="utf-8"), path.name)
    except FileNotFoundError:
        return Settings()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BadSettings(file=path.name, line=line, why="it is not UTF-8 text") from error
    except OSError as error:
        raise BadSettings(file=path.name, line=1, why=error.strerror) from error


def parse(text: str, name: str = FILE) -> Settings:
    """Settings from TOML; BadSettings."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(file=name, line=_line_of_error(error), why=str(error)) from error
    known = {field.name: type(getattr(Settings(), field.name)) for field in fields(Settings)}
    for key, value in found.items():
        if key not in known:
            raise BadSettings(file=name, line=_line(text, key), why=f"unknown setting {key}")
        if type(value) is not known[key]:
            raise BadSettings(file=name, line=_line(text, key), why=f"{key} has the wrong type")
        if "\0" in str(value):  # no system has such a path
            raise BadSettings(file=name, line=_line(text, key), why=f"{key} cannot be that")
    return _checked(replace(Settings(), **found), text, name)


def dump(settings: Settings) -> str:
    """The settings as TOML."""
    return "".join(f"{field.name} = {_toml(getattr(settings, field.name))}\n" for field in fields(settings))


def _checked(settings: Settings, text: str, name: str) -> Settings:
    allowed: Mapping[str, tuple[object, ...]] = {
        "language": tuple(LANGUAGES),
        "theme": THEMES,
        "visitor_display": VISITOR_DISPLAYS,
        "paper_mm": (58, 80),
        "qr": QR_CODES,
        "scale_percent": tuple(range(100, 201)),
    }
    for key, values in allowed.items():
        if getattr(settings, key) not in values:
            raise BadSettings(file=name, line=_line(text, key), why=f"{key} cannot be that")
    return settings


def _line(text: str, key: str) -> int:
    """Where a key stands: bare, quoted, before a dot, or as the head of a table."""
    names = re.compile(rf"""\s*\[*\s*(["']?){re.escape(key)}\1\s*[].=]""")
    return next((n for n, line in enumerate(text.splitlines(), 1) if names.match(line)), 1)


def _line_of_error(error: tomllib.TOMLDecodeError) -> int:
    words = str(error).split("line ")
    digits = words[1].split(",")[0] if len(words) > 1 else ""
    return int(digits) if digits.isdigit() else 1


def _toml(value: object) -> str:
    if isinstance(value, int):
        return str(value)
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
