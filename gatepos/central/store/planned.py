"""Rows of feeds that wait for their moment: a till hears of one only when it holds."""

from dataclasses import dataclass
from typing import cast

import orjson

from gatepos.central.store import feeds
from gatepos.central.store.engine import Transaction

_WHERE = "feed = :feed AND audience = :audience"


@dataclass(frozen=True, slots=True)
class Planned:
    """A row that is published at a moment."""

    id: int
    from_at: str
    row: dict[str, object]


def plan(tx: Transaction, feed: str, audience: str, from_at: str, body: str) -> None:
    """Let a row, JSON as text, wait."""
    tx.alone()
    tx.write(
        "INSERT INTO planned(id, feed, audience, from_at, body)"
        " VALUES ((SELECT coalesce(max(id), 0) + 1 FROM planned), :feed, :audience, :from_at, :body)",
        feed=feed, audience=audience, from_at=from_at, body=body,
    )  # fmt: skip


def waiting(tx: Transaction, feed: str, audience: str) -> list[Planned]:
    """What waits, the next first."""
    found = tx.rows(
        f"SELECT id, from_at, body FROM planned WHERE {_WHERE} ORDER BY from_at, id",
        feed=feed, audience=audience,
    )  # fmt: skip
    return [Planned(id_, at, cast("dict[str, object]", orjson.loads(body))) for id_, at, body in found]


def withdraw(tx: Transaction, id_: int) -> None:
    """Let a row that waits be."""
    tx.write("DELETE FROM planned WHERE id = :id", id=id_)


def is_due(tx: Transaction, feed: str, audience: str, at: str) -> bool:
    """Whether the moment of one has come."""
    found = tx.row(
        f"SELECT 1 FROM planned WHERE {_WHERE} AND from_at <= :at", feed=feed, audience=audience, at=at
    )
    return found is not None


def publish_due(tx: Transaction, feed: str, audience: str, at: str) -> None:
    """Publish those whose moment has come, in its order; once, however many ask."""
    tx.alone()
    for one in waiting(tx, feed, audience):
        if one.from_at <= at:
            feeds.publish(tx, feed, audience, [orjson.dumps(one.row).decode()], at)
            withdraw(tx, one.id)
