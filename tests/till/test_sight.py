"""What is seen where no paper can be read: passes paid from it at any gate, and exits without a pass."""

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gatepos import app
from gatepos.domain.bill import FeeKey, NothingInBill
from gatepos.domain.numbers import BadNumber
from gatepos.domain.staff import NeedsSecond
from gatepos.domain.text import ReasonMissing
from gatepos.errors import Refusal, Trouble
from gatepos.ledger import verification
from gatepos.till.checkout import PlateMissing
from gatepos.till.passes import NothingOwed, PassEnded
from gatepos.till.shifts import Counted
from gatepos.till.sight import NeverIssued, NotAPass, PriceKnown, TookItsPlace, UnknownGate, UnknownWhy
from gatepos.till.till import Till
from gatepos.till.views import RecordedView
from gatepos.till.window import MoneyTaken, PayFirst
from tests import park
from tests.gate import CLERK, CLERK_PIN, EA_CITIZEN, NON_RESIDENT, Gate, permit
from tests.ledger.desk import FailingDisk, Fault
from tests.till.test_passes import SECOND, at_exit, outage, token

ONE, TWO = 1_096_000, 2_132_000
"""One and two non-resident adults in a car, KES minor units."""
Tills = tuple[Till, Till, Till]


@pytest.fixture
def tills(tmp_path: Path) -> Iterator[Tills]:
    """An entry till in an outage, and two at exits: one beside it, one at another gate."""
    entry, beside, far = park.built(park.gates(tmp_path))
    outage(entry)
    at_exit(beside)
    at_exit(far)
    yield entry, beside, far
    for till in (entry, beside, far):
        till.desk.ledger.close()


def bare(printed: str) -> str:
    return printed.replace("-", "")


def car_in(till: Till, people: int = 1, plate: str = "KDB 111A") -> str:
    """A car with non-residents, let in on a pass; its number as printed."""
    till.checkout.tap(NON_RESIDENT, people)
    till.checkout.vehicle(1)
    till.checkout.plate(plate)
    return till.passes.issue().number


def see(till: Till, people: int = 1, key: FeeKey = NON_RESIDENT, plate: str = "KDB 111A") -> None:
    """A car at the lane, tapped as it is seen."""
    till.sight.begin()
    till.filling.tap(key, people)
    till.filling.vehicle(1)
    till.filling.plate(plate)


def pay(till: Till, amount: str | None = None) -> str:
    """What stands at the lane is paid by one M-PESA code, in part when it is too little; the receipt."""
    ledger = till.desk.ledger
    till.settlements.pay("mpesa")
    done = till.settlements.mpesa(f"UA{ledger.head[0]:04d}{ledger.context.till}", amount)
    if not isinstance(done, RecordedView):
        done = till.settlements.record(in_part=True)
    till.gate.leave()
    return done.number


def paid_from_sight(till: Till, number: str, people: int = 1, key: FeeKey = NON_RESIDENT) -> str:
    """A pass that nobody can read, paid in full for what is seen."""
    see(till, people, key)
    till.sight.from_sight(number, "unreadable")
    return pay(till)


def conflicts_of(till: Till) -> set[object]:
    """What any till known here has written that cannot both be right."""
    return {what for (what,) in till.desk.ledger.conn.execute("SELECT what FROM conflict")}


def check_sums(*tills: Till) -> None:
    """Money sums to zero, and a stranger finds nothing wrong."""
    for till in tills:
        sums = till.desk.ledger.conn.execute("SELECT sum(amount_minor) FROM posting GROUP BY currency")
        assert not any(total for (total,) in sums)
        assert verification.verify(till.desk.ledger.conn, []).findings == []


# A pass that nobody can read.


def test_a_pass_never_heard_of_is_priced_now_and_paid_under_its_own_number(tills: Tills) -> None:
    entry, _, far = tills
    number = car_in(entry)
    assert far.gate.number(number).word == "not_known"
    see(far)
    owed = far.sight.from_sight(number.lower(), "unreadable")
    assert (owed.owed_minor, owed.leaving, owed.digest, owed.paybill) == (ONE, 1, None, "600000")
    assert far.settlements.pay("mpesa").account == bare(number)
    receipt = pay(far)
    (entry_,) = far.desk.ledger.of_kind("pass.settled")
    sight = entry_.data["sight"]
    assert isinstance(sight, dict)
    assert (entry_.number, entry_.data["pass"], entry_.data["digest"]) == (bare(receipt), bare(number), None)
    assert (entry_.data["plate"], entry_.data["total_minor"], entry_.data["due_minor"]) == ("KDB111A", ONE, 0)
    assert (sight["why"], sight["total_minor"], len(sight["lines"])) == ("unreadable", ONE, 2)
    assert far.filling.view().total_minor == 0
    assert far.checkout.waiting() == ()


