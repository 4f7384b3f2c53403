"""What central saw paid, at the window and at the lane: taken by one touch, up to a limit, never posted."""

from dataclasses import replace

import pytest

from gatepos import i18n
from gatepos.domain import keyring
from gatepos.ledger import claims, pages
from gatepos.seal import said, token
from gatepos.seal.keys import kid_of
from gatepos.till.payments import CodeUsedUp
from gatepos.till.seen import SeenElsewhere, SeenFits, SeenShared
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from gatepos.till.views import PayView, RecordedView, SeenPaid
from gatepos.wire import feed
from tests import park
from tests.gate import Gate, ordinary_van, permit
from tests.till.test_central_papers import CENTRAL, seen
from tests.till.test_passes import OWED, SECOND, at_exit, outage, sold_together, van_in
from tests.till.test_passes import token as text_of

CODE = "UA26X1Y2ZQ"
AT = "2026-01-02T07:20:00.000Z"


def told(till: Till, *rows: tuple[str, str, str, str]) -> None:
    """Central says of payments: code, account, amount, state."""
    body = [
        {"trans_id": code, "account": account.replace("-", ""), "amount": amount, "at": AT, "state": state}
        for code, account, amount, state in rows
    ]
    version = till.desk.ledger.fed(feed.PAYMENTS).version
    fields: dict[str, object] = {
        "kind": "feed", "for": "NNP", "feed": feed.PAYMENTS, "from": version,
        "version": version + len(rows), "more": False, "body": body, "at": AT,
    }  # fmt: skip
    assert till.feeds.take(said.page(CENTRAL.public, "NNP", said.say(CENTRAL, fields).body())) is None


@pytest.fixture
def pass_(sell: Till) -> str:
    """The number of a van's pass, its paper at the exit lane of a till that knows its central."""
    sell.desk.keyring[kid_of(CENTRAL.public)] = keyring.of_central(CENTRAL.public)
    outage(sell)
    number = van_in(sell).number
    at_exit(sell)
    return number


def at_lane(till: Till, number: str) -> tuple[SeenPaid, ...]:
    """What the lane shows of a pass that central saw paid."""
    view = till.gate.scan(text_of(till, number))
    assert (view.word, view.owed_minor) == ("not_paid", OWED)
    assert view.pay is not None
    return view.pay.seen


def confirmed(till: Till) -> list[dict[str, object]]:
    """What the till wrote of confirmed payments."""
    return [dict(entry.data) for entry in till.desk.ledger.of_kind("payment.confirmed")]


def test_a_pass_that_central_saw_paid_is_let_out_by_taking_that_payment(sell: Till, pass_: str) -> None:
    told(sell, (CODE, pass_, "43940.00", "seen"))
    (payment,) = at_lane(sell, pass_)
    assert (payment.code, payment.left_minor, payment.is_confirmed, payment.may_take) == (
        CODE, OWED, False, True,
    )  # fmt: skip
    assert ("seen", OWED) in [(one.what, one.minor) for one in sell.gate.view().story]
    sell.settlements.pay("mpesa")
    done = sell.settlements.mpesa(payment.code)
    assert isinstance(done, RecordedView)
    assert sell.gate.look_again(pass_).word == "let_out"
    assert confirmed(sell) == [], "seen is not confirmed"


def test_above_the_parks_limit_what_is_seen_opens_nothing_by_itself(sell: Till, pass_: str) -> None:
    permit(sell, "seen_max", "60000")
    told(sell, (CODE, pass_, "43940.00", "seen"))
    assert [one.may_take for one in at_lane(sell, pass_)] == [True]
    told(sell, ("UA26X1Y2ZR", "XNM2B000009", "16061.00", "seen"))
    assert [one.may_take for one in at_lane(sell, pass_)] == [False]
    told(sell, ("UA26X1Y2ZR", "XNM2B000009", "16061.00", "confirmed"))
    assert [one.may_take for one in at_lane(sell, pass_)] == [True], "what is confirmed is under no limit"
    permit(sell, "seen_max", "0")
    assert [one.may_take for one in at_lane(sell, pass_)] == [False]
    told(sell, (CODE, pass_, "43940.00", "confirmed"))
    assert [(one.may_take, one.is_confirmed) for one in at_lane(sell, pass_)] == [(True, True)]


