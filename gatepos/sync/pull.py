"""Pulling what central says: each feed in turn from where it is known, one request in flight."""

from collections.abc import Callable
from functools import partial

from gatepos.domain import clock as clocks
from gatepos.domain import moments
from gatepos.domain.breaker import Breaker
from gatepos.domain.clock import Clock
from gatepos.domain.health import Age, FeedHealth
from gatepos.errors import Said
from gatepos.ledger.feeds import Known
from gatepos.ledger.ledger import Ledger
from gatepos.seal.said import NotSaid
from gatepos.sync import answers, reminding
from gatepos.sync.answers import CentralBusy, NotAdmitted
from gatepos.sync.asking import LEDGER_REST_MS, Ask, Asking, LedgerTroubled, Stopping
from gatepos.sync.believed import Believed
from gatepos.sync.client import Answer, Client, NoAnswer
from gatepos.wire import feed as feeds
from gatepos.wire.feed import Page

EVERY_MS = 30_000
"""So often a till asks whether there is news."""
_UNREACHED = NoAnswer, CentralBusy, NotAdmitted

Take = Callable[[Page], Said | None]
"""Puts a page into use, on the ledger's thread; why something in it was left out."""


class Puller:
    """One till's pull: `round` on the sync thread, `health` from any."""

    def __init__(
        self,
        ledger: Ledger,
        ask: Ask,
        take: Take,
        client: Client,
        believed: Believed,
        clock: Clock,
        random: Callable[[], float],
    ):
        self._ledger = ledger
        self._asking = Asking(ask)
        self._take = take
        self._client = client
        self._believed = believed
        self._park = ledger.context.park
        self._clock = clock
        self._random = random
        self._breaker = Breaker()
        self._due_mono_ms = 0
        self._known: dict[str, Known] = {}
        self._troubles: dict[str, Said] = {}
        self._left_out: dict[str, Said] = {}
        self._behind: set[str] = set()
        self._asked_ms = 0
        self._heard_mono_ms: int | None = None

    def round(self) -> int:
        """Ask for a page of each feed, if it is time; ms until the next round is due."""
        mono_ms = self._clock.mono_ms()
        if wait_ms := max(self._breaker.wait_ms(mono_ms), self._due_mono_ms - mono_ms, 0):
            return wait_ms
        try:
            return self._pulled()
        except Stopping:
            return EVERY_MS
        except LedgerTroubled:
            self._due_mono_ms = mono_ms + LEDGER_REST_MS
            return LEDGER_REST_MS

    def again(self) -> None:
        """Somebody asked to try now."""
        self._breaker, self._due_mono_ms = Breaker(), 0

    def stop(self) -> None:
        """End what is under way, from any thread; the client is stopped by whoever shares it."""
        self._asking.stop()

    def health(self) -> tuple[FeedHealth, ...]:
        """How far each feed is known, how old that is, and what was wrong with it last."""
        now_ms, known = self._clock.wall_ms(), dict(self._known)
        return tuple(
            FeedHealth(
                feed,
                known[feed].version,
                Age(now_ms - known[feed].at_ms) if known[feed].at_ms else None,
                self._troubles.get(feed) or self._left_out.get(feed),
            )
            for feed in feeds.ROWS
            if feed in known
        )

    @property
    def heard(self) -> Age | None:
        """How long ago central's word came, None since the start; from any thread."""
        heard_ms = self._heard_mono_ms
        return None if heard_ms is None else Age(self._clock.mono_ms() - heard_ms)

    def _pulled(self) -> int:
        for feed in feeds.ROWS:
            if feed not in self._known:
                self._known[feed] = self._asking(partial(self._ledger.fed, feed))
        # Of a long feed the next page comes at once, and before it the keys that may have signed it.
        asked = {feeds.KEYRING, *self._behind} if self._behind else feeds.ROWS.keys()
        try:
            self._behind = {feed for feed in feeds.ROWS if feed in asked and self._pull(feed)}
        except _UNREACHED:
            self._asking.check()
            self._breaker = self._breaker.failed(clocks.read(self._clock), self._random(), self._asked_ms)
            return self._breaker.wait_ms(self._clock.mono_ms())
        self._breaker = self._breaker.worked()
        if self._behind:
            return 0
        self._due_mono_ms = self._clock.mono_ms() + EVERY_MS
        return EVERY_MS

    def _pull(self, feed: str) -> bool:
        """One page of a feed; whether there is another. What is wrong with it stops no other feed."""
        before = self._known[feed]
        try:
            answer = self._client.feed(feed, before.version, before.at_ms)
            self._asked_ms = answer.asked_ms
            page = self._read(answer, before, feed)
            if feed == feeds.KEYRING and page.version < before.version:
                page = self._reminded(page, before)
        except _UNREACHED:
            raise
        except Said as error:
            self._troubles[feed] = error
            return False
        self._troubles.pop(feed, None)
        self._heard_mono_ms = self._clock.mono_ms()
        return self._put(page, before)

    def _read(self, answer: Answer, before: Known, feed: str) -> Page:
        """The page that came; the keys after central's are believed before it counts as known."""
        try:
            page = answers.page(self._believed.key, self._park, answer, feed, before.version, before.at_ms)
        except NotSaid:
            self._believed.check(answer.data)
            raise
        if feed == feeds.KEYRING:
            self._believed.follow(page.rows)
        return page

    def _reminded(self, page: Page, before: Known) -> Page:
        """Central was put back from a copy, as a page says: show it which tills it had revoked since.

        Before the page is taken: then nobody here knows any more what central forgot. One that takes no
        such thing is left alone; the page by which it answered last.
        """
        for data in self._asking(partial(reminding.revoking, self._ledger.folder, page.version)):
            try:
                answer = self._client.remind(page.feed, data, before.version, before.at_ms)
                page = self._read(answer, before, page.feed)
            except _UNREACHED:
                raise
            except Said:
                break
        return page

    def _put(self, page: Page, before: Known) -> bool:
        """Put a page into use; where nothing is new, that was said just now."""
        if page.version == before.version:
            self._known[page.feed] = Known(before.version, before.page, moments.from_text(page.at))
            return False
        refused = self._asking(partial(self._take, page))
        self._known[page.feed] = self._asking(partial(self._ledger.fed, page.feed))
        is_taken = self._known[page.feed].version != before.version
        if refused is not None:
            (self._left_out if is_taken else self._troubles)[page.feed] = refused
        return is_taken and (page.has_more or page.version < before.version)
