"""Commands of outage, passes, lane, custody and leaves: the morning without the platform, headless."""

import sqlite3
from dataclasses import replace
from typing import Any

import pytest

from gatepos import app
from gatepos.till.till import Till
from tests.gate import CLERK, CLERK_PIN, MANAGER, MANAGER_PIN, Gate, permit
from tests.ledger.desk import FailingDisk, Fault
from tests.till.test_commands import CITIZEN, SECOND, Answer, cash, mpesa, told

OPEN = {"id": "out-0001", "cause": "platform", "authority": "KWS/OPS/2026/1", "paybill": "600000"}


@pytest.fixture
def till(sell: Till) -> Till:
    """A till with a clerk at the window, inside an outage that allows cash."""
    assert told(sell, "open_outage", **OPEN, cash_max="50000", second=SECOND)["recorded"] is True
    return sell


def van(till: Till, id: str = "pass-0001", plate: str = "KDA 412M", **fields: Any) -> Answer:
    """A citizen in a small car, let in on a pass."""
    return told(till, "issue_pass", **{"id": id, "lines": [CITIZEN], "plate": plate, "band": 1, **fields})


def settle(till: Till, *passes: str, **fields: Any) -> Answer:
    """What is owed on passes collected at the exit."""
    given = {"id": "settle-01", "passes": list(passes), "direction": "out", **fields}
    return told(till, "settle", **given)


# The outage.


def test_an_outage_says_its_terms_and_is_one_however_often_it_is_opened(sell: Till) -> None:
    assert told(sell, "open_outage", **OPEN)["error"] == "NoOrder"
    first = told(sell, "open_outage", **OPEN, second=SECOND)
    assert (first["recorded"], first["paybill"], first["is_standing"]) == (True, "600000", False)
    assert told(sell, "open_outage", **OPEN, second=SECOND)["repeated"]
    for other in ({"cause": "power"}, {"paybill": "600001"}, {"cash_max": "1"}):
        assert told(sell, "open_outage", **{**OPEN, **other})["error"] == "SameIdOtherContent"
    assert told(sell, "open_outage", **{**OPEN, "id": "out-0002"}, second=SECOND)["error"] == "OutageOpen"


def test_what_a_clerk_opened_alone_is_countersigned(sell: Till) -> None:
    permit(sell, "order", "KWS/SO/7")
    opened = told(sell, "open_outage", id="out-0001", cause="platform", down_min=20)
    assert (opened["recorded"], opened["is_standing"], opened["authority"]) == (True, True, "KWS/SO/7")
    assert told(sell, "countersign_outage", note="seen", second=SECOND)["recorded"] is True
    assert not sell.outages.view().needs_countersign


def test_the_outage_closes_with_its_statement(till: Till) -> None:
    number = van(till)["number"]
    settle(till, number, pay=[cash("1000"), mpesa("UA26X1Y2ZQ", "600")])
    close = {"id": "out-0002", "second": SECOND}
    closed = told(till, "close_outage", **close)
    statement = closed["statement"]
    assert closed["recorded"] is True
    assert (statement["passes_minor"], statement["settled_minor"], statement["open_minor"]) == (
        160_000,
        160_000,
        0,
    )
    assert told(till, "close_outage", **close) == {**closed, "repeated": True}
    assert van(till, "pass-0002")["error"] == "NoOutage"


# A pass.


def test_a_pass_says_its_number_what_it_owes_and_where_to_pay(till: Till) -> None:
    done = van(till, exits=["EAST"])
    assert (done["recorded"], done["number"][:12], done["owed_minor"]) == (True, "XNM2-P000001", 160_000)
    assert (done["paybill"], done["qr"][:3]) == ("600000", "GP:")
    assert van(till, exits=["EAST"])["repeated"]
    others: list[Answer] = [{"exits": []}, {"plate": "KDA 421M"}, {"lines": [[*CITIZEN[:3], 2]]}]
    for other in others:
        assert van(till, **{"exits": ["EAST"], **other})["error"] == "SameIdOtherContent"
    (row,) = told(till, "passes")["passes"]
    assert (row["number"], row["owed_minor"], row["state"]) == (done["number"], 160_000, "open")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"exits": ["NOWH"]}, "UnknownExit"),
        ({"exits": ["EAST"], "plate": "", "band": 0}, "OnFoot"),
        ({"driver": "0712"}, "BadPhone"),
        ({"plate": ""}, "PlateMissing"),
        ({"lines": [], "band": 0, "plate": ""}, "NothingInBill"),
        ({"id": "short"}, "BadCommand"),
    ],
    ids=str,
)
def test_a_refused_pass_writes_nothing(till: Till, fields: Answer, error: str) -> None:
    head = till.desk.ledger.head
    assert van(till, **fields)["error"] == error
    assert till.desk.ledger.head == head
    assert till.window.priced().lines == ()


