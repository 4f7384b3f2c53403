"""What fails by itself is let be for longer and longer, and after a few failures it counts as down."""

from dataclasses import dataclass
from enum import StrEnum

from gatepos.domain import moments
from gatepos.domain.clock import Reading

FIRST_MS, LONGEST_MS = 1_000, 5 * moments.MINUTE_MS
"""The shortest and the longest wait that a failure brings by itself."""
ASKED_MAX_MS = 60 * moments.MINUTE_MS
"""Longer nobody can ask a till to wait: an answer that asks for it may be anybody's."""
OPEN_AFTER = 4
"""So many failures in a row are an outage, not bad luck."""
_DOUBLINGS_MAX = 20


class State(StrEnum):
    """How something stands that fails by itself."""

    UNKNOWN = "unknown"
    CLOSED = "closed"
    FAILING = "failing"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Breaker:
    """How often in a row something failed, since when by the wall, and until when (mono) it is let be."""

    state: State = State.UNKNOWN
    failures: int = 0
    since_ms: int = 0
    retry_mono_ms: int = 0

    def failed(self, now: Reading, random: float, asked_ms: int = 0) -> "Breaker":
        """After one more failure; `random` in [0, 1) spreads the tills, `asked_ms` is a Retry-After."""
        failures = self.failures + 1
        most_ms = min(LONGEST_MS, FIRST_MS << min(failures, _DOUBLINGS_MAX))
        wait_ms = max(FIRST_MS, int(random * most_ms), min(asked_ms, ASKED_MAX_MS))
        state = State.OPEN if failures >= OPEN_AFTER else State.FAILING
        since_ms = self.since_ms if self.failures else now.wall_ms
        return Breaker(state, failures, since_ms, now.mono_ms + wait_ms)

    def worked(self) -> "Breaker":
        """After it did what it should: what was before is past."""
        return Breaker(State.CLOSED)

    def wait_ms(self, mono_ms: int) -> int:
        """How long it is still let be."""
        return max(0, self.retry_mono_ms - mono_ms) if self.failures else 0
