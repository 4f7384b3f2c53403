"""What the figures of a day do not cover: gates whose tills were not heard until now, or since that day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gatepos.central.store.glance import TillSeen
from gatepos.domain import moments
from gatepos.domain.parks import Park

SPARES = 2
"""So many spares wait at each gate: after one is started, there is another."""
FRESH_MS = 15 * moments.MINUTE_MS
"""A till that was heard within this is heard."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A gate of which something may be missing: the till there that was heard longest ago, and when."""

    gate: str
    heard_at: str | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many gates with tills are heard, those that are not, and entries that the books lack still."""

    gates: int
    missing: tuple[Missing, ...]
    waiting: int

    @property
    def heard(self) -> int:
        """How many gates are heard."""
        return self.gates - len(self.missing)


def short_of_spares(tills: Sequence[TillSeen], park: Park) -> list[tuple[str, int]]:
    """The gates where a till sells and fewer spares wait than should, each with how many do."""
    waiting = Counter(till.gate for till in tills if till.waits)
    selling = {till.gate for till in tills if till.revoked_at is None and not till.waits}
    return [(park.gate_name(gate), waiting[gate]) for gate in sorted(selling) if waiting[gate] < SPARES]


def covered(tills: Sequence[TillSeen], park: Park, on: date, now_ms: int) -> Coverage:
    """What is covered of a day: until a while ago today, until its end on another day."""
    until_ms = min(moments.at_local(on, 0) + moments.DAY_MS, now_ms - FRESH_MS)
    until = moments.to_text(until_ms)
    counted = [till for till in tills if till.revoked_at is None and not till.waits]
    oldest: dict[str, str | None] = {}
    for till in counted:
        # A till that only asks for news may still have sales that it could not send.
        before = oldest.get(till.gate, till.pushed_at)
        oldest[till.gate] = min(before, till.pushed_at) if before and till.pushed_at else None
    late = [Missing(park.gate_name(gate), at) for gate, at in oldest.items() if at is None or at < until]
    return Coverage(len(oldest), tuple(late), sum(till.waiting for till in counted))
