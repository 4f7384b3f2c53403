"""All tills at a glance: when each was heard, how much it sent, what of it waits or is disliked."""

from dataclasses import dataclass

from gatepos.central.store.engine import Transaction
from gatepos.domain.keyring import SPARE

_SELECT = (
    "SELECT t.till, t.park, t.gate, t.lane, t.enrolled_at, t.heard_at, t.pulled_at, t.revoked_at,"
    " t.counts_to, coalesce(b.stored, 0), coalesce(b.waiting, 0), coalesce(f.flagged, 0),"
    " coalesce(e.refused, 0), coalesce(b.branches, 0) FROM till t"
    " LEFT JOIN (SELECT till, max(head_seq) AS stored, sum(head_seq - booked_seq) AS waiting,"
    "  count(*) AS branches FROM branch GROUP BY till) b ON b.till = t.till"
    " LEFT JOIN (SELECT till, count(*) AS flagged FROM flag GROUP BY till) f ON f.till = t.till"
    " LEFT JOIN (SELECT till, count(*) AS refused FROM evidence GROUP BY till) e ON e.till = t.till"
)


@dataclass(frozen=True, slots=True)
class TillSeen:
    """A till as central sees it: `head_seq` is its last entry here, `waiting` are not in the books yet.

    It pushed at `pushed_at`, be it nothing, and asked for news at `pulled_at`.
    """

    till: str
    park: str
    gate: str
    lane: str
    enrolled_at: str
    pushed_at: str | None
    pulled_at: str | None
    revoked_at: str | None
    counts_to: int | None
    head_seq: int
    waiting: int
    flagged: int
    refused: int
    branches: int

    @property
    def heard_at(self) -> str | None:
        """When it last said anything."""
        return max(filter(None, (self.pushed_at, self.pulled_at)), default=None)

    @property
    def is_spare(self) -> bool:
        """Whether it joined as a spare, begun by now or not."""
        return self.lane == SPARE

    @property
    def waits(self) -> bool:
        """Whether it is a spare that can still be started."""
        return self.is_spare and not self.head_seq and self.revoked_at is None


def tills(tx: Transaction, park: str | None) -> list[TillSeen]:
    """The tills of a park, or all, by park, gate and lane."""
    found = tx.rows(
        f"{_SELECT} WHERE CAST(:park AS TEXT) IS NULL OR t.park = :park"
        " ORDER BY t.park, t.gate, t.lane, t.till",
        park=park,
    )
    return [
        TillSeen(*row[:9], *(int(n) for n in row[9:]))  # PostgreSQL sums as decimals
        for row in found
    ]


def parks(tx: Transaction) -> list[str]:
    """The parks that have a till."""
    return [park for (park,) in tx.rows("SELECT DISTINCT park FROM till ORDER BY park")]
