"""Checking the chain: hashes read from the bytes, never from a column (source: architecture §4)."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gatepos.domain import entry as entries
from gatepos.domain.canonical import BadForm
from gatepos.i18n import N_, Words
from gatepos.ledger import tape
from gatepos.ledger.tape import Kept, Reel
from gatepos.seal import entries as entry_seal

RECENT_MAX = 20_000
"""Entries checked before selling, when the last two shift closes lie further back."""
ALTERED = N_("altered")
_SLICE = 100
_CHUNK = 256 * 1024


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


def columns(conn: sqlite3.Connection, after_seq: int, to_seq: int) -> Finding | None:
    """Whether the index columns say what the bytes say, entries after `after_seq` up to `to_seq`."""
    rows = conn.execute(
        "SELECT seq, id, kind, number, raw FROM journal WHERE seq > ? AND seq <= ? ORDER BY seq",
        (after_seq, to_seq),
    )
    for seq, id_, kind, number, raw in rows:
        if not says(raw, seq, id_, kind, number):
            return Finding(seq, N_("its index differs from its bytes"))
    return None


def says(raw: bytes, seq: int, id_: str, kind: str, number: str | None) -> bool:
    """Whether an entry's bytes say what its columns say."""
    try:
        fields = entries.known(raw, b"").fields
    except BadForm:
        return False
    data = fields.get("data")
    told = data.get("number") if isinstance(data, dict) else None
    return (fields.get("seq"), fields.get("id"), fields.get("kind"), told) == (seq, id_, kind, number)


def recent(conn: sqlite3.Connection, till: str, public: bytes) -> Finding | None:
    """The chain since the last two shift closes, its columns, the head's signature, and its balances."""
    start = _start(conn, till, public)
    link = chain(conn, start)
    if link.seq == 0:
        return Finding(0, N_("the journal is empty"))
    return (
        link.finding
        or columns(conn, start.seq, link.seq)
        or _head(conn, public)
        or _balances(conn, till, start.seq)
    )


def _start(conn: sqlite3.Connection, till: str, public: bytes) -> Link:
    row = conn.execute(
        "SELECT seq FROM journal WHERE kind = 'shift.closed' ORDER BY seq DESC LIMIT 1 OFFSET 1"
    ).fetchone()
    head = conn.execute("SELECT max(seq) FROM journal").fetchone()[0] or 0
    seq = max(row[0] - 1 if row else 0, head - RECENT_MAX, 0)
    before = conn.execute("SELECT raw FROM journal WHERE seq = ?", (seq,)).fetchone()
    if before is None or type(before[0]) is not bytes:
        return Link(0, entries.genesis(till, public))
    return Link(seq, entries.hash_of(before[0]))


def _head(conn: sqlite3.Connection, public: bytes) -> Finding | None:
    """The head's signature vouches for the whole chain below it."""
    seq, raw, sig = conn.execute("SELECT seq, raw, sig FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    if type(sig) is not bytes or not entry_seal.holds(public, entries.hash_of(raw), sig):
        return Finding(seq, N_("its signature does not hold"))
    return None


def _balances(conn: sqlite3.Connection, till: str, after_seq: int) -> Finding | None:
    row = conn.execute(
        "SELECT seq FROM posting WHERE till = ? AND seq > ? GROUP BY seq, currency"
        " HAVING sum(amount_minor) <> 0 ORDER BY seq LIMIT 1",
        (till, after_seq),
    ).fetchone()
    return Finding(row[0], N_("its postings in the books do not sum to zero")) if row else None


class Behind:
    """The rest of the chain and of the tapes, checked in slices while the till sells."""

    def __init__(self, conn: sqlite3.Connection, till: str, public: bytes, reels: Sequence[Reel]):
        self._conn = conn
        self._public = public
        self._start = Link(0, entries.genesis(till, public))
        self._reels = [(reel, reel.head, _segments(reel)) for reel in reels]
        self._steps = self._run()
        self.notes: list[Finding] = []
        self.is_done = False

    def slice(self) -> Finding | None:
        """One short slice; a finding says that the journal is not what it was and ends the check."""
        try:
            finding = next(self._steps, _DONE)
        except OSError as error:
            self._note(N_("a tape cannot be read ({error})"), error=str(error))
            finding = _DONE
        self.is_done = finding is not None
        return None if finding is _DONE else finding

    def _run(self) -> Iterator[Finding | None]:
        link = self._start
        while True:
            after, link = link, chain(self._conn, link, _SLICE)
            yield link.finding or columns(self._conn, after.seq, link.seq)
            if link.seq - after.seq < _SLICE:
                break
        for reel, head, segments in self._reels:
            yield from self._tape(reel, head, segments)

    def _tape(self, reel: Reel, head: int, segments: Sequence[Path]) -> Iterator[Finding | None]:
        held = bytearray(head + 1)
        for path in segments:
            data = bytearray()
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    data += chunk
                    yield None
            yield self._segment(bytes(data), held)
        missing = [seq for seq in range(1, head + 1) if not held[seq]]
        if missing:
            self._note(
                N_("the tape in {folder} lacked {n} entries; they are written again"),
                folder=reel.folder.name,
                n=len(missing),
            )
        for at in range(0, len(missing), _SLICE):
            kept = [row for seq in missing[at : at + _SLICE] for row in self._kept(seq)]
            if not kept or not reel.write(kept):
                return
            yield None

    def _segment(self, data: bytes, held: bytearray) -> Finding | None:
        for found in tape.frames(data):
            hash_ = entries.hash_of(found.raw)
            row = self._conn.execute("SELECT seq, sig FROM journal WHERE hash = ?", (hash_,)).fetchone()
            seq, sig = row or (0, None)
            # A signature costs more than all the rest, and the tape's copy of it is as good.
            if sig != found.sig and entry_seal.holds(self._public, hash_, found.sig):
                says = N_("its signature does not hold") if seq else N_("only the tape holds it")
                return Finding(entries.seq_of(found.raw), says)
            if 0 < seq < len(held):
                held[seq] = 1
        return None

    def _kept(self, seq: int) -> list[Kept]:
        return self._conn.execute("SELECT seq, raw, sig FROM journal WHERE seq = ?", (seq,)).fetchall()

    def _note(self, what: str, **values: object) -> None:
        self.notes.append(Finding(0, what, values))


_DONE = Finding(0, "")


def _segments(reel: Reel) -> list[Path]:
    try:
        return reel.segments()
    except OSError:
        return []
