"""The open file of a ledger: how an entry comes into it for certain, and what stops selling."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar, cast

from gatepos.domain import entry as entries
from gatepos.domain import moments
from gatepos.domain.clock import Clock
from gatepos.domain.entry import Draft, Entry
from gatepos.domain.keyring import KeyRow
from gatepos.i18n import N_
from gatepos.ledger import database, folding, heard, recent, starting
from gatepos.ledger.behind import Behind
from gatepos.ledger.checks import Finding
from gatepos.ledger.database import Connect
from gatepos.ledger.heard import BundleForked
from gatepos.ledger.journal import Context, Journal, Moment
from gatepos.ledger.receivables import Receivables
from gatepos.ledger.state import State
from gatepos.ledger.tape import Kept, Reel
from gatepos.ledger.troubles import (
    UNREADABLE,
    LedgerDamaged,
    NotRecorded,
    Unknown,
    is_corrupt,
    is_worldly,
    named,
)
from gatepos.seal.keys import TillKey

FILE = "ledger.db"
_TAPED = "taped"
_T = TypeVar("_T")
_STEPS = 10_000
"""Of SQLite's machine, between two looks whether somebody asks: about a millisecond."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose file it is, where, and how it is opened again."""

    folder: Path
    till: str
    key: TillKey
    clock: Clock
    connect: Connect


