"""Cash that moves without a sale is written with its reason; the Z explains the drawer to the shilling."""

from dataclasses import replace
from typing import Any

import pytest

from gatepos import i18n
from gatepos.domain import papers, shift, shift_paper
from gatepos.domain.health import Backlog
from gatepos.domain.money import BadAmount
from gatepos.domain.paper_lines import Columns, PaperLine, Small
from gatepos.domain.staff import NeedsSecond, NotAllowed
from gatepos.domain.text import ReasonMissing
from gatepos.ledger import queries
from gatepos.till.approvals import SamePerson, Second
from gatepos.till.cash import CurrencyNotTaken, NothingMoved, NotInDrawer, TooMuchMoved, UnknownMove
from gatepos.till.desk import NoOpenShift
from gatepos.till.shifts import Counted, TakesNothing
from gatepos.till.till import Till
from tests.gate import (
    CLERK,
    CLERK_PIN,
    EA_CITIZEN,
    MANAGER,
    MANAGER_PIN,
    OTHER,
    OTHER_PIN,
    Gate,
    permit,
    selling,
)
from tests.till.test_passes import outage, van_in

SECOND = Second(MANAGER, MANAGER_PIN)


@pytest.fixture
def till(gate: Gate) -> Till:
    """A till that takes cash, its drawer with a float of KES 2,000."""
    till = selling(gate.built(), float_kes="2000")
    permit(till, "allow_cash", "yes")
    permit(till, "cash_usd", "yes")
    return till


def sell(till: Till, people: int, handed: str, currency: str = "KES") -> str:
    till.checkout.count(EA_CITIZEN, people)
    till.payments.pay("cash")
    done = till.payments.cash(currency, handed)
    return getattr(done, "number", "")


def count(*faces: tuple[int, int], usd: tuple[tuple[int, int], ...] = ()) -> Counted:
    kes = tuple(shift.denomination("KES", face, n) for face, n in faces)
    return Counted(kes + tuple(shift.denomination("USD", face, n) for face, n in usd))


def drawer(till: Till) -> dict[str, int]:
    return queries.drawer(till.desk.ledger, till.desk.own_shift())


def said(lines: tuple[PaperLine, ...]) -> list[str]:
    """What a paper says, line by line."""
    rows = [f"{one.left.strip()}|{one.right}" for one in lines if isinstance(one, Columns)]
    return rows + [one.text for one in lines if isinstance(one, Small)]


def z(till: Till, counted: Counted, **close: Any) -> tuple[dict[str, Any], list[str]]:
    """A close's fields and what its paper says."""
    entry = till.shifts.close(counted, "as counted", **close).entry
    return dict(entry.data), said(till.printing.paper(entry))


def test_a_drop_leaves_the_drawer_for_the_safe(till: Till) -> None:
    entry = till.cash.move("dropped", "1500", "drawer is full").entry
    assert drawer(till) == {"KES": 50_000}
    assert ("asset:transit", "KES", 150_000) in entry.postings


def test_what_is_paid_out_is_an_expense_and_what_is_paid_in_comes_from_the_safe(till: Till) -> None:
    out = till.cash.move("paid_out", "300", "fuel for the generator").entry
    back = till.cash.move("paid_in", "1000", "small notes").entry
    assert drawer(till) == {"KES": 270_000}
    assert ("expense:paid_out", "KES", 30_000) in out.postings
    assert ("asset:transit", "KES", -100_000) in back.postings


def test_more_than_the_drawer_holds_is_refused_and_does_not_say_how_much_it_holds(till: Till) -> None:
    head = till.desk.ledger.head
    with pytest.raises(NotInDrawer) as told:
        till.cash.move("dropped", "2001", "drawer is full")
    assert "2,000" not in str(told.value)
    assert till.desk.ledger.head == head
    with pytest.raises(NotInDrawer):
        till.cash.move("paid_out", "1", "fuel", "USD")