def test_a_second_open_pass_of_a_plate_needs_two_and_says_which_limit(till: Till) -> None:
    van(till)
    assert van(till, "pass-0002")["error"] == "NeedsSecond"
    done = van(till, "pass-0002", second=SECOND)
    assert (done["recorded"], done["passed"]) == (True, ["plate_hard"])


# The lane.


def test_a_paper_is_looked_at_collected_and_let_out(till: Till) -> None:
    done = van(till)
    seen = told(till, "scan", text=done["qr"], direction="out")
    assert (seen["verdict"], seen["tone"], seen["owed_minor"], seen["recorded"]) == (
        "not_paid",
        "amber",
        160_000,
        True,
    )
    paid = settle(till, done["number"], pay=[cash("2000")])
    (receipt,) = paid["receipts"]
    assert (paid["recorded"], paid["change_minor"]) == (True, 40_000)
    assert (receipt["pass"], receipt["paid_minor"], receipt["owed_minor"]) == (done["number"], 160_000, 0)
    assert told(till, "scan", text=done["qr"])["verdict"] == "already_left"


def test_a_typed_number_asks_the_plate(till: Till) -> None:
    permit(till, "lane_checks_separately", "yes")
    number = van(till)["number"]
    assert told(till, "scan", number=number)["asks_plate"] is True
    assert told(till, "scan", number=number, plate="412N")["verdict"] == "plate_differs"
    seen = told(till, "scan", number=number, plate="12M")
    assert (seen["verdict"], seen["tone"], seen["passing"]) == ("admit", "amber", 1)


def test_some_go_in_then_the_rest_and_somebody_is_let_in_again(gate: Gate, till: Till) -> None:
    permit(till, "lane_checks_separately", "yes")
    code = van(till, lines=[[*CITIZEN[:3], 3]])["qr"]
    assert told(till, "scan", text=code, only=2)["passing"] == 2
    assert told(till, "scan", text=code)["passing"] == 2  # a bounce of the scanner
    gate.clock.pass_by(5_000)
    assert told(till, "scan", text=code)["passing"] == 1
    gate.clock.pass_by(5_000)
    assert told(till, "scan", text=code)["verdict"] == "already_inside"
    assert told(till, "scan", text=code, readmit="flat tyre")["error"] == "NeedsSecond"
    assert told(till, "scan", text=code, readmit="flat tyre", second=SECOND)["verdict"] == "readmitted"


def test_what_is_no_paper_of_ours_is_said_and_recorded(till: Till) -> None:
    seen = told(till, "scan", text="https://example.org/")
    assert (seen["verdict"], seen["recorded"]) == ("not_ours", True)
    assert told(till, "scan")["error"] == "BadCommand"
    assert told(till, "scan", text="x", direction="up")["error"] == "BadCommand"


def test_a_part_leaves_the_rest_owed_and_only_when_it_is_meant(till: Till) -> None:
    number = van(till)["number"]
    head = till.desk.ledger.head
    assert settle(till, number, pay=[cash("1000")])["error"] == "ShortTender"
    assert till.desk.ledger.head == head
    paid = settle(till, number, pay=[cash("1000")], in_part=True)
    assert (paid["recorded"], paid["receipts"][0]["due_minor"]) == (True, 60_000)
    assert settle(till, number, id="settle-02", pay=[cash("600")])["receipts"][0]["owed_minor"] == 0
    assert settle(till, number, id="settle-03", pay=[cash("600")])["error"] == "NothingOwed"


def test_several_passes_are_paid_once_however_often_it_is_sent(till: Till) -> None:
    first, second = van(till)["number"], van(till, "pass-0002", "KDB 111A")["number"]
    pay = [cash("2000"), mpesa("UA26X1Y2ZQ", "1200")]
    paid = settle(till, first, second, pay=pay)
    assert [(one["pass"], one["paid_minor"]) for one in paid["receipts"]] == [
        (first, 160_000),
        (second, 160_000),
    ]
    again = settle(till, first, second, pay=pay)
    assert again["repeated"]
    assert again["receipts"] == paid["receipts"]
    for passes, other in (
        ((first, second), [cash("2100"), mpesa("UA26X1Y2ZQ", "1200")]),
        ((first, second), [cash("2000"), mpesa("UA26X1Y2ZR", "1200")]),
        ((first, second), [cash("2000"), mpesa("UA26X1Y2ZQ", "1300")]),
        ((second, first), pay),
    ):
        assert settle(till, *passes, pay=other)["error"] == "SameIdOtherContent"
    assert len(till.desk.ledger.of_kind("pass.settled")) == 2


