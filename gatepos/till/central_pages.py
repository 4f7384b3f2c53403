"""The pages of central's feeds at this till: believed by central's keys, kept on the disk, erased in time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from gatepos.domain import keyring
from gatepos.errors import Refusal
from gatepos.ledger import pages
from gatepos.seal import said
from gatepos.till.desk import Desk
from gatepos.wire import feed, forms
from gatepos.wire.feed import Page, Row

_UNREADABLE = b"{}"
"""What is left of a line that nobody signed: no start ever took it."""


class CentralPages:
    """What central said, by keys of central of which each names the next."""

    def __init__(self, desk: Desk):
        self._desk = desk
        self.keys: tuple[bytes, ...] = ()
        """The present one first; none where no central is known."""

    def follow(self, rows: Sequence[Row]) -> None:
        """Central's keys, each named by the one before it, and those that count no more."""
        if not self.keys:
            return
        later = said.successors(self.keys[0], rows)
        self.keys = (*reversed(later), *self.keys)
        before = said.predecessors(self.keys[0], rows)
        self.keys = (*self.keys, *(one for one in before if one not in self.keys))
        ended = said.distrusted(self.keys, rows)
        self._desk.know(map(keyring.of_central, self.keys))
        self._desk.know(keyring.of_central(one, is_revoked=True) for one in ended)

    def keep(self, page: Page) -> tuple[Page, int]:
        """Keep a page, without what its time has passed for: as it is kept, and its number."""
        page = self._erased(page, self._desk.erased_before)
        return page, pages.keep(self._desk.ledger.folder, page.feed, page.data)

    def read(self, data: bytes) -> Page:
        """A page that was kept, without what its time has passed for; NotSaid, BadBody."""
        return self._erased(self._read(data), self._desk.erased_before)

    def erase(self, before: str) -> Iterator[None]:
        """Erase in the pages that are kept what is of the days before a day, page by page."""
        for name in feed.PERSONAL:
            yield from pages.rewrite(self._desk.ledger.folder, name, lambda data: self._left(data, before))

    @property
    def is_readable(self) -> bool:
        """Whether what is kept can be read: central's keys are known, or nothing is kept."""
        folder = self._desk.ledger.folder
        return bool(self.keys) or not any(pages.last(folder, name) for name in feed.PERSONAL)

    def _left(self, data: bytes, before: str) -> bytes:
        try:
            return self._erased(self._read(data), before).data
        except Refusal:
            return _UNREADABLE

    def _read(self, data: bytes) -> Page:
        own, park = self._desk.own, self._desk.park.code
        if said.is_erased(own.public, data):
            return said.erased_page(own.public, own.till, data)
        return said.page(said.signer(self.keys, "feed", data), park, data)

    def _erased(self, page: Page, before: str) -> Page:
        rows = list(_rows(page, before))
        if rows == list(page.rows):
            return page
        own = self._desk.own
        fields: dict[str, object] = {
            "kind": forms.ERASED, "for": own.till, "feed": page.feed, "from": page.from_version,
            "version": page.version, "more": page.has_more, "body": rows, "at": page.at,
        }  # fmt: skip
        return replace(page, rows=rows, data=self._desk.ledger.say(fields).body(), is_erased=True)


def _rows(page: Page, before: str) -> Iterable[Row]:
    if page.feed not in feed.PERSONAL:
        return page.rows
    return (feed.erased(page.feed, row, before) for row in page.rows)
