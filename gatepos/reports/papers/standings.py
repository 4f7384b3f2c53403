"""The sync status: how far each till is known here, and what of it waits."""

from gatepos.i18n import N_
from gatepos.reports.papers import columns
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Column, Kind, Sheet

_COLUMNS = (
    columns.TILL,
    columns.GATE,
    Column("lane", N_("Lane")),
    Column("entries", N_("Entries"), Kind.COUNT),
    Column("at", N_("Last entry at"), Kind.MOMENT),
    Column("waiting", N_("Waiting"), Kind.COUNT),
    Column("hash", N_("Hash of the last entry")),
)


def sheet(scope: Scope) -> Sheet:
    """Till by till; what waits is not known of a till that was only heard."""
    rows = tuple(
        (one.till, scope.gate(one.gate), one.lane, one.seq, one.at or None, one.waiting, one.hash)
        for one in scope.standings
    )
    return Sheet("sync", N_("Sync status"), _COLUMNS, rows)
