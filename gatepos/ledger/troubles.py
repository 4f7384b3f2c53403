"""What can go wrong with a ledger's storage, each by name; SQLite's and the disk's codes in one table."""

import errno
import sqlite3
from typing import ClassVar

from gatepos.domain.staff import NeedsSecond
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_


class LedgerInUse(Trouble):
    """Another process has the ledger open."""

    says = N_("This till is already running on {folder}. Close it there first.")


class NoLedger(Trouble):
    """A folder without a ledger, and without anything to rebuild one from."""

    says = N_("There is no ledger in {folder}, and no tape to rebuild it from. Nothing was changed.")


class NotALedger(Trouble):
    """A file that is not a ledger."""

    says = N_("{file} is not a gatepos ledger.")


class LedgerNewer(Trouble):
    """A ledger written by a newer program."""

    says = N_("This ledger is newer than this program. Install the newer program; nothing was changed.")


class WrongKey(Trouble):
    """The key in the folder is not the ledger's."""

    says = N_("The key in {folder} is not the key of this ledger. It cannot sell; start the spare ledger.")


class WrongTill(Trouble):
    """Till code or park of the folder are not the ledger's: fees and numbers would be another's."""

    says = N_(
        "The till file says till {till} of {park}, the ledger is till {other} of {other_park}."
        " Put the till file right; nothing was changed."
    )


class StorageProfile(Trouble):
    """The storage does not keep the promises that a ledger needs."""

    says = N_("This disk cannot hold a ledger safely ({what}). It cannot sell.")


class NotRecorded(Trouble):
    """An entry that was not written, for certain; `why` is the trouble behind it."""

    says = N_("NOT RECORDED: {why} Nothing was sold; do not open the gate on it.")


class Unknown(Trouble):
    """An entry of which nobody can say yet whether it was written."""

    says = N_("Nobody knows yet whether that was recorded. Do not sell; look at the disk and start again.")


class DiskFull(Trouble):
    """No space left."""

    says = N_("The disk is full. Free some space; use the paper pad until then.")


class ReadOnly(Trouble):
    """The folder cannot be written."""

    says = N_("The ledger's folder cannot be written. Look at the disk and its rights.")


class DiskFault(Trouble):
    """The disk or the file answers with errors."""

    says = N_("The disk answers with errors ({code}). Copy the folder to another machine.")


class LedgerGap(Trouble):
    """Entries that no source holds."""

    says = N_("Entry {seq} is on no copy. This ledger cannot go on: start the spare ledger.")


class LedgerForked(Trouble):
    """Two signed entries in one place: the folder was copied, and both copies sold."""

    says = N_("Entry {seq} was written twice. This ledger cannot go on: start the spare ledger.")


class LedgerDamaged(Trouble):
    """A finding while selling."""

    says = N_("The ledger is damaged: {finding}. Selling stops; start the program again to rebuild it.")


class Held(Trouble):
    """Selling stops because of what central has of this till; nothing is damaged.

    `refuses` are the kinds that are not recorded any more; empty where none is.
    """

    refuses: ClassVar[frozenset[str]] = frozenset()


class OtherProcess(Trouble):
    """A child process that inherited an open ledger; SQLite does not survive that."""

    says = N_("This part of the program may not write the ledger. Start the program again.")


class OneCopyLimit(NeedsSecond):
    """Too many entries on one copy only."""

    says = N_("Fifty entries are on one copy only. Mend the tape's disk, or a second person must agree.")


class SameIdOtherContent(Refusal):
    """An id that stands in the journal with other content."""

    says = N_("That action was recorded already, with other content.")


class AlreadyEnded(Refusal):
    """A bill, receipt or shift that ended before: it ends exactly once."""

    says = N_("{number} has ended already. Nothing was recorded a second time.")


class RestoreBehind(Refusal):
    """A backup that lacks entries which the tape shows were written."""

    says = N_("This backup ends at entry {seq}, the tape at {head}. Restore it under the spare till only.")


class LedgerHere(Refusal):
    """A folder that has its ledger file still."""

    says = N_(
        "{folder} has a ledger. Nothing is restored over it; a damaged one is rebuilt when it is opened."
    )


class RestoreUnconfirmed(Refusal):
    """A backup of which no tape says that it is the last word."""

    says = N_("No tape confirms that this backup is complete. Bring the tape, or use the spare till.")


_BY_CODE: dict[int, type[Trouble]] = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_READONLY: ReadOnly,
    sqlite3.SQLITE_CANTOPEN: ReadOnly,
    sqlite3.SQLITE_PERM: ReadOnly,
    sqlite3.SQLITE_BUSY: LedgerInUse,
    sqlite3.SQLITE_LOCKED: LedgerInUse,
    sqlite3.SQLITE_IOERR: DiskFault,
    sqlite3.SQLITE_PROTOCOL: DiskFault,
    sqlite3.SQLITE_NOLFS: DiskFault,
    sqlite3.SQLITE_NOTADB: NotALedger,
}
_BY_ERRNO: dict[int, type[Trouble]] = {
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
    errno.EROFS: ReadOnly,
    errno.EACCES: ReadOnly,
    errno.EPERM: ReadOnly,
}
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
"""What a file with wrong bytes answers; SQLITE_ERROR because a table or column may be unreadable."""


UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What reading a damaged file may raise: SQLite quotes its bytes, and Python cannot decode all of them."""


def named(error: sqlite3.Error | OSError, where: str = "") -> Trouble:
    """The trouble that an error of SQLite or the system means; DiskFault when it is none of the known."""
    if isinstance(error, OSError):
        kind = _BY_ERRNO.get(error.errno or 0, DiskFault)
        return kind(folder=where, file=where, code=errno.errorcode.get(error.errno or 0, "?"))
    kind = _BY_CODE.get(_code(error), DiskFault)
    return kind(folder=where, file=where, code=getattr(error, "sqlite_errorname", str(error)))


def is_worldly(error: BaseException) -> bool:
    """Whether it is the world's fault, and not a bug of the program's own SQL."""
    return isinstance(error, OSError) or (isinstance(error, sqlite3.Error) and _code(error) in _BY_CODE)


def is_corrupt(error: sqlite3.Error) -> bool:
    """Whether SQLite itself found wrong pages while the ledger was in use."""
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the error says that the file's bytes are wrong, rather than that the disk is."""
    if isinstance(error, sqlite3.OperationalError) and not hasattr(error, "sqlite_errorcode"):
        return True  # text that is not UTF-8, says Python itself
    return _code(error) in _DAMAGE or isinstance(error, sqlite3.IntegrityError)


def _code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
