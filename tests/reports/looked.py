"""The scope of a till's days, as a report is asked of it where the ledger is."""

from gatepos import i18n
from gatepos.domain import fees, moments
from gatepos.ledger import source as sources
from gatepos.ledger.takings import Span
from gatepos.reports.scope import Prices, Scope
from gatepos.till.till import Till


def scope(till: Till, first: str, last: str = "") -> Scope:
    """Some days of a till and of those that it heard."""
    desk = till.desk
    standings = tuple(sources.standings(desk.ledger.conn, desk.own.till, None))
    source = sources.of_ledger(desk.ledger.conn, desk.own.till, desk.ledger.receivables)
    return Scope(
        source, Span(tuple(one.till for one in standings), first, last or first),
        moments.to_text(desk.now_ms()), standings, Prices(fees.shipped(), fees.titles()), desk.park,
        i18n.words(i18n.ENGLISH), is_own=True,
    )  # fmt: skip
