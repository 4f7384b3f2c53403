"""What whoever works at a gate might do with passes alone, and may not, or not unseen."""

from dataclasses import replace

import pytest

from gatepos.domain import gatepass, moments
from gatepos.domain.staff import NeedsSecond, NotAllowed
from gatepos.ledger import totals
from gatepos.till.desk import Locked
from gatepos.till.payments import CashOverOutage
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from tests import park
from tests.gate import CLERK, EA_CITIZEN, MANAGER, MANAGER_PIN, NON_RESIDENT, OTHER, OTHER_PIN, Gate, permit
from tests.till.conftest import Tills
from tests.till.test_fraud import forged, paper_of
from tests.till.test_hearing import SECOND, paid_at, van
from tests.till.test_passes import OWED, at_exit, outage, van_in
from tests.till.test_passes import token as code_of
from tests.till.test_sight import conflicts_of, see

AUDITOR, AUDITOR_PIN = "20", "864209"


@pytest.fixture
def down(sell: Till) -> Till:
    """A till in an outage, its clerk at the window."""
    outage(sell)
    return sell


# To owe less.


def test_a_pass_is_corrected_to_owe_less_only_by_two_whatever_its_plate(down: Till) -> None:
    number = van_in(down).number
    down.passes.correct(number, "fewer people")
    down.checkout.count(NON_RESIDENT, 0)
    down.checkout.plate("KDA 412N")
    with pytest.raises(NeedsSecond):
        down.passes.issue()
    assert down.desk.ledger.receivables.owed(number.replace("-", "")) == OWED
    done = down.passes.issue(SECOND)
    entry = down.desk.ledger.by_number(done.number.replace("-", ""))
    assert entry is not None
    assert entry.fields["also"] == {"staff": MANAGER, "how": "pin"}


def test_a_clerk_alone_puts_a_pass_of_theirs_right_that_owes_no_less(down: Till) -> None:
    number = van_in(down).number
    down.passes.correct(number, "one more adult")
    down.checkout.tap(EA_CITIZEN)
    assert down.passes.limits() == ()
    assert down.passes.issue().total_minor > OWED


@pytest.mark.parametrize("why", ["late", "another's"])
def test_a_pass_of_another_or_of_long_ago_is_corrected_by_two(gate: Gate, down: Till, why: str) -> None:
    number = van_in(down).number
    if why == "late":
        gate.clock.pass_by(11 * moments.MINUTE_MS)
    else:
        down.sign_in.sign_in(OTHER, OTHER_PIN)
        down.shifts.open()
    down.passes.correct(number, "the plate was wrong")
    down.checkout.plate("KDA 412N")
    with pytest.raises(NeedsSecond):
        down.passes.issue()
    assert down.passes.issue(SECOND).total_minor == OWED


@pytest.mark.parametrize("where", ["here", "elsewhere"])
def test_a_pass_that_left_unseen_at_its_entry_is_no_unused_one(tills: Tills, where: str) -> None:
    entry, _, far = tills
    number = van(entry)
    exit_ = at_exit(entry if where == "here" else far)
    exit_.gate.scan(code_of(entry, number))
    exit_.passes.let_out(exit_.gate.owed(), "no network to pay by", SECOND)
    exit_.gate.leave()
    done = entry.passes.revoke(number, "turned back", SECOND)
    is_kept = done.entry.data["undone_minor"] == 0
    assert is_kept == (where == "here")
    park.tell_all([entry, far])
    assert conflicts_of(entry) == (set() if is_kept else {"used_and_revoked"})


# Who lets out.


def test_who_only_looks_lets_nobody_out(down: Till) -> None:
    code = van_in(down).qr
    down.sign_in.sign_in(MANAGER, MANAGER_PIN)
    start = down.set_up.employ(AUDITOR, ["auditor"]).start_code
    down.sign_in.choose_pin(AUDITOR, start, AUDITOR_PIN)
    down.sign_in.sign_in(AUDITOR, AUDITOR_PIN)
    at_exit(down).gate.scan(code)
    with pytest.raises(NotAllowed):
        down.passes.let_out(down.gate.owed(), "no network to pay by")
    down.gate.leave()
    see(down)
    with pytest.raises(NotAllowed):
        down.sight.let_out("lost it at the picnic site")
    with pytest.raises(NotAllowed):
        down.custody.hand_on("anything", CLERK)
    assert down.desk.ledger.of_kind("pass.let_out") == down.desk.ledger.of_kind("exit.without_pass") == []


