"""What a gate says of a paper whose signature holds: each verdict, and which of several wrongs is named."""

from dataclasses import replace

import pytest

from gatepos.domain import gatepass, numbers, verdicts
from gatepos.domain.gatepass import IN, OUT, Here, Past, Payload, Verdict

MORNING, EVENING, NEXT_DAY = 1_767_339_000, 1_767_380_000, 1_767_425_400
OWED = 4_394_000
PASS = Payload(
    kind=gatepass.OWED,
    issued=MORNING,
    valid_from=MORNING,
    valid_until=NEXT_DAY,
    parks=("NNP",),
    exits=(),
    plate="KDA412M",
    band=2,
    people=((0, 0, 1), (3, 0, 7)),
    due=OWED,
    number=numbers.make("NMG2", "P", 318),
)
RECEIPT = replace(PASS, kind=gatepass.PAID, due=0, number=numbers.make("NMG2", "R", 771))
SETTLED = replace(PASS, kind=gatepass.PAID, due=0)
PART = replace(SETTLED, due=1_394_000)
ENTRY, EXIT = Here("NNP", "MAIN", IN, EVENING), Here("NNP", "MAIN", OUT, EVENING)
UNKNOWN = Past()
INSIDE = Past(is_known=True, owed_minor=OWED, went_in=8)


def said(paper: Payload, here: Here, past: Past = UNKNOWN, overstay_minor: int = 0) -> Verdict:
    return gatepass.decide(paper, "MAIN", here, past, overstay_minor)


@pytest.mark.parametrize(
    ("paper", "here", "past", "verdict"),
    [
        (PASS, ENTRY, UNKNOWN, Verdict("admit", people=8)),
        (RECEIPT, ENTRY, UNKNOWN, Verdict("admit", people=8)),
        (replace(RECEIPT, kind=gatepass.PREPAID), ENTRY, UNKNOWN, Verdict("prepaid", people=8)),
        (PASS, ENTRY, replace(INSIDE, went_in=5), Verdict("admit", people=3)),
        (PASS, ENTRY, INSIDE, Verdict("already_inside")),
        (PASS, ENTRY, replace(INSIDE, went_out=8), Verdict("already_left")),
        (PASS, EXIT, INSIDE, Verdict("not_paid", OWED, 8)),
        (PASS, EXIT, UNKNOWN, Verdict("not_paid", OWED, 8)),
        (PASS, EXIT, replace(INSIDE, owed_minor=1_394_000), Verdict("part_paid", 1_394_000, 8)),
        (PART, EXIT, UNKNOWN, Verdict("part_paid", 1_394_000, 8)),
        (SETTLED, EXIT, UNKNOWN, Verdict("let_out", people=8)),
        (RECEIPT, EXIT, UNKNOWN, Verdict("let_out", people=8)),
        (replace(RECEIPT, kind=gatepass.PREPAID), EXIT, UNKNOWN, Verdict("prepaid", people=8)),
        (PASS, EXIT, replace(INSIDE, owed_minor=0), Verdict("let_out", people=8)),
        (PASS, EXIT, replace(INSIDE, seen_due_minor=0), Verdict("let_out", people=8)),
        (PASS, EXIT, replace(INSIDE, went_out=3), Verdict("not_paid", OWED, 5)),
        (PASS, EXIT, replace(INSIDE, went_out=8), Verdict("already_left", OWED)),
        (PASS, EXIT, replace(INSIDE, went_out=8, owed_minor=0), Verdict("already_left")),
        (SETTLED, EXIT, replace(INSIDE, went_out=8, owed_minor=0), Verdict("already_left")),
    ],
)
def test_who_goes_in_who_out_and_what_is_collected(
    paper: Payload, here: Here, past: Past, verdict: Verdict
) -> None:
    assert said(paper, here, past) == verdict


@pytest.mark.parametrize(
    ("paper", "here", "past", "word"),
    [
        (PASS, replace(ENTRY, park="NAK"), UNKNOWN, "wrong_park"),
        (RECEIPT, replace(EXIT, park="NAK"), UNKNOWN, "wrong_park"),
        (replace(PASS, exits=("EAST",)), EXIT, UNKNOWN, "wrong_gate"),
        (replace(PASS, plate=""), replace(ENTRY, gate="EAST"), UNKNOWN, "wrong_gate"),
        (replace(PASS, plate=""), replace(EXIT, gate="EAST"), UNKNOWN, "wrong_gate"),
        (replace(PASS, issued=MORNING - 86_400), replace(ENTRY, now=MORNING - 1), UNKNOWN, "not_yet"),
        (PASS, replace(ENTRY, now=NEXT_DAY), UNKNOWN, "no_longer"),
        (PASS, ENTRY, Past(ended="revoked"), "revoked"),
        (RECEIPT, ENTRY, Past(ended="voided"), "revoked"),
        (PASS, ENTRY, Past(ended="reissued"), "replaced"),
        (RECEIPT, EXIT, Past(ended="corrected"), "replaced"),
        (PASS, ENTRY, Past(has_other=True), "two_papers"),
        (PASS, EXIT, Past(has_other=True), "two_papers"),
        (PASS, ENTRY, Past(is_skipped=True), "no_entry"),
    ],
)
def test_a_paper_that_does_not_count_is_named_and_nobody_goes_through(
    paper: Payload, here: Here, past: Past, word: str
) -> None:
    assert said(paper, here, past) == Verdict(word)


