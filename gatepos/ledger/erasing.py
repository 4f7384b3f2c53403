"""Erasing what was heard of other tills in the ledger's tables; the bytes go when the file is swept."""

import sqlite3
from datetime import date

from gatepos.domain import booked, erasing
from gatepos.domain import entry as entries
from gatepos.domain.books import Row
from gatepos.ledger import database
from gatepos.ledger.journal import insert_books

_ERASED, _SWEPT = "erased", "swept"
_SOME = 50
"""Entries in one transaction: some 25 ms."""


def is_erased(conn: sqlite3.Connection, before: str) -> bool:
    """Whether all that was heard was erased, in the file and beside it, up to a day."""
    return database.cursor(conn, _ERASED) == _number(before)


def is_swept(conn: sqlite3.Connection, before: str) -> bool:
    """Whether the file was written anew since."""
    return database.cursor(conn, _SWEPT) == _number(before)


def set_erased(conn: sqlite3.Connection, before: str) -> None:
    """All is erased up to a day."""
    database.set_cursor(conn, _ERASED, _number(before))


def set_swept(conn: sqlite3.Connection, before: str) -> None:
    """The file was written anew since."""
    database.set_cursor(conn, _SWEPT, _number(before))


def is_any_due(conn: sqlite3.Connection, before: str) -> bool:
    """Whether the first that was heard of any till, or a ticket, is of a day before a day."""
    first = "SELECT raw FROM heard WHERE till = ? ORDER BY seq LIMIT 1"
    heard = (conn.execute(first, (till,)).fetchone()[0] for till in database.tills(conn, "heard"))
    ticket = "SELECT 1 FROM heard_ticket WHERE day < ? AND plate <> '' LIMIT 1"
    return any(erasing.is_due(raw, before) for raw in heard) or bool(
        conn.execute(ticket, (before,)).fetchone()
    )


def erase_some(conn: sqlite3.Connection, till: str, before: str, after_seq: int) -> int | None:
    """Erase the next entries heard of a till, within the caller's transaction; the last looked at, or None.

    Their books are made anew of what is left: no sum and no number is another.
    """
    rows = conn.execute(
        "SELECT seq, raw, sig FROM heard WHERE till = ? AND seq > ? ORDER BY seq LIMIT ?",
        (till, after_seq, _SOME),
    ).fetchall()
    for seq, raw, sig in rows:
        if erasing.is_due(raw, before) and not entries.is_erased(sig):
            _erase(conn, till, seq, raw, sig)
    return rows[-1][0] if rows else None


def erase_tickets(conn: sqlite3.Connection, before: str) -> None:
    """Erase the plates on lists of tickets for the days before a day, within the caller's transaction."""
    conn.execute("UPDATE heard_ticket SET plate = '' WHERE day < ? AND plate <> ''", (before,))


def _erase(conn: sqlite3.Connection, till: str, seq: int, raw: bytes, sig: bytes) -> None:
    was, left = booked.heard(raw, sig), erasing.erased(raw, sig)
    conn.execute("UPDATE heard SET raw = ?, sig = ? WHERE till = ? AND seq = ?", (*left, till, seq))
    now = booked.heard(*left)
    if now != was:
        for table in _tables(was):
            conn.execute(f"DELETE FROM {table} WHERE till = ? AND seq = ?", (till, seq))
        insert_books(conn, now)


def _tables(rows: list[Row]) -> set[str]:
    return {table for table, _ in rows}


def _number(before: str) -> int:
    return date.fromisoformat(before).toordinal()
