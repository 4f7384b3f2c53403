"""What a manager sees of some days at one look: the figures, how it was paid, the hours, who went in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gatepos.domain import fees
from gatepos.domain.bill import CREW
from gatepos.domain.money import KES, USD
from gatepos.ledger.listings import Outage
from gatepos.ledger.takings import Charged, Held
from gatepos.reports import daily
from gatepos.reports import takings as sums
from gatepos.reports.papers import takings as papers
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Sheet
from gatepos.reports.takings import Figures, Owed

AGES = ("adult", "child", "student")
_DAYS_MAX = 62
"""More bars than days of two months nobody tells apart."""


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
class Category:
    """What was charged of a category of people, or of vehicles: KES minor units."""

    category: str
    minor: int


@dataclass(frozen=True, slots=True)
class Glance:
    """Some days at one look.

    `said` are the figures by which versions of their report differ. `bars` are the hours of a day, else the
    days, of many days the months; `admitted` leaves out who went in free, whom `free` and `crew` count;
    `not_visitors` are none of these.
    """

    scope: Scope
    figures: Figures
    said: Mapping[str, int]
    owed: Owed
    held: Held
    oldest_claim: str | None
    ways: tuple[Way, ...]
    bars: Sheet
    outages: tuple[Outage, ...]
    admitted: tuple[Admitted, ...]
    charged: tuple[Category, ...]
    free: int
    crew: int
    not_visitors: int


def of(scope: Scope) -> Glance:
    """What a scope comes to."""
    codes = sums.claims(scope.rows, scope.span)
    figures = sums.figures(scope.source, scope.span, scope.prices, codes)
    charged = sums.charged(scope, "category", "age", "ground", "fee")
    admitted, free, crew, not_visitors = _people(charged)
    outages = papers.outages(scope) if scope.span.first == scope.span.last else []
    return Glance(
        scope,
        figures,
        daily.said(scope, figures),
        sums.owed(scope.source, scope.span.tills, scope.span.last, scope.at),
        sums.held(scope),
        sums.oldest_claim(scope.rows, codes),
        _ways(scope),
        _bars(scope, outages),
        tuple(outages),
        admitted,
        _by_category(charged),
        free,
        crew,
        not_visitors,
    )


def _bars(scope: Scope, outages: list[Outage]) -> Sheet:
    first, last = (date.fromisoformat(day) for day in (scope.span.first, scope.span.last))
    if first == last:
        return papers.hours(scope, outages)
    by_day = papers.days(scope)
    return by_day if (last - first).days < _DAYS_MAX else papers.months(by_day)


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


def _people(charged: list[Charged]) -> tuple[tuple[Admitted, ...], int, int, int]:
    """Who pays by category and age; who went in free; of crew how many, and who is no visitor, apart."""
    counts: dict[str, list[int]] = {}
    free = crew = not_visitors = 0
    for one in charged:
        category, age, ground, fee = one.by
        if fee == fees.NOT_VISITOR:
            not_visitors += one.count
        if not one.people or fee == fees.VEHICLE:
            continue
        if ground == CREW:
            crew += one.people
        elif ground is not None:
            free += one.people
        else:
            place = AGES.index(age) if age in AGES else 0
            counts.setdefault(str(category), [0, 0, 0])[place] += one.people
    admitted = (Admitted(name, (a, b, c)) for name, (a, b, c) in counts.items())
    return tuple(sorted(admitted, key=lambda one: _order(one.category))), free, crew, not_visitors


def _by_category(charged: list[Charged]) -> tuple[Category, ...]:
    minors: dict[str, int] = {}
    for one in charged:
        category, _, _, fee = one.by
        name = fees.VEHICLE if fee == fees.VEHICLE else str(category)
        minors[name] = minors.get(name, 0) + one.kes_minor
    found = (Category(name, minor) for name, minor in minors.items() if minor)
    return tuple(sorted(found, key=lambda one: (_order(one.category), one.category)))


_CATEGORIES = ("non_resident", "african_citizen", "kenya_resident", "ea_citizen", "school")
"""In the order in which the Sell screen has them."""


def _order(category: str) -> int:
    return _CATEGORIES.index(category) if category in _CATEGORIES else len(_CATEGORIES)
