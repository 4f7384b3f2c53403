"""The visitor statistics: people by gate, category and age, vehicles by seats."""

from collections.abc import Sequence

from gatepos.domain import fees, labels
from gatepos.domain.vocabulary import NOTICE
from gatepos.i18n import N_
from gatepos.ledger.takings import Charged
from gatepos.reports import takings
from gatepos.reports.papers import columns
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Cell, Column, Sheet

_COLUMNS = (
    columns.GATE,
    Column("who", N_("Who")),
    *columns.unprinted(Column("category", N_("Category")), Column("age", N_("Age"))),
    columns.PEOPLE,
    columns.count("vehicles", N_("Vehicles")),
    columns.kes("charged", N_("Charged, KES")),
)


def sheet(scope: Scope, charges: Sequence[Charged]) -> Sheet:
    """Of the papers that count; a paper that ended is taken off on the day on which it did."""
    found = takings.regrouped(charges, "gate", "category", "age", "ground", "fee")
    rows: dict[tuple[str, str, str, str], list[int]] = {}
    for one in found:
        if not (one.people or one.vehicles):
            continue
        gate, category, age, ground, _ = (str(name or "") for name in one.by)
        cells = rows.setdefault((scope.gate(gate), *_who(scope, category, age, ground)), [0, 0, 0])
        for place, more in enumerate((one.people, one.vehicles, one.kes_minor)):
            cells[place] += more
    made: list[tuple[Cell, ...]] = [(*who, *cells) for who, cells in rows.items()]
    return Sheet("visitors", N_("Visitors and vehicles"), _COLUMNS, tuple(made))


def _who(scope: Scope, category: str, age: str, ground: str) -> tuple[str, str, str]:
    """Whom a row counts, with the codes of category and age; the free by their ground.

    On whom a notice lets in the row says so, and the codes are their own.
    """
    if ground == NOTICE:
        return f"{_who(scope, category, age, '')[0]}, {scope.ground(ground)}", category, age
    if ground:
        return scope.ground(ground), "exempt", ground
    if category == fees.VEHICLE:
        vehicle = scope.words(N_("Vehicle"))
        return f"{vehicle} {scope.words(labels.BANDS[int(age)])}", category, age
    return labels.person(category, age, scope.words), category, age
