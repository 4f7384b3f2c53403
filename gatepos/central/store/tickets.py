"""The tickets that stand on lists now, one park each."""

from collections.abc import Sequence
from datetime import date

import orjson

from gatepos.central.store.engine import Transaction
from gatepos.domain.tickets import Ticket

_AT_ONCE = 1_000


def put(tx: Transaction, found: Sequence[Ticket]) -> None:
    """Tickets as a list has them now."""
    tx.write_all(
        "INSERT INTO ticket(folded, reference, day, park, people, band, plate)"
        " VALUES (:folded, :reference, :day, :park, :people, :band, :plate)"
        " ON CONFLICT(folded) DO UPDATE SET reference = excluded.reference, day = excluded.day,"
        " people = excluded.people, band = excluded.band, plate = excluded.plate",
        [
            {
                "folded": one.folded, "reference": one.reference, "day": one.day.isoformat(),
                "park": one.park, "people": orjson.dumps(one.people).decode(), "band": one.band,
                "plate": one.plate,
            }
            for one in found
        ],
    )  # fmt: skip


def drop(tx: Transaction, one: Ticket) -> None:
    """A ticket stands on no list any more."""
    tx.write("DELETE FROM ticket WHERE folded = :folded", folded=one.folded)


def of(tx: Transaction, folded: str) -> Ticket | None:
    """The ticket of a reference."""
    row = tx.row(
        "SELECT reference, day, park, people, band, plate FROM ticket WHERE folded = :folded", folded=folded
    )
    if row is None:
        return None
    reference, day, park, people, band, plate = row
    groups = tuple((category, age, count) for category, age, count in orjson.loads(people))
    return Ticket(reference, date.fromisoformat(day), park, groups, int(band), plate)


def parks(tx: Transaction, folded: Sequence[str]) -> dict[str, str]:
    """On whose lists references stand."""
    found: dict[str, str] = {}
    for first in range(0, len(folded), _AT_ONCE):
        among = folded[first : first + _AT_ONCE]
        rows = tx.rows_among("SELECT folded, park FROM ticket WHERE folded IN :among", among)
        found |= {str(key): str(park) for key, park in rows}
    return found


def days(tx: Transaction, park: str | None, first: date) -> list[tuple[str, str, int]]:
    """Day, park and how many tickets stand on its list, from a day on; of one park, or of all."""
    rows = tx.rows(
        "SELECT day, park, count(*) FROM ticket WHERE day >= :first AND park = coalesce(:park, park)"
        " GROUP BY day, park ORDER BY day, park",
        first=first.isoformat(), park=park,
    )  # fmt: skip
    return [(day, at, int(count)) for day, at, count in rows]
