"""Checking the chain: hashes read from the bytes, never from a column (source: architecture §4)."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from gatepos.domain import entry as entries
from gatepos.seal import entries as entry_seal

RECENT_MAX = 20_000
"""Entries checked before selling, when the last two shift closes lie further back."""
_SLICE = 1_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, and the first entry it concerns (0 when none)."""

    seq: int
    what: str

    def __str__(self) -> str:
        return f"entry {self.seq}: {self.what}" if self.seq else self.what


def chain(
    conn: sqlite3.Connection, after_seq: int, prev: bytes, limit: int = -1
) -> Iterator[tuple[int, bytes, Finding | None]]:
    """Each entry's (seq, hash, finding) after `after_seq`, whose hash is `prev`; stops at a finding."""
    rows = conn.execute(
        "SELECT seq, raw, hash FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", (after_seq, limit)
    )
    hash_of, prev_of = entries.hash_of, entries.prev_of
    for seq, raw, hash_ in rows:
        after_seq += 1
        found = hash_of(raw)
        if seq != after_seq or found != hash_ or prev_of(raw) != prev:
            yield after_seq, found, Finding(after_seq, _why(seq, after_seq, found == hash_))
            return
        prev = found
        yield seq, found, None


def recent(conn: sqlite3.Connection, public: bytes, genesis: bytes) -> Finding | None:
    """The chain since the last two shift closes, its columns, and the head's signature."""
    start = _start(conn)
    row = conn.execute("SELECT hash FROM journal WHERE seq = ?", (start,)).fetchone()
    for _, _, finding in chain(conn, start, row[0] if row else genesis):
        if finding is not None:
            return finding
    for seq, id_, kind, number, raw, sig in conn.execute(
        "SELECT seq, id, kind, number, raw, sig FROM journal WHERE seq > ? ORDER BY seq", (start,)
    ):
        entry = entries.read(raw, sig)
        if (entry.seq, entry.id, entry.kind, entry.number) != (seq, id_, kind, number):
            return Finding(seq, "its index differs from its bytes")
    return _head(conn, public) or _balances(conn, start)


def _start(conn: sqlite3.Connection) -> int:
    row = conn.execute(
        "SELECT seq FROM journal WHERE kind = 'shift.closed' ORDER BY seq DESC LIMIT 1 OFFSET 1"
    ).fetchone()
    head = conn.execute("SELECT max(seq) FROM journal").fetchone()[0] or 0
    return max(row[0] - 1 if row else 0, head - RECENT_MAX, 0)


def _head(conn: sqlite3.Connection, public: bytes) -> Finding | None:
    row = conn.execute("SELECT seq, raw, sig FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    if row is not None and not entry_seal.holds(public, entries.hash_of(row[1]), row[2]):
        return Finding(row[0], "its signature does not hold")
    return None


def _balances(conn: sqlite3.Connection, after_seq: int) -> Finding | None:
    rows = conn.execute(
        "SELECT seq, sum(amount_minor) FROM posting WHERE seq > ? GROUP BY seq, currency"
        " HAVING sum(amount_minor) <> 0 ORDER BY seq LIMIT 1",
        (after_seq,),
    ).fetchall()
    return Finding(rows[0][0], "its postings in the books do not sum to zero") if rows else None


def _why(seq: int, expected: int, is_own_hash: bool) -> str:
    if seq != expected:
        return "missing"
    return "does not follow the entry before it" if is_own_hash else "altered"


class Behind:
    """The rest of the chain, checked in slices while the till sells."""

    def __init__(self, conn: sqlite3.Connection, genesis: bytes):
        self._conn = conn
        self._seq, self._hash = 0, genesis
        self.is_done = False

    def slice(self, most: int = _SLICE) -> Finding | None:
        """Check up to `most` more entries."""
        seq = self._seq
        for at, hash_, finding in chain(self._conn, self._seq, self._hash, most):
            self._seq, self._hash = at, hash_
            if finding is not None:
                self.is_done = True
                return finding
        self.is_done = self._seq - seq < most
        return None
