"""The numbered steps by which a ledger's file came to its present form; a released step is never edited.

A new file takes every step, an old one those it lacks, on a copy; the journal's bytes are in none of them.
"""

import sqlite3
from collections.abc import Callable, Sequence

from gatepos.domain import tables

Step = Callable[[sqlite3.Connection], None]

_FIRST = """
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


_HEARD = """
CREATE TABLE heard(
  till TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, number TEXT,
  raw BLOB NOT NULL, sig BLOB NOT NULL, PRIMARY KEY(till, seq)) STRICT;
CREATE INDEX heard_number ON heard(number);
CREATE TRIGGER heard_no_update BEFORE UPDATE ON heard BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER heard_no_delete BEFORE DELETE ON heard BEGIN SELECT RAISE(ABORT, 'append only'); END;
"""

_FEEDS = """
CREATE TABLE heard_key(
  till TEXT PRIMARY KEY, public_key TEXT NOT NULL, park TEXT NOT NULL, gate TEXT NOT NULL,
  lane TEXT NOT NULL, is_revoked INTEGER NOT NULL) STRICT;
CREATE TABLE heard_payment(
  trans_id TEXT PRIMARY KEY, account TEXT NOT NULL, amount_minor INTEGER NOT NULL, at TEXT NOT NULL,
  state TEXT NOT NULL) STRICT;
CREATE INDEX heard_payment_account ON heard_payment(account);
CREATE TABLE heard_revocation(
  digest TEXT NOT NULL, number TEXT NOT NULL, at TEXT NOT NULL, is_revoked INTEGER NOT NULL,
  PRIMARY KEY(number, digest)) STRICT;
"""
_LISTS = """
CREATE TABLE heard_schedule(
  digest TEXT NOT NULL, line INTEGER NOT NULL, row TEXT NOT NULL, PRIMARY KEY(digest, line)) STRICT;
CREATE TABLE heard_ticket(
  folded TEXT PRIMARY KEY, reference TEXT NOT NULL, day TEXT NOT NULL, people TEXT NOT NULL,
  band INTEGER NOT NULL, plate TEXT NOT NULL, listed_at TEXT NOT NULL, is_listed INTEGER NOT NULL) STRICT;
CREATE INDEX heard_ticket_listed_at ON heard_ticket(listed_at);
"""

_FOLDED = """
CREATE INDEX heard_payment_folded ON heard_payment(replace(replace(trans_id, 'O', '0'), 'I', '1'));
CREATE INDEX heard_payment_state ON heard_payment(state, at);
"""

_STATEMENTS = """
CREATE TABLE statement_read(
  seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, place TEXT NOT NULL, from_at TEXT NOT NULL,
  to_at TEXT NOT NULL, is_whole INTEGER NOT NULL) STRICT;
CREATE TABLE statement_line(
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, place TEXT NOT NULL, code TEXT NOT NULL, pays TEXT NOT NULL,
  at TEXT NOT NULL, day TEXT NOT NULL, amount_minor INTEGER, account TEXT NOT NULL, reverses TEXT NOT NULL,
  n INTEGER NOT NULL) STRICT;
CREATE INDEX statement_line_day ON statement_line(day);
CREATE INDEX statement_line_pays ON statement_line(pays);
"""


_ERASABLE = """
DROP TRIGGER heard_no_update;
CREATE TRIGGER heard_no_update BEFORE UPDATE ON heard
  WHEN length(old.sig) <> 64 OR length(new.sig) <> 96 OR substr(new.sig, 1, 64) <> old.sig
    OR new.till <> old.till OR new.seq <> old.seq OR new.kind <> old.kind OR new.number IS NOT old.number
  BEGIN SELECT RAISE(ABORT, 'append only'); END;
"""
"""What was heard changes once: when it is erased, and its hash is kept beside its signature."""


def first(conn: sqlite3.Connection) -> None:
    """The journal, the print jobs, the cursors."""
    for statement in _statements(_FIRST):
        conn.execute(statement)


def heard(conn: sqlite3.Connection) -> None:
    """The entries of other tills."""
    for statement in _statements(_HEARD):
        conn.execute(statement)


def feeds(conn: sqlite3.Connection) -> None:
    """What central's feeds say: keys, payments, papers that are revoked."""
    for statement in _statements(_FEEDS):
        conn.execute(statement)


def folded(conn: sqlite3.Connection) -> None:
    """Payments by their codes as clerks type them, and by how they stand."""
    for statement in _statements(_FOLDED):
        conn.execute(statement)


def lists(conn: sqlite3.Connection) -> None:
    """More of what central's feeds say: fee schedules, prepaid tickets."""
    for statement in _statements(_LISTS):
        conn.execute(statement)


def statements(conn: sqlite3.Connection) -> None:
    """Statements of those who carry payments, and their lines."""
    for statement in _statements(_STATEMENTS):
        conn.execute(statement)


def erasable(conn: sqlite3.Connection) -> None:
    """What was heard may be erased."""
    for statement in _statements(_ERASABLE):
        conn.execute(statement)


STEPS: tuple[Step, ...] = (first, heard, feeds, folded, lists, statements, erasable)
OWN = (
    "journal", "print_job", "cursor", "heard", "heard_key", "heard_payment", "heard_revocation",
    "heard_schedule", "heard_ticket", "statement_read", "statement_line",
)  # fmt: skip
"""The tables that steps make; every other one is a book, made anew from journal and heard."""


def migrate(conn: sqlite3.Connection, from_step: int, steps: Sequence[Step] = STEPS) -> None:
    """Take the steps after `from_step`, within the caller's transaction."""
    for step in steps[from_step:]:
        step(conn)


def create_books(conn: sqlite3.Connection) -> None:
    """The empty books, within the caller's transaction."""
    for statement in books_ddl():
        conn.execute(statement)


def drop_books(conn: sqlite3.Connection) -> None:
    """Take away every table that is no step's own, to make the books anew."""
    names = conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    for (name,) in names.fetchall():
        if name not in OWN:
            conn.execute(f'DROP TABLE "{name}"')


def books_ddl() -> list[str]:
    """The books of `domain.books` as SQLite writes them."""
    found = []
    for table in tables.TABLES:
        columns = ", ".join(
            f"{column.name} {column.type}{'' if column.null else ' NOT NULL'}" for column in table.columns
        )
        found.append(
            f"CREATE TABLE {table.name}({columns}, PRIMARY KEY(till, seq, line)) STRICT, WITHOUT ROWID"
        )
        found += [
            f"CREATE INDEX {table.name}_{'_'.join(index)} ON {table.name}({', '.join(index)})"
            for index in table.indexes
        ]
    return found


def _statements(script: str) -> list[str]:
    found, statement = [], ""
    for line in script.strip().splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            found.append(statement.strip())
            statement = ""
    return found
