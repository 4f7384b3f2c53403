"""Tickets of eCitizen and KWSPay at the lane: listed, claimed or used; one touch records them."""

from collections.abc import Iterable
from pathlib import Path
from typing import cast

import pytest

from gatepos.domain import gatepass, tickets
from gatepos.domain.bill import NothingInBill
from gatepos.domain.entry import Entry
from gatepos.domain.paper_lines import PaperLine, Small
from gatepos.domain.payment import BadTicket
from gatepos.domain.sale import ShortTender
from gatepos.domain.staff import NeedsSecond
from gatepos.ledger import conflicts, practice
from gatepos.seal import checking
from gatepos.till.gate import NothingScanned
from gatepos.till.payments import TicketUsed, TypedMany
from gatepos.till.tickets import IsListed
from gatepos.till.till import Till
from gatepos.till.views import RecordedView, ScanView, TicketView
from tests import park
from tests.gate import EA_CITIZEN, NON_RESIDENT, Gate, permit, selling
from tests.lists import TICKETS, VAN
from tests.reports.looked import scope
from tests.till.conftest import Tills
from tests.till.test_passes import SECOND

CODE = "https://kwspay.ecitizen.go.ke/ticket/WQBG-PWRR"
ON_FOOT = "WQBG-AAAA,2026-01-02,NNP,1 ea_citizen adult,,\n"
PEOPLE_MINOR = 2_590_000
"""Two non-resident adults and a child, USD 200 at 129.50."""


def load(till: Till, rows: str) -> Entry:
    """A list of tickets, loaded by whoever is at the window with a supervisor."""
    found = tickets.read(TICKETS + rows, till.desk.today(), ("NNP",))
    return till.ticket_lists.load(found, SECOND).entry


def ticket(view: ScanView) -> TicketView:
    assert view.ticket is not None
    return view.ticket


def last(till: Till) -> Entry:
    """The receipt issued last."""
    return till.desk.ledger.of_kind("receipt.issued")[-1]


def tenders(entry: Entry) -> list[dict[str, object]]:
    """How a receipt was paid."""
    return cast("list[dict[str, object]]", entry.data["tenders"])


def kind(entry: Entry, till: Till) -> int:
    """The kind of a receipt's token."""
    return checking.read(f"GP:{entry.data['token']}", till.desk.keyring).payload.kind


def claimed(till: Till, code: str, people: int = 2) -> RecordedView:
    """A ticket that is on no list, for some citizens on foot."""
    till.scan(code, "wedge")
    till.filling.count(EA_CITIZEN, people)
    return till.prepaid.record()


def small(lines: Iterable[PaperLine]) -> str:
    return "\n".join(line.text for line in lines if isinstance(line, Small))


def test_a_ticket_on_the_list_opens_its_people_and_vehicle_and_one_call_records_it(sell: Till) -> None:
    load(sell, VAN)
    view = sell.scan(CODE, "wedge")
    assert (view.word, view.tone, view.is_recorded) == ("ticket_listed", "green", True)
    assert (view.plate, view.band) == ("KDA412M", 2)
    assert (ticket(view).covered_minor, ticket(view).rest_minor) == (PEOPLE_MINOR + 150_000, 0)
    done = sell.prepaid.record()
    assert done.total_minor == PEOPLE_MINOR + 150_000
    entry = last(sell)
    (paid,) = tenders(entry)
    assert (paid["kind"], paid["reference"], paid["is_typed"]) == ("ecitizen", "WQBGPWRR", False)
    assert paid["listed_at"] == sell.desk.ledger.of_kind("feed.applied")[-1].at
    assert entry.data["people"] == [[3, 0, 2], [3, 1, 1]]
    assert kind(entry, sell) == gatepass.PAID


