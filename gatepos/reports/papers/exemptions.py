"""Who went in free: ground, what was shown for it, and what the schedule would have charged at the least."""

from collections.abc import Iterator

from gatepos.domain import labels
from gatepos.domain.vocabulary import NOTICE
from gatepos.i18n import N_
from gatepos.ledger import listings
from gatepos.ledger.listings import Free
from gatepos.reports import takings
from gatepos.reports.packed import Packed
from gatepos.reports.papers import columns
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Column, Note, Row, Sheet

_LEAST = N_(
    "Foregone is reckoned at the East African citizen's price, the least that anybody pays; by a notice at"
    " the price of whom it let in."
)
_ENDED = N_("no longer counts")
_COLUMNS = (
    *columns.WRITTEN, columns.NUMBER,
    Column("ground", N_("Ground")), Column("evidence", N_("Shown")), columns.PEOPLE,
    columns.kes("foregone", N_("Foregone, KES")), columns.STATE,
)  # fmt: skip


def sheet(scope: Scope) -> Sheet:
    """Line by line; a paper that ended is taken off on the day on which it did."""
    return Sheet("exemptions", N_("Free entries"), _COLUMNS, Packed(_rows(scope)), (Note(_LEAST),))


def _rows(scope: Scope) -> Iterator[Row]:
    for one in listings.free(scope.rows, scope.span):
        shown = labels.EVIDENCE.get(one.evidence or "", one.evidence or "")
        yield (
            one.at, one.day, one.till, scope.gate(one.gate), scope.printed(one.shift), one.staff,
            scope.printed(one.number), _ground(scope, one), scope.words(shown),
            one.count, _foregone(scope, one), scope.words(_ENDED) if one.count < 0 else None,
        )  # fmt: skip


def _ground(scope: Scope, one: Free) -> str:
    """The ground; of a notice also whom, or which vehicle, it let in."""
    if one.ground not in (None, NOTICE):
        return scope.ground(str(one.ground))
    return f"{scope.ground(NOTICE)}: {scope.fee(one.fee, one.category, one.age)}"


def _foregone(scope: Scope, one: Free) -> int | None:
    if one.foregone_minor is not None:
        return one.foregone_minor if one.count > 0 else -one.foregone_minor
    schedule = scope.prices.schedules.get(one.schedule or "")
    unit = takings.least(schedule, one.product, str(one.ground))
    return None if unit is None else unit * one.count * one.times
