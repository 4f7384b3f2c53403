"""The vehicles that came before, here and to tills that were heard: plate, seats, operator, no more."""

from dataclasses import dataclass

from gatepos.domain.books import HEAD
from gatepos.ledger.ledger import Ledger

_LOOKED_MAX = 2_000
"""Of the vehicles whose plates begin alike so many of the last are looked at."""


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle as it came last."""

    plate: str
    band: int
    operator: str


def beginning(ledger: Ledger, text: str, limit: int) -> list[Vehicle]:
    """The vehicles whose plate begins with `text`, who came last first; none for less than three characters.

    `text` is in the form of `plates.parse`. Those of whom too many came since are last, by plate.
    """
    if len(text) < HEAD:
        return []
    lately = (
        "SELECT plate, band, operator FROM (SELECT * FROM vehicle WHERE head = ? ORDER BY at DESC LIMIT ?)"
        " WHERE substr(plate, 1, ?) = ?",
        (text[:HEAD], _LOOKED_MAX, len(text), text),
    )
    ever = (
        "SELECT plate, band, operator FROM vehicle WHERE plate >= ? AND plate < ?"
        " ORDER BY plate DESC, at DESC LIMIT ?",
        (text, text + "~", _LOOKED_MAX),
    )
    found: dict[str, Vehicle] = {}
    for asked in (lately, ever):
        for plate, band, operator in ledger.conn.execute(*asked):
            found.setdefault(plate, Vehicle(plate, band, operator or ""))
            if len(found) == limit:
                return list(found.values())
    return list(found.values())


def last(ledger: Ledger, plate: str) -> Vehicle | None:
    """A vehicle as it came last."""
    row = ledger.conn.execute(
        "SELECT plate, band, operator FROM vehicle WHERE plate = ? ORDER BY at DESC LIMIT 1", (plate,)
    ).fetchone()
    return Vehicle(row[0], row[1], row[2] or "") if row else None
