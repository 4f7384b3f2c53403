"""The fields of a command: each read once, as a value of its type, or refused by name."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from gatepos.domain.sale import PART
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.till.approvals import Second

Command = Mapping[str, object]
_T = TypeVar("_T")
_ID = re.compile(r"[!-~]{8,64}")


class BadCommand(Refusal):
    """A command with a field missing or of the wrong type."""

    says = N_("{command}: the field {field} is missing or of the wrong type.")


def text_of(command: Command, field: str, default: str | None = None) -> str:
    """A text; without a default it must be there."""
    return _of(str, command, field, default)


def whole(command: Command, field: str, default: int | None = None) -> int:
    """A whole number; true and false are none."""
    return _of(int, command, field, default)


def flag(command: Command, field: str) -> bool:
    """True or false; false when it is not there."""
    return _of(bool, command, field, False)


def by_name(command: Command, field: str, kind: type[_T]) -> dict[str, _T]:
    """An object whose values are of one type; empty when it is not there."""
    found: dict[str, object] = _of(dict, command, field, {})
    if any(type(value) is not kind for value in found.values()):
        raise bad(command, field)
    return found  # type: ignore[return-value]


def rows(command: Command, field: str, *kinds: type) -> list[list[Any]]:
    """Lists whose values are of these types in this order; none when it is not there."""
    found: list[object] = _of(list, command, field, [])
    for row in found:
        if not isinstance(row, list) or [type(value) for value in row] != list(kinds):
            raise bad(command, field)
    return found  # type: ignore[return-value]


def texts(command: Command, field: str) -> list[str]:
    """A list of texts; empty when it is not there."""
    found: list[object] = _of(list, command, field, [])
    if not all(type(value) is str for value in found):
        raise bad(command, field)
    return found  # type: ignore[return-value]


def inner(command: Command, field: str) -> list[Command]:
    """Objects within a command; none when it is not there."""
    found: list[object] = _of(list, command, field, [])
    if not all(isinstance(one, dict) for one in found):
        raise bad(command, field)
    return found  # type: ignore[return-value]


def record(command: Command, field: str) -> Command:
    """An object within a command, as a command of its own that answers to the same name."""
    found: dict[str, object] = _of(dict, command, field)
    return {**found, "do": command.get("do")}


def id_of(command: Command) -> str:
    """The id that a command has before its first attempt, 8 to 64 characters of ASCII without spaces.

    It does not end as those of the further papers of one command do.
    """
    value = text_of(command, "id")
    # ASCII, because an entry brings other text to one form: the id asked for would not be the one written.
    if _ID.fullmatch(value) is None or PART.search(value):
        raise bad(command, "id")
    return value


def second_of(command: Command) -> Second | None:
    """The second person, when there is one."""
    if command.get("second") is None:
        return None
    given = record(command, "second")
    radio = text_of(given, "radio", "")
    pin = text_of(given, "pin", "" if radio else None)
    return Second(text_of(given, "staff"), pin, radio, text_of(given, "answer", ""))


def bad(command: Command, field: str) -> BadCommand:
    """The refusal of a field, to be raised."""
    return BadCommand(command=str(command.get("do", "?"))[:40], field=field)


def _of(kind: type[_T], command: Command, field: str, default: _T | None = None) -> _T:
    value = command.get(field, default)
    # Not isinstance: true would count as 1.
    if type(value) is not kind:
        raise bad(command, field)
    return value
