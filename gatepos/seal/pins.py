"""PINs: chosen and kept at each till, argon2id over a device-bound pepper; one-time start codes."""

import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from itertools import count, pairwise
from pathlib import Path

from argon2.exceptions import VerificationError, VerifyMismatchError
from argon2.low_level import Type, hash_secret, verify_secret

from gatepos import files
from gatepos.domain import moments
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_
from gatepos.seal import pepper

FILE = "pins.json"
_HASH = re.compile(r"\$argon2id\$v=19\$m=\d{1,8},t=\d{1,4},p=\d{1,3}\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}")
"""As argon2 writes a hash of 32 bytes over a salt of 16."""
SHORTEST, LONGEST = 6, 32
_SENT_LENGTH = 16
_START_ALPHABET, _START_LENGTH = "0123456789", 8
"""Digits, because a PIN is asked for with digits alone; at one try in five minutes, what the lockout leaves,
guessing one of eight takes some 500 years.
"""


@dataclass(frozen=True, slots=True)
class Profile:
    """What one argon2id hash costs (source: OWASP ASVS 5.0, t=1 with 46 MiB)."""

    time_cost: int = 1
    memory_kib: int = 46 * 1024
    lanes: int = 1


class PinTooShort(Refusal):
    """Fewer than six digits."""

    says = N_("A PIN has six digits or more.")


class PinTooSimple(Refusal):
    """One of the first PINs that anybody would try."""

    says = N_("That PIN is too easy to guess. Choose another.")


class StartCodeTooOld(Refusal):
    """A start code from central whose time is over."""

    says = N_("This start code is too old. Ask the manager or central for a new one.")


class PinsDamaged(Trouble):
    """The PIN file cannot be read."""

    says = N_("The PIN file of this till is damaged: {file}. Set PINs anew with: gatepos pins {folder}")

    @classmethod
    def at(cls, path: Path) -> "PinsDamaged":
        """The trouble with a file."""
        return cls(file=path, folder=path.parent)


