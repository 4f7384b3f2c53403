"""The statement of an outage is equal to the entries of the ledger, read without gatepos, to the shilling."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from gatepos.reports import identities, outage_statement
from gatepos.reports.outage_statement import Stated
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Cell, Sheet
from gatepos.till.till import Till
from tests.gate import CLERK, CLERK_PIN, EA_CITIZEN, MANAGER, MANAGER_PIN, Gate, permit, selling
from tests.reports.looked import scope
from tests.till.test_corrections import sold
from tests.till.test_passes import SECOND, at_exit, outage, token, van_in
from tests.till.test_refunds import agreed
from tests.till.test_totals import car_in

Raw = dict[str, Any]


@pytest.fixture
def after(gate: Gate) -> Iterator[Till]:
    """A till after an outage in which everything happened that can, and what followed it."""
    till = selling(gate.built(), float_kes="1000")
    permit(till, "allow_cash", "yes")
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    till.capture.give_out("A", 101, 110, CLERK)
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    sold(till, 1)
    gate.clock.pass_by(60_000)
    outage(till)
    inside(till, gate)
    till.outages.close(SECOND)
    later(till)
    yield till
    till.desk.ledger.close()


def inside(till: Till, gate: Gate) -> None:
    sold(till, 2)
    void, wrong = sold(till, 3), sold(till, 4, kind="cash")
    till.corrections.void(void, "turned back", SECOND)
    till.corrections.correct(wrong, "one more adult")
    till.checkout.tap(EA_CITIZEN)
    till.payments.pay("cash")
    till.payments.cash("KES", "1000")
    paid, part, waived, revoked, owing = van_in(till).number, *(car_in(till, f"KDB 11{n}A") for n in range(4))
    wet = car_in(till, "KDC 900Z")
    till.passes.reissue(wet, "wet", SECOND)
    car_in(till, "KDC 901Z")
    till.passes.waive(waived, "", "KWS/W/1", SECOND)
    till.passes.revoke(revoked, "turned back", SECOND)
    pay(till, paid, "UA26X1Y2ZA", "43,940", gate)
    pay(till, part, "UA26X1Y2ZB", "600", gate)
    till.settlements.record(in_part=True)
    till.gate.leave()
    till.gate.scan(token(till, owing))
    till.passes.let_out(till.gate.owed(), "the code did not come")


def later(till: Till) -> None:
    """A pass is paid after the outage, to its paybill; a leaf written inside is typed off; a sale follows."""
    open_ = next(row.number for row in till.pass_lists.find() if row.plate == "KDC901Z")
    till.gate.scan(token(till, open_))
    till.settlements.pay("mpesa")
    till.settlements.mpesa("UA26X1Y2ZD", "1,600")
    till.gate.leave()
    till.checkout.tap(EA_CITIZEN)
    till.capture.begin("A", 101, "10:32", "printer was dead")
    till.payments.pay("mpesa")
    till.payments.mpesa("UA26X1Y2ZE", "1,000")
    sold(till, 5)


def pay(till: Till, number: str, code: str, amount: str, gate: Gate) -> None:
    """They are scanned, and pay 20 seconds later."""
    at_exit(till).gate.scan(token(till, number))
    gate.clock.pass_by(20_000)
    till.settlements.pay("mpesa")
    till.settlements.mpesa(code, amount)


def raw(till: Till) -> list[Raw]:
    """The entries as their bytes say them."""
    return [json.loads(raw) for raw, _ in till.desk.ledger.told(0)]


def of_day(till: Till) -> Scope:
    """Its business day."""
    return scope(till, till.desk.today().isoformat())


@pytest.fixture
def found(after: Till) -> list[Stated]:
    return outage_statement.between(of_day(after))


@pytest.fixture
def papers(after: Till, found: list[Stated]) -> dict[str, Sheet]:
    return {sheet.name: sheet for sheet in outage_statement.sheets(of_day(after), found)}


def cells(sheet: Sheet) -> list[dict[str, Cell]]:
    names = [column.name for column in sheet.columns]
    return [dict(zip(names, row, strict=True)) for row in sheet.rows]


def within(entries: list[Raw]) -> list[Raw]:
    """The entries between the opening and the closing."""
    opened = next(one["seq"] for one in entries if one["kind"] == "outage.opened")
    closed = next(one["seq"] for one in entries if one["kind"] == "outage.closed")
    return [one for one in entries if opened < one["seq"] < closed]


def codes(entries: list[Raw], paybill: str) -> int:
    tenders = [tender for one in entries for tender in one["data"].get("tenders", [])]
    return sum(tender["kes_minor"] for tender in tenders if tender["paybill"] == paybill)


def test_receipts_and_what_was_paid_on_passes_are_the_ledgers(after: Till, papers: dict[str, Sheet]) -> None:
    entries = raw(after)
    inside_ = within(entries)
    gone = {one["data"].get("receipt") or one["data"].get("replaces") for one in entries}
    receipts = [one for one in inside_ if one["kind"] in ("receipt.issued", "receipt.corrected")]
    count = [one["data"]["total_minor"] for one in receipts if one["data"]["number"] not in gone]
    (whole,) = cells(papers["outage_statement"])
    assert (whole["receipts"], whole["sold_minor"]) == (len(count), sum(count))
    assert len(papers["outage_receipts"].rows) == len(receipts) == 5 - 1
    assert sum(int(str(row["counts_minor"])) for row in cells(papers["outage_receipts"])) == sum(count)
    settled = [one["data"]["total_minor"] for one in inside_ if one["kind"] == "pass.settled"]
    assert whole["collected_minor"] == sum(settled) == 4_454_000
    assert [row["state"] for row in cells(papers["outage_receipts"])] == ["", "voided", "corrected", ""]


def test_what_came_to_the_other_paybill_is_the_ledgers_inside_and_later(
    after: Till, papers: dict[str, Sheet]
) -> None:
    entries = raw(after)
    (whole,) = cells(papers["outage_statement"])
    assert whole["to_paybill_minor"] == codes(entries, "600000")
    rows = cells(papers["outage_paybill"])
    assert sum(int(str(row["kes_minor"])) for row in rows if row["is_inside"]) == codes(
        within(entries), "600000"
    )
    assert [row["reference"] for row in rows if not row["is_inside"]] == ["UA26X1Y2ZD", "UA26X1Y2ZE"]


def test_each_pass_owes_what_its_postings_leave_and_their_owners_are_named(
    after: Till, papers: dict[str, Sheet]
) -> None:
    entries = raw(after)
    owed: dict[str, int] = defaultdict(int)
    for one in entries:
        for account, _, minor in one["postings"]:
            if account.startswith("asset:receivable:"):
                owed[account.split(":")[2]] += minor
    replaced = {one["data"]["replaces"] for one in entries if one["kind"] == "pass.reissued"}
    issued = {
        one["data"]["number"]: one["data"]
        for one in entries
        if one["kind"] in ("pass.issued", "pass.reissued") and one["data"]["number"] not in replaced
    }
    rows = cells(papers["outage_passes"])
    assert {str(row["number"]).replace("-", ""): row["owed_minor"] for row in rows} == {
        number: owed[number] for number in issued
    }
    assert sum(int(str(row["total_minor"])) for row in rows) == sum(
        one["total_minor"] for one in issued.values()
    )
    states = sorted(str(row["state"]) for row in rows)
    assert states == sorted(["paid", "paid", "paid in part", "waived", "revoked", "on undertaking", "open"])
    by_plate = {row["plate"]: row["owed_minor"] for row in cells(papers["outage_owed"])}
    assert by_plate == {one["plate"]: owed[number] for number, one in issued.items() if owed[number]}


def test_a_leaf_typed_off_later_belongs_to_the_outage_in_which_it_was_written(
    after: Till, papers: dict[str, Sheet]
) -> None:
    (leaf,) = cells(papers["outage_leaves"])
    captured = next(one for one in raw(after) if one["kind"] == "paper.captured")
    assert (leaf["leaf"], leaf["total_minor"]) == (101, captured["data"]["total_minor"])


def test_staff_took_what_their_postings_say(after: Till, papers: dict[str, Sheet]) -> None:
    kinds = ("receipt.issued", "receipt.corrected", "receipt.voided", "pass.settled")
    taken = sum(
        minor
        for one in within(raw(after))
        if one["kind"] in kinds
        for account, currency, minor in one["postings"]
        if account.startswith("asset:") and "receivable" not in account and currency == "KES"
    )
    (row,) = cells(papers["outage_staff"])
    assert (row["staff"], row["kes_minor"]) == (CLERK, taken)


def test_it_says_who_opened_and_agreed_and_that_the_queue_is_not_recorded(papers: dict[str, Sheet]) -> None:
    (whole,) = cells(papers["outage_statement"])
    assert (whole["opened_by"], whole["agreed_by"], whole["countersigned_by"]) == (CLERK, MANAGER, None)
    assert (whole["authority"], whole["paybill"]) == ("KWS/OPS/2026/1", "600000")
    seconds = papers["outage_seconds"]
    assert "not recorded" in str(seconds.notes[0])
    by = {row["what"]: (row["n"], row["median_s"]) for row in cells(seconds)}
    assert by["At exit: first scan – payment"] == (2, 20)


def test_different_books_say_the_same_of_it(after: Till, found: list[Stated]) -> None:
    checked = outage_statement.identities(of_day(after), found)
    assert len(checked) == 2
    identities.check(checked)


def test_who_countersigned_later_is_named_apart_and_an_open_outage_is_as_of_now(sell: Till) -> None:
    for key, value in (("order", "KWS/SO/7"), ("order_paybill", "600000")):
        permit(sell, key, value)
    sell.outages.open("platform", down_min=20)
    sell.outages.countersign("seen", SECOND)
    sold(sell, 2)
    found = outage_statement.between(of_day(sell))
    (row,) = cells(outage_statement.sheets(of_day(sell), found)[0])
    assert (row["agreed_by"], row["countersigned_by"], row["until"]) == (None, MANAGER, None)
    assert (row["receipts"], row["is_standing"]) == (1, 1)
    assert outage_statement.between(scope(sell, "2026-01-01")) == []


def test_what_is_refunded_of_a_receipt_does_not_count_here_nor_on_its_own_paper(sell: Till) -> None:
    outage(sell)
    agreed(sell, sold(sell, 2))
    found = outage_statement.between(of_day(sell))
    (whole,) = cells(outage_statement.sheets(of_day(sell), found)[0])
    assert whole["sold_minor"] == sell.outages.view().statement["receipts_minor"] == 100_000
