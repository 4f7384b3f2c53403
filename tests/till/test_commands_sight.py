"""Commands of what is seen where no paper can be read: settled, let out, charged, once however often sent."""

import sqlite3
from dataclasses import replace
from typing import Any

import pytest

from gatepos import app
from gatepos.till.till import Till
from tests.gate import CLERK, CLERK_PIN, Gate, permit
from tests.ledger.desk import FailingDisk, Fault
from tests.till.test_commands import CITIZEN, SECOND, Answer, mpesa, told

PASS = "XNE1-P000001-6"
"""A pass of a till of which this one has heard nothing."""
CAR: Answer = {"lines": [CITIZEN], "band": 1, "plate": "KDB 111A"}
SEEN: Answer = {"why": "unreadable", **CAR}
STORY: Answer = {"story": "lost at the picnic site", "entry_gate": "east"}
PAID = [mpesa("UA26X1Y2ZQ")]


def settle(till: Till, **fields: Any) -> Answer:
    given = {"id": "settle-01", "passes": [PASS], "direction": "out", "sight": SEEN, "pay": PAID, **fields}
    return told(till, "settle", **given)


def leave(till: Till, **fields: Any) -> Answer:
    return told(
        till, "exit_without_pass", **{"id": "gone-0001", **STORY, **CAR, "direction": "out", **fields}
    )


# A pass that nobody can read.


def test_a_pass_is_settled_by_what_is_seen_once_however_often_it_is_sent(sell: Till) -> None:
    done = settle(sell)
    assert (done["recorded"], done["total_minor"]) == (True, 160_000)
    (receipt,) = done["receipts"]
    assert (receipt["pass"], receipt["paid_minor"], receipt["due_minor"]) == (PASS, 160_000, 0)
    again = settle(sell)
    assert (again["repeated"], again["receipts"]) == (True, done["receipts"])
    others: list[Answer] = [
        {"sight": {**SEEN, "why": "lost"}},
        {"sight": {**SEEN, "plate": "KDC 900Z"}},
        {"sight": {**SEEN, "lines": [[*CITIZEN[:3], 2]]}},
        {"passes": ["XNM1-P000001-K"]},
        {"pay": [mpesa("UA26X1Y2ZR")]},
    ]
    for other in others:
        assert settle(sell, **other)["error"] == "SameIdOtherContent"
    plain = {"id": "settle-01", "passes": [PASS], "direction": "out", "pay": PAID}
    assert told(sell, "settle", **plain)["error"] == "SameIdOtherContent"
    assert len(sell.desk.ledger.of_kind("pass.settled")) == 1
    assert settle(sell, id="settle-02", pay=[mpesa("UA26X1Y2ZR")])["error"] == "NothingOwed"


def test_a_part_is_taken_from_sight_and_then_the_rest(sell: Till) -> None:
    assert settle(sell, pay=[mpesa("UA26X1Y2ZQ", "1000")])["error"] == "ShortTender"
    part = settle(sell, pay=[mpesa("UA26X1Y2ZQ", "1000")], in_part=True)
    assert part["receipts"][0]["due_minor"] == 60_000
    rest = settle(sell, id="settle-02", pay=[mpesa("UA26X1Y2ZR")])
    assert (rest["total_minor"], rest["receipts"][0]["due_minor"]) == (60_000, 0)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"passes": [PASS, "XNM1-P000001-K"]}, "BadCommand"),
        ({"sight": []}, "BadCommand"),
        ({"sight": CAR}, "BadCommand"),
        ({"sight": {**SEEN, "lines": "two"}}, "BadCommand"),
        ({"sight": {**SEEN, "why": "eaten"}}, "UnknownWhy"),
        ({"sight": {**SEEN, "plate": ""}}, "PlateMissing"),
        ({"sight": {"why": "lost"}}, "NothingInBill"),
        ({"passes": ["XNM1-R000001-N"]}, "NotAPass"),
        ({"passes": ["XNM2-P000001-N"]}, "NeverIssued"),
        ({"passes": ["XNM2-P000001-A"]}, "BadNumber"),
        ({"pay": []}, "ShortTender"),
    ],
    ids=str,
)
def test_a_refused_settlement_writes_nothing_and_leaves_nothing_at_the_lane(
    sell: Till, fields: Answer, error: str
) -> None:
    head = sell.desk.ledger.head
    assert settle(sell, **fields)["error"] == error
    assert sell.desk.ledger.head == head
    assert (sell.lane.work.settles, sell.filling.view().total_minor) == ((), 0)


