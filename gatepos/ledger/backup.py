"""Backups: copied through SQLite, read back, fully checked, and only then given their name."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from gatepos import files
from gatepos.errors import Trouble
from gatepos.i18n import N_
from gatepos.ledger import building, database, verification
from gatepos.ledger.checks import Finding
from gatepos.ledger.tape import Reel
from gatepos.ledger.troubles import (
    UNREADABLE,
    LedgerForked,
    LedgerHere,
    LedgerInUse,
    NotALedger,
    RestoreBehind,
    RestoreUnconfirmed,
    named,
)

LOCK = "ledger.lock"
_PAGES = 500
GiveWay = Callable[[], object]
"""Lets others act between two slices of something long."""


class BackupNotValid(Trouble):
    """A copy that does not read back whole."""

    says = N_("The backup is NOT valid: {finding}. Use another medium; the one before it is kept.")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was read back."""

    path: Path
    till: str
    seq: int
    hash: str

    def manifest(self) -> bytes:
        """What stands beside it, for people."""
        return json.dumps({**asdict(self), "path": self.path.name}, indent=1).encode()


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that nobody has read back yet; it has no name of its own until then."""

    beside: Path
    till: str
    seq: int
    public: bytes

    def checked(self) -> Backup:
        """Read it back, check all of it and give it its name; BackupNotValid, DiskFull, ReadOnly.

        Needs no connection to the ledger, so any thread may do it. An earlier backup is never touched.
        """
        try:
            report = check(self.beside)
            if not report.is_whole or report.entries < self.seq or report.public_key != self.public:
                other = Finding(0, N_("its head is another"))
                raise BackupNotValid(finding=report.findings[0] if report.findings else other)
            path = self.beside.with_name(f"{self.till}-{report.entries:07d}.backup.db")
            os.replace(self.beside, path)
            made = Backup(path, self.till, report.entries, report.head)
            files.write_whole(path.with_suffix(".json"), made.manifest())
        except (sqlite3.Error, OSError) as error:
            raise named(error, str(self.beside.parent)) from error
        return made


def copy(
    conn: sqlite3.Connection, till: str, seq: int, public: bytes, medium: Path, give_way: GiveWay
) -> Copied:
    """Copy a ledger of `seq` entries to a folder, slice by slice; DiskFull, ReadOnly.

    What is written between two slices is copied too.
    """
    beside = medium / f"{till}.backup.new"
    try:
        for suffix in database.SIDE_FILES:
            beside.with_name(beside.name + suffix).unlink(missing_ok=True)
        with closing(database.connect(beside)) as to:
            conn.backup(to, pages=_PAGES, progress=lambda *_: give_way(), sleep=0)
            to.execute("PRAGMA journal_mode=DELETE").fetchall()
    except (sqlite3.Error, OSError) as error:
        raise named(error, str(medium)) from error
    return Copied(beside, till, seq, public)


def newest_ms(medium: Path, till: str) -> int | None:
    """When the newest backup of a till was made there, ms; 0 for none, None where the medium is not here."""
    try:
        if not medium.is_dir():
            return None
        made = [path.stat().st_mtime for path in medium.glob(f"{till}-*.backup.db")]
    except OSError:
        return None
    return int(max(made, default=0) * 1000)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A ledger file for reading; NotALedger when it is none."""
    try:
        with closing(database.open_reading(path)) as conn:
            conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
            yield conn
    except UNREADABLE as error:
        raise NotALedger(file=path.name) from error


def check_journal(conn: sqlite3.Connection, path: Path) -> None:
    """NotALedger where a file has no journal, as an empty one or another program's."""
    if not conn.execute("SELECT count(*) FROM sqlite_master WHERE name = 'journal'").fetchone()[0]:
        raise NotALedger(file=path.name)


@contextmanager
def in_present_form(conn: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """A ledger with the books of this program: as it is, or a copy of one that an older program wrote.

    LedgerNewer, NotALedger.
    """
    version = database.version(conn)
    if version == database.VERSION:
        yield conn
        return
    if not version:
        raise NotALedger(file="")
    with TemporaryDirectory(prefix="gatepos-") as folder:
        copy = Path(folder) / "ledger.db"
        building.upgrade(conn, version, copy)
        with reading(copy) as upgraded:
            yield upgraded


def entries(conn: sqlite3.Connection) -> Iterator[tuple[bytes, bytes]]:
    """Raw and signature of every entry, in order."""
    yield from conn.execute("SELECT raw, sig FROM journal ORDER BY seq")


def lock(folder: Path) -> files.FolderLock:
    """Nobody else runs the till of a folder from now on; LedgerInUse, ReadOnly and what the disk says."""
    try:
        return files.FolderLock(folder / LOCK)
    except files.InUse as error:
        raise LedgerInUse(folder=folder) from error
    except OSError as error:
        raise named(error, str(folder)) from error


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nobody else runs the till of a folder meanwhile; LedgerInUse."""
    held = lock(folder)
    try:
        yield
    finally:
        held.release()


def check(path: Path) -> verification.Report:
    """The full check of a backup; NotALedger."""
    with reading(path) as conn:
        return verification.verify(conn)


def restore(copy: Path, folder: Path, name: str, tapes: Sequence[Path]) -> verification.Report:
    """Put a backup into a folder whose ledger file is gone, when a tape confirms its head.

    LedgerHere, BackupNotValid, RestoreBehind, RestoreUnconfirmed, LedgerForked.
    """
    report = check(copy)
    if not report.is_whole:
        raise BackupNotValid(finding=report.findings[0])
    _confirm(report, [Reel(path, report.till, report.public_key) for path in tapes])
    with locked(folder):
        if (folder / name).exists():
            raise LedgerHere(folder=folder)
        try:
            _put(copy, folder, name)
        except (sqlite3.Error, OSError) as error:
            raise named(error, str(folder)) from error
    return report


def _confirm(report: verification.Report, reels: Sequence[Reel]) -> None:
    """The backup's head must be the tape's, and the tape must show where it ends."""
    top = max(reels, key=lambda reel: reel.head, default=None)
    if top is None or not top.head or not top.ends_whole or top.head < report.entries:
        raise RestoreUnconfirmed()
    if top.head > report.entries:
        raise RestoreBehind(seq=report.entries, head=top.head)
    if top.head_hash.hex() != report.head:
        raise LedgerForked(seq=top.head)


def _put(copy: Path, folder: Path, name: str) -> None:
    """The copy takes the ledger's place; a WAL that stayed behind goes aside, or it would be replayed."""
    new = building.new_path(folder, name)
    with closing(database.open_reading(copy)) as source, closing(database.connect(new)) as target:
        source.backup(target)
    database.sync(new)
    building.set_aside(folder, name)
    building.put_in_place(folder, name)
    building.mark_finished(folder, {"restored_from": copy.name})
