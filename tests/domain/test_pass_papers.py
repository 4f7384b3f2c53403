"""What the papers of gate passes, outages and custody say, from the entries of a real till."""

import re
from collections.abc import Sequence

import pytest

from gatepos.devices import layout
from gatepos.domain import moments
from gatepos.domain.paper_lines import PaperLine, Qr
from gatepos.i18n import words
from gatepos.till.till import Till
from tests.gate import CLERK, EA_CITIZEN, MANAGER, NON_RESIDENT, Gate, ordinary_van, permit
from tests.till.test_passes import SECOND, at_exit, outage, token, van_in


def rows_of(lines: Sequence[PaperLine], paper_mm: int = 80) -> list[str]:
    rows = (row for row in layout.rows(lines, paper_mm) if not isinstance(row, Qr))
    return [" ".join(str(row).split()) for row in rows]


def last_paper(till: Till, kind: str, paper_mm: int = 80) -> list[str]:
    """The rows of the newest paper of a kind."""
    return rows_of(till.printing.paper(till.desk.ledger.of_kind(kind)[-1]), paper_mm)


@pytest.fixture
def down(sell: Till) -> Till:
    """A till in an outage."""
    permit(sell, "gate_phone", "0800 000 000")
    outage(sell)
    return sell


def paid_in_part(till: Till, number: str, kes: str) -> None:
    at_exit(till).gate.scan(token(till, number))
    till.settlements.pay("mpesa")
    till.settlements.mpesa("UA26X1Y2ZQ", kes)


def test_above_what_one_payment_carries_the_papers_say_the_parts_to_pay(down: Till) -> None:
    down.checkout.count(NON_RESIDENT, 30)
    number = down.passes.issue(SECOND).number
    whole = " ".join(last_paper(down, "pass.issued"))
    assert "carries KES 250,000: pay 250,000 + 60,800." in whole
    paid_in_part(down, number, "50000")
    down.settlements.record(in_part=True)
    assert "carries KES 250,000: pay 250,000 + 10,800." in " ".join(last_paper(down, "pass.settled"))
    at_exit(down).gate.scan(token(down, number))
    down.settlements.pay("mpesa")
    down.settlements.mpesa("UA26X1Y2ZR", "50000")
    down.settlements.record(in_part=True)
    assert "250,000" not in " ".join(last_paper(down, "pass.settled"))


@pytest.mark.parametrize("paper_mm", [80, 58])
def test_a_pass_says_what_is_owed_where_to_pay_it_and_when_to_leave(down: Till, paper_mm: int) -> None:
    number = van_in(down).number
    rows = last_paper(down, "pass.issued", paper_mm)
    whole = " ".join(rows)
    for expected in (
        "NOT PAID",
        "PAY ON EXIT",
        "KDA 412M",
        f"Pass {number}",
        "Issued Fri 2 Jan 2026 10:31",
        "Leave by 19:00 today",
        "Exit any gate",
        f"Served by Clerk {CLERK}",
        "OWED KES 43,940",
        "PAY BY M-PESA, ONLY TO",
        "Paybill 600000",
        "Amount KES 43,940",
    ):
        assert expected in rows
    for expected in (
        "TEMPORARY GATE PASS",
        "3 non-resident adults, 1 non-resident student, 1 African citizen adult, 1 EA citizen adult,"
        " vehicle 6–12 seats, 2 free.",
        "3 × USD 80.00 Non-resident adult 31,080",
        "1 × USD 40.00 Non-resident student 5,180",
        "USD 320.00 at 129.50 (Jan 2026)",
        "Account " + number.replace("-", ""),
        "Keep the M-PESA message: it opens the gate.",
        "Outage since 2 Jan 10:31, authority KWS/OPS/2026/1.",
        "Documents are returned paid or not.",
        "This gate: 0800 000 000.",
        "A name or phone that you gave is erased after 30 days.",
        "Fees: CF2025 (LN 160/2025). Not a tax invoice.",
    ):
        assert expected in whole
    assert "Scan with any phone" not in whole


