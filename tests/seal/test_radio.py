"""Questions and answers by radio: the same at two tills, and bound to all that they are about."""

import dataclasses

import pytest

from gatepos.seal import digits, radio
from gatepos.seal.keys import TillKey, WeakKey
from gatepos.seal.radio import Asked, Secrets

OURS, THEIRS, OTHERS = (TillKey(bytes([n]) * 32) for n in (1, 2, 3))
ASKED = Asked("NMG2", "NEA1", "03", "pass.waived", "12345678")
DEVICE = bytes(range(32))


def test_both_tills_give_the_same_answer_and_no_third_does() -> None:
    ours, theirs = Secrets(OURS, DEVICE, "NMG2"), Secrets(THEIRS, bytes(32), "NEA1")
    answer = ours.answer(ASKED, THEIRS.public)
    assert len(answer) == 8
    assert theirs.answer(ASKED, OURS.public) == answer
    assert Secrets(OTHERS, DEVICE, "NMG3").answer(ASKED, OURS.public) != answer


@pytest.mark.parametrize(
    "other",
    [
        {"asking": "NMG3"},
        {"answering": "NEA2"},
        {"staff": "04"},
        {"kind": "pass.revoked"},
        {"question": "12345679"},
    ],
)
def test_an_answer_fits_nothing_else(other: dict[str, str]) -> None:
    ours = Secrets(OURS, DEVICE, "NMG2")
    changed = dataclasses.replace(ASKED, **other)
    assert ours.answer(changed, THEIRS.public) != ours.answer(ASKED, THEIRS.public)


def test_a_weak_key_shares_no_secret() -> None:
    with pytest.raises(WeakKey):
        Secrets(OURS, DEVICE, "NMG2").answer(ASKED, bytes(32))


def test_a_question_is_of_the_action_and_the_word() -> None:
    asked = radio.question(radio.digest(b"waive", "a"))
    assert len(asked) == 8
    assert asked != radio.question(radio.digest(b"revoke", "a"))
    assert asked != radio.question(radio.digest(b"waive", "b"))
    assert radio.question(radio.digest(b"waive", "a"), 7) == "07" + asked[2:]


def test_codes_are_of_one_list_one_line_and_one_till() -> None:
    ours = Secrets(OURS, DEVICE, "NMG2")
    codes = {ours.code("list", line) for line in range(radio.CODES)}
    assert len(codes) == radio.CODES
    assert ours.code("list", 0) not in {ours.code("other", 0), Secrets(OURS, DEVICE, "XTG2").code("list", 0)}


def test_an_answer_is_read_however_it_was_spaced() -> None:
    assert digits.is_right(" 1234-5678 ", "12345678")
    assert not digits.is_right("1234 567", "12345678")
    assert not digits.is_right("é", "12345678")
