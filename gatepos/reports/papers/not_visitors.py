"""Who went in and is no visitor: staff, lodge supply, police, contractors, by ground and plate."""

from gatepos.domain import plates
from gatepos.i18n import N_
from gatepos.ledger import listings
from gatepos.reports.papers import columns
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Column, Sheet

_COLUMNS = (
    *columns.WRITTEN, columns.NUMBER, Column("ground", N_("Ground")), columns.PLATE, columns.PEOPLE,
)  # fmt: skip


def sheet(scope: Scope) -> Sheet:
    """Line by line; a paper that ended is taken off on the day on which it did."""
    rows = tuple(
        (
            one.at, one.day, one.till, scope.gate(one.gate), scope.printed(one.shift), one.staff,
            scope.printed(one.number), scope.ground(one.ground), plates.shown(one.plate), one.people,
        )
        for one in listings.not_visitors(scope.rows, scope.span)
    )  # fmt: skip
    return Sheet("not_visitors", N_("Not visitors"), _COLUMNS, rows)
