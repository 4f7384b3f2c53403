"""Claims and lines of statements: each in exactly one state, all money explained, in any order."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepos.domain import claims as states
from gatepos.domain.claims import Claim, Decision, Match, Part
from gatepos.domain.matching import joined, reconcile
from gatepos.domain.statements import CARD, ECITIZEN, MPESA, Line

DAY = "2026-01-02"
BILL, OTHER_BILL = "XNM2B0000011", "XNM2B000002Z"
ALL_DAY = {(MPESA, "600000"): [("2026-01-01T21:00:00.000Z", "2026-01-02T20:59:59.000Z")]}
NOW = "2026-01-05T09:00:00.000Z"
EIGHT = "2026-01-02T05:00:00.000Z"


def claim(code: str, *kes: int, bill: str = BILL, kind: str = MPESA, dead: int = 0, **more: object) -> Claim:
    """A code that pays so many shillings on receipts of its own; the last `dead` of them were voided."""
    parts = tuple(
        Part(f"XNM2R{code}{n}", "XNM2", DAY, each * 100, n < len(kes) - dead) for n, each in enumerate(kes)
    )
    place = "600000" if kind == MPESA else ""
    return Claim(kind, place, code, EIGHT, "07", parts, (bill,), **more)  # type: ignore[arg-type]


def line(code: str, kes: int | None, account: str = "", kind: str = MPESA, **more: object) -> Line:
    place = "600000" if kind == MPESA else ""
    minor = None if kes is None else kes * 100
    return Line(kind, place, code, EIGHT, minor, account, **more)  # type: ignore[arg-type]


def back(code: str, kes: int, of: str) -> Line:
    return Line(MPESA, "600000", code, EIGHT, -kes * 100, "", of)


def said(decision: str, match: Match, line: str = "", at: str = NOW, n: int = 0) -> Decision:
    return Decision(
        match.kind, match.subject, match.code, decision, line, match.judged, match.difference_minor, "seen",
        "01", at, ("", 0, n),
    )  # fmt: skip


def stand(
    claims: Sequence[Claim] = (), lines: Sequence[Line] = (), decisions: Sequence[Decision] = ()
) -> list[Match]:
    return reconcile(claims, lines, decisions, ALL_DAY, NOW)


def only(claims: Sequence[Claim], lines: Sequence[Line] = (), decisions: Sequence[Decision] = ()) -> Match:
    (match,) = stand(claims, lines, decisions)
    return match


@pytest.mark.parametrize(
    ("claims", "lines", "state", "is_open"),
    [
        ([claim("UA2AAAAAA1", 1000)], [line("UA2AAAAAA1", 1000)], "confirmed", False),
        ([claim("UA2AAAAAA1", 1000)], [line("UA2AAAAAA1", 900)], "short", True),
        ([claim("UA2AAAAAA1", 1000)], [line("UA2AAAAAA1", 1200)], "over", True),
        ([claim("UA2AAAAAA1", 600, 400)], [line("UA2AAAAAA1", 1000)], "confirmed", False),
        ([claim("UA2AAAAAA1", 600, 600)], [line("UA2AAAAAA1", 1000)], "reused", True),
        ([claim("UA2AAAAAA1", 1000)], [], "unknown", True),
        ([claim("UA2AAAAAA1", 1000)], [line("UA2AAAAAA1", 1000), back("UA2BBBBBB1", 1000, "UA2AAAAAA1")],
         "reversed", True),
        ([claim("UA2AAAAAA1", 1000)], [line("UA2AAAAAA1", 1000), back("UA2BBBBBB1", 100, "UA2AAAAAA1")],
         "short", True),
        ([claim("UA2AAAAAA1", 1000)], [back("UA2BBBBBB1", 1000, "UA2AAAAAA1")], "reversed", True),
        ([claim("UA2AAAAAA1", 1000, dead=1)], [line("UA2AAAAAA1", 1000)], "refund_due", True),
        ([claim("UA2AAAAAA1", 1000, dead=1)],
         [line("UA2AAAAAA1", 1000), back("UA2BBBBBB1", 1000, "UA2AAAAAA1")], "reversed", False),
        ([claim("UA2AAAAAA1", 400, 600, dead=1)], [line("UA2AAAAAA1", 1000)], "over", True),
        ([], [line("UA2AAAAAA1", 1000)], "unmatched", True),
        ([], [line("UA2AAAAAA1", 1000), back("UA2BBBBBB1", 1000, "UA2AAAAAA1")], "unmatched", False),
        ([claim("KWS-77", 500, kind=ECITIZEN)], [line("KWS-77", None, kind=ECITIZEN)], "confirmed", False),
        ([claim("KWS-77", 500, 500, kind=ECITIZEN)], [line("KWS-77", None, kind=ECITIZEN)], "reused", True),
        ([], [line("KWS-77", None, kind=ECITIZEN)], "unmatched", False),
        ([claim("123456", 500, kind=CARD)], [line("123456", 500, kind=CARD)], "confirmed", False),
        ([claim("123456", 500, kind=CARD)], [line("123456", 450, kind=CARD)], "short", True),
    ],
)  # fmt: skip
def test_a_claim_stands_as_what_the_statement_holds(
    claims: list[Claim], lines: list[Line], state: str, is_open: bool
) -> None:
    match = only(claims, lines)
    assert (match.state, match.is_open) == (state, is_open)


@pytest.mark.parametrize(
    ("uses", "paid", "state"),
    [
        ((BILL, BILL, BILL), 1000, "short"),
        ((BILL, BILL, BILL), 1800, "confirmed"),
        ((BILL, BILL, OTHER_BILL), 1000, "reused"),
        ((BILL, BILL, OTHER_BILL), 1800, "confirmed"),
    ],
)
def test_a_code_that_pays_a_group_is_used_once_and_again_for_whoever_comes_after_it(
    uses: Sequence[str], paid: int, state: str
) -> None:
    one = claim("UA2AAAAAA1", 600, 600, 600)
    parts = tuple(replace(part, use=use) for part, use in zip(one.parts, uses, strict=True))
    assert only([replace(one, parts=parts)], [line("UA2AAAAAA1", paid)]).state == state


def beside(
    claims: Sequence[Claim], lines: Sequence[Line], *others: Claim
) -> tuple[str, int, bool, tuple[str, ...]]:
    (match,) = reconcile(claims, lines, [], ALL_DAY, NOW, others)
    return match.state, match.difference_minor, match.is_open, match.may


@pytest.mark.parametrize("paid", [1, 1000])
def test_a_payment_that_another_park_used_up_is_said_to_be_and_not_for_how_much(paid: int) -> None:
    there = claim("UA2AAAAAA1", 400, 600)
    assert beside([], [line("UA2AAAAAA1", paid)], there) == ("other_park", paid * 100, False, ())


@pytest.mark.parametrize(("paid", "dead"), [(1001, 0), (900_000, 0), (1000, 1), (1, 1)])
def test_a_payment_that_another_park_used_in_part_or_no_more_is_looked_at(paid: int, dead: int) -> None:
    there = claim("UA2AAAAAA1", 1000, dead=dead)
    found = beside([], [line("UA2AAAAAA1", paid)], there)
    assert found == ("unmatched", paid * 100, True, states.MAY_DECIDE[states.UNMATCHED])


@pytest.mark.parametrize(
    ("here", "there", "state", "difference", "is_open"),
    [
        (claim("UA2AAAAAA1", 400), claim("UA2AAAAAA1", 600), "reused", 600, True),
        (claim("UA2AAAAAA1", 400), claim("UA2AAAAAA1", 900), "reused", 600, True),
        (claim("UA2AAAAAA1", 1000), claim("UA2AAAAAA1", 1000), "reused", 0, True),
        (claim("UA2AAAAAA1", 1000), claim("UA2AAAAAA1", 1000, dead=1), "confirmed", 0, False),
        (claim("UA2AAAAAA1", 1000, dead=1), claim("UA2AAAAAA1", 1000), "other_park", 1000, False),
        (claim("UA2AAAAAA1", 1000, dead=1), claim("UA2AAAAAA1", 900), "refund_due", 1000, True),
        (claim("UA2AAAAAA1", 1000), claim("UA2AAAAAA2", 1000), "confirmed", 0, False),
    ],
)
def test_what_is_used_here_and_in_another_park_is_looked_at_whatever_it_took_there(
    here: Claim, there: Claim, state: str, difference: int, is_open: bool
) -> None:
    found = beside([here], [line("UA2AAAAAA1", 1000)], there)
    assert found[:3] == (state, difference * 100, is_open)


def test_what_no_statement_covers_waits_and_is_so_many_days_old() -> None:
    (match,) = reconcile([claim("UA2AAAAAA1", 1000)], [], [], {}, NOW)
    assert (match.state, match.age_days, match.is_open) == ("waiting", 3, False)


@pytest.mark.parametrize("span", [
    ("2026-01-02T04:30:00.000Z", "2026-01-02T20:59:59.000Z"),  # begins half an hour before the receipt
    ("2026-01-01T21:00:00.000Z", "2026-01-02T04:59:59.000Z"),  # ends before it
])  # fmt: skip
def test_a_statement_that_may_have_missed_a_payment_makes_it_unknown_to_nobody(span: tuple[str, str]) -> None:
    (match,) = reconcile([claim("UA2AAAAAA1", 1000)], [], [], {(MPESA, "600000"): [span]}, NOW)
    assert match.state == "waiting"


def test_another_paybills_statement_says_nothing_of_this_one() -> None:
    (match,) = reconcile(
        [claim("UA2AAAAAA1", 1000)], [], [], {(MPESA, "222222"): ALL_DAY[MPESA, "600000"]}, NOW
    )
    assert match.state == "waiting"


def test_days_that_follow_each_other_are_one_stretch() -> None:
    days = [("2026-01-02T21:00:00.000Z", "2026-01-03T20:59:59.000Z"), *ALL_DAY[MPESA, "600000"]]
    assert joined(days) == [("2026-01-01T21:00:00.000Z", "2026-01-03T20:59:59.000Z")]


def test_a_mistyped_code_is_found_by_the_bill_that_was_paid() -> None:
    match = only([claim("UA2XXXXXX9", 1000)], [line("UA2AAAAAA1", 1000, BILL)])
    assert (match.state, match.how) == ("confirmed", "account")


def test_two_codes_pay_what_two_payments_to_their_bills_brought() -> None:
    claims = [claim("UA2XXXXXX8", 700), claim("UA2XXXXXX9", 300)]
    match = only(claims, [line("UA2AAAAAA1", 400, BILL), line("UA2AAAAAA2", 600, BILL)])
    assert (match.state, match.difference_minor, len(match.lines)) == ("confirmed", 0, 2)


def test_the_same_account_with_another_amount_is_only_suggested() -> None:
    alone, paid = stand([claim("UA2XXXXXX9", 1000)], [line("UA2AAAAAA1", 990, BILL)])
    assert {alone.state, paid.state} == {"unknown", "unmatched"}
    (suggestion,) = next(one for one in (alone, paid) if one.claims).suggestions
    assert (suggestion.line.code, suggestion.why, suggestion.is_same_amount) == (
        "UA2AAAAAA1",
        "account",
        False,
    )


@pytest.mark.parametrize(
    ("typed", "account", "why"),
    [
        ("UA2AAAAA01", "", "alike"),
        ("UA2AAAAAO7", "", "slip"),
        ("UA2XXXXXX9", "KDA412M", "plate"),
    ],
)
def test_a_slip_or_a_plate_is_suggested_and_never_matched(typed: str, account: str, why: str) -> None:
    mine = claim(typed, 1000, bill=OTHER_BILL, plates=("KDA412M",))
    found = stand([mine], [line("UA2AAAAAO1", 1000, account), line("UA2ZZZZZZ7", 1000)])
    (alone,) = [one for one in found if one.claims]
    assert alone.state == "unknown"
    assert [(one.line.code, one.why) for one in alone.suggestions] == [("UA2AAAAAO1", why)]


def test_a_person_says_that_a_claim_is_a_line_and_takes_it_back() -> None:
    mine, paid = claim("UA2AAAAA01", 1000), line("UA2AAAAAO1", 1000)
    before = next(one for one in stand([mine], [paid]) if one.claims)
    is_line = said(states.IS_LINE, before, "UA2AAAAAO1")
    match = only([mine], [paid], [is_line])
    assert (match.state, match.how) == ("confirmed", "person")
    again = said(states.REOPENED, before, n=1)
    assert {one.state for one in stand([mine], [paid], [again, is_line])} == {"unknown", "unmatched"}


def test_the_last_decision_is_the_last_that_was_said_whatever_the_clock_was() -> None:
    mine = claim("UA2AAAAAA1", 1000)
    unknown = only([mine])
    first = said(states.EXPLAINED, unknown, at="2027-02-07T09:00:00.000Z", n=1)
    again, off = said(states.REOPENED, unknown, n=2), said(states.WRITTEN_OFF, unknown, n=3)
    assert only([mine], decisions=[again, first]).is_open
    assert only([mine], decisions=[off, first, again]).decision == off


def test_a_claim_that_is_a_line_which_is_short_is_closed_and_stays_that_line() -> None:
    mine, paid = claim("UA2AAAAA01", 1000), line("UA2AAAAAO1", 900)
    before = next(one for one in stand([mine], [paid]) if one.claims)
    link = said(states.IS_LINE, before, "UA2AAAAAO1", n=1)
    short = only([mine], [paid], [link])
    assert (short.state, short.is_open, short.may) == (
        "short", True, (states.WRITTEN_OFF, states.EXPLAINED, states.REOPENED),
    )  # fmt: skip
    off = said(states.WRITTEN_OFF, short, n=2)
    closed = only([mine], [paid], [link, off])
    assert (closed.state, closed.difference_minor, closed.is_open, closed.decision) == (
        "short", -10_000, False, off,
    )  # fmt: skip
    again = said(states.REOPENED, closed, n=3)
    assert {one.state for one in stand([mine], [paid], [link, off, again])} == {"unknown", "unmatched"}


def test_a_code_taken_once_more_with_one_character_changed_is_used_more_than_once() -> None:
    first, second, paid = claim("UA2AAAAAO1", 1000), claim("UA2AAAAA01", 1000), line("UA2AAAAAO1", 1000)
    alone = next(one for one in stand([first, second], [paid]) if one.claims[0].code == "UA2AAAAA01")
    assert [one.line.code for one in alone.suggestions] == ["UA2AAAAAO1"]
    match = only([first, second], [paid], [said(states.IS_LINE, alone, "UA2AAAAAO1")])
    assert match.state == "reused"


def test_a_decision_holds_until_what_it_was_about_is_another() -> None:
    mine = claim("UA2AAAAAA1", 1000)
    unknown = only([mine])
    off = said(states.WRITTEN_OFF, unknown)
    assert not only([mine], decisions=[off]).is_open
    later = only([mine], [line("UA2AAAAAA1", 900)], [off])
    assert (later.state, later.is_open, later.decision) == ("short", True, None)


def test_not_ours_and_refund_due_are_states_of_their_own() -> None:
    nobodys = only([], [line("UA2AAAAAA1", 1000)])
    gone = only([], [line("UA2AAAAAA1", 1000)], [said(states.NOT_OURS, nobodys)])
    assert (gone.state, gone.is_open) == ("not_ours", False)
    over = only([claim("UA2AAAAAA1", 800)], [line("UA2AAAAAA1", 1000)])
    due = only([claim("UA2AAAAAA1", 800)], [line("UA2AAAAAA1", 1000)], [said(states.REFUND_DUE, over)])
    assert (due.state, due.is_open) == ("refund_due", False)


def test_an_approval_that_comes_again_weeks_later_is_another_payment() -> None:
    later = Line(CARD, "", "123456", "2026-01-20T05:00:00.000Z", 50_000)
    found = stand([claim("123456", 500, kind=CARD)], [line("123456", 500, kind=CARD), later])
    assert [(one.state, len(one.lines)) for one in found] == [("unmatched", 1), ("confirmed", 1)]


def test_what_was_said_of_an_approval_is_not_said_of_the_payment_that_has_it_weeks_later() -> None:
    first = claim("123456", 500, kind=CARD)
    parts = tuple(replace(part, day="2026-01-20") for part in first.parts)
    later = replace(first, at="2026-01-20T05:00:00.000Z", parts=parts)
    lines = [line("123456", 400, kind=CARD), Line(CARD, "", "123456", later.at, 40_000)]
    said_of_first = said(states.EXPLAINED, only([first], lines[:1]))
    found = stand([first, later], lines, [said_of_first])
    assert [(one.at, one.is_open) for one in found] == [(later.at, True), (EIGHT, False)]
    dearer = replace(lines[1], amount_minor=30_000)
    (open_,) = [one for one in stand([first, later], [lines[0], dearer], [said_of_first]) if one.is_open]
    said_of_later = said(states.EXPLAINED, open_, at="2026-01-21T05:00:00.000Z", n=1)
    found = stand([first, later], [lines[0], dearer], [said_of_first, said_of_later])
    assert [one.decision for one in found] == [said_of_first, said_of_later]


_CODES = st.sampled_from([f"UA2AAAA{tail}" for tail in ("AA1", "AA2", "A01", "AO1", "BI1", "B11", "CC3")])
_BILLS = st.sampled_from([BILL, OTHER_BILL, "XNM2P0000016", ""])
_SHILLINGS = st.integers(1, 6).map(lambda n: n * 100)


@st.composite
def _claims(draw: st.DrawFn) -> list[Claim]:
    made = {}
    for code in draw(st.lists(_CODES, unique=True, max_size=6)):
        kes = draw(st.lists(_SHILLINGS, min_size=1, max_size=3))
        made[code] = claim(code, *kes, bill=draw(_BILLS), dead=draw(st.integers(0, len(kes))))
    return list(made.values())


@st.composite
def _lines(draw: st.DrawFn) -> list[Line]:
    made: list[Line] = []
    for code in draw(st.lists(_CODES, unique=True, max_size=6)):
        made.append(line(code, draw(_SHILLINGS), draw(_BILLS)))
        if draw(st.booleans()):
            made.append(back(code.replace("UA2", "UB2"), draw(_SHILLINGS), code))
    return made


@settings(max_examples=300, deadline=None)
@given(_claims(), _lines(), st.booleans(), st.randoms(use_true_random=False))
def test_every_claim_and_line_has_one_state_and_all_money_is_explained_in_any_order(
    claims: list[Claim], lines: list[Line], is_covered: bool, lot: random.Random
) -> None:
    covered = ALL_DAY if is_covered else {}
    found = reconcile(claims, lines, [], covered, NOW)
    assert sorted(one.key for match in found for one in match.claims) == sorted(one.key for one in claims)
    assert sorted(one.key for match in found for one in match.lines) == sorted(one.key for one in lines)
    for match in found:
        assert match.state in (states.CLAIM_STATES if match.claims else states.LINE_STATES)
    paid, used = sum(one.amount_minor or 0 for one in lines), sum(one.used_minor for one in claims)
    assert sum(match.difference_minor for match in found) == paid - used
    decided = [said(lot.choice(states.MAY_DECIDE[one.judged]), one, lines[0].code if lines else "")
               for one in found if states.MAY_DECIDE[one.judged]]  # fmt: skip
    after = reconcile(claims, lines, decided, covered, NOW)
    assert sum(match.difference_minor for match in after) == paid - used
    for some in (claims, lines, decided):
        lot.shuffle(some)
    assert reconcile(claims, lines, decided, covered, NOW) == after
