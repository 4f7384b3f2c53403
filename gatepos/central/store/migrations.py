"""The numbered steps to the present form of central's database; a released step is never edited."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from gatepos.domain import tables
from gatepos.errors import Trouble
from gatepos.i18n import N_


class Writes(Protocol):
    """What a step asks of a transaction."""

    def row(self, sql: str, **values: object) -> Sequence[Any] | None:
        """The first row of a query."""

    def write(self, sql: str, **values: object) -> None:
        """One statement that writes."""


class DatabaseNewer(Trouble):
    """A database that a newer program wrote."""

    says = N_("This database of central is newer than this program. Start the newer program.")


_FIRST = """
CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL)
CREATE TABLE till(
  till TEXT PRIMARY KEY, park TEXT NOT NULL, gate TEXT NOT NULL, lane TEXT NOT NULL,
  public_key TEXT NOT NULL UNIQUE, kid TEXT NOT NULL UNIQUE, token_hash TEXT NOT NULL UNIQUE,
  enrolled_at TEXT NOT NULL, heard_at TEXT, revoked_at TEXT, counts_to {int})
CREATE TABLE code(
  hash TEXT PRIMARY KEY, park TEXT NOT NULL, gate TEXT NOT NULL, lane TEXT NOT NULL, till TEXT,
  expires_at TEXT NOT NULL, used_by TEXT, used_at TEXT)
CREATE TABLE journal(
  till TEXT NOT NULL, hash {blob} NOT NULL, seq {int} NOT NULL, branch {int} NOT NULL,
  raw {blob} NOT NULL, sig {blob} NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY(till, hash), UNIQUE(till, branch, seq))
CREATE TABLE branch(
  till TEXT NOT NULL, branch {int} NOT NULL, base {int} NOT NULL, base_seq {int} NOT NULL,
  head_seq {int} NOT NULL, head_hash {blob} NOT NULL, booked_seq {int} NOT NULL, told_seq {int} NOT NULL,
  PRIMARY KEY(till, branch))
CREATE TABLE flag(
  till TEXT NOT NULL, branch {int} NOT NULL, seq {int} NOT NULL, why TEXT NOT NULL,
  PRIMARY KEY(till, branch, seq, why))
CREATE TABLE evidence(
  till TEXT NOT NULL, digest TEXT NOT NULL, seq {int} NOT NULL, why TEXT NOT NULL,
  raw {blob} NOT NULL, sig {blob} NOT NULL, at TEXT NOT NULL, PRIMARY KEY(till, digest))
CREATE TABLE matter(
  till TEXT NOT NULL, what TEXT NOT NULL, seq {int} NOT NULL, branch {int} NOT NULL,
  at TEXT NOT NULL, PRIMARY KEY(till, what, seq, branch))
CREATE TABLE feed(
  feed TEXT NOT NULL, audience TEXT NOT NULL, version {int} NOT NULL, PRIMARY KEY(feed, audience))
CREATE TABLE feed_row(
  feed TEXT NOT NULL, audience TEXT NOT NULL, version {int} NOT NULL, body TEXT,
  till TEXT, hash {blob}, PRIMARY KEY(feed, audience, version))
"""
_PAYMENTS = """
CREATE TABLE shortcode(paybill TEXT PRIMARY KEY, secret_hash TEXT NOT NULL UNIQUE, at TEXT NOT NULL)
CREATE TABLE payment(
  id {int} PRIMARY KEY, paybill TEXT NOT NULL, trans_id TEXT NOT NULL, account TEXT NOT NULL,
  amount_minor {int} NOT NULL, paid_at TEXT NOT NULL, park TEXT, at TEXT NOT NULL,
  UNIQUE(paybill, trans_id, account, amount_minor, paid_at))
CREATE INDEX payment_account ON payment(account)
"""
_FORWARDED = """
CREATE TABLE forwarded(
  receiver TEXT NOT NULL, till TEXT NOT NULL, branch {int} NOT NULL, seq {int} NOT NULL,
  PRIMARY KEY(receiver, till, branch))
"""
_PEOPLE = """
CREATE TABLE person(
  name TEXT PRIMARY KEY, role TEXT NOT NULL, park TEXT, password_hash TEXT,
  start_hash TEXT, start_until TEXT, at TEXT NOT NULL)
CREATE TABLE signed_in(
  token_hash TEXT PRIMARY KEY, person TEXT NOT NULL, at TEXT NOT NULL, used_at TEXT NOT NULL)
CREATE TABLE wrong_try(slot TEXT PRIMARY KEY, count {int} NOT NULL, at TEXT NOT NULL)
CREATE TABLE audit(
  id {int} PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, about TEXT NOT NULL,
  detail TEXT NOT NULL)