def test_a_settlement_that_stopped_half_way_is_not_called_unrecorded(gate: Gate, till: Till) -> None:
    first, second = van(till)["number"], van(till, "pass-0002", "KDB 111A")["number"]
    till.desk.ledger.close()
    disk = FailingDisk()
    till = app.open_till(gate.folder, replace(gate.world(), connect=disk.connect))
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    written: list[str] = []

    def full_after_the_first(entry: Any) -> None:
        written.append(entry.kind)
        disk.faults = [Fault("INSERT INTO journal", sqlite3.SQLITE_FULL)]

    till.desk.ledger.subscribe(lambda e: full_after_the_first(e) if e.kind == "pass.settled" else None)
    pay = [cash("3200")]
    answer = settle(till, first, second, pay=pay)
    assert written == ["pass.settled"]
    assert (answer["error"], answer["recorded"]) == ("Unknown", None)
    assert [one["pass"] for one in settle(till, first, second, pay=[cash("1600")])["receipts"]] == [first]
    assert settle(till, second, id="settle-02", pay=[cash("1600")])["recorded"] is True
    till.desk.ledger.close()


def test_money_of_a_refused_settlement_holds_nobody_up(till: Till) -> None:
    number = van(till)["number"]
    assert settle(till, number, pay=[cash("1600"), mpesa("UA26X1Y2ZQ")])["error"] == "NothingTendered"
    assert till.lane.work.tenders == []
    assert told(till, "sign_out")["signed_in"] is None


# Changes.


def test_changes_of_a_pass_need_two_and_are_one_each(till: Till) -> None:
    number = van(till)["number"]
    again = {"id": "again-001", "pass": number, "reason": "paper is wet"}
    assert told(till, "reissue", **again)["error"] == "NeedsSecond"
    new = told(till, "reissue", **again, second=SECOND)
    assert (new["recorded"], new["owed_minor"]) == (True, 160_000)
    assert told(till, "reissue", **again, second=SECOND)["number"] == new["number"]
    assert told(till, "reissue", **{**again, "reason": "lost"})["error"] == "SameIdOtherContent"
    waive = {"id": "waive-001", "pass": new["number"], "amount": "600", "ground": "court order 12"}
    waived = told(till, "waive", **waive, second=SECOND)
    assert (waived["recorded"], waived["waived_minor"], waived["owed_minor"]) == (True, 60_000, 100_000)
    assert told(till, "waive", **waive)["repeated"]
    assert told(till, "waive", **{**waive, "amount": "700"})["error"] == "SameIdOtherContent"
    revoke = {"id": "revoke-01", "pass": new["number"], "reason": "wrong vehicle"}
    assert told(till, "revoke", **revoke)["error"] == "NeedsSecond"
    revoked = told(till, "revoke", **revoke, second=SECOND)
    assert (revoked["recorded"], revoked["owed_minor"]) == (True, 100_000)
    assert told(till, "revoke", **revoke)["repeated"]


def test_nobody_is_kept_in(till: Till) -> None:
    number = van(till)["number"]
    out = {"id": "letout-01", "pass": number, "reason": "phone is dead", "direction": "out"}
    assert told(till, "let_out", **out, how="a nod")["error"] == "BadCommand"
    left = told(till, "let_out", **out)
    assert (left["recorded"], left["owed_minor"]) == (True, 160_000)
    assert told(till, "let_out", **out)["repeated"]
    assert told(till, "let_out", **{**out, "reason": "other"})["error"] == "SameIdOtherContent"
    (entry,) = till.desk.ledger.of_kind("pass.let_out")
    assert (entry.data["people"], entry.data["plate"]) == (1, "KDA412M")


# Custody and leaves.


