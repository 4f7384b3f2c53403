"""Pushing the journal: what is recorded and not yet acknowledged leaves in order, one request in flight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from gatepos.domain import clock as clocks
from gatepos.domain import moments
from gatepos.domain.breaker import Breaker, State
from gatepos.domain.clock import Clock
from gatepos.domain.entry import Entry
from gatepos.domain.health import Age, Alarm, Health
from gatepos.errors import Said
from gatepos.ledger.ledger import Ledger
from gatepos.ledger.troubles import Held
from gatepos.sync import answers
from gatepos.sync.answers import Ack, Behind, CentralAhead, NotAuthentic, Span
from gatepos.sync.asking import LEDGER_REST_MS, Ask, Asking, LedgerTroubled, Stopping
from gatepos.sync.client import Client
from gatepos.sync.cursor import Cursor
from gatepos.sync.lookout import Told
from gatepos.sync.returning import EntriesBack, Takeback, TillForked, TwoMachines
from gatepos.sync.stretches import Stretch, Stretches

HEARTBEAT_MS = 5 * moments.MINUTE_MS
"""Central hears of a till at least so often, also when nothing waits."""
_ALARMS: dict[type[Said], Alarm] = {
    NotAuthentic: Alarm.STOPPED,
    CentralAhead: Alarm.AHEAD,
    EntriesBack: Alarm.RETURNED,
    TwoMachines: Alarm.FORKED,
}
_FOR_GOOD = (EntriesBack, TwoMachines)
"""Until the next start nothing is sent or asked any more."""


@dataclass(slots=True)
class Queue:
    """How much waits; kept on the ledger's thread, read from any."""

    head: int = 0
    oldest_ms: int | None = field(default=None)

    def recorded(self, entry: Entry) -> None:
        """One more entry is on its files."""
        self.head = entry.seq
        if self.oldest_ms is None:
            self.oldest_ms = moments.from_text(entry.at)

    def look(self, ledger: Ledger, after_seq: int) -> int:
        """The till's head, and since when what comes after a position waits; on the ledger's thread."""
        self.head = ledger.head[0]
        waits = self.head > after_seq
        self.oldest_ms = moments.from_text(ledger.entry(after_seq + 1).at) if waits else None
        return self.head