@pytest.mark.parametrize("is_heard_first", [True, False])
def test_it_is_linked_once_both_are_known(tills: Tills, *, is_heard_first: bool) -> None:
    entry, beside, far = tills
    number = car_in(entry)
    paid_from_sight(far, number)
    for told in (far, entry) if is_heard_first else (entry, far):
        park.tell(told, beside)
    park.tell(far, entry)
    park.tell(entry, far)
    for till in tills:
        assert till.desk.ledger.receivables.owed(bare(number)) == 0
        assert [row.state for row in till.pass_lists.find(number)] == ["paid"]
        assert till.pass_lists.find() == ()
        assert conflicts_of(till) == set()
    view = beside.gate.scan(token(entry, number))
    assert (view.word, {told.what for told in view.story}) == ("already_left", {"issued", "paid", "out"})
    check_sums(*tills)


def test_priced_too_low_the_rest_stays_owed_where_the_pass_is_known(tills: Tills) -> None:
    entry, _, far = tills
    number = car_in(entry, people=3)
    paid_from_sight(far, number)
    price = entry.desk.ledger.receivables.owed(bare(number))
    park.tell(far, entry)
    park.tell(entry, far)
    for till in (entry, far):
        (row,) = till.pass_lists.find()
        assert (row.state, row.owed_minor, row.total_minor) == ("open", price - ONE, price)
        assert conflicts_of(till) == set()
    check_sums(entry, far)


def test_priced_too_high_what_is_too_much_is_owed_back(tills: Tills) -> None:
    entry, _, far = tills
    number = car_in(entry)
    price = entry.desk.ledger.receivables.owed(bare(number))
    paid_from_sight(far, number, people=2)
    park.tell(far, entry)
    assert entry.desk.ledger.receivables.owed(bare(number)) == price - TWO
    assert [row.state for row in entry.pass_lists.find(number)] == ["paid"]
    check_sums(entry)


def test_a_part_is_taken_and_only_the_rest_is_asked_the_next_time(tills: Tills) -> None:
    entry, beside, far = tills
    number = car_in(entry)
    see(far)
    far.sight.from_sight(number, "lost")
    pay(far, "10,000")
    for till in (far, beside):
        park.tell(far, beside)
        see(till)
        assert till.sight.from_sight(number, "lost").owed_minor == ONE - 1_000_000
    pay(beside)
    park.tell(beside, far)
    see(far)
    with pytest.raises(NothingOwed):
        far.sight.from_sight(number, "lost")
    park.tell_all(tills)
    assert entry.desk.ledger.receivables.owed(bare(number)) == 0
    assert conflicts_of(entry) == set()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_paid_from_sight_at_two_gates_is_found_in_whatever_order_it_is_heard(
    tills: Tills, order: tuple[int, ...]
) -> None:
    entry, beside, far = tills
    number = car_in(entry)
    paid_from_sight(beside, number)
    paid_from_sight(far, number)
    for told, hears in itertools.product(order, order):
        if told != hears:
            park.tell(tills[told], tills[hears])
    park.tell_all(tills)
    assert len({park.books_of(till) for till in tills}) == 1
    for till in tills:
        assert conflicts_of(till) == {"paid_twice", "two_exits"}
        assert till.desk.ledger.receivables.owed(bare(number)) == -ONE
    assert sum(len(till.desk.ledger.of_kind("pass.conflict")) for till in tills) == 2
    check_sums(*tills)


def test_paid_from_sight_at_one_gate_and_from_its_code_at_another_is_paid_twice(tills: Tills) -> None:
    entry, beside, far = tills
    number = car_in(entry)
    paid_from_sight(far, number)
    beside.gate.scan(token(entry, number))
    pay(beside)
    park.tell_all(tills)
    assert {frozenset(conflicts_of(till)) for till in tills} == {frozenset({"paid_twice", "two_exits"})}


def test_what_is_paid_on_an_old_number_counts_on_the_one_that_took_its_place(tills: Tills) -> None:
    entry, _, far = tills
    old = car_in(entry)
    new = entry.passes.reissue(old, "wet", SECOND).number
    paid_from_sight(far, old)
    park.tell(far, entry)
    assert entry.desk.ledger.receivables.owed(bare(new)) == 0
    assert entry.pass_lists.find() == ()


