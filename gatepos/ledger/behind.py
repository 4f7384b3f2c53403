"""The check behind: what lies too far back to be checked before selling, checked while the till sells."""

import sqlite3
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

from gatepos.domain import entry as entries
from gatepos.i18n import N_
from gatepos.ledger import checks, heard, mirrors, tape
from gatepos.ledger.checks import Finding, Link
from gatepos.ledger.tape import Kept, Reel
from gatepos.seal import entries as entry_seal

_SLICE = 100
_CHUNK = 256 * 1024


class Behind:
    """The rest of the chain, what mirrors it, and the tapes, checked in slices while the till sells."""

    def __init__(self, conn: sqlite3.Connection, till: str, public: bytes, reels: Sequence[Reel]):
        self._conn = conn
        self._till = till
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
        if self.is_done:
            self._steps.close()  # an unfinished read would hold the file
        return None if finding is _DONE else finding

    def _run(self) -> Generator[Finding | None, None, None]:
        link = self._start
        while True:
            after, link = link, checks.chain(self._conn, link, _SLICE)
            yield link.finding
            if link.seq - after.seq < _SLICE:
                break
        # Only now is it known that the bytes are the till's own, from which the books are made again.
        yield from self._mirrors(link.seq)
        for reel, head, segments in self._reels:
            yield from self._tape(reel, head, segments)

    def _mirrors(self, head: int) -> Iterator[Finding | None]:
        for after in range(0, head, _SLICE):
            to = min(after + _SLICE, head)
            found = mirrors.read(self._conn, after, to)
            yield next(mirrors.books(self._conn, self._till, found, after, to), None)
            yield mirrors.indexes(self._conn, self._till, after, to)
        yield next(mirrors.strangers(self._conn, self._till), None)
        yield from heard.checked(self._conn)

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
