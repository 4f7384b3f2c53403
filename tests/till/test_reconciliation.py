"""Statements at a till: read once, believed where they agree, and what is left over decided by people."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from gatepos import app
from gatepos.domain import claims as states
from gatepos.domain import moments, policy
from gatepos.domain.claims import LineClaimed, Match, NoSuchLine, NotThatDecision, OwnClaim
from gatepos.domain.staff import NeedsSecond, NotAllowed
from gatepos.domain.statements import Contradicts, Statement, StrangePaybill
from gatepos.domain.text import ReasonMissing
from gatepos.ledger import takings, verification
from gatepos.ledger.reconciliation import TooManyDays
from gatepos.ledger.statements import NoSuchStatement, WasWithdrawn
from gatepos.reports.statements.reading import Hints, read
from gatepos.till.approvals import SamePerson, Second
from gatepos.till.reconciliation import NotOurClaim
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from tests import park
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
from tests.reports.statement_files import COLUMNS, Row, as_csv, heading, paid, taken_back
from tests.till.test_passes import outage, sold_together

DAY = date(2026, 1, 2)
CODE, NEXT, THIRD = "UA26X1Y2ZQ", "UA26X1Y2ZR", "UA26X1Y2ZS"
AT = "02-01-2026 10:25:00"


def statement(*rows: Row, paybill: str = "222222", day: str = "02-01-2026", paid_in: str = "") -> Statement:
    data = as_csv([*heading(paybill, day, paid_in), COLUMNS, *rows])
    return read(data, Hints(DAY, ("NNP",)))


def sold(till: Till, code: str, count: int = 1) -> str:
    """A receipt over so many citizens at KES 1,000, paid by a code; the account that was to be paid to."""
    till.checkout.count(EA_CITIZEN, count)
    account = till.payments.pay("mpesa").account
    done = till.payments.mpesa(code, f"{count * 1_000}")
    if not hasattr(done, "total_minor"):
        till.payments.record()
    return account or ""


def managing(till: Till) -> Till:
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    return till


def supervisor(till: Till, number: str = OTHER, pin: str = OTHER_PIN) -> Second:
    """Somebody as the second person, with the role that it wants."""
    till.desk.write("staff.changed", {"staff": number, "roles": ["clerk", "supervisor"], "from_on": None,
                                      "until_on": None, "feed_version": None})  # fmt: skip
    till.desk.employ(till.desk.ledger.of_kind("staff.changed")[-1])
    return Second(number, pin)


def matches(till: Till) -> list[Match]:
    return till.reconciliation.asked(DAY, DAY).matches()


def confirmed(till: Till) -> int:
    """How many claims of this till are said to be confirmed now."""
    return till.reconciliation.confirm(matches(till))


def stood(till: Till) -> dict[str, str]:
    return {match.code: match.state for match in matches(till)}


def only(till: Till, code: str) -> Match:
    return next(match for match in matches(till) if match.code == code)


def test_what_the_statement_holds_is_confirmed_once_however_often_it_is_read(sell: Till) -> None:
    account = sold(sell, CODE)
    managing(sell)
    read_in = statement(paid(CODE, "1,000.00", account, AT), paid(NEXT, "500.00", "", AT))
    first = sell.reconciliation.take(read_in)
    assert (first.new, confirmed(sell), first.is_known) == (2, 1, False)
    head = sell.desk.ledger.head
    again = sell.reconciliation.take(read_in)
    assert (again.new, confirmed(sell), again.is_known) == (0, 0, True)
    assert sell.desk.ledger.head == head
    assert stood(sell) == {CODE: "confirmed", NEXT: "unmatched"}
    (entry,) = sell.desk.ledger.of_kind("payment.confirmed")
    assert (entry.data["reference"], entry.data["amount_minor"], entry.data["account"]) == (
        CODE,
        100_000,
        account,
    )


def group_sold(till: Till, code: str, said: str = "2000") -> None:
    """Two vehicles of one payer, a citizen at KES 1,000 in each, paid by a code said to hold so much."""
    till.checkout.count(EA_CITIZEN, 1)
    till.checkout.add()
    till.checkout.count(EA_CITIZEN, 1)
    till.payments.pay("mpesa")
    till.payments.mpesa(code, said)


def test_a_group_that_one_code_paid_too_little_is_short_and_a_sale_beyond_it_used_the_code_again(
    sell: Till,
) -> None:
    group_sold(sell, CODE)
    group_sold(sell, NEXT, "3000")
    sold(sell, NEXT)
    managing(sell)
    sell.reconciliation.take(statement(paid(CODE, "1,500.00", "", AT), paid(NEXT, "1,500.00", "", AT)))
    assert [len(match.claims[0].parts) for match in matches(sell)] == [2, 3]
    assert stood(sell) == {CODE: "short", NEXT: "reused"}


def settled(till: Till, code: str, said: str, *passes: str) -> None:
    """Open passes paid together by a code that is said to hold so much."""
    till.gate.collect(*passes)
    till.settlements.pay("mpesa")
    till.settlements.mpesa(code, said)


def settled_twice(till: Till, again: Till) -> None:
    """Three open passes at KES 43,940 are paid together by one code; of two others each by another code."""
    outage(till)
    a, b, c, d, e = sold_together(till, "KDA101A", "KDA102A", "KDA103A", "KDA104A", "KDA105A")
    if again is not till:
        park.tell(till, again)
    settled(till, CODE, "131820", a, b, c)
    settled(till, NEXT, "87880", d)
    settled(again, NEXT, "87880", e)


SETTLED = (paid(CODE, "130,000.00", "", AT), paid(NEXT, "43,940.00", "", AT))


def test_passes_settled_together_are_one_use_of_a_code_and_settled_one_by_one_several(sell: Till) -> None:
    settled_twice(sell, sell)
    managing(sell)
    sell.reconciliation.take(statement(*SETTLED, paybill="600000"))
    assert [(len(one.claims[0].parts), one.difference_minor) for one in matches(sell)] == [
        (3, -182_000),
        (2, -4_394_000),
    ]
    assert stood(sell) == {CODE: "short", NEXT: "reused"}


def test_a_pass_settled_at_another_till_used_the_code_again(tmp_path: Path) -> None:
    tills = park.built(park.gates(tmp_path))
    here, there, _ = tills
    settled_twice(here, there)
    park.tell_all(tills)
    managing(here)
    here.reconciliation.take(statement(*SETTLED, paybill="600000"))
    assert stood(here) == {CODE: "short", NEXT: "reused"}
    for till in tills:
        till.desk.ledger.close()


def test_statements_that_overlap_change_nothing_that_was_read(sell: Till) -> None:
    sold(sell, CODE)
    managing(sell)
    rows = [paid(CODE, "1,000.00", "", AT), paid(NEXT, "500.00", "", AT)]
    sell.reconciliation.take(statement(*rows))
    assert confirmed(sell) == 1
    more = sell.reconciliation.take(statement(*reversed(rows), paid(THIRD, "700.00", "", AT)))
    assert (more.new, confirmed(sell)) == (1, 0)
    assert stood(sell) == {CODE: "confirmed", NEXT: "unmatched", THIRD: "unmatched"}


@pytest.mark.parametrize(
    "row",
    [
        paid(CODE, "1,001.00", "", AT),
        paid(CODE, "1,000.00", "KDA412M", AT),
        paid(CODE, "1,000.00", "", "05-01-2026 10:25:00"),
    ],
)
def test_a_line_that_is_told_in_two_ways_is_refused_and_nothing_of_it_is_read(sell: Till, row: Row) -> None:
    managing(sell)
    sell.reconciliation.take(statement(paid(CODE, "1,000.00", "KDB 1A", AT)))
    head = sell.desk.ledger.head
    with pytest.raises(Contradicts):
        sell.reconciliation.take(statement(row, paid(NEXT, "5.00", "", AT)))
    assert sell.desk.ledger.head == head
    assert NEXT not in stood(sell)


def test_a_statement_of_a_paybill_that_was_never_the_parks_is_refused_and_nothing_of_it_is_read(
    sell: Till,
) -> None:
    sold(sell, CODE, 60)
    managing(sell)
    shop, head = statement(paid(CODE, "60,000.00", "", AT), paybill="999999"), sell.desk.ledger.head
    with pytest.raises(StrangePaybill):
        sell.reconciliation.take(shop)
    assert (sell.desk.ledger.head, confirmed(sell), stood(sell)) == (head, 0, {CODE: "waiting"})
    assert not list(sell.desk.ledger.folder.glob("statements/*"))


@pytest.mark.parametrize("key", [policy.PAYBILL, policy.ORDER_PAYBILL])
def test_a_statement_of_a_paybill_that_was_the_parks_before_is_read(sell: Till, key: str) -> None:
    managing(sell)
    for value, was in (("999999", None), ("888888", "999999")):
        sell.desk.note("config.changed", {"key": key, "value": value, "was": was, "feed_version": None})
    assert sell.reconciliation.take(statement(paid(CODE, "5.00", "", AT), paybill="999999")).new == 1


def test_a_statement_of_an_outages_paybill_is_read(sell: Till) -> None:
    managing(sell)
    second = Second(MANAGER, MANAGER_PIN)
    sell.sign_in.sign_in(CLERK, CLERK_PIN)
    sell.outages.open("mpesa", authority="KWS/OPS/2026/2", paybill="700000", second=second)
    managing(sell)
    assert sell.reconciliation.take(statement(paid(CODE, "5.00", "", AT), paybill="700000")).new == 1


def test_without_a_statement_a_claim_waits_and_beside_one_that_lacks_it_it_is_unknown(sell: Till) -> None:
    sold(sell, CODE)
    managing(sell)
    assert stood(sell) == {CODE: "waiting"}
    sell.reconciliation.take(statement(paid(NEXT, "5.00", "", AT), paybill="600000"))
    assert stood(sell)[CODE] == "waiting"
    sell.reconciliation.take(statement(paid(THIRD, "5.00", "", AT)))
    assert only(sell, CODE).state == "unknown"
    assert only(sell, CODE).is_open


def test_a_statement_of_a_whole_day_knows_nothing_of_what_is_taken_after_it_was_read(
    sell: Till, gate: Gate
) -> None:
    managing(sell)
    sell.reconciliation.take(statement(paid(THIRD, "5.00", "", AT)))
    gate.clock.pass_by(60_000)
    sell.sign_in.sign_in(CLERK, CLERK_PIN)
    sold(sell, CODE)
    managing(sell)
    assert stood(sell)[CODE] == "waiting"


def test_a_statement_that_does_not_add_up_makes_nothing_unknown(sell: Till) -> None:
    sold(sell, CODE)
    managing(sell)
    data = as_csv([*heading("222222", paid_in="9,000.00"), COLUMNS, paid(NEXT, "5.00", "", AT)])
    sell.reconciliation.take(read(data, Hints(DAY, ("NNP",))))
    assert stood(sell)[CODE] == "waiting"


def test_money_of_a_voided_receipt_is_due_back(sell: Till) -> None:
    sold(sell, CODE)
    number = sell.history.find("", None)[0].number
    sell.corrections.void(number, "wrong van", Second(MANAGER, MANAGER_PIN))
    managing(sell)
    sell.reconciliation.take(statement(paid(CODE, "1,000.00", "", AT)))
    assert stood(sell) == {CODE: "refund_due"}
    assert confirmed(sell) == 0


def test_money_of_a_voided_receipt_that_was_paid_back_is_due_no_more(sell: Till) -> None:
    sold(sell, CODE)
    number = sell.history.find("", None)[0].number
    second = Second(MANAGER, MANAGER_PIN)
    sell.corrections.void(number, "wrong van", second)
    refund = str(sell.refunds.request(number, {}, "wrong van").entry.number)
    sell.refunds.approve(refund, second)
    sell.refunds.pay(refund, "mpesa", "UA36X1Y2ZQ")
    managing(sell)
    sell.reconciliation.take(statement(paid(CODE, "1,000.00", "", AT)))
    assert stood(sell) == {CODE: "confirmed"}


def test_a_corrected_receipt_keeps_what_paid_the_first_one(sell: Till) -> None:
    sold(sell, CODE, 2)
    number = sell.history.find("", None)[0].number
    sell.corrections.correct(number, "three of them")
    sell.checkout.count(EA_CITIZEN, 3)
    sell.payments.pay("mpesa")
    sell.payments.mpesa(NEXT, "1,000")
    managing(sell)
    sell.reconciliation.take(statement(paid(CODE, "2,000.00", "", AT), paid(NEXT, "1,000.00", "", AT)))
    assert stood(sell) == {CODE: "confirmed", NEXT: "confirmed"}


def test_what_was_taken_back_is_reversed_and_can_be_disputed(sell: Till) -> None:
    sold(sell, CODE)
    managing(sell)
    sell.reconciliation.take(statement(paid(CODE, "1,000.00", "", AT), taken_back(NEXT, "-1,000.00", CODE)))
    match = only(sell, CODE)
    assert match.state == "reversed"
    sell.reconciliation.dispute(match, "the driver sent it back to himself")
    (entry,) = sell.desk.ledger.of_kind("payment.disputed")
    assert (entry.data["why"], entry.data["claimed_minor"], entry.data["paid_minor"]) == (
        "reversed",
        100_000,
        0,
    )
    assert only(sell, CODE).claims[0].is_disputed


def test_a_slip_is_suggested_and_a_person_makes_it_certain(sell: Till) -> None:
    sold(sell, "UA26X1Y20Q")
    managing(sell)
    sell.reconciliation.take(statement(paid("UA26X1Y2OQ", "1,000.00", "", AT)))
    match = only(sell, "UA26X1Y20Q")
    assert (match.state, [one.line.code for one in match.suggestions]) == ("unknown", ["UA26X1Y2OQ"])
    with pytest.raises(ReasonMissing):
        sell.reconciliation.decide(match, states.IS_LINE, " ", "UA26X1Y2OQ")
    with pytest.raises(NoSuchLine):
        sell.reconciliation.decide(match, states.IS_LINE, "mistyped", THIRD)
    sell.reconciliation.decide(match, states.IS_LINE, "mistyped", "UA26X1Y2OQ")
    assert stood(sell) == {"UA26X1Y20Q": "confirmed"}
    assert len(sell.desk.ledger.of_kind("payment.confirmed")) == 1
    assert confirmed(sell) == 0


def counted(till: Till) -> list[bool]:
    """Whether Takings counts each claim of the day as confirmed, by their codes."""
    return [one.is_confirmed for one in takings.claimed(*asked_of(till))]


def test_what_a_person_takes_back_is_confirmed_no_more(sell: Till, gate: Gate) -> None:
    sold(sell, CODE)
    managing(sell)
    sell.reconciliation.take(statement(paid(NEXT, "1,000.00", "", AT)))
    sell.reconciliation.decide(only(sell, CODE), states.IS_LINE, "mistyped", NEXT)
    assert counted(sell) == [True]
    gate.clock.pass_by(1_000)
    sell.reconciliation.decide(only(sell, CODE), states.REOPENED, "no, another's")
    assert (stood(sell)[CODE], counted(sell)) == ("unknown", [False])


def test_what_a_later_statement_takes_back_is_confirmed_no_more(sell: Till) -> None:
    sold(sell, CODE)
    managing(sell)
    sell.reconciliation.take(statement(paid(CODE, "1,000.00", "", AT)))
    assert (confirmed(sell), counted(sell)) == (1, [True])
    sell.reconciliation.take(statement(taken_back(NEXT, "-1,000.00", CODE)))
    assert confirmed(sell) == 0
    assert (stood(sell), counted(sell)) == ({CODE: "reversed"}, [False])
    head = sell.desk.ledger.head
    assert confirmed(sell) == 0
    assert sell.desk.ledger.head == head, "it is undone once"


def test_a_payment_that_somebody_took_is_not_another_codes_too(sell: Till) -> None:
    sold(sell, NEXT)
    sold(sell, CODE)
    sold(sell, THIRD)
    managing(sell)
    rows = [paid(NEXT, "100,000.00", "", AT), paid("UA26X1Y2ZT", "1,000.00", "", AT)]
    sell.reconciliation.take(statement(*rows))
    sell.reconciliation.decide(only(sell, THIRD), states.IS_LINE, "mistyped", "UA26X1Y2ZT")
    head = sell.desk.ledger.head
    for line in (NEXT, "UA26X1Y2ZT"):
        with pytest.raises(LineClaimed):
            sell.reconciliation.decide(only(sell, CODE), states.IS_LINE, "mistyped", line)
    assert (sell.desk.ledger.head, stood(sell)[CODE]) == (head, "unknown")


def test_a_large_claim_is_called_a_line_by_two(sell: Till) -> None:
    sold(sell, CODE, 6)
    managing(sell)
    sell.reconciliation.take(statement(paid(NEXT, "6,000.00", "", AT)))
    with pytest.raises(NeedsSecond):
        sell.reconciliation.decide(only(sell, CODE), states.IS_LINE, "mistyped", NEXT)
    second = supervisor(sell)
    sell.reconciliation.decide(only(sell, CODE), states.IS_LINE, "mistyped", NEXT, second)
    assert stood(sell) == {CODE: "confirmed"}


def test_what_was_said_last_holds_though_the_clock_was_wrong_before(sell: Till, gate: Gate) -> None:
    sold(sell, CODE)
    managing(sell)
    sell.reconciliation.take(statement(paid(NEXT, "700.00", "", AT)))
    gate.clock.wall += 400 * moments.DAY_MS
    sell.reconciliation.decide(only(sell, CODE), states.EXPLAINED, "fine")
    gate.clock.wall -= 400 * moments.DAY_MS
    gate.clock.pass_by(60_000)
    sell.reconciliation.decide(only(sell, CODE), states.REOPENED, "the auditor asks")
    assert only(sell, CODE).is_open
    second = supervisor(sell)
    sell.reconciliation.decide(only(sell, CODE), states.WRITTEN_OFF, "gone", second=second)
    match = only(sell, CODE)
    assert (match.is_open, match.decision and match.decision.reason) == (False, "gone")


def test_a_claim_that_is_a_line_which_is_short_is_written_off_as_that_line(sell: Till) -> None:
    sold(sell, CODE, 5)
    managing(sell)
    second = supervisor(sell)
    sell.reconciliation.take(statement(paid(NEXT, "4,500.00", "ELSEBILL", AT)))
    sell.reconciliation.decide(only(sell, CODE), states.IS_LINE, "mistyped", NEXT)
    sell.reconciliation.decide(only(sell, CODE), states.WRITTEN_OFF, "gone", second=second)
    (match,) = matches(sell)
    assert (match.state, match.difference_minor, match.is_open) == ("short", -50_000, False)


def test_an_approval_that_a_bank_gives_again_after_weeks_is_another_payment(gate: Gate) -> None:
    till = selling(gate.built())

    def approved(day: str) -> None:
        till.checkout.count(EA_CITIZEN, 5)
        till.payments.pay("card")
        till.payments.card("A1B2C3", "1234", "5,000")
        managing(till)
        data = as_csv([("Wann", "Nummer", "Betrag"), (day, "A1B2C3", "5,000.00")])
        till.reconciliation.take(read(data, Hints(DAY, ("NNP",), columns=("Nummer", "Betrag", "Wann"))))

    approved("02-01-2026")
    gate.clock.pass_by(10 * moments.DAY_MS)
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    till.shifts.close(Counted(), "at the bank")
    till.shifts.open("0")
    approved("12-01-2026")
    found = till.reconciliation.asked(DAY, date(2026, 1, 12)).matches()
    assert [(one.state, one.difference_minor, len(one.claims)) for one in found] == [("confirmed", 0, 1)] * 2
    till.desk.ledger.close()


def test_writing_money_off_needs_two_people_and_a_decision_fits_the_state(sell: Till) -> None:
    sold(sell, CODE)
    managing(sell)
    sell.reconciliation.take(statement(paid(NEXT, "700.00", "", AT)))
    unknown, nobodys = only(sell, CODE), only(sell, NEXT)
    with pytest.raises(NeedsSecond):
        sell.reconciliation.decide(unknown, states.WRITTEN_OFF, "left the country")
    with pytest.raises(NotThatDecision):
        sell.reconciliation.decide(unknown, states.NOT_OURS, "no")
    with pytest.raises(NotThatDecision):
        sell.reconciliation.decide(unknown, states.IS_LINE, "no line named")
    sell.reconciliation.decide(nobodys, states.NOT_OURS, "a lodge's own bill")
    assert (only(sell, NEXT).state, only(sell, NEXT).is_open) == ("not_ours", False)
    second = supervisor(sell)
    sell.reconciliation.decide(unknown, states.WRITTEN_OFF, "left the country", second=second)
    decided = only(sell, CODE)
    assert (decided.state, decided.is_open, decided.decision and decided.decision.reason) == (
        "unknown", False, "left the country",
    )  # fmt: skip


def doubted(till: Till, how: str) -> Match:
    """A claim of KES 6,000 that a statement does not bear out, by as much."""
    sold(till, CODE, 6)
    managing(till)
    rows = {
        "unknown": [paid(NEXT, "5.00", "", AT)],
        "short": [paid(CODE, "999.00", "", AT)],
        "reversed": [paid(CODE, "6,000.00", "", AT), taken_back(NEXT, "-6,000.00", CODE)],
    }[how]
    till.reconciliation.take(statement(*rows))
    match = only(till, CODE)
    assert match.judged == how
    return match


@pytest.mark.parametrize("how", ["unknown", "short", "reversed"])
def test_a_large_claim_is_explained_by_two_of_whom_none_took_it(sell: Till, how: str) -> None:
    match, room = doubted(sell, how), sell.reconciliation
    own, second = supervisor(sell, CLERK, CLERK_PIN), supervisor(sell)
    with pytest.raises(NeedsSecond):
        room.decide(match, states.EXPLAINED, "the driver showed the message")
    with pytest.raises(OwnClaim):
        room.decide(match, states.EXPLAINED, "the driver showed the message", second=own)
    with pytest.raises(SamePerson):
        room.decide(match, states.EXPLAINED, "so be it", second=Second(MANAGER, MANAGER_PIN))
    done = room.decide(match, states.EXPLAINED, "the driver showed the message", second=second)
    assert done.entry.fields["also"] == {"staff": OTHER, "how": "pin"}
    assert not only(sell, CODE).is_open


def test_what_one_alone_explains_is_policy(sell: Till, gate: Gate) -> None:
    sold(sell, CODE, 5)
    sold(sell, NEXT, 6)
    permit(sell, policy.EXPLAINED_MAX, "6000")
    managing(sell)
    sell.reconciliation.take(statement(paid(THIRD, "5.00", "", AT)))
    sell.reconciliation.decide(only(sell, NEXT), states.EXPLAINED, "seen")
    permit(sell, policy.EXPLAINED_MAX, "0")
    with pytest.raises(NeedsSecond):
        sell.reconciliation.decide(only(sell, CODE), states.EXPLAINED, "seen")
    sell.desk.policy = policy.Policy({})
    gate.clock.pass_by(moments.DAY_MS)
    sell.reconciliation.decide(only(sell, CODE), states.EXPLAINED, "seen")


def test_what_one_explains_alone_is_summed_over_a_day(sell: Till, gate: Gate) -> None:
    for code in (CODE, NEXT, THIRD):
        sold(sell, code, 2)
    managing(sell)
    room, second = sell.reconciliation, supervisor(sell)
    room.take(statement(paid("UA26X1Y2ZA", "5.00", "", AT), paid("UA26X1Y2ZB", "2,000.00", "", AT)))
    room.decide(only(sell, CODE), states.EXPLAINED, "the message was shown")
    room.decide(only(sell, NEXT), states.IS_LINE, "mistyped", "UA26X1Y2ZB")
    with pytest.raises(NeedsSecond):
        room.decide(only(sell, THIRD), states.EXPLAINED, "the message was shown")
    room.decide(only(sell, THIRD), states.EXPLAINED, "the message was shown", second=second)
    room.decide(only(sell, THIRD), states.REOPENED, "the auditor asks")
    gate.clock.pass_by(moments.DAY_MS)
    room.decide(only(sell, THIRD), states.EXPLAINED, "the message was shown")
    said = [entry.data["alone_minor"] for entry in sell.desk.ledger.of_kind("claim.decided")]
    assert said == [200_000, 200_000, None, None, 200_000]


def test_who_took_a_claim_decides_nothing_of_it_however_small(sell: Till) -> None:
    sold(sell, "UA26X1Y20Q")
    sell.desk.write("staff.changed", {"staff": CLERK, "roles": ["clerk", "manager"], "from_on": None,
                                      "until_on": None, "feed_version": None})  # fmt: skip
    sell.desk.employ(sell.desk.ledger.of_kind("staff.changed")[-1])
    sell.sign_in.sign_in(CLERK, CLERK_PIN)
    sell.reconciliation.take(statement(paid("UA26X1Y2OQ", "1,000.00", "", AT)))
    match = only(sell, "UA26X1Y20Q")
    for decision, line in (
        (states.EXPLAINED, None),
        (states.IS_LINE, "UA26X1Y2OQ"),
        (states.WRITTEN_OFF, None),
    ):
        with pytest.raises(OwnClaim):
            sell.reconciliation.decide(match, decision, "I saw it", line, Second(MANAGER, MANAGER_PIN))
    with pytest.raises(OwnClaim):
        sell.reconciliation.dispute(match, "I saw nothing")
    managing(sell).reconciliation.decide(match, states.EXPLAINED, "he showed it")


def test_clerks_read_no_statements_and_decide_nothing(sell: Till) -> None:
    sold(sell, CODE)
    with pytest.raises(NotAllowed):
        sell.reconciliation.take(statement(paid(CODE, "1,000.00", "", AT)))
    with pytest.raises(NotAllowed):
        sell.reconciliation.decide(only(sell, CODE), states.EXPLAINED, "so be it")


def test_a_range_is_two_months_at_most(sell: Till) -> None:
    for first, last in ((DAY, date(2026, 1, 1)), (DAY, date(2026, 4, 2))):
        with pytest.raises(TooManyDays):
            sell.reconciliation.asked(first, last)


def test_codes_of_other_tills_are_looked_at_and_theirs_to_confirm(tmp_path: Path) -> None:
    tills = park.built(park.gates(tmp_path))
    here, there, _ = tills
    sold(here, CODE)
    sold(there, CODE, 2)
    park.tell_all(tills)
    managing(here)
    here.reconciliation.take(statement(paid(CODE, "2,000.00", "", AT)))
    match = only(here, CODE)
    assert (match.state, {part.till for part in match.claims[0].parts}) == ("reused", {"XNM1", "XNM2"})
    sold(there, NEXT)
    park.tell(there, here)
    here.reconciliation.take(statement(paid(NEXT, "900.00", "", AT)))
    with pytest.raises(NotOurClaim):
        here.reconciliation.dispute(only(here, NEXT), "short")
    assert confirmed(here) == 0
    for till in tills:
        till.desk.ledger.close()


def _lose(gate: Gate) -> None:
    """The ledger's file is gone; tape and bodies are there."""
    for path in gate.folder.glob("ledger.db*"):
        path.unlink()


