"""What a shift has come to beside its count: the same for a look at it and for its close."""

from collections.abc import Iterable
from typing import cast

from gatepos.domain import money
from gatepos.ledger import drawers, queries
from gatepos.till.desk import Desk
from gatepos.till.views import Waiting

Sums = dict[tuple[str, str], int]
"""Minor units by (tender, currency)."""
_ASIDE_MAX = 100


def expected(desk: Desk, number: str) -> Sums:
    """What the books say: drawer cash with its float, and each tender of the shift."""
    found: Sums = {("cash", one.currency): one.expected_minor for one in drawers.drawers(desk.ledger, number)}
    for kind, minor in queries.tendered(desk.ledger, number).items():
        found[kind, money.KES] = minor
    return found


def sold(desk: Desk, number: str) -> dict[str, object]:
    """How many receipts, and KES of income in the shift and over the life of the ledger."""
    ledger = desk.ledger
    before = queries.last_close(ledger)
    since_minor = queries.income_since_minor(ledger, before.seq if before else 0)
    return {
        "receipts": queries.receipt_count(ledger, number),
        "sold_minor": queries.income_since_minor(ledger, queries.opened_at(ledger, number), number),
        "perpetual_minor": (cast(int, before.data["perpetual_minor"]) if before else 0) + since_minor,
    }


def standing(desk: Desk, number: str, waiting: Iterable[Waiting]) -> dict[str, object]:
    """The fields of a close that say of what its cash comes, and what waits beside it."""
    ledger, backlog = desk.ledger, desk.backlog()
    owing = ledger.receivables.of_till(desk.own.till)
    staff, day = ledger.state.shifts[number], ledger.state.days[number].isoformat()
    bills = [
        {"bill": one.number, "plate": one.plate, "total_minor": one.total_minor}
        for one in list(waiting)[:_ASIDE_MAX]
    ]
    return {
        "drawer": [one.as_data() for one in drawers.drawers(ledger, number)],
        "openings": drawers.openings(ledger, number),
        "late": [one.as_data() for one in drawers.late(ledger, number)],
        "approvals": len(drawers.approvals(ledger, staff, day)),
        "unsent": backlog.unsent if backlog else None,
        "flagged": backlog.flagged if backlog else None,
        "aside": bills,
        "open_passes": owing.count,
        "open_minor": owing.minor,
    }


def so_far(desk: Desk, number: str, waiting: Iterable[Waiting], *, is_blind: bool) -> dict[str, object]:
    """All that is known of an open shift; to who will count it nothing of what is expected."""
    found = drawers.drawers(desk.ledger, number)
    return {
        **sold(desk, number),
        **standing(desk, number, waiting),
        "drawer": [(one.blind() if is_blind else one).as_data() for one in found],
        "expected": [] if is_blind else as_money(expected(desk, number)),
    }


def as_money(sums: Sums) -> list[dict[str, object]]:
    """As an entry holds them."""
    return [
        {"tender": tender, "currency": currency, "amount_minor": minor}
        for (tender, currency), minor in sorted(sums.items())
    ]
