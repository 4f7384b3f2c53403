"""The banking list: what went from drawers into the safe, for which receipts, to be banked by when."""

from datetime import date, timedelta

from gatepos.domain.money import KES, USD
from gatepos.i18n import N_
from gatepos.ledger import registers
from gatepos.reports.papers import columns
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Cell, Column, Kind, Note, Sheet

_DAYS = 5
"""Within which a receiver of revenue banks (LN 34/2015, r. 81)."""
_LAW = N_("Receivers of revenue bank within five days: LN 34/2015, regulation 81.")
_WHAT = {
    "shift.opened": N_("Float out of the safe"),
    "shift.closed": N_("Drawer counted at the close"),
    "cash.moved": N_("Moved in the shift"),
}
_COLUMNS = (
    *columns.WRITTEN,
    Column("what", N_("What")),
    Column("first", N_("First number")), Column("last", N_("Last number")),
    columns.kes("safe", N_("Into the safe, KES")), columns.usd("safe_usd", N_("Into the safe, USD")),
    Column("bank_by", N_("Bank by"), Kind.DAY),
)  # fmt: skip


def sheet(scope: Scope) -> Sheet:
    """Floats, drops and closes in their order; floats are taken off."""
    acts = {(act.till, act.seq): act for act in registers.acts(scope.rows, scope.span)}
    numbers = registers.numbers_of_shifts(scope.rows, scope.span)
    sums: dict[tuple[str, int], dict[str, int]] = {}
    for till, seq, _, currency, minor in registers.safe(scope.rows, scope.span):
        into = sums.setdefault((till, seq), {})
        into[currency] = into.get(currency, 0) + minor
    rows: list[tuple[Cell, ...]] = []
    for place, into in sums.items():
        act = acts[place]
        is_close = act.kind == "shift.closed"
        of = numbers.get(act.shift or "", (None, None)) if is_close else (None, None)
        bank_by = (date.fromisoformat(act.day) + timedelta(_DAYS)).isoformat()
        rows.append((
            act.at, act.day, act.till, scope.gate(act.gate), scope.printed(act.shift), act.staff,
            scope.words(_WHAT.get(act.kind, act.kind)), *map(scope.printed, of),
            into.get(KES, 0), into.get(USD, 0), bank_by if max(into.values()) > 0 else None,
        ))  # fmt: skip
    return Sheet("banking", N_("Banking list"), _COLUMNS, tuple(rows), (Note(_LAW),))
