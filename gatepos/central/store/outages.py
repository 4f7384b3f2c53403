"""The outages that a park's tills opened, and what was issued and taken inside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from gatepos.central.outages import Outage
from gatepos.central.store.engine import Transaction

_AMONG = 500


@dataclass(frozen=True, slots=True)
class Inside:
    """Passes issued in an outage, their price, what is owed on them now, what was paid on passes inside it.

    KES minor units; a pass printed anew is counted as the last.
    """

    passes: int
    issued_minor: int
    owed_minor: int
    paid_minor: int


def of_park(tx: Transaction, park: str, most: int) -> list[Outage]:
    """The last outages of a park's tills, each by itself."""
    found = tx.rows(
        "SELECT o.since, (SELECT min(e.at) FROM outage_ending e WHERE e.outage = o.id AND e.till = o.till),"
        " o.id, o.till, o.cause, o.paybill FROM outage o JOIN till t ON t.till = o.till"
        " WHERE t.park = :park AND o.branch = 0 ORDER BY o.since DESC LIMIT :most",
        park=park, most=most,
    )  # fmt: skip
    return [Outage(since, until, (id_,), (till,), (cause,), (paybill,))
            for since, until, id_, till, cause, paybill in found]  # fmt: skip


def inside(tx: Transaction, ids: Sequence[str]) -> Inside:
    """What came of the passes of some outages."""
    issued, owed, paid = (_sums(tx, select, ids) for select in (_ISSUED, _OWED, _PAID))
    return Inside(issued[0], issued[1], owed[1], paid[1])


_LAST = (
    "FROM pass p{} WHERE p.outage IN :among AND p.branch = 0 AND NOT EXISTS"
    " (SELECT 1 FROM pass_ending e WHERE e.pass = p.number AND e.how = 'reissued')"
)
_ISSUED = f"SELECT count(*), coalesce(sum(p.total_minor), 0) {_LAST.format('')}"
_OWED = (
    "SELECT count(*), coalesce(sum(w.amount_minor), 0) "
    + _LAST.format(" JOIN posting w ON w.account = 'asset:receivable:' || p.number AND w.currency = 'KES'")
)  # fmt: skip
_PAID = (
    "SELECT count(*), coalesce(sum(s.paid_minor + s.overstay_minor), 0) FROM settlement s"
    " WHERE s.outage IN :among AND s.branch = 0"
)


def _sums(tx: Transaction, select: str, ids: Sequence[str]) -> tuple[int, int]:
    rows = [
        row
        for first in range(0, len(ids), _AMONG)
        for row in tx.rows_among(select, ids[first : first + _AMONG])
    ]
    return sum(int(row[0]) for row in rows), sum(int(row[1]) for row in rows)