@pytest.mark.parametrize(
    ("how", "amount", "reason", "currency", "refused"),
    [
        ("dropped", "0", "full", "KES", NothingMoved),
        ("dropped", "ten", "full", "KES", BadAmount),
        ("paid_in", "1,000,001", "change", "KES", TooMuchMoved),
        ("dropped", "10", "  ", "KES", ReasonMissing),
        ("borrowed", "10", "lunch", "KES", UnknownMove),
        ("paid_in", "10", "change", "EUR", CurrencyNotTaken),
    ],
)
def test_what_cannot_be_is_refused_by_name_and_not_written(
    till: Till, how: str, amount: str, reason: str, currency: str, refused: type[Exception]
) -> None:
    head = till.desk.ledger.head
    with pytest.raises(refused):
        till.cash.move(how, amount, reason, currency)
    assert till.desk.ledger.head == head


def test_without_a_shift_no_drawer_is_touched(gate: Gate) -> None:
    till = gate.built()
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    with pytest.raises(NoOpenShift):
        till.cash.move("paid_in", "100", "change")
    with pytest.raises(NoOpenShift):
        till.cash.open_drawer("to change a note")


def test_over_the_policy_two_people_move_cash_and_the_second_is_somebody_else(till: Till) -> None:
    with pytest.raises(NeedsSecond):
        till.cash.move("paid_in", "20,001", "float for Saturday")
    with pytest.raises(SamePerson):
        till.cash.move("paid_in", "20,001", "float for Saturday", second=Second(CLERK, CLERK_PIN))
    entry = till.cash.move("paid_in", "20,001", "float for Saturday", second=SECOND).entry
    assert entry.fields["also"] == {"staff": MANAGER, "how": "pin"}
    till.cash.move("paid_in", "20,000", "float for Saturday")


def test_alone_nobody_tries_out_how_much_of_a_large_sum_a_drawer_holds(till: Till) -> None:
    with pytest.raises(NeedsSecond):
        till.cash.move("dropped", "900,000", "drawer is full")


def test_dollars_count_at_the_rate_in_force_for_the_second_person(till: Till) -> None:
    till.cash.move("paid_in", "154", "dollar float", "USD")
    with pytest.raises(NeedsSecond):
        till.cash.move("paid_in", "155", "dollar float", "USD")


def test_the_paper_of_a_move_names_amount_reason_and_who_agreed(till: Till) -> None:
    entry = till.cash.move("paid_in", "25000", "float for Saturday", second=SECOND).entry
    lines = said(till.printing.paper(entry))
    assert "Amount|KES 25,000" in lines
    assert "float for Saturday" in lines
    assert "Agreed by|Clerk 01" in lines
    job = till.printing.next()
    assert job is not None
    assert job.job.entry_seq == entry.seq


def test_a_drawer_opened_without_a_sale_is_counted_on_the_z(till: Till) -> None:
    till.cash.open_drawer("to change a note")
    till.cash.open_drawer("stuck coin")
    data, lines = z(till, count((1000, 2)))
    assert data["openings"] == 2
    assert "Drawer opened without a sale|2" in lines


def test_the_z_explains_its_cash_in_both_currencies_to_the_shilling(gate: Gate) -> None:
    till = selling(gate.built(), float_kes="7000")
    permit(till, "allow_cash", "yes")
    permit(till, "cash_usd", "yes")
    sell(till, 1, "1500")
    voided = sell(till, 2, "2000")
    sell(till, 3, "50", "USD")
    till.corrections.void(voided, "turned back", SECOND)
    till.cash.move("dropped", "500", "drawer is full")
    till.cash.move("paid_out", "200", "fuel")
    till.cash.move("paid_in", "100", "small notes")
    till.cash.move("dropped", "20", "drawer is full", "USD")
    change = 3_475  # USD 50 at 129.50 is KES 6,475
    have = 7_000 + 3_500 - 500 - 2_000 - change - 500 - 200 + 100
    data, lines = z(till, count((1, 1_000)))
    kes, usd = data["drawer"]
    assert kes == {
        "currency": "KES",
        "float_minor": 700_000,
        "taken_minor": 350_000,
        "change_minor": (500 + change) * 100,
        "returned_minor": 200_000,
        "dropped_minor": 50_000,
        "paid_out_minor": 20_000,
        "paid_in_minor": 10_000,
    }
    assert (usd["taken_minor"], usd["dropped_minor"], usd["change_minor"]) == (5_000, 2_000, 0)
    assert [one["amount_minor"] for one in data["expected"]] == [have * 100, 3_000]
    for line in ("Float|KES 7,000", "Cash taken|KES 3,500", "Handed back|KES −2,000", "Paid in|KES 100"):
        assert line in lines
    assert "= expected|USD 30.00" in lines