def test_a_rebuilt_ledger_reads_its_statements_again(sell: Till, gate: Gate) -> None:
    sold(sell, CODE)
    managing(sell)
    sell.reconciliation.take(statement(paid(CODE, "1,000.00", "", AT), paid(NEXT, "5.00", "", AT)))
    before = matches(sell)
    sell.desk.ledger.close()
    _lose(gate)
    till = selling_again(gate)
    assert [(one.state, one.lines, one.claims) for one in matches(till)] == [
        (one.state, one.lines, one.claims) for one in before
    ]
    assert verification.verify(till.desk.ledger.conn, (), None).findings == []
    till.desk.ledger.close()


@pytest.mark.parametrize("spoil", [os.unlink, lambda path: Path(path).write_bytes(b"{}")])
def test_a_body_that_is_gone_is_named_and_imported_again(
    sell: Till, gate: Gate, spoil: Callable[[Path], object]
) -> None:
    sold(sell, CODE)
    managing(sell)
    read_in = statement(paid(CODE, "1,000.00", "", AT))
    sell.reconciliation.take(read_in)
    sell.desk.ledger.close()
    _lose(gate)
    (kept,) = (gate.folder / "statements").iterdir()
    spoil(kept)
    till = selling_again(gate)
    assert any("import it again" in str(finding) for finding in till.desk.ledger.findings)
    assert stood(till) == {CODE: "waiting"}
    assert till.reconciliation.take(read_in).is_known
    assert stood(till) == {CODE: "confirmed"}
    till = gate.reopened(till)
    assert not any("import it again" in str(finding) for finding in till.desk.ledger.findings)
    till.desk.ledger.close()


