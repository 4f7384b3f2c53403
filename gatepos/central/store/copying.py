"""Copies of central's SQLite file: made while it is served, read back whole, and put in place again."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from gatepos import files
from gatepos.central.store.engine import FILE, StorageFailed
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_

_BESIDE = ("", "-wal", "-shm")
"""SQLite's files: the second and third belong to the first, and to no copy of it."""


class NotOneFile(Refusal):
    """A central whose database is a server's."""

    says = N_("This central's database is not a file in {folder}. Back up PostgreSQL with pg_dump.")


class CopyDamaged(Trouble):
    """A copy that is not whole."""

    says = N_("{file} is not a whole copy of central's database ({why}). Nothing was changed.")


def copy(folder: Path, place: Path) -> int:
    """Copy the database of a central, served or not, and read the copy back; how many entries it holds.

    NotOneFile, StorageFailed, CopyDamaged.
    """
    source = folder / FILE
    if not source.exists():
        raise NotOneFile(folder=folder)
    beside = place.with_name(f"{place.name}.new")
    with _named():
        beside.unlink(missing_ok=True)
        with closing(_opened(source)) as read, closing(sqlite3.connect(beside)) as write:
            read.backup(write)  # in one step: what is served meanwhile is not in it, and not held up
            write.execute("PRAGMA journal_mode = DELETE")
        entries = checked(beside)
        _sync(beside)
        os.replace(beside, place)
        files.sync_folder(place.parent)
    return entries


def checked(copy: Path) -> int:
    """How many entries a copy holds, every page and index of it looked at; CopyDamaged."""
    try:
        with closing(_opened(copy)) as conn:
            found = str(conn.execute("PRAGMA integrity_check(1)").fetchone()[0])
            if found != "ok":
                raise CopyDamaged(file=copy, why=found[:100])
            return int(conn.execute("SELECT count(*) FROM journal").fetchone()[0])
    except sqlite3.Error as error:
        raise CopyDamaged(file=copy, why=str(error)[:100]) from error


def put_back(copy: Path, folder: Path, aside: Path) -> int:
    """Put a copy in place of a central's database, whose files go aside; how many entries it holds.

    The central is not served meanwhile. CopyDamaged, StorageFailed.
    """
    entries = checked(copy)
    beside = folder / f"{FILE}.new"
    with _named():
        beside.write_bytes(copy.read_bytes())
        _sync(beside)
        there = [path for end in _BESIDE if (path := folder / f"{FILE}{end}").exists()]
        if there:
            aside.mkdir()
        for path in there:
            os.rename(path, aside / path.name)
        os.replace(beside, folder / FILE)
        files.sync_folder(folder)
    return entries


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDWR | files.BINARY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@contextmanager
def _named() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StorageFailed(why=getattr(error, "strerror", None) or str(error)) from error
