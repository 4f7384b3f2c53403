"""Statements that were read: their bodies beside the ledger, their lines in tables made again from these.

A line stands once, however many statements have it.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import cast

import orjson

from gatepos import files
from gatepos.domain import moments, text
from gatepos.domain.entry import Entry
from gatepos.domain.statements import Line, Statement, days_of
from gatepos.errors import Refusal
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
AROUND_MS = 3 * moments.DAY_MS
"""A line may stand so long outside of what its statement says that it is of."""


class NoSuchStatement(Refusal):
    """An import that nobody made, or that was withdrawn."""

    says = N_("No such statement was read here, or it was withdrawn before.")


class WasWithdrawn(Refusal):
    """A statement that two people withdrew."""

    says = N_(
        "Two people withdrew this statement. If it is true after all, ask for one of other days with the same"
        " payments, and read that."
    )


class StatementGone(Refusal):
    """A statement whose body is not beside the ledger any more."""

    says = N_("The statement from {first} to {last} is no longer kept here. Read it in again, then withdraw.")


def gone(from_at: str, to_at: str) -> StatementGone:
    """The refusal of one of which nothing is left."""
    first, last = map(text.shown_day, days_of(from_at, to_at))
    return StatementGone(first=first, last=last)


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
    """All lines of a `statement.imported` are in, within the caller's transaction.

    Until when it speaks: a statement names its whole day, and knows nothing that came after it was made.
    """
    data = entry.data
    to_at = min(cast(str, data["to_at"]), entry.at)
    conn.execute(
        "INSERT OR IGNORE INTO statement_read(seq, kind, place, from_at, to_at, is_whole)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            entry.seq, data["statement"], data["paybill"] or "", data["from_at"], to_at,
            int(cast(bool, data["is_whole"])),
        ),
    )  # fmt: skip


Put = Callable[[Callable[[sqlite3.Connection], None]], None]
"""Commits rows that are in no entry."""


def days(imported: Entry) -> tuple[date, date]:
    """From which day to which an import says that its statement goes."""
    return days_of(str(imported.data["from_at"]), str(imported.data["to_at"]))


def standing(imported: Sequence[Entry]) -> list[Entry]:
    """The imports that count, of all `statement.imported`, the first first."""
    withdrawn = {entry.data.get("withdraws") for entry in imported}
    return [one for one in imported if not one.data.get("withdraws") and one.id not in withdrawn]


def beside(entry: Entry, imported: Iterable[Entry]) -> list[Entry]:
    """Other imports that may have lines of one: of the same payments, from about the same days."""

    def place(one: Entry) -> tuple[object, object]:
        return one.data["statement"], one.data["paybill"]

    first, last = _reach_ms(entry)
    alike = (one for one in imported if one.id != entry.id and place(one) == place(entry))
    return [one for one in alike if _reach_ms(one)[0] <= last and first <= _reach_ms(one)[1]]


def read(conn: sqlite3.Connection) -> set[int]:
    """The positions of the imports whose lines are in, also of one whose withdrawal was cut off."""
    return {seq for (seq,) in conn.execute("SELECT seq FROM statement_read")}


def alone(conn: sqlite3.Connection, folder: Path, withdrawn: Entry, others: Iterable[Entry]) -> list[Line]:
    """The lines that an import has and no other that is kept."""
    held = {line.id for other in beside(withdrawn, others) for line in kept(folder, other) or ()}
    return [line for line in _lines_of(conn, folder, withdrawn) if line.id not in held]


def clear(
    conn: sqlite3.Connection,
    folder: Path,
    withdrawn: Entry,
    others: Iterable[Entry],
    put: Put,
    give_way: Callable[[], object],
) -> None:
    """Forget the lines of an import that was withdrawn, but for those that others have too.

    The import itself is forgotten last: until then what was cut off is to be done again. Another near it
    whose body is gone counts as not read, for nothing says which lines are its own.
    """
    lines = {line.id for line in _lines_of(conn, folder, withdrawn)}
    near = [(other, kept(folder, other)) for other in beside(withdrawn, others)]
    shared = [
        (other, [line for line in body or () if line.id in lines])
        for other, body in near
        if body is None or any(line.id in lines for line in body)
    ]
    put(partial(_unread, seqs=[other.seq for other, _ in shared]))
    for ids in _parts(lines):
        put(partial(_forget, ids=ids))
        give_way()
    for other, some in shared:
        for batch in batches(some):
            put(partial(insert, lines=batch))
            give_way()
        if some:
            put(partial(note, entry=other))
    put(partial(_unread, seqs=[withdrawn.seq]))


def recalled(
    conn: sqlite3.Connection, folder: Path, imported: Sequence[Entry], put: Put
) -> Iterator[Finding]:
    """Read again what the journal says was read and the ledger's file lacks; what is gone is a finding."""
    before = read(conn)
    for entry in standing(imported):
        is_read = entry.seq in before
        lines = None if is_read else kept(folder, entry)
        if lines is None and not (is_read and _place(folder, entry).is_file()):
            values = {"from": entry.data["from_at"], "to": entry.data["to_at"]}
            yield Finding(entry.seq, N_("the statement from {from} to {to} is gone; import it again"), values)
        if lines is None:
            continue
        for batch in batches(lines):
            put(partial(insert, lines=batch))
        put(partial(note, entry=entry))