def test_nothing_of_who_paid_stays_on_the_disk(sell: Till, gate: Gate) -> None:
    managing(sell)
    sell.reconciliation.take(statement(paid(CODE, "1,000.00", "0722 000 108", AT)))
    sell.desk.ledger.close()
    for path in gate.folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not any(private in data for private in (b"ATIENO", b"722000108", b"25472")), path


def test_the_columns_of_a_card_settlement_are_remembered(sell: Till) -> None:
    assert sell.reconciliation.columns() == ()
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("card")
    sell.payments.card("A1B2C3", "1234", "1,000")
    managing(sell)
    named = ("Nummer", "Betrag", "Wann")
    data = as_csv([("Wann", "Nummer", "Betrag"), ("02-01-2026", "A1B2C3", "1,000.00")])
    done = sell.reconciliation.take(read(data, Hints(DAY, ("NNP",), columns=named)))
    assert (done.new, sell.reconciliation.columns()) == (1, named)
    assert stood(sell) == {"A1B2C3": "confirmed"}


def selling_again(gate: Gate) -> Till:
    return managing(app.open_till(gate.folder, gate.world()))


# Two statements of the same time tell otherwise.

EARLY, LATE, LATER = (f"02-01-2026 {at}:00" for at in ("10:00", "11:00", "12:00"))
HONEST = statement(paid(CODE, "900.00", "", EARLY), paid(NEXT, "2,000.00", "", LATER))
SLIPPED_IN = statement(
    paid(CODE, "900.00", "", EARLY), paid(THIRD, "5.00", "", LATE), paid(NEXT, "2,000.00", "", LATER)
)


