"""Groups: several vehicles, one payer and one account; each vehicle has a receipt or a pass of its own."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from gatepos import app, i18n
from gatepos.domain import numbers, policy
from gatepos.domain.bill import NothingInBill
from gatepos.domain.entry import Entry
from gatepos.domain.sale import ShortTender
from gatepos.domain.staff import NeedsSecond
from gatepos.errors import Trouble
from gatepos.ledger import passes, queries
from gatepos.till.approvals import Second
from gatepos.till.checkout import NoSuchBill, SoldAlone, TooManyVehicles
from gatepos.till.commands.run import Commands
from gatepos.till.payments import TicketForOne
from gatepos.till.till import Till
from gatepos.till.views import PayView, RecordedView
from gatepos.till.window import MoneyTaken
from tests.gate import CLERK, CLERK_PIN, EA_CITIZEN, MANAGER, MANAGER_PIN, NON_RESIDENT, Gate, permit
from tests.ledger.desk import Fault
from tests.till.test_passes import SECOND, outage

VAN = 6_366_000
"""Six non-residents at USD 80 and a vehicle of 6-12 seats, KES minor units."""


def van(till: Till, n: int) -> None:
    """The n-th van of six."""
    till.checkout.count(NON_RESIDENT, 6)
    till.checkout.vehicle(2)
    till.checkout.plate(f"KDA {100 + n}A")


def vans(till: Till, count: int) -> None:
    """So many vans for one payer, the last one in work."""
    till.checkout.operator("Savanna Trails")
    for n in range(1, count + 1):
        van(till, n)
        if n < count:
            till.checkout.add()


class FailingLater:
    """The port through which a ledger's file is opened; once armed it fails after so many entries."""

    def __init__(self) -> None:
        self.left: int | None = None

    def connect(self, path: Path) -> sqlite3.Connection:
        """A connection that counts entries."""
        port = self

        class Failing(sqlite3.Connection):
            def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
                if port.left is not None and sql.startswith("INSERT INTO journal"):
                    port.left -= 1
                    if port.left < 0:
                        port.left = None
                        raise Fault("", sqlite3.SQLITE_IOERR).error()
                return super().execute(sql, *values)  # type: ignore[arg-type]

        return sqlite3.connect(path, isolation_level=None, factory=Failing)


def receipts(till: Till) -> list[Entry]:
    return till.desk.ledger.of_kind("receipt.issued")


def tenders(entry: Entry) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", entry.data["tenders"])


def test_each_vehicle_has_its_receipt_and_all_are_paid_to_the_first_bill(sell: Till) -> None:
    vans(sell, 3)
    view = sell.checkout.view()
    assert [one.plate for one in view.group] == ["KDA101A", "KDA102A"]
    each = view.total_minor
    assert view.group_minor == 2 * each
    shown = sell.payments.pay("mpesa")
    assert shown.account == view.group[0].number
    assert shown.rest_minor == 3 * each
    done = sell.payments.mpesa("UA26X1Y2ZQ")
    assert isinstance(done, RecordedView)
    assert (done.total_minor, len(done.before), done.copies) == (3 * each, 2, 2)
    found = receipts(sell)
    assert [entry.data["plate"] for entry in found] == ["KDA101A", "KDA102A", "KDA103A"]
    assert len({entry.data["bill"] for entry in found}) == 3
    assert {entry.data["operator"] for entry in found} == {"Savanna Trails"}
    assert sell.checkout.waiting() == ()
    assert sell.checkout.view().group == ()


def test_a_vehicle_begun_by_mistake_is_nobody(sell: Till) -> None:
    vans(sell, 2)
    sell.checkout.add()
    assert sell.checkout.view().owes_nothing is False
    with pytest.raises(NothingInBill):
        sell.checkout.add()
    sell.payments.pay("mpesa")
    sell.payments.mpesa("UA26X1Y2ZQ")
    assert len(receipts(sell)) == 2


def test_a_vehicle_is_taken_to_work_again_and_changed(sell: Till) -> None:
    vans(sell, 3)
    first, second = sell.checkout.view().group
    view = sell.checkout.turn_to(first.number)
    assert view.plate == "KDA101A"
    sell.checkout.count(NON_RESIDENT, 5)
    assert {one.plate for one in sell.checkout.view().group} == {"KDA102A", "KDA103A"}
    assert sell.payments.pay("mpesa").account == first.number
    sell.payments.mpesa("UA26X1Y2ZQ")
    people = {str(entry.data["plate"]): entry.data["people"] for entry in receipts(sell)}
    assert [sum(n for *_, n in cast("list[list[int]]", one)) for one in people.values()] == [6, 6, 5]
    with pytest.raises(NoSuchBill):
        sell.checkout.turn_to(second.number)