class PinsWhole(Refusal):
    """A PIN file that somebody can still sign in with."""

    says = N_("The PINs in {folder} can be read: a manager gives start codes in Set-up. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Sent:
    """A start code from central as it is known here, and until when it is good."""

    known: str
    until: str
    is_spent: bool


class PinBook:
    """The PIN hashes of one till. Every answer costs one hash, whether the person exists or not."""

    def __init__(
        self, folder: Path, profile: Profile | None = None, random: Callable[[int], bytes] = os.urandom
    ):
        self._path = folder / FILE
        self._profile = profile or Profile()
        self._random = random
        self._pepper = pepper.load(folder, random)
        self._pins, self._starts, self._sent = self._load()

    def has(self, staff: str) -> bool:
        """Whether somebody has chosen a PIN."""
        return staff in self._pins

    @property
    def is_empty(self) -> bool:
        """Whether nobody can sign in."""
        return not self._pins and not self._starts and not self._sent

    def set_pin(self, staff: str, pin: str) -> None:
        """Keep a PIN that somebody chose; PinTooShort, PinTooSimple."""
        check_form(staff, pin)
        self._pins[staff] = self._hash(staff, pin)
        self._starts.pop(staff, None)
        self._spend(staff)
        self._save()

    def set_start_code(self, staff: str) -> str:
        """A new one-time code with which somebody chooses a PIN; the old PIN dies."""
        code = "".join(secrets.choice(_START_ALPHABET) for _ in range(_START_LENGTH))
        self._pins.pop(staff, None)
        self._starts[staff] = self._hash(staff, code)
        self._spend(staff)
        self._save()
        return code

    def take_start_code(self, staff: str, known: str, until: str) -> None:
        """Central gave somebody a start code, good until a moment; the old PIN dies. The same again: nothing.

        `known` is of `sent_hash`: the code itself is told to nobody but its owner.
        """
        if staff in self._sent and self._sent[staff].known == known:
            return
        self._pins.pop(staff, None)
        self._starts.pop(staff, None)
        self._sent[staff] = Sent(known, until, is_spent=False)
        self._save()

    def check(self, staff: str, pin: str) -> bool:
        """Whether this is the person's PIN."""
        return self._verify(self._pins.get(staff), staff, pin)

    def check_start_code(self, staff: str, code: str, at_ms: int) -> bool:
        """Whether this is the person's start code; `set_pin` spends it. StartCodeTooOld."""
        code, sent = "".join(code.split()).replace("-", ""), self._sent.get(staff)
        if sent is None or sent.is_spent:
            return self._verify(self._starts.get(staff), staff, code)
        if not holds(sent.known, _sent_secret(staff, code)):
            return False
        if at_ms > moments.from_text(sent.until):
            raise StartCodeTooOld()
        return True

    def _spend(self, staff: str) -> None:
        if staff in self._sent:
            self._sent[staff] = replace(self._sent[staff], is_spent=True)

    def _hash(self, staff: str, secret: str) -> str:
        return hashed(self._peppered(staff, secret), self._profile, self._random)

    def _verify(self, known: str | None, staff: str, secret: str) -> bool:
        if known is None:
            self._hash(staff, secret)
            return False
        try:
            return holds(known, self._peppered(staff, secret))
        except VerificationError as error:
            raise PinsDamaged.at(self._path) from error

    def _peppered(self, staff: str, secret: str) -> bytes:
        return hmac.digest(
            self._pepper, f"{staff}\x00{secret}".encode(errors="surrogatepass"), hashlib.sha256
        )

    def _load(self) -> tuple[dict[str, str], dict[str, str], dict[str, Sent]]:
        if not self._path.exists():
            return {}, {}, {}
        try:
            data = json.loads(self._path.read_text(encoding="utf-8"))
            sent = {staff: Sent(**kept) for staff, kept in data.get("sent", {}).items()}
            _hashes({staff: one.known for staff, one in sent.items()})
            for one in sent.values():
                moments.from_text(one.until)
            return _hashes(data["pins"]), _hashes(data["starts"]), sent
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise PinsDamaged.at(self._path) from error

    def _save(self) -> None:
        sent = {staff: asdict(one) for staff, one in self._sent.items()}
        data = json.dumps(
            {"pins": self._pins, "starts": self._starts, "sent": sent}, indent=1, sort_keys=True
        )
        files.write_whole(self._path, data.encode(), files.PRIVATE)


def hashed(secret: bytes, cost: Profile, random: Callable[[int], bytes]) -> str:
    """The argon2id hash of a secret under a salt of its own."""
    made = hash_secret(secret, random(16), cost.time_cost, cost.memory_kib, cost.lanes, 32, Type.ID)
    return made.decode()


def holds(known: str, secret: bytes) -> bool:
    """Whether a hash is of this secret; VerificationError when it is no hash."""
    try:
        return verify_secret(known.encode(), secret, Type.ID)
    except VerifyMismatchError:
        return False


def sent_code() -> str:
    """A start code that central gives: 16 digits, 53 bits, because a PIN is asked for with digits alone."""
    return f"{secrets.randbelow(10**_SENT_LENGTH):0{_SENT_LENGTH}d}"


def sent_hash(staff: str, code: str, cost: Profile | None = None) -> str:
    """What central tells the tills of a park of such a code: too slow to guess, and for this person alone."""
    return hashed(_sent_secret(staff, code), cost or Profile(), os.urandom)


def _sent_secret(staff: str, code: str) -> bytes:
    return f"gatepos/start/1\x00{staff}\x00{code}".encode(errors="surrogatepass")


def _hashes(kept: dict[str, str]) -> dict[str, str]:
    if not all(isinstance(hash_, str) and _HASH.fullmatch(hash_) for hash_ in dict(kept).values()):
        raise ValueError("no hash")
    return dict(kept)


def start_anew(folder: Path) -> None:
    """Take a PIN file that lets nobody in out of the way, whole as evidence; PinsWhole for any other."""
    try:
        if not PinBook(folder).is_empty:
            raise PinsWhole(folder=folder)
    except PinsDamaged:
        aside = next(path for n in count(1) if not (path := folder / f"pins.damaged-{n}.json").exists())
        os.rename(folder / FILE, aside)
        files.sync_folder(folder)


def check_form(staff: str, pin: str) -> None:
    """PinTooShort, PinTooSimple unless the PIN may be chosen by this person."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        raise PinTooShort()
    steps = {int(b) - int(a) for a, b in pairwise(pin)}
    is_repeated = pin == staff * (len(pin) // len(staff))
    if (len(steps) == 1 and steps <= {-1, 0, 1}) or is_repeated:
        raise PinTooSimple()
