"""A clock for rehearsals: it goes as the machine's does and can be moved on; only X ledgers may have it."""

import time
from datetime import datetime

from gatepos.i18n import EAT


class PlayedClock:
    """Begins at a moment and goes on from there."""

    boot = "rehearsal"

    def __init__(self, begin_ms: int):
        self._begin_ms = begin_ms
        self._started_ns = time.monotonic_ns()
        self._moved_ms = 0

    def wall_ms(self) -> int:
        """Milliseconds since 1970 UTC, as played."""
        return self._begin_ms + self.mono_ms()

    def mono_ms(self) -> int:
        """Milliseconds since the rehearsal began, as played."""
        return (time.monotonic_ns() - self._started_ns) // 1_000_000 + self._moved_ms

    def move_on(self, minutes: int) -> None:
        """Let minutes go by."""
        self._moved_ms += minutes * 60_000


def this_morning_ms() -> int:
    """5:55 in Kenya today: the clerks arrive."""
    now = datetime.now(EAT)
    return int(now.replace(hour=5, minute=55, second=0, microsecond=0).timestamp() * 1000)