def test_the_receipt_of_what_was_seen_closes_the_pass_where_it_is_scanned(tills: Tills) -> None:
    entry, _, far = tills
    number = car_in(entry)
    receipt = far.desk.ledger.by_number(bare(paid_from_sight(far, number)))
    assert receipt is not None
    view = at_exit(entry).gate.scan("GP:" + str(receipt.data["token"]))
    assert (view.word, view.number, view.owed_minor) == ("let_out", number, 0)
    assert entry.pass_lists.find() == ()


def test_who_pays_inside_from_sight_has_not_left(tills: Tills) -> None:
    entry, _, far = tills
    far.gate.turn()
    number = car_in(entry)
    paid_from_sight(far, number)
    assert far.desk.ledger.of_kind("pass.settled")[0].data["leaving"] == 0
    assert far.gate.number(number).word == "not_known"


def test_nobody_is_kept_in_because_their_code_is_spoilt(tills: Tills) -> None:
    entry, _, far = tills
    number = car_in(entry)
    see(far)
    done = far.passes.let_out(far.sight.from_sight(number, "unreadable"), "no network to pay by")
    assert (done.entry.data["owed_minor"], done.entry.data["plate"]) == (ONE, "KDB111A")
    far.checkout.plate("KDB 111A")
    assert len(far.passes.warnings()) == 1
    park.tell(entry, far)
    assert len(far.passes.warnings()) == 1
    assert [row.number for row in far.pass_lists.listed("undertaken")] == [number]


def test_who_left_with_no_pass_is_listed_and_so_is_a_pass_until_it_is_heard_of(tills: Tills) -> None:
    entry, _, far = tills
    paid, owing = car_in(entry), car_in(entry, plate="KDC 900Z")
    paid_from_sight(far, paid)
    see(far)
    far.passes.let_out(far.sight.from_sight(owing, "unreadable"), "no network to pay by")
    see(far)
    far.sight.let_out("handed it in at the lodge")
    rows = far.pass_lists.listed("without")
    assert [(row.state, row.owed_minor) for row in rows] == [("story", ONE), ("unheard", ONE), ("unheard", 0)]
    assert [far.pass_lists.open(row.number).row for row in rows] == list(rows)
    assert rows[0].operator == "handed it in at the lodge"
    park.tell(entry, far)
    assert [row.state for row in far.pass_lists.listed("without")] == ["story"]


def test_of_a_pass_that_is_known_its_own_price_is_collected(tills: Tills) -> None:
    entry, _, far = tills
    number = car_in(entry)
    park.tell(entry, far)
    see(far, people=3)
    with pytest.raises(PriceKnown, match=r"10,960"):
        far.sight.from_sight(number, "lost")
    far.gate.settle([number])
    assert far.gate.owed().owed_minor == ONE
    pay(far)
    see(far)
    with pytest.raises(NothingOwed):
        far.sight.from_sight(number, "lost")


def test_a_number_that_no_longer_counts_is_named(tills: Tills) -> None:
    entry, _, far = tills
    revoked, old = car_in(entry), car_in(entry, plate="KDC 900Z")
    entry.passes.revoke(revoked, "turned back", SECOND)
    new = entry.passes.reissue(old, "wet", SECOND).number
    park.tell(entry, far)
    see(far)
    with pytest.raises(PassEnded):
        far.sight.from_sight(revoked, "unreadable")
    with pytest.raises(TookItsPlace, match=new):
        far.sight.from_sight(old, "unreadable")


def test_a_number_that_was_never_given_out_is_refused_where_that_is_known(tills: Tills) -> None:
    entry = tills[0]
    car_in(entry)
    see(entry)
    with pytest.raises(NeverIssued):
        entry.sight.from_sight("XNM1-P000002-I", "unreadable")


@pytest.mark.parametrize(
    ("typed", "why", "refused"),
    [
        ("XNM1-P000001-A", "lost", BadNumber),
        ("", "lost", BadNumber),
        ("XNM1-R000001-N", "lost", NotAPass),
        ("", "", BadNumber),
    ],
)
def test_what_is_no_pass_is_named(tills: Tills, typed: str, why: str, refused: type[Refusal]) -> None:
    far = tills[2]
    see(far)
    head = far.desk.ledger.head
    with pytest.raises(refused):
        far.sight.from_sight(typed, why)
    assert far.desk.ledger.head == head
    assert far.filling.view().total_minor == ONE


