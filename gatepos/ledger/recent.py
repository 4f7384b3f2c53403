"""The check before selling: the recent stretch of the journal and all that mirrors it."""

import sqlite3

from gatepos.domain import entry as entries
from gatepos.i18n import N_
from gatepos.ledger import checks, mirrors
from gatepos.ledger.checks import Finding, Link
from gatepos.seal import entries as entry_seal

RECENT_MAX = 20_000
"""Entries checked before selling, when the last two shift closes lie further back."""


def check(conn: sqlite3.Connection, till: str, public: bytes) -> Finding | None:
    """The chain since the last two shift closes, its columns, indexes and balances, the head's signature."""
    start = _start(conn, till, public)
    link = checks.chain(conn, start)
    if link.seq == 0:
        return Finding(0, N_("the journal is empty"))
    return (
        link.finding
        or mirrors.columns(conn, start.seq, link.seq)
        or mirrors.indexes(conn, till, start.seq, link.seq, mirrors.ASKED)
        or mirrors.last_numbers(conn, till)
        or _head(conn, public)
        or _balances(conn, till, start.seq)
    )


def _start(conn: sqlite3.Connection, till: str, public: bytes) -> Link:
    row = conn.execute(
        "SELECT seq FROM journal WHERE kind = 'shift.closed' ORDER BY seq DESC LIMIT 1 OFFSET 1"
    ).fetchone()
    head = conn.execute("SELECT max(seq) FROM journal").fetchone()[0] or 0
    seq = max(row[0] - 1 if row else 0, head - RECENT_MAX, 0)
    before = conn.execute("SELECT raw FROM journal WHERE seq = ?", (seq,)).fetchone()
    if before is None or type(before[0]) is not bytes:
        return Link(0, entries.genesis(till, public))
    return Link(seq, entries.hash_of(before[0]))


def _head(conn: sqlite3.Connection, public: bytes) -> Finding | None:
    """The head's signature vouches for the whole chain below it."""
    seq, raw, sig = conn.execute("SELECT seq, raw, sig FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    if type(sig) is not bytes or not entry_seal.holds(public, entries.hash_of(raw), sig):
        return Finding(seq, N_("its signature does not hold"))
    return None


def _balances(conn: sqlite3.Connection, till: str, after_seq: int) -> Finding | None:
    row = conn.execute(
        "SELECT seq FROM posting WHERE till = ? AND seq > ? GROUP BY seq, currency"
        " HAVING sum(amount_minor) <> 0 ORDER BY seq LIMIT 1",
        (till, after_seq),
    ).fetchone()
    return Finding(row[0], N_("its postings in the books do not sum to zero")) if row else None
