"""Puts a till together from its folder and the machine's own clock, randomness, disk and printer."""

import os
import time

from gatepos.errors import Trouble
from gatepos.i18n import N_

_PRINT_WAKE_S = 0.5


class NoTillHere(Trouble):
    """A folder that holds no till."""

    says = N_("There is no till in {folder}. Make one with: gatepos init {folder}")


class SystemClock:
    """The machine's clock."""

    def __init__(self) -> None:
        self._boot = _boot_id()

    @property
    def boot(self) -> str:
        """The kernel's id of this start of the machine."""
        return self._boot

    def wall_ms(self) -> int:
        """Milliseconds since 1970 UTC, as the machine believes."""
        return time.time_ns() // 1_000_000

    def mono_ms(self) -> int:
        """Milliseconds since the machine started, sleep included where the system counts it."""
        clock = getattr(time, "CLOCK_BOOTTIME", None)
        return (time.clock_gettime_ns(clock) if clock is not None else time.monotonic_ns()) // 1_000_000


def new_id() -> str:
    """A UUID of version 7 (RFC 9562 §5.7)."""
    at = (time.time_ns() // 1_000_000).to_bytes(6, "big")
    tail = bytearray(os.urandom(10))
    tail[0] = 0x70 | tail[0] & 0x0F
    tail[2] = 0x80 | tail[2] & 0x3F
    digits = (at + tail).hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
