"""The clock as a port, and what to think of it: order is `seq`, so a wrong clock is only recorded."""

from dataclasses import dataclass
from typing import Protocol

from gatepos.domain import moments

_BACK_MS = 2 * moments.MINUTE_MS
_JUMP_MS = 10 * moments.MINUTE_MS
_FIRST_SANE_MS = moments.from_text("2025-10-01T00:00:00.000Z")
_LONGEST_DRAWER_MS = 400 * moments.DAY_MS
_LATE_SYNC_MS = 3 * moments.DAY_MS
"""How far a machine without a clock of its own may leap once the network tells it the time."""


class Clock(Protocol):
    """What a till asks of a clock."""

    @property
    def boot(self) -> str:
        """An id that changes at each start of the machine."""

    def wall_ms(self) -> int:
        """Milliseconds since 1970 UTC, as the machine believes."""

    def mono_ms(self) -> int:
        """Milliseconds since the machine started; never goes back."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at the clock."""

    wall_ms: int
    mono_ms: int
    boot: str


def read(clock: Clock) -> Reading:
    """Look at the clock once."""
    return Reading(clock.wall_ms(), clock.mono_ms(), clock.boot)


def judge(now: Reading, last: Reading | None) -> str:
    """`ok`, `unset`, `back` or `jump`, beside the reading of the last entry (source: architecture §5)."""
    if now.wall_ms < _FIRST_SANE_MS:
        return "unset"
    if last is None:
        return "ok"
    if now.wall_ms < last.wall_ms - _BACK_MS:
        return "back"
    if now.boot == last.boot:
        drift_ms = (now.wall_ms - last.wall_ms) - (now.mono_ms - last.mono_ms)
        return "jump" if abs(drift_ms) > _JUMP_MS else "ok"
    return "jump" if now.wall_ms > last.wall_ms + _LONGEST_DRAWER_MS else "ok"


def is_believed(now: Reading, judged: str, last: Reading | None) -> bool:
    """Whether days are counted and later readings judged by this one: a leap of a year never is."""
    late_ms = now.wall_ms - last.wall_ms if last else 0
    return judged == "ok" or last is None or (judged == "jump" and 0 < late_ms <= _LATE_SYNC_MS)
