"""The SQLite file of a ledger: one connection, a storage profile that is asserted, a known form."""

import os
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

from sqlite_utils import Database

from gatepos import files
from gatepos.domain import tables
from gatepos.ledger import migrations
from gatepos.ledger.troubles import LedgerNewer, StorageProfile, is_damage

APPLICATION_ID = 0x47505331  # "GPS1"
VERSION = len(migrations.STEPS) * 1000 + tables.VERSION
"""Of the file: thousands count the migrations, the rest is the version of the books."""
SIDE_FILES = ("", "-wal", "-shm", "-journal")
SQLITE_VERSION = sqlite3.sqlite_version
_WAIT_S = 1.0

Connect = Callable[[Path], sqlite3.Connection]
"""The port through which a ledger's file is opened."""

Profile = Mapping[str, str | int]
"""Pragmas that must hold."""

LEDGER: Profile = {
    "locking_mode": "exclusive",
    "journal_mode": "wal",
    "synchronous": 2,  # FULL
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "wal_autocheckpoint": 0,
}


def connect(path: Path) -> sqlite3.Connection:
    """Open or create the file as it is opened in every real till."""
    return sqlite3.connect(path, isolation_level=None, timeout=_WAIT_S)


def open_profiled(path: Path, connect: Connect = connect, profile: Profile = LEDGER) -> sqlite3.Connection:
    """A connection that keeps the storage profile; StorageProfile when it cannot."""
    conn = connect(path)
    try:
        for name, value in profile.items():
            conn.execute(f"PRAGMA {name}={value}").fetchall()
        for name, value in profile.items():
            found = conn.execute(f"PRAGMA {name}").fetchone()[0]
            if found != value:
                raise StorageProfile(what=f"{name} is {found}")
    except BaseException:
        conn.close()
        raise
    return conn


def open_reading(path: Path) -> sqlite3.Connection:
    """A connection that only reads a file at rest, such as a backup, and changes none of its bytes."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)


def open_new(path: Path) -> sqlite3.Connection:
    """A connection to an empty file in the present form, unsafe until `sync`: nobody reads it before."""
    for suffix in SIDE_FILES:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("PRAGMA journal_mode=OFF").fetchall()
    conn.execute("PRAGMA synchronous=OFF")
    conn.execute("BEGIN IMMEDIATE")
    migrations.migrate(conn, 0)
    migrations.create_books(conn)
    stamp(conn)
    conn.execute("COMMIT")
    return conn


def sync(path: Path) -> None:
    """Bring a closed file and its name to the disk."""
    fd = os.open(path, os.O_RDWR | files.BINARY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
    files.sync_folder(path.parent)


def stamp(conn: sqlite3.Connection) -> None:
    """Write the version, twice, so that one flipped bit is not taken for a newer program's ledger."""
    conn.execute(f"PRAGMA application_id={APPLICATION_ID}")
    conn.execute(f"PRAGMA user_version={VERSION}")
    set_cursor(conn, "version", VERSION)


def version(conn: sqlite3.Connection) -> int:
    """The file's version, 0 when it does not say it clearly; LedgerNewer when a newer program wrote it."""
    header = int(conn.execute("PRAGMA user_version").fetchone()[0])
    application = int(conn.execute("PRAGMA application_id").fetchone()[0])
    try:
        row = conn.execute("SELECT value FROM cursor WHERE name = 'version'").fetchone()
    except sqlite3.OperationalError as error:
        if not is_damage(error):
            raise
        return 0
    if application != APPLICATION_ID or row is None or row[0] != header:
        return 0
    if header // 1000 > VERSION // 1000 or header % 1000 > VERSION % 1000:
        raise LedgerNewer()
    return header


def has_form(conn: sqlite3.Connection) -> bool:
    """Whether tables, indexes and triggers are exactly those of this version."""
    return _form(conn) == _expected_form()


def cursor(conn: sqlite3.Connection, name: str) -> int | None:
    """A cursor's value."""
    row = conn.execute("SELECT value FROM cursor WHERE name = ?", (name,)).fetchone()
    return int(row[0]) if row else None


def set_cursor(conn: sqlite3.Connection, name: str, value: int) -> None:
    """Move a cursor, in the caller's transaction or one of its own."""
    conn.execute(
        "INSERT INTO cursor(name, value) VALUES (?, ?)"
        " ON CONFLICT(name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def tills(conn: sqlite3.Connection, table: str) -> list[str]:
    """The tills that have rows in a table, in order; one indexed read each."""
    found: list[str] = []
    select = f"SELECT min(till) FROM {table} WHERE till > ?"
    while (row := conn.execute(select, (found[-1] if found else "",)).fetchone())[0] is not None:
        found.append(str(row[0]))
    return found


def _form(conn: sqlite3.Connection) -> dict[str, str]:
    found = Database(conn, execute_plugins=False)
    return {
        row["name"]: row["sql"] for row in found.query("SELECT name, sql FROM sqlite_master WHERE sql <> ''")
    }


def _expected_form() -> dict[str, str]:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrations.migrate(conn, 0)
        migrations.create_books(conn)
        return _form(conn)
    finally:
        conn.close()
