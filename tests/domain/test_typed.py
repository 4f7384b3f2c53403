"""Plates, text and numbers as people type them: one form, or a refusal by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepos.domain import numbers, parks, plates, shapes, text
from gatepos.domain.canonical import FORBIDDEN_RANGES
from gatepos.domain.cards import FullCardNumber
from gatepos.domain.numbers import BadNumber, Number, NumbersUsedUp
from gatepos.domain.phones import PhoneInText
from gatepos.domain.plates import BadPlate
from gatepos.domain.text import TextTooLong, UnseenCharacters

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NUMBERS = st.builds(
    numbers.make,
    st.sampled_from(["NMG2", "XNM2", "A000", "ZZZZ"]),
    st.sampled_from(numbers.SERIES),
    st.integers(1, numbers.LAST),
)


@pytest.mark.parametrize(
    ("typed", "plate", "shown"),
    [
        ("kda 412m", "KDA412M", "KDA 412M"),
        ("KDA-412-M", "KDA412M", "KDA 412M"),
        ("KAA.123", "KAA123", "KAA 123"),
        ("GK A 123B", "GKA123B", "GKA 123B"),
        ("T 123 ABC", "T123ABC", "T 123 ABC"),
        ("UBA123X", "UBA123X", "UBA 123X"),
        ("12CD34", "12CD34", "12CD34"),
    ],
)
def test_a_plate_as_typed_and_as_on_the_vehicle(typed: str, plate: str, shown: str) -> None:
    assert plates.parse(typed) == plate
    assert plates.shown(plate) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "kdı412m", "KDA412ſ", "КДА412М", "ＫＤＡ４１２", "KDA٤١٢", "", "K", "K" * 11, "KDA\t412",
        "KDA\x00412", "K'; --", "K" * 10_000,
    ],
)  # fmt: skip
def test_other_alphabets_and_anything_else_are_no_plate(typed: str) -> None:
    with pytest.raises(BadPlate) as told:
        plates.parse(typed)
    assert str(told.value).isprintable()
    assert len(str(told.value)) < 120


def test_text_is_trimmed_folded_and_brought_to_one_form() -> None:
    assert text.line("  Ngũgĩ   Safaris ") == "Ngũgĩ Safaris"
    assert text.line("Ngu\u0303gi\u0303") == "Ngũgĩ"
    assert text.free("torn\nnote\ttwice\r\n") == "torn note twice"


@pytest.mark.parametrize("n", [201, 10_000])
def test_long_text_is_refused_with_the_limit(n: int) -> None:
    with pytest.raises(TextTooLong) as told:
        text.line("x" * n)
    assert "200" in str(told.value)
    with pytest.raises(TextTooLong):
        text.free("x" * (n + 300))
    assert len(text.line("x" * 200)) == 200
    assert len(text.free("x" * 500)) == 500


@pytest.mark.parametrize("point", sorted({p for pair in FORBIDDEN_RANGES for p in pair} - {9, 10, 13}))
def test_what_cannot_be_seen_or_turns_text_is_refused(point: int) -> None:
    with pytest.raises(UnseenCharacters):
        text.line(f"safari{chr(point)}com")
    with pytest.raises(UnseenCharacters):
        text.free(f"safari{chr(point)}com")


@pytest.mark.parametrize(
    "typed", ["4111 1111 1111 1111", "card 4111-1111-1111-1111 seen", "4111  1111 1111 1111", "4" * 13]
)
def test_no_card_number_is_kept_wherever_it_is_typed(typed: str) -> None:
    for read in (text.kept, text.free):
        with pytest.raises(FullCardNumber):
            read(typed)
    assert text.kept("0712 345 678") == "0712 345 678"


@pytest.mark.parametrize(
    "typed", ["0712345678", "driver 0712 345 678 will call", "+254 712-345-678", "tel.254110345678"]
)
def test_no_phone_stands_in_a_reason_that_nobody_could_erase(typed: str) -> None:
    with pytest.raises(PhoneInText) as told:
        text.reason(typed)
    assert "345" not in str(told.value)


@pytest.mark.parametrize(
    "typed", ["order 07/2026 of 01-01-2026 10:31", "XNM2-P000712-K", "KES 712,345", "07 12", "107123456789"]
)
def test_numbers_that_are_no_phone_stand_in_a_reason(typed: str) -> None:
    assert text.reason(typed) == typed


@given(st.text(max_size=300))
def test_what_is_kept_can_be_seen_and_stays_as_it_is(typed: str) -> None:
    try:
        kept = text.free(typed)
    except (UnseenCharacters, TextTooLong, FullCardNumber, PhoneInText):
        return
    assert text.free(kept) == text.line(kept, shapes.FREE_MAX) == kept
    assert not any(a <= ord(c) <= b for c in kept for a, b in FORBIDDEN_RANGES)


@pytest.mark.parametrize(
    ("till", "series", "n", "number"),
    [
        ("NMG2", "P", 318, "NMG2P000318T"),
        ("NMG2", "R", 771, "NMG2R000771T"),
        ("NMG2", "Z", 41, "NMG2Z000041V"),
    ],
)
def test_known_numbers(till: str, series: str, n: int, number: str) -> None:
    assert numbers.make(till, series, n) == number
    assert numbers.parse(number) == Number(till, series, n)
    assert str(Number(till, series, n)) == number


@pytest.mark.parametrize(
    "typed", ["NMG2-R000771-T", "nmg2r000771t", " nmg2 r000 771 t ", "NMG2RO0O77IT", "nmg2-rooo77i-t"]
)
def test_a_number_as_people_type_it(typed: str) -> None:
    assert str(numbers.parse(typed)) == "NMG2R000771T"


@given(NUMBERS)
def test_a_number_is_read_back_from_its_printed_form(number: str) -> None:
    assert str(numbers.parse(numbers.printed(number))) == number
    assert str(numbers.parse(number[:11].translate(str.maketrans("01", "OI")) + number[11])) == number


@given(NUMBERS)
def test_every_single_wrong_character_is_caught(number: str) -> None:
    for at in range(12):
        for wrong in ALPHABET:
            typed = number[:at] + wrong + number[at + 1 :]
            try:
                found = str(numbers.parse(typed))
            except BadNumber:
                continue
            assert found == number


def test_of_neighbours_that_changed_places_97_in_100_are_caught() -> None:
    swapped = [
        number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        for number in (numbers.make("NMG2", "P", n) for n in range(1, 1_000_000, 997))
        for at in range(11)
        if number[at] != number[at + 1]
    ]
    assert sum(map(is_number, swapped)) <= 0.03 * len(swapped)


def is_number(typed: str) -> bool:
    try:
        numbers.parse(typed)
    except BadNumber:
        return False
    return True


@pytest.mark.parametrize(
    "typed",
    [
        "", "NMG2R000000N", "NMG2Q000771T", "NMG2R00077T", "ІMG2R000771T", "NMG2R00077１T", "nmgʒr000771t",
        "x" * 10_000, "NMG2R000771T1",
    ],
)  # fmt: skip
def test_what_no_till_can_have_printed_is_refused(typed: str) -> None:
    with pytest.raises(BadNumber) as told:
        numbers.parse(typed)
    assert len(str(told.value)) < 120


@pytest.mark.parametrize(
    ("code", "is_till"),
    [("NMG2", True), ("X000", True), ("IMG2", False), ("NMO2", False), ("2MGN", False), ("nmg2", False)]
)  # fmt: skip
def test_a_tills_code(code: str, is_till: bool) -> None:
    assert numbers.is_till(code) is is_till
    assert numbers.is_demo(code) is code.startswith("X")


def test_after_the_last_number_the_till_needs_a_new_code() -> None:
    assert numbers.make("NMG2", "R", 999_999)
    with pytest.raises(NumbersUsedUp):
        numbers.make("NMG2", "R", 1_000_000)


def test_every_gate_has_a_code_to_begin_with_that_is_not_that_of_a_training() -> None:
    for park in parks.shipped().parks.values():
        for gate in park.gates:
            code = numbers.proposed_till(park.code, gate.code, "2")
            assert numbers.is_till(code), (park.code, gate.code)
            assert numbers.is_demo(code)
            assert not code.startswith("XT")
    assert numbers.proposed_till("NNP", "MAIN", "2") == "XNM2"
    assert numbers.is_till(numbers.proposed_till("TT", "", "é"))
