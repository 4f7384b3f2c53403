"""A lane in a rehearsal: a till, its clerk and its own time; hands are played by stated seconds.

What a person does is counted in touches, keys and looks and taken at the seconds below; what the till does
is measured. The seconds of a key and of a look are those of the keystroke-level model (Card, Moran and
Newell, 1980); those of a touch, a scan and of handing over a paper are assumed.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from gatepos import app
from gatepos.domain import moments
from gatepos.rehearsal import park
from gatepos.rehearsal.park import Player
from gatepos.seal.pins import Profile
from gatepos.till.till import Till

TOUCH_S, KEY_S, LOOK_S, SCAN_S, PAPER_S = 0.5, 0.28, 1.35, 1.0, 2.0
_T = TypeVar("_T")


@dataclass(slots=True)
class SetClock:
    """A clock that stands where the play puts it; only X ledgers may have it."""

    now_ms: int
    boot: str = "rehearsal"

    def wall_ms(self) -> int:
        """Milliseconds since 1970 UTC, as played."""
        return self.now_ms

    def mono_ms(self) -> int:
        """The same: a played machine neither sleeps nor is set."""
        return self.now_ms


@dataclass(slots=True)
class Lane:
    """A till at work, its own time, and the seconds that each vehicle took: the hands' and its own."""

    till: Till
    folder: Path
    clerk: Player
    clock: SetClock
    free_ms: int = 0
    hands_s: list[float] = field(default_factory=list)
    own_ms: list[float] = field(default_factory=list)
    waited_s: list[float] = field(default_factory=list)

    def serve(self, arrived_ms: int, hands_s: float, action: Callable[[], _T]) -> _T:
        """Serve a vehicle once the lane is free; its recording stands at the end of the hands' seconds."""
        begins_ms = max(arrived_ms, self.free_ms)
        self.clock.now_ms = begins_ms + int(hands_s * 1000)
        began_ns = time.perf_counter_ns()
        done = action()
        self.own_ms.append((time.perf_counter_ns() - began_ns) / 1e6)
        self.hands_s.append(hands_s)
        self.waited_s.append((begins_ms - arrived_ms) / 1000)
        self.free_ms = self.clock.now_ms
        return done

    def wait(self, until_ms: int) -> None:
        """Serve nobody before a moment."""
        self.free_ms = self.clock.now_ms = max(self.clock.now_ms, self.free_ms, until_ms)

    @property
    def code(self) -> str:
        """The till's code."""
        return self.till.desk.ledger.context.till

    @property
    def took_s(self) -> list[float]:
        """Seconds a vehicle, from its turn to its paper."""
        return [hands + own / 1000 for hands, own in zip(self.hands_s, self.own_ms, strict=True)]


def opened(folder: Path, post: park.Post, at: str, clerk: Player, pins: Profile | None = None) -> Lane:
    """A new till at its post, its clerk signed in and a shift open; `pins` say what a PIN costs to check."""
    clock = SetClock(moments.from_text(at))
    till = park.make(folder, app.World(clock, app.new_id, pins=pins or Profile()), post=post)
    park.sign_in(till, clerk)
    till.shifts.open()
    return Lane(till, folder, clerk, clock)


def next_free(lanes: Sequence[Lane]) -> Lane:
    """The lane that is free first."""
    return min(lanes, key=lambda one: one.free_ms)


def hands_s(touches: int = 0, keys: int = 0, looks: int = 1, scans: int = 0, papers: int = 1) -> float:
    """The seconds of a clerk's hands and eyes."""
    return touches * TOUCH_S + keys * KEY_S + looks * LOOK_S + scans * SCAN_S + papers * PAPER_S
