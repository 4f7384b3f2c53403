"""A list of eCitizen or KWSPay tickets, beside what gates took on them: it names no amounts."""

from collections.abc import Collection
from datetime import date, timedelta

from gatepos.domain import moments, tickets
from gatepos.domain.statements import ECITIZEN, Line, Statement
from gatepos.reports.statements import values

_BACK = timedelta(days=300)
"""Of the 400 days that a list may span, so many lie before today."""


def is_list(first: tuple[str, ...]) -> bool:
    """Whether a heading is that of a list of tickets."""
    return list(first) == tickets.COLUMNS


def read(text: str, today: date, parks: Collection[str], digest: str) -> Statement:
    """The tickets of a list for some parks, as lines without amounts; BadTicketList."""
    found = tickets.read(text, today - _BACK, parks)
    if not found:
        from_at = to_at = moments.to_text(moments.at_local(today, 0))
        return Statement(ECITIZEN, "", from_at, to_at, (), 0, False, digest)
    days = [ticket.day for ticket in found]
    lines = tuple(
        Line(ECITIZEN, "", one.reference, moments.to_text(moments.at_local(one.day, 0)), None, one.plate)
        for one in found
    )
    from_at, to_at = (moments.to_text(moments.at_local(day, 0)) for day in (min(days), max(days)))
    return Statement(ECITIZEN, "", from_at, values.end_of_day(to_at), lines, 0, True, digest)