@pytest.mark.parametrize(("first", "then"), [(HONEST, SLIPPED_IN), (SLIPPED_IN, HONEST)])
def test_a_line_that_a_whole_statement_of_its_time_lacks_is_told_whichever_comes_first(
    sell: Till, first: Statement, then: Statement
) -> None:
    managing(sell)
    assert sell.reconciliation.take(first).contested == frozenset()
    for _ in range(2):
        assert sell.reconciliation.take(then).contested == {THIRD}
    withdrawn(sell, SLIPPED_IN, supervisor(sell))
    assert sell.reconciliation.take(HONEST).contested == frozenset()


BY_MINUTES = read(
    as_csv([COLUMNS, paid(CODE, "900.00", "", "02-01-2026 10:00"), paid(NEXT, "2,000.00", "", LATER)]),
    Hints(DAY, ("NNP",), "222222"),
)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (statement(paid(CODE, "900.00", "", EARLY)), HONEST),
        (HONEST, statement(paid(CODE, "900.00", "", EARLY), paid_in="1,000.00")),
        (HONEST, statement(paid(THIRD, "5.00", "", LATE), paybill="600000")),
        (BY_MINUTES, statement(paid(CODE, "900.00", "", EARLY), paid(NEXT, "2,000.00", "", LATER),
                               paid(THIRD, "5.00", "", "02-01-2026 10:00:40"))),
        (HONEST, statement(paid(CODE, "900.00", "", EARLY), paid(NEXT, "2,000.00", "", LATER),
                           taken_back("UA26X1Y2ZU", "-900.00", CODE, LATE))),
    ],
    ids=["ends before", "in part", "another paybill", "without seconds", "taken back since"],
)  # fmt: skip
def test_what_a_statement_need_not_have_contests_nothing(
    sell: Till, first: Statement, then: Statement
) -> None:
    sold(sell, CODE)
    managing(sell)
    sell.reconciliation.take(first)
    assert sell.reconciliation.take(then).contested == frozenset()


