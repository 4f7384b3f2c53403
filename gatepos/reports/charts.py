"""The charts beside the hours: by way of paying, by category, and how long it took at the window."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gatepos.domain import fees, labels, moments
from gatepos.domain.entry import Entry
from gatepos.i18n import N_
from gatepos.ledger import served, windows
from gatepos.ledger.listings import Outage
from gatepos.ledger.windows import Pair
from gatepos.reports.glance import Glance
from gatepos.reports.papers import columns
from gatepos.reports.papers import takings as papers
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Bars, Cell, Column, Kind, Note, Sheet
from gatepos.reports.takings import sliced

_IN_ALL = N_("{n} measured: half within {median} s, 95 of 100 within {most} s")
_SECONDS = (
    Column("hour", N_("Hour")), Column("n", N_("How many"), Kind.COUNT, is_summed=True),
    Column("median_s", N_("Median"), Kind.SECONDS),
    Column("more_s", N_("From there to 95 of 100"), Kind.SECONDS),
    Column("p95_s", N_("95 of 100 within"), Kind.SECONDS), Column("outage", N_("Outage"), Kind.COUNT),
)  # fmt: skip


def tenders(glance: Glance) -> Sheet:
    """What was collected here by way of paying."""
    rows = tuple((way.name, way.kes_minor) for way in glance.ways)
    heads = (Column("tender", N_("Tender")), columns.kes("kes", N_("KES")))
    return Sheet("tenders", N_("By way of paying"), heads, rows, (), Bars("tender", ("kes_minor",)))


def categories(glance: Glance) -> Sheet:
    """What was charged by category of people, and for vehicles."""
    words = glance.scope.words
    rows = tuple((words(_NAMES.get(one.category, one.category)), one.minor) for one in glance.charged)
    heads = (Column("category", N_("Category")), columns.kes("charged", N_("Charged, KES")))
    return Sheet("categories", N_("By category"), heads, rows, (), Bars("category", ("charged_minor",)))


_NAMES: Mapping[str, str] = {**labels.CATEGORIES, fees.VEHICLE: N_("Vehicles")}


def at_entry(scope: Scope, outages: Sequence[Outage]) -> Sheet:
    """Seconds from the first touch or a slip's scan to RECORDED, by the hour: median, what 95 of 100 took."""
    took = ((one.at, one.seconds) for part in sliced(scope.span) for one in served.within(scope.rows, part))
    return _seconds(took, outages, "seconds_in", N_("Seconds at entry"))


def at_exit(scope: Scope, outages: Sequence[Outage]) -> Sheet:
    """Seconds from the first scan of a pass in the lane to its payment, by the hour."""
    return _seconds(_to_payment(scope), outages, "seconds_out", N_("Seconds on exit"))


def _seconds(took: Iterable[tuple[str, int]], outages: Sequence[Outage], name: str, title: str) -> Sheet:
    by_hour: dict[str, list[int]] = defaultdict(list)
    shaded: set[str] = set()
    for at, took_s in took:
        at_ms = moments.from_text(f"{at[:13]}:00:00.000Z")
        hour = papers.hour_of(at_ms)
        by_hour[hour].append(took_s)
        if any(papers.is_within(at_ms, one) for one in outages):
            shaded.add(hour)
    rows = tuple((hour, *_spread(by_hour[hour]), int(hour in shaded)) for hour in papers.filled([*by_hour]))
    n, middle, _, most = _spread([one for some in by_hour.values() for one in some])
    notes = (Note(_IN_ALL, {"n": n, "median": middle, "most": most}),) if n else ()
    return Sheet(name, title, _SECONDS, rows, notes, Bars("hour", ("median_s", "more_s"), "outage"))


def _to_payment(scope: Scope) -> Iterator[tuple[str, int]]:
    """When each pass was paid, and how many seconds that took."""
    for part in sliced(scope.span):
        pairs = windows.at_exit(scope.rows, part)
        known = _entries(scope, pairs)
        for pair in pairs:
            began, ended = (known.get((pair.till, seq)) for seq in (pair.from_seq, pair.to_seq))
            if began is not None and ended is not None:
                yield from ((ended.at, took_s) for took_s in windows.seconds(began, ended))


def _entries(scope: Scope, pairs: Iterable[Pair]) -> dict[tuple[str, int], Entry]:
    seqs: dict[str, set[int]] = defaultdict(set)
    for pair in pairs:
        seqs[pair.till] |= {pair.from_seq, pair.to_seq}
    return {
        (till, entry.seq): entry
        for till, some in seqs.items()
        for entry in scope.source.entries(till, sorted(some))
    }


def _spread(took_s: Sequence[int]) -> tuple[Cell, ...]:
    """How many, the median, from there to what 95 of 100 took, and that."""
    found = served.spread(took_s)
    return (len(took_s), found[0], found[1] - found[0], found[1]) if found else (0, None, None, None)
