"""Signatures of journal entries (source: FORMATS.md §2)."""

from gatepos.seal import keys
from gatepos.seal.keys import TillKey

_PREFIX = b"gatepos/entry-sig/1\x00"


def sign(key: TillKey, entry_hash: bytes) -> bytes:
    """The till's signature of an entry's hash."""
    return key.sign(_PREFIX + entry_hash)


def holds(public: bytes, entry_hash: bytes, sig: bytes) -> bool:
    """Whether an entry's signature is the key's."""
    return keys.verify(public, _PREFIX + entry_hash, sig)
