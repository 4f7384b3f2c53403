"""Refunds by command: each step once under its id, with what still waits in the answer."""

from gatepos.till.till import Till
from tests.till.test_commands import SECOND, mpesa, sell, told

ADULT = ["park_entry", "ea_citizen", "adult"]


def sold(till: Till, n: int = 3) -> str:
    return str(sell(till, lines=[[*ADULT, n]], pay=[mpesa("UA26X1Y2ZQ")])["number"])


def asked(till: Till, receipt: str, n: int = 1, **fields: object) -> dict[str, object]:
    lines = [[*ADULT, n]]
    line = {"id": "refund-01", "receipt": receipt, "lines": lines, "reason": "never came", "used": True}
    return told(till, "refund", **{**line, **fields})


def test_a_refund_is_asked_for_agreed_to_and_paid_by_commands_once_each(sell: Till) -> None:
    receipt = sold(sell)
    first = asked(sell, receipt)
    number = first["number"]
    assert first["refund"] == {
        "number": number, "of": receipt, "state": "requested", "amount_minor": 100_000,
        "left_minor": 100_000, "age_min": 0, "ways": [{"kind": "mpesa", "amount_minor": 100_000}],
    }  # fmt: skip
    for _ in range(2):
        agreed = told(sell, "approve_refund", id="agree-001", refund=number, second=SECOND)
        assert agreed["recorded"] is True
        paid = told(sell, "pay_refund", id="payback-1", refund=number, kind="mpesa", reference="UA36X1Y2ZQ")
        assert paid["refund"]["state"] == "paid"
    assert asked(sell, receipt)["repeated"] is True
    assert asked(sell, receipt, 2)["error"] == "SameIdOtherContent"
    (row,) = told(sell, "refunds")["refunds"]
    assert (row["state"], row["left_minor"]) == ("paid", 0)
    assert len(sell.desk.ledger.of_kind("refund.paid")) == 1


def test_whoever_does_not_say_that_it_was_used_is_asked(sell: Till) -> None:
    receipt = sold(sell)
    answer = asked(sell, receipt, used=False)
    assert (answer["error"], answer["recorded"]) == ("WasUsed", False)


def test_a_refund_is_refused_by_command(sell: Till) -> None:
    number = asked(sell, sold(sell))["number"]
    fields = {"id": "refuse-01", "refund": number, "reason": "they went in", "second": SECOND}
    for _ in range(2):
        assert told(sell, "refuse_refund", **fields)["refund"]["state"] == "refused"


def test_a_sale_paid_by_the_code_of_a_voided_one_is_the_same_when_it_is_sent_again(sell: Till) -> None:
    receipt = sold(sell)
    told(sell, "void", id="void-0001", receipt=receipt, reason="turned back", second=SECOND)
    for pay in (mpesa("UA26X1Y2ZQ"), {"kind": "held", "receipt": receipt}):
        line = {"id": f"again-{pay['kind']}", "lines": [[*ADULT, 1]], "pay": [pay], "second": SECOND}
        first = told(sell, "sell", **line)
        assert first["recorded"] is True
        assert told(sell, "sell", **line)["number"] == first["number"]
    (row,) = told(sell, "refunds")["refunds"]
    assert (row["state"], row["left_minor"]) == ("held", 100_000)
