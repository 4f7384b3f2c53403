"""Each till by itself: how far it is known here, what it took, what it charged, whom it let in."""

from gatepos.domain.money import KES, USD
from gatepos.i18n import N_
from gatepos.reports import takings as sums
from gatepos.reports.papers import columns
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Column, Kind, Sheet

_COLUMNS = (
    columns.TILL,
    columns.GATE,
    Column("at", N_("Last entry at"), Kind.MOMENT),
    Column("entries", N_("Entries"), Kind.COUNT),
    columns.PAPERS,
    columns.kes("kes", N_("KES")),
    columns.usd("usd", N_("USD")),
    columns.kes("charged", N_("Charged, KES")),
    columns.PEOPLE,
    columns.count("vehicles", N_("Vehicles")),
)


def sheet(scope: Scope) -> Sheet:
    """A row for each till of a scope, those that took nothing too."""
    took = {one.by: one.minor for one in sums.grouped(scope, "till", "currency")}
    papers = {one.by[0]: one.papers for one in sums.grouped(scope, "till")}
    charged = {one.by[0]: one for one in sums.charged(scope, "till")}
    rows = tuple(
        (
            one.till, scope.gate(one.gate), one.at or None, one.seq, papers.get(one.till, 0),
            took.get((one.till, KES), 0), took.get((one.till, USD), 0),
            *((cost.kes_minor, cost.people, cost.vehicles) if cost else (0, 0, 0)),
        )
        for one in scope.standings
        for cost in (charged.get(one.till),)
    )  # fmt: skip
    return Sheet("tills", N_("Each till by itself"), _COLUMNS, rows)
