"""The codes by which tills join central, their tokens, the secrets of addresses (FORMATS.md §6)."""

import base64
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field

from argon2.low_level import Type, hash_secret_raw

from gatepos.domain.keyring import ForeignKey
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.seal.keys import TillKey, WeakKey

SECRET_BYTES = 10
"""80 bits that nobody guesses."""
_ADDRESS_BYTES = 16
_SECRET_LETTERS, _KEY_LETTERS = 16, 10
CODE_LETTERS = _SECRET_LETTERS + _KEY_LETTERS
_NAMING = 1, 46 * 1024, 1
"""What argon2id costs here: passes, KiB, lanes; for ever, because codes are checked by it."""
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_LETTER_FOR_DIGIT = str.maketrans("018", "OIB")


class BadCode(Refusal):
    """Something of another form than enrolment codes have."""

    says = N_("An enrolment code has 26 letters and digits. Check each and type it again.")


class CodeUnknown(Refusal):
    """A code that this central did not give."""

    says = N_("Central did not give this enrolment code. Check each character and type it again.")


class CodeTooOld(Refusal):
    """A code whose time is over."""

    says = N_("This enrolment code is older than 15 minutes. Ask for a new one.")


class CodeUsed(Refusal):
    """A code that another key, or another till, used."""

    says = N_("This enrolment code was used already. Ask for a new one.")


class NotProved(Refusal):
    """A till that does not hold the key that it names."""

    says = N_("The till did not prove that the key is its own. Enrol it again.")


class TillTaken(Refusal):
    """A till code or a key that was given before."""

    says = N_("{till} or its key was given before. A till with a new key or place needs a new code.")


NAMED: dict[str, type[Refusal]] = {
    "code_unknown": CodeUnknown,
    "code_too_old": CodeTooOld,
    "code_used": CodeUsed,
    "not_proved": NotProved,
    "till_taken": TillTaken,
    "foreign_key": ForeignKey,
    "weak_key": WeakKey,
}
"""Why central lets a till not join, by the name that goes over the network."""


@dataclass(frozen=True, slots=True)
class Joins:
    """What somebody types to let a till join: central's address and the code that it gave."""

    url: str
    code: str = field(repr=False)


def new_code(central: bytes, random: Callable[[int], bytes] = os.urandom) -> str:
    """A code of 26 base32 characters; the last ten tell the till which central's key to believe."""
    secret = base64.b32encode(random(SECRET_BYTES)).decode()
    return secret + _named(secret, central)


def new_secret(random: Callable[[int], bytes] = os.urandom) -> str:
    """128 bits as 26 base32 characters, for an address that only one sender is told."""
    return base64.b32encode(random(_ADDRESS_BYTES)).decode().rstrip("=")


def folded(typed: str) -> str:
    """A code as it was made, however it was typed: any case, with hyphens or spaces."""
    return "".join(typed.split()).replace("-", "").upper().translate(_LETTER_FOR_DIGIT)


def read(typed: str) -> str:
    """A typed code as it was made; BadCode when letters are missing or too many."""
    code = folded(typed)
    if len(code) != CODE_LETTERS or set(code) - set(_BASE32):
        raise BadCode()
    return code


def printed(code: str) -> str:
    """A code in groups that can be read out."""
    return "-".join(code[at : at + 5] for at in range(0, len(code), 5))


def names(code: str, central: bytes) -> bool:
    """Whether a code, as made or typed, came from the central that has this key."""
    found = folded(code)
    if len(found) != CODE_LETTERS or not found.isascii():
        return False
    secret = found[:_SECRET_LETTERS]
    return found[_SECRET_LETTERS:] == _named(secret, central)


def token(central: TillKey, code: str, public: bytes) -> str:
    """The token of the till that joins by a code: the same again, so that a lost answer can be repeated."""
    asked = hashlib.sha256(folded(code).encode()).digest() + public
    return hashlib.sha256(central.sign(b"gatepos/token/1\x00" + asked)).hexdigest()


def hashed(secret: str) -> str:
    """What central keeps of a code or a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def check_code(central: bytes) -> str:
    """Ten characters by which two people compare central's key; nothing relies on them alone."""
    return base64.b32encode(hashlib.sha256(central).digest()).decode()[:_KEY_LETTERS]


def _named(secret: str, central: bytes) -> str:
    """The ten characters by which a code names central's key.

    They are 50 bits only, so that somebody can type them. Whoever would stand in for central needs a key with
    the same ten, and can look for it only once the code is known: it is the salt, and each try is slow.
    """
    made = hash_secret_raw(central, secret.encode(), *_NAMING, 32, Type.ID)
    return base64.b32encode(made).decode()[:_KEY_LETTERS]
