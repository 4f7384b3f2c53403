"""What a till reaches beside itself: central, internet, M-PESA, national platform, each on its own."""

from dataclasses import dataclass
from enum import StrEnum

from gatepos.domain import moments
from gatepos.domain.breaker import State
from gatepos.domain.outside import By, Outside, Standing
from gatepos.errors import Said
from gatepos.i18n import N_, Words

_HOUR_MS = 60 * moments.MINUTE_MS


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
    State.OPEN: N_("down since {time}"),
}
_BY = {
    By.LOOK: N_("this till looked {age} ago"),
    By.TRAFFIC: N_("central dealt with it {age} ago"),
    By.OFFICE: N_("said at central {age} ago"),
    By.CLERK: N_("said at this till {age} ago"),
}


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
class Backlog:
    """How many entries central does not have, and how many that it has it dislikes."""

    unsent: int
    flagged: int


@dataclass(frozen=True, slots=True)
class Flag:
    """An entry that central stored and dislikes."""

    seq: int
    why: str


@dataclass(frozen=True, slots=True)
class Stands:
    """One of the four in somebody's language: its name, how it stands, by whose word, whether it is down."""

    name: str
    state: str
    by: str
    is_down: bool


@dataclass(frozen=True, slots=True)
class Health:
    """The four as a till last knew them, what waits for central, and what stands in its way.

    `oldest` is how long the first waiting entry has been recorded, `heard` how long ago central answered,
    None before it did; `pace` how many entries a second it took last. `trouble` is None while central takes
    what is sent.
    """

    central: State = State.UNKNOWN
    since_ms: int = 0
    outside: Outside = Outside()  # noqa: RUF009 - a frozen value
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

    def four(self, words: Words) -> tuple[Stands, ...]:
        """Each of the four in the reader's language."""
        outside = self.outside
        return (
            _stands(N_("central"), Standing(self.central, since_ms=self.since_ms), words),
            _stands(N_("internet"), outside.internet, words),
            _stands(N_("M-PESA"), outside.mpesa, words),
            _stands(N_("payment platform"), outside.platform, words),
        )


def _stands(name: str, standing: Standing, words: Words) -> Stands:
    state = words(_STATES[standing.state], time=words.moment(standing.since_ms))
    by = words(_BY[standing.by], age=Age(standing.age_ms)) if standing.by else ""
    return Stands(words(name), state, by, standing.is_down)