# A statement that was read is withdrawn.


def withdrawn(till: Till, which: Statement, second: Second | None, reason: str = "forged") -> int:
    """A statement counts no more, by two people; how many claims are said to be confirmed after it."""
    room = till.reconciliation
    of = room.of_body(which).id
    room.withdraw(of, reason, second)
    return room.confirm(room.around_import(of).matches())


FALSE = statement(paid(CODE, "1,000.00", "", AT), paid(NEXT, "9.00", "", AT), paid(THIRD, "5.00", "", AT))
TRUE = statement(paid(CODE, "900.00", "", AT), paid(NEXT, "2,000.00", "", AT))


def test_a_false_statement_is_withdrawn_by_two_and_the_true_one_is_read(sell: Till) -> None:
    sold(sell, CODE)
    sold(sell, NEXT, 2)
    managing(sell)
    second = supervisor(sell)
    sell.reconciliation.take(FALSE)
    assert confirmed(sell) == 1
    with pytest.raises(Contradicts):
        sell.reconciliation.take(TRUE)
    before = sell.desk.ledger.head
    for wrong, who in ((NeedsSecond, None), (SamePerson, Second(MANAGER, MANAGER_PIN))):
        with pytest.raises(wrong):
            withdrawn(sell, FALSE, who)
    with pytest.raises(ReasonMissing):
        withdrawn(sell, FALSE, second, " ")
    assert sell.desk.ledger.head == before
    assert withdrawn(sell, FALSE, second) == 0
    assert stood(sell) == {CODE: "waiting", NEXT: "waiting"}
    assert not any(claim.is_told for match in matches(sell) for claim in match.claims)
    assert not any(one.is_confirmed for one in takings.claimed(*asked_of(sell)))
    sell.reconciliation.take(TRUE)
    assert confirmed(sell) == 1
    assert stood(sell) == {CODE: "short", NEXT: "confirmed"}
    assert [one.is_confirmed for one in takings.claimed(*asked_of(sell))] == [False, True]
    (entry,) = [one for one in sell.desk.ledger.of_kind("statement.imported") if one.data.get("withdraws")]
    assert (entry.data["reason"], entry.fields["also"]) == ("forged", {"staff": OTHER, "how": "pin"})