@pytest.mark.parametrize(
    ("paper", "here", "word"),
    [
        (replace(PASS, exits=("EAST",)), ENTRY, "admit"),
        (replace(PASS, exits=("EAST", "MAIN")), EXIT, "not_paid"),
        (replace(PASS, plate=""), ENTRY, "admit"),
        (replace(PASS, issued=NEXT_DAY + 86_400), ENTRY, "admit"),
        (PASS, replace(ENTRY, now=MORNING), "admit"),
        (PASS, replace(ENTRY, now=MORNING - 300), "admit"),
        (PASS, replace(ENTRY, now=NEXT_DAY - 1), "admit"),
        (PASS, replace(EXIT, now=NEXT_DAY + 86_400), "not_paid"),
        (SETTLED, replace(EXIT, now=NEXT_DAY), "let_out"),
        (SETTLED, replace(EXIT, now=NEXT_DAY + 1), "overstayed"),
    ],
)
def test_what_does_not_refuse(paper: Payload, here: Here, word: str) -> None:
    """Exits are no entries; a clock ahead at the issuer is no fault of the driver; expiry keeps nobody in."""
    assert said(paper, here).word == word


def test_of_several_wrongs_the_first_in_their_order_is_named() -> None:
    here = Here("NAK", "EAST", OUT, MORNING)
    paper = replace(PASS, exits=("MAIN",), issued=MORNING - 86_400)
    past = replace(INSIDE, ended="revoked", has_other=True, is_skipped=True, went_out=8)
    named = [said(paper, here, past).word]
    here = replace(here, park="NNP")
    named.append(said(paper, here, past).word)
    here = replace(here, gate="MAIN")
    named.append(said(paper, replace(here, direction=IN, now=0), past).word)
    named.append(said(paper, here, past).word)
    named.append(said(paper, here, past := replace(past, ended=None)).word)
    named.append(said(paper, here, past := replace(past, has_other=False)).word)
    named.append(said(paper, here, replace(past, is_skipped=False)).word)
    assert named == [
        "wrong_park", "wrong_gate", "not_yet", "revoked", "two_papers", "no_entry", "already_left",
    ]  # fmt: skip


def test_a_revoked_pass_is_collected_at_an_exit_where_somebody_went_in_with_it() -> None:
    revoked = replace(INSIDE, ended="revoked")
    assert said(PASS, EXIT, revoked) == Verdict("revoked", OWED, 8)
    assert said(PASS, EXIT, revoked, 500) == Verdict("revoked", OWED + 500, 8)
    assert said(PASS, EXIT, replace(revoked, went_out=8)) == Verdict("revoked", OWED)
    assert said(PASS, ENTRY, revoked) == Verdict("revoked")
    for past in (replace(revoked, owed_minor=0), Past(is_known=True, ended="revoked")):
        assert said(PASS, EXIT, past) == Verdict("revoked")


def test_an_overstay_is_collected_with_what_is_owed_and_alone() -> None:
    late = replace(EXIT, now=NEXT_DAY + 1)
    assert said(PASS, late, INSIDE, 500) == Verdict("not_paid", OWED + 500, 8)
    assert said(SETTLED, late, UNKNOWN, 500) == Verdict("overstayed", 500, 8)


@pytest.mark.parametrize(
    ("paper", "past", "owed_minor"),
    [
        (RECEIPT, Past(is_known=True, owed_minor=9), 0),
        (PASS, UNKNOWN, OWED),
        (PASS, Past(owed_minor=-1_000), OWED - 1_000),
        (PASS, replace(INSIDE, owed_minor=OWED + 5), OWED + 5),
        (PASS, replace(INSIDE, owed_minor=-5), 0),
        (PART, INSIDE, 1_394_000),
        (SETTLED, INSIDE, 0),
        (PASS, replace(INSIDE, seen_due_minor=7), 7),
    ],
)
def test_the_least_that_is_known_to_be_owed_is_collected(paper: Payload, past: Past, owed_minor: int) -> None:
    assert gatepass.owed_minor(paper, past) == owed_minor


def test_no_two_verdicts_read_alike() -> None:
    looks = verdicts.LOOKS.values()
    assert len({look.title for look in looks}) == len(looks)


def test_nobody_goes_through_before_what_is_owed_is_collected() -> None:
    late = replace(EXIT, now=NEXT_DAY + 1)
    assert [said(PASS, EXIT).through, said(SETTLED, late, overstay_minor=500).through] == [0, 0]
    assert [said(SETTLED, EXIT).through, said(SETTLED, late).through] == [8, 8]


@pytest.mark.parametrize(
    ("issued", "together"),
    [
        ({"bill": None}, None),
        ({"bill": "XNM1B000001A"}, "XNM1B000001A"),
        ({"bill": "XNM1B000002B", "group": None}, "XNM1B000002B"),
        ({"bill": "XNM1B000002B", "group": "XNM1B000001A"}, "XNM1B000001A"),
        ({"bill": None, "group": "XNM1B000001A"}, "XNM1B000001A"),
    ],
)
def test_a_pass_of_before_groups_were_written_is_of_that_of_its_bill(
    issued: dict[str, object], together: str | None
) -> None:
    assert gatepass.together(issued) == together