def test_the_limit_is_of_a_day(gate: Gate, sell: Till, pass_: str) -> None:
    permit(sell, "seen_max", "43940")
    told(sell, ("UA26X1Y2ZR", "XNM2B000009", "16061.00", "seen"), (CODE, pass_, "43940.00", "seen"))
    assert [one.may_take for one in at_lane(sell, pass_)] == [False]
    gate.clock.pass_by(86_400_000)
    assert [one.may_take for one in at_lane(sell, pass_)] == [False], "the business day is still the same"
    sell.gate.leave()
    sell.shifts.close(Counted())
    sell.shifts.open()
    assert [one.may_take for one in at_lane(sell, pass_)] == [True]


def test_a_typed_code_is_known_before_it_is_taken(sell: Till) -> None:
    ordinary_van(sell)
    account = sell.payments.pay("mpesa").account
    says = [one.name for one in sell.payments.told(CODE)]
    assert says == [], "central has not seen it"
    told(sell, (CODE, account, "43940.00", "seen"), ("UA26X1Y2ZR", account, "40000.00", "seen"))
    told(sell, ("UA26X1Y2ZS", "XNM2P000009", "43940.00", "seen"))
    told(sell, ("UA26X1Y2ZT", account, "43940.00", "withdrawn"))
    assert {
        code: [one.name for one in sell.payments.told(code)]
        for code in (CODE, "UA26X1Y2ZR", "UA26X1Y2ZS", "UA26X1Y2ZT", "UA26X1Y2Z", "ua26x1y2zq")
    } == {
        CODE: ["SeenFits"], "UA26X1Y2ZR": ["SeenDiffers"], "UA26X1Y2ZS": ["SeenFits", "SeenElsewhere"],
        "UA26X1Y2ZT": ["SeenWithdrawn"], "UA26X1Y2Z": [], "ua26x1y2zq": ["SeenFits"],
    }  # fmt: skip
    assert isinstance(sell.payments.mpesa(CODE), RecordedView)
    assert [one.name for one in sell.payments.told(CODE)] == [CodeUsedUp.__name__]


def test_what_central_saw_counts_and_not_what_was_said(sell: Till) -> None:
    ordinary_van(sell)
    account = sell.payments.pay("mpesa").account
    told(sell, (CODE, account, "40000.00", "seen"))
    shown = sell.payments.mpesa(CODE, "43,940")
    assert isinstance(shown, PayView)
    assert shown.rest_minor == OWED - 4_000_000
    assert "SeenDiffers" in [one.name for one in shown.warnings]


def test_a_withdrawn_payment_is_offered_nowhere_and_warned_of(sell: Till, pass_: str) -> None:
    told(sell, (CODE, pass_, "43940.00", "seen"), (CODE, pass_, "43940.00", "withdrawn"))
    assert at_lane(sell, pass_) == ()
    sell.settlements.pay("mpesa")
    shown = sell.settlements.mpesa(CODE, "43,940")
    assert isinstance(shown, PayView), "the clerk reads the warning first"
    assert "SeenWithdrawn" in [one.name for one in shown.warnings]


# Confirmed.


def test_only_the_till_that_claimed_says_that_a_payment_is_confirmed_and_says_it_once(
    sell: Till, pass_: str
) -> None:
    at_lane(sell, pass_)
    sell.settlements.pay("mpesa")
    done = sell.settlements.mpesa(CODE, "43,940")
    assert isinstance(done, RecordedView)
    row = (CODE, pass_, "43940.00", "confirmed")
    told(sell, row, ("UA26X1Y2ZR", "XNM2P000009", "1.00", "confirmed"))
    told(sell, row)
    assert confirmed(sell) == [
        {
            "reference": CODE, "receipt": done.number.replace("-", ""), "account": pass_.replace("-", ""),
            "amount_minor": OWED, "paid_at": AT,
        }
    ]  # fmt: skip
    assert sell.desk.ledger.of_kind("payment.confirmed")[0].postings == []


