"""An order entered late: what was priced since is kept or priced anew, by one agreement; paid stays paid."""

import pytest

from gatepos import i18n
from gatepos.domain import fees, keyring, numbers, policy
from gatepos.domain.staff import NeedsSecond
from gatepos.ledger import passes, verification
from gatepos.seal.keys import kid_of
from gatepos.till import spilled
from gatepos.till.approvals import Second
from gatepos.till.desk import Locked
from gatepos.till.gate import NothingScanned
from gatepos.till.repricing import KeptByPolicy, NotAffected, NothingAgreed, PaidInPart
from gatepos.till.till import Till
from gatepos.till.window import MoneyTaken
from tests.gate import (
    CLERK,
    CLERK_PIN,
    EA_CITIZEN,
    MANAGER,
    MANAGER_PIN,
    NON_RESIDENT,
    Gate,
    permit,
)
from tests.till.test_central_papers import CENTRAL
from tests.till.test_passes import outage, token
from tests.till.test_seen import told

SECOND = Second(MANAGER, MANAGER_PIN)
MINUTE_MS = 60_000
NEW_MINOR, OLD_MINOR = 80 * 12_950 + 150_000, 556_800 + 30_000


@pytest.fixture
def late(gate: Gate, sell: Till) -> Till:
    """Three vans on passes at 10:40, the court's order of 11:00, three more until 11:20."""
    outage(sell)
    _pass(gate, 9)
    for plate in ("KAA 001A", "KAA 002A", "KAA 003A"):
        van(sell, plate)
    _pass(gate, 20)
    for plate in ("KBB 001B", "KBB 002B", "KBB 003B"):
        van(sell, plate)
    _pass(gate, 20)
    return sell


def _pass(gate: Gate, minutes: int) -> None:
    gate.clock.pass_by(minutes * MINUTE_MS)


def van(till: Till, plate: str) -> str:
    till.checkout.tap(NON_RESIDENT)
    till.checkout.vehicle(2)
    till.checkout.plate(plate)
    return till.passes.issue().number


def stay(till: Till, ordered: str = "11:00") -> None:
    """The manager confirms the vehicle and switches, the supervisor agrees; the clerk is back after it."""
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    code = till.set_up.employ("03", ["supervisor"]).start_code
    till.sign_in.choose_pin("03", code, "864209")
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    second = Second("03", "864209")
    till.tariff.confirm("CF2016", "ALL", fees.vehicle_key(2), "300", "circular 14", second)
    till.set_up.switch_schedule("CF2016", "stay of the High Court", second, ordered)
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    if till.desk.ledger.state.shift is None:
        till.shifts.open()


def plates(till: Till) -> list[str]:
    return [row.plate for row in till.repricing.view().rows]


def reprice(till: Till, *numbers: str) -> list[str]:
    wanted = numbers or till.repricing.view().priced_anew
    count = till.repricing.agree(wanted, SECOND)
    return [str(till.repricing.go_on()[0].entry.number) for _ in range(count)]


def test_the_unpaid_passes_since_the_order_are_listed_with_both_prices(late: Till) -> None:
    assert plates(late) == []
    stay(late)
    view = late.repricing.view()
    assert plates(late) == ["KBB001B", "KBB002B", "KBB003B"]
    assert {(row.before_minor, row.after_minor) for row in view.rows} == {(NEW_MINOR, OLD_MINOR)}
    assert (view.schedule, view.unpaid) == ("CF2016", "ask")


def test_without_an_earlier_moment_nothing_that_was_priced_is_touched(late: Till) -> None:
    stay(late, "")
    assert late.repricing.view().rows == ()


def test_one_agreement_prices_all_of_them_anew_and_nothing_is_printed_yet(late: Till) -> None:
    stay(late)
    with pytest.raises(NeedsSecond):
        late.repricing.agree(late.repricing.view().priced_anew)
    waiting = late.desk.ledger.prints.waiting()
    made = reprice(late)
    assert len(made) == 3
    assert {late.desk.ledger.receivables.owed(number) for number in made} == {OLD_MINOR}
    assert late.desk.ledger.prints.waiting() == waiting
    assert late.repricing.view().rows == ()
    entry = late.desk.ledger.by_number(made[0])
    assert entry is not None
    assert entry.fields["schedule"] == "CF2016"
    assert entry.fields["also"] == {"staff": MANAGER, "how": "pin"}
    assert str(entry.data["reason"]).endswith("stay of the High Court")
    assert verification.verify(late.desk.ledger.conn, (), None).findings == []


