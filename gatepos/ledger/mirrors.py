"""What mirrors the journal's bytes: index columns, SQLite's indexes, the books; each must say what they say.

SQLite does not look whether an index agrees with its table: one flipped bit in it hides a row from every
question that goes through it, and the row itself is whole.
"""

import itertools
import sqlite3
from collections.abc import Iterable, Iterator
from typing import cast

from gatepos.domain import books as book_forms
from gatepos.domain import entry as entries
from gatepos.domain import numbers, tables
from gatepos.domain.books import Row
from gatepos.domain.canonical import BadForm
from gatepos.domain.entry import Entry
from gatepos.domain.kinds import KINDS
from gatepos.i18n import N_
from gatepos.ledger import database
from gatepos.ledger.checks import Finding
from gatepos.ledger.journal import series_range

_LACKING = N_("an index of {table} does not find it")
_COLUMNS = N_("its index differs from its bytes")
_KEY = ("till", "seq", "line")
_NUMBERED = tuple(kind for kind, fields in KINDS.items() if "number" in fields)
_LAST_OF_KIND = (
    "SELECT seq, number FROM journal INDEXED BY journal_kind"
    " WHERE kind = ? AND number IS NOT NULL ORDER BY seq DESC LIMIT 1"
)
_LAST_OF_SERIES = (
    "SELECT seq, number FROM journal WHERE number >= ? AND number < ? ORDER BY number DESC LIMIT 1"
)


def _lacking(table: str, index: str, columns: tuple[str, ...], where: str) -> str:
    """The first row of `table` that its index does not find under its own values."""
    same = " AND ".join(f"found.{column} IS row.{column}" for column in columns)
    return (
        f"SELECT seq FROM {table} AS row WHERE {where} AND NOT EXISTS"
        f" (SELECT 1 FROM {table} AS found INDEXED BY {index} WHERE {same}) ORDER BY seq LIMIT 1"
    )


_STRETCH = "seq > :after AND seq <= :to"
_OF_TILL = f"till = :till AND {_STRETCH}"
BOOKS = tuple(
    (table.name, _lacking(table.name, f"{table.name}_{'_'.join(index)}", (*index, *_KEY), _OF_TILL))
    for table in tables.TABLES
    for index in table.indexes
)
"""The indexes of the books, each with its table and the select that finds what it lacks."""
ASKED = (
    *(
        ("journal", _lacking("journal", index, (column, "seq"), _STRETCH))
        for index, column in (
            ("sqlite_autoindex_journal_1", "id"),
            ("sqlite_autoindex_journal_2", "number"),
            ("journal_kind", "kind"),
        )
    ),
    *BOOKS,
)
"""The indexes through which a till asks."""
ALL = (*ASKED, ("journal", _lacking("journal", "sqlite_autoindex_journal_3", ("hash", "seq"), _STRETCH)))
HEARD = (("heard", _lacking("heard", "heard_number", ("number", "till", "seq"), _OF_TILL)), *BOOKS)
"""Those through which it asks for what it heard."""


def read(conn: sqlite3.Connection, after_seq: int, to_seq: int) -> Iterator[Entry | Finding]:
    """The entries after `after_seq` up to `to_seq`; a finding where columns say else than the bytes."""
    rows = conn.execute(
        "SELECT seq, id, kind, number, raw, sig, hash FROM journal WHERE seq > ? AND seq <= ? ORDER BY seq",
        (after_seq, to_seq),
    )
    for seq, id_, kind, number, raw, sig, hash_ in rows:
        try:
            entry = entries.known(raw, sig, hash_)
        except BadForm:
            yield Finding(seq, _COLUMNS)
        else:
            yield entry if says(entry, seq, id_, kind, number) else Finding(seq, _COLUMNS)


def says(entry: Entry, seq: int, id_: str, kind: str, number: str | None) -> bool:
    """Whether an entry's bytes say what its columns say."""
    fields = entry.fields
    data = fields.get("data")
    told = data.get("number") if isinstance(data, dict) else None
    return (fields.get("seq"), fields.get("id"), fields.get("kind"), told) == (seq, id_, kind, number)