def test_the_z_lists_the_notes_and_coins_that_were_counted(till: Till) -> None:
    _, lines = z(till, count((1000, 1), (200, 5), (50, 0), usd=((20, 1),)))
    assert "5 × KES 200|1,000" in lines
    assert "1 × USD 20.00|20" in lines
    assert not any("KES 50|" in line for line in lines)


def test_who_will_count_the_drawer_sees_no_expected_cash_in_an_x_and_a_supervisor_does(till: Till) -> None:
    sell(till, 1, "1500")
    till.cash.move("dropped", "500", "drawer is full")
    mine = till.shifts.interim()
    shown = said(shift_paper.interim(mine, till.desk.park, i18n.words("en")))
    assert mine.data["expected"] == []
    assert "Safe drops|KES −500" in shown
    assert not any("expected|" in line or "Cash taken" in line for line in shown)
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    theirs = till.shifts.interim(mine.shift)
    shown = said(shift_paper.interim(theirs, till.desk.park, i18n.words("en")))
    assert "= expected|KES 2,500" in shown
    assert "Shift of|Clerk 07" in shown


def test_an_x_writes_nothing_and_another_clerks_is_not_for_a_clerk(till: Till) -> None:
    head, mine = till.desk.ledger.head, till.desk.own_shift()
    till.shifts.interim()
    assert till.desk.ledger.head == head
    selling(till, OTHER, OTHER_PIN)
    with pytest.raises(NotAllowed):
        till.shifts.interim(mine)
    with pytest.raises(NoOpenShift):
        till.shifts.interim("XNM2Z000099X")


def test_a_z_says_how_many_entries_wait_and_how_many_central_flagged(till: Till) -> None:
    till.desk.backlog = lambda: Backlog(unsent=41, flagged=2)
    data, lines = z(till, count((1000, 2)))
    assert (data["unsent"], data["flagged"]) == (41, 2)
    assert "Entries not sent yet|41" in lines
    assert "Entries that central flagged|2" in lines


def test_a_till_without_a_central_says_nothing_of_what_waits(till: Till) -> None:
    data, lines = z(till, count((1000, 2)))
    assert data["unsent"] is None
    assert not any("sent" in line for line in lines)


# Late.


def leaf(till: Till, number: int, written_at: str) -> None:
    """A citizen on foot, KES 1,000 by card, whose leaf is entered."""
    till.checkout.tap(EA_CITIZEN)
    till.capture.begin("A", number, written_at, "platform was down")
    till.payments.pay("card")
    till.payments.card(f"A7K29{number}", "4242")


def test_a_leaf_of_a_day_that_was_closed_stands_on_the_next_z_and_changes_no_printed_one(gate: Gate) -> None:
    till = selling(gate.built())
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    till.capture.give_out("a", 101, 110, CLERK)
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    gate.clock.pass_by(9 * 3_600_000)
    first = till.shifts.close(Counted()).entry
    before = till.printing.paper(first)
    gate.clock.pass_by(11 * 3_600_000)
    till.shifts.open()
    leaf(till, 101, "06:20")  # before this shift, and after the last one was closed
    leaf(till, 102, "18:40")
    leaf(till, 103, "18:50")
    data, lines = z(till, Counted(others={"card": 300_000}))
    assert data["late"] == [{"what": "captured", "day": "2026-01-02", "count": 2, "income_minor": 200_000}]
    assert data["sold_minor"] == 300_000
    assert "Late leaves of Fri 2 Jan 2026: 2|2,000" in lines
    assert till.printing.paper(first) == before