def test_a_ticket_on_no_list_is_claimed_for_whom_the_clerk_taps_and_not_verified(sell: Till) -> None:
    view = sell.scan(CODE, "wedge")
    assert (view.word, view.tone) == ("ticket_claimed", "amber")
    with pytest.raises(NothingInBill):
        sell.prepaid.record()
    sell.filling.count(NON_RESIDENT, 2)
    sell.prepaid.record()
    entry = last(sell)
    (paid,) = tenders(entry)
    assert (paid["kes_minor"], paid["state"], paid.get("listed_at")) == (2_072_000, "claimed", None)
    assert kind(entry, sell) == gatepass.PREPAID
    assert "prepaid, not verified" in small(sell.printing.paper(entry))


def test_a_claimed_ticket_covers_its_people_and_the_vehicle_is_paid_here_unless_it_is_on_it(
    sell: Till,
) -> None:
    sell.scan(CODE, "wedge")
    sell.filling.count(EA_CITIZEN, 4)
    sell.filling.vehicle(2)
    sell.filling.plate("KDA 412M")
    assert ticket(sell.gate.view()).rest_minor == 150_000
    with pytest.raises(ShortTender):
        sell.prepaid.record()
    assert ticket(sell.prepaid.cover(has_vehicle=True)).rest_minor == 0
    assert ticket(sell.prepaid.cover(has_vehicle=False, stated="3,000")).rest_minor == 250_000
    sell.prepaid.cover(has_vehicle=False)
    sell.prepaid.present()
    sell.settlements.pay("mpesa")
    done = sell.settlements.mpesa("UA26X1Y2ZQ")
    assert isinstance(done, RecordedView)
    paid = [(t["kind"], t["kes_minor"]) for t in tenders(last(sell))]
    assert paid == [("ecitizen", 400_000), ("mpesa", 150_000)]


def test_who_comes_beside_those_on_the_list_is_a_top_up_on_the_same_receipt(sell: Till) -> None:
    load(sell, VAN)
    sell.scan(CODE, "wedge")
    sell.prepaid.change(lambda: sell.filling.tap(EA_CITIZEN))
    with pytest.raises(IsListed):
        sell.prepaid.cover(has_vehicle=True)
    assert ticket(sell.gate.view()).rest_minor == 100_000
    sell.prepaid.present()
    sell.settlements.pay("card")
    assert isinstance(sell.settlements.card("A7K29Q", "4242"), RecordedView)
    assert last(sell).data["total_minor"] == PEOPLE_MINOR + 250_000
    assert not sell.filling.waiting()


def test_a_top_up_begun_and_left_keeps_nobody_waiting(sell: Till) -> None:
    load(sell, ON_FOOT + VAN)
    sell.scan(CODE, "wedge")
    sell.prepaid.change(lambda: sell.filling.tap(EA_CITIZEN))
    sell.prepaid.present()
    sell.settlements.pay("mpesa")
    assert sell.scan("kwspay:WQBG-AAAA", "wedge").word == "ticket_listed"


@pytest.mark.parametrize("again", [CODE, "KWSPay ticket wqbgpwrr".upper(), "WQBGPWRR"])
def test_a_ticket_is_used_once_and_says_when_and_where(sell: Till, gate: Gate, again: str) -> None:
    load(sell, VAN)
    sell.scan(CODE, "wedge")
    sell.prepaid.record()
    gate.clock.pass_by(10 * 60_000)
    view = sell.scan(again, "wedge")
    assert (view.word, view.tone) == ("ticket_used", "red")
    assert f"{ticket(view).used_at}" == "lane 2"
    with pytest.raises(NothingScanned):
        sell.prepaid.record()
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("ecitizen")
    with pytest.raises(TicketUsed, match="was used 10:31 at lane 2"):
        sell.payments.ticket("wqbg-pwrr")


def test_reading_it_once_more_right_after_is_a_bounce(sell: Till) -> None:
    load(sell, VAN)
    sell.scan(CODE, "wedge")
    sell.prepaid.record()
    done = ticket(sell.prepaid.finish())
    assert done.receipt == "XNM2-R000001-Q"
    assert sell.scan(CODE, "wedge").word == "ticket_listed"