@pytest.mark.parametrize("language", ["en", "sw"])
@pytest.mark.parametrize("paper_mm", [80, 58])
def test_no_row_of_a_pass_ends_in_a_bare_count(down: Till, paper_mm: int, language: str) -> None:
    van_in(down)
    down.printing.speak(words(language))
    rows = last_paper(down, "pass.issued", paper_mm)
    assert not [row for row in rows if re.search(r"(^|, )\d$", row)]


def test_the_plate_of_a_pass_stands_three_times_as_large(down: Till) -> None:
    van_in(down)
    paper = down.printing.paper(down.desk.ledger.of_kind("pass.issued")[-1])
    for paper_mm in (80, 58):
        sizes = {row.text: row.size for row in layout.rows(paper, paper_mm) if isinstance(row, layout.Row)}
        assert sizes["KDA 412M"] == 3


def test_a_phone_is_told_to_scan_only_where_a_page_answers(down: Till) -> None:
    permit(down, "pass_host", "gate.example")
    van_in(down)
    assert "Scan with any phone to see what is owed." in last_paper(down, "pass.issued")


def test_the_code_of_a_pass_is_its_token(down: Till) -> None:
    number = van_in(down).number
    paper = down.printing.paper(down.desk.ledger.of_kind("pass.issued")[-1])
    assert [line.text for line in paper if isinstance(line, Qr)] == [token(down, number)]


def test_a_pass_of_certain_gates_names_them(down: Till) -> None:
    ordinary_van(down)
    down.passes.leave_by(["EAST", "MAIN"])
    down.passes.issue()
    assert "Exit Main Gate, East Gate" in last_paper(down, "pass.issued")


def test_a_pass_on_foot_names_the_gate_that_issued_it(down: Till) -> None:
    down.checkout.tap(EA_CITIZEN)
    down.passes.issue()
    rows = last_paper(down, "pass.issued")
    assert {"on foot", "Exit Main Gate", "1 EA citizen adult."} <= set(rows)


def test_a_pass_is_printed_in_kiswahili_too(down: Till) -> None:
    van_in(down)
    down.printing.speak(words("sw"))
    rows = last_paper(down, "pass.issued")
    assert {"Kutoka lango lolote", "DENI KES 43,940", "LIPA KWA M-PESA, KWA HII TU"} <= set(rows)
    assert "3 × USD 80.00 Mtu mzima asiye mkazi 31,080" in rows


def test_a_pass_printed_anew_owes_what_is_left_and_names_the_one_before(down: Till) -> None:
    old = van_in(down).number
    paid_in_part(down, old, "30,000")
    down.settlements.record(in_part=True)
    new = down.passes.reissue(old, "paper is wet", SECOND).number
    rows = last_paper(down, "pass.reissued")
    assert {f"Pass {new}", "Paid before 30,000", "OWED KES 13,940", "Amount KES 13,940"} <= set(rows)
    assert f"Takes the place of {old}, which no longer counts." in " ".join(rows)
    assert "Outage since 2 Jan 10:31, authority KWS/OPS/2026/1." in " ".join(rows)


def test_a_pass_that_was_paid_before_it_was_printed_anew_asks_for_nothing(down: Till) -> None:
    old = van_in(down).number
    paid_in_part(down, old, "43,940")
    down.passes.reissue(old, "paper is lost", SECOND)
    rows = last_paper(down, "pass.reissued")
    assert {"PAID", "OWED KES 0"} <= set(rows)
    assert not {"NOT PAID", "PAY ON EXIT", "PAY BY M-PESA, ONLY TO"} & set(rows)


def test_the_receipt_of_a_part_payment_names_the_pass_and_what_remains(down: Till) -> None:
    number = van_in(down).number
    paid_in_part(down, number, "30,000")
    receipt = down.settlements.record(in_part=True).number
    rows = last_paper(down, "pass.settled")
    assert {
        "PASS RECEIPT",
        f"No. {receipt}",
        f"For pass {number}",
        "Vehicle KDA 412M",
        "Owed before 43,940",
        "PAID KES 30,000",
        "M-PESA UA26X1Y2ZQ 30,000",
        "STILL OWED KES 13,940",
        f"Pay the rest to account {number.replace('-', '')}, before you leave.",
    } <= set(rows)
    assert not [row for row in rows if row.startswith("Leave by")]


