"""Central's database: an SQLite file or PostgreSQL, and transactions whose commit is durable."""

import logging
import math
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy
from sqlalchemy import event, exc
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from gatepos.central.store import migrations
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_

FILE = "central.db"
SQLITE, POSTGRESQL = "sqlite", "postgresql+psycopg"
_READING = "gatepos_reading"
_WAIT_S = 30
_RESTED_S = 5
_ALONE = 0x47505331
"""The number of the one advisory lock that central takes in PostgreSQL."""
_PROFILE = {
    "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0,
    "wal_autocheckpoint": 16_000,
}  # fmt: skip
"""Pragmas that must hold; `synchronous` 2 is FULL, and 64 MB of commits go into the file together."""
_FAILURES = (
    exc.OperationalError, exc.InternalError, exc.TimeoutError,
    psycopg.OperationalError, psycopg.InternalError,  # while rows are copied
)  # fmt: skip


class StorageFailed(Trouble):
    """The database is down, full, or says that it could not write: nothing may be acknowledged."""

    says = N_("Central cannot use its database ({why}). Nothing was acknowledged; tills keep what they have.")


class NoDatabase(Refusal):
    """An address that is neither PostgreSQL nor an SQLite file."""

    says = N_("{url} is not a database that central can use: give postgresql://… or nothing.")


