"""Amounts, moments and codes in the ways in which statements write them; anything else is refused by name."""

import re
from datetime import datetime

from gatepos.domain import moments, money
from gatepos.errors import Refusal
from gatepos.i18n import N_

_AMOUNT = re.compile(
    r"(-)?\s*(?:KES|KSH|KSHS)?\.?\s*(-)?\s*([0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,12})(?:\.([0-9]{1,6}))?",
    re.IGNORECASE,
)
_CODE = re.compile(r"[A-Z0-9]{6,20}", re.ASCII)
_APPROVAL = re.compile(r"[A-Z0-9]{4,8}", re.ASCII)
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", re.ASCII)
_TIME = re.compile(
    r"[T ]\s*([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,6})?)?\s*(AM|PM)?(?:\s*(?:\+03:?00|EAT))?",
    re.ASCII | re.IGNORECASE,
)


class BadLine(Refusal):
    """A line that a statement cannot hold; nothing of the file is taken."""

    says = N_("Line {line} of that file cannot be read: {column} is “{value}”. Nothing was taken of it.")


class NotAValue(ValueError):
    """A cell that is not what its column says."""


def amount(cell: str) -> int:
    """KES minor units from `43,940.00`, `-50.00`, `KES 1,000` or nothing, which is 0; NotAValue."""
    if not cell or cell in ("-", "–"):
        return 0
    match = _AMOUNT.fullmatch(cell)
    if match is None:
        raise NotAValue(cell)
    before, after, whole, cents = match.groups()
    rest = (cents or "").ljust(2, "0")
    if (before and after) or rest[2:].strip("0"):
        raise NotAValue(cell)
    minor = int(whole.replace(",", "")) * money.MINOR + int(rest[:2])
    if minor > money.AMOUNT_MAX:
        raise NotAValue(cell)
    return -minor if before or after else minor


def code(cell: str) -> str:
    """A payment's code in upper case; NotAValue."""
    found = cell.upper() if cell.isascii() else ""
    if _CODE.fullmatch(found) is None:
        raise NotAValue(cell)
    return found


def approval(cell: str) -> str:
    """A card's approval code in upper case, 4 to 8 characters; NotAValue."""
    found = cell.upper() if cell.isascii() else ""
    if _APPROVAL.fullmatch(found) is None:
        raise NotAValue(cell)
    return found


def moment(cell: str) -> str:
    """UTC of `02-01-2026 10:31:00`, `2/1/2026 10:31`, `2026-01-02T10:31:00`, each Kenya's time; NotAValue.

    The day stands before the month, as in Kenya. A day alone is its first moment.
    """
    day = _DAY_FIRST.match(cell) or _YEAR_FIRST.match(cell)
    if day is None:
        raise NotAValue(cell)
    first, month, last = map(int, day.groups())
    year, on = (first, last) if first > 31 else (last, first)
    hour, minute, second = _clock(cell[day.end() :])
    try:
        at = datetime(year, month, on, hour, minute, second)
    except ValueError as error:
        raise NotAValue(cell) from error
    if not 2000 <= year < 2100:
        raise NotAValue(cell)
    return moments.to_text(moments.of_local(at))


def end_of_day(at: str) -> str:
    """The last second of a moment's day in Kenya."""
    after = moments.at_local(moments.local_day(moments.from_text(at)), 0) + moments.DAY_MS
    return moments.to_text(after - 1_000)


def _clock(rest: str) -> tuple[int, int, int]:
    if not rest.strip():
        return 0, 0, 0
    match = _TIME.fullmatch(rest.rstrip())
    if match is None:
        raise NotAValue(rest)
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    half = (match[4] or "").upper()
    if half:
        if not 1 <= hour <= 12:
            raise NotAValue(rest)
        hour = hour % 12 + (12 if half == "PM" else 0)
    return hour, minute, second