def test_clear_takes_out_the_vehicle_in_work_alone(sell: Till) -> None:
    vans(sell, 3)
    view = sell.checkout.clear()
    assert (view.plate, [one.plate for one in view.group]) == ("KDA102A", ["KDA101A"])
    sell.checkout.clear()
    view = sell.checkout.clear()
    assert (view.plate, view.group, view.waiting) == ("", (), ())


def test_a_group_put_aside_comes_back_whole_with_its_account(sell: Till) -> None:
    vans(sell, 3)
    account = sell.checkout.view().group[0].number
    assert len(sell.checkout.hold().waiting) == 3
    view = sell.checkout.resume("KDA 103A")
    assert (view.plate, len(view.group), view.waiting) == ("KDA103A", 2, ())
    assert sell.payments.pay("mpesa").account == account


def test_a_bill_put_aside_alone_has_its_own_number_as_before(sell: Till) -> None:
    van(sell, 1)
    sell.checkout.hold()
    number = sell.checkout.resume("KDA 101A").number
    sell.checkout.count(NON_RESIDENT, 2)
    sell.checkout.hold()
    view = sell.checkout.resume("KDA 101A")
    assert view.number != number
    assert sell.payments.pay("mpesa").account == view.number


def test_money_that_is_taken_lets_no_vehicle_be_added_or_turned_to(sell: Till) -> None:
    vans(sell, 2)
    sell.payments.pay("mpesa")
    sell.payments.mpesa("UA26X1Y2ZQ", "1000")
    with pytest.raises(MoneyTaken):
        sell.checkout.add()
    with pytest.raises(MoneyTaken):
        sell.checkout.turn_to(sell.checkout.view().group[0].number)
    with pytest.raises(ShortTender):
        sell.payments.record()
    assert receipts(sell) == []


def test_what_is_paid_alone_gets_no_vehicle_beside_it(sell: Till) -> None:
    vans(sell, 2)
    sell.payments.pay("mpesa")
    with pytest.raises(TicketForOne):
        sell.payments.ticket("KWS123456")
    sell.payments.mpesa("UA26X1Y2ZQ")
    sell.corrections.correct(str(receipts(sell)[0].number), "wrong plate")
    with pytest.raises(SoldAlone):
        sell.checkout.add()


def test_no_more_vehicles_than_one_payer_pays_for_at_once(sell: Till) -> None:
    vans(sell, 20)
    with pytest.raises(TooManyVehicles):
        sell.checkout.add()


def test_change_of_cash_goes_back_once(sell: Till) -> None:
    permit(sell, "allow_cash", "yes")
    for n in range(2):
        sell.checkout.count(EA_CITIZEN, 1)
        if not n:
            sell.checkout.add()
    sell.payments.pay("cash")
    done = sell.payments.cash("KES", "2500")
    assert isinstance(done, RecordedView)
    assert (done.total_minor, done.change_minor) == (200_000, 50_000)
    assert [entry.data["change_minor"] for entry in receipts(sell)] == [0, 50_000]


def test_f5_gives_each_vehicle_a_pass_of_its_own(sell: Till) -> None:
    outage(sell)
    vans(sell, 3)
    done = sell.passes.issue()
    assert len(done.before) == 2
    issued = sell.desk.ledger.of_kind("pass.issued")
    assert [entry.data["plate"] for entry in issued] == ["KDA101A", "KDA102A", "KDA103A"]
    assert sum(int(str(entry.data["total_minor"])) for entry in issued) == done.total_minor
    assert sell.checkout.waiting() == ()


def test_a_limit_that_the_whole_group_passes_wants_the_second_person_before_any_pass(sell: Till) -> None:
    outage(sell)
    permit(sell, policy.TILL_PASSES_SOFT, "1")
    permit(sell, policy.TILL_PASSES_HARD, "2")
    vans(sell, 3)
    with pytest.raises(NeedsSecond):
        sell.passes.issue()
    assert sell.desk.ledger.of_kind("pass.issued") == []
    sell.passes.issue(Second(MANAGER, MANAGER_PIN))
    assert len(sell.desk.ledger.of_kind("pass.issued")) == 3