def test_over_the_lock_a_scan_is_seen_and_nothing_of_it_taken_back(tills: Tills) -> None:
    entry, *_ = tills
    code = van_in(entry).qr
    entry.sign_in.lock()
    assert entry.gate.scan(code).passing == 8
    with pytest.raises(Locked):
        entry.gate.only(0)
    entry.gate.leave()
    assert entry.gate.scan(code).word == "already_inside"


def test_a_new_outage_hides_none_that_nobody_agreed_to(down: Till) -> None:
    down.outages.close(SECOND)
    permit(down, "order", "KWS/SO/7")
    alone = [down.outages.open("platform", down_min=20).entry.id]
    down.outages.close()
    alone.append(down.outages.open("mpesa", down_min=20).entry.id)
    down.outages.close()
    outage(down)
    down.sign_in.sign_in(MANAGER, MANAGER_PIN)
    signed = []
    while down.outages.view().needs_countersign:
        signed.append(down.outages.countersign().entry.data["outage"])
    assert signed == alone


def test_who_was_let_out_on_a_story_is_known_at_the_next_entry(tills: Tills, gates: dict[str, Gate]) -> None:
    entry, _, far = tills
    see(far)
    far.sight.let_out("lost it at the picnic site")
    park.tell(far, entry)
    for plate, said in (("KDB 111A", ["LeftWithoutPass"]), ("KDB 112A", [])):
        entry.checkout.plate(plate)
        assert [one.name for one in entry.passes.warnings()] == said
    entry.checkout.plate("KDB 111A")
    entry.shifts.close(Counted())
    gates["XNM1"].clock.pass_by(40 * moments.DAY_MS)
    entry.shifts.open()
    entry.checkout.plate("KDB 111A")
    assert entry.passes.warnings() == ()


def test_nobody_on_foot_is_kept_in_because_their_code_is_spoilt(down: Till) -> None:
    down.checkout.tap(NON_RESIDENT, 2)
    number = down.passes.issue().number
    view = at_exit(down).gate.number(number)
    assert (view.word, view.asks_plate, view.owed_minor > 0) == ("not_paid", False, True)
    down.settlements.pay("mpesa")
    down.settlements.mpesa("UA26X1Y2ZQ", "100,000")
    down.gate.leave()
    assert down.gate.number(number).word == "already_left"


# Money that is counted twice, or hides other money.


def paid(till: Till, code: str, reference: str) -> None:
    """A small van's pass is paid by a code."""
    till.gate.scan(code)
    till.settlements.pay("mpesa")
    till.settlements.mpesa(reference, "10,960")
    till.gate.leave()


def test_one_code_that_paid_two_passes_at_two_gates_is_found(tills: Tills) -> None:
    entry, beside, far = tills
    one, two = van(entry), van(entry, "KDB 112A")
    paid(at_exit(beside), code_of(entry, one), "UA26X1Y2ZQ")
    paid(far, code_of(entry, two), "UA26XIY2ZQ")
    assert beside.pass_lists.listed("conflicts") == ()
    park.tell_all(tills)
    for till in tills:
        (row,) = till.pass_lists.listed("conflicts")
        (said,) = till.pass_lists.open(row.number).conflicts
        assert said.what == "code_twice"
        assert {(seen.till, seen.staff, seen.plate) for seen in (said.first, said.second)} == {
            ("XNM2", "07", "KDB111A"),
            ("XNE1", "07", "KDB112A"),
        }
        assert till.desk.ledger.receivables.owed(one) == till.desk.ledger.receivables.owed(two) == 0


def test_one_code_that_sold_two_tickets_at_two_gates_is_found(tills: Tills) -> None:
    entry, _, far = tills
    for till, plate in ((entry, "KDA 001A"), (far, "KDA 002A")):
        till.checkout.tap(EA_CITIZEN)
        till.checkout.vehicle(1)
        till.checkout.plate(plate)
        till.payments.pay("mpesa")
        till.payments.mpesa("UA26X1Y2ZQ", "1,600")
    park.tell_all(tills)
    assert conflicts_of(far) == {"code_twice"}