def test_what_is_seen_must_be_whole_and_its_reason_known(tills: Tills) -> None:
    entry, _, far = tills
    number = car_in(entry)
    far.sight.begin()
    with pytest.raises(NothingInBill):
        far.sight.from_sight(number, "lost")
    far.filling.tap(NON_RESIDENT)
    far.filling.vehicle(1)
    with pytest.raises(PlateMissing):
        far.sight.from_sight(number, "lost")
    far.filling.plate("KDB 111A")
    with pytest.raises(UnknownWhy, match="unreadable, lost, unknown_till"):
        far.sight.from_sight(number, "eaten")
    with pytest.raises(PayFirst):
        far.settlements.pay("mpesa")
    far.sight.from_sight(number, "lost")
    far.settlements.pay("mpesa")
    far.settlements.mpesa("UA26X1Y2ZQ", "100")
    for again in (
        far.sight.begin,
        lambda: far.sight.from_sight(number, "lost"),
        lambda: far.sight.charge("lost"),
        lambda: far.sight.let_out("lost"),
    ):
        with pytest.raises(MoneyTaken):
            again()


def test_what_is_seen_can_be_put_right_before_it_is_paid(tills: Tills) -> None:
    entry, _, far = tills
    number = car_in(entry)
    see(far, people=2)
    far.sight.from_sight(number, "lost")
    far.filling.tap(NON_RESIDENT, -1)
    assert far.sight.from_sight(number, "lost").owed_minor == ONE
    assert far.settlements.pay("mpesa").rest_minor == ONE


def test_sell_and_the_lane_have_a_bill_each(tills: Tills) -> None:
    far = tills[2]
    far.checkout.tap(EA_CITIZEN)
    see(far)
    assert (far.checkout.view().total_minor, far.filling.view().total_minor) == (100_000, ONE)


# No pass at all.


def charged(till: Till, story: str = "lost at the picnic site", entry_gate: str = "EAST") -> str:
    """Charged for what is seen; the receipt."""
    till.sight.charge(story, entry_gate)
    return pay(till)


def test_who_has_no_pass_is_charged_by_a_receipt_that_their_exit_names(sell: Till) -> None:
    see(sell, people=2)
    receipt = charged(sell)
    sold, (gone,) = sell.desk.ledger.by_number(bare(receipt)), sell.desk.ledger.of_kind("exit.without_pass")
    assert sold is not None
    assert (sold.kind, sold.data["plate"], sold.data["enters"]) == ("receipt.issued", "KDB111A", True)
    assert gone.data == {
        "plate": "KDB111A",
        "people": 2,
        "story": "lost at the picnic site",
        "entry_gate": "EAST",
        "owed_minor": sold.data["total_minor"],
        "receipt": sold.number,
    }
    assert (gone.seq, gone.postings) == (sold.seq + 1, [])
    assert sell.checkout.waiting() == ()
    assert sell.filling.view().total_minor == 0
    check_sums(sell)


def test_its_receipt_lets_nobody_in_and_nobody_out_again(sell: Till) -> None:
    permit(sell, "lane_checks_separately", "yes")
    see(sell)
    sold = sell.desk.ledger.by_number(bare(charged(sell)))
    assert sold is not None
    code = "GP:" + str(sold.data["token"])
    assert sell.gate.scan(code).word == "already_left"
    sell.gate.turn()
    assert sell.gate.scan(code).word == "already_left"


def test_who_has_no_pass_is_let_out_on_their_story_with_a_second_person_above_a_limit(sell: Till) -> None:
    see(sell, people=2)
    done = sell.sight.let_out("handed it in at East Gate", "east")
    assert (done.entry.data["receipt"], done.entry.data["owed_minor"]) == (None, TWO)
    assert (done.entry.data["entry_gate"], done.entry.fields["also"]) == ("EAST", None)
    assert sell.filling.view().total_minor == 0
    see(sell, people=6)
    with pytest.raises(NeedsSecond):
        sell.sight.let_out("handed it in at East Gate")
    again = sell.sight.let_out("handed it in at East Gate", second=SECOND)
    assert again.entry.fields["also"] == {"staff": "01", "how": "pin"}
    assert again.entry.data["entry_gate"] is None
    check_sums(sell)


@pytest.mark.parametrize("leave", [lambda till: till.sight.charge, lambda till: till.sight.let_out])
def test_without_a_story_people_or_a_gate_that_exists_nothing_is_written(
    sell: Till, leave: Callable[[Till], Callable[..., object]]
) -> None:
    head = sell.desk.ledger.head
    sell.sight.begin()
    with pytest.raises(NothingInBill):
        leave(sell)("lost")
    see(sell)
    with pytest.raises(ReasonMissing):
        leave(sell)(" ")
    with pytest.raises(UnknownGate, match="NOWH"):
        leave(sell)("lost", "nowhere")
    assert sell.desk.ledger.head == head
    assert sell.filling.view().total_minor == ONE