def test_a_stop_between_vehicles_leaves_the_rest_waiting_with_what_is_left_of_the_code(
    gate: Gate, sell: Till
) -> None:
    disk = FailingLater()
    sell.desk.ledger.close()
    till = app.open_till(gate.folder, replace(gate.world(), connect=disk.connect))
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    vans(till, 3)
    account = till.payments.pay("mpesa").account
    disk.left = 1
    with pytest.raises(Trouble):
        till.payments.mpesa("UA26X1Y2ZQ")
    assert len(receipts(till)) == 1
    till.desk.ledger.close()
    till = app.open_till(gate.folder, gate.world())
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    assert [one.plate for one in till.checkout.waiting()] == ["KDA102A", "KDA103A"]
    view = till.checkout.resume("KDA 102A")
    assert (view.plate, view.total_minor, view.group_minor) == ("KDA102A", VAN, VAN)
    shown = till.payments.pay("mpesa")
    assert (shown.account, shown.rest_minor) == (account, 2 * VAN)
    assert isinstance(till.payments.mpesa("UA26X1Y2ZQ"), RecordedView)
    assert [entry.data["plate"] for entry in receipts(till)] == ["KDA101A", "KDA103A", "KDA102A"]
    assert {tender["paid_minor"] for entry in receipts(till) for tender in tenders(entry)} == {3 * VAN}
    till.desk.ledger.close()


def test_after_a_trouble_between_vehicles_the_same_payment_writes_the_rest(gate: Gate, sell: Till) -> None:
    disk = FailingLater()
    sell.desk.ledger.close()
    till = app.open_till(gate.folder, replace(gate.world(), connect=disk.connect))
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    vans(till, 3)
    till.payments.pay("mpesa")
    disk.left = 2
    with pytest.raises(Trouble):
        till.payments.mpesa("UA26X1Y2ZQ")
    done = till.payments.record()
    assert (done.total_minor, len(done.before)) == (3 * VAN, 2)
    assert [entry.data["plate"] for entry in receipts(till)] == ["KDA101A", "KDA102A", "KDA103A"]
    till.desk.ledger.close()


def test_the_bills_number_says_which_group_it_is_of(sell: Till) -> None:
    vans(sell, 2)
    sell.checkout.hold()
    first, second = sell.desk.ledger.of_kind("bill.opened")
    assert (first.data["group"], second.data["group"]) == (None, first.number)
    assert numbers.parse(str(second.data["group"])).series == numbers.BILL


def test_each_pass_says_of_which_group_it_is_also_printed_anew_or_corrected(sell: Till) -> None:
    outage(sell)
    vans(sell, 3)
    sell.passes.issue()
    van(sell, 4)
    sell.passes.issue()
    first, second, third, alone = sell.desk.ledger.of_kind("pass.issued")
    opened = sell.desk.ledger.of_kind("bill.opened")[0].number
    assert [one.data["group"] for one in (first, second, third)] == [opened] * 3
    assert alone.data["group"] is None
    sell.passes.reissue(str(second.number), "paper is wet", SECOND)
    sell.passes.correct(str(third.number), "one more")
    sell.checkout.count(NON_RESIDENT, 7)
    sell.passes.issue(SECOND)
    anew = sell.desk.ledger.of_kind("pass.reissued")
    assert [one.data["group"] for one in anew] == [opened] * 2
    numbers_of = [str(one.number) for one in (first, second, third, *anew)]
    assert passes.together(sell.desk.ledger, str(anew[1].number)) == sorted(numbers_of)
    assert passes.together(sell.desk.ledger, str(alone.number)) == [alone.number]


def test_a_group_is_sought_in_its_index_however_many_passes_an_operator_has(sell: Till) -> None:
    plans: list[str] = []
    conn = sell.desk.ledger.conn
    conn.set_trace_callback(plans.append)
    passes.together(sell.desk.ledger, "XNM1P000001A")
    conn.set_trace_callback(None)
    question = next(sql for sql in plans if "together" in sql)
    steps = [str(row[3]) for row in conn.execute(f"EXPLAIN QUERY PLAN {question}")]
    assert not [step for step in steps if step.startswith("SCAN pass")], steps
    assert any("pass_" in step and "(together=?" in step for step in steps), steps


def test_the_first_bill_of_a_group_that_is_issued_alone_later_is_still_of_it(gate: Gate, sell: Till) -> None:
    outage(sell)
    disk = FailingLater()
    sell.desk.ledger.close()
    till = app.open_till(gate.folder, replace(gate.world(), connect=disk.connect))
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    vans(till, 2)
    till.checkout.turn_to(till.checkout.view().group[0].number)
    disk.left = 1
    with pytest.raises(Trouble):
        till.passes.issue()
    till.desk.ledger.close()
    till = app.open_till(gate.folder, gate.world())
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    till.checkout.resume("KDA 101A")
    till.passes.issue()
    second, first = till.desk.ledger.of_kind("pass.issued")
    assert (first.data["group"], second.data["group"]) == (None, first.data["bill"])
    assert len(passes.together(till.desk.ledger, str(first.number))) == 2
    till.desk.ledger.close()


