"""What this till knows of internet, M-PESA and national platform: it looks, and keeps what others say."""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from gatepos.domain import clock as clocks
from gatepos.domain import moments, outside, policy
from gatepos.domain.breaker import Breaker, State
from gatepos.domain.clock import Clock
from gatepos.domain.outside import INTERNET, MPESA, PLATFORM, By, Outside, Word
from gatepos.domain.policy import Policy
from gatepos.sync.looking import Looker

EVERY_MS = 2 * moments.MINUTE_MS
"""So often something that works is looked at."""
_ADDRESS = {INTERNET: policy.INTERNET_HOST, MPESA: policy.MPESA_PROBE, PLATFORM: policy.PLATFORM_PROBE}
"""Where policy says to look; nowhere unless it does."""


@dataclass(frozen=True, slots=True)
class Told:
    """Central's word about one thing: how it stands since when, whose word, and how old, by its own clock."""

    what: str
    state: State
    by: By
    since_ago_ms: int
    said_ago_ms: int


@dataclass(frozen=True, slots=True)
class _Seen:
    """How the last look at an address went, and when the next is due (mono)."""

    address: str
    breaker: Breaker = Breaker()  # noqa: RUF009 - a frozen value
    due_mono_ms: int = 0


class Lookout:
    """`round` on the sync thread; `say` and `outside` from any.

    `policy` is the policy in force at any moment, `random` gives numbers in [0, 1).
    """

    def __init__(
        self, policy: Callable[[], Policy], looker: Looker, clock: Clock, random: Callable[[], float]
    ):
        self._policy = policy
        self._looker = looker
        self._clock = clock
        self._random = random
        self._looks: Mapping[str, Callable[[str], bool]] = {
            INTERNET: looker.reaches, MPESA: looker.answers, PLATFORM: looker.answers,
        }  # fmt: skip
        self._seen: dict[str, _Seen] = {}
        self._words: Mapping[tuple[str, By], Word] = {}
        self._writing = threading.Lock()

    def round(self) -> int:
        """Look at what is due, one after the other, each under its deadline; ms until the next is due."""
        return min(self._look(what) for what in _ADDRESS)

    def again(self) -> None:
        """Somebody asked to try now."""
        self._seen = {}

    def stop(self) -> None:
        """End what is under way."""
        self._looker.stop()

    def say(self, what: str, *, works: bool) -> None:
        """A person at this till says how M-PESA or the platform stands."""
        state = State.CLOSED if works else State.OPEN
        self._put({(what, By.CLERK): self._word(state, By.CLERK)})

    def hear(self, told: Iterable[Told]) -> None:
        """Central's words, which replace those before."""
        mono_ms, wall_ms = self._clock.mono_ms(), self._clock.wall_ms()
        words: dict[tuple[str, By], Word | None] = {
            (what, by): None for what in outside.TOLD for by in (By.TRAFFIC, By.OFFICE)
        }
        for one in told:
            said_ms = mono_ms - one.said_ago_ms
            word = Word(one.state, one.by, wall_ms - one.since_ago_ms, said_ms, said_ms)
            words[one.what, one.by] = word
        self._put(words)

    def outside(self) -> Outside:
        """How the three stand."""
        mono_ms, words = self._clock.mono_ms(), self._words

        def of(what: str) -> outside.Standing:
            return outside.standing((word for (about, _), word in words.items() if about == what), mono_ms)

        return Outside(of(INTERNET), of(MPESA), of(PLATFORM))

    def _look(self, what: str) -> int:
        address, key = self._policy().text(_ADDRESS[what]), (what, By.LOOK)
        if not address:
            self._put({key: None})
            return EVERY_MS
        seen = self._seen.get(what)
        if seen is None or seen.address != address:
            seen = _Seen(address)
        if (wait_ms := seen.due_mono_ms - self._clock.mono_ms()) > 0:
            return wait_ms
        breaker = self._looked(seen.breaker, works=self._looks[what](address))
        wait_ms = breaker.wait_ms(self._clock.mono_ms()) or EVERY_MS
        self._seen[what] = _Seen(address, breaker, self._clock.mono_ms() + wait_ms)
        self._put({key: self._found(breaker, self._words.get(key))})
        return wait_ms

    def _looked(self, breaker: Breaker, *, works: bool) -> Breaker:
        return breaker.worked() if works else breaker.failed(clocks.read(self._clock), self._random())

    def _found(self, breaker: Breaker, before: Word | None) -> Word:
        if before is not None and before.state is breaker.state:
            return replace(before, seen_mono_ms=self._clock.mono_ms())
        word = self._word(breaker.state, By.LOOK)
        return replace(word, since_ms=breaker.since_ms) if breaker.failures else word

    def _word(self, state: State, by: By) -> Word:
        mono_ms = self._clock.mono_ms()
        return Word(state, by, self._clock.wall_ms(), mono_ms, mono_ms)

    def _put(self, changes: Mapping[tuple[str, By], Word | None]) -> None:
        """Words in place of those before, all at once; None where there is none any more."""
        with self._writing:
            words = {**self._words, **changes}
            self._words = {key: word for key, word in words.items() if word is not None}
