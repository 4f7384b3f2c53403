"""What a paper's token says (source: FORMATS.md §4). Times are unix seconds."""

import base64
import hashlib
from dataclasses import dataclass, replace

OWED, PAID, PREPAID, SEEN = 0, 1, 2, 3
VALID_MAX_S = 60 * 86_400


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


def digest(token: str) -> str:
    """The SHA-256, hex, by which a paper is known everywhere, from its base32 text."""
    padded = token + "=" * (-len(token) % 8)
    return hashlib.sha256(base64.b32decode(padded)).hexdigest()