def test_a_void_of_a_closed_shifts_receipt_is_late_and_of_an_open_one_is_not(till: Till) -> None:
    old, other = sell(till, 1, "1000"), sell(till, 2, "2000")
    till.corrections.void(other, "turned back", SECOND)
    assert z(till, count((1000, 3)))[0]["late"] == []
    till.shifts.open("0")
    till.corrections.void(old, "never went in", SECOND)
    data, lines = z(till, Counted())
    assert data["late"] == [{"what": "voided", "day": "2026-01-02", "count": 1, "income_minor": -100_000}]
    assert "Late voids of Fri 2 Jan 2026: 1|−1,000" in lines


# Handed over by name.


def test_what_a_shift_leaves_goes_to_a_colleague_by_name_who_takes_it_over_by_signing_in(till: Till) -> None:
    till.checkout.count(EA_CITIZEN, 2)
    till.checkout.hold()
    outage(till)
    van_in(till)
    number = till.desk.own_shift()
    data, lines = z(till, count((1000, 2)), to=OTHER)
    assert (data["handed_to"], data["open_passes"], len(data["aside"])) == (OTHER, 1, 1)
    assert "Handed over to|Clerk 08" in lines
    assert "Bills put aside|1" in lines
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    assert till.greeting.view().taken == ()
    till.sign_in.sign_in(OTHER, OTHER_PIN)
    (taken,) = till.greeting.view().taken
    assert (taken.staff, taken.bills, taken.passes) == (CLERK, 1, 1)
    assert till.desk.ledger.of_kind("sign.in")[-1].data["takes"] == [number]
    till.sign_in.sign_in(OTHER, OTHER_PIN)
    assert till.greeting.view().taken == ()


def test_a_document_handed_over_at_the_close_is_the_colleagues_to_close_over(till: Till) -> None:
    permit(till, "custody", "yes")
    till.custody.hold("passport", "J M", "4471", "17", is_sure=True)
    z(till, count((1000, 2)), listed=["17"], to=OTHER)
    selling(till, OTHER, OTHER_PIN)
    assert [one.envelope for one in till.custody.mine()] == ["17"]


@pytest.mark.parametrize("to", [CLERK, "22"])
def test_nobody_hands_over_to_themself_or_to_who_does_not_sell(gate: Gate, till: Till, to: str) -> None:
    till.desk.staff["22"] = replace(till.desk.staff[OTHER], number="22", roles=frozenset({"auditor"}))
    with pytest.raises(TakesNothing):
        till.shifts.close(count((1000, 2)), to=to)
    assert till.shifts.view().number is not None


# Approvals in one's name.


def test_who_signs_in_is_told_what_was_approved_in_their_name_today(till: Till) -> None:
    till.cash.move("paid_in", "25000", "float for Saturday", second=SECOND)
    voided = sell(till, 1, "1000")
    till.corrections.void(voided, "turned back", SECOND)
    assert till.greeting.view().approvals == 0
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    assert till.greeting.view().approvals == 2
    last, first = till.greeting.approved()
    assert (first.kind, first.asked_by, first.how) == ("cash.moved", CLERK, "pin")
    assert (last.kind, last.number[:6]) == ("receipt.voided", "XNM2-V")


def test_approvals_of_another_day_are_another_days(gate: Gate, till: Till) -> None:
    till.cash.move("paid_in", "25000", "float for Saturday", second=SECOND)
    till.shifts.close(Counted(), "left in the safe")
    gate.clock.pass_by(24 * 3_600_000)
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    till.shifts.open()
    assert till.greeting.view().approvals == 0
    assert z(till, Counted())[0]["approvals"] == 0


def test_the_z_of_who_approved_says_how_often(till: Till) -> None:
    till.cash.move("paid_in", "25000", "float for Saturday", second=SECOND)
    selling(till, MANAGER, MANAGER_PIN)
    data, lines = z(till, Counted())
    assert data["approvals"] == 1
    assert "Approvals given in their name|1" in lines


def test_every_entry_that_prints_has_a_paper_and_a_reprint_is_marked(till: Till) -> None:
    entry = till.cash.move("dropped", "500", "drawer is full").entry
    assert entry.kind in papers.BODIES
    assert till.printing.paper(entry, 1) != till.printing.paper(entry)
