"""Commands without a screen: recorded whole and once, or refused with nothing written."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gatepos import app, i18n
from gatepos.ledger import queries
from gatepos.till.commands.run import Commands
from gatepos.till.till import Till
from tests.gate import CLERK, CLERK_PIN, MANAGER, MANAGER_PIN, OTHER, OTHER_PIN, Gate, permit
from tests.ledger.desk import FailingDisk, Fault

CITIZEN = ["park_entry", "ea_citizen", "adult", 1]
SECOND = {"staff": MANAGER, "pin": MANAGER_PIN}
Answer = dict[str, Any]


def cash(amount: str, currency: str = "KES") -> Answer:
    return {"kind": "cash", "currency": currency, "amount": amount}


def mpesa(code: str, amount: str = "") -> Answer:
    return {"kind": "mpesa", "code": code, "amount": amount}


def told(till: Till, do: str, **fields: Any) -> Answer:
    """The answer to one command."""
    line = json.dumps({"do": do, **fields}).encode()
    return Commands(till, i18n.words("en")).answer(line)


def sell(till: Till, id: str = "sale-0001", **fields: Any) -> Answer:
    """A citizen on foot, unless it is said otherwise."""
    return told(till, "sell", **{"id": id, "lines": [CITIZEN], "pay": [cash("1000")], **fields})


def receipts(till: Till) -> int:
    return len(till.desk.ledger.of_kind("receipt.issued"))


@pytest.fixture
def till(sell: Till) -> Till:
    """A till with a clerk at the window that takes cash."""
    permit(sell, "allow_cash", "yes")
    permit(sell, "cash_usd", "yes")
    return sell


def restarted(gate: Gate, till: Till, disk: FailingDisk) -> Till:
    """The till on a disk that fails when told, the clerk at the window."""
    till.desk.ledger.close()
    opened = app.open_till(gate.folder, replace(gate.world(), connect=disk.connect))
    opened.sign_in.sign_in(CLERK, CLERK_PIN)
    return opened


# Recorded whole, or not at all.


def test_more_tenders_than_are_owed_are_one_refusal_and_no_sale(till: Till) -> None:
    head = till.desk.ledger.head
    answer = sell(till, pay=[cash("1000"), mpesa("UA26X1Y2ZQ", "1000")])
    assert (answer["error"], answer["recorded"]) == ("NothingTendered", False)
    assert till.desk.ledger.head == head
    assert sell(till, pay=[cash("400"), mpesa("UA26X1Y2ZQ", "600")])["recorded"] is True
    assert receipts(till) == 1


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"pay": [cash("500")]}, "ShortTender"),
        ({"pay": []}, "ShortTender"),
        ({"pay": [mpesa("0712345678")]}, "BadMpesaCode"),
        ({"pay": [mpesa("UA26X1Y2ZU")]}, "CodeUsedUp"),
        ({"pay": [{"kind": "card", "approval": "A7K29Q", "last4": "4242 4242 4242 4242"}]}, "FullCardNumber"),
        ({"pay": [{"kind": "card", "approval": "A7K29Q", "last4": "4242", "amount": "1001"}]}, "OverNotCash"),
        ({"pay": [{"kind": "beads"}]}, "BadCommand"),
        ({"id": "short"}, "BadCommand"),
        ({"id": "cafe\u0301-sale-1"}, "BadCommand"),
        ({"id": "sale 0001"}, "BadCommand"),
        ({"id": "sale-0001.1"}, "BadCommand"),
        ({"operator": "4111 1111 1111 1111"}, "FullCardNumber"),
        ({"lines": [CITIZEN, ["vehicle", "vehicle", "5", 3]]}, "VehicleCounted"),
        ({"lines": [["park_entry_school", "school", "student", 2]], "pay": [cash("800")]}, "LetterMissing"),
        ({"free": {"tra_crew": 1}, "evidence": {"tra_crew": "a nod"}}, "UnknownEvidence"),
        ({"free": {"tra_crew": 1}}, "UnusualBill"),
        ({"enter_on": "2026-01-01"}, "EnterOnPast"),
        ({"product": "AMB"}, "NotSoldHere"),
        ({"band": 9}, "NoSuchFee"),
        ({"band": 2}, "PlateMissing"),
    ],
    ids=str,
)
def test_a_refused_sale_writes_nothing_and_leaves_nothing_at_the_window(
    till: Till, fields: Answer, error: str
) -> None:
    sell(till, "sale-used", pay=[mpesa("UA26X1Y2ZU", "1000")])
    head = till.desk.ledger.head
    answer = sell(till, **fields)
    assert (answer["error"], answer["recorded"]) == (error, False)
    assert till.desk.ledger.head == head
    assert (till.window.work.tenders, till.window.priced().lines) == ([], ())
    assert sell(till, "sale-0003")["recorded"] is True


def test_a_refused_correction_can_be_sent_again(till: Till) -> None:
    number = sell(till)["number"]
    fix = {"id": "fix-0001", "receipt": number, "reason": "two of them", "lines": [[*CITIZEN[:3], 2]]}
    assert told(till, "correct", **fix)["error"] == "ShortTender"
    child = ["park_entry", "ea_citizen", "child", 1]
    lower = {**fix, "id": "fix-0002", "lines": [child, [*CITIZEN[:3], 0]]}
    assert told(till, "correct", **lower)["error"] == "NeedsSecond"
    assert till.checkout.waiting() == ()
    done = told(till, "correct", **fix, pay=[cash("1500")])
    assert (done["recorded"], done["total_minor"], done["change_minor"]) == (True, 200_000, 50_000)


def test_a_sale_of_which_nobody_knows_is_neither_recorded_nor_not(gate: Gate, till: Till) -> None:
    disk = FailingDisk()
    till = restarted(gate, till, disk)
    held = told(till, "hold", id="hold-0001", lines=[CITIZEN])
    pay = {"id": "sale-0001", "bill": held["number"], "pay": [cash("1000")]}
    disk.faults = [
        Fault("COMMIT", sqlite3.SQLITE_IOERR, is_done=True),
        Fault("PRAGMA wal_checkpoint", sqlite3.SQLITE_IOERR),
    ]
    answer = told(till, "resume", **pay)
    assert (answer["error"], answer["recorded"]) == ("Unknown", None)
    answer = told(till, "resume", **pay)
    assert (answer["recorded"], answer["repeated"]) == (True, True)
    assert sell(till, "sale-0002")["recorded"] is True
    till.desk.ledger.close()


def test_one_copy_is_said_at_once_and_at_every_retry(gate: Gate, till: Till) -> None:
    till.desk.ledger.close()
    shutil.rmtree(gate.folder / "tape")
    (gate.folder / "tape").write_text("no folder")
    till = app.open_till(gate.folder, gate.world())
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    answers = [
        sell(till),
        sell(till),
        told(till, "hold", id="hold-0001", lines=[CITIZEN]),
        told(till, "reprint", number="XNM2-R000001-Q"),
    ]
    assert [(answer["recorded"], answer["copies"]) for answer in answers] == [("one copy", 1)] * 4
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    changes = [
        told(till, "set_rate", month="2026-02", rate="130"),
        told(till, "configure", key="lock_after_s", value="240"),
        told(till, "configure", key="lock_after_s", value="240"),
    ]
    assert [answer["recorded"] for answer in changes] == ["one copy"] * 3
    till.desk.ledger.close()


# The same id is the same action.


def test_a_retry_answers_like_the_first_time(till: Till) -> None:
    for do, fields in (
        ("sell", {"id": "sale-0001", "lines": [CITIZEN], "pay": [cash("1500")]}),
        ("hold", {"id": "hold-0001", "lines": [CITIZEN]}),
        ("correct", {"id": "fix-0001", "receipt": "XNM2-R000001-Q", "reason": "plate", "plate": "KDA 1A"}),
    ):
        first, again = told(till, do, **fields), told(till, do, **fields)
        assert again.pop("repeated")
        first.pop("warnings", None)
        assert again == first
        assert (first["recorded"], first["number"][4]) == (True, "-")


OTHERS: list[Callable[[Answer], Answer]] = [
    lambda c: {**c, "pay": [mpesa("UA26X1Y2ZQ")]},
    lambda c: {**c, "pay": [cash("3000")]},
    lambda c: {**c, "pay": [cash("20", "USD")]},
    lambda c: {**c, "pay": []},
    lambda c: {**c, "plate": "KDA 421M"},
    lambda c: {**c, "lines": [[*CITIZEN[:3], 2]]},
    lambda c: {**c, "days": 2},
    lambda c: {**c, "operator": "Else"},
    lambda c: {**c, "enter_on": "2026-01-03"},
    lambda c: {**c, "pay": [{"kind": "mpesa", "code": "junk"}]},
    lambda c: {**c, "plate": "no such plate at all"},
]


@pytest.mark.parametrize("other", OTHERS)
def test_the_same_id_with_other_content_is_refused(till: Till, other: Callable[[Answer], Answer]) -> None:
    first = {"id": "sale-0001", "lines": [CITIZEN], "plate": "KDA 412M", "band": 1, "pay": [cash("1600")]}
    assert told(till, "sell", **first)["recorded"] is True
    assert told(till, "sell", **other(first))["error"] == "SameIdOtherContent"
    assert told(till, "sell", **first)["repeated"]
    assert receipts(till) == 1


@pytest.mark.parametrize(
    ("pay", "other"),
    [
        (mpesa("UA26X1Y2ZQ", "1000"), mpesa("UA26X1Y2ZR", "1000")),
        (mpesa("UA26X1Y2ZQ", "1000"), mpesa("UA26X1Y2ZQ", "2000")),
        (
            {"kind": "card", "approval": "A7K29Q", "last4": "4242"},
            {"kind": "card", "approval": "A7K29Q", "last4": "4243"},
        ),
        ({"kind": "ecitizen", "code": "EC-1234"}, {"kind": "ecitizen", "code": "EC-1235"}),
    ],
)
def test_the_same_id_paid_otherwise_is_refused(till: Till, pay: Answer, other: Answer) -> None:
    assert sell(till, pay=[pay])["recorded"] is True
    assert sell(till, pay=[other])["error"] == "SameIdOtherContent"
    assert sell(till, pay=[pay])["repeated"]


def test_a_code_whose_rest_paid_is_the_same_at_every_retry(till: Till) -> None:
    sell(till, "sale-0001", pay=[mpesa("UA26X1Y2ZQ", "2000")])
    for pay in (mpesa("UA26X1Y2ZQ"), mpesa("UA26X1Y2ZQ"), mpesa("ua26 xiy2zq", "1000")):
        assert sell(till, "sale-0002", pay=[pay])["recorded"] is True
    assert receipts(till) == 2


def test_another_clerks_retry_is_another_action(till: Till) -> None:
    sell(till)
    shift = {"id": "open-0001", "float_kes": "0", "float_usd": "0"}
    told(till, "sign_in", staff=OTHER, pin=OTHER_PIN)
    assert told(till, "open_shift", **shift)["recorded"] is True
    assert sell(till)["error"] == "SameIdOtherContent"
    told(till, "sign_in", staff=CLERK, pin=CLERK_PIN)
    assert told(till, "open_shift", **shift)["error"] == "SameIdOtherContent"
    assert sell(till)["repeated"]
    told(till, "sign_out")
    assert sell(till)["repeated"]


def test_a_float_is_compared_in_both_currencies(till: Till) -> None:
    told(till, "sign_in", staff=OTHER, pin=OTHER_PIN)
    shift = {"id": "open-0001", "float_kes": "500", "float_usd": "50"}
    told(till, "open_shift", **shift)
    assert told(till, "open_shift", **{**shift, "float_usd": "0"})["error"] == "SameIdOtherContent"
    assert told(till, "open_shift", **shift)["repeated"]


def test_a_close_is_compared_with_its_count(till: Till) -> None:
    sell(till)
    close = {"id": "close-001", "notes": [["KES", 1000, 1]], "counted": {}, "note": "x"}
    assert told(till, "close_shift", **close)["recorded"] is True
    for other in ({"notes": [["KES", 500, 2]]}, {"counted": {"mpesa": "1"}}, {"note": "y"}):
        assert told(till, "close_shift", **{**close, **other})["error"] == "SameIdOtherContent"
    again = told(till, "close_shift", **close)
    assert again["repeated"]
    assert again["difference"] == [{"tender": "cash", "currency": "KES", "amount_minor": 0}]


def test_a_void_is_compared_with_its_reason(till: Till) -> None:
    number = sell(till)["number"]
    void = {"id": "void-0001", "receipt": number, "reason": "turned back", "second": SECOND}
    assert told(till, "void", **void)["recorded"] is True
    assert told(till, "void", **{**void, "reason": "other"})["error"] == "SameIdOtherContent"
    again = told(till, "void", **void)
    assert (again["repeated"], again["total_minor"], again["due_back_minor"]) == (True, 100_000, 0)


def test_a_correction_is_compared_with_all_that_it_changes(till: Till) -> None:
    number = sell(till, plate="KDA 412M", band=1, pay=[cash("1600")])["number"]
    fix = {"id": "fix-0001", "receipt": number, "reason": "misread", "plate": "KDA 421M"}
    assert told(till, "correct", **fix)["recorded"] is True
    for other in ({"plate": "KDA 422M"}, {"reason": "other"}, {"pay": [cash("1")]}):
        assert told(till, "correct", **{**fix, **other})["error"] == "SameIdOtherContent"
    assert told(till, "correct", **fix)["repeated"]


def test_a_retry_is_answered_after_the_schedule_was_switched(till: Till) -> None:
    sale: Answer = {
        "lines": [["park_entry", "african_citizen", "adult", 1]],
        "pay": [mpesa("UA26X1Y2ZQ", "6000")],
    }
    assert sell(till, **sale)["recorded"] is True
    till.desk.write("schedule.switched", {"schedule": "CF2016", "was": "CF2025", "reason": "court order"})
    assert sell(till, **sale)["repeated"]
    assert sell(till, "sale-0002", **sale)["error"] == "NoSuchFee"


def test_a_retry_of_the_next_day_is_answered(gate: Gate, till: Till) -> None:
    sale: Answer = {"enter_on": "2026-01-02"}
    assert sell(till, **sale)["recorded"] is True
    told(till, "close_shift", id="close-001", notes=[["KES", 1000, 1]])
    gate.clock.pass_by(86_400_000)
    told(till, "open_shift", id="open-0002")
    assert sell(till, **sale)["repeated"]


# Bills that wait.


def test_a_held_bill_is_paid_under_its_number(till: Till) -> None:
    held = told(till, "hold", id="hold-0001", lines=[CITIZEN], plate="KDA 412M", band=1)
    assert (held["recorded"], held["total_minor"]) == (True, 160_000)
    assert [row["number"] for row in told(till, "waiting")["waiting"]] == [held["number"]]
    pay = {"id": "sale-0001", "bill": held["number"], "pay": [cash("2000")]}
    done = told(till, "resume", **pay)
    assert (done["total_minor"], done["change_minor"]) == (160_000, 40_000)
    assert told(till, "waiting")["waiting"] == []
    assert told(till, "resume", **pay)["repeated"]
    assert told(till, "resume", **{**pay, "id": "sale-0002"})["error"] == "NoSuchBill"
    (entry,) = till.desk.ledger.of_kind("receipt.issued")
    assert entry.data["bill"] == held["number"].replace("-", "")


VAN = "GB:1:NNP:KDA412M:2:003.411.705:BUSH TREKS"


def test_a_slip_is_sold_once_and_says_what_was_left_of_it(till: Till) -> None:
    sale = {"id": "slip-0001", "slip": VAN, "free": {"under_6": 1}, "pay": [cash("4500")]}
    done = told(till, "sell", **sale)
    assert (done["recorded"], done["warnings"]) == (True, ["LeftOnSlip"])
    assert told(till, "sell", **sale)["number"] == done["number"]
    assert receipts(till) == 1
    assert told(till, "sell", **{**sale, "slip": "GB:1:::2:004"})["error"] == "SameIdOtherContent"
    assert told(till, "vehicles", plate="kda") == {
        "vehicles": [{"plate": "KDA412M", "band": 2, "operator": "BUSH TREKS"}], "id": None,
    }  # fmt: skip


def test_a_slip_whose_free_were_not_looked_at_is_refused(till: Till) -> None:
    assert told(till, "sell", id="slip-0001", slip=VAN, pay=[cash("4500")])["error"] == "NotLookedAt"
    assert told(till, "sell", id="slip-0002", slip="KDA 412M", pay=[cash("1")])["error"] == "SlipUnread"
    assert receipts(till) == 0
    assert told(till, "sell", id="slip-0003", slip=VAN, confirm=True, pay=[cash("4500")])["recorded"]


def test_a_held_bill_is_handed_over_once(till: Till) -> None:
    held = told(till, "hold", id="hold-0001", lines=[CITIZEN])["number"]
    first = told(till, "hand_over", id="hand-0001", bill=held)
    assert first["slip"] == "GB:1:NNP:::001"
    assert told(till, "hand_over", id="hand-0001", bill=held)["slip"] == first["slip"]
    assert told(till, "waiting")["waiting"] == []
    assert told(till, "hand_over", id="hand-0002", bill=held)["error"] == "NoSuchBill"


def test_a_held_bill_that_cannot_be_paid_yet_waits_on(till: Till) -> None:
    held = told(till, "hold", id="hold-0001", lines=[CITIZEN])
    short = told(till, "resume", id="sale-0001", bill=held["number"], pay=[cash("500")])
    assert short["error"] == "ShortTender"
    assert told(till, "resume", id="sale-0001", bill=held["number"], pay=[cash("1000")])["recorded"] is True


def test_a_held_bill_is_cleared_once(till: Till) -> None:
    held = told(till, "hold", id="hold-0001", lines=[CITIZEN])
    clear = {"id": "clear-001", "bill": held["number"]}
    assert told(till, "clear", **clear)["recorded"] is True
    assert told(till, "clear", **clear)["repeated"]
    assert queries.bill_ending(till.desk.ledger, held["number"].replace("-", "")) == "abandoned"


def test_a_school_and_what_was_shown_can_be_said(till: Till) -> None:
    sale: Answer = {
        "lines": [["park_entry_school", "school", "student", 2]],
        "institution": "Langata Primary",
        "free": {"disability": 1},
        "evidence": {"disability": "visible"},
        "pay": [cash("800")],
    }
    assert sell(till, **sale)["recorded"] is True
    assert sell(till, **sale)["repeated"]
    other = {**sale, "evidence": {"disability": "medical_letter"}}
    assert sell(till, **other)["error"] == "SameIdOtherContent"
    (entry,) = till.desk.ledger.of_kind("receipt.issued")
    lines: Any = entry.data["lines"]
    assert (entry.data["institution"], [line["evidence"] for line in lines][-1]) == (
        "Langata Primary",
        "visible",
    )


# Told apart from what was meant.


def test_totals_tell_nothing_that_the_count_should_find(till: Till) -> None:
    sell(till)
    assert set(told(till, "totals")) == {"shift", "receipts", "sold_minor", "waiting", "id"}


def test_a_count_of_a_way_of_paying_that_does_not_exist_closes_nothing(till: Till) -> None:
    answer = told(till, "close_shift", id="close-001", counted={"mpeza": "5"})
    assert (answer["error"], answer["recorded"]) == ("UnknownTender", False)


def test_only_a_text_is_echoed_as_the_id(till: Till) -> None:
    deep = b'{"do":"fly","id":' + b"[" * 400 + b"]" * 400 + b"}"
    answer = Commands(till, i18n.words("en")).answer(deep)
    assert (answer["error"], answer["id"]) == ("UnknownCommand", None)
    json.dumps(answer)


def test_the_schedule_is_switched_by_two(till: Till) -> None:
    told(till, "sign_in", staff=MANAGER, pin=MANAGER_PIN)
    switch = {"schedule": "CF2016", "reason": "order of the court"}
    assert told(till, "switch_schedule", **switch)["error"] == "NeedsSecond"
    clerk = {"staff": CLERK, "pin": CLERK_PIN}
    assert told(till, "switch_schedule", **switch, second=clerk)["error"] == "NotAllowed"
    assert till.desk.ledger.state.schedule == "CF2025"


def test_refusals_are_said_in_the_language_asked_for(till: Till) -> None:
    says = Commands(till, i18n.words("sw")).answer(b'{"do":"sell","id":"sale-0001"}')["says"]
    assert says == i18n.words("sw")("Nothing to sell yet: tap who is in the vehicle.")
    assert says != "Nothing to sell yet: tap who is in the vehicle."


# The drawer beside its sales.


def test_cash_is_moved_once_by_the_same_id_and_never_with_other_content(till: Till) -> None:
    told(till, "paid_in", id="in-00001", amount="2000", reason="change")
    drop = {"id": "drop-0001", "amount": "1500", "reason": "drawer is full"}
    assert told(till, "drop", **drop)["recorded"] is True
    assert told(till, "drop", **drop)["repeated"]
    assert told(till, "drop", **{**drop, "amount": "100"})["error"] == "SameIdOtherContent"
    assert told(till, "paid_out", **drop)["error"] == "SameIdOtherContent"
    assert told(till, "paid_out", id="out-0001", amount="501", reason="fuel")["error"] == "NotInDrawer"
    assert queries.drawer(till.desk.ledger, till.desk.own_shift()) == {"KES": 50_000}


def test_a_drawer_is_opened_and_an_x_says_so_without_what_is_expected(till: Till) -> None:
    told(till, "open_drawer", id="open-0002", reason="to change a note")
    sell(till)
    answer = told(till, "x")
    assert (answer["openings"], answer["receipts"], answer["expected"]) == (1, 1, [])
    assert "100000" not in json.dumps(answer["drawer"])


def test_a_second_person_by_command_is_counted_as_their_approval(till: Till) -> None:
    far = {"id": "in-00001", "amount": "20001", "reason": "float for Saturday"}
    assert told(till, "paid_in", **far)["error"] == "NeedsSecond"
    assert told(till, "paid_in", **far, second=SECOND)["recorded"] is True
    told(till, "sign_in", staff=MANAGER, pin=MANAGER_PIN)
    (approved,) = told(till, "approvals")["approvals"]
    assert (approved["action"], approved["asked_by"]) == ("cash.moved", CLERK)


def test_a_shift_is_handed_over_by_command_and_taken_over_at_sign_in(till: Till) -> None:
    shift = told(till, "x")["shift"]
    close = {"id": "close-001", "to": OTHER}
    assert told(till, "close_shift", **close)["handed_to"] == OTHER
    assert told(till, "close_shift", **close)["repeated"]
    assert told(till, "close_shift", id="close-001", to=MANAGER)["error"] == "SameIdOtherContent"
    assert told(till, "sign_in", staff=OTHER, pin=OTHER_PIN)["takes_over"] == [shift]