def test_a_ticket_for_another_day_is_amber_and_not_verified(sell: Till) -> None:
    load(sell, VAN.replace("2026-01-02", "2026-01-03"))
    view = sell.scan(CODE, "wedge")
    assert (view.word, view.tone, view.plate) == ("ticket_other_day", "amber", "KDA412M")
    sell.prepaid.record()
    assert kind(last(sell), sell) == gatepass.PREPAID


def test_once_the_list_came_a_reprint_and_a_scan_say_verified(tills: Tills) -> None:
    entry, beside, _ = tills
    claimed(entry, CODE)
    paper = last(entry)
    assert "Verified" not in small(entry.printing.paper(paper))
    code = f"GP:{paper.data['token']}"
    park.tell(entry, beside)
    view = beside.gate.scan(code)
    assert (view.word, view.tone, view.verified_ms) == ("prepaid", "amber", 0)
    beside.gate.leave()
    for till in (entry, beside):
        load(till, "WQBG-PWRR,2026-01-02,NNP,2 ea_citizen adult,,\n")
    assert "Verified: the ticket is on the list of 2 Jan 10:31" in small(entry.printing.paper(paper, 1))
    assert beside.gate.scan(code).verified_ms


def test_a_prepaid_paper_lets_in_as_verified_once_its_ticket_is_listed(tills: Tills) -> None:
    entry, beside, _ = tills
    claimed(entry, CODE)
    park.tell(entry, beside)
    load(beside, "WQBG-PWRR,2026-01-02,NNP,2 ea_citizen adult,,\n")
    view = beside.gate.scan(f"GP:{last(entry).data['token']}")
    assert (view.word, view.tone) == ("admit", "green")


def test_a_prepaid_paper_lets_out_as_paid_only_once_its_ticket_is_listed(tills: Tills) -> None:
    entry, beside, _ = tills
    claimed(entry, CODE)
    park.tell(entry, beside)
    code = f"GP:{last(entry).data['token']}"
    load(entry, "WQBG-PWRR,2026-01-02,NNP,2 ea_citizen adult,,\n")
    says = []
    for till in (beside, entry):
        till.gate.turn()
        view = till.gate.scan(code)
        says.append((view.word, view.tone, view.passing, view.is_recorded, bool(view.back_grounds)))
    assert says == [("prepaid", "amber", 2, True, True), ("let_out", "green", 2, True, True)]


def test_a_reference_heard_from_another_till_is_refused_by_its_place(tills: Tills) -> None:
    entry, beside, far = tills
    claimed(entry, CODE)
    park.tell(entry, beside, far)
    assert beside.scan(CODE, "wedge").word == "ticket_used"
    far.gate.turn()
    used = ticket(far.scan(CODE, "wedge")).used_at
    assert f"{used}" == "Main Gate, lane 2"


def test_what_two_tills_took_before_they_heard_each_other_is_a_conflict(tills: Tills) -> None:
    entry, beside, _ = tills
    claimed(entry, CODE)
    claimed(beside, CODE, 1)
    park.tell_all(tills)
    for till in tills:
        assert {one.data["what"] for one in conflicts.said(till.desk.ledger)} == {"code_twice"}


def test_a_reference_in_no_code_is_said_and_nothing_is_opened(sell: Till) -> None:
    view = sell.scan("https://kwspay.ecitizen.go.ke/verify", "wedge")
    assert (view.word, view.what, view.ticket) == ("not_ours", "ecitizen_ticket", None)


def test_at_an_exit_a_ticket_opens_nothing(sell: Till) -> None:
    sell.gate.turn()
    assert sell.scan(CODE, "wedge").word == "not_ours"


def test_a_typed_reference_is_marked_and_counted_and_over_the_limit_a_second_person_agrees(
    sell: Till,
) -> None:
    permit(sell, "tickets_typed_max", "2")
    for reference in ("AB-1001", "AB-1002"):
        sell.gate.ticket(reference)
        sell.filling.tap(EA_CITIZEN)
        sell.prepaid.record()
    assert tenders(last(sell))[0]["is_typed"] is True
    claimed(sell, "KWSPAY:AB-2001")
    sell.gate.ticket("AB-1003")
    sell.filling.tap(EA_CITIZEN)
    with pytest.raises(TypedMany, match="2 references were typed"):
        sell.prepaid.record()
    sell.prepaid.record(SECOND)
    assert last(sell).fields["also"] == {"staff": SECOND.staff, "how": "pin"}