def stands(till: Till) -> bool:
    """Whether the till holds the code for confirmed."""
    return claims.said(till.desk.ledger, CODE) is not None


def test_what_central_confirmed_and_only_sees_by_now_is_confirmed_no_more(sell: Till, pass_: str) -> None:
    at_lane(sell, pass_)
    sell.settlements.pay("mpesa")
    sell.settlements.mpesa(CODE, "43,940")
    seen_, sure = (CODE, pass_, "43940.00", "seen"), (CODE, pass_, "43940.00", "confirmed")
    told(sell, seen_, sure)
    assert (stands(sell), len(confirmed(sell))) == (True, 1)
    told(sell, seen_)
    assert [data.get("undone") for data in confirmed(sell)] == [None, "seen"]
    assert not stands(sell)
    told(sell, seen_)
    assert len(confirmed(sell)) == 2, "it is said once"
    told(sell, sure)
    assert (stands(sell), len(confirmed(sell))) == (True, 3)
    told(sell, seen_, sure)
    assert (stands(sell), len(confirmed(sell))) == (True, 3)


def test_what_central_confirmed_and_withdrew_is_confirmed_no_more(sell: Till, pass_: str) -> None:
    at_lane(sell, pass_)
    sell.settlements.pay("mpesa")
    sell.settlements.mpesa(CODE, "43,940")
    told(sell, (CODE, pass_, "43940.00", "seen"), (CODE, pass_, "43940.00", "confirmed"))
    told(sell, (CODE, pass_, "43940.00", "withdrawn"))
    assert [data.get("undone") for data in confirmed(sell)] == [None, "withdrawn"]
    assert not stands(sell)


def test_what_is_claimed_after_it_was_confirmed_is_said_with_the_next_page(gate: Gate, sell: Till) -> None:
    ordinary_van(sell)
    account = sell.payments.pay("mpesa").account
    told(sell, (CODE, account, "43940.00", "confirmed"))
    sell.payments.mpesa("ua26x1y2zq".replace("1", "i"))
    assert confirmed(sell) == []
    told(sell, ("UA26X1Y2ZR", account, "1.00", "seen"))
    assert [one["reference"] for one in confirmed(sell)] == [CODE]
    sell = gate.reopened(sell)
    assert len(confirmed(sell)) == 1
    sell.desk.ledger.close()


def test_a_page_that_was_kept_before_the_power_went_is_answered_at_the_next_start(
    gate: Gate, sell: Till
) -> None:
    ordinary_van(sell)
    account = sell.payments.pay("mpesa").account
    sell.payments.mpesa(CODE)
    told(sell, ("UA26X1Y2ZR", account, "1.00", "seen"))
    body = [{"trans_id": CODE, "account": account, "amount": "43940.00", "at": AT, "state": "confirmed"}]
    fields: dict[str, object] = {
        "kind": "feed", "for": "NNP", "feed": feed.PAYMENTS, "from": 1, "version": 2, "more": False,
        "body": body, "at": AT,
    }  # fmt: skip
    pages.keep(sell.desk.ledger.folder, feed.PAYMENTS, said.say(CENTRAL, fields).body())
    later = gate.reopened(sell)
    later.feeds.recall(CENTRAL.public)
    assert [one["reference"] for one in confirmed(later)] == [CODE]
    later.desk.ledger.close()


# The code that central signed.


def signed(till: Till, number: str, hours_ago: int = 0) -> str:
    """Central's word that a pass is paid, as old as that."""
    payload = seen(till, number.replace("-", ""))
    issued = till.desk.clock.wall_ms() // 1000 - hours_ago * 3_600
    return "GP:" + token.make(replace(payload, issued=issued), CENTRAL)


def test_centrals_word_is_hours_old_at_most_where_nothing_was_heard(sell: Till, pass_: str) -> None:
    view = sell.gate.scan(signed(sell, pass_, hours_ago=13))
    assert (view.word, view.owed_minor) == ("not_paid", OWED), "this till knows the pass itself"
    assert sell.gate.scan(signed(sell, pass_, hours_ago=11)).word == "let_out"


