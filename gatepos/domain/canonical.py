"""The written form of entries: RFC 8785 canonical JSON, narrowed (source: FORMATS.md §2).

ASCII keys, strings without control, invisible or private characters, integers below 2^53, no floats.
"""

import re
import unicodedata

import orjson

from gatepos.errors import Refusal
from gatepos.i18n import N_

RAW_MAX = 64 * 1024
DEPTH_MAX = 6
STRING_MAX = 600
INTEGER_MAX = 2**53 - 1

_KEY = re.compile(r"[a-z0-9_]{1,40}")
# C0, DEL and C1 · soft hyphen, joiners, Hangul and Khmer fillers · zero-width, bidi and invisible
# operators · variation selectors · surrogates and private use · interlinear marks and tags.
FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    "\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)


class BadForm(Refusal):
    """Bytes or a value that are not in the written form."""

    says = N_("This entry is not in the written form: {why}.")


def encode(value: dict[str, object]) -> bytes:
    """The one way to write `value`, strings brought to NFC; BadForm when it cannot be written."""
    raw = orjson.dumps(_checked(value, 1), option=orjson.OPT_SORT_KEYS)
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
    if isinstance(value, dict):
        value = {key: _checked(item, depth + 1) for key, item in value.items()}
    elif isinstance(value, list | tuple):
        value = [_checked(item, depth + 1) for item in value]
    _check_one(value, depth)
    return value


def _check(value: object, depth: int) -> None:
    _check_one(value, depth)
    if isinstance(value, dict):
        for item in value.values():
            _check(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)


def _check_one(value: object, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, bool) or value is None:
        return
    elif isinstance(value, int):
        if not -INTEGER_MAX <= value <= INTEGER_MAX:
            raise BadForm(why="a number is too large")
    elif isinstance(value, dict | list):
        if depth > DEPTH_MAX:
            raise BadForm(why="too deep")
        if isinstance(value, dict) and not all(isinstance(k, str) and _KEY.fullmatch(k) for k in value):
            raise BadForm(why="a name is not lower-case ASCII")
    else:
        raise BadForm(why=f"a {type(value).__name__} where a whole number belongs")


def _check_text(text: str) -> None:
    if len(text) > STRING_MAX:
        raise BadForm(why="a text is too long")
    if FORBIDDEN.search(text):
        raise BadForm(why="a text has characters that cannot be seen")
