"""What central says now, kept as pages for a till that has not begun: its spare starts where no line is."""

from pathlib import Path

from gatepos.domain import moments
from gatepos.ledger import pages
from gatepos.seal import said
from gatepos.sync import answers
from gatepos.sync.address import Address
from gatepos.sync.client import Client
from gatepos.wire import feed as feeds

LATER = frozenset({feeds.PASSES, feeds.PAYMENTS})
"""Feeds of what happens every day: a spare hears them once it has begun, or nothing would be old in them."""


def fetch(folder: Path, found: Address, park: str) -> None:
    """Keep the pages that a folder lacks. NoAnswer, and what else central may answer; what the disk says."""
    client = Client(found)
    try:
        for name in feeds.ROWS:
            if name not in LATER:
                _fetch(folder, found.key, park, name, client)
    finally:
        client.stop()


def _fetch(folder: Path, key: bytes, park: str, name: str, client: Client) -> None:
    (version, heard_ms), has_more = _reached(folder, key, park, name), True
    while has_more:
        page = answers.page(key, park, client.feed(name, version, heard_ms), name, version, heard_ms)
        if page.version != version:
            pages.keep(folder, name, page.data)
        has_more = page.has_more or page.version < version
        version, heard_ms = page.version, moments.from_text(page.at)


def _reached(folder: Path, key: bytes, park: str, name: str) -> tuple[int, int]:
    """The version of the last page that is kept, and when central signed it."""
    last = pages.last(folder, name)
    kept = [data for _, data in pages.kept(folder, name, last - 1)] if last else []
    if not kept:
        return 0, 0
    page = said.page(key, park, kept[-1])
    return page.version, moments.from_text(page.at)
