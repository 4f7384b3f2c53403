"""The SQLite file of a ledger: one connection, a storage profile that is asserted, insert-only tables."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from gatepos.domain import books
from gatepos.ledger.troubles import LedgerNewer, NotALedger, StorageProfile

APPLICATION_ID = 0x47505331  # "GPS1"
VERSION = 1
SQLITE_VERSION = sqlite3.sqlite_version

Connect = Callable[[Path], sqlite3.Connection]
"""The port through which a ledger's file is opened."""

_PROFILE = {
    "locking_mode": "exclusive",
    "journal_mode": "wal",
    "synchronous": 2,  # FULL
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "wal_autocheckpoint": 0,
}
_JOURNAL = """
CREATE TABLE journal(
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, number TEXT UNIQUE,
  raw BLOB NOT NULL, hash BLOB NOT NULL UNIQUE, sig BLOB NOT NULL) STRICT;
CREATE INDEX journal_kind ON journal(kind, seq);
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal
  WHEN EXISTS(SELECT 1 FROM journal WHERE seq = new.seq OR id = new.id OR hash = new.hash
              OR (new.number IS NOT NULL AND number = new.number))
  BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TABLE print_job(
  id INTEGER PRIMARY KEY, entry_seq INTEGER NOT NULL, copy INTEGER NOT NULL, state TEXT NOT NULL) STRICT;
CREATE INDEX print_job_state ON print_job(state, id);
CREATE INDEX print_job_entry ON print_job(entry_seq, copy);
CREATE TABLE cursor(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
"""


def connect(path: Path) -> sqlite3.Connection:
    """Open or create the file as it is opened in every real till."""
    return sqlite3.connect(path, isolation_level=None)


def open_profiled(path: Path, connect: Connect = connect) -> sqlite3.Connection:
    """A connection that keeps the storage profile; StorageProfile when it cannot, LedgerNewer, NotALedger."""
    conn = connect(path)
    try:
        for name, value in _PROFILE.items():
            conn.execute(f"PRAGMA {name}={value}").fetchall()
        _assert_profile(conn)
        version, application = _one(conn, "user_version"), _one(conn, "application_id")
        if version > VERSION:
            raise LedgerNewer()
        if version and application != APPLICATION_ID:
            raise NotALedger(file=path.name)
        if not version:
            _create(conn)
    except BaseException:
        conn.close()
        raise
    return conn


def open_reading(path: Path) -> sqlite3.Connection:
    """A connection that only reads a file at rest, such as a backup."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)


def create_books(conn: sqlite3.Connection) -> None:
    """The empty books, within the caller's transaction."""
    for table in books.TABLES:
        columns = ", ".join(
            f"{column.name} {column.type}{'' if column.null else ' NOT NULL'}" for column in table.columns
        )
        conn.execute(
            f"CREATE TABLE {table.name}({columns}, PRIMARY KEY(till, seq, line)) STRICT, WITHOUT ROWID"
        )
        for index in table.indexes:
            conn.execute(f"CREATE INDEX {table.name}_{'_'.join(index)} ON {table.name}({', '.join(index)})")


def _create(conn: sqlite3.Connection) -> None:
    conn.execute("BEGIN IMMEDIATE")
    for statement in _statements(_JOURNAL):
        conn.execute(statement)
    create_books(conn)
    conn.execute(f"PRAGMA application_id={APPLICATION_ID}")
    conn.execute(f"PRAGMA user_version={VERSION}")
    conn.execute("COMMIT")


def _statements(script: str) -> list[str]:
    found, statement = [], ""
    for line in script.strip().splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            found.append(statement)
            statement = ""
    return found


def _assert_profile(conn: sqlite3.Connection) -> None:
    for name, value in _PROFILE.items():
        found = conn.execute(f"PRAGMA {name}").fetchone()[0]
        if found != value:
            raise StorageProfile(what=f"{name} is {found}")


def _one(conn: sqlite3.Connection, pragma: str) -> int:
    return int(conn.execute(f"PRAGMA {pragma}").fetchone()[0])