CREATE TABLE decision(
  matter TEXT PRIMARY KEY, reason TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL)
"""
_SQLITE = """
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'append only'); END
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'append only'); END
"""
_POSTGRESQL = """
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN RAISE EXCEPTION ''append only''; END'
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON journal
  FOR EACH ROW EXECUTE FUNCTION append_only()
"""
_TYPES = {
    "sqlite": {"int": "INTEGER", "blob": "BLOB"},
    "postgresql": {"int": "BIGINT", "blob": "BYTEA"},
}

_GIVEN = """
CREATE TABLE given(
  pass TEXT NOT NULL, trans_id TEXT NOT NULL, folded TEXT NOT NULL, amount_minor {int} NOT NULL,
  at TEXT NOT NULL, PRIMARY KEY(pass, trans_id))
CREATE INDEX given_folded ON given(folded)
CREATE INDEX payment_trans_id ON payment(trans_id)
"""
_CONFIRMED = """
CREATE TABLE confirmed(
  payment {int} NOT NULL, source TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY(payment, source))
CREATE TABLE asked(payment {int} PRIMARY KEY, tries {int} NOT NULL, at TEXT NOT NULL)
CREATE INDEX payment_park ON payment(park, paid_at)
CREATE TABLE announced(
  till TEXT NOT NULL, day TEXT NOT NULL, seq {int} NOT NULL, papers {int} NOT NULL,
  kes_minor {int} NOT NULL, usd_minor {int} NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY(till, day, seq))
"""
_OUTSIDE = """
CREATE TABLE outside(
  what TEXT NOT NULL, park TEXT NOT NULL, spoken TEXT NOT NULL, state TEXT NOT NULL, since TEXT NOT NULL,
  at TEXT NOT NULL, who TEXT NOT NULL, PRIMARY KEY(what, park, spoken))
"""
_TICKETS = """
CREATE TABLE ticket(
  folded TEXT PRIMARY KEY, reference TEXT NOT NULL, day TEXT NOT NULL, park TEXT NOT NULL,
  people TEXT NOT NULL, band {int} NOT NULL, plate TEXT NOT NULL)
CREATE INDEX ticket_day ON ticket(day)
"""
_ADMINISTERED = """
CREATE TABLE known_source(slot TEXT PRIMARY KEY, at TEXT NOT NULL)
CREATE TABLE planned(
  id {int} PRIMARY KEY, feed TEXT NOT NULL, audience TEXT NOT NULL, from_at TEXT NOT NULL, body TEXT NOT NULL)
CREATE TABLE staff(
  park TEXT NOT NULL, number TEXT NOT NULL, name TEXT NOT NULL, roles TEXT NOT NULL, from_on TEXT,
  until_on TEXT, start_until TEXT, at TEXT NOT NULL, PRIMARY KEY(park, number))
"""
_TOLD = "ALTER TABLE feed_row ADD COLUMN at_ms {int} NOT NULL DEFAULT 0"
_PULLED = """
ALTER TABLE till ADD COLUMN pulled_at TEXT
ALTER TABLE till ADD COLUMN believes TEXT
"""
_LOOKED = """
CREATE TABLE look(
  who TEXT NOT NULL, page TEXT NOT NULL, about TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY(who, page, about, at))
CREATE INDEX look_at ON look(at)
"""
_PROPOSED = """
CREATE TABLE proposal(
  park TEXT NOT NULL, key TEXT NOT NULL, was TEXT, value TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY(park, key))
"""
_NOTED = """
CREATE TABLE note(id TEXT PRIMARY KEY, number TEXT NOT NULL, text TEXT NOT NULL, at TEXT NOT NULL)
CREATE INDEX note_number ON note(number)
"""
_OVER = "ALTER TABLE matter ADD COLUMN over_minor {int}"
_STATEMENTS = """
CREATE TABLE statement(
  id {int} PRIMARY KEY, park TEXT NOT NULL, kind TEXT NOT NULL, place TEXT NOT NULL, from_at TEXT NOT NULL,
  to_at TEXT NOT NULL, is_whole {int} NOT NULL, lines {int} NOT NULL, fresh {int} NOT NULL,
  aside {int} NOT NULL, paid_minor {int} NOT NULL, back_minor {int} NOT NULL, titles TEXT NOT NULL,
  file TEXT NOT NULL, digest TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, UNIQUE(park, digest))
CREATE TABLE statement_line(
  park TEXT NOT NULL, id TEXT NOT NULL, pays TEXT NOT NULL, day TEXT NOT NULL, kind TEXT NOT NULL,
  place TEXT NOT NULL, code TEXT NOT NULL, at TEXT NOT NULL, amount_minor {int}, account TEXT NOT NULL,
  reverses TEXT NOT NULL, n {int} NOT NULL, PRIMARY KEY(park, id))
