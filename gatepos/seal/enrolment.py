"""The single-use codes by which tills join central, and the tokens they show after (FORMATS.md §6)."""

import base64
import hashlib
import os
from collections.abc import Callable

from gatepos.seal.keys import TillKey

SECRET_BYTES = 10
"""80 bits that nobody guesses."""
_SECRET_LETTERS, _KEY_LETTERS = 16, 10
_LETTER_FOR_DIGIT = str.maketrans("018", "OIB")


def new_code(central: bytes, random: Callable[[int], bytes] = os.urandom) -> str:
    """A code of 26 base32 characters; the last ten tell the till which central's key to believe."""
    return base64.b32encode(random(SECRET_BYTES)).decode() + check_code(central)


def folded(typed: str) -> str:
    """A code as it was made, however it was typed: any case, with hyphens or spaces."""
    return "".join(typed.split()).replace("-", "").upper().translate(_LETTER_FOR_DIGIT)


def printed(code: str) -> str:
    """A code in groups that can be read out."""
    return "-".join(code[at : at + 5] for at in range(0, len(code), 5))


def names(code: str, central: bytes) -> bool:
    """Whether a code, as made or typed, came from the central that has this key."""
    found = folded(code)
    return len(found) == _SECRET_LETTERS + _KEY_LETTERS and found.endswith(check_code(central))


def token(central: TillKey, code: str, public: bytes) -> str:
    """The token of the till that joins by a code: the same again, so that a lost answer can be repeated."""
    asked = hashlib.sha256(folded(code).encode()).digest() + public
    return hashlib.sha256(central.sign(b"gatepos/token/1\x00" + asked)).hexdigest()


def hashed(secret: str) -> str:
    """What central keeps of a code or a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def check_code(central: bytes) -> str:
    """The ten characters by which a code names central's key."""
    return base64.b32encode(hashlib.sha256(central).digest()).decode()[:_KEY_LETTERS]
