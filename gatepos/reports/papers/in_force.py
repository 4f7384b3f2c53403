"""Which schedule and which USD rate were in force in a range, and since when."""

from collections.abc import Iterator

from gatepos.domain.entry import Entry
from gatepos.i18n import N_
from gatepos.ledger import registers
from gatepos.reports.papers import columns
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Cell, Column, Kind, Sheet

_COLUMNS = (
    columns.TILL,
    Column("schedule", N_("Schedule")),
    Column("month", N_("Month of the rate")),
    Column("rate_e4", N_("KES per USD"), Kind.RATE),
    Column("since", N_("Since"), Kind.MOMENT),
    columns.STAFF,
    columns.REASON,
)


def sheet(scope: Scope) -> Sheet:
    """What each till found in force, and each switch in the range."""
    rows = [row for kind in ("schedule.switched", "rate.switched") for row in _of_kind(scope, kind)]
    return Sheet("in_force", N_("Schedules and rates in force"), _COLUMNS, tuple(rows))


def _of_kind(scope: Scope, kind: str) -> Iterator[tuple[Cell, ...]]:
    found = registers.last_before(scope.rows, scope.span, kind)
    found += [(act.till, act.seq) for act in registers.acts(scope.rows, scope.span, kind)]
    for till in scope.span.tills:
        seqs = [seq for of, seq in found if of == till]
        yield from (_row(entry) for entry in scope.source.entries(till, seqs))


def _row(entry: Entry) -> tuple[Cell, ...]:
    data = entry.data
    what = (data.get("schedule"), data.get("rate"), data.get("rate_e4"))
    said = tuple(one if isinstance(one, int) or one is None else str(one) for one in what)
    reason = data.get("reason")
    return (entry.till, *said, entry.at, entry.by, None if reason is None else str(reason))