def test_what_was_decided_because_a_withdrawn_statement_lacked_a_payment_lapses_too(sell: Till) -> None:
    sold(sell, CODE)
    managing(sell)
    second, lacks = supervisor(sell), statement(paid(THIRD, "5.00", "", AT))
    sell.reconciliation.take(lacks)
    sell.reconciliation.decide(only(sell, CODE), states.WRITTEN_OFF, "gone", second=second)
    assert not only(sell, CODE).is_open
    withdrawn(sell, lacks, second)
    assert stood(sell)[CODE] == "waiting"
    sell.reconciliation.take(statement(paid(NEXT, "5.00", "", AT)))
    assert (only(sell, CODE).state, only(sell, CODE).is_open) == ("unknown", True)


def asked_of(till: Till) -> tuple[takings.Rows, takings.Span]:
    day = DAY.isoformat()
    return takings.of_ledger(till.desk.ledger.conn), takings.Span((till.desk.own.till,), day, day)


def test_lines_that_another_statement_has_stay_and_confirm_what_they_did(sell: Till) -> None:
    sold(sell, CODE)
    sold(sell, NEXT, 2)
    managing(sell)
    second = supervisor(sell)
    sell.reconciliation.take(statement(paid(CODE, "1,000.00", "", AT)))
    sell.reconciliation.take(FALSE)
    assert confirmed(sell) == 1
    assert withdrawn(sell, FALSE, second) == 0
    assert stood(sell) == {CODE: "confirmed", NEXT: "unknown"}
    (one,) = sell.desk.ledger.of_kind("payment.confirmed")
    assert one.data.get("undone") is None


