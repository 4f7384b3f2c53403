"""What papers ask costs as much as their range, however old the ledger: none reads all of a till."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from gatepos.ledger import listings, registers, takings
from gatepos.ledger.takings import Rows, Span
from gatepos.till.till import Till

SPAN = Span(("XNM2",), "2026-01-02", "2026-01-02")
SHIFT = "XNM2Z000001L"
ASKED: dict[str, Callable[[Rows], object]] = {
    "charged": lambda rows: takings.charged(rows, SPAN, "fee"),
    "taken": lambda rows: takings.taken(rows, SPAN, "kind"),
    "claimed": lambda rows: takings.claimed(rows, SPAN),
    "tickets": lambda rows: takings.tickets(rows, SPAN),
    "acts": lambda rows: registers.acts(rows, SPAN),
    "last before": lambda rows: registers.last_before(rows, SPAN, "rate.switched"),
    "numbered": lambda rows: registers.numbered(rows, SPAN),
    "endings": lambda rows: registers.endings(rows, SPAN),
    "written": lambda rows: registers.written(rows, "XNM2", [5, 6]),
    "paid": lambda rows: registers.paid(rows, "XNM2", [5, 6]),
    "codes": lambda rows: registers.codes(rows, SPAN, "mpesa"),
    "confirmed": lambda rows: registers.confirmed(rows, SPAN),
    "dollars": lambda rows: registers.dollars_minor(rows, SPAN),
    "posted": lambda rows: registers.posted(rows, SPAN, "income:", "KES"),
    "drawer": lambda rows: registers.drawer(rows, SHIFT, "XNM2", 50),
    "taken in": lambda rows: registers.taken_in(rows, SPAN, SHIFT, 50),
    "safe": lambda rows: registers.safe(rows, SPAN),
    "numbers of shifts": lambda rows: registers.numbers_of_shifts(rows, SPAN),
    "passes": lambda rows: listings.passes(rows, SPAN),
    "free": lambda rows: [*listings.free(rows, SPAN)],
}


@pytest.mark.parametrize("what", ASKED)
def test_a_question_is_answered_from_an_index_of_its_days(sell: Till, what: str) -> None:
    conn = sell.desk.ledger.conn
    plans: list[str] = []

    def rows(sql: str, **values: Any) -> Iterable[tuple[Any, ...]]:
        plans.extend(step for _, _, _, step in conn.execute(f"EXPLAIN QUERY PLAN {sql}", values))
        return conn.execute(sql, values)

    ASKED[what](rows)
    tables = {name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    whole = [step for step in plans if step.endswith("(till=?)") or step.removeprefix("SCAN ") in tables]
    assert plans
    assert whole == []


def test_the_control_reads_all_of_a_till(sell: Till) -> None:
    plan = sell.desk.ledger.conn.execute("EXPLAIN QUERY PLAN SELECT * FROM charge WHERE till = 'XNM2'")
    assert next(step for _, _, _, step in plan).endswith("(till=?)")