def test_an_old_word_holds_where_the_payment_was_heard(sell: Till, pass_: str) -> None:
    told(sell, (CODE, pass_, "43940.00", "seen"))
    assert sell.gate.scan(signed(sell, pass_, hours_ago=40)).word == "let_out"


def test_centrals_word_ends_where_the_payment_is_withdrawn(sell: Till, pass_: str) -> None:
    code = signed(sell, pass_)
    told(sell, (CODE, pass_, "43940.00", "withdrawn"))
    view = sell.gate.scan(code)
    assert (view.word, view.owed_minor) == ("not_paid", OWED)


def test_a_gate_that_knows_nothing_of_the_pass_says_what_to_do(
    tills: tuple[Till, Till, Till],
) -> None:
    entry, _, far = tills
    far.desk.keyring[kid_of(CENTRAL.public)] = keyring.of_central(CENTRAL.public)
    number = van_in(entry).number
    view = far.gate.scan(signed(entry, number, hours_ago=13))
    assert (view.word, view.may_see, view.passing) == ("seen_stale", True, 0)
    assert far.gate.scan(signed(entry, number, hours_ago=1)).word == "let_out"


def _vans(till: Till, count: int) -> list[str]:
    """The numbers of passes of vans sold together, at the exit lane."""
    till.desk.keyring[kid_of(CENTRAL.public)] = keyring.of_central(CENTRAL.public)
    outage(till)
    numbers = sold_together(till, *(f"KDA 10{n}A" for n in range(count)))
    at_exit(till)
    return numbers


def test_what_is_paid_too_much_for_one_van_lets_out_the_others_sold_with_it(sell: Till) -> None:
    first, second, third = _vans(sell, 3)
    told(sell, (CODE, first, f"{3 * OWED // 100}.00", "confirmed"))
    for number in (second, third):
        assert [one.code for one in at_lane(sell, number)] == [CODE]
        sell.settlements.pay("mpesa")
        assert isinstance(sell.settlements.mpesa(CODE), RecordedView), "nothing is warned of"
        assert sell.gate.look_again(number).word == "let_out"
    assert [one.left_minor for one in at_lane(sell, first)] == [OWED]


def test_what_the_paid_van_and_older_ones_owe_is_kept_for_them(sell: Till) -> None:
    first, second, third = _vans(sell, 3)
    told(sell, (CODE, second, f"{2 * OWED // 100}.00", "confirmed"))
    assert at_lane(sell, third) == (), "it is the oldest's"
    assert [one.code for one in at_lane(sell, first)] == [CODE]


def test_a_stranger_who_names_the_same_operator_is_offered_nothing(sell: Till) -> None:
    first, _ = _vans(sell, 2)
    (stranger,) = sold_together(sell, "KDA 900Z")
    told(sell, (CODE, first, f"{3 * OWED // 100}.00", "confirmed"))
    assert at_lane(sell, stranger) == ()
    sell.settlements.pay("mpesa")
    assert [type(one) for one in sell.settlements.told(CODE)] == [SeenFits, SeenElsewhere]


def test_a_pass_printed_anew_is_still_of_its_group(sell: Till) -> None:
    first, second = _vans(sell, 2)
    anew = sell.passes.reissue(second, "paper is wet", SECOND).number.replace("-", "")
    told(sell, (CODE, first, f"{2 * OWED // 100}.00", "confirmed"))
    assert [one.code for one in at_lane(sell, anew)] == [CODE]
    sell.gate.leave()
    elder = sell.passes.reissue(first, "paper is torn", SECOND).number.replace("-", "")
    assert [one.code for one in at_lane(sell, elder)] == [CODE], "what was paid on the old paper is its own"


PART = OWED // 4
"""What comes too much for one van, and is a part of what the next owes."""


def _over(till: Till, first: str) -> None:
    """Central confirms what is a part too much for a van."""
    told(till, (CODE, first, f"{(OWED + PART) // 100}.00", "confirmed"))