def columns(conn: sqlite3.Connection, after_seq: int, to_seq: int) -> Finding | None:
    """Whether the index columns of a stretch say what its bytes say."""
    return next((one for one in read(conn, after_seq, to_seq) if isinstance(one, Finding)), None)


def indexes(
    conn: sqlite3.Connection, till: str, after_seq: int, to_seq: int, selects: Iterable[tuple[str, str]] = ALL
) -> Finding | None:
    """Whether indexes find the rows of a stretch, in the journal and in the books."""
    stretch = {"till": till, "after": after_seq, "to": to_seq}
    for table, select in selects:
        if row := conn.execute(select, stretch).fetchone():
            return Finding(row[0], _LACKING, {"table": table})
    return None


def last_numbers(conn: sqlite3.Connection, till: str) -> Finding | None:
    """Whether the index by number ends, in every series, with the number that was taken last.

    The next number is made from its end, however far back the last one was taken.
    """
    taken = [row for kind in _NUMBERED if (row := conn.execute(_LAST_OF_KIND, (kind,)).fetchone())]
    for series in numbers.SERIES:
        last = max((row for row in taken if row[1][4:5] == series), default=None)
        ends = conn.execute(_LAST_OF_SERIES, series_range(till, series)).fetchone()
        if ends != last:
            return Finding(max(ends or last, last or ends)[0], _LACKING, {"table": "journal"})
    return None


def books(
    conn: sqlite3.Connection, till: str, made_by: Iterable[Entry | Finding], after_seq: int, to_seq: int
) -> Iterator[Finding]:
    """Where the books of a stretch are not what its entries make: rows altered, gone, or too many."""
    made: list[Row] = []
    for one in made_by:
        if isinstance(one, Finding):
            yield one
        else:
            made += book_forms.inserts(one)
    yield from differences(conn, till, made, after_seq, to_seq)


def differences(
    conn: sqlite3.Connection, till: str, made: Iterable[Row], after_seq: int, to_seq: int
) -> Iterator[Finding]:
    """Where the books of a stretch of a till are other rows than its entries made."""
    expected: dict[str, list[tuple[object, ...]]] = {table.name: [] for table in tables.TABLES}
    for table, values in made:
        expected[table].append(values)
    for name, rows in expected.items():
        found: list[tuple[object, ...]] = conn.execute(
            f"SELECT * FROM {name} WHERE till = ? AND seq > ? AND seq <= ? ORDER BY seq, line",
            (till, after_seq, to_seq),
        ).fetchall()
        if found != rows:
            for seq in sorted({cast(int, row[1]) for row in {*found} ^ {*rows}}):
                yield Finding(seq, N_("the book {book} differs"), {"book": name})


def heads(conn: sqlite3.Connection) -> dict[str, int]:
    """The last entry heard of each till that was."""
    last = "SELECT max(seq) FROM heard WHERE till = ?"
    return {till: conn.execute(last, (till,)).fetchone()[0] for till in database.tills(conn, "heard")}


def strangers(conn: sqlite3.Connection, till: str) -> Iterator[Finding]:
    """Books with rows that no entry of this journal, and none that was heard, can have made."""
    own = conn.execute("SELECT max(seq) FROM journal").fetchone()[0]
    known = sorted({**heads(conn), till: own}.items())
    bounds = ["", *(one for one, _ in known), "\U0010ffff"]
    between = [("till > ? AND till < ?", pair) for pair in itertools.pairwise(bounds)]
    beyond = [("till = ? AND (seq < 1 OR seq > ?)", one) for one in known]
    for table in tables.TABLES:
        asked = [(f"SELECT 1 FROM {table.name} WHERE {where} LIMIT 1", at) for where, at in between + beyond]
        if any(conn.execute(select, at).fetchone() for select, at in asked):
            yield Finding(0, N_("the book {book} has rows that no entry makes"), {"book": table.name})
