"""Moments and days: stored as UTC, shown in East Africa Time, never read from a clock here.

In memory a moment is an integer, milliseconds since 1970-01-01 UTC (`at_ms`).
"""

import re
from datetime import UTC, date, datetime, timedelta

from gatepos.i18n import EAT

_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
_LOCAL = re.compile(r"2\d{3}-\d\d-\d\d \d\d:\d\d", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE_MS = 60_000
DAY_MS = 86_400_000


def to_text(at_ms: int) -> str:
    """`2026-01-02T03:31:02.123Z`."""
    at = _EPOCH + timedelta(milliseconds=at_ms)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at_ms % 1000:03d}Z"


def from_text(text: str) -> int:
    """The moment that `to_text` wrote; ValueError when the form is another."""
    if not _FORM.fullmatch(text):
        raise ValueError(f"not a moment: {text!r}")
    at = datetime.fromisoformat(text)
    return (at - _EPOCH) // timedelta(milliseconds=1)


def local(at_ms: int) -> datetime:
    """The moment as a wall clock in Kenya shows it."""
    return (_EPOCH + timedelta(milliseconds=at_ms)).astimezone(EAT)


def local_day(at_ms: int) -> date:
    """The calendar day of a moment in Kenya."""
    return local(at_ms).date()


def at_local(on: date, hour: int, minute: int = 0) -> int:
    """The moment of a wall-clock time on a day in Kenya."""
    return of_local(datetime(on.year, on.month, on.day, hour, minute))


def of_local(at: datetime) -> int:
    """The moment of a date and time, in Kenya where it names no other place."""
    return ((at if at.tzinfo else at.replace(tzinfo=EAT)) - _EPOCH) // timedelta(milliseconds=1)


def parse_local(text: str) -> int:
    """The moment of `2026-02-01 00:00` on a wall clock in Kenya; ValueError when the form is another."""
    if not _LOCAL.fullmatch(text):
        raise ValueError(f"not a local time: {text!r}")
    return of_local(datetime.fromisoformat(text))
