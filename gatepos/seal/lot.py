"""A lot that nobody can choose or foresee who has not the till's key, and that falls the same each time."""

import hashlib

from gatepos.seal.keys import TillKey

_PREFIX = b"gatepos/heads/1\x00"


def falls(key: TillKey, day: str, number: str, one_in: int) -> bool:
    """Whether the lot of a day falls on a number, one in so many; never where that is 0."""
    if one_in < 1:
        return False
    # An Ed25519 signature is the same each time it is made (RFC 8032).
    drawn = hashlib.sha256(key.sign(_PREFIX + day.encode() + b"\x00" + number.encode())).digest()
    return int.from_bytes(drawn, "big") % one_in == 0