def test_a_stop_between_two_leaves_the_others_on_the_list(gate: Gate, late: Till) -> None:
    stay(late)
    late.repricing.agree(late.repricing.view().priced_anew, SECOND)
    late.repricing.go_on()
    again = gate.reopened(late)
    assert len(again.repricing.view().priced_anew) == 2
    again.desk.ledger.close()


def test_nobody_goes_on_with_what_another_asked_for_nor_after_they_left(late: Till) -> None:
    stay(late)
    late.repricing.agree(late.repricing.view().priced_anew, SECOND)
    late.sign_in.lock()
    with pytest.raises(Locked):
        late.repricing.go_on()
    late.sign_in.unlock(CLERK_PIN)
    late.repricing.go_on()
    late.sign_in.sign_out()
    late.sign_in.sign_in(CLERK, CLERK_PIN)
    with pytest.raises(NothingAgreed):
        late.repricing.go_on()
    late.repricing.agree(late.repricing.view().priced_anew, SECOND)
    late.sign_in.sign_in(MANAGER, MANAGER_PIN)
    late.shifts.open()
    with pytest.raises(NothingAgreed):
        late.repricing.go_on()
    assert len(late.repricing.view().priced_anew) == 2


def test_what_is_paid_is_never_priced_anew(late: Till) -> None:
    first, second, _ = (row.number for row in passes.open_passes(late.desk.ledger, 9)[3:])
    for number, amount, code in ((first, NEW_MINOR, "UA26X1Y2ZQ"), (second, 100_000, "UA26X1Y2ZR")):
        late.gate.settle([number])
        late.settlements.pay("mpesa")
        late.settlements.mpesa(code, str(amount // 100))
    late.settlements.record(in_part=True)
    stay(late)
    view = late.repricing.view()
    assert [row.plate for row in view.rows] == ["KBB002B", "KBB003B"]
    assert isinstance(view.rows[0].why, PaidInPart)
    with pytest.raises(NotAffected):
        late.repricing.agree([view.rows[0].number], SECOND)


def test_by_policy_what_was_priced_keeps_its_price(late: Till) -> None:
    permit(late, policy.UNPAID, "keep")
    stay(late)
    with pytest.raises(KeptByPolicy):
        late.repricing.agree(late.repricing.view().priced_anew, SECOND)


def test_by_policy_those_who_switched_agreed_to_new_prices_too(late: Till) -> None:
    permit(late, policy.UNPAID, "reprice")
    stay(late)
    assert late.repricing.agree(late.repricing.view().priced_anew) == 3
    done, left = late.repricing.go_on()
    assert (done.entry.fields["also"], left) == ({"staff": "03", "how": "pin"}, 2)


def test_a_bill_that_waits_is_listed_and_has_the_new_price_when_it_is_resumed(late: Till) -> None:
    late.checkout.tap(EA_CITIZEN)
    late.checkout.hold()
    stay(late)
    row = late.repricing.view().rows[-1]
    assert (row.is_bill, row.before_minor, row.after_minor) == (True, 100_000, 43_000)
    assert row.number not in late.repricing.view().priced_anew
    assert late.checkout.resume(row.number).total_minor == 43_000


def test_a_bill_on_which_money_lies_keeps_the_schedule_until_it_is_recorded(late: Till) -> None:
    late.checkout.tap(EA_CITIZEN)
    late.payments.pay("mpesa")
    late.payments.mpesa("TAB1CD2EF3", "500")
    with pytest.raises(MoneyTaken):
        stay(late)


def test_a_bill_that_cannot_be_priced_any_more_leaves_the_window(late: Till) -> None:
    late.checkout.tap(("park_entry", "african_citizen", "adult"))
    stay(late)
    view = late.checkout.view()
    assert view.lines == ()
    assert [row.category for row in view.rows] == ["non_resident", "kenya_resident", "ea_citizen"]


def test_the_old_paper_is_replaced_and_the_new_one_is_printed_where_the_vehicle_is(late: Till) -> None:
    stay(late)
    (old, *_), (new, *_) = late.repricing.view().priced_anew, reprice(late)
    late.gate.turn()
    view = late.gate.scan(token(late, old))
    assert (view.word, view.may_follow) == ("replaced", True)
    assert late.gate.follow().owed_minor == OLD_MINOR
    late.pass_lists.reprint(new)
    assert late.desk.ledger.prints.waiting() > 0
    view = late.gate.scan(token(late, new))
    assert (view.word, view.owed_minor) == ("not_paid", OLD_MINOR)


def test_a_paper_that_was_printed_anew_for_another_reason_is_not_followed(late: Till) -> None:
    number = passes.open_passes(late.desk.ledger, 1)[0].number
    late.passes.reissue(number, "paper is wet", SECOND)
    late.gate.turn()
    view = late.gate.scan(token(late, number))
    assert (view.word, view.may_follow) == ("replaced", False)
    with pytest.raises(NothingScanned):
        late.gate.follow()


# What came for it, though not under its own number.


@pytest.fixture
def together(gate: Gate, sell: Till) -> list[str]:
    """The numbers of three vans for which one payer pays, let in on passes after the order was made."""
    sell.desk.keyring[kid_of(CENTRAL.public)] = keyring.of_central(CENTRAL.public)
    outage(sell)
    _pass(gate, 39)
    for n in range(3):
        if n:
            sell.checkout.add()
        sell.checkout.tap(NON_RESIDENT)
        sell.checkout.vehicle(2)
        sell.checkout.plate(f"KBB 00{n}B")
    sell.passes.issue()
    _pass(gate, 10)
    return [str(entry.number) for entry in sell.desk.ledger.of_kind("pass.issued")]


def paid(till: Till, account: str, minor: int, code: str = "UA26X1Y2ZQ") -> None:
    """Central tells of an M-PESA payment."""
    told(till, (code, account, f"{minor // 100}.00", "confirmed"))


def kept(till: Till) -> dict[str, bool]:
    """By plate, whether a pass is listed as one that keeps its price because money came."""
    return {row.plate: isinstance(row.why, PaidInPart) for row in till.repricing.view().rows}


def test_a_pass_that_its_groups_payment_pays_keeps_its_price(sell: Till, together: list[str]) -> None:
    stay(sell)
    paid(sell, together[0], 2 * NEW_MINOR)
    assert kept(sell) == {"KBB000B": True, "KBB001B": True, "KBB002B": False}
    with pytest.raises(NotAffected) as refused:
        sell.repricing.agree([together[1]], SECOND)
    assert numbers.printed(together[1]) in refused.value.said(i18n.words("en"))
    assert sell.repricing.view().priced_anew == (numbers.printed(together[2]),)


def test_a_part_that_came_by_the_group_keeps_the_price_too(sell: Till, together: list[str]) -> None:
    stay(sell)
    paid(sell, together[2], NEW_MINOR + 100)
    assert kept(sell) == {"KBB000B": True, "KBB001B": False, "KBB002B": True}


def test_money_on_the_account_of_the_bill_keeps_the_price_of_all(sell: Till, together: list[str]) -> None:
    stay(sell)
    entry = sell.desk.ledger.by_number(together[0])
    assert entry is not None
    paid(sell, str(entry.data["group"]), NEW_MINOR)
    assert set(kept(sell).values()) == {True}


def test_what_comes_between_the_agreement_and_its_turn_is_seen(sell: Till, together: list[str]) -> None:
    stay(sell)
    assert sell.repricing.agree(together, SECOND) == 3
    paid(sell, together[0], 3 * NEW_MINOR)
    for _ in range(3):
        with pytest.raises(NotAffected):
            sell.repricing.go_on()
    assert sell.desk.ledger.of_kind("pass.reissued") == []


def test_what_was_paid_on_any_paper_that_a_pass_had_keeps_its_price(sell: Till, together: list[str]) -> None:
    anew = sell.passes.reissue(together[1], "paper is wet", SECOND).number
    sell.passes.reissue(anew, "paper is torn", SECOND)
    stay(sell)
    paid(sell, together[1], 100)
    assert kept(sell) == {"KBB000B": False, "KBB001B": True, "KBB002B": False}


def test_after_it_was_priced_anew_money_on_the_old_paper_keeps_the_new_price(
    gate: Gate, sell: Till, together: list[str]
) -> None:
    stay(sell)
    made = reprice(sell)
    paid(sell, together[0], 2 * OLD_MINOR)
    assert [spilled.came(sell.desk, one) for one in made] == [True, True, False]
