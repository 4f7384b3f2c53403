"""What every check is made of: a finding, and the chain, whose hashes are read from the bytes alone."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

from gatepos.domain import entry as entries
from gatepos.i18n import N_, Words

ALTERED = N_("altered")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, and the first entry it concerns (0 when none); `values` fill the braces of `says`."""

    seq: int
    says: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"entry {self.seq}: {self.what}" if self.seq else self.what

    @property
    def what(self) -> str:
        """What is wrong, in English."""
        return self.says.format(**self.values) if self.values else self.says

    def said(self, words: Words, /) -> str:
        """The finding in the reader's language."""
        what = words(self.says, **self.values)
        return words(N_("entry {seq}: {what}"), seq=self.seq, what=what) if self.seq else what


@dataclass(frozen=True, slots=True)
class Link:
    """How far a chain was followed: the last entry, its hash, and what stopped it."""

    seq: int
    hash: bytes
    finding: Finding | None = None


def chain(conn: sqlite3.Connection, after: Link, limit: int = -1) -> Link:
    """Follow the chain from `after` through at most `limit` entries, or to its end or a finding."""
    seq, prev = after.seq, after.hash
    hash_of, prev_of = entries.hash_of, entries.prev_of
    rows = conn.execute("SELECT seq, raw, hash FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", (seq, limit))
    for found_seq, raw, column in rows:
        seq += 1
        if found_seq != seq:
            return Link(seq, prev, Finding(seq, N_("missing")))
        if type(raw) is not bytes or (hash_ := hash_of(raw)) != column:
            return Link(seq, prev, Finding(seq, ALTERED))
        if prev_of(raw) != prev:
            return Link(seq, prev, Finding(seq, N_("does not follow the entry before it")))
        prev = hash_
    return Link(seq, prev)
