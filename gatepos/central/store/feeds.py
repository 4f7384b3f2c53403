"""The feeds: rows for an audience under versions that only go up, without gaps."""

from collections.abc import Sequence

import orjson

from gatepos.central.store.engine import Transaction
from gatepos.domain import moments

EVERYBODY = "*"
"""The audience of a feed that is the same in every park."""


def publish(tx: Transaction, feed: str, audience: str, bodies: Sequence[str], at: str) -> None:
    """Add rows, each JSON as text, at a moment."""
    first, at_ms = _reserve(tx, feed, audience, len(bodies)), moments.from_text(at)
    tx.insert_all(
        "feed_row",
        ("feed", "audience", "version", "body", "at_ms"),
        [(feed, audience, version, body, at_ms) for version, body in enumerate(bodies, first)],
    )


def publish_entries(
    tx: Transaction, feed: str, audience: str, till: str, hashes: Sequence[bytes], at: str
) -> None:
    """Add rows that are entries of a till, by their hashes, at a moment."""
    first, at_ms = _reserve(tx, feed, audience, len(hashes)), moments.from_text(at)
    tx.insert_all(
        "feed_row",
        ("feed", "audience", "version", "till", "hash", "at_ms"),
        [(feed, audience, version, till, hash_, at_ms) for version, hash_ in enumerate(hashes, first)],
    )


def version(tx: Transaction, feed: str, audience: str) -> int:
    """The last version, 0 before the first row."""
    row = tx.row(
        "SELECT version FROM feed WHERE feed = :feed AND audience = :audience", feed=feed, audience=audience
    )
    return int(row[0]) if row else 0


def heard(tx: Transaction, feed: str, audience: str, after: int, heard_at: str, now: str) -> int:
    """The version up to which somebody knows these rows, who knows `after` and heard it at a moment.

    A row that was added since is another than was heard: this database was put back from a copy, and went on.
    One that was added later than now was added by a clock that was wrong, and says nothing.
    """
    row = tx.row(
        "SELECT version FROM feed_row WHERE feed = :feed AND audience = :audience AND version <= :after"
        " AND (at_ms <= :heard_ms OR at_ms > :now_ms) ORDER BY version DESC LIMIT 1",
        feed=feed, audience=audience, after=after,
        heard_ms=moments.from_text(heard_at), now_ms=moments.from_text(now),
    )  # fmt: skip
    return int(row[0]) if row else 0


def rows(tx: Transaction, feed: str, audience: str, after: int, most: int) -> list[tuple[int, object]]:
    """Versions and rows after a version: the published JSON, or an entry as its fields."""
    found = tx.rows(
        "SELECT r.version, r.body, r.till, j.raw, j.sig FROM feed_row r"
        " LEFT JOIN journal j ON j.till = r.till AND j.hash = r.hash"
        " WHERE r.feed = :feed AND r.audience = :audience AND r.version > :after"
        " ORDER BY r.version LIMIT :most",
        feed=feed, audience=audience, after=after, most=most,
    )  # fmt: skip
    return [
        (
            version,
            orjson.loads(body)
            if body is not None
            else {"till": till, "raw": bytes(raw).decode(), "sig": bytes(sig).hex()},
        )
        for version, body, till, raw, sig in found
    ]


def bodies(tx: Transaction, feed: str, audience: str) -> list[dict[str, object]]:
    """All rows of a feed that were published as JSON, in order: only of one that stays short."""
    found = tx.rows(
        "SELECT body FROM feed_row WHERE feed = :feed AND audience = :audience ORDER BY version",
        feed=feed, audience=audience,
    )  # fmt: skip
    return [orjson.loads(body) for (body,) in found]


def _reserve(tx: Transaction, feed: str, audience: str, count: int) -> int:
    """The first of `count` new versions; whoever comes next waits for this transaction."""
    row = tx.row(
        "INSERT INTO feed(feed, audience, version) VALUES (:feed, :audience, :count)"
        " ON CONFLICT(feed, audience) DO UPDATE SET version = feed.version + excluded.version"
        " RETURNING version",
        feed=feed, audience=audience, count=count,
    )  # fmt: skip
    if row is None:
        raise RuntimeError("a feed has no version")
    return int(row[0]) - count + 1