def test_the_limit_holds_for_a_ticket_typed_at_sell_too(sell: Till) -> None:
    permit(sell, "tickets_typed_max", "0")
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("ecitizen")
    with pytest.raises(NeedsSecond):
        sell.payments.ticket("AB-1001")
    sell.payments.record(SECOND)
    assert tenders(last(sell))[0]["reference"] == "AB1001"


def test_a_ticket_scanned_for_a_bill_that_waits_for_one_pays_that_bill(sell: Till) -> None:
    sell.checkout.count(EA_CITIZEN, 3)
    sell.payments.pay("ecitizen")
    view = sell.scan(CODE, "wedge")
    assert (view.word, ticket(view).covered_minor) == ("ticket_claimed", 300_000)
    sell.prepaid.record()
    assert tenders(last(sell))[0]["is_typed"] is False
    assert sell.checkout.view().lines == ()


def test_a_reference_that_is_none_is_refused_by_name(sell: Till) -> None:
    with pytest.raises(BadTicket):
        sell.gate.ticket("?")


@pytest.mark.parametrize(
    ("rule", "plate", "lane"),
    [("none", "KDA412M", 0), ("plate", "KDA412M", 2), ("plate", "KDA413M", 1), ("plate", "", 0)],
)
def test_the_plate_says_to_which_lane_the_van_goes_on(sell: Till, rule: str, plate: str, lane: int) -> None:
    permit(sell, "prepaid_arrow", rule)
    load(sell, VAN.replace("kda 412m", plate))
    shown = ticket(sell.scan(CODE, "wedge"))
    assert (shown.lane, shown.rule) == (lane, rule)


def test_by_turns_prepaid_vans_go_on_to_lane_1_and_lane_2(sell: Till) -> None:
    permit(sell, "prepaid_arrow", "alternate")
    lanes = []
    for n in range(4):
        lanes.append(ticket(sell.scan(f"KWSPAY:AB-100{n}", "wedge")).lane)
        sell.filling.tap(EA_CITIZEN)
        sell.prepaid.record()
    assert lanes == [1, 2, 1, 2]


def test_a_list_is_loaded_by_two_people_or_a_manager_and_outlives_the_ledgers_file(
    gate: Gate, tmp_path: Path
) -> None:
    till = selling(gate.built())
    found = tickets.read(TICKETS + VAN, till.desk.today(), ("NNP",))
    with pytest.raises(NeedsSecond):
        till.ticket_lists.load(found)
    load(till, VAN)
    assert till.ticket_lists.view().today == 1
    till.desk.ledger.close()
    for path in gate.folder.glob("ledger.db*"):
        path.unlink()
    again = park.opened(gate)
    assert again.ticket_lists.view().today == 1
    assert again.scan(CODE, "wedge").word == "ticket_listed"
    again.desk.ledger.close()


def test_the_later_of_two_lists_holds(sell: Till, gate: Gate) -> None:
    load(sell, VAN)
    gate.clock.pass_by(60_000)
    load(sell, VAN.replace("kda 412m", "KDB 111A"))
    assert sell.scan(CODE, "wedge").plate == "KDB111A"


def test_practice_lists_the_references_that_were_typed_and_not_those_scanned(sell: Till) -> None:
    claimed(sell, "KWSPAY:AB-2001")
    sell.gate.ticket("AB-1001")
    sell.filling.tap(EA_CITIZEN)
    sell.prepaid.record()
    of_day = scope(sell, "2026-01-02")
    found = practice.prepaid(of_day.source, of_day.span)
    assert [entry.number for entry in found] == [last(sell).number]
