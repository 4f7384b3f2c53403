"""The figures of a day cost what the day holds, however many entries central has."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy

from gatepos import i18n
from gatepos.central.managers import takings
from gatepos.central.store import engine
from gatepos.central.store.engine import Transaction
from gatepos.domain import fees, parks

LARGE = ("receipt", "tender", "charge", "taken", "posting", "pass", "settlement", "passage", "confirmation")


class Explained(Transaction):
    """Says how each question is answered."""

    plan: list[str]

    def rows(self, sql: str, **values: object) -> Sequence[Sequence[Any]]:
        """The rows of a query, its plan kept."""
        names = dict(re.findall(r"(?:FROM|JOIN) (\w+) (\w)\b", sql))
        called = {short: name for name, short in names.items()}
        for *_, step in self._conn.execute(sqlalchemy.text(f"EXPLAIN QUERY PLAN {sql}"), values):
            how, what, *_ = step.split()
            self.plan.append(f"{how} {called.get(what, what)}")
        return super().rows(sql, **values)


def test_a_day_is_sought_by_till_and_day(tmp_path: Path) -> None:
    store = engine.in_folder(tmp_path)
    with store.reading() as tx:
        asked = Explained(tx._conn)
        asked.plan = []
        on, words = date(2026, 1, 2), i18n.words("en")
        takings.of_day(asked, parks.shipped().park("NNP"), on, 1_767_350_000_000, fees.titles(), words)
    store.close()
    assert [f"SCAN {table}" for table in LARGE if f"SCAN {table}" in asked.plan] == []
    assert {"SEARCH receipt", "SEARCH tender", "SEARCH posting", "SEARCH settlement"} <= {*asked.plan}
