"""What the printed papers say, from the entries of a real till."""

from collections.abc import Sequence

import pytest

from gatepos.devices import layout
from gatepos.domain import moments, receipt
from gatepos.domain.paper_lines import Banner, PaperLine, Qr, Small
from gatepos.till import views
from gatepos.till.approvals import Second
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from tests.gate import CLERK, EA_CITIZEN, MANAGER, MANAGER_PIN, Gate, ordinary_van, permit

EVENING_MS = 10 * 60 * moments.MINUTE_MS
"""From the morning of a gate to 20:31."""


def text_of(lines: Sequence[PaperLine], paper_mm: int = 80) -> str:
    rows = (row for row in layout.rows(lines, paper_mm) if not isinstance(row, Qr))
    return "\n".join(str(row).strip() for row in rows)


def paid(done: object) -> str:
    assert isinstance(done, views.RecordedView)
    return done.number


def next_paper(till: Till) -> tuple[PaperLine, ...]:
    page = till.printing.next()
    assert page is not None
    return tuple(page.lines)


@pytest.fixture
def van(sell: Till) -> str:
    ordinary_van(sell)
    sell.payments.pay("mpesa")
    return paid(sell.payments.mpesa("UA26X1Y2ZQ"))


def test_the_paper_of_an_ordinary_sale(sell: Till, van: str) -> None:
    text = text_of(sell.history.open(van).paper)
    rows = [" ".join(line.split()) for line in text.splitlines()]
    for expected in (
        "DEMO",
        "FEE RECEIPT",
        "No. XNM2-R000001-" + van[-1],
        "Fri 2 Jan 2026 10:31",
        f"Served by Clerk {CLERK}",
        "3 Non-resident adult 31,080",
        "3 × USD 80.00",
        "1 Non-resident student 5,180",
        "1 African citizen adult 5,180",
        "1 EA citizen adult 1,000",
        "1 Vehicle 6–12 seats 1,500",
        "2 free 0",
        "USD 320.00 at 129.50 (Jan 2026)",
        "TOTAL KES 43,940",
        "M-PESA UA26X1Y2ZQ 43,940",
        "claimed, not yet confirmed · paybill 222222",
    ):
        assert expected in rows
    whole = " ".join(rows)
    assert "KDA 412M · one entry · leave by 19:00 today." in whole
    assert "Fees: CF2025 (LN 160/2025). Not a tax invoice." in whole


def test_the_paper_carries_its_token_and_the_check_code_of_its_entry(sell: Till, van: str) -> None:
    opened = sell.history.open(van)
    entry = sell.desk.ledger.by_number(van.replace("-", ""))
    assert entry is not None
    assert [line.text for line in opened.paper if isinstance(line, Qr)] == [f"GP:{entry.data['token']}"]
    assert f"check {receipt.check_code(entry.hash)}" in text_of(opened.paper)


def test_with_a_pass_host_the_qr_is_its_address(sell: Till) -> None:
    permit(sell, "pass_host", "gate.example")
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("mpesa")
    number = paid(sell.payments.mpesa("UA26X1Y2ZQ"))
    assert sell.history.open(number).qr.startswith("HTTPS://GATE.EXAMPLE/P/")


def test_a_ledger_of_a_demonstration_says_so_first_and_last(sell: Till, van: str) -> None:
    paper = sell.history.open(van).paper
    assert paper[0] == paper[-1] == Banner("DEMO")


def test_camping_shows_the_nights_and_the_day_to_leave(sell: Till) -> None:
    sell.checkout.tap(EA_CITIZEN)
    sell.checkout.stay(2, 0)
    sell.payments.pay("mpesa")
    text = text_of(sell.history.open(paid(sell.payments.mpesa("UA26X1Y2ZQ"))).paper)
    assert "KES 1,000 × 2" in text
    assert "on foot · one entry · leave by 19:00 Sat 3 Jan 2026." in " ".join(text.split())


