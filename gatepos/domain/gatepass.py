"""What a paper's token says (source: FORMATS.md §4). Times are unix seconds."""

import base64
import hashlib
import re
from dataclasses import dataclass, replace

from gatepos.domain import money, numbers
from gatepos.domain.kinds import AGES, CATEGORIES, LINES_MAX, PEOPLE_MAX

OWED, PAID, PREPAID, SEEN = 0, 1, 2, 3
VALID_MAX_S = 60 * 86_400
CODES_MAX = 8
"""Parks and exits, each: the longest payload is then 255 bytes, until the year 36812."""
_TIME_MAX = 2**40
_BAND_MAX = 5
_SERIES = {OWED: "P", PAID: "PR", PREPAID: "PR", SEEN: "PR"}
_CODE = re.compile(r"[A-Z0-9]{2,4}")
_PLATE = re.compile(r"[A-Z0-9]{0,10}")


@dataclass(frozen=True, slots=True)
class Payload:
    """The signed content of a token; `number` is filled in inside the journal's transaction."""

    kind: int
    issued: int
    valid_from: int
    valid_until: int
    parks: tuple[str, ...]
    exits: tuple[str, ...]
    plate: str
    band: int
    people: tuple[tuple[int, int, int], ...]
    due: int
    number: str = ""

    def numbered(self, number: str) -> "Payload":
        """The same paper under its number."""
        return replace(self, number=number)


def is_legal(payload: Payload) -> bool:
    """Whether every field is in its range and the number's check character is right."""
    return (
        _is_number(payload.number, _SERIES.get(payload.kind, ""))
        and 0 <= payload.issued < _TIME_MAX
        and 0 <= payload.valid_from < payload.valid_until < _TIME_MAX
        and payload.valid_until - payload.valid_from <= VALID_MAX_S
        and 1 <= len(payload.parks) <= CODES_MAX
        and len(payload.exits) <= CODES_MAX
        and all(_CODE.fullmatch(code) for code in (*payload.parks, *payload.exits))
        and _PLATE.fullmatch(payload.plate) is not None
        and 0 <= payload.band <= _BAND_MAX
        and 0 <= payload.due <= money.AMOUNT_MAX
        and _are_people(payload.people)
    )


def _is_number(text: str, series: str) -> bool:
    try:
        number = numbers.parse(text)
    except numbers.BadNumber:
        return False
    return str(number) == text and number.series in series


def _are_people(people: tuple[tuple[int, int, int], ...]) -> bool:
    groups = [(category, age) for category, age, _ in people]
    return groups == sorted(set(groups)) and all(
        0 <= category < len(CATEGORIES) and 0 <= age < len(AGES) and 1 <= n <= LINES_MAX * PEOPLE_MAX
        for category, age, n in people
    )


def digest(token: str) -> str:
    """The SHA-256, hex, by which a paper is known everywhere, from its base32 text."""
    padded = token + "=" * (-len(token) % 8)
    return hashlib.sha256(base64.b32decode(padded)).hexdigest()
