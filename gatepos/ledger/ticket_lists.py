"""Lists of tickets that somebody loaded at this till: bodies beside the ledger, as its journal names them."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import cast

import orjson

from gatepos import files
from gatepos.domain.entry import Entry
from gatepos.i18n import N_
from gatepos.ledger import database, feeds, sealed
from gatepos.ledger.checks import Finding
from gatepos.ledger.sealed import Own
from gatepos.ledger.troubles import named
from gatepos.wire import feed

FOLDER = "tickets"
LISTS = "prepaid"
"""How a `feed.applied` calls such a list."""
BATCH = 500
"""Tickets in one transaction: some 10 ms."""
_LOADED = "tickets.loaded"
Rows = Sequence[Mapping[str, object]]
"""Tickets as the feed `prepaid` tells them, but for the moment of their list."""


def body(rows: Rows) -> bytes:
    """What is kept of a list."""
    return orjson.dumps(list(rows), option=orjson.OPT_SORT_KEYS)


def digest(data: bytes) -> str:
    """By which a body is named."""
    return hashlib.sha256(data).hexdigest()


def keep(folder: Path, data: bytes) -> None:
    """Keep a body beside the ledger before its entry is written; DiskFull, ReadOnly, DiskFault."""
    place = folder / FOLDER
    try:
        place.mkdir(exist_ok=True)
        files.write_whole(place / digest(data), data, files.PRIVATE)
    except OSError as error:
        raise named(error, str(place)) from error


def insert(conn: sqlite3.Connection, rows: Rows, listed_at: str) -> None:
    """Tickets of a list of that moment, within the caller's transaction; what a later one says stays."""
    feeds.list_tickets(conn, [{**row, "listed_at": listed_at, "state": "listed"} for row in rows])


def note(conn: sqlite3.Connection, entry: Entry) -> None:
    """All tickets of a list are in, within the caller's transaction."""
    database.set_cursor(conn, _LOADED, max(entry.seq, database.cursor(conn, _LOADED) or 0))


def batches(rows: Rows) -> Iterator[Rows]:
    """What goes into the ledger's file in one transaction each."""
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def recalled(
    conn: sqlite3.Connection,
    folder: Path,
    entries: Iterable[Entry],
    own: Own,
    put: Callable[[Callable[[sqlite3.Connection], None]], None],
) -> Iterator[Finding]:
    """Take again the lists that the journal names and the ledger's file lacks; what is gone is a finding."""
    for entry in entries:
        if entry.data["feed"] != LISTS or entry.seq <= (database.cursor(conn, _LOADED) or 0):
            continue
        try:
            rows = _read(folder / FOLDER / str(entry.data["digest"]), own)
        except OSError:
            rows = None
        if rows is None:
            says = N_("the list of tickets of {at} is gone; load it again")
            yield Finding(entry.seq, says, {"at": entry.at})
            continue
        for batch in batches(rows):
            put(partial(insert, rows=batch, listed_at=entry.at))
        put(partial(note, entry=entry))


def erase(folder: Path, before: str, own: Own) -> Iterator[None]:
    """Erase the plates of the days before a day in the lists that are kept; what is no list goes whole."""
    for path in sorted((folder / FOLDER).glob("*")):
        try:
            rows = _read(path, own)
            if rows is None:
                path.unlink()
            elif (left := [feed.erased(feed.PREPAID, row, before) for row in rows]) != list(rows):
                files.write_whole(path, sealed.seal(own, path.name, body(left)), files.PRIVATE)
        except OSError as error:
            raise named(error, str(path)) from error
        yield


def _read(path: Path, own: Own) -> Rows | None:
    """The tickets of a body, when they are those of its name, or what this till left of them."""
    data = path.read_bytes()
    if sealed.is_sealed(data):
        left = sealed.opened(own, path.name, data)
    else:
        left = data if digest(data) == path.name else None
    return None if left is None else cast(Rows, orjson.loads(left))
