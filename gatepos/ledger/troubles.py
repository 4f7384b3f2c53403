"""What can go wrong with a ledger's storage, each by name; SQLite's and the disk's codes in one table."""

import errno
import sqlite3

from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_


class LedgerInUse(Trouble):
    """Another process has the ledger open."""

    says = N_("This till is already running on {folder}. Close it there first.")


class NotALedger(Trouble):
    """A file that is not a ledger."""

    says = N_("{file} is not a gatepos ledger.")


class LedgerNewer(Trouble):
    """A ledger written by a newer program."""

    says = N_("This ledger is newer than this program. Install the newer program; nothing was changed.")


class WrongKey(Trouble):
    """The key in the folder is not the ledger's."""

    says = N_("The key in {folder} is not the key of this ledger. It cannot sell; start the spare ledger.")


class StorageProfile(Trouble):
    """The storage does not keep the promises that a ledger needs."""

    says = N_("This disk cannot hold a ledger safely ({what}). It cannot sell.")


class NotRecorded(Trouble):
    """An entry that was not written, for certain."""

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


class LedgerDamaged(Trouble):
    """A finding while selling."""

    says = N_("The ledger is damaged: {finding}. Selling stops; start the program again to rebuild it.")


class OneCopyLimit(Refusal):
    """Too many entries on one copy only."""

    says = N_("Fifty entries are on one copy only. Mend the tape's disk, or a second person must agree.")


class SameIdOtherContent(Refusal):
    """An id that stands in the journal with other content."""

    says = N_("That action was recorded already, with other content.")


class RestoreBehind(Refusal):
    """A backup that may lack entries."""

    says = N_("This backup ends at entry {seq}, the tape at {head}. Restore it under the spare till only.")


_BY_CODE: dict[int, type[Trouble]] = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_READONLY: ReadOnly,
    sqlite3.SQLITE_CANTOPEN: ReadOnly,
    sqlite3.SQLITE_PERM: ReadOnly,
    sqlite3.SQLITE_BUSY: LedgerInUse,
    sqlite3.SQLITE_LOCKED: LedgerInUse,
    sqlite3.SQLITE_NOTADB: NotALedger,
}
_BY_ERRNO: dict[int, type[Trouble]] = {
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
    errno.EROFS: ReadOnly,
    errno.EACCES: ReadOnly,
    errno.EPERM: ReadOnly,
}


def named(error: sqlite3.Error | OSError, where: str = "") -> Trouble:
    """The trouble that an error of SQLite or the system means."""
    if isinstance(error, OSError):
        kind = _BY_ERRNO.get(error.errno or 0, DiskFault)
        return kind(folder=where, file=where, code=errno.errorcode.get(error.errno or 0, "?"))
    code = getattr(error, "sqlite_errorcode", 0)
    kind = _BY_CODE.get(code & 0xFF, DiskFault)
    return kind(folder=where, file=where, code=getattr(error, "sqlite_errorname", str(error)))