SIX = [[*NON_RESIDENT, 6]]


def told(till: Till, do: str, **fields: Any) -> dict[str, Any]:
    """The answer to one command."""
    return Commands(till, i18n.words("en")).answer(json.dumps({"do": do, **fields}).encode())


def six(**fields: Any) -> dict[str, Any]:
    """A command for six vans of one payer."""
    first, *others = [{"lines": SIX, "band": 2, "plate": f"KDA 10{n}A"} for n in range(1, 7)]
    return {"id": "six-vans-1", "operator": "Savanna Trails", **first, "add": others, **fields}


CODES = [
    {"kind": "mpesa", "code": "UA26X1Y2ZQ", "amount": "250000"},
    {"kind": "mpesa", "code": "UA26X1Y2ZR", "amount": "131960"},
]


def test_six_vans_by_one_command_are_recorded_once(sell: Till) -> None:
    answer = told(sell, "sell", **six(pay=CODES))
    assert answer["recorded"] is True, answer
    assert [one["plate"] for one in answer["vehicles"]] == [f"KDA10{n}A" for n in range(1, 7)]
    assert [one["total_minor"] for one in answer["vehicles"]] == [VAN] * 6
    assert answer["total_minor"] == 6 * VAN
    again = told(sell, "sell", **six(pay=CODES))
    assert (again["repeated"], again["vehicles"]) == (True, answer["vehicles"])
    assert again["total_minor"] == 6 * VAN
    assert told(sell, "sell", **six(pay=CODES[:1]))["error"] == "SameIdOtherContent"
    other = six(pay=CODES)
    other["add"][3]["band"] = 3
    assert told(sell, "sell", **other)["error"] == "SameIdOtherContent"
    assert len(receipts(sell)) == 6


def test_six_vans_paid_short_by_command_leave_nothing_behind(sell: Till) -> None:
    assert told(sell, "sell", **six(pay=CODES[:1]))["error"] == "ShortTender"
    assert receipts(sell) == []
    assert told(sell, "waiting")["waiting"] == []


def test_six_passes_by_one_command_are_issued_once(sell: Till) -> None:
    outage(sell)
    second = {"staff": MANAGER, "pin": MANAGER_PIN}
    answer = told(sell, "issue_pass", **six(exits=["EAST"], second=second))
    assert len(answer["vehicles"]) == 6, answer
    issued = sell.desk.ledger.of_kind("pass.issued")
    assert [entry.data["exits"] for entry in issued] == [["EAST"]] * 6
    assert [one["owed_minor"] for one in answer["vehicles"]] == [VAN] * 6
    for name in ("number", "qr"):
        assert len({one[name] for one in answer["vehicles"]}) == 6
    assert (answer["owed_minor"], answer["total_minor"]) == (6 * VAN, 6 * VAN)
    again = told(sell, "issue_pass", **six(exits=["EAST"], second=second))
    assert (again["repeated"], again["number"]) == (True, answer["number"])
    assert (again["vehicles"], again["owed_minor"]) == (answer["vehicles"], 6 * VAN)
    assert len(sell.desk.ledger.of_kind("pass.issued")) == 6


def test_a_command_that_stops_between_vehicles_says_so_and_the_rest_wait(gate: Gate, sell: Till) -> None:
    disk = FailingLater()
    sell.desk.ledger.close()
    till = app.open_till(gate.folder, replace(gate.world(), connect=disk.connect))
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    disk.left = 8
    answer = told(till, "sell", **six(pay=CODES))
    assert (answer["error"], answer["recorded"]) == ("Unknown", None)
    again = told(till, "sell", **six(pay=CODES))
    assert [one["plate"] for one in again["vehicles"]] == ["KDA101A", "KDA102A"]
    waiting = told(till, "waiting")["waiting"]
    assert len(waiting) == 4
    rest = told(till, "resume", id="six-vans-2", bill=waiting[0]["number"], pay=CODES)
    assert rest["recorded"] is True, rest
    assert len(receipts(till)) == 6
    assert sum(int(str(entry.data["total_minor"])) for entry in receipts(till)) == 6 * VAN
    till.desk.ledger.close()