def test_the_receipt_of_a_pass_paid_in_full_says_by_when_to_leave(down: Till) -> None:
    paid_in_part(down, van_in(down).number, "43,940")
    rows = last_paper(down, "pass.settled")
    assert {"PAID KES 43,940", "STILL OWED KES 0", "Leave by 19:00 today"} <= set(rows)


def test_a_pass_issued_after_closing_names_no_hour_that_is_past(gate: Gate, down: Till) -> None:
    gate.clock.pass_by(10 * 60 * moments.MINUTE_MS)
    number = van_in(down).number
    assert "After closing 19:00 today" in last_paper(down, "pass.issued")
    paid_in_part(down, number, "43,940")
    rows = last_paper(down, "pass.settled")
    assert "After closing 19:00 today" in rows
    assert not [row for row in rows if row.startswith("Leave by")]


def test_an_overstay_stands_on_the_receipt_line_by_line(gate: Gate, down: Till) -> None:
    number = van_in(down).number
    permit(down, "overstay_under", "Wildlife Regulations 2027, r. 9")
    gate.clock.pass_by(26 * 60 * moments.MINUTE_MS)
    paid_in_part(down, number, "87,880")
    rows = last_paper(down, "pass.settled")
    assert {
        "Owed before 87,880",
        "in it, 1 day past its end 43,940",
        "3 × USD 80.00 Non-resident adult",
        "USD at 129.50 (Jan 2026)",
        "PAID KES 87,880",
    } <= set(rows)


def test_what_was_priced_from_sight_says_so_line_by_line(down: Till) -> None:
    at_exit(down).sight.begin()
    down.filling.tap(NON_RESIDENT, 2)
    down.filling.vehicle(1)
    down.filling.plate("KDB 111A")
    down.sight.from_sight("XNE1-P000001-6", "unreadable")
    down.settlements.pay("mpesa")
    down.settlements.mpesa("UA26X1Y2ZQ")
    for paper_mm in (80, 58):
        whole = " ".join(last_paper(down, "pass.settled", paper_mm))
        assert "Priced from the paper: its code could not be read." in whole
    rows = last_paper(down, "pass.settled")
    assert {
        "For pass XNE1-P000001-6",
        "Vehicle KDB 111A",
        "2 × USD 80.00 Non-resident adult 20,720",
        "USD at 129.50 (Jan 2026)",
        "Owed before 21,320",
        "PAID KES 21,320",
        "Leave by 19:00 today",
    } <= set(rows)


def test_an_undertaking_has_a_line_to_sign(down: Till) -> None:
    number = van_in(down).number
    gate = at_exit(down).gate
    gate.scan(token(down, number))
    down.passes.let_out(gate.owed(), "phone is dead", operator="Savanna Trails")
    rows = last_paper(down, "pass.let_out")
    assert {
        "UNDERTAKING",
        "Gate's copy",
        "KDA 412M",
        f"For pass {number}",
        "Operator Savanna Trails",
        "People 8",
        "OWED KES 43,940",
        "phone is dead",
    } <= set(rows)
    (line,) = [row for row in rows if row.startswith("Signature")]
    assert line.count("_") >= 20


def test_who_is_let_out_on_a_ground_signs_nothing_and_the_second_person_is_named(down: Till) -> None:
    number = van_in(down).number
    gate = at_exit(down).gate
    gate.scan(token(down, number))
    down.passes.let_out(gate.owed(), "to hospital", SECOND, how="ground")
    rows = last_paper(down, "pass.let_out")
    assert {"LET OUT OWING", f"Agreed by {MANAGER}", "to hospital"} <= set(rows)
    assert not [row for row in rows if row.startswith("Signature")]


