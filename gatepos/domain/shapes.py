"""The types that fields of entries have, each with its name in FORMATS.md and its check."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from gatepos.domain import moments, money, numbers

TEXT_MAX = 200
FREE_MAX = 500
TOKEN_MAX = 600

_PLATE = re.compile(r"[A-Z0-9]{0,10}")
_CODE = re.compile(r"[A-Z0-9]{2,4}")
_WORD = re.compile(r"[a-z0-9_:.]{1,40}")
_STAFF = re.compile(r"[0-9]{2,4}")
_SCHEDULE = re.compile(r"[A-Z0-9_]{2,20}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_HEX64 = re.compile(r"[0-9a-f]{64}")
_ACCOUNT = re.compile(r"[a-z_]+(:[A-Za-z0-9_]+)*")
_REFERENCE = re.compile(r"[A-Z0-9./-]{1,40}")
_QUESTION = re.compile(r"[0-9]{8}")
_BASE32 = re.compile(r"[A-Z2-7]{0,600}")


@dataclass(frozen=True, slots=True)
class Type:
    """A named check of one value."""

    name: str
    holds: Callable[[object], bool]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an entry's data; entries from before it was added lack one that `is_added`."""

    type: Type
    meaning: str
    null: bool = False
    is_added: bool = False

    def holds(self, value: object) -> bool:
        """Whether `value` may stand in this field."""
        return self.null if value is None else self.type.holds(value)


Table = Mapping[str, Field]


def _matches(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _at_most(length: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and len(value) <= length


def whole(low: int, high: int) -> Type:
    """A whole number from `low` to `high`; true and false are none."""
    return Type(f"{low} to {high}", lambda v: type(v) is int and low <= v <= high)


def number(series: str) -> Type:
    """A number of one of the series, its check character right."""

    def holds(value: object) -> bool:
        return isinstance(value, str) and numbers.is_number(value) and value[4] in series

    return Type("number " + "/".join(series), holds)


def one_of(*words: str) -> Type:
    """One of a few words."""
    return Type(" · ".join(words), lambda value: isinstance(value, str) and value in words)


def many(of: Type, most: int) -> Type:
    """A list."""
    return Type(
        f"list of {of.name}, at most {most}",
        lambda value: isinstance(value, list) and len(value) <= most and all(map(of.holds, value)),
    )


def record(name: str, table: Table) -> Type:
    """An object with exactly the fields of `table`."""
    return Type(name, lambda value: why_not(table, value) is None)


def why_not(table: Table, value: object) -> str | None:
    """The first reason why `value` does not have the fields of `table`; None when it does."""
    if not isinstance(value, dict):
        return "not an object"
    if value.keys() != table.keys():
        missing = {name for name in table.keys() - value.keys() if not table[name].is_added}
        odd = sorted(missing | (value.keys() - table.keys()))
        if odd:
            return f"field {odd[0]} is missing or unknown"
    for name, field in table.items():
        item = value.get(name)
        if not (field.null if item is None else field.type.holds(item)):
            return f"{name} is not {field.type.name}"
    return None


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_moment(value: object) -> bool:
    try:
        return isinstance(value, str) and moments.from_text(value) >= 0
    except ValueError:
        return False


TEXT = Type("text", _at_most(TEXT_MAX))
FREE = Type("free text", _at_most(FREE_MAX))
TOKEN = Type("base32", _matches(_BASE32))
PLATE = Type("plate", _matches(_PLATE))
CODE = Type("code", _matches(_CODE))
WORD = Type("word", _matches(_WORD))
STAFF = Type("staff number", _matches(_STAFF))
SCHEDULE = Type("schedule id", _matches(_SCHEDULE))
REFERENCE = Type("reference", _matches(_REFERENCE))
QUESTION = Type("8 digits", _matches(_QUESTION))
ACCOUNT = Type("account", _matches(_ACCOUNT))
TILL = Type("till code", lambda v: isinstance(v, str) and numbers.is_till(v))
HASH = Type("64 hex", _matches(_HEX64))
TIME = Type("time of day", _matches(_TIME))
MONTH = Type("month", _matches(_MONTH))
DAY = Type("day", _is_day)
MOMENT = Type("moment", _is_moment)
FLAG = Type("true or false", lambda value: isinstance(value, bool))
MINOR = Type("minor units", whole(0, money.AMOUNT_MAX).holds)
SIGNED = Type("signed minor units", whole(-money.AMOUNT_MAX, money.AMOUNT_MAX).holds)
CURRENCY = one_of(money.KES, money.USD)
COUNT = whole(0, 10**9)
RATE = Type("rate_e4", whole(1, 10**8).holds)
