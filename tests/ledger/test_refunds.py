"""The refunds that wait are listed before those that are done, however many there were before."""

from collections.abc import Callable
from typing import Any

import pytest

from gatepos.domain import numbers
from gatepos.ledger import refunds
from gatepos.ledger.ledger import Ledger
from gatepos.ledger.refunds import Refund
from gatepos.till.refund_list import SHOWN_MAX
from gatepos.till.till import Till
from tests.till.test_corrections import sold
from tests.till.test_passes import SECOND
from tests.till.test_refunds import agreed, asked

LISTED: dict[str, Callable[[Ledger], object]] = {
    "waiting": lambda ledger: refunds.waiting(ledger, "", 5),
    "done": lambda ledger: refunds.done(ledger, "", 5),
    "one": lambda ledger: refunds.find(ledger, "XNM2V000001R"),
    "of a paper": lambda ledger: refunds.of(ledger, ["XNM2R000001Q"]),
}


@pytest.mark.parametrize("what", LISTED)
def test_a_list_sorts_nothing_and_seeks_each_decision_and_payment_by_its_refund(
    sell: Till, what: str
) -> None:
    ledger = sell.desk.ledger
    asked_: list[str] = []
    ledger.conn.set_trace_callback(asked_.append)
    LISTED[what](ledger)
    ledger.conn.set_trace_callback(None)
    plans: list[str] = []
    for sql in asked_:
        rows: Any = ledger.conn.execute(f"EXPLAIN QUERY PLAN {sql}")
        plans += [step for _, _, _, step in rows if not step.startswith(("CORRELATED", "SCALAR"))]
    assert any("refund_decision_refund" in step for step in plans)
    assert any("refund_paid_refund" in step for step in plans)
    assert not [step for step in plans if step.startswith("SCAN")]
    if what in ("waiting", "done"):
        assert "SEARCH r USING PRIMARY KEY (till=?)" in plans, "in the order of the entries"
        assert not [step for step in plans if "TEMP B-TREE" in step]


def test_what_waits_is_not_hidden_by_all_that_was_refused_since(sell: Till) -> None:
    receipt = sold(sell, 3)
    held = sold(sell, 2)
    sell.corrections.void(held, "turned back", SECOND)
    first = agreed(sell, receipt)
    refused = [asked(sell, receipt) for _ in range(1)]
    for _ in range(SHOWN_MAX):
        sell.refunds.refuse(refused[-1], "they went in", SECOND)
        refused.append(asked(sell, receipt))
    rows = sell.refund_list.listed()
    assert len(rows) == SHOWN_MAX
    assert [(row.state, row.number) for row in rows[:2]] == [("requested", refused[-1]), ("approved", first)]
    assert (rows[2].state, numbers.printed(rows[2].number)) == ("held", held)
    assert {row.state for row in rows[3:]} == {"refused"}
    assert rows[3].number == refused[-2], "the latest first"
    (oldest,) = sell.refund_list.listed(numbers.printed(refused[0]))
    assert oldest.number == refused[0], "it is found though so many came after it"


def test_a_refund_paid_in_part_waits(sell: Till) -> None:
    number = agreed(sell, sold(sell, 3))
    sell.refunds.pay(number, "mpesa", "UA36X1Y2ZQ", amount="400")
    ledger = sell.desk.ledger

    def listed(found: list[Refund]) -> list[str]:
        return [one.number for one in found]

    assert (listed(refunds.waiting(ledger, "", 9)), listed(refunds.done(ledger, "", 9))) == ([number], [])
    sell.refunds.pay(number, "mpesa", "UA36X1Y2ZS")
    assert (listed(refunds.waiting(ledger, "", 9)), listed(refunds.done(ledger, "", 9))) == ([], [number])
