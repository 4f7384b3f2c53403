"""What is said of the internet, of M-PESA and of the national platform, and whose word counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from gatepos.domain import moments
from gatepos.domain.breaker import State

INTERNET, MPESA, PLATFORM = "internet", "mpesa", "platform"
TOLD = (MPESA, PLATFORM)
"""Of these central and people say how they stand; a till sees the internet for itself."""


class By(StrEnum):
    """Whose word it is: this till looked, central dealt with it, a person at central or at this till."""

    LOOK = "look"
    TRAFFIC = "traffic"
    OFFICE = "office"
    CLERK = "clerk"


FRESH_MS = {
    By.LOOK: 15 * moments.MINUTE_MS,
    By.TRAFFIC: 60 * moments.MINUTE_MS,
    By.OFFICE: 12 * 60 * moments.MINUTE_MS,
    By.CLERK: 12 * 60 * moments.MINUTE_MS,
}
"""How long a word counts; a person's for a day at the gate."""


@dataclass(frozen=True, slots=True)
class Word:
    """How something stands since when (by the wall), whose word that is, and when it was said (mono).

    A look that finds the same again says nothing new: its word dates from when what it found changed, and
    stays fresh from the last look, `seen_mono_ms`.
    """

    state: State
    by: By
    since_ms: int
    said_mono_ms: int
    seen_mono_ms: int

    def is_fresh(self, mono_ms: int) -> bool:
        """Whether it still counts."""
        return mono_ms - self.seen_mono_ms <= FRESH_MS[self.by]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one of the three stands by the word that counts, `age_ms` old; `by` is None where none does."""

    state: State = State.UNKNOWN
    by: By | None = None
    since_ms: int = 0
    age_ms: int = 0

    @property
    def is_down(self) -> bool:
        """Whether it is to be done without."""
        return self.state is State.OPEN


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is down that an outage may be opened for, one of `kinds.CAUSES`, and since when."""

    cause: str
    since_ms: int


@dataclass(frozen=True, slots=True)
class Outside:
    """The three as a till knows them."""

    internet: Standing = Standing()
    mpesa: Standing = Standing()
    platform: Standing = Standing()

    def proposal(self) -> Proposal | None:
        """For what an outage may be opened; a person opens it, or nobody."""
        for cause, standing in ((PLATFORM, self.platform), (MPESA, self.mpesa)):
            if standing.is_down:
                return Proposal(cause, standing.since_ms)
        return None


def standing(words: Iterable[Word], mono_ms: int) -> Standing:
    """By the newest word, whoever said it; not known where there is none, or it is too old by now."""
    newest = max(words, key=lambda word: word.said_mono_ms, default=None)
    if newest is None or not newest.is_fresh(mono_ms):
        return Standing()
    return Standing(newest.state, newest.by, newest.since_ms, mono_ms - newest.seen_mono_ms)