class Transaction:
    """One transaction: statements in the SQL that SQLite and PostgreSQL share."""

    def __init__(self, conn: Connection):
        self._conn = conn

    def rows(self, sql: str, **values: object) -> Sequence[Sequence[Any]]:
        """All rows of a query."""
        return self._conn.execute(sqlalchemy.text(sql), values).fetchall()

    def row(self, sql: str, **values: object) -> Sequence[Any] | None:
        """The first row of a query."""
        return self._conn.execute(sqlalchemy.text(sql), values).fetchone()

    def rows_among(self, sql: str, among: Sequence[object], **values: object) -> Sequence[Sequence[Any]]:
        """All rows of a query with `IN :among`; PostgreSQL would take an empty list for numbers."""
        if not among:
            return []
        statement = sqlalchemy.text(sql).bindparams(sqlalchemy.bindparam("among", expanding=True))
        return self._conn.execute(statement, {**values, "among": list(among)}).fetchall()

    def write(self, sql: str, **values: object) -> None:
        """One statement that writes."""
        self._conn.execute(sqlalchemy.text(sql), values)

    def write_all(self, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
        """The same statement for each of many rows."""
        if rows:
            self._conn.execute(sqlalchemy.text(sql), list(rows))

    def insert_all(self, table: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
        """Many new rows of a table, in the way that costs its database least."""
        names = ", ".join(columns)
        if not rows:
            return
        if self._conn.dialect.name == SQLITE:
            places = ", ".join("?" * len(columns))
            self._conn.exec_driver_sql(f"INSERT INTO {table}({names}) VALUES ({places})", rows)
        else:
            self._copy(f"{table}({names})", f"SELECT {names} FROM {table} LIMIT 0", rows)

    def _copy(self, into: str, like: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Binary, because the text of a bytea is twice as long; so each column's type must be said."""
        connection = self._conn.connection
        driver: Any = connection.driver_connection
        with driver.cursor() as cursor:
            if into not in connection.info:
                connection.info[into] = [column.type_code for column in cursor.execute(like).description]
            with cursor.copy(f"COPY {into} FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types(connection.info[into])
                for row in rows:
                    copy.write_row(row)

    def lock_till(self, till: str) -> None:
        """Nobody else writes for this till until the transaction ends."""
        if self._conn.dialect.name != SQLITE:  # SQLite has one writer at a time
            self.row("SELECT till FROM till WHERE till = :till FOR UPDATE", till=till)

    def alone(self) -> None:
        """No other transaction that asks for this runs until this one ends."""
        if self._conn.dialect.name != SQLITE:
            self.row("SELECT pg_advisory_xact_lock(:lock)", lock=_ALONE)


class Store:
    """Central's database, in its present form."""

    def __init__(self, engine: Engine):
        self.url = engine.url
        self._engine = engine
        self._is_sqlite = engine.dialect.name == SQLITE
        self._one_writer = threading.Lock() if self._is_sqlite else nullcontext()
        with self.writing() as tx:
            tx.alone()
            migrations.migrate(tx, engine.dialect.name)

    @property
    def address(self) -> str:
        """Where another process opens it; its password stands in it."""
        return self.url.render_as_string(hide_password=False)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A transaction that is on the disk when the block has ended; StorageFailed when that is not sure."""
        with self._one_writer, _named(), self._engine.begin() as conn:
            yield Transaction(conn)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A transaction that only reads, beside writers; StorageFailed."""
        with _named(), self._engine.connect() as conn:
            yield Transaction(conn.execution_options(**{_READING: True}))

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()


def in_folder(folder: Path) -> Store:
    """The embedded database of a folder."""
    return opened(URL.create(SQLITE, database=str(folder / FILE)))


def by_url(url: str) -> Store:
    """The database at an address; NoDatabase, StorageFailed."""
    try:
        made = make_url(url)
    except exc.ArgumentError as error:
        raise NoDatabase(url=url[:40]) from error
    if made.drivername in ("postgresql", "postgres", POSTGRESQL):
        return opened(made.set(drivername=POSTGRESQL))
    if made.drivername == SQLITE and made.database:
        return opened(made)
    raise NoDatabase(url=made.drivername)


def opened(url: URL) -> Store:
    """A store whose every connection has the profile that durability needs; StorageFailed."""
    logging.getLogger("sqlalchemy.engine.Engine").addFilter(_shows_no_row)
    if url.drivername == SQLITE:
        arguments: dict[str, object] = {"timeout": _WAIT_S, "check_same_thread": False}
        engine = sqlalchemy.create_engine(url, connect_args=arguments, hide_parameters=True)
        event.listen(engine, "connect", _profile_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        options = "-c synchronous_commit=on -c timezone=UTC"
        arguments = {"options": options, "connect_timeout": _WAIT_S}
        engine = sqlalchemy.create_engine(url, connect_args=arguments, hide_parameters=True)
        event.listen(engine, "checkin", _rests)
        event.listen(engine, "checkout", _still_there)
    with _named():
        return Store(engine)


def _rests(_: object, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = time.monotonic()


def _still_there(driver: Any, record: ConnectionPoolEntry, _: object) -> None:
    """Ask a connection that rested whether its server is still there; the pool then makes another."""
    if time.monotonic() - record.info.get("rests_since", math.inf) < _RESTED_S:
        return
    try:
        driver.execute("SELECT 1")
        driver.rollback()
    except psycopg.Error as error:
        raise exc.DisconnectionError() from error


def _shows_no_row(record: logging.LogRecord) -> bool:
    """Rows hold plates: SQLAlchemy may log what it asks, never what it found."""
    return not str(record.msg).startswith("Row ")


def _profile_sqlite(conn: Any, _: object) -> None:
    conn.isolation_level = None  # `_begin_sqlite` says how a transaction begins
    for name, value in _PROFILE.items():
        conn.execute(f"PRAGMA {name}={value}").fetchall()
        found = conn.execute(f"PRAGMA {name}").fetchone()[0]
        if found != value:
            raise StorageFailed(why=f"{name} is {found}")


def _begin_sqlite(conn: Connection) -> None:
    is_reading = conn.get_execution_options().get(_READING, False)
    conn.exec_driver_sql("BEGIN" if is_reading else "BEGIN IMMEDIATE")


@contextmanager
def _named() -> Iterator[None]:
    """What the world did to the database, by name; what this program did wrong is raised as it is."""
    try:
        yield
    except _FAILURES as error:
        raise StorageFailed(why=type(getattr(error, "orig", error)).__name__) from error