def test_a_paper_sold_after_closing_names_no_hour_that_is_past(gate: Gate, sell: Till) -> None:
    gate.clock.pass_by(EVENING_MS)
    sell.checkout.tap(EA_CITIZEN)
    assert sell.checkout.view().is_late
    sell.payments.pay("mpesa")
    text = " ".join(text_of(sell.history.open(paid(sell.payments.mpesa("UA26X1Y2ZQ"))).paper).split())
    assert "on foot · one entry · after closing, 19:00 today." in text
    assert "leave by" not in text


def test_who_camps_leaves_by_the_closing_of_another_day_however_late_it_is(gate: Gate, sell: Till) -> None:
    gate.clock.pass_by(EVENING_MS)
    sell.checkout.tap(EA_CITIZEN)
    assert not sell.checkout.stay(1, 1).is_late
    sell.payments.pay("mpesa")
    text = " ".join(text_of(sell.history.open(paid(sell.payments.mpesa("UA26X1Y2ZQ"))).paper).split())
    assert "leave by 19:00 Sat 3 Jan 2026." in text


def test_cash_and_change_stand_on_the_paper(sell: Till) -> None:
    permit(sell, "allow_cash", "yes")
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("cash")
    text = text_of(sell.history.open(paid(sell.payments.cash("KES", "1500"))).paper)
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert {"Cash 1,500", "Change 500"} <= set(rows)


def test_of_a_card_the_paper_shows_four_digits(sell: Till) -> None:
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("card")
    text = text_of(sell.history.open(paid(sell.payments.card("AB12CD", "4242"))).paper)
    assert "card ending 4242" in text


def test_a_correction_says_what_it_takes_the_place_of(sell: Till, van: str) -> None:
    sell.corrections.correct(van, "one more")
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("mpesa")
    number = paid(sell.payments.mpesa("UA26X1Y2ZR"))
    rows = [" ".join(line.split()) for line in text_of(sell.history.open(number).paper).splitlines()]
    assert f"Takes the place of {van}, which no longer counts." in " ".join(rows)
    assert {"Paid before 43,940", "M-PESA UA26X1Y2ZR 1,000", "TOTAL KES 44,940"} <= set(rows)


def test_a_void_says_what_it_undoes_and_what_is_owed(sell: Till, van: str) -> None:
    next_paper(sell)
    sell.corrections.void(van, "turned back", Second(MANAGER, MANAGER_PIN))
    rows = [" ".join(line.split()) for line in text_of(next_paper(sell)).splitlines()]
    assert {"VOID", f"Receipt voided {van}", "To be refunded 43,940", "turned back"} <= set(rows)


def test_a_copy_of_a_receipt_that_ended_says_so_first_and_last(sell: Till, van: str) -> None:
    sell.corrections.correct(van, "one more")
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("mpesa")
    newer = paid(sell.payments.mpesa("UA26X1Y2ZR"))
    done = sell.corrections.void(newer, "turned back", Second(MANAGER, MANAGER_PIN))
    for number, mark, by in ((van, "REPLACED", newer), (newer, "VOIDED", done.number)):
        opened = sell.history.open(number).paper
        assert opened[0] == opened[-2] == Banner(mark)
        assert opened[1] == opened[-1] == Small(f"No longer counts: {by}", centred=True)
        assert "TOTAL KES" in text_of(opened)
    sell.history.reprint(newer)
    papers = [next_paper(sell) for _ in range(4)]
    assert Banner("COPY 1") in papers[-1]
    assert papers[-1][0] == Banner("VOIDED")


def test_what_stands_last_has_room_above_the_marks(sell: Till, van: str) -> None:
    rows = list(layout.rows(sell.history.open(van).paper, 80))
    assert isinstance(rows[-2], layout.Row)
    assert rows[-2].text == ""


def test_a_closed_shift_prints_the_head_of_the_ledger(sell: Till, van: str) -> None:
    next_paper(sell)
    seq, head = sell.desk.ledger.head
    sell.shifts.close(Counted((), {"mpesa": 4_394_000}))
    text = text_of(next_paper(sell))
    assert f"Ledger to entry {seq}: {receipt.check_code(head)}" in text
    rows = [" ".join(line.split()) for line in text.splitlines()]
    assert {"SHIFT CLOSED", "M-PESA KES 43,940", "Sold KES 43,940", "Perpetual total KES 43,940"} <= set(rows)
