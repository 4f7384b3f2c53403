"""What central says now, kept as pages for a till that has not begun: its spare starts where no line is."""

from pathlib import Path

from gatepos.domain import moments
from gatepos.ledger import pages
from gatepos.seal import said
from gatepos.sync import address, answers
from gatepos.sync.address import Address
from gatepos.sync.believed import Believed
from gatepos.sync.client import Client
from gatepos.wire import feed as feeds

LATER = frozenset({feeds.PASSES, feeds.PAYMENTS})
"""Feeds of what happens every day: a spare hears them once it has begun, or nothing would be old in them."""


def fetch(folder: Path, found: Address, park: str) -> None:
    """Keep the pages that a folder lacks, and believe the keys of central that they name.

    NoAnswer, and what else central may answer; what the disk says.
    """
    client = Client(found)

    def keep(made: Address) -> None:
        address.keep(folder, made)
        client.believe(made.key)

    believed = Believed(found, keep)
    try:
        for name in feeds.ROWS:
            if name not in LATER:
                _fetch(folder, believed, park, name, client)
    finally:
        client.stop()


def _fetch(folder: Path, believed: Believed, park: str, name: str, client: Client) -> None:
    (version, heard_ms), has_more = _reached(folder, believed.address, park, name), True
    while has_more:
        answer = client.feed(name, version, heard_ms)
        page = answers.page(believed.key, park, answer, name, version, heard_ms)
        if name == feeds.KEYRING:
            believed.follow(page.rows)
        if page.version != version:
            pages.keep(folder, name, page.data)
        has_more = page.has_more or page.version < version
        version, heard_ms = page.version, moments.from_text(page.at)


def _reached(folder: Path, found: Address, park: str, name: str) -> tuple[int, int]:
    """The version of the last page that is kept, and when central signed it."""
    last = pages.last(folder, name)
    kept = [data for _, data in pages.kept(folder, name, last - 1)] if last else []
    if not kept:
        return 0, 0
    signer = said.signer((found.key, *found.former), "feed", kept[-1])
    page = said.page(signer, park, kept[-1])
    return page.version, moments.from_text(page.at)
