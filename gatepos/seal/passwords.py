"""What lets people into central's pages: passwords by argon2id, one-time start codes, tokens of sign-ins."""

import base64
import hmac
import os
import threading
from collections.abc import Callable

from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.seal import enrolment, pins
from gatepos.seal.pins import Profile

SHORTEST, LONGEST = 12, 128
_START_BYTES, _TOKEN_BYTES = 10, 32


class PasswordTooShort(Refusal):
    """Fewer than twelve characters, or more than anybody types."""

    says = N_("A password has 12 characters or more. Several words are good.")


class PasswordTooSimple(Refusal):
    """A password that anybody would try first."""

    says = N_("That password is too easy to guess. Choose another.")


class Passwords:
    """Makes and checks hashes, one at a time: each takes the memory that makes guessing slow."""

    def __init__(self, profile: Profile | None = None, random: Callable[[int], bytes] = os.urandom):
        self._profile = profile or Profile()
        self._random = random
        self._alone = threading.Lock()

    def hashed(self, password: str) -> str:
        """What central keeps of a password."""
        with self._alone:
            return pins.hashed(_bytes(password), self._profile, self._random)

    def holds(self, known: str | None, password: str) -> bool:
        """Whether a hash is of this password; the same work where nothing is known."""
        if known is None:
            self.hashed(password)
            return False
        with self._alone:
            return pins.holds(known, _bytes(password))

    def start_code(self) -> str:
        """A one-time code of 80 bits; `enrolment.hashed` is kept of it."""
        return base64.b32encode(self._random(_START_BYTES)).decode()

    def till_start_code(self, staff: str) -> tuple[str, str]:
        """A one-time code with which somebody chooses a PIN at a till, and what tills are told of it."""
        code = pins.sent_code()
        with self._alone:
            return code, pins.sent_hash(staff, code, self._profile)

    def token(self) -> str:
        """The secret of a sign-in, of 256 bits."""
        return self._random(_TOKEN_BYTES).hex()


def check_form(name: str, password: str) -> None:
    """PasswordTooShort, PasswordTooSimple unless somebody of this name may choose it."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordTooShort()
    plain = password.casefold()
    if len(set(plain)) < 5 or (name and plain.replace(name.casefold(), "").strip("0123456789 ") == ""):
        raise PasswordTooSimple()


def form_token(token: str) -> str:
    """The word that a form of this sign-in holds and that no other place can know."""
    return enrolment.hashed(f"form {token}")


def is_form_token(token: str, given: str) -> bool:
    """Whether a form came from a page of this sign-in."""
    return hmac.compare_digest(form_token(token).encode(), given.encode(errors="replace"))


def is_start_code(known: str | None, typed: str) -> bool:
    """Whether a typed code is the one of which `known` was kept."""
    return known is not None and hmac.compare_digest(enrolment.hashed(enrolment.folded(typed)), known)


def _bytes(password: str) -> bytes:
    return password.encode(errors="surrogatepass")