def test_a_bill_opened_for_who_is_then_let_out_or_left_is_given_up(sell: Till) -> None:
    def opened() -> None:
        see(sell)
        sell.sight.charge("lost")
        sell.settlements.pay("mpesa")
        assert len(sell.desk.ledger.state.bills) == 1
        assert sell.checkout.waiting() == ()

    opened()
    sell.sight.let_out("lost")
    assert sell.checkout.waiting() == ()
    opened()
    sell.sight.begin()
    assert sell.checkout.waiting() == ()
    opened()
    sell.shifts.close(Counted())
    assert sell.desk.ledger.state.bills == ()


@pytest.mark.parametrize(
    "leave",
    [
        lambda till, paper: till.gate.scan(paper),
        lambda till, paper: till.gate.scan("https://example.org/menu"),
        lambda till, paper: till.gate.number("XNM9-P000001-R"),
        lambda till, paper: till.gate.turn(),
        lambda till, paper: till.gate.settle([till.pass_lists.find()[0].number]),
    ],
    ids=["pass", "junk", "number", "turn", "settle"],
)
def test_a_bill_opened_at_the_lane_ends_there_when_a_paper_takes_its_place(
    tills: Tills, leave: Callable[[Till, str], object]
) -> None:
    entry = at_exit(tills[0])
    paper = token(entry, car_in(entry))
    see(entry, plate="KDC 900Z")
    entry.sight.charge("lost")
    entry.settlements.pay("mpesa")
    (bill,) = entry.desk.ledger.state.bills
    leave(entry, paper)
    assert entry.desk.ledger.state.bills == ()
    assert entry.checkout.waiting() == ()
    assert [e.data for e in entry.desk.ledger.of_kind("bill.abandoned")] == [{"bill": bill, "reason": "left"}]
    assert entry.filling.view().total_minor == 0
    check_sums(entry)


def test_what_is_paid_in_part_from_sight_may_not_change_and_stands_there_again_for_the_rest(
    tills: Tills,
) -> None:
    entry, _, far = tills
    number = car_in(entry, people=2)
    see(far, people=2)
    far.sight.from_sight(number, "lost")
    far.settlements.pay("mpesa")
    far.settlements.mpesa("UA26X1Y2ZQ", "10,000")
    with pytest.raises(MoneyTaken):
        far.sight.change(lambda: far.filling.tap(NON_RESIDENT))
    done = far.settlements.record(in_part=True)
    assert done.due_minor == TWO - 1_000_000
    again = far.sight.rest()
    assert (again.total_minor, again.plate, again.visitors) == (TWO, "KDB111A", 2)
    assert far.sight.from_sight(number, "lost").owed_minor == TWO - 1_000_000


def test_after_a_charge_that_was_given_up_a_pass_is_settled_as_a_pass(tills: Tills) -> None:
    entry, _, far = tills
    number = car_in(entry)
    see(far)
    far.sight.charge("lost")
    far.settlements.pay("mpesa")
    far.sight.from_sight(number, "lost")
    pay(far)
    assert far.desk.ledger.of_kind("exit.without_pass") == []
    assert [entry.data["pass"] for entry in far.desk.ledger.of_kind("pass.settled")] == [bare(number)]
    assert far.checkout.waiting() == ()


def test_a_trouble_between_receipt_and_exit_is_mended_by_doing_it_again(gate: Gate, sell: Till) -> None:
    sell.desk.ledger.close()
    disk = FailingDisk()
    till = app.open_till(gate.folder, replace(gate.world(), connect=disk.connect))
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    ledger = till.desk.ledger
    ledger.subscribe(
        lambda e: (
            disk.faults.append(Fault("INSERT INTO journal", sqlite3.SQLITE_FULL))
            if e.kind == "receipt.issued"
            else None
        )
    )
    see(till)
    till.sight.charge("lost")
    till.settlements.pay("mpesa")
    with pytest.raises(Trouble):
        till.settlements.mpesa("UA26X1Y2ZQ")
    assert (len(ledger.of_kind("receipt.issued")), len(ledger.of_kind("exit.without_pass"))) == (1, 0)
    done = till.settlements.record()
    (sold,), (gone,) = ledger.of_kind("receipt.issued"), ledger.of_kind("exit.without_pass")
    assert (bare(done.number), gone.data["receipt"]) == (sold.number, sold.number)
    ledger.close()
