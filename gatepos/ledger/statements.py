"""Statements that were read: their bodies beside the ledger, their lines in tables made again from these.

A line stands once, however many statements have it.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import cast

import orjson

from gatepos import files
from gatepos.domain.entry import Entry
from gatepos.domain.statements import Line, Statement
from gatepos.i18n import N_
from gatepos.ledger.checks import Finding
from gatepos.ledger.troubles import named

FOLDER = "statements"
BATCH = 500
"""Lines in one transaction: some 10 ms."""
_COLUMNS = "kind, place, code, at, amount_minor, account, reverses, n"
_INSERT = (
    f"INSERT INTO statement_line(id, pays, day, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    # Shorter forms lack the account or the seconds: the fuller story holds, whichever came first.
    " ON CONFLICT(id) DO UPDATE SET account = max(account, excluded.account)"
    " WHERE account = ''"
)
_AMONG = 500


def body(statement: Statement) -> bytes:
    """What is kept of a statement: nothing of who paid."""
    lines = [
        [one.code, one.at, one.amount_minor, one.account, one.reverses, one.n] for one in statement.lines
    ]
    return orjson.dumps(
        {
            "kind": statement.kind,
            "place": statement.place,
            "from_at": statement.from_at,
            "to_at": statement.to_at,
            "is_whole": statement.is_whole,
            "lines": lines,
        }
    )


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


def known(conn: sqlite3.Connection, lines: Iterable[Line]) -> dict[str, Line]:
    """Those of the lines that stand already, by their id, as they stand."""
    found: dict[str, Line] = {}
    for ids in _parts([line.id for line in lines]):
        marks = ", ".join("?" * len(ids))
        for id_, *values in conn.execute(
            f"SELECT id, {_COLUMNS} FROM statement_line WHERE id IN ({marks})", ids
        ):
            found[id_] = Line(*values)
    return found


def paying(conn: sqlite3.Connection, kind: str, code: str) -> list[Line]:
    """The lines about a payment."""
    found = conn.execute(f"SELECT {_COLUMNS} FROM statement_line WHERE pays = ? AND kind = ?", (code, kind))
    return [Line(*row) for row in found]


def insert(conn: sqlite3.Connection, lines: Iterable[Line]) -> None:
    """Lines that are new, and accounts that others lack, within the caller's transaction."""
    conn.executemany(_INSERT, map(_values, lines))


def note(conn: sqlite3.Connection, entry: Entry) -> None:
    """All lines of a `statement.imported` are in, within the caller's transaction."""
    data = entry.data
    conn.execute(
        "INSERT OR IGNORE INTO statement_read(seq, kind, place, from_at, to_at, is_whole)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            entry.seq, data["statement"], data["paybill"] or "", data["from_at"], data["to_at"],
            int(cast(bool, data["is_whole"])),
        ),
    )  # fmt: skip


def recalled(
    conn: sqlite3.Connection,
    folder: Path,
    entries: Iterable[Entry],
    put: Callable[[Callable[[sqlite3.Connection], None]], None],
) -> Iterator[Finding]:
    """Read again what the journal says was read and the ledger's file lacks; what is gone is a finding."""
    read = {seq for (seq,) in conn.execute("SELECT seq FROM statement_read")}
    for entry in entries:
        if entry.seq in read:
            continue
        lines = _kept(folder, entry)
        if lines is None:
            values = {"from": entry.data["from_at"], "to": entry.data["to_at"]}
            yield Finding(entry.seq, N_("the statement from {from} to {to} is gone; import it again"), values)
            continue
        for batch in batches(lines):
            put(partial(insert, lines=batch))
        put(partial(note, entry=entry))


def batches(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """What goes into the ledger's file in one transaction each."""
    return (lines[start : start + BATCH] for start in range(0, len(lines), BATCH))


def _kept(folder: Path, entry: Entry) -> Sequence[Line] | None:
    """The lines of the body that an entry names, when they are those."""
    try:
        data = (folder / FOLDER / str(entry.data["digest"])).read_bytes()
    except OSError:
        return None
    if digest(data) != entry.data["digest"]:
        return None
    found = orjson.loads(data)
    kind, place = found["kind"], found["place"]
    return [Line(kind, place, *values) for values in found["lines"]]


def _values(line: Line) -> tuple[object, ...]:
    return (
        line.id, line.pays, line.day, line.kind, line.place, line.code, line.at, line.amount_minor,
        line.account, line.reverses, line.n,
    )  # fmt: skip


def _parts(ids: Iterable[str]) -> Iterator[list[str]]:
    left = iter(ids)
    while part := list(islice(left, _AMONG)):
        yield part