CREATE INDEX statement_line_pays ON statement_line(pays)
CREATE INDEX statement_line_day ON statement_line(park, day)
CREATE TABLE decided(
  id {int} PRIMARY KEY, park TEXT NOT NULL, tender TEXT NOT NULL, subject TEXT NOT NULL, code TEXT NOT NULL,
  decision TEXT NOT NULL, paid_as TEXT, state TEXT NOT NULL, difference_minor {int} NOT NULL,
  reason TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL)
CREATE INDEX decided_code ON decided(park, code)
"""
_WITHDRAWN = (
    """CREATE TABLE statement_again(
  id {int} PRIMARY KEY, park TEXT NOT NULL, kind TEXT NOT NULL, place TEXT NOT NULL, from_at TEXT NOT NULL,
  to_at TEXT NOT NULL, is_whole {int} NOT NULL, lines {int} NOT NULL, fresh {int} NOT NULL,
  aside {int} NOT NULL, paid_minor {int} NOT NULL, back_minor {int} NOT NULL, titles TEXT NOT NULL,
  file TEXT NOT NULL, digest TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, body {blob})""",
    "INSERT INTO statement_again(id, park, kind, place, from_at, to_at, is_whole, lines, fresh, aside,"
    " paid_minor, back_minor, titles, file, digest, who, at) SELECT id, park, kind, place, from_at, to_at,"
    " is_whole, lines, fresh, aside, paid_minor, back_minor, titles, file, digest, who, at FROM statement",
    "DROP TABLE statement",
    "ALTER TABLE statement_again RENAME TO statement",
    "CREATE INDEX statement_digest ON statement(park, digest)",
    "CREATE TABLE statement_withdrawn(statement {int} PRIMARY KEY, reason TEXT NOT NULL, who TEXT NOT NULL,"
    " at TEXT NOT NULL)",
)
"""One that was withdrawn may be imported again: its digest is no longer of one alone."""
_TAKEN_BACK = "CREATE TABLE taken_back(payment {int} PRIMARY KEY, at TEXT NOT NULL)"
_NUMBERED = "ALTER TABLE person ADD COLUMN staff TEXT"
_ALONE = "ALTER TABLE decided ADD COLUMN alone_minor {int} NOT NULL DEFAULT 0"
_BY_SOURCE = (
    "CREATE TABLE taken_back_by(payment {int} NOT NULL, source TEXT NOT NULL, at TEXT NOT NULL,"
    " PRIMARY KEY(payment, source))",
    "INSERT INTO taken_back_by(payment, source, at) SELECT payment, 'statement', at FROM taken_back",
    "DROP TABLE taken_back",
    "ALTER TABLE taken_back_by RENAME TO taken_back",
)
Step = Callable[[Writes, str], None]


def first(tx: Writes, dialect: str) -> None:
    """Tills and codes, the journal as a tree, what is disliked, the feeds."""
    _run(tx, _FIRST, dialect)
    _run(tx, _SQLITE if dialect == "sqlite" else _POSTGRESQL, dialect)


def payments(tx: Writes, dialect: str) -> None:
    """Paybills whose payments Daraja reports, and what it reported."""
    _run(tx, _PAYMENTS, dialect)


def forwarded(tx: Writes, dialect: str) -> None:
    """How far other platforms were forwarded what tills wrote."""
    _run(tx, _FORWARDED, dialect)


def people(tx: Writes, dialect: str) -> None:
    """Who signs in to the pages, what they decided and changed."""
    _run(tx, _PEOPLE, dialect)


def given(tx: Writes, dialect: str) -> None:
    """For which payments central signed that a pass is paid; payments by their codes alone."""
    _run(tx, _GIVEN, dialect)


def confirmed(tx: Writes, dialect: str) -> None:
    """Payments that a second source holds too, what was asked for that; figures told by telephone."""
    _run(tx, _CONFIRMED, dialect)


def outside(tx: Writes, dialect: str) -> None:
    """How M-PESA and the national platform stand, by whose word."""
    _run(tx, _OUTSIDE, dialect)


def tickets(tx: Writes, dialect: str) -> None:
    """Prepaid tickets that stand on lists."""
    _run(tx, _TICKETS, dialect)


def administered(tx: Writes, dialect: str) -> None:
    """Whence people sign in, what is published when its moment comes, the staff of each park."""
    _run(tx, _ADMINISTERED, dialect)


def told(tx: Writes, dialect: str) -> None:
    """When each row of a feed was added; 0 for those before this step."""
    tx.write(_TOLD.format(**_TYPES[dialect]))


def pulled(tx: Writes, dialect: str) -> None:
    """When each till last asked for news, and which of central's keys it then believed."""
    for statement in _PULLED.strip().splitlines():
        tx.write(statement)


