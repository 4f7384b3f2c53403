"""The till's Ed25519 key, and strict verification with anybody's."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from nacl.bindings import crypto_core_ed25519_is_valid_point, crypto_scalarmult
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from gatepos import files
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_

KEY_BYTES, SIGNATURE_BYTES, KID_BYTES = 32, 64, 4


class KeyMissing(Trouble):
    """The till's key file is not there."""

    says = N_("The key of this till is missing from {folder}. It cannot sell; start the spare ledger.")


class KeyDamaged(Trouble):
    """The till's key file does not hold a key."""

    says = N_("The key of this till is damaged. It cannot sell; start the spare ledger.")


class KeyUnreadable(Trouble):
    """The till's key file is there and cannot be read."""

    says = N_("The key of this till in {folder} cannot be read ({why}). It cannot sell until that is mended.")


class WeakKey(Refusal):
    """A public key with which anybody could sign."""

    says = N_("That public key is not safe to trust.")


class TillKey:
    """A private key; it signs and never shows itself."""

    def __init__(self, seed: bytes):
        self._key = SigningKey(seed)
        self.public = bytes(self._key.verify_key)
        self.kid = kid_of(self.public)

    @classmethod
    def generate(cls, random: Callable[[int], bytes] = os.urandom) -> "TillKey":
        """A new key, from the operating system's randomness in every real build."""
        return cls(random(KEY_BYTES))

    @classmethod
    def load(cls, path: Path) -> "TillKey":
        """The key of a till; KeyMissing, KeyDamaged, KeyUnreadable."""
        try:
            text = path.read_text(encoding="ascii").strip()
            seed = bytes.fromhex(text)
        except FileNotFoundError as error:
            raise KeyMissing(folder=path.parent) from error
        except OSError as error:
            raise KeyUnreadable(folder=path.parent, why=error.strerror) from error
        except ValueError as error:
            raise KeyDamaged() from error
        if len(seed) != KEY_BYTES:
            raise KeyDamaged()
        return cls(seed)

    def save(self, path: Path) -> None:
        """Write the key for its owner alone; FileExistsError rather than replace one."""
        if path.exists():
            raise FileExistsError(path)
        files.write_whole(path, bytes(self._key).hex().encode() + b"\n", files.PRIVATE)

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature of a message."""
        return self._key.sign(message).signature

    def shared_with(self, public: bytes) -> bytes:
        """32 bytes that only this key and the owner of `public` can know (X25519, RFC 7748); WeakKey."""
        check_public(public)
        own, other = self._key.to_curve25519_private_key(), VerifyKey(public).to_curve25519_public_key()
        return crypto_scalarmult(bytes(own), bytes(other))

    def __repr__(self) -> str:
        return f"TillKey({self.kid.hex()})"


def kid_of(public: bytes) -> bytes:
    """The four bytes by which papers name a key."""
    return hashlib.sha256(public).digest()[:KID_BYTES]


def check_public(public: bytes) -> None:
    """WeakKey for points of small order, off the main subgroup, or not written canonically."""
    if not is_public(public):
        raise WeakKey()


def is_public(public: bytes) -> bool:
    """Whether a key is safe to trust."""
    return len(public) == KEY_BYTES and crypto_core_ed25519_is_valid_point(public)


def verify(public: bytes, message: bytes, sig: bytes) -> bool:
    """Whether `sig` is the key's signature of `message`; malleated ones and weak keys are not."""
    if len(public) != KEY_BYTES or len(sig) != SIGNATURE_BYTES:
        return False
    try:
        VerifyKey(public).verify(message, sig)
    except BadSignatureError:
        return False
    return True
