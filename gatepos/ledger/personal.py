"""Personal data: names, phones, ends of documents, in a file of their own beside the ledger that forgets.

No sale waits for it: a file that cannot be read goes aside and a new one is begun, a disk that takes nothing
is told, and both are findings, never errors.
"""

import os
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from gatepos import files
from gatepos.domain.shapes import FREE_MAX
from gatepos.i18n import N_
from gatepos.ledger import database
from gatepos.ledger.checks import Finding
from gatepos.ledger.database import Connect, Profile
from gatepos.ledger.tape import ASIDES
from gatepos.ledger.troubles import UNREADABLE, StorageProfile, is_corrupt, is_damage, is_worldly, named
from gatepos.seal.box import Box

FILE = "personal.db"

_T = TypeVar("_T")
_PROFILE: Profile = {
    "journal_mode": "delete",  # a WAL would keep what was erased
    "synchronous": 2,  # FULL
    "secure_delete": 1,
    "temp_store": 2,  # MEMORY: VACUUM leaves no copy in a temporary file
    "trusted_schema": 0,
    "cell_size_check": 1,
}
_TABLES = (
    "CREATE TABLE mark(closed BLOB NOT NULL) STRICT",
    "CREATE TABLE personal(entry_id TEXT NOT NULL, kind TEXT NOT NULL, day TEXT NOT NULL,"
    " closed BLOB NOT NULL, PRIMARY KEY(entry_id, kind)) STRICT, WITHOUT ROWID",
    "CREATE INDEX personal_day ON personal(day)",
)
_MARK = "mark"
"""What a new file holds, so that the device which began it is known."""
_ASIDE = "personal-"

_MISSING = N_("the store of names and phones is missing; a new one is begun")
_DAMAGED = N_("the store of names and phones is damaged; it lies in {aside}, and a new one is begun")
_FOREIGN = N_("the store of names and phones is another device's; it lies in {aside}, and a new one is begun")
_HELD = N_("names and phones cannot be kept on the disk ({why}); the till forgets them when it stops")
_FAILED = N_("a name or phone could not be kept or read ({why})")
_ALTERED = N_("a name or phone cannot be read any more")
_NOT_ERASED = N_("names and phones past their time could not be erased ({why}); the next start tries again")