def batches(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """What goes into the ledger's file in one transaction each."""
    return (lines[start : start + BATCH] for start in range(0, len(lines), BATCH))


def kept(folder: Path, entry: Entry) -> Sequence[Line] | None:
    """The lines of the body that an entry names, when they are those."""
    statement = whole(folder, entry)
    return None if statement is None else statement.lines


def whole(folder: Path, entry: Entry) -> Statement | None:
    """The statement whose body an entry names, when it is that."""
    try:
        data = _place(folder, entry).read_bytes()
    except OSError:
        return None
    if digest(data) != entry.data["digest"]:
        return None
    return of_body(data)


def of_body(data: bytes) -> Statement:
    """The statement of which a body was kept; its file and what was left aside are gone."""
    found = orjson.loads(data)
    kind, place = found["kind"], found["place"]
    lines = tuple(Line(kind, place, *values) for values in found["lines"])
    return Statement(kind, place, found["from_at"], found["to_at"], lines, 0, found["is_whole"], "")


def _place(folder: Path, entry: Entry) -> Path:
    return folder / FOLDER / str(entry.data["digest"])


def _lines_of(conn: sqlite3.Connection, folder: Path, entry: Entry) -> Sequence[Line]:
    """The lines of an import; where its body is gone all that stand from about its days."""
    lines = kept(folder, entry)
    if lines is not None:
        return lines
    from_ms, to_ms = _reach_ms(entry)
    found = conn.execute(
        f"SELECT {_COLUMNS} FROM statement_line WHERE kind = ? AND place = ? AND at BETWEEN ? AND ?",
        (
            entry.data["statement"], entry.data["paybill"] or "",
            moments.to_text(from_ms), moments.to_text(to_ms),
        ),
    ).fetchall()  # fmt: skip
    return [Line(*row) for row in found]


def _reach_ms(entry: Entry) -> tuple[int, int]:
    from_ms, to_ms = (moments.from_text(str(entry.data[name])) for name in ("from_at", "to_at"))
    return from_ms - AROUND_MS, to_ms + AROUND_MS


def _forget(conn: sqlite3.Connection, ids: Sequence[str]) -> None:
    conn.executemany("DELETE FROM statement_line WHERE id = ?", [(id_,) for id_ in ids])


def _unread(conn: sqlite3.Connection, seqs: Sequence[int]) -> None:
    conn.executemany("DELETE FROM statement_read WHERE seq = ?", [(seq,) for seq in seqs])


def _values(line: Line) -> tuple[object, ...]:
    return (
        line.id, line.pays, line.day, line.kind, line.place, line.code, line.at, line.amount_minor,
        line.account, line.reverses, line.n,
    )  # fmt: skip


def _parts(ids: Iterable[str]) -> Iterator[list[str]]:
    left = iter(ids)
    while part := list(islice(left, _AMONG)):
        yield part
