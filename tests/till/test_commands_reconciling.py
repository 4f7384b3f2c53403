"""Reconciliation without a screen: what stands how, and decisions that are made once by their id."""

import orjson

from gatepos import i18n
from gatepos.till.commands.known import Answer
from gatepos.till.commands.run import Commands
from gatepos.till.till import Till
from tests.reports.statement_files import paid
from tests.till.test_reconciliation import (
    AT,
    CODE,
    NEXT,
    confirmed,
    managing,
    sold,
    statement,
    supervisor,
)

RANGE = {"first": "2026-01-02", "last": "2.1.2026"}


def told(till: Till, do: str, **fields: object) -> Answer:
    return Commands(till, i18n.words("en")).answer(orjson.dumps({"do": do, **RANGE, **fields}))


def only_of(answer: Answer, name: str) -> Answer:
    found = answer[name]
    assert isinstance(found, list)
    (one,) = found
    return dict(one)


def test_what_is_open_comes_first_with_what_it_may_be(sell: Till) -> None:
    sold(sell, "UA26X1Y20Q")
    managing(sell)
    sell.reconciliation.take(statement(paid("UA26X1Y2OQ", "1,000.00", "", AT)))
    found = told(sell, "reconciliation")["matches"]
    assert isinstance(found, list)
    unknown = next(one for one in found if one["receipts"])
    assert (unknown["state"], unknown["is_open"], unknown["suggested"]) == ("unknown", True, ["UA26X1Y2OQ"])


def test_a_decision_under_one_id_is_made_once(sell: Till) -> None:
    managing(sell)
    sell.reconciliation.take(statement(paid(NEXT, "5.00", "", AT)))
    asked = {"id": "rec-0001", "code": NEXT, "decision": "not_ours", "reason": "the lodge"}
    assert told(sell, "decide_claim", **asked)["recorded"] is True
    again = told(sell, "decide_claim", **asked)
    assert (again["recorded"], again["repeated"]) == (True, True)
    other = told(sell, "decide_claim", **{**asked, "decision": "explained"})
    assert other["error"] == "SameIdOtherContent"
    assert len(sell.desk.ledger.of_kind("claim.decided")) == 1


def test_a_code_that_nobody_has_is_refused(sell: Till) -> None:
    managing(sell)
    answer = told(sell, "decide_claim", id="rec-0001", code=CODE, decision="explained", reason="so")
    assert (answer["error"], answer["recorded"]) == ("NothingByThatCode", False)


def test_a_statement_is_withdrawn_once_by_its_id_and_what_it_confirmed_with_it(sell: Till) -> None:
    sold(sell, CODE)
    managing(sell)
    second = supervisor(sell)
    sell.reconciliation.take(statement(paid(CODE, "1,000.00", "", AT)))
    assert confirmed(sell) == 1
    listed = only_of(told(sell, "statements"), "statements")
    assert (listed["paybill"], listed["lines"], listed["by"]) == ("222222", 1, "01")
    asked: Answer = {"id": "rec-0001", "statement": listed["statement"], "reason": "forged"}
    assert told(sell, "withdraw_statement", **asked)["error"] == "NeedsSecond"
    asked["second"] = {"staff": second.staff, "pin": second.pin}
    assert told(sell, "withdraw_statement", **asked)["recorded"] is True
    assert told(sell, "withdraw_statement", **asked)["repeated"] is True
    assert told(sell, "statements")["statements"] == []
    assert only_of(told(sell, "reconciliation"), "matches")["state"] == "waiting"
    assert [entry.data.get("undone") for entry in sell.desk.ledger.of_kind("payment.confirmed")] == [
        None,
        "forged",
    ]
