"""The figures of a range of days: what was collected here, what elsewhere, what is claimed, what is owed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta

from gatepos.domain import fees, moments, money, postings
from gatepos.domain.bill import CREW
from gatepos.domain.books import BACK
from gatepos.domain.fees import NoSuchFee, Schedule
from gatepos.domain.money import KES, USD
from gatepos.domain.vocabulary import NOTICE
from gatepos.i18n import N_
from gatepos.ledger import listings, registers, takings
from gatepos.ledger.listings import Issued
from gatepos.ledger.source import Source
from gatepos.ledger.takings import Charged, Claimed, Held, Rows, Span, Taken
from gatepos.reports.scope import Prices, Scope

PREPAID = "ecitizen"
"""The way of paying that is paid elsewhere before."""
_AGES_DAYS = (
    (0, N_("Of this since today")),
    (3, N_("Of this 1–3 days old")),
    (7, N_("Of this 4–7 days old")),
    (30, N_("Of this 8–30 days old")),
)
_OLDER = N_("Of this older than 30 days")
_LEAST = {"under_6": "child"}
"""The age as which the free of a ground would pay; all others as adults."""
_SLICE = timedelta(days=7)
CHARGED_BY = (
    "schedule", "fee", "category", "age", "ground", "currency", "gate", "till", "shift", "staff"
)  # fmt: skip
"""All by which papers group what was charged."""
_Group = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Age:
    """The open passes of an age: how many, and KES minor units owed on them."""

    says: str
    passes: int
    minor: int


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed on open passes, KES minor units; when the oldest was issued."""

    passes: int
    minor: int
    oldest_at: str | None
    ages: tuple[Age, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums of a range of days that stand beside each other and are never added together.

    Collected here: KES and USD minor units, change and cash handed back taken off, for how many papers.
    Prepaid elsewhere: tickets, their KES, how many of them stand on no list. Claimed: M-PESA codes that
    nothing confirms, with the first of them. `charged_minor` is income in KES. `foregone_minor` is what
    those who went in free would have paid at the least, by the schedule; `unpriced` how many it has no
    price for; `spent` what was paid out of drawers. `crew` is neither in `people` nor in `free`.
    """

    collected_kes_minor: int = 0
    collected_usd_minor: int = 0
    papers: int = 0
    back_minor: int = 0
    tickets: int = 0
    prepaid_minor: int = 0
    unlisted: int = 0
    claimed_codes: int = 0
    claimed_minor: int = 0
    confirmed_codes: int = 0
    confirmed_minor: int = 0
    charged_minor: int = 0
    people: int = 0
    vehicles: int = 0
    waived_minor: int = 0
    free: int = 0
    crew: int = 0
    foregone_minor: int = 0
    unpriced: int = 0
    over_kes_minor: int = 0
    over_usd_minor: int = 0
    spent_kes_minor: int = 0
    spent_usd_minor: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def figures(source: Source, span: Span, prices: Prices, codes: Sequence[Claimed]) -> Figures:
    """All sums of a span, a week at a time; `codes` are its claims."""
    found = _with_codes(_with_tickets(Figures(), source, span), codes)
    for part in sliced(span):
        found += _sums(source.rows, part, prices)
    return found


def _sums(rows: Rows, span: Span, prices: Prices) -> Figures:
    """What of the figures can be added up slice by slice."""
    here = takings.taken(rows, span, "place", "currency", but=PREPAID)
    (charged,) = takings.charged(rows, span)
    free = takings.charged(rows, span, "schedule", "product", "ground", "age", "times", is_free=True)
    crew = sum(one.people for one in free if one.by[2] == CREW)
    priced = [foregone(one, prices) for one in free]
    spent = registers.expenses(rows, span)
    return Figures(
        collected_kes_minor=sum(one.minor for one in here if one.by[1] == KES),
        collected_usd_minor=sum(one.minor for one in here if one.by[1] == USD),
        papers=sum(
            one.papers for one in takings.taken(rows, span, "place", but=PREPAID) if one.by[0] != BACK
        ),
        back_minor=-sum(one.minor for one in here if one.by[0] == BACK),
        charged_minor=charged.kes_minor,
        people=charged.people - crew,
        vehicles=charged.vehicles,
        waived_minor=spent.get((postings.WAIVER, KES), 0),
        free=sum(one.people for one in free if one.by[2] is not None) - crew,
        crew=crew,
        foregone_minor=sum(minor or 0 for minor in priced),
        unpriced=sum(1 for minor in priced if minor is None),
        over_kes_minor=-spent.get((postings.OVER_SHORT, KES), 0),
        over_usd_minor=-spent.get((postings.OVER_SHORT, USD), 0),
        spent_kes_minor=spent.get((postings.PAID_OUT, KES), 0),
        spent_usd_minor=spent.get((postings.PAID_OUT, USD), 0),
    )


def claims(rows: Rows, span: Span) -> list[Claimed]:
    """The codes of a span, a week at a time; one that two weeks count is one."""
    codes: dict[tuple[str, str], Claimed] = {}
    for part in sliced(span):
        for one in takings.claimed(rows, part):
            had = codes.get((one.till, one.folded))
            first = one if had is None else replace(had, minor=had.minor + one.minor)
            codes[one.till, one.folded] = first
    return [*codes.values()]


def oldest_claim(rows: Rows, codes: Sequence[Claimed]) -> str | None:
    """When the oldest code was taken that nothing confirms."""
    first: dict[str, int] = {}
    for one in codes:
        if not one.is_confirmed:
            first[one.till] = min(first.get(one.till, one.first_seq), one.first_seq)
    return min((takings.moment(rows, till, seq) for till, seq in first.items()), default=None)


def owed(source: Source, tills: Sequence[str], until: str, at: str) -> Owed:
    """What is owed at a moment on the passes that these tills issued up to a business day."""
    found = [one for one in opened(source, tills) if one.day <= until]
    today = moments.local_day(moments.from_text(at))
    ages = {says: Age(says, 0, 0) for says in (*(says for _, says in _AGES_DAYS), _OLDER)}
    for one in found:
        age = ages[_age(date.fromisoformat(one.day), today)]
        ages[age.says] = Age(age.says, age.passes + 1, age.minor + source.owed.owed(one.number))
    whole = sum(age.minor for age in ages.values())
    return Owed(len(found), whole, found[0].at if found else None, tuple(ages.values()))


def held(scope: Scope) -> Held:
    """What is held at a scope's tills by its last day."""
    return takings.held(scope.rows, scope.source.owed, scope.span.tills, scope.span.last)


def opened(source: Source, tills: Sequence[str]) -> list[Issued]:
    """The open passes that these tills issued, the oldest first."""
    own = [number for number in source.owed.open() if number[:4] in tills]
    found = {one.number: one for one in listings.passes_among(source.rows, own)}
    return sorted(found.values(), key=lambda one: (one.at, one.number))


def sliced(span: Span) -> Iterator[Span]:
    """A span in weeks, none of which holds anybody up."""
    first, last = date.fromisoformat(span.first), date.fromisoformat(span.last)
    while first <= last:
        until = min(first + _SLICE - timedelta(days=1), last)
        yield replace(span, first=first.isoformat(), last=until.isoformat())
        first = until + timedelta(days=1)


def foregone(free: Charged, prices: Prices) -> int | None:
    """What a group would have paid as East African citizens, who pay least; None where no price is set.

    Whom a notice let in, by what it let go. `free.by` is schedule, product, ground, age, times; KES minor
    units.
    """
    schedule, product, ground, _, times = free.by
    if ground in (None, NOTICE):
        return free.foregone_minor
    unit = least(prices.schedules.get(schedule or ""), product, str(ground))
    return None if unit is None else unit * free.people * int(str(times))


def least(schedule: Schedule | None, product: str | None, ground: str) -> int | None:
    """The least that somebody who is free on a ground would pay a day, KES minor units; None: not set."""
    if schedule is None or product is None:
        return None
    try:
        fee = schedule.fee(product, (fees.PARK_ENTRY, "ea_citizen", _LEAST.get(ground, "adult")))
    except NoSuchFee:
        return None
    return fee.amount_minor if fee.currency == money.KES else None


def grouped(scope: Scope, *by: str, but: str = PREPAID) -> list[Taken]:
    """What was taken here, grouped, a week at a time; what was paid elsewhere before is none of it.

    A paper takes and hands back on one day: the papers of two weeks are others.
    """
    sums: dict[tuple[str | None, ...], Taken] = {}
    for part in sliced(scope.span):
        for one in takings.taken(scope.rows, part, *by, but=but):
            had = sums.get(one.by, Taken(one.by, 0, 0))
            sums[one.by] = Taken(one.by, had.papers + one.papers, had.minor + one.minor)
    return sorted(sums.values(), key=lambda one: _in_order(one.by))


def charged(scope: Scope, *by: str) -> list[Charged]:
    """What was charged, grouped, a week at a time."""
    return _merged(
        (one.by, one) for part in sliced(scope.span) for one in takings.charged(scope.rows, part, *by)
    )


def regrouped(found: Iterable[Charged], *by: str) -> list[Charged]:
    """What was charged by CHARGED_BY, grouped by some of it."""
    places = [CHARGED_BY.index(name) for name in by]
    return _merged((tuple(one.by[place] for place in places), one) for one in found)


def _merged(found: Iterable[tuple[_Group, Charged]]) -> list[Charged]:
    """The sums of each group."""
    sums: dict[_Group, Charged] = {}
    for group, one in found:
        had = sums.get(group)
        sums[group] = replace(one, by=group) if had is None else Charged(
            group, had.count + one.count, had.people + one.people, had.vehicles + one.vehicles,
            had.kes_minor + one.kes_minor, had.amount_minor + one.amount_minor,
            had.foregone_minor + one.foregone_minor,
        )  # fmt: skip
    return sorted(sums.values(), key=lambda one: _in_order(one.by))


def _in_order(by: Sequence[str | None]) -> tuple[tuple[bool, str], ...]:
    return tuple((one is not None, one or "") for one in by)


def _with_codes(found: Figures, codes: Sequence[Claimed]) -> Figures:
    claims, sure = ([one for one in codes if one.is_confirmed == is_sure] for is_sure in (False, True))
    return replace(
        found,
        claimed_codes=len(claims),
        claimed_minor=sum(one.minor for one in claims),
        confirmed_codes=len(sure),
        confirmed_minor=sum(one.minor for one in sure),
    )


def _with_tickets(found: Figures, source: Source, span: Span) -> Figures:
    """A ticket that two weeks count is one."""
    tickets: dict[str, int] = {}
    for part in sliced(span):
        for folded, minor in takings.tickets(source.rows, part).items():
            tickets[folded] = tickets.get(folded, 0) + minor
    listed = source.listed([*tickets])
    return replace(
        found,
        tickets=len(tickets),
        prepaid_minor=sum(tickets.values()),
        unlisted=sum(1 for one in tickets if one not in listed),
    )


def _age(issued: date, today: date) -> str:
    days = (today - issued).days
    return next((says for most, says in _AGES_DAYS if days <= most), _OLDER)
