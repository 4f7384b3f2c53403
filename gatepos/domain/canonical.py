"""The written form of entries: RFC 8785 canonical JSON, narrowed (source: FORMATS.md §2).

ASCII keys, strings without control, invisible or private characters, integers below 2^53, no floats.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

import orjson

from gatepos.errors import Refusal
from gatepos.i18n import N_

RAW_MAX = 64 * 1024
DEPTH_MAX = 6
STRING_MAX = 600
INTEGER_MAX = 2**53 - 1

_KEY = re.compile(r"[a-z0-9_]{1,40}")
FORBIDDEN_RANGES = (
    (0x0000, 0x001F), (0x007F, 0x009F),  # C0, DEL, C1
    (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C),  # soft hyphen, grapheme joiner, Arabic mark
    (0x115F, 0x1160), (0x17B4, 0x17B5), (0x3164, 0x3164), (0xFFA0, 0xFFA0),  # Hangul and Khmer fillers
    (0x180B, 0x180F), (0xFE00, 0xFE0F),  # variation selectors
    (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F), (0xFEFF, 0xFEFF),  # zero-width and bidi
    (0x2800, 0x2800), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A),  # blank braille, shorthand, musical
    (0xD800, 0xDFFF), (0xE000, 0xF8FF), (0xF0000, 0x10FFFF),  # surrogates, private use
    (0xFFF0, 0xFFFF), (0xE0000, 0xE0FFF),  # interlinear marks and noncharacters, tags and variations
)  # fmt: skip
"""First and last code points that no text may have: what cannot be seen, or turns text around."""
FORBIDDEN = re.compile("[" + "".join(f"{chr(a)}-{chr(b)}" for a, b in FORBIDDEN_RANGES) + "]")


class BadForm(Refusal):
    """Bytes or a value that are not in the written form."""

    says = N_("This entry is not in the written form: {why}.")


def encode(value: Mapping[str, object]) -> bytes:
    """The one way to write `value`, strings brought to NFC; BadForm when it cannot be written."""
    return dump(normal(value))


def normal(value: Mapping[str, object]) -> dict[str, object]:
    """`value` as readers will find it: strings in NFC, lists for tuples; BadForm as `encode`."""
    return cast("dict[str, object]", _checked(dict(value), 1))


def dump(value: dict[str, object]) -> bytes:
    """The bytes of a value that is `normal`; BadForm when they are too many."""
    raw = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    if len(raw) > RAW_MAX:
        raise BadForm(why="longer than 64 KiB")
    return raw


def decode(raw: bytes) -> dict[str, object]:
    """The value that `raw` writes; BadForm unless `raw` is exactly what `encode` would write."""
    if len(raw) > RAW_MAX:
        raise BadForm(why="longer than 64 KiB")
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadForm(why="not JSON") from error
    if not isinstance(value, dict):
        raise BadForm(why="not an object")
    _check(value, 1)
    if orjson.dumps(value, option=orjson.OPT_SORT_KEYS) != raw:
        raise BadForm(why="not canonical")
    return value


def _checked(value: object, depth: int) -> object:
    if isinstance(value, str) and not value.isascii():
        value = unicodedata.normalize("NFC", value)
    if isinstance(value, tuple):
        value = list(value)
    _check_one(value, depth)
    if isinstance(value, dict):
        return {key: _checked(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_checked(item, depth + 1) for item in value]
    return value


def _check(value: Any, depth: int) -> None:
    """All that a parsed value holds; one call for each list or object, because most values are plain."""
    _check_frame(value, depth)
    for item in value.values() if isinstance(value, dict) else value:
        kind = type(item)
        if kind is str:
            _check_text(item)
        elif kind is int:
            _check_number(item)
        elif kind is dict or kind is list:
            _check(item, depth + 1)
        elif item is not None:
            _check_one(item, depth + 1)


def _check_one(value: object, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int):
        _check_number(value)
    elif isinstance(value, dict | list):
        _check_frame(value, depth)
    else:
        raise BadForm(why=f"a {type(value).__name__} where a whole number belongs")


def _check_frame(value: dict[str, object] | list[object], depth: int) -> None:
    if depth > DEPTH_MAX:
        raise BadForm(why="too deep")
    if isinstance(value, dict) and not all(map(_is_name, value)):
        raise BadForm(why="a name is not lower-case ASCII")


def _check_number(number: int) -> None:
    if not -INTEGER_MAX <= number <= INTEGER_MAX:
        raise BadForm(why="a number is too large")


def _check_text(text: str) -> None:
    if len(text) > STRING_MAX:
        raise BadForm(why="a text is too long")
    # Nearly every text is printable ASCII, which the first test tells at once.
    if not (text.isascii() and text.isprintable()) and FORBIDDEN.search(text):
        raise BadForm(why="a text has characters that cannot be seen")


@lru_cache(maxsize=1024)
def _is_name(key: object) -> bool:
    return isinstance(key, str) and _KEY.fullmatch(key) is not None