def test_the_statement_of_an_outage_adds_up_to_the_shilling(down: Till) -> None:
    down.checkout.tap(EA_CITIZEN)
    down.payments.pay("card")
    down.payments.card("A7K29Q", "4242")
    paid = van_in(down).number
    down.checkout.tap(EA_CITIZEN)
    down.checkout.vehicle(1)
    down.checkout.plate("KDB 111A")
    left = down.passes.issue().number
    paid_in_part(down, paid, "43,940")
    down.gate.scan(token(down, left))
    down.passes.let_out(down.gate.owed(), "M-PESA is down")
    down.outages.close(SECOND)
    rows = last_paper(down, "outage.closed")
    for expected in (
        "OUTAGE STATEMENT",
        "Cause The national platform",
        "From 2 Jan 10:31",
        "Until 2 Jan 10:31",
        "Authority KWS/OPS/2026/1",
        "Paybill 600000",
        "1 receipt, KES 1,000",
        "2 passes, KES 45,540",
        "Cash a receipt, KES none",
        f"Opened by {CLERK}",
        f"Agreed by {MANAGER}",
        "Paid, in whole + in part: 1 + 0 43,940",
        "Waived: 0 0",
        "Revoked: 0 0",
        "On undertaking: 1 1,600",
        "Still open: 0 0",
        "Paid here on passes 43,940",
        "Card KES 1,000",
        "M-PESA KES 43,940",
        "Came to paybill 600000 KES 43,940",
        f"Staff {CLERK}",
        "Owed by, KES",
        "KDB 111A 1,600",
        "How long vehicles queued is not recorded.",
    ):
        assert expected in rows


def by_order(till: Till) -> None:
    """An outage that a clerk opens alone, with cash to KES 5,000 a receipt."""
    for key, value in (("order", "KWS/SO/7"), ("order_paybill", "600000"), ("order_cash_max", "5000")):
        permit(till, key, value)
    till.outages.open("platform", down_min=20)


def test_the_statement_says_who_opened_the_outage_and_what_cash_was_allowed(sell: Till) -> None:
    by_order(sell)
    sell.outages.close()
    rows = last_paper(sell, "outage.closed")
    assert {
        f"Opened by {CLERK}, by standing order",
        "Agreed by nobody yet",
        "Cash a receipt, KES at most 5,000",
        "0 receipts, KES 0",
        "0 passes, KES 0",
    } <= set(rows)


def test_the_statement_names_who_agreed_afterwards(sell: Till) -> None:
    by_order(sell)
    sell.outages.countersign("seen", SECOND)
    sell.outages.close()
    assert f"Countersigned by {MANAGER}" in last_paper(sell, "outage.closed")


def test_a_pass_that_was_revoked_is_named_so_in_the_statement(down: Till) -> None:
    down.checkout.tap(EA_CITIZEN)
    number = down.passes.issue().number
    at_exit(down).gate.scan(token(down, number))
    down.passes.waive(number, "", "KWS/W/1", SECOND)
    revoked = van_in(down).number
    down.passes.revoke(revoked, "wrong plate", SECOND)
    down.outages.close(SECOND)
    rows = last_paper(down, "outage.closed")
    assert "Waived: 1 1,000" in rows
    assert [row for row in rows if row.startswith("Revoked: 1 ")]


def test_whose_document_lies_in_an_envelope_stands_on_no_slip(down: Till) -> None:
    permit(down, "custody", "yes")
    number = van_in(down).number
    down.custody.hold("national_id", "A O", "9921", "17", of_pass=number, is_sure=True)
    rows = last_paper(down, "document.held")
    assert {
        "DOCUMENT KEPT",
        "National identity card",
        "Envelope 17",
        "Main Gate",
        f"For pass {number}",
        "Vehicle KDA 412M",
    } <= set(rows)
    assert "documents are returned paid or not." in " ".join(rows)
    assert not [row for row in rows if "9921" in row or "A O" in row]
    jobs = []
    while (page := down.printing.next()) is not None:
        jobs.append(rows_of(page.lines))
    assert any("DOCUMENT KEPT" in paper for paper in jobs)
