"""Signatures of journal entries (source: FORMATS.md §2)."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from gatepos.seal import keys
from gatepos.seal.keys import TillKey

_PREFIX = b"gatepos/entry-sig/1\x00"


def sign(key: TillKey, entry_hash: bytes) -> bytes:
    """The till's signature of an entry's hash."""
    return key.sign(_PREFIX + entry_hash)


def holds(public: bytes, entry_hash: bytes, sig: bytes) -> bool:
    """Whether an entry's signature is the key's."""
    return keys.verify(public, _PREFIX + entry_hash, sig)


def which_hold(public: bytes, hashes: Sequence[bytes], sigs: Sequence[bytes]) -> list[bool]:
    """`holds` for each of many entries, on every core: the check itself leaves Python to other threads."""
    cores = os.cpu_count() or 1
    size = max(1, -(-len(hashes) // cores))

    def hold(first: int) -> list[bool]:
        part = slice(first, first + size)
        return [holds(public, hash_, sig) for hash_, sig in zip(hashes[part], sigs[part], strict=True)]

    with ThreadPoolExecutor(cores) as threads:
        return [held for part in threads.map(hold, range(0, len(hashes), size)) for held in part]