def test_what_a_code_has_left_pays_at_another_gate(tills: Tills) -> None:
    entry, beside, far = tills
    one, two = van(entry), van(entry, "KDB 112A")
    beside.gate.turn()
    for till, number in ((beside, one), (far, two)):
        till.gate.scan(code_of(entry, number))
        till.settlements.pay("mpesa")
        till.settlements.mpesa("UA26X1Y2ZQ", "21,920")
        till.gate.leave()
    park.tell_all(tills)
    assert conflicts_of(far) == set()


def test_what_was_paid_too_much_on_one_pass_hides_no_other_that_is_open(tills: Tills) -> None:
    entry, beside, far = tills
    twice = code_of(entry, van(entry))
    van(entry, "KDB 112A")
    paid(at_exit(beside), twice, "UA26X1Y2ZQ")
    paid(far, twice, "UA26X1Y2ZR")
    park.tell_all(tills)
    done = entry.outages.close(SECOND).entry
    sums = {name: done.data[name] for name in ("settled_minor", "open_minor", "owed_back_minor")}
    assert sums == {"settled_minor": 2_192_000, "open_minor": 1_096_000, "owed_back_minor": 1_096_000}
    printed = str(entry.printing.paper(done))
    assert "Still open: 1', right='10,960'" in printed
    assert "To be refunded', right='−10,960'" in printed


def test_a_pass_named_twice_is_collected_once(down: Till) -> None:
    number = van_in(down).number
    at_exit(down).gate.settle([number, number.replace("-", ""), van(down)])
    assert down.lane.total_minor() == OWED + 1_096_000


def test_parts_of_a_pass_take_no_more_cash_than_the_authority_says(down: Till) -> None:
    down.outages.close(SECOND)
    down.outages.open("mpesa", authority="O/1", paybill="600000", cash_max="10000", second=SECOND)
    code = van_in(down).qr
    at_exit(down).gate.scan(code)
    down.settlements.pay("cash")
    down.settlements.cash("KES", "6,000")
    down.settlements.record(in_part=True)
    down.gate.scan(code)
    down.settlements.pay("cash")
    with pytest.raises(CashOverOutage):
        down.settlements.cash("KES", "4,001")
    down.settlements.cash("KES", "4,000")
    down.settlements.record(in_part=True)


# Papers that last longer than what was paid for.


@pytest.mark.parametrize("how", ["reissue", "correct"])
def test_a_pass_printed_anew_is_valid_no_longer(tills: Tills, gates: dict[str, Gate], how: str) -> None:
    entry, beside, _ = tills
    code = van_in(entry)
    for gate in gates.values():
        gate.clock.pass_by(23 * 60 * moments.MINUTE_MS)
    if how == "reissue":
        new = entry.passes.reissue(code.number, "wet", SECOND)
    else:
        entry.passes.correct(code.number, "one more adult")
        entry.checkout.tap(EA_CITIZEN)
        new = entry.passes.issue(SECOND)
    times = [paper_of(entry, one.qr).valid_until for one in (code, new)]
    assert times[0] == times[1]
    gates["XNM2"].clock.pass_by(2 * 60 * moments.MINUTE_MS)
    assert beside.gate.scan(new.qr).word == "no_longer"


def test_a_second_day_on_a_corrected_pass_follows_the_first(tills: Tills, gates: dict[str, Gate]) -> None:
    entry, *_ = tills
    code = van_in(entry)
    gates["XNM1"].clock.pass_by(5 * moments.MINUTE_MS)
    entry.passes.correct(code.number, "two days")
    entry.checkout.stay(2, 0)
    old, new = paper_of(entry, code.qr), paper_of(entry, entry.passes.issue().qr)
    assert (new.valid_from, new.valid_until) == (old.valid_from, old.valid_until + 86_400)


@pytest.mark.parametrize(("after_h", "word"), [(23, "no_longer"), (26, "admit")])
def test_the_receipt_of_who_left_lets_in_no_longer_than_the_pass_where_nobody_heard(
    tills: Tills, gates: dict[str, Gate], after_h: int, word: str
) -> None:
    """Past the pass's end it still does, for the day in which it lets out."""
    entry, beside, far = tills
    code = van_in(entry).qr
    gates["XNM2"].clock.pass_by(after_h * 60 * moments.MINUTE_MS)
    paid_paper = code_of(beside, paid_at(at_exit(beside), code, "UA26X1Y2ZQ"))
    far.gate.turn()
    gates["XNE1"].clock.pass_by((after_h + 2) * 60 * moments.MINUTE_MS)
    assert far.gate.scan(paid_paper).word == word


