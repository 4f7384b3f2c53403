"""Eight digits that people read out to each other, and what they are compared with."""

import hashlib
import hmac

DIGITS = 8


def of(hash_: bytes) -> str:
    """The digits of a hash."""
    return f"{int.from_bytes(hash_[:16]) % 10**DIGITS:0{DIGITS}d}"


def keyed(key: bytes, purpose: bytes, fields: tuple[str, ...]) -> str:
    """The digits over some texts that only who has the key can make; `purpose` is at most 16 bytes."""
    message = "\x00".join(fields).encode()
    return of(hashlib.blake2b(message, key=key, person=purpose, digest_size=32).digest())


def is_right(typed: str, expected: str) -> bool:
    """Whether digits are the expected ones, however they were spaced; it takes the same time."""
    found = "".join(typed.split()).replace("-", "")
    return hmac.compare_digest(found.encode(errors="replace"), expected.encode())
