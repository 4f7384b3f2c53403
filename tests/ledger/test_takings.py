"""What was taken and charged on a day is sought where it stands, however much else was written."""

import sqlite3
from collections.abc import Iterable
from typing import Any

import pytest

from gatepos.ledger import migrations, takings
from gatepos.ledger.takings import Rows, Span

DAY = "2026-01-02"
SPAN = Span(("NMG1", "NMG2"), DAY, DAY)


@pytest.fixture
def plan() -> list[str]:
    """How SQLite goes about what is asked."""
    return []


@pytest.fixture
def rows(plan: list[str]) -> Rows:
    """Empty books."""
    conn = sqlite3.connect(":memory:")
    migrations.create_books(conn)

    def ask(sql: str, **values: object) -> Iterable[tuple[Any, ...]]:
        plan.extend(step for *_, step in conn.execute(f"EXPLAIN QUERY PLAN {sql}", values))
        return conn.execute(sql, values)

    return ask


def test_the_sums_of_a_day_are_sought_by_till_and_day(rows: Rows, plan: list[str]) -> None:
    takings.taken(rows, SPAN, "kind", takings.HOUR)
    takings.charged(rows, SPAN, "category")
    takings.figure(rows, "NMG2", DAY, 900)
    asked = [step.split(maxsplit=1) for step in plan]
    assert [what for how, what in asked if how == "SCAN"] == ["net"]  # the few rows of the sum itself
    assert [what for how, what in asked if how == "SEARCH" and "till=?" in what and "day" not in what] == []