def test_six_vans_one_payer_two_codes(sell: Till) -> None:
    """The payer is shown two parts, pays by two codes, and both are used to the shilling."""
    permit(sell, policy.OPERATOR_SOFT, "1")
    vans(sell, 6)
    shown = sell.payments.pay("mpesa")
    assert shown.parts == (25_000_000, 13_196_000)
    first = sell.payments.mpesa("UA26X1Y2ZQ", "250000")
    assert isinstance(first, PayView)
    assert (first.rest_minor, first.parts) == (13_196_000, (13_196_000,))
    done = sell.payments.mpesa("UA26X1Y2ZR", "150000")
    assert isinstance(done, RecordedView)
    assert (done.total_minor, len(done.before)) == (6 * VAN, 5)
    used: dict[str, int] = {}
    for entry in receipts(sell):
        assert sum(int(str(tender["kes_minor"])) for tender in tenders(entry)) == VAN
        for tender in tenders(entry):
            code = str(tender["reference"])
            used[code] = used.get(code, 0) + int(str(tender["kes_minor"]))
    assert used == {"UA26X1Y2ZQ": 25_000_000, "UA26X1Y2ZR": 13_196_000}
    van(sell, 7)
    offered = sell.payments.pay("mpesa")
    assert (offered.spare_reference, offered.spare_minor) == ("UA26X1Y2ZR", 1_804_000)
    sell.payments.mpesa("UA26X1Y2ZR")
    sell.payments.mpesa("UA26X1Y2ZS")
    shift = sell.desk.shift()
    assert queries.tendered(sell.desk.ledger, shift) == {"mpesa": 7 * VAN}
    assert queries.receipt_count(sell.desk.ledger, shift) == 7


def test_open_passes_of_an_operator_are_settled_together_by_one_tender(sell: Till) -> None:
    outage(sell)
    vans(sell, 3)
    sell.passes.issue()
    van(sell, 4)
    sell.passes.issue()
    first = sell.pass_lists.find("KDA101A")[0]
    rows = sell.pass_lists.owing_with(first.number)
    assert [row.plate for row in rows] == ["KDA101A", "KDA102A", "KDA103A"]
    alone = sell.pass_lists.find("KDA104A")[0].number
    assert [row.number for row in sell.pass_lists.owing_with(alone)] == [alone]
    view = sell.gate.collect(*(row.number for row in rows))
    assert view.pay is not None
    assert (view.word, len(view.settles), view.pay.rest_minor) == ("not_paid", 3, 3 * VAN)
    sell.settlements.pay("mpesa")
    done = sell.settlements.mpesa("UA26X1Y2ZQ")
    assert isinstance(done, RecordedView)
    assert (done.total_minor, len(done.before), done.due_minor) == (3 * VAN, 2, 0)
    assert [entry.data["total_minor"] for entry in sell.desk.ledger.of_kind("pass.settled")] == [VAN] * 3
    assert sell.pass_lists.owing_with(first.number) == ()
    assert [row.inside for row in sell.pass_lists.find("KDA101A")] == [6]


def test_after_a_trouble_between_passes_the_same_payment_settles_the_rest(gate: Gate, sell: Till) -> None:
    outage(sell)
    vans(sell, 3)
    sell.passes.issue()
    sell.desk.ledger.close()
    disk = FailingLater()
    till = app.open_till(gate.folder, replace(gate.world(), connect=disk.connect))
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    first = till.pass_lists.find("KDA101A")[0].number
    till.gate.collect(*(row.number for row in till.pass_lists.owing_with(first)))
    till.settlements.pay("mpesa")
    disk.left = 1
    with pytest.raises(Trouble):
        till.settlements.mpesa("UA26X1Y2ZQ")
    left = till.settlements.view()
    assert (left.rest_minor, sum(tender.kes_minor for tender in left.paid)) == (0, 2 * VAN)
    done = till.settlements.record()
    assert isinstance(done, RecordedView)
    settled = till.desk.ledger.of_kind("pass.settled")
    assert len({entry.data["pass"] for entry in settled}) == len(settled) == 3
    assert [tenders(entry)[0]["kes_minor"] for entry in settled] == [VAN] * 3
    till.desk.ledger.close()


def test_a_ticket_is_for_one_and_takes_no_vehicle_of_a_group_away(sell: Till) -> None:
    vans(sell, 3)
    with pytest.raises(TicketForOne):
        sell.payments.pay("ecitizen")
    sell.scan("https://kwspay.ecitizen.go.ke/ticket/WQBG-PWRR", "wedge")
    assert len(sell.checkout.view().group) == 2, "beside the one in work"
    assert sell.desk.ledger.of_kind("bill.abandoned") == []


def test_one_plate_twice_in_a_group_wants_the_second_person(sell: Till) -> None:
    outage(sell)
    van(sell, 1)
    sell.checkout.add()
    van(sell, 1)
    with pytest.raises(NeedsSecond):
        sell.passes.issue()
    assert sell.desk.ledger.of_kind("pass.issued") == []