def over(tx: Writes, dialect: str) -> None:
    """How much of a payment is nobody's."""
    tx.write(_OVER.format(**_TYPES[dialect]))


def looked(tx: Writes, dialect: str) -> None:
    """Who looked at what on the pages."""
    _run(tx, _LOOKED, dialect)


def proposed(tx: Writes, dialect: str) -> None:
    """Settings that wait for a second administrator."""
    _run(tx, _PROPOSED, dialect)


def statements(tx: Writes, dialect: str) -> None:
    """Statements of those who carry payments, by park, and what managers decided beside them."""
    _run(tx, _STATEMENTS, dialect)


def noted(tx: Writes, dialect: str) -> None:
    """What drivers wrote of their papers."""
    _run(tx, _NOTED, dialect)


def withdrawn(tx: Writes, dialect: str) -> None:
    """Statements that were withdrawn; of each its body, by which its lines are told from those of others."""
    _each(tx, _WITHDRAWN, dialect)


def taken_back(tx: Writes, dialect: str) -> None:
    """Payments that by a statement were taken back."""
    tx.write(_TAKEN_BACK.format(**_TYPES[dialect]))


def numbered(tx: Writes, _: str) -> None:
    """Which staff number somebody who signs in to the pages has at their park's tills."""
    tx.write(_NUMBERED)


def alone(tx: Writes, dialect: str) -> None:
    """For how much money somebody answers alone who decided it."""
    tx.write(_ALONE.format(**_TYPES[dialect]))


def by_source(tx: Writes, dialect: str) -> None:
    """By what a payment was taken back: a statement, or M-PESA's answer how it stands."""
    _each(tx, _BY_SOURCE, dialect)


STEPS: tuple[Step, ...] = (
    first,
    payments,
    forwarded,
    people,
    given,
    confirmed,
    outside,
    tickets,
    administered,
    told,
    pulled,
    over,
    looked,
    proposed,
    statements,
    noted,
    withdrawn,
    taken_back,
    numbered,
    alone,
    by_source,
)
_STEP, _BOOKS = "step", "books"
_BY_DAY = {"passage": (("at",),)}
"""Indexes beside those of the tills: central is asked for a day of years of many tills."""


def migrate(tx: Writes, dialect: str) -> None:
    """Take the steps that the database lacks, and make books of another version anew; DatabaseNewer."""
    tx.write("CREATE TABLE IF NOT EXISTS form(name TEXT PRIMARY KEY, version INTEGER NOT NULL)")
    step, made = _version(tx, _STEP), _version(tx, _BOOKS)
    if step > len(STEPS) or made > tables.VERSION:
        raise DatabaseNewer()
    for take in STEPS[step:]:
        take(tx, dialect)
    if made < tables.VERSION:
        _make_books(tx, dialect)
    for name, version in ((_STEP, len(STEPS)), (_BOOKS, tables.VERSION)):
        tx.write(
            "INSERT INTO form(name, version) VALUES (:name, :version)"
            " ON CONFLICT(name) DO UPDATE SET version = excluded.version",
            name=name,
            version=version,
        )


def _version(tx: Writes, name: str) -> int:
    row = tx.row("SELECT version FROM form WHERE name = :name", name=name)
    return int(row[0]) if row else 0


def _make_books(tx: Writes, dialect: str) -> None:
    """Empty books; they follow the journal again from its beginning.

    A till whose folder was copied wrote two entries under one seq: `branch` keeps their rows apart.
    """
    types = {tables.TEXT: "TEXT", tables.INTEGER: _TYPES[dialect]["int"]}
    for table in tables.TABLES:
        tx.write(f"DROP TABLE IF EXISTS {table.name}")
        columns = ", ".join(
            f"{column.name} {types[column.type]}{'' if column.null else ' NOT NULL'}"
            for column in table.columns
        )
        branch = f"branch {types[tables.INTEGER]} NOT NULL"
        tx.write(f"CREATE TABLE {table.name}({columns}, {branch}, PRIMARY KEY(till, seq, line, branch))")
        for index in (*table.indexes, *_BY_DAY.get(table.name, ())):
            tx.write(f"CREATE INDEX {table.name}_{'_'.join(index)} ON {table.name}({', '.join(index)})")
    tx.write("UPDATE branch SET booked_seq = base_seq")


def _run(tx: Writes, script: str, dialect: str) -> None:
    parts = script.strip().split("\nCREATE ")
    _each(tx, (part if part.startswith("CREATE ") else f"CREATE {part}" for part in parts), dialect)


def _each(tx: Writes, statements: Iterable[str], dialect: str) -> None:
    for statement in statements:
        tx.write(statement.format(**_TYPES[dialect]))