def test_a_document_is_kept_once_and_goes_back(till: Till) -> None:
    hold = {"id": "held-0001", "document": "passport", "initials": "J M", "last4": "4471", "envelope": "17"}
    assert told(till, "hold_document", **hold)["error"] == "CustodyOff"
    permit(till, "custody", "yes")
    kept = told(till, "hold_document", **hold)
    assert (kept["recorded"], kept["held"]) == (True, "held-0001")
    assert told(till, "hold_document", **hold)["repeated"]
    assert told(till, "hold_document", **{**hold, "envelope": "18"})["error"] == "SameIdOtherContent"
    close = {"id": "close-001", "notes": []}
    assert told(till, "close_shift", **close)["error"] == "DocumentsKept"
    assert [one["envelope"] for one in told(till, "documents")["documents"]] == ["17"]
    back = {"id": "back-0001", "held": "held-0001"}
    assert told(till, "return_document", **back)["recorded"] is True
    assert told(till, "return_document", **back)["repeated"]
    assert told(till, "return_document", **{**back, "id": "back-0002"})["error"] == "NotHeld"


def test_a_shift_closes_over_documents_that_are_listed(till: Till) -> None:
    permit(till, "custody", "yes")
    hold = {"id": "held-0001", "document": "passport", "initials": "J M", "last4": "4471", "envelope": "17"}
    told(till, "hold_document", **hold)
    close = {"id": "close-001", "documents": ["17"]}
    assert told(till, "close_shift", **close)["recorded"] is True
    assert told(till, "close_shift", **close)["repeated"]


def test_leaves_are_given_out_entered_and_accounted_for(till: Till) -> None:
    pad = {"id": "pad-00001", "book": "a", "first": 101, "last": 104, "to": CLERK}
    assert told(till, "give_out_pad", **pad)["error"] == "NotAllowed"
    told(till, "sign_in", staff=MANAGER, pin=MANAGER_PIN)
    assert told(till, "give_out_pad", **pad)["recorded"] is True
    assert told(till, "give_out_pad", **pad)["repeated"]
    told(till, "sign_in", staff=CLERK, pin=CLERK_PIN)
    leaf = {
        "id": "leaf-0101", "book": "A", "leaf": 101, "written_at": "06:40", "reason": "platform was down",
        "lines": [CITIZEN], "pay": [cash("1000")],
    }  # fmt: skip
    assert told(till, "capture_paper", **{**leaf, "pay": [cash("500")]})["error"] == "ShortTender"
    done = told(till, "capture_paper", **leaf)
    assert (done["recorded"], done["number"][:12], done["total_minor"]) == (
        True,
        "XNM2-M000001",
        100_000,
    )
    assert told(till, "capture_paper", **leaf)["repeated"]
    assert told(till, "capture_paper", **{**leaf, "leaf": 102})["error"] == "SameIdOtherContent"
    assert told(till, "capture_paper", **{**leaf, "id": "leaf-0102"})["error"] == "LeafCaptured"
    end = {"id": "end-00001", "book": "A", "first": 102, "last": 103, "how": "spoilt", "reason": "rain"}
    assert told(till, "end_leaves", **end)["recorded"] is True
    assert told(till, "end_leaves", **end)["repeated"]
    assert told(till, "pads")["pads"][0]["missing"] == [104]
    told(till, "sell", id="sale-0001", lines=[CITIZEN], pay=[cash("1000")])
    assert len(till.desk.ledger.of_kind("receipt.issued")) == 1


# Heads.


def test_a_vehicle_that_was_drawn_is_counted_by_command_or_said_why_not(till: Till) -> None:
    permit(till, "heads_one_in", "1")
    first, second = van(till), van(till, "pass-0002", "KDB 111A")
    seen = told(till, "scan", number=first["number"], plate="12M", direction="out")
    assert seen["counts_heads"] is True
    assert told(till, "count_heads", people=[["martian", "adult", 1]])["error"] == "BadCount"
    assert told(till, "count_heads", people=[["ea_citizen", "adult", 3]])["recorded"] is True
    assert told(till, "count_heads", people=[])["error"] == "NothingToCount"
    told(till, "scan", number=second["number"], plate="11A")
    assert told(till, "count_heads", why="")["error"] == "ReasonMissing"
    assert told(till, "count_heads", why="an elephant")["recorded"] is True
    said = [(e.data["counted"], e.data["reason"]) for e in till.desk.ledger.of_kind("heads.counted")]
    assert said == [([[0, 0, 3]], None), (None, "an elephant")]


def test_a_paper_at_the_wrong_gate_says_what_it_still_owes_and_nothing_is_collected_there(till: Till) -> None:
    done = van(till, exits=["EAST"])
    seen = told(till, "scan", text=done["qr"], direction="out")
    assert (seen["verdict"], seen["owed_minor"]) == ("wrong_gate", done["owed_minor"])
    assert seen["owed_minor"] > 0
    assert settle(till, done["number"], pay=[cash("2000")])["recorded"]
    assert told(till, "scan", text=done["qr"], direction="out")["owed_minor"] == 0
