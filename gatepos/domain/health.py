"""What a till reaches beside itself: central, internet, M-PESA, national platform, each on its own."""

from dataclasses import dataclass
from enum import StrEnum

from gatepos.domain import moments
from gatepos.domain.clock import Reading
from gatepos.errors import Said
from gatepos.i18n import N_, Words

FIRST_MS, LONGEST_MS = 1_000, 5 * moments.MINUTE_MS
"""The shortest and the longest wait that a failure brings by itself."""
ASKED_MAX_MS = 60 * moments.MINUTE_MS
"""Longer nobody can ask a till to wait: an answer that asks for it may be anybody's."""
OPEN_AFTER = 4
"""So many failures in a row are an outage, not bad luck."""
_DOUBLINGS_MAX = 20
_HOUR_MS = 60 * moments.MINUTE_MS


class State(StrEnum):
    """How something stands that fails by itself."""

    UNKNOWN = "unknown"
    CLOSED = "closed"
    FAILING = "failing"
    OPEN = "open"


class Alarm(StrEnum):
    """What no waiting mends: a person has to look.

    STOPPED: central could not check what was sent, nothing more is. FORKED: central knows another journal of
    this till, a copy of its disk sells as well. AHEAD: central has more of this till than the till itself.
    RETURNED: that is here again, and the next start takes it.
    """

    STOPPED = "stopped"
    FORKED = "forked"
    AHEAD = "ahead"
    RETURNED = "returned"


_STATES = {
    State.UNKNOWN: N_("not known"),
    State.CLOSED: N_("works"),
    State.FAILING: N_("fails at times"),
    State.OPEN: N_("down"),
}


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


@dataclass(frozen=True, slots=True)
class Age:
    """How long ago something was, as short as the strip needs it."""

    ms: int

    def said(self, words: Words, /) -> str:
        """`3 h` in the reader's language."""
        if self.ms < _HOUR_MS:
            return words(N_("{n} min"), n=max(0, self.ms) // moments.MINUTE_MS)
        if self.ms < 2 * moments.DAY_MS:
            return words(N_("{n} h"), n=self.ms // _HOUR_MS)
        return words(N_("{n} days"), n=self.ms // moments.DAY_MS)


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """How far a feed of central is known, how long ago central said so, and why it goes on no further.

    What was heard last stays in use; `age` is None where central never said anything of it.
    """

    feed: str
    version: int
    age: Age | None
    trouble: Said | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """An entry that central stored and dislikes."""

    seq: int
    why: str


@dataclass(frozen=True, slots=True)
class Health:
    """The four as a till last knew them, what waits for central, and what stands in its way.

    `oldest` is how long the first waiting entry has been recorded, `heard` how long ago central answered,
    None before it did; `pace` how many entries a second it took last. `trouble` is None while central takes
    what is sent.
    """

    central: State = State.UNKNOWN
    internet: State = State.UNKNOWN
    mpesa: State = State.UNKNOWN
    platform: State = State.UNKNOWN
    since_ms: int = 0
    waiting: int = 0
    oldest: Age = Age(0)
    heard: Age | None = None
    pace: int = 0
    is_paused: bool = False
    flags: tuple[Flag, ...] = ()
    trouble: Said | None = None
    alarm: Alarm | None = None
    feeds: tuple[FeedHealth, ...] = ()

    @property
    def left(self) -> Age | None:
        """How long what waits still takes at this pace; None where nothing moves."""
        return Age(self.waiting * 1_000 // self.pace) if self.pace and self.waiting else None

    def four(self, words: Words) -> tuple[tuple[str, str, bool], ...]:
        """Each of the four by name, how it stands, and whether it is down, in the reader's language."""
        states = (
            (N_("central"), self.central),
            (N_("internet"), self.internet),
            (N_("M-PESA"), self.mpesa),
            (N_("payment platform"), self.platform),
        )
        return tuple((words(name), words(_STATES[state]), state is State.OPEN) for name, state in states)
