"""One way to write a value; every other way is refused by readers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepos.domain import canonical, entry
from gatepos.domain.canonical import FORBIDDEN_RANGES, BadForm

_SEEN = st.characters(exclude_categories=("Cs", "Cc", "Co")).filter(
    lambda c: not any(a <= ord(c) <= b for a, b in FORBIDDEN_RANGES)
)
_NAMES = st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(_SEEN, max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=6,
)


def depth(value: object) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)


@given(st.dictionaries(_NAMES, _VALUES, max_size=4))
def test_what_is_written_is_read_back_and_written_alike(value: dict[str, object]) -> None:
    try:
        raw = canonical.encode(value)
    except BadForm:
        assert depth(value) > canonical.DEPTH_MAX
        return
    assert depth(value) <= canonical.DEPTH_MAX
    assert canonical.encode(canonical.decode(raw)) == raw
    assert json.loads(raw) == canonical.decode(raw)


def test_names_stand_in_order_and_nothing_stands_between() -> None:
    assert (
        canonical.encode({"b": [1, None], "a_1": True, "a": "é"})
        == '{"a":"é","a_1":true,"b":[1,null]}'.encode()
    )


def test_the_writer_composes_and_the_reader_does_not_ask() -> None:
    assert canonical.encode({"a": "e\u0301"}) == '{"a":"é"}'.encode()
    assert canonical.decode('{"a":"e\u0301"}'.encode()) == {"a": "e\u0301"}


@pytest.mark.parametrize(("first", "last"), FORBIDDEN_RANGES)
def test_characters_that_cannot_be_seen_are_neither_written_nor_read(first: int, last: int) -> None:
    for point in (first, (first + last) // 2, last):
        with pytest.raises(BadForm):
            canonical.encode({"a": chr(point)})
        if not 0xD800 <= point <= 0xDFFF:
            escaped = chr(point) if point > 0x1F else f"\\u{point:04x}"
            with pytest.raises(BadForm):
                canonical.decode(f'{{"a":"{escaped}"}}'.encode())


HIDING = (
    0, 0x1B, 0x7F, 0x85, 0xAD, 0x115F, 0x200B, 0x200F, 0x2028, 0x202E, 0x2060, 0x2066, 0x2800, 0x3164, 0xE000,
    0xFE0F, 0xFEFF, 0xFFFD, 0xE0001, 0xE0041, 0xE0100, 0xF0000, 0x10FFFF,
)  # fmt: skip


@pytest.mark.parametrize("point", HIDING, ids=hex)
def test_the_characters_that_hide_or_turn_text_are_all_among_them(point: int) -> None:
    with pytest.raises(BadForm):
        canonical.encode({"a": f"a{chr(point)}b"})


@pytest.mark.parametrize("text", ["Ngũgĩ wa Thiong’o", "–—×·−", "مرحبا", "🦁", "中文"])
def test_ordinary_words_of_any_language_are_written(text: str) -> None:
    assert canonical.decode(canonical.encode({"a": text})) == {"a": text}


def _entry(**changed: object) -> dict[str, object]:
    fields: dict[str, object] = {
        "also": None, "app": "1", "at": "2026-01-02T03:31:02.123Z", "boot": "b", "by": None, "clock": "ok",
        "data": {"system": "s", "sqlite": "3"}, "day": "2026-01-02", "gate": "MAIN", "id": "i",
        "kind": "boot", "lane": "1", "mono_ms": 1, "postings": [], "prev": "0" * 64, "rate": None,
        "schedule": None, "seq": 1, "shift": None, "till": "XNM2", "v": 1,
    }  # fmt: skip
    return {**fields, **changed}


def test_an_entry_has_exactly_its_fields() -> None:
    raw = entry.write(_entry())
    assert entry.read(raw, b"").kind == "boot"
    assert (entry.prev_of(raw), entry.seq_of(raw)) == (bytes(32), 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"v": 2},
        {"v": True},
        {"seq": 0},
        {"seq": True},
        {"mono_ms": -1},
        {"by": ""},
        {"by": "٠٧"},
        {"till": "INM2"},
        {"at": "2026-01-02T03:31:02Z"},
        {"at": "2026-02-30T03:31:02.123Z"},
        {"at": "2026-01-02T03:31:02.123Z\n"},
        {"day": "20260102"},
        {"prev": "A" * 64},
        {"kind": "receipt.forged"},
        {"data": {"system": "s"}},
        {"data": {"system": "s", "sqlite": "3", "more": 1}},
        {"data": {"system": None, "sqlite": "3"}},
        {"shift": "XNM2R000001V"},
        {"also": {"staff": "01", "how": "phone"}},
        {"postings": [["asset:card", "KES", 1]]},
        {"postings": [["asset:card", "KES", 1], ["income:x", "USD", -1]]},
        {"postings": [["asset card", "KES", 0]]},
        {"postings": [["asset:card", "KES", True], ["asset:card", "KES", -1]]},
        {"more": 1},
    ],
    ids=repr,
)
def test_an_entry_of_another_form_is_neither_written_nor_read(changed: dict[str, object]) -> None:
    fields = _entry(**changed)
    with pytest.raises(BadForm):
        entry.write(fields)
    with pytest.raises(BadForm):
        entry.read(canonical.encode(fields), b"")