def test_somebody_whose_code_is_spoilt_leaves_on_an_undertaking(sell: Till) -> None:
    out = {"id": "let-00001", "pass": PASS, "direction": "out", "reason": "no network", "sight": SEEN}
    done = told(sell, "let_out", **out)
    assert (done["recorded"], done["owed_minor"]) == (True, 160_000)
    assert told(sell, "let_out", **out)["repeated"]


# No pass at all.


def test_who_has_no_pass_is_charged_once_however_often_it_is_sent(sell: Till) -> None:
    done = leave(sell, pay=PAID)
    assert (done["recorded"], done["total_minor"], done["owed_minor"]) == (True, 160_000, 160_000)
    assert (done["number"][:12], done["people"], done["entry_gate"]) == ("XNM2-R000001", 1, "EAST")
    assert leave(sell, pay=PAID) == {k: v for k, v in done.items() if k != "warnings"} | {"repeated": True}
    others: list[Answer] = [
        {"story": "stolen"},
        {"entry_gate": "MAIN"},
        {"plate": "KDC 900Z"},
        {"pay": [mpesa("UA26X1Y2ZR")]},
        {"let_out": True},
    ]
    for other in others:
        assert leave(sell, **{"pay": PAID, **other})["error"] == "SameIdOtherContent"
    kinds = ("receipt.issued", "exit.without_pass")
    assert [len(sell.desk.ledger.of_kind(kind)) for kind in kinds] == [1, 1]


def test_who_has_no_pass_is_let_out_once_alone_up_to_the_limit(sell: Till) -> None:
    done = leave(sell, let_out=True)
    assert (done["recorded"], done["number"], done["owed_minor"]) == (True, None, 160_000)
    assert leave(sell, let_out=True) == {**done, "repeated": True}
    for other in ({"story": "stolen"}, {"plate": "KDC 900Z"}, {"lines": [[*CITIZEN[:3], 2]]}):
        assert leave(sell, let_out=True, **other)["error"] == "SameIdOtherContent"
    permit(sell, "undertaking_max", "1000")
    assert leave(sell, id="gone-0002", let_out=True)["error"] == "NeedsSecond"
    assert leave(sell, id="gone-0002", let_out=True, second=SECOND)["recorded"] is True


@pytest.mark.parametrize("how", [{"let_out": True}, {"pay": PAID}], ids=["let out", "charged"])
@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"story": " "}, "ReasonMissing"),
        ({"story": "x" * 501}, "TextTooLong"),
        ({"entry_gate": "NOWH"}, "UnknownGate"),
        ({"entry_gate": 7}, "BadCommand"),
        ({"plate": ""}, "PlateMissing"),
        ({"lines": [], "band": 0}, "NothingInBill"),
        ({"free": {"tra_crew": 3}}, "UnusualBill"),
        ({"id": "short"}, "BadCommand"),
    ],
    ids=str,
)
def test_a_refused_exit_writes_nothing(sell: Till, how: Answer, fields: Answer, error: str) -> None:
    head = sell.desk.ledger.head
    assert leave(sell, **{**how, **fields})["error"] == error
    assert sell.desk.ledger.head == head
    assert (sell.lane.work.left, sell.filling.view().total_minor) == (None, 0)


def test_who_does_not_pay_is_not_let_out_unless_it_is_said(sell: Till) -> None:
    head = sell.desk.ledger.head
    assert leave(sell)["error"] == "ShortTender"
    assert sell.desk.ledger.head == head


def test_a_receipt_whose_exit_was_not_written_gets_it_when_the_same_id_asks(gate: Gate, sell: Till) -> None:
    sell.desk.ledger.close()
    disk = FailingDisk()
    till = app.open_till(gate.folder, replace(gate.world(), connect=disk.connect))
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    till.desk.ledger.subscribe(
        lambda e: (
            disk.faults.append(Fault("INSERT INTO journal", sqlite3.SQLITE_FULL))
            if e.kind == "receipt.issued"
            else None
        )
    )
    answer = leave(till, pay=PAID)
    assert (answer["error"], answer["recorded"]) == ("Unknown", None)
    till.desk.ledger.close()
    till = app.open_till(gate.folder, gate.world())
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    done = leave(till, pay=PAID)
    assert (done["repeated"], done["number"][:12], done["story"]) == (True, "XNM2-R000001", STORY["story"])
    (gone,) = till.desk.ledger.of_kind("exit.without_pass")
    assert gone.data["receipt"] == done["number"].replace("-", "")
    assert leave(till, pay=PAID) == done
    till.desk.ledger.close()
