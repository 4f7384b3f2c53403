"""The driver's slip: what it says is read, what it may not say is named, and it fits a code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepos.domain import slip
from gatepos.domain.scanned import begins_like_ours, split
from gatepos.domain.slip import Slip, SlipTooNew, SlipUnread, of_scan, plain, read, write
from gatepos.i18n import words
from tests.domain.test_scanned import BARE, FRENCH, GERMAN, US, Keys, typed

VAN = Slip(((0, 0, 3), (2, 0, 3), (4, 0, 1), (4, 1, 1)), "NNP", "KDA412M", 2, "BUSH TREKS")
TEXT = "GB:1:NNP:KDA412M:2:003.203.401.411:BUSH TREKS"


def test_a_slip_is_written_and_read_as_the_format_says() -> None:
    assert write(VAN) == TEXT
    assert read(TEXT) == (VAN, ())


def test_everything_but_the_version_and_the_people_may_be_left_out() -> None:
    assert read("GB:1::::302") == (Slip(((3, 0, 2),)), ())
    assert write(Slip(((3, 0, 2),))) == "GB:1::::302"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("GB:1:NNP:KDA412M:2:302:BUSH TREKS:FREE", "FREE"),
        ("GB:1:NNP:KDA412M:9:302", "9"),
        ("GB:1:NNP:K:2:302", "K"),
        ("GB:1:NAIROBI:KDA412M:2:302", "NAIROBI"),
        ("GB:1::::302.30501", "30501"),
        ("GB:1::::302.30999", "30999"),
        ("GB:1::::302.3000", "3000"),
        ("GB:1::::302.705", "705"),
        ("GB:1::::302.335", "335"),
        ("GB:1::::302.421", "421"),
        ("GB:1::::302.303", "303"),
        ("GB:1::::302.X", "X"),
    ],
)
def test_what_cannot_be_read_is_named_and_the_rest_is_taken(text: str, part: str) -> None:
    found, left = read(text)
    assert found.people == ((3, 0, 2),)
    assert [said.values["part"] for said in left] == [part]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("GB:2:NNP:KDA412M:2:302", SlipTooNew),
        ("GB:1:NNP:KDA412M:2", SlipUnread),
        ("GB:1:NNP:KDA412M:2:99", SlipUnread),
        ("GB:1", SlipUnread),
        ("GB:1::::302:" + "A" * 190, SlipUnread),
        ("GB:1::::302:BÜSCH", SlipUnread),
    ],
)
def test_a_slip_that_says_nothing_is_refused_by_name(text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        read(text)


def test_an_operator_is_written_in_plain_capitals() -> None:
    assert plain("Büsch & Söhne: Safaris (K) Ltd.") == "BUSCH SOHNE SAFARIS K LTD."
    assert len(plain("x" * 500)) == slip.OPERATOR_MAX


@pytest.mark.parametrize("keyboard", [US, GERMAN, FRENCH])
def test_a_slip_reads_the_same_whatever_the_keyboard(keyboard: Keys) -> None:
    text = TEXT.replace(" ", "-")
    garbled = typed(text, keyboard)
    assert begins_like_ours(garbled[:4])
    assert of_scan(garbled) == text


def test_slips_and_papers_that_ran_together_are_taken_apart() -> None:
    plate = "GB:1:NNP:UAGB:1:302:SAFARI"
    for one, two in ((TEXT, BARE), (BARE, TEXT), (TEXT, plate), (plate, TEXT), (plate, plate)):
        assert split(f"{one}\r\n{two}") == (one, two)
        assert split(one + two) == (one, two)
    assert split(plate) == (plate,)


def test_what_is_no_slip_is_none() -> None:
    for text in (BARE, "KDA 412M", "GB", "", "UA26X1Y2ZQ", "GB:"):
        assert of_scan(text) is None


def test_people_that_cannot_be_sold_are_named_in_both_languages() -> None:
    said = slip.NotSoldBySlip((5, 2, 40))
    assert "40\N{NO-BREAK SPACE}school pupils" in said.said(words("en"))
    assert "40" in said.said(words("sw"))


@given(st.text(st.sampled_from("GB:1.0234569 AKZ*"), max_size=220))
def test_any_text_at_all_is_a_slip_or_refused(text: str) -> None:
    try:
        found, _ = read(f"GB:1:{text}")
    except SlipUnread:
        return
    assert read(write(found))[0].people == found.people
