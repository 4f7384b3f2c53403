"""What a manager sees of some days at one look: the figures, how it was paid, the hours, who went in."""

from dataclasses import dataclass

from gatepos.domain import fees
from gatepos.domain.money import KES, USD
from gatepos.ledger import listings, takings
from gatepos.ledger.listings import Outage
from gatepos.reports import takings as sums
from gatepos.reports.papers import takings as papers
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Sheet
from gatepos.reports.takings import Figures, Owed

AGES = ("adult", "child", "student")
_CREW = "tra_crew"


@dataclass(frozen=True, slots=True)
class Admitted:
    """The people of a category by age, in the order of AGES; those of any other age count as adults."""

    category: str
    counts: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Way:
    """What was collected here by a way of paying: for how many papers, KES and USD minor units."""

    name: str
    papers: int
    kes_minor: int
    usd_minor: int


@dataclass(frozen=True, slots=True)
class Glance:
    """Some days at one look.

    `bars` are the hours of a day, else the days; `admitted` leaves out who went in free, whom `free` and
    `crew` count.
    """

    scope: Scope
    figures: Figures
    owed: Owed
    oldest_claim: str | None
    ways: tuple[Way, ...]
    bars: Sheet
    outages: tuple[Outage, ...]
    admitted: tuple[Admitted, ...]
    free: int
    crew: int


def of(scope: Scope) -> Glance:
    """What a scope comes to."""
    outages = listings.outages(scope.rows, scope.span, *scope.moments)
    admitted, free, crew = _people(scope)
    is_day = scope.span.first == scope.span.last
    return Glance(
        scope,
        figures(scope),
        sums.owed(scope.source, scope.span.tills, scope.span.last, scope.at),
        sums.oldest_claim(scope.source, scope.span),
        _ways(scope),
        papers.hours(scope, outages) if is_day else papers.days(scope),
        tuple(outages) if is_day else (),
        admitted,
        free,
        crew,
    )


def figures(scope: Scope) -> Figures:
    """The figures of a scope, a week at a time."""
    found = Figures()
    for part in sums.sliced(scope.span):
        found += sums.figures(scope.source, part, scope.prices)
    return found


def _ways(scope: Scope) -> tuple[Way, ...]:
    amounts = {one.by: one.minor for one in sums.grouped(scope, "kind", "paybill", "currency")}
    return tuple(
        Way(
            scope.tender(str(one.by[0]), one.by[1]),
            one.papers,
            amounts.get((*one.by, KES), 0),
            amounts.get((*one.by, USD), 0),
        )
        for one in sums.grouped(scope, "kind", "paybill")
    )


def _people(scope: Scope) -> tuple[tuple[Admitted, ...], int, int]:
    """Who pays by category and age; who went in free, and of crew how many, who are none of those."""
    counts: dict[str, list[int]] = {}
    free = crew = 0
    for one in takings.charged(scope.rows, scope.span, "category", "age", "ground", "fee"):
        category, age, ground, fee = one.by
        if not one.people or fee == fees.VEHICLE:
            continue
        if ground == _CREW:
            crew += one.people
        elif ground is not None:
            free += one.people
        else:
            place = AGES.index(age) if age in AGES else 0
            counts.setdefault(str(category), [0, 0, 0])[place] += one.people
    admitted = (Admitted(name, (a, b, c)) for name, (a, b, c) in counts.items())
    return tuple(sorted(admitted, key=lambda one: _order(one.category))), free, crew


_CATEGORIES = ("non_resident", "african_citizen", "kenya_resident", "ea_citizen", "school")
"""In the order in which the Sell screen has them."""


def _order(category: str) -> int:
    return _CATEGORIES.index(category) if category in _CATEGORIES else len(_CATEGORIES)
