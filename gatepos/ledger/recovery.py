"""Rebuilding a damaged ledger: aside first, then a new file from every source, never a repair in place.

Only entries that hash into the chain of a signed head are taken: a row whose header looks right is no
proof of anything.
"""

import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gatepos import files
from gatepos.domain import entry as entries
from gatepos.ledger import database, tape
from gatepos.ledger.checks import Finding
from gatepos.ledger.journal import insert_books
from gatepos.ledger.tape import Reel
from gatepos.ledger.troubles import LedgerGap
from gatepos.seal import entries as entry_seal

ASIDES = "asides"
BACKUPS = "*.backup.db"
_SIDE_FILES = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Report:
    """What was found and what was rebuilt."""

    finding: Finding
    entries: int
    from_ledger: int
    from_tape: int
    from_backup: int
    aside: Path

    def __str__(self) -> str:
        return (
            f"{self.finding}. {self.entries} of {self.entries} entries rebuilt"
            f" ({self.from_ledger} ledger, {self.from_tape} tape, {self.from_backup} backup)."
            f" Lost: none. The damaged files are in {ASIDES}/{self.aside.name}."
        )

    def as_data(self) -> dict[str, object]:
        """The report as `ledger.recovered` holds it."""
        return {
            "entries": self.entries,
            "from_tape": self.from_tape,
            "from_backup": self.from_backup,
            "finding": str(self.finding)[:500],
        }


@dataclass(frozen=True, slots=True)
class _Candidate:
    raw: bytes
    sig: bytes
    source: str


def rebuild(
    folder: Path, name: str, till: str, public: bytes, reels: Sequence[Reel], finding: Finding
) -> Report:
    """Put a whole ledger in place of a damaged one; LedgerGap when no source holds some entry."""
    aside = _set_aside(folder, name)
    found = _gathered(_sources(folder, aside / name, reels))
    chain = _chain(found, till, public)
    new = folder / f"{name}.rebuilt"
    _write(new, chain)
    for suffix in _SIDE_FILES[1:]:
        (folder / f"{name}{suffix}").unlink(missing_ok=True)
    os.replace(new, folder / name)
    files.sync_folder(folder)
    counts = Counter(candidate.source for candidate in chain)
    return Report(finding, len(chain), counts["ledger"], counts["tape"], counts["backup"], aside)


def _set_aside(folder: Path, name: str) -> Path:
    n = 1
    while (aside := folder / ASIDES / str(n)).exists():
        n += 1
    aside.mkdir(parents=True)
    for suffix in _SIDE_FILES:
        damaged = folder / f"{name}{suffix}"
        if damaged.exists():
            shutil.copy2(damaged, aside / damaged.name)
    files.sync_folder(aside)
    return aside


def _sources(folder: Path, damaged: Path, reels: Sequence[Reel]) -> Iterator[_Candidate]:
    yield from _rows(damaged, "ledger")
    for reel in reels:
        for path in reel.segments():
            for found in tape.frames(path.read_bytes()):
                yield _Candidate(found.raw, found.sig, "tape")
    for backup in sorted(folder.glob(BACKUPS)):
        yield from _rows(backup, "backup")


def _rows(path: Path, source: str) -> Iterator[_Candidate]:
    """Whatever rows can still be read of a damaged file, a page that cannot be read skipped."""
    if not path.exists():
        return
    try:
        conn = database.connect(path)
        top = conn.execute("SELECT max(seq) FROM journal").fetchone()[0] or 0
    except sqlite3.DatabaseError:
        return
    after = 0
    while after < top:
        try:
            for seq, raw, sig in conn.execute(
                "SELECT seq, raw, sig FROM journal WHERE seq > ? ORDER BY seq", (after,)
            ):
                after = seq
                yield _Candidate(raw, sig, source)
            break
        except sqlite3.DatabaseError:
            after += 1
    conn.close()


def _gathered(candidates: Iterable[_Candidate]) -> dict[bytes, _Candidate]:
    """Every distinct candidate by its own hash; the first source to hold it is named."""
    found: dict[bytes, _Candidate] = {}
    for candidate in candidates:
        if isinstance(candidate.raw, bytes) and isinstance(candidate.sig, bytes):
            found.setdefault(entries.hash_of(candidate.raw), candidate)
    return found


def _chain(found: dict[bytes, _Candidate], till: str, public: bytes) -> list[_Candidate]:
    """The chain below the highest entry whose signature holds, from the first entry on."""
    by_height = sorted(found.items(), key=lambda item: entries.seq_of(item[1].raw), reverse=True)
    head = next((h for h, c in by_height if entry_seal.holds(public, h, c.sig)), None)
    if head is None:
        raise LedgerGap(seq=1)
    genesis = entries.genesis(till, public)
    chain: list[_Candidate] = []
    at = head
    while at != genesis:
        candidate = found.get(at)
        if candidate is None:
            raise LedgerGap(seq=entries.seq_of(chain[-1].raw) - 1)
        chain.append(candidate)
        at = entries.prev_of(candidate.raw)
    chain.reverse()
    return chain


def _write(path: Path, chain: list[_Candidate]) -> None:
    path.unlink(missing_ok=True)
    conn = database.open_profiled(path)
    conn.execute("BEGIN IMMEDIATE")
    for candidate in chain:
        entry = entries.read(candidate.raw, candidate.sig)
        values = (entry.seq, entry.id, entry.kind, entry.number, entry.raw, entry.hash, entry.sig)
        conn.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        insert_books(conn, entry)
    conn.execute("COMMIT")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    conn.close()