class PersonalStore:
    """Texts by the id of their entry and a word for what they are; every call on the ledger's thread."""

    def __init__(
        self,
        folder: Path,
        box: Box,
        today: date,
        note: Callable[[Finding], None],
        connect: Connect = database.connect,
        *,
        is_new: bool = False,
    ):
        self._folder = folder
        self._box = box
        self._today = today
        self._note = note
        self._connect = connect
        self._conn = self._opened(is_new)
        # A stop within an erasure may have left pieces behind.
        self._asked(_sweep, _NOT_ERASED)

    def put(self, entry_id: str, kind: str, text: str, day: date) -> bool:
        """Keep a text in place of any before it; whether the disk took it, which a finding says if not.

        `day` is the day from which its time is counted.
        """
        if len(text) > FREE_MAX:
            raise ValueError("a text is checked at the edge")
        row = (entry_id, kind, day.isoformat(), self._box.close(text, _about(entry_id, kind)))
        put = (
            "INSERT INTO personal VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET day = excluded.day, closed = excluded.closed"
        )
        return self._asked(lambda conn: conn.execute(put, row).rowcount, _FAILED) == 1

    def get(self, entry_id: str, kind: str) -> str | None:
        """The text; None when there is none, or none any more."""
        get = "SELECT closed FROM personal WHERE entry_id = ? AND kind = ?"
        row = self._asked(lambda conn: conn.execute(get, (entry_id, kind)).fetchone(), _FAILED)
        if row is None:
            return None
        text = self._box.open(row[0], _about(entry_id, kind))
        if text is None:
            self._note(Finding(0, _ALTERED))
        return text

    def due(self, before: date) -> int:
        """How much `erase` would erase now."""
        due = "SELECT count(*) FROM personal WHERE day < ?"
        return self._counted(due, before.isoformat()) + len(self._old_asides(before))

    def erase(self, before: date) -> int:
        """Erase what is older than a day: how many texts and, whole, files that were put aside."""

        def erase(conn: sqlite3.Connection) -> int:
            erased = conn.execute("DELETE FROM personal WHERE day < ?", (before.isoformat(),)).rowcount
            _sweep(conn)
            old = self._old_asides(before)
            for aside in old:
                _wipe(aside)
            return erased + len(old)

        return self._asked(erase, _NOT_ERASED) or 0

    def erase_of(self, entry_id: str) -> int:
        """Erase all that belongs to an entry; how many texts."""

        def erase(conn: sqlite3.Connection) -> int:
            erased = conn.execute("DELETE FROM personal WHERE entry_id = ?", (entry_id,)).rowcount
            _sweep(conn)
            return erased

        return self._asked(erase, _NOT_ERASED) or 0

    def count(self) -> int:
        """How many texts are kept."""
        return self._counted("SELECT count(*) FROM personal")

    def close(self) -> None:
        """Let go of the file."""
        self._conn.close()

    # Opening.

    def _opened(self, is_new: bool) -> sqlite3.Connection:
        path = self._folder / FILE
        try:
            if not path.exists() or not path.stat().st_size:
                return self._begun("" if is_new else _MISSING)
            os.chmod(path, files.PRIVATE)
            found = _tried(path, self._connect, self._box)
            return found if isinstance(found, sqlite3.Connection) else self._begun(found)
        except (OSError, sqlite3.Error, StorageProfile) as error:
            return self._held(error)

    def _begun(self, says: str) -> sqlite3.Connection:
        """A new file; whatever lay in its place goes aside, which `says` tells."""
        aside = self._put_aside()
        if says:
            self._note(Finding(0, says, {"aside": aside}))
        path = self._folder / FILE
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, files.PRIVATE))
        conn = database.open_profiled(path, self._connect, _PROFILE)
        try:
            _fill(conn, self._box)
            files.sync_folder(self._folder)
        except BaseException:
            conn.close()
            raise
        return conn

    def _held(self, error: Exception) -> sqlite3.Connection:
        """A store without a file, for a disk that takes none."""
        if isinstance(error, sqlite3.Error | OSError):
            if not is_worldly(error):
                raise error
            why: object = named(error, FILE)
        else:
            why = error
        self._note(Finding(0, _HELD, {"why": why}))
        conn = sqlite3.connect(":memory:", isolation_level=None)
        _fill(conn, self._box)
        return conn

    def _put_aside(self) -> str:
        """Move the file and what lies beside it into a folder of its day; where to, or nothing.

        The day is the ledger's last when it was opened: by then its time has begun.
        """
        left = [path for suffix in database.SIDE_FILES if (path := self._folder / f"{FILE}{suffix}").exists()]
        if not left:
            return ""
        asides = self._folder / ASIDES
        n = 1
        while (aside := asides / f"{_ASIDE}{self._today.isoformat()}-{n}").exists():
            n += 1
        aside.mkdir(parents=True)
        for path in left:
            os.rename(path, aside / path.name)
        files.sync_folder(aside)
        files.sync_folder(self._folder)
        return f"{ASIDES}/{aside.name}"

    def _old_asides(self, before: date) -> list[Path]:
        """What was put aside before a day: it is still somebody's data, whoever can read it."""
        newest = f"{_ASIDE}{before.isoformat()}"
        return [path for path in (self._folder / ASIDES).glob(f"{_ASIDE}*") if path.name < newest]

    # Asking.

    def _counted(self, query: str, *values: str) -> int:
        return self._asked(lambda conn: int(conn.execute(query, values).fetchone()[0]), _FAILED) or 0

    def _asked(self, question: Callable[[sqlite3.Connection], _T], failed: str) -> _T | None:
        """The file's answer; None when it gives none, which a finding tells."""
        try:
            return question(self._conn)
        except (sqlite3.Error, OSError) as error:
            if isinstance(error, sqlite3.Error) and is_corrupt(error):
                self._begin_anew()
            elif is_worldly(error):
                self._note(Finding(0, failed, {"why": named(error, FILE)}))
            else:
                raise
        return None

    def _begin_anew(self) -> None:
        self._conn.close()
        try:
            self._conn = self._begun(_DAMAGED)
        except (OSError, sqlite3.Error, StorageProfile) as error:
            self._conn = self._held(error)


def _about(entry_id: str, kind: str) -> str:
    return f"{entry_id}/{kind}"


def _tried(path: Path, connect: Connect, box: Box) -> sqlite3.Connection | str:
    """The connection when the file is whole and this device's; what is wrong with it otherwise."""
    try:
        conn = database.open_profiled(path, connect, _PROFILE)
        try:
            wrong = _wrong(conn, box)
        except BaseException:
            conn.close()
            raise
    except UNREADABLE as error:
        if isinstance(error, sqlite3.Error) and not is_damage(error):
            raise
        return _DAMAGED
    if wrong:
        conn.close()
    return wrong or conn


def _wrong(conn: sqlite3.Connection, box: Box) -> str:
    form = conn.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    if sorted(sql for (sql,) in form) != sorted(_TABLES):
        return _DAMAGED
    if conn.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
        return _DAMAGED
    marks = conn.execute("SELECT closed FROM mark").fetchall()
    if len(marks) != 1:
        return _DAMAGED
    return "" if box.open(marks[0][0], _MARK) == _MARK else _FOREIGN


def _fill(conn: sqlite3.Connection, box: Box) -> None:
    conn.execute("BEGIN IMMEDIATE")
    for table in _TABLES:
        conn.execute(table)
    conn.execute("INSERT INTO mark VALUES (?)", (box.close(_MARK, _MARK),))
    conn.execute("COMMIT")


def _sweep(conn: sqlite3.Connection) -> None:
    """Write the file anew: secure_delete alone leaves pieces of rows between others when pages are split."""
    conn.execute("VACUUM")


def _wipe(aside: Path) -> None:
    for path in aside.iterdir():
        with path.open("r+b") as file:
            file.write(bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    aside.rmdir()
