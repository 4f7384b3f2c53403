"""Settings that one administrator proposed, and that wait for another."""

from dataclasses import dataclass

from gatepos.central.store.engine import Transaction

_SELECT = "SELECT park, key, was, value, who, at FROM proposal"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A setting of a park as somebody would have it; `was` is None where central had not set it."""

    park: str
    key: str
    was: str | None
    value: str
    who: str
    at: str


def put(tx: Transaction, one: Proposal) -> None:
    """Let a proposal wait, in place of one before it about the same setting."""
    tx.write(
        "INSERT INTO proposal(park, key, was, value, who, at) VALUES (:park, :key, :was, :value, :who, :at)"
        " ON CONFLICT(park, key) DO UPDATE SET was = excluded.was, value = excluded.value,"
        " who = excluded.who, at = excluded.at",
        park=one.park, key=one.key, was=one.was, value=one.value, who=one.who, at=one.at,
    )  # fmt: skip


def waiting(tx: Transaction, park: str) -> list[Proposal]:
    """What waits in a park, the oldest first."""
    return [Proposal(*row) for row in tx.rows(f"{_SELECT} WHERE park = :park ORDER BY at, key", park=park)]


def of_key(tx: Transaction, park: str, key: str) -> Proposal | None:
    """What waits about one setting."""
    row = tx.row(f"{_SELECT} WHERE park = :park AND key = :key", park=park, key=key)
    return Proposal(*row) if row else None


def drop(tx: Transaction, park: str, key: str) -> None:
    """Let what waits about a setting be."""
    tx.write("DELETE FROM proposal WHERE park = :park AND key = :key", park=park, key=key)
