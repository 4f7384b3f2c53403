"""A box for small secrets at rest: only the device that closed it opens it."""

import hashlib
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.secret import Aead

from gatepos.seal import pepper

PERSONAL = b"gatepos/personal"
"""The purpose of the box for personal data, at most 16 bytes."""
_LEAST = Aead.NONCE_SIZE + Aead.MACBYTES


class Box:
    """Closes and opens texts (XChaCha20-Poly1305) under a key that never shows itself."""

    def __init__(self, secret: bytes, purpose: bytes):
        # Keyed BLAKE2b, where the PINs take HMAC-SHA256: no PIN's work can ever meet this key.
        self._box = Aead(hashlib.blake2b(key=secret, person=purpose, digest_size=Aead.KEY_SIZE).digest())

    @classmethod
    def of_device(cls, folder: Path, purpose: bytes) -> "Box":
        """The box of the device whose till is in `folder`; PepperDamaged."""
        return cls(pepper.load(folder), purpose)

    def close(self, text: str, about: str) -> bytes:
        """The text, unreadable; it opens only together with what it is about."""
        return bytes(self._box.encrypt(text.encode(), about.encode()))

    def open(self, closed: bytes, about: str) -> str | None:
        """The text; None when it is another device's, altered, or about something else."""
        if len(closed) < _LEAST:
            return None
        try:
            return self._box.decrypt(closed, about.encode()).decode()
        except CryptoError:
            return None