def test_another_payment_of_the_same_second_confirms_nothing_in_its_place(sell: Till) -> None:
    sold(sell, CODE)
    managing(sell)
    second = supervisor(sell)
    sell.reconciliation.take(statement(paid(THIRD, "5.00", "", AT)))
    sell.reconciliation.take(FALSE)
    assert confirmed(sell) == 1
    withdrawn(sell, FALSE, second)
    assert [one.is_confirmed for one in takings.claimed(*asked_of(sell))] == [False]


def test_what_a_line_of_other_days_confirmed_stays_confirmed(sell: Till) -> None:
    account = sold(sell, CODE)
    managing(sell)
    second = supervisor(sell)
    early = paid(THIRD, "1,000.00", account, "27-12-2025 10:25:00")
    sell.reconciliation.take(statement(early, day="27-12-2025"))
    first = date(2025, 12, 27)
    assert sell.reconciliation.confirm(sell.reconciliation.asked(first, DAY).matches()) == 1
    sell.reconciliation.take(statement(paid(NEXT, "9.00", "", AT)))
    withdrawn(sell, statement(paid(NEXT, "9.00", "", AT)), second)
    assert len(sell.desk.ledger.of_kind("payment.confirmed")) == 1


def test_what_it_confirmed_on_other_days_is_confirmed_no_more(gate: Gate) -> None:
    till = gate.built()
    gate.clock.pass_by(10 * 86_400_000)
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    till.shifts.open("0")
    sold(till, CODE)
    managing(till)
    second = supervisor(till)
    till.reconciliation.take(FALSE)
    assert till.reconciliation.confirm(till.reconciliation.around(FALSE).matches()) == 1
    withdrawn(till, FALSE, second)
    rows, span = asked_of(till)
    later = takings.Span(span.tills, till.desk.today().isoformat(), till.desk.today().isoformat())
    assert [one.is_confirmed for one in takings.claimed(rows, later)] == [False]
    till.desk.ledger.close()


def test_what_was_decided_of_its_lines_lapses_and_what_of_others_holds(sell: Till) -> None:
    sold(sell, CODE)
    managing(sell)
    second = supervisor(sell)
    mine = statement(paid(THIRD, "5.00", "", AT))
    false = statement(paid(CODE, "400.00", "", AT), paid(NEXT, "9.00", "", AT), paid(THIRD, "5.00", "", AT))
    sell.reconciliation.take(mine)
    sell.reconciliation.take(false)
    for code, decision in ((CODE, states.EXPLAINED), (NEXT, states.NOT_OURS), (THIRD, states.NOT_OURS)):
        sell.reconciliation.decide(only(sell, code), decision, "seen")
    withdrawn(sell, false, second)
    assert stood(sell) == {CODE: "unknown", THIRD: "not_ours"}
    rows = (paid(CODE, "400.00", "", AT), paid(NEXT, "9.00", "", AT), paid("UA26X1Y2ZT", "5.00", "", AT))
    sell.reconciliation.take(statement(*rows))
    found = {one.code: one.is_open for one in matches(sell)}
    assert found == {CODE: True, NEXT: True, THIRD: False, "UA26X1Y2ZT": True}