def test_a_pass_printed_anew_the_next_day_is_issued_once(gate: Gate, down: Till) -> None:
    number = van(down)
    first = down.shifts.close(Counted()).entry.data["passes"]
    gate.clock.pass_by(moments.DAY_MS)
    down.shifts.open()
    down.passes.reissue(number, "wet", SECOND)
    van(down, "KDC 900Z")
    second = down.shifts.close(Counted()).entry.data["passes"]
    assert [(day["passes"], day["passes_minor"]) for day in (first, second)] == [(1, 1_096_000)] * 2  # type: ignore[index]
    assert totals.of_day(down.desk.ledger, "2026-01-02").open_minor == 1_096_000


@pytest.mark.parametrize("is_waived", [False, True])
def test_a_part_of_an_overstay_hinders_no_close(gate: Gate, down: Till, *, is_waived: bool) -> None:
    permit(down, "overstay_under", "Wildlife Regulations 2027, r. 9")
    number = van(down)
    gate.clock.pass_by(26 * 60 * moments.MINUTE_MS)
    at_exit(down).gate.scan(code_of(down, number))
    down.settlements.pay("mpesa")
    down.settlements.mpesa("UA26X1Y2ZQ", "600")
    down.settlements.record(in_part=True)
    down.gate.leave()
    (told,) = [one for one in down.gate.number(number).story if one.what == "paid"]
    assert told.minor == 60_000
    down.gate.leave()
    if is_waived:
        down.passes.waive(number, "", "Order 7", SECOND)
    done = down.outages.close(SECOND).entry.data
    became = [done[name] for name in ("settled_minor", "waived_minor", "open_minor", "owed_back_minor")]
    assert became == ([0, 1_096_000, 0, 0] if is_waived else [0, 0, 1_096_000, 0])
    closed = down.shifts.close(Counted(others={"mpesa": 60_000})).entry.data["passes"]
    assert (closed["part"], closed["waived"]) == (int(not is_waived), int(is_waived))  # type: ignore[index]


# A clock that somebody sets, a key that somebody stole.


def test_who_is_inside_is_known_although_a_clock_was_set_back_for_a_while(gate: Gate, down: Till) -> None:
    van(down, "KDA 001A")
    gate.clock.wall -= 40 * moments.DAY_MS
    van(down, "KDA 002A")
    gate.clock.wall += 40 * moments.DAY_MS
    van(down, "KDA 003A")
    assert {row.plate for row in down.pass_lists.listed("inside")} == {"KDA001A", "KDA002A", "KDA003A"}


def test_a_receipt_that_its_till_never_wrote_hides_no_debt_once_that_is_known(
    tills: Tills, gates: dict[str, Gate]
) -> None:
    entry, beside, far = tills
    code = van_in(entry).qr
    paid_paper = replace(paper_of(entry, code), kind=gatepass.PAID, due=0)
    assert far.gate.scan(forged(gates["XNM2"], paid_paper)).word == "let_out"
    far.gate.leave()
    park.tell(far, entry)
    assert entry.pass_lists.listed("open") == (), "its till may have written it, unheard"
    gates["XNM2"].clock.pass_by(moments.MINUTE_MS)
    beside.desk.write("training.ended", {"training_till": "XNM2"})
    park.tell(beside, entry)
    (row,) = entry.pass_lists.listed("open")
    assert (row.owed_minor, row.inside, row.state) == (OWED, 0, "open")


def test_a_receipt_of_a_stolen_key_hides_no_debt_once_it_is_revoked(
    tills: Tills, gates: dict[str, Gate]
) -> None:
    entry, beside, far = tills
    codes = [code_of(entry, van(entry, plate)) for plate in ("KDA 001A", "KDA 002A")]
    genuine = code_of(beside, paid_at(at_exit(beside), codes[0], "UA26X1Y2ZQ", "10,960"))
    fake = forged(gates["XNM2"], replace(paper_of(entry, codes[1]), kind=gatepass.PAID, due=0))
    assert [far.gate.scan(code).word for code in (genuine, fake)] == ["let_out", "let_out"]
    far.gate.leave()
    park.tell(far, entry)
    park.tell(beside, entry)
    row = {**beside.desk.own.certificate(), "is_revoked": True}
    entry.desk.trust(entry.desk.write("keyring.changed", row).entry)
    assert [row.plate for row in entry.pass_lists.listed("open")] == ["KDA002A"]
