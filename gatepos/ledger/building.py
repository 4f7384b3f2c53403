"""Making a whole ledger file out of entries, and putting it in place of another at once."""

import json
import os
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import cast

from gatepos import files
from gatepos.domain import booked, books, papers, tables
from gatepos.domain import entry as entries
from gatepos.domain.entry import Entry
from gatepos.ledger import database, migrations
from gatepos.ledger.journal import insert, insert_books
from gatepos.ledger.prints import ASK, SENT
from gatepos.ledger.tape import ASIDES
from gatepos.ledger.troubles import named

_DONE = "report.json"
_NEW = ".new"
_PAPERS = tuple(papers.BODIES)
"""The kinds that print; the last of them is asked about when nothing says that it was printed."""
_BATCH = 5_000


def build(path: Path, found: Iterable[Entry]) -> None:
    """A ledger file with these entries, their books and what is known of their papers, on the disk."""
    conn = database.open_new(path)
    papers = _Papers()
    try:
        conn.execute("BEGIN IMMEDIATE")
        for n, entry in enumerate(found, 1):
            insert(conn, entry, books.inserts(entry))
            papers.note(entry)
            if n % _BATCH == 0:
                conn.execute("COMMIT")
                conn.execute("BEGIN IMMEDIATE")
        conn.executemany("INSERT INTO print_job(entry_seq, copy, state) VALUES (?, ?, ?)", papers.jobs())
        conn.execute("COMMIT")
    finally:
        conn.close()
    database.sync(path)


def upgrade(conn: sqlite3.Connection, from_version: int, copy: Path) -> None:
    """Write into `copy` the ledger of an older program in the present form."""
    for suffix in database.SIDE_FILES:
        copy.with_name(copy.name + suffix).unlink(missing_ok=True)
    target = sqlite3.connect(copy, isolation_level=None)
    try:
        conn.backup(target)
        target.execute("PRAGMA journal_mode=DELETE").fetchall()
        target.execute("BEGIN IMMEDIATE")
        migrations.migrate(target, from_version // 1000)
        if from_version % 1000 != tables.VERSION:
            _make_books_anew(target)
        database.stamp(target)
        target.execute("COMMIT")
    finally:
        target.close()
    database.sync(copy)


def new_path(folder: Path, name: str) -> Path:
    """Where a new file is made before it takes the ledger's place."""
    return folder / f"{name}{_NEW}"


def set_aside(folder: Path, name: str) -> Path:
    """Move the ledger's files, as they are, into a numbered folder of `asides`; nothing is ever deleted.

    File and WAL stay together: a move that a power cut broke off is finished in the same folder.
    """
    left = [file for suffix in database.SIDE_FILES if (file := folder / f"{name}{suffix}").exists()]
    begun = unfinished(folder)[-1:]
    if begun and not any((begun[0] / file.name).exists() for file in left):
        aside = begun[0]
    else:
        aside = _next_aside(folder / ASIDES)
    for file in left:
        os.rename(file, aside / file.name)
    files.sync_folder(aside)
    files.sync_folder(folder)
    return aside


def put_in_place(folder: Path, name: str) -> None:
    """The new file takes the ledger's name, for its owner alone like the tape and the key."""
    os.chmod(new_path(folder, name), files.PRIVATE)
    os.replace(new_path(folder, name), folder / name)
    files.sync_folder(folder)


def unfinished(folder: Path) -> list[Path]:
    """What was set aside by a rebuild that did not come to its end, oldest first."""
    return [aside for aside in _asides(folder / ASIDES) if not (aside / _DONE).exists()]


def mark_finished(folder: Path, report: Mapping[str, object]) -> None:
    """The new ledger works: what was set aside is evidence only from now on."""
    for aside in unfinished(folder):
        files.write_whole(aside / _DONE, json.dumps(report, indent=1, sort_keys=True).encode())


def _make_books_anew(conn: sqlite3.Connection) -> None:
    migrations.drop_books(conn)
    migrations.create_books(conn)
    for raw, sig in conn.execute("SELECT raw, sig FROM journal ORDER BY seq"):
        insert_books(conn, books.inserts(entries.known(raw, sig)))
    for raw, sig in conn.execute("SELECT raw, sig FROM heard ORDER BY till, seq"):
        insert_books(conn, booked.heard(raw, sig))


def forget(folder: Path, name: str, before: date) -> None:
    """Take away the ledger files that were set aside before a day, by a rebuild that came to its end.

    What was found stays; what they hold of other tills could be erased in none of them. What the disk says.
    """
    try:
        for aside in _asides(folder / ASIDES):
            done = aside / _DONE
            if done.exists() and date.fromtimestamp(done.stat().st_mtime) < before:
                for suffix in database.SIDE_FILES:
                    (aside / f"{name}{suffix}").unlink(missing_ok=True)
    except OSError as error:
        raise named(error, str(folder)) from error


class _Papers:
    """What the journal says was printed; the last paper of which it says nothing is asked about."""

    def __init__(self) -> None:
        self._sent: dict[tuple[int, int], None] = {}
        self._last: int | None = None

    def note(self, entry: Entry) -> None:
        """Look at one more entry."""
        data = entry.data
        if entry.kind in _PAPERS:
            self._last = entry.seq
        elif entry.kind in ("print.done", "reprint"):
            self._sent[cast(int, data["of"]), cast(int, data["copy"])] = None

    def jobs(self) -> list[tuple[int, int, str]]:
        """Print jobs as their table holds them."""
        found = [(seq, copy, SENT) for seq, copy in self._sent]
        if self._last is not None and (self._last, 0) not in self._sent:
            found.append((self._last, 0, ASK))
        return found


def _asides(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted((p for p in folder.iterdir() if p.name.isdigit()), key=lambda p: int(p.name))


def _next_aside(folder: Path) -> Path:
    last = _asides(folder)[-1:]
    aside = folder / str(int(last[0].name) + 1 if last else 1)
    aside.mkdir(parents=True)
    files.sync_folder(folder)
    return aside