@pytest.mark.parametrize("steps", [0, 1, 2, 5, 14, 15, 16])
def test_a_withdrawal_that_was_cut_off_is_finished_when_the_till_is_opened(gate: Gate, steps: int) -> None:
    till = managing(gate.built())
    till.shifts.open("0")
    sold(till, CODE)
    second = supervisor(till)
    till.reconciliation.take(statement(paid(THIRD, "5.00", "", AT)))
    till.reconciliation.take(FALSE)
    assert confirmed(till) == 1
    till.reconciliation.decide(only(till, NEXT), states.NOT_OURS, "a lodge's")
    left = iter(range(steps))

    def stops() -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        till.reconciliation.withdraw(till.reconciliation.of_body(FALSE).id, "forged", second, give_way=stops)
    till = managing(gate.reopened(till))
    assert stood(till) == {CODE: "unknown", THIRD: "unmatched"}
    assert counted(till) == [False]
    assert [one.data["code"] for one in till.desk.ledger.of_kind("claim.decided")] == [NEXT, NEXT]
    assert len(till.desk.ledger.of_kind("payment.confirmed")) == 2
    till = gate.reopened(till)
    assert [one.data["code"] for one in till.desk.ledger.of_kind("claim.decided")] == [NEXT, NEXT]
    till.desk.ledger.close()


def test_books_made_anew_know_of_the_withdrawal(gate: Gate) -> None:
    till = managing(gate.built())
    till.shifts.open("0")
    sold(till, CODE)
    second = supervisor(till)
    till.reconciliation.take(FALSE)
    assert confirmed(till) == 1
    withdrawn(till, FALSE, second)
    till.desk.ledger.close()
    for file in gate.folder.glob("*.db*"):
        if file.name.startswith("ledger"):
            os.remove(file)
    till = managing(app.open_till(gate.folder, gate.world()))
    assert stood(till) == {CODE: "waiting"}
    assert not matches(till)[0].claims[0].is_told
    till.desk.ledger.close()


def test_only_what_was_read_is_withdrawn_and_once(sell: Till) -> None:
    managing(sell)
    second = supervisor(sell)
    with pytest.raises(NoSuchStatement):
        sell.reconciliation.of_body(FALSE)
    sell.reconciliation.take(FALSE)
    of = sell.reconciliation.of_body(FALSE)
    sell.reconciliation.withdraw(of.id, "forged", second)
    with pytest.raises(NoSuchStatement):
        sell.reconciliation.withdraw(of.id, "forged", second)
    assert sell.reconciliation.imports() == ()


def test_what_two_withdrew_one_reads_in_no_more(sell: Till) -> None:
    sold(sell, CODE)
    managing(sell)
    second = supervisor(sell)
    sell.reconciliation.take(FALSE)
    withdrawn(sell, FALSE, second)
    head = sell.desk.ledger.head
    with pytest.raises(WasWithdrawn):
        sell.reconciliation.take(FALSE)
    assert (sell.desk.ledger.head, stood(sell)) == (head, {CODE: "waiting"})


def test_who_removes_the_body_of_a_forged_statement_keeps_nobody_from_withdrawing_it(gate: Gate) -> None:
    till = managing(gate.built())
    till.shifts.open("0")
    sold(till, CODE)
    second = supervisor(till)
    till.reconciliation.take(statement(paid(THIRD, "5.00", "", AT)))
    till.reconciliation.take(FALSE)
    assert confirmed(till) == 1
    of = till.reconciliation.of_body(FALSE)
    (till.desk.ledger.folder / "statements" / str(of.data["digest"])).unlink()
    till = managing(gate.reopened(till))
    assert [one.seq for one in till.desk.ledger.findings if "import it again" in str(one)] == [of.seq]
    withdrawn(till, FALSE, second)
    assert (stood(till), counted(till)) == ({CODE: "unknown", THIRD: "unmatched"}, [False])
    till.reconciliation.take(TRUE)
    till = managing(gate.reopened(till))
    assert stood(till) == {CODE: "short", NEXT: "unmatched", THIRD: "unmatched"}
    assert not any("import it again" in str(one) for one in till.desk.ledger.findings)
    till.desk.ledger.close()


def test_of_two_statements_without_bodies_the_one_that_stands_is_to_be_imported_again(gate: Gate) -> None:
    till = managing(gate.built())
    till.shifts.open("0")
    sold(till, CODE)
    second, mine = supervisor(till), statement(paid(THIRD, "5.00", "", AT))
    till.reconciliation.take(mine)
    till.reconciliation.take(FALSE)
    for body in (till.desk.ledger.folder / "statements").iterdir():
        body.unlink()
    withdrawn(till, FALSE, second)
    till = managing(gate.reopened(till))
    assert stood(till) == {CODE: "waiting"}
    assert any("import it again" in str(one) for one in till.desk.ledger.findings)
    assert till.reconciliation.take(mine).is_known
    assert stood(till) == {CODE: "unknown", THIRD: "unmatched"}
    till.desk.ledger.close()


def test_who_took_what_a_statement_does_not_bear_out_agrees_to_withdraw_no_such_statement(sell: Till) -> None:
    sold(sell, CODE)
    managing(sell)
    taker, second = supervisor(sell, CLERK, CLERK_PIN), supervisor(sell)
    true, false = statement(paid(NEXT, "5.00", "", AT)), statement(paid(CODE, "1,000.00", "", AT))
    sell.reconciliation.take(true)
    with pytest.raises(OwnClaim):
        withdrawn(sell, true, taker)
    assert stood(sell)[CODE] == "unknown"
    sell.reconciliation.take(false)
    assert stood(sell)[CODE] == "confirmed"
    withdrawn(sell, false, taker)
    withdrawn(sell, true, second)
    assert stood(sell) == {CODE: "waiting"}
