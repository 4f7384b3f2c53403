"""The takings: the figures beside each other, and by fee, by tender, by place and clerk, by hour and day."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta

from gatepos.domain import labels, moments
from gatepos.domain.books import BACK, ENTRY, EXIT
from gatepos.domain.money import KES, USD
from gatepos.domain.vocabulary import NOTICE
from gatepos.i18n import N_
from gatepos.ledger import listings, takings
from gatepos.ledger.listings import Outage
from gatepos.ledger.takings import HOUR, Charged, Held, Taken
from gatepos.reports import takings as sums
from gatepos.reports.papers import columns, shifts
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Bars, Cell, Column, Kind, Sheet
from gatepos.reports.takings import Figures, Owed

_HERE = (columns.PAPERS, columns.kes("kes", N_("KES")), columns.usd("usd", N_("USD")))
_BY_HOUR = (
    columns.kes("entry", N_("At entry, KES")),
    columns.kes("exit", N_("On exit, KES")),
    columns.kes("back", N_("Handed back, KES")),
    columns.usd("usd", N_("USD")),
)


def outages(scope: Scope) -> list[Outage]:
    """The outages that reach into a scope."""
    return listings.outages(scope.rows, scope.span, *scope.moments)


def figures(scope: Scope, found: Figures, owed: Owed, held: Held) -> Sheet:
    """What stands beside each other and is never added together."""
    rows: list[tuple[str, int | None, int | None, int | None]] = [
        (N_("Collected here"), found.papers, found.collected_kes_minor, found.collected_usd_minor),
        (N_("Of this handed back"), None, found.back_minor, None),
        (N_("Prepaid elsewhere"), found.tickets, found.prepaid_minor, None),
        (N_("Of this on no list"), found.unlisted, None, None),
        (N_("Claimed and not confirmed"), found.claimed_codes, found.claimed_minor, None),
        (N_("Confirmed by M-PESA"), found.confirmed_codes, found.confirmed_minor, None),
        (N_("Owed on open passes"), owed.passes, owed.minor, None),
        *((one.says, one.passes, one.minor, None) for one in owed.ages),
        (labels.HELD, held.papers, held.minor, None),
        (N_("Charged"), None, found.charged_minor, None),
        (N_("Waived"), None, found.waived_minor, None),
        (N_("Went in free"), found.free, None, None),
        (N_("Revenue foregone, at the least"), None, found.foregone_minor, None),
        (N_("Free without a price to reckon by"), found.unpriced, None, None),
        (N_("Visitors"), found.people, None, None),
        (N_("Crew, none of the visitors"), found.crew, None, None),
        (N_("Vehicles"), found.vehicles, None, None),
        *shifts.of_closes(scope),
        (N_("Of this cash"), None, found.over_kes_minor, found.over_usd_minor),
        (N_("Paid out of drawers"), None, found.spent_kes_minor, found.spent_usd_minor),
    ]
    heads = (
        Column("figure", N_("Figure")), Column("count", N_("How many"), Kind.COUNT),
        columns.kes("kes", N_("KES"), is_summed=False), Column("usd_minor", N_("USD"), Kind.USD),
    )  # fmt: skip
    named = tuple((scope.words(says), *cells) for says, *cells in rows)
    return Sheet("figures", N_("Takings"), heads, named)


def tenders(scope: Scope) -> Sheet:
    """By way of paying, what was paid elsewhere before too."""
    found = sums.grouped(scope, "kind", "paybill", "currency", but="")
    papers = {one.by: one.papers for one in sums.grouped(scope, "kind", "paybill", but="")}
    heads = (Column("tender", N_("Tender")), *_HERE)
    rows = [
        (scope.tender(str(kind), paybill), papers[kind, paybill], *_amounts(found, kind, paybill))
        for kind, paybill in papers
    ]
    return Sheet("tenders", N_("By way of paying"), heads, tuple(rows))


def by_fee(scope: Scope, charges: Sequence[Charged]) -> Sheet:
    """By what was charged, in the order of the fee table."""
    found = sums.regrouped(charges, "schedule", "fee", "category", "age", "ground", "currency")
    heads = (
        Column("schedule", N_("Schedule")), Column("fee", N_("Fee")),
        *columns.unprinted(Column("category", N_("Category")), Column("age", N_("Age"))),
        Column("currency", N_("Currency")), columns.count("count", N_("How many")),
        Column("amount_minor", N_("In USD"), Kind.USD, is_summed=True),
        columns.kes("kes", N_("Charged, KES")),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        schedule, fee, category, age, ground, currency = one.by
        label = scope.fee(str(fee), str(category), str(age))
        if ground is not None:
            label = f"{label}, {scope.ground(ground)}" if ground == NOTICE else scope.ground(ground)
        usd = one.amount_minor if currency == USD else 0
        rows.append((schedule, label, category, age, currency, one.count, usd, one.kes_minor))
    return Sheet("fees", N_("By fee"), heads, tuple(row for row in rows if any(row[5:])))


def places(scope: Scope, charges: Sequence[Charged]) -> Sheet:
    """By gate, till, shift and clerk, each apart, so that any of them can be summed."""
    by = ("gate", "till", "shift", "staff")
    money_ = sums.grouped(scope, *by, "currency")
    papers = {one.by: one.papers for one in sums.grouped(scope, *by)}
    charged = {one.by: one for one in sums.regrouped(charges, *by)}
    took: dict[tuple[str | None, ...], list[Taken]] = {}
    for one in money_:
        took.setdefault(one.by[:4], []).append(one)
    heads = (
        columns.GATE, columns.TILL, columns.SHIFT, columns.STAFF, *_HERE,
        columns.kes("charged", N_("Charged, KES")), columns.PEOPLE, columns.count("vehicles", N_("Vehicles")),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for key in sorted({*papers, *charged}, key=lambda key: tuple(one or "" for one in key)):
        gate, till, shift, staff = key
        cost = charged.get(key)
        rows.append((
            scope.gate(gate), till, scope.printed(shift), staff,
            papers.get(key, 0), *_sums(took.get(key, ())),
            cost.kes_minor if cost else 0, cost.people if cost else 0, cost.vehicles if cost else 0,
        ))  # fmt: skip
    return Sheet("places", N_("By gate, till, shift and clerk"), heads, tuple(rows))


def hours(scope: Scope, outages: Sequence[Outage]) -> Sheet:
    """By the hour in Kenya, from the first to the last with a sale; an outage shaded."""
    found = sums.grouped(scope, HOUR, "place", "currency")
    by_hour: dict[int, list[Taken]] = {}
    for one in found:
        by_hour.setdefault(_hour_ms(str(one.by[0])), []).append(one)
    heads = (Column("hour", N_("Hour")), *_BY_HOUR, Column("outage", N_("Outage"), Kind.COUNT))
    is_day = scope.span.first == scope.span.last
    clock: dict[str, list[int]] = {}
    for at_ms in _through(by_hour):
        cells = clock.setdefault(hour_of(at_ms), [0] * (len(heads) - 1))
        cells[:4] = [a + b for a, b in zip(cells, _by_place(by_hour.get(at_ms, ())), strict=False)]
        cells[4] = max(cells[4], int(is_day and any(is_within(at_ms, one) for one in outages)))
    shown = filled(clock)
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (label, *clock.get(label, [0] * (len(heads) - 1))) for label in shown
    )
    return Sheet("hours", N_("By hour"), heads, rows, (), Bars("hour", _STACKED, "outage"))


def days(scope: Scope) -> Sheet:
    """By business day, from the first to the last with a sale."""
    found = sums.grouped(scope, "day", "place", "currency")
    heads = (columns.DAY, *_BY_HOUR)
    by_day: dict[str, list[Taken]] = {}
    for one in found:
        by_day.setdefault(str(one.by[0]), []).append(one)
    rows = tuple((day, *_by_place(by_day.get(day, ()))) for day in _days_through(by_day))
    return Sheet("days", N_("By day"), heads, rows, (), Bars("day", _STACKED))


_STACKED = ("entry_minor", "exit_minor")


def months(by_day: Sheet) -> Sheet:
    """The days of a paper by month."""
    sums: dict[str, list[int]] = {}
    for day, *cells in by_day.rows:
        had = sums.setdefault(str(day)[:7], [0] * len(cells))
        sums[str(day)[:7]] = [a + int(b or 0) for a, b in zip(had, cells, strict=True)]
    heads = (Column("month", N_("Month")), *_BY_HOUR)
    return Sheet(
        "months", N_("By month"), heads, tuple((month, *cells) for month, cells in sums.items()), (),
        Bars("month", _STACKED),
    )  # fmt: skip


def in_outages(scope: Scope, outages: Sequence[Outage]) -> Sheet:
    """What was taken and charged at each till inside its outages, of the days of the range."""
    heads = (
        columns.TILL, Column("cause", N_("Cause")), Column("paybill", N_("Paybill")),
        Column("since", N_("Since"), Kind.MOMENT), Column("opened_at", N_("Opened"), Kind.MOMENT),
        Column("until", N_("Until"), Kind.MOMENT), *_HERE, columns.kes("charged", N_("Charged, KES")),
        columns.PEOPLE,
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for one in outages:
        span = scope.during(one)
        took = takings.taken(scope.rows, span, "currency", but=sums.PREPAID)
        papers = sum(part.papers for part in takings.taken(scope.rows, span, but=sums.PREPAID))
        charged = takings.charged(scope.rows, span)
        kes, usd = (sum(part.minor for part in took if part.by[0] == currency) for currency in (KES, USD))
        rows.append((
            one.till, scope.cause(one.cause), one.paybill, one.since, one.at, one.until, papers, kes, usd,
            sum(part.kes_minor for part in charged), sum(part.people for part in charged),
        ))  # fmt: skip
    return Sheet("outages", N_("In outages"), heads, tuple(rows))


def _amounts(found: Iterable[Taken], *by: str | None) -> tuple[int, int]:
    return _sums(one for one in found if one.by[: len(by)] == by)


def _sums(found: Iterable[Taken]) -> tuple[int, int]:
    """KES and USD of groups whose last name is the currency."""
    kes = usd = 0
    for one in found:
        if one.by[-1] == KES:
            kes += one.minor
        elif one.by[-1] == USD:
            usd += one.minor
    return kes, usd


def _by_place(found: Iterable[Taken]) -> tuple[int, int, int, int]:
    """KES at entry, on exit and handed back, and USD, of groups by …, place, currency."""
    some = [*found]
    kes = {place: sum(o.minor for o in some if o.by[1:] == (place, KES)) for place in (ENTRY, EXIT, BACK)}
    return kes[ENTRY], kes[EXIT], kes[BACK], sum(one.minor for one in some if one.by[2] == USD)


def _hour_ms(hour: str) -> int:
    return moments.from_text(f"{hour}:00:00.000Z")


def _days_through(days: Collection[str]) -> Iterable[str]:
    if not days:
        return ()
    first, last = date.fromisoformat(min(days)), date.fromisoformat(max(days))
    return ((first + timedelta(n)).isoformat() for n in range((last - first).days + 1))


def hour_of(at_ms: int) -> str:
    """The hour in Kenya, `06:00`."""
    return f"{moments.local(at_ms):%H:00}"


def filled(hours: Iterable[str]) -> list[str]:
    """The hours from the first to the last, those without anything too."""
    known = sorted(int(hour[:2]) for hour in hours)
    return [f"{hour:02}:00" for hour in range(known[0], known[-1] + 1)] if known else []


def is_within(at_ms: int, outage: Outage) -> bool:
    """Whether any of the hour was in the outage."""
    begun = moments.from_text(outage.since)
    ended = moments.from_text(outage.until) if outage.until else at_ms + 1
    return begun < at_ms + _HOUR_MS and at_ms < ended


_HOUR_MS = 60 * moments.MINUTE_MS


def _through(hours_ms: Collection[int]) -> Iterable[int]:
    """Every hour of a day with sales, from its first to its last; of several days those with sales."""
    first, last = min(hours_ms, default=0), max(hours_ms, default=-1)
    is_day = last - first < moments.DAY_MS
    return range(first, last + 1, _HOUR_MS) if is_day else sorted(hours_ms)