class Pusher:
    """One till's push: `round` on the sync thread, `health` from any.

    `ask` runs an action on the ledger's thread, `random` gives numbers in [0, 1), `hear` is told what central
    says of the outside.
    """

    def __init__(
        self,
        ledger: Ledger,
        ask: Ask,
        client: Client,
        cursor: Cursor,
        clock: Clock,
        random: Callable[[], float],
        hear: Callable[[Sequence[Told]], None] = lambda told: None,
    ):
        self.queue = Queue()
        self._ledger = ledger
        self._asking = Asking(ask)
        self._stretches = Stretches(ledger, self._asking)
        self._client = client
        self._cursor = cursor
        self._clock = clock
        self._random = random
        self._hear = hear
        self._takeback = Takeback(ledger, self._asking, client, cursor, clock)
        self._breaker = Breaker()
        self._trouble: Said | None = None
        self._alarm: Alarm | None = None
        self._beat_mono_ms = self._claimed_seq = 0
        self._has_begun = self._has_met = False
        self._heard_mono_ms: int | None = None
        self._pace = 0
        self.is_paused = False

    def round(self) -> int:
        """Send until nothing waits or central fails; ms until the next round is due."""
        if self.is_paused:
            return HEARTBEAT_MS
        try:
            if not self._has_begun:
                self._begin()
            return self._sent_all()
        except Stopping:
            return HEARTBEAT_MS
        except LedgerTroubled:
            return LEDGER_REST_MS

    def again(self) -> None:
        """Somebody asked to try now: no waiting, and what stopped is tried once more."""
        if self._alarm is Alarm.STOPPED:
            self._alarm = self._trouble = None
        self._breaker = Breaker()
        self._beat_mono_ms = 0

    def stop(self) -> None:
        """End what is under way, from any thread."""
        self._asking.stop()
        self._client.stop()

    def health(self) -> Health:
        """What waits, since when, and what stands in the way."""
        oldest_ms, breaker = self.queue.oldest_ms, self._breaker
        return Health(
            central=breaker.state,
            since_ms=breaker.since_ms,
            waiting=max(0, self.queue.head - self._cursor.seq),
            oldest=Age(self._clock.wall_ms() - oldest_ms if oldest_ms is not None else 0),
            heard=self._heard_ago(),
            pace=self._pace,
            is_paused=self.is_paused,
            flags=self._cursor.flags,
            trouble=self._trouble,
            alarm=self._alarm or (Alarm.FORKED if self._cursor.is_forked else None),
        )

    @property
    def is_heard(self) -> bool:
        """Whether central answered last, be it that it takes nothing more, and is to be asked more."""
        return not self.is_paused and (self._breaker.state is State.CLOSED or self._alarm is Alarm.STOPPED)

    @property
    def _is_stopped(self) -> bool:
        return self._alarm is Alarm.STOPPED or isinstance(self._trouble, _FOR_GOOD)

    def _begin(self) -> None:
        """From where central last acknowledged, if what it acknowledged is this till's own."""
        last = self._cursor.last()
        own = self._asking(partial(_own_hash, self._ledger, last.seq)) if last else None
        if last is not None and own == last.hash:
            self._cursor.move(last)
        elif last is not None and own is None:
            self._claimed_seq, self._alarm = last.seq, Alarm.AHEAD
        if self._cursor.is_doubled:
            self._failed(TwoMachines())
        self._has_begun = True

    def _sent_all(self) -> int:
        while True:
            mono_ms = self._clock.mono_ms()
            if wait_ms := HEARTBEAT_MS if self._is_stopped else self._breaker.wait_ms(mono_ms):
                return wait_ms
            seq = self._cursor.seq
            head = self._asking(partial(self.queue.look, self._ledger, seq))
            stretch = self._stretches.after(seq, head if self._has_met else seq)
            if not stretch.push.entries and mono_ms < self._beat_mono_ms:
                return self._beat_mono_ms - mono_ms
            self._exchange(stretch, head)

    def _exchange(self, stretch: Stretch, head: int) -> None:
        """One request and what its answer means; its errors count against central.

        The first of a start, or after a failure, is empty: where central is ahead, an entry sent would be a
        fork. It shows the certificate: central may have been restored from before it knew this till.
        """
        sent, is_known, asked_ms = stretch.push, self._has_met, 0
        began_ms = self._clock.mono_ms()
        self._has_met = False
        try:
            answer = self._client.push(self._cursor.till, stretch.packed, is_known=is_known)
            asked_ms = answer.asked_ms
            found = answers.read(self._cursor.key, self._cursor.till, answer)
            own = self._asking(partial(_own_hash, self._ledger, found.seq))
            self._has_met = found.seq <= head
            span = Span(sent.from_seq, sent.to_seq, head)
            if isinstance(found, Behind):
                self._cursor.seq = answers.weigh(found, span, own)
            elif self._is_own(found, span, own):
                self._worked(found)
                self._clocked(len(sent.entries), began_ms)
        except Said as error:
            self._asking.check()
            self._failed(error, asked_ms)

    def _clocked(self, count: int, began_ms: int) -> None:
        self._heard_mono_ms = self._clock.mono_ms()
        if count:
            self._pace = count * 1_000 // max(1, self._heard_mono_ms - began_ms)

    def _heard_ago(self) -> Age | None:
        heard_ms = self._heard_mono_ms
        return None if heard_ms is None else Age(self._clock.mono_ms() - heard_ms)

    def _is_own(self, found: Ack, span: Span, own: bytes | None) -> bool:
        """Whether what is acknowledged stands in this journal; where it does not, selling stops first.

        Of a fork, what was written here is sent too: central keeps both.
        """
        try:
            answers.weigh(found, span, own)
        except CentralAhead as error:
            self._has_met, self._alarm = False, Alarm.AHEAD
            self._hold(error)
            self._cursor.note(found)
            if span.to_seq > span.from_seq:
                raise
            self._hold(self._takeback.take(found))
            self._has_met, self._alarm = True, Alarm.FORKED
            return False
        return True

    def _failed(self, error: Said, asked_ms: int = 0) -> None:
        if isinstance(error, Held):
            self._hold(error)
        self._trouble = error
        self._alarm = _ALARMS.get(type(error), self._alarm)
        self._breaker = self._breaker.failed(clocks.read(self._clock), self._random(), asked_ms)

    def _hold(self, held: Held | None) -> None:
        """On the ledger's thread, so that no sale is half done."""
        self._asking(partial(self._ledger.hold, held))

    def _worked(self, found: Ack) -> None:
        if found.seq < self._claimed_seq:
            # Central was put back as well: it gets what is here, and what both lost stays missing.
            self._cursor.move(found)
        else:
            self._cursor.keep(found)
            self._hold(TillForked() if found.is_forked else None)
            self._alarm = None
        self._hear(found.told)
        self._trouble = None
        self._breaker = self._breaker.worked()
        self._beat_mono_ms = self._clock.mono_ms() + HEARTBEAT_MS


def _own_hash(ledger: Ledger, seq: int) -> bytes | None:
    return ledger.hash_at(seq) if seq <= ledger.head[0] else None
