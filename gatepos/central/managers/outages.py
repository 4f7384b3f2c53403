"""A park's outages as its page lists them: overlapping ones of several tills as one."""

from dataclasses import dataclass

from gatepos.central import outages
from gatepos.central.outages import Outage
from gatepos.central.store import outages as kept
from gatepos.central.store.engine import Transaction
from gatepos.central.store.outages import Inside
from gatepos.domain import labels
from gatepos.i18n import Words

LISTED_MAX = 500


@dataclass(frozen=True, slots=True)
class Row:
    """An outage of a park, its causes in words, and what came of it."""

    outage: Outage
    causes: str
    inside: Inside


def listed(tx: Transaction, park: str, words: Words) -> list[Row]:
    """The outages of a park, the latest first."""
    found = outages.joined(kept.of_park(tx, park, LISTED_MAX))
    return [_row(tx, one, words) for one in reversed(found)]


def between(tx: Transaction, park: str, since: str, until: str, words: Words) -> list[Row]:
    """Those that reach into a stretch of time, the earliest first."""
    found = outages.joined(kept.of_park(tx, park, LISTED_MAX))
    meant = [one for one in found if one.since < until and (one.until is None or one.until > since)]
    return [_row(tx, one, words) for one in meant]


def _row(tx: Transaction, one: Outage, words: Words) -> Row:
    causes = ", ".join(words(labels.CAUSES.get(cause, cause)) for cause in one.causes)
    return Row(one, causes, kept.inside(tx, one.ids))