class LedgerFile:
    """Connection, journal and state of a ledger, always of one and the same moment."""

    journal: Journal
    state: State
    receivables: Receivables

    def __init__(self, conn: sqlite3.Connection, owner: Owner, reels: Sequence[Reel]):
        self.conn = conn
        self.damage: Finding | None = None
        self._owner = owner
        self._reels = reels
        self._unsettled: Draft | None = None
        try:
            self._stand()
        except BaseException:
            conn.close()
            raise

    @property
    def is_settled(self) -> bool:
        """Whether it is known of every entry if it was written."""
        return self._unsettled is None

    def repeated(self, draft: Draft) -> Entry | None:
        """The entry that this very action wrote before; SameIdOtherContent."""
        with self.noticing():
            return self.journal.repeated(draft)

    def write(self, draft: Draft, context: Context, moment: Moment) -> Entry:
        """Commit an entry; NotRecorded for certain, Unknown, LedgerDamaged."""
        try:
            self.conn.execute("BEGIN IMMEDIATE")
            entry = self.journal.write(draft, context, self.state, moment)
        except BaseException as error:
            self._roll_back(draft)
            if isinstance(error, sqlite3.Error):
                self._name(error)
            raise
        try:
            self.conn.execute("COMMIT")
        except sqlite3.Error as error:
            # An error here means unknown, not failed: only a fresh look at the file can tell.
            self._unsettled = draft
            return self._found(error)
        if not self.journal.reads_back(entry):
            self.stop(Finding(entry.seq, N_("the disk gave back other bytes than were written")))
        self.journal.head = (entry.seq, entry.hash)
        self.state = self.state.after(entry)
        self._count(entry)
        return entry

    def hear(self, row: KeyRow, batch: Sequence[Kept]) -> None:
        """Commit entries of another till that follow those heard of it, all or none; BundleForked."""

        def take(conn: sqlite3.Connection) -> list[Entry | None]:
            seq, hash_ = heard.head(conn, row)
            if entries.prev_of(batch[0][1]) != hash_:
                raise BundleForked(till=row.till, seq=seq)
            return [heard.insert(conn, row.till, kept) for kept in batch]

        for entry in self.take(take):
            if entry is not None:
                self._count(entry)

    def take(self, write: Callable[[sqlite3.Connection], _T]) -> _T:
        """Commit what was heard, all or none; what the disk says, and then none of it is in."""
        try:
            self.conn.execute("BEGIN IMMEDIATE")
            made = write(self.conn)
            self.conn.execute("COMMIT")
        except BaseException as error:
            # Nothing that is heard need be looked up: it is heard again, from wherever the file now stands.
            self._reopen()
            if isinstance(error, sqlite3.Error) and is_worldly(error):
                raise named(error, str(self._owner.folder)) from error
            raise
        return made

    def settle(self) -> Entry | None:
        """After an error at COMMIT: reopen, look the entry up by its id; None when it is not there."""
        self._reopen()
        found = self.journal.by_id(self._unsettled.id) if self._unsettled else None
        # A failed sync may have left it in the system's cache alone: it counts once it is written again.
        if found is not None and not self.checkpoint():
            raise Unknown()
        self._unsettled = None
        return found

    def check_behind(self) -> list[Finding]:
        """One slice of the check behind; what it notes, while `damage` says what stops selling."""
        told = len(self.behind.notes)
        try:
            finding = self.behind.slice()
        except sqlite3.ProgrammingError:
            raise  # a bug of ours is no damage
        except sqlite3.Error as error:
            finding = starting.unreadable(error)
        if finding is not None:
            self.stopped(finding)
        return self.behind.notes[told:]

    def check_pages(self, is_asked: Callable[[], bool]) -> bool:
        """SQLite's own check of every page; whether it came to its end before anybody asked for something.

        A page whose bookkeeping is wrong still reads well, until something is written to it.
        """
        self.conn.set_progress_handler(is_asked, _STEPS)
        try:
            found = str(self.conn.execute("PRAGMA integrity_check(1)").fetchone()[0])
        except UNREADABLE as error:
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
                return False
            self.stopped(starting.unreadable(error))
        else:
            if found != "ok":
                self.stopped(starting.of_pages(found))
        finally:
            self.conn.set_progress_handler(None, 0)
        return True

    def sweep(self, is_asked: Callable[[], bool]) -> bool:
        """Write every page anew; whether it came to its end before anybody asked for something.

        Pages that were split keep pieces of rows that are in neither half. What the disk says.
        """
        self.conn.set_progress_handler(is_asked, _STEPS)
        try:
            self.conn.execute("VACUUM")
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
                return False
            if is_corrupt(error):
                self.stop(starting.unreadable(error))
            if is_worldly(error):
                raise named(error, str(self._owner.folder)) from error
            raise
        finally:
            self.conn.set_progress_handler(None, 0)
        return self.checkpoint()

    def checkpoint(self) -> bool:
        """Whether the WAL is in the file now; a failure loses nothing, and the next one tries again."""
        try:
            self.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except sqlite3.Error as error:
            if is_corrupt(error):
                self.stopped(starting.unreadable(error))
            return False
        return True

    @property
    def taped(self) -> int:
        """The last entry that was noted to be on a tape, 0 when none was."""
        with self.noticing():
            return database.cursor(self.conn, _TAPED) or 0

    def note_taped(self, seq: int) -> bool:
        """Whether it could be noted that the tape has come so far; a note that is too low is only strict."""
        try:
            database.set_cursor(self.conn, _TAPED, seq)
        except sqlite3.Error as error:
            if is_corrupt(error):
                self.stopped(starting.unreadable(error))
            return False
        return True

    def stopped(self, finding: Finding) -> None:
        """Selling stops until the next start, which rebuilds."""
        self.damage = finding
        starting.note(self._owner.folder, finding)

    def stop(self, finding: Finding) -> NoReturn:
        """Selling stops; LedgerDamaged, always."""
        self.stopped(finding)
        raise LedgerDamaged(finding=finding)

    @contextmanager
    def noticing(self) -> Iterator[None]:
        """Bytes that cannot be what was written stop selling, whoever read them."""
        try:
            yield
        except LedgerDamaged as trouble:
            self.stopped(cast(Finding, trouble.values["finding"]))
            raise
        except sqlite3.Error as error:
            if is_corrupt(error):
                self.stop(starting.unreadable(error))
            raise named(error, str(self._owner.folder)) from error

    def _count(self, entry: Entry) -> None:
        self.receivables.add(entry.postings)
        if entry.kind == "pass.reissued":
            self.receivables.follow(str(entry.data["replaces"]), str(entry.data["number"]))

    def _stand(self) -> None:
        owner = self._owner
        self.behind = Behind(self.conn, owner.till, owner.key.public, self._reels)
        with self.noticing():
            self.journal = Journal(self.conn, owner.key, owner.till)
            today = moments.local_day(owner.clock.wall_ms())
            self.state = folding.folded(self.conn, self.journal, owner.till, today)
            self.receivables = Receivables.of(self.conn)

    def _reopen(self) -> None:
        """A fresh connection, and all that hangs on it; Unknown, LedgerDamaged."""
        owner = self._owner
        try:
            self.conn.close()
            self.conn = database.open_profiled(owner.folder / FILE, owner.connect)
            finding = recent.check(self.conn, owner.till, owner.key.public)
        except (sqlite3.Error, OSError) as error:
            raise Unknown() from error
        if finding is not None:
            self.stop(finding)
        self._stand()

    def _found(self, error: sqlite3.Error) -> Entry:
        found = self.settle()
        if found is None:
            raise NotRecorded(why=named(error, str(self._owner.folder))) from error
        return found

    def _roll_back(self, draft: Draft) -> None:
        try:
            if self.conn.in_transaction:
                self.conn.execute("ROLLBACK")
        except sqlite3.Error:
            self._unsettled = draft
            self.settle()

    def _name(self, error: sqlite3.Error) -> None:
        if is_corrupt(error):
            self.stop(starting.unreadable(error))
        if is_worldly(error):
            raise NotRecorded(why=named(error, str(self._owner.folder))) from error