def _taken(till: Till, code: str) -> PayView:
    """The payment is taken, and is not enough."""
    till.settlements.pay("mpesa")
    view = till.settlements.mpesa(code)
    assert isinstance(view, PayView)
    return view


def test_a_part_that_was_paid_too_much_is_taken_first_and_the_rest_as_any_tender(sell: Till) -> None:
    first, second = _vans(sell, 2)
    _over(sell, first)
    assert [(one.code, one.left_minor) for one in at_lane(sell, second)] == [(CODE, PART)]
    view = _taken(sell, CODE)
    assert (view.rest_minor, view.warnings) == (OWED - PART, ())
    done = sell.settlements.mpesa("UA26X1Y2ZR", f"{(OWED - PART) // 100}")
    assert isinstance(done, RecordedView)
    assert sell.gate.look_again(second).word == "let_out"
    assert [one.left_minor for one in at_lane(sell, first)] == [OWED], "the first van's own is not touched"


def test_the_part_is_no_more_than_the_passs_share(sell: Till) -> None:
    first, second, third = _vans(sell, 3)
    told(sell, (CODE, third, f"{(2 * OWED + PART) // 100}.00", "confirmed"))
    assert [one.left_minor for one in at_lane(sell, second)] == [PART], "the oldest comes first"
    assert _taken(sell, CODE).rest_minor == OWED - PART
    sell.settlements.untender()
    assert [one.left_minor for one in at_lane(sell, first)] == [OWED]


def test_a_part_that_was_taken_is_offered_no_second_time(sell: Till) -> None:
    first, second = _vans(sell, 2)
    _over(sell, first)
    at_lane(sell, second)
    assert _taken(sell, CODE).seen == ()
    with pytest.raises(CodeUsedUp):
        sell.settlements.mpesa(CODE)
    sell.settlements.record(in_part=True)
    pay = sell.gate.look_again(second).pay
    assert pay is not None
    assert (pay.rest_minor, pay.seen) == (OWED - PART, ())
    assert pay.spare_reference is None, "what is left of the code is the first van's"


def test_what_one_till_took_is_not_offered_where_it_was_heard(tills: tuple[Till, Till, Till]) -> None:
    entry, beside, far = tills
    first, second = sold_together(entry, "KDA 100A", "KDA 101A")
    park.tell(entry, beside, far)
    at_exit(beside)
    for till in (beside, far):
        till.desk.keyring[kid_of(CENTRAL.public)] = keyring.of_central(CENTRAL.public)
        _over(till, first)
    code = text_of(entry, second)
    for till in (beside, far):
        till.gate.scan(code)
        assert [one.left_minor for one in till.gate.seen()] == [PART]
    _taken(beside, CODE)
    beside.settlements.record(in_part=True)
    park.tell(beside, far)
    far.gate.leave()
    assert far.gate.scan(code).owed_minor == OWED - PART
    assert far.gate.seen() == ()
    assert [len(till.desk.ledger.of_kind("pass.settled")) for till in tills] == [0, 1, 0]


def test_what_another_tender_paid_is_not_taken_of_the_part_too(sell: Till) -> None:
    first, second = _vans(sell, 2)
    _over(sell, first)
    at_lane(sell, second)
    sell.settlements.pay("mpesa")
    view = sell.settlements.mpesa("UA26X1Y2ZR", f"{(OWED - PART) // 100 + 1}")
    assert isinstance(view, PayView)
    assert [one.left_minor for one in view.seen] == [PART - 100]
    assert isinstance(sell.settlements.mpesa(CODE), RecordedView)


def test_passes_of_a_group_settled_together_take_the_share_of_each(sell: Till) -> None:
    first, second, third = _vans(sell, 3)
    told(sell, (CODE, first, f"{(2 * OWED + PART) // 100}.00", "confirmed"))
    sell.gate.settle([second, third])
    assert [one.left_minor for one in sell.gate.seen()] == [OWED + PART]
    assert _taken(sell, CODE).rest_minor == OWED - PART


