"""The documents in custody: handed over, returned, and still kept."""

from gatepos.domain import labels
from gatepos.i18n import N_
from gatepos.ledger import listings
from gatepos.reports.papers import columns
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Column, Kind, Sheet

_KEPT, _RETURNED = N_("kept"), N_("returned")
_COLUMNS = (
    columns.AT,
    columns.TILL,
    columns.GATE,
    Column("document", N_("Document")),
    Column("envelope", N_("Envelope")),
    Column("pass", N_("Pass")),
    columns.PLATE,
    Column("keeper", N_("Kept by")),
    columns.STATE,
    Column("returned_at", N_("Returned at"), Kind.MOMENT),
)


def sheet(scope: Scope) -> Sheet:
    """Whose they are stands nowhere: their envelopes name them."""
    found = listings.documents(scope.rows, scope.span, *scope.moments)
    rows = tuple(
        (
            one.at, one.till, scope.gate(one.gate),
            scope.words(labels.DOCUMENTS.get(one.document, one.document)), one.envelope,
            scope.printed(one.of_pass), one.plate, one.staff,
            scope.words(_KEPT if one.returned_at is None else _RETURNED), one.returned_at,
        )
        for one in found
    )  # fmt: skip
    return Sheet("documents", N_("Documents in custody"), _COLUMNS, rows)