def test_a_code_that_is_typed_says_how_much_of_it_is_for_here(sell: Till) -> None:
    first, second = _vans(sell, 2)
    _over(sell, first)
    at_lane(sell, second)
    sell.settlements.pay("mpesa")
    (says,) = sell.settlements.told(CODE)
    assert isinstance(says, SeenShared)
    assert f"KES {PART // 100:,} of it is for here" in says.said(i18n.words("en"))


def test_two_payments_of_which_each_pays_a_part_are_both_offered(sell: Till) -> None:
    first, second = _vans(sell, 2)
    _over(sell, first)
    told(sell, ("UA26X1Y2ZR", second, f"{(OWED - PART) // 100}.00", "confirmed"))
    assert {one.code: one.left_minor for one in at_lane(sell, second)} == {
        CODE: PART, "UA26X1Y2ZR": OWED - PART,
    }  # fmt: skip
    _taken(sell, CODE)
    assert isinstance(sell.settlements.mpesa("UA26X1Y2ZR"), RecordedView)


# The account of the bill or the group, once passes were made of it.


def _after_account(till: Till, count: int) -> tuple[str, list[str]]:
    """The account that was shown for some vans, and the passes that were made of them after it."""
    till.desk.keyring[kid_of(CENTRAL.public)] = keyring.of_central(CENTRAL.public)
    outage(till)
    for n in range(count):
        if n:
            till.checkout.add()
        ordinary_van(till)
        till.checkout.plate(f"KDA 10{n}A")
    account = till.payments.pay("mpesa").account
    till.passes.issue(SECOND)
    at_exit(till)
    return account, [str(entry.number) for entry in till.desk.ledger.of_kind("pass.issued")]


def test_what_was_paid_to_the_bill_before_its_pass_lets_the_pass_out(sell: Till) -> None:
    account, (number,) = _after_account(sell, 1)
    told(sell, (CODE, account, "43940.00", "confirmed"))
    assert [(one.code, one.may_take) for one in at_lane(sell, number)] == [(CODE, True)]
    sell.settlements.pay("mpesa")
    assert isinstance(sell.settlements.mpesa(CODE), RecordedView), "nothing is warned of"


def test_a_part_that_was_paid_to_the_bill_is_offered_for_its_pass(sell: Till) -> None:
    account, (number,) = _after_account(sell, 1)
    told(sell, (CODE, account, "40000.00", "confirmed"))
    assert [one.left_minor for one in at_lane(sell, number)] == [4_000_000]
    sell.settlements.pay("mpesa")
    assert "SeenElsewhere" not in [one.name for one in sell.settlements.told(CODE)]


def test_what_was_paid_to_the_group_before_its_passes_is_theirs_the_oldest_first(sell: Till) -> None:
    account, numbers = _after_account(sell, 3)
    told(sell, (CODE, account, f"{2 * OWED // 100}.00", "confirmed"))
    assert at_lane(sell, numbers[2]) == ()
    for number in numbers[:2]:
        assert [one.code for one in at_lane(sell, number)] == [CODE]
        sell.settlements.pay("mpesa")
        assert isinstance(sell.settlements.mpesa(CODE), RecordedView), "nothing is warned of"


def test_the_passes_of_a_group_settled_together_are_paid_by_what_came_for_it(sell: Till) -> None:
    account, numbers = _after_account(sell, 2)
    told(sell, (CODE, account, f"{2 * OWED // 100}.00", "confirmed"))
    sell.gate.settle(numbers)
    assert [one.code for one in sell.gate.seen()] == [CODE]
    sell.settlements.pay("mpesa")
    assert isinstance(sell.settlements.mpesa(CODE), RecordedView), "nothing is warned of"
    assert [sell.gate.scan(text_of(sell, number)).word for number in numbers] == ["already_left"] * 2


def test_centrals_word_ends_where_the_payment_to_the_bill_is_withdrawn(sell: Till) -> None:
    account, (number,) = _after_account(sell, 1)
    told(sell, (CODE, account, "43940.00", "withdrawn"))
    assert sell.gate.scan(signed(sell, number)).word == "not_paid"
