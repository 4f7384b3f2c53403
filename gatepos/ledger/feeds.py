"""What central's feeds say, as tables that are made again from the pages on the disk."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

import orjson

from gatepos.domain import keyring, payment
from gatepos.domain.keyring import KeyRow
from gatepos.domain.tickets import Group
from gatepos.ledger import database
from gatepos.wire import feed, forms
from gatepos.wire.feed import Page, Row

_VERSION, _PAGE, _AT, _LOOKED = "feed.{}", "feed.{}.page", "feed.{}.at", "looked.{}"


@dataclass(frozen=True, slots=True)
class Known:
    """How far a feed is known: the version to ask after, central's clock then, and the last page of the disk
    up to which all is in the tables.
    """

    version: int = 0
    page: int = 0
    at_ms: int = 0


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that central has seen."""

    trans_id: str
    account: str
    amount_minor: int
    at: str
    state: str


@dataclass(frozen=True, slots=True)
class Prepaid:
    """A ticket on a list of this park; `band` is 0 and `plate` empty where the list names none."""

    reference: str
    day: date
    people: tuple[Group, ...]
    band: int
    plate: str
    listed_at: str


def known(conn: sqlite3.Connection, name: str) -> Known:
    """How far a feed is known."""
    names = (_VERSION, _PAGE, _AT)
    return Known(*(database.cursor(conn, which.format(name)) or 0 for which in names))


def note(conn: sqlite3.Connection, name: str, now: Known) -> None:
    """How far a feed is known from now on, within the caller's transaction."""
    for which, value in ((_VERSION, now.version), (_PAGE, now.page), (_AT, now.at_ms)):
        database.set_cursor(conn, which.format(name), value)


def looked(conn: sqlite3.Connection, till: str) -> int:
    """The last entry heard of a till up to which conflicts were looked for."""
    return database.cursor(conn, _LOOKED.format(till)) or 0


def look(conn: sqlite3.Connection, till: str, seq: int) -> None:
    """Conflicts were looked for up to an entry of a till."""
    database.set_cursor(conn, _LOOKED.format(till), seq)


def insert(conn: sqlite3.Connection, page: Page) -> None:
    """The rows of a page in their table, within the caller's transaction; the later about one thing holds."""
    statement, values = _TABLES[page.feed]
    conn.executemany(statement, [values(row) for row in page.rows])


def keys(conn: sqlite3.Connection) -> list[KeyRow]:
    """The tills that central named."""
    rows = conn.execute("SELECT till, public_key, park, gate, lane, is_revoked FROM heard_key ORDER BY till")
    return [
        KeyRow(till, bytes.fromhex(key), park, gate, lane, bool(revoked))
        for till, key, park, gate, lane, revoked in rows
    ]


def payments(conn: sqlite3.Connection, account: str) -> list[Payment]:
    """What central has seen paid to an account and stands by, whoever typed it how; the first first."""
    return payments_among(conn, [_folded(account)])


def payments_among(conn: sqlite3.Connection, accounts: Sequence[str]) -> list[Payment]:
    """The same of several accounts, of which each is a number of ours."""
    rows = conn.execute(
        "SELECT trans_id, account, amount_minor, at, state FROM heard_payment"
        f" WHERE account IN ({', '.join('?' * len(accounts))}) AND state <> 'withdrawn'"
        " ORDER BY at, trans_id",
        tuple(accounts),
    )
    return [Payment(*row) for row in rows.fetchall()]


def as_payment(row: Row) -> Payment:
    """A payment as its row says it."""
    return Payment(*_payment(row))


def schedules(conn: sqlite3.Connection) -> list[str]:
    """The digests of the schedules whose last row came, in the order in which they did."""
    found = conn.execute("SELECT digest FROM heard_schedule WHERE line = 1 ORDER BY rowid")
    return [digest for (digest,) in found]


def schedule(conn: sqlite3.Connection, digest: str) -> list[Row]:
    """The rows of a schedule in the order of their lines, as far as they came."""
    found = conn.execute("SELECT row FROM heard_schedule WHERE digest = ? ORDER BY line", (digest,))
    return [orjson.loads(row) for (row,) in found]


def prepaid(conn: sqlite3.Connection, reference: str) -> Prepaid | None:
    """The ticket of a reference in its one form, if it stands on a list."""
    row = conn.execute(
        "SELECT reference, day, people, band, plate, listed_at FROM heard_ticket"
        " WHERE folded = ? AND is_listed = 1",
        (payment.folded(reference),),
    ).fetchone()
    if row is None:
        return None
    written, day, people, band, plate, listed_at = row
    groups: Iterable[Row] = orjson.loads(people)
    return Prepaid(written, date.fromisoformat(day), tuple(map(_group, groups)), band, plate, listed_at)


def listed_at(conn: sqlite3.Connection) -> str | None:
    """The moment of the last list of tickets that was heard."""
    found = conn.execute("SELECT max(listed_at) FROM heard_ticket").fetchone()
    return cast("str | None", found[0])


def list_tickets(conn: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Tickets of a list, as the feed tells them, within the caller's transaction."""
    statement, values = _TABLES[feed.PREPAID]
    conn.executemany(statement, [values(row) for row in rows])


def tickets_on(conn: sqlite3.Connection, day: str) -> int:
    """How many tickets stand on lists for a day."""
    found = conn.execute("SELECT count(*) FROM heard_ticket WHERE day = ? AND is_listed = 1", (day,))
    return int(found.fetchone()[0])


def is_revoked(conn: sqlite3.Connection, number: str, digest: str | None) -> bool:
    """Whether a paper is revoked by central; one that nobody could read, when any of its number is."""
    # A till may end its own numbers alone, and central tells the number with whatever digest the till wrote.
    found = conn.execute(
        "SELECT 1 FROM heard_revocation WHERE is_revoked = 1 AND number = ? AND digest = coalesce(?, digest)",
        (number, digest),
    )
    return found.fetchone() is not None


def _key(row: Row) -> tuple[object, ...]:
    made = keyring.row(row)
    return made.till, made.public.hex(), made.park, made.gate, made.lane, int(made.is_revoked)


def _payment(row: Row) -> tuple[str, str, int, str, str]:
    trans_id, account, amount, at, state = (cast(str, row[name]) for name in _PAID)
    return trans_id, _folded(account), feed.minor(amount), at, state


_PAID = ("trans_id", "account", "amount", "at", "state")


def _revocation(row: Row) -> tuple[object, ...]:
    return row["digest"], row["number"], row["at"], int(row["state"] == "revoked")


def _schedule(row: Row) -> tuple[object, ...]:
    return row["digest"], row["line"], forms.dump({**row}).decode()


def _prepaid(row: Row) -> tuple[object, ...]:
    reference = cast(str, row["reference"])
    people = orjson.dumps(row["people"]).decode()
    return (
        payment.folded(reference), reference, row["day"], people, row["band"], row["plate"],
        row["listed_at"], int(row["state"] == "listed"),
    )  # fmt: skip


def _group(said: Row) -> Group:
    return cast(str, said["category"]), cast(str, said["age"]), cast(int, said["count"])


def _folded(account: str) -> str:
    """An account as payers type it: in any case, with spaces and hyphens."""
    return "".join(account.upper().replace("-", "").split())


_TABLES: Mapping[str, tuple[str, Callable[[Row], Sequence[object]]]] = {
    feed.KEYRING: (
        "INSERT INTO heard_key(till, public_key, park, gate, lane, is_revoked) VALUES (?, ?, ?, ?, ?, ?)"
        # A code has one key for life, and no later row makes a revoked one good again.
        " ON CONFLICT(till) DO UPDATE SET is_revoked = max(is_revoked, excluded.is_revoked)"
        " WHERE public_key = excluded.public_key",
        _key,
    ),
    feed.PAYMENTS: (
        "INSERT INTO heard_payment(trans_id, account, amount_minor, at, state) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT(trans_id) DO UPDATE SET account = excluded.account,"
        " amount_minor = excluded.amount_minor, at = excluded.at, state = excluded.state",
        _payment,
    ),
    feed.REVOCATIONS: (
        "INSERT INTO heard_revocation(digest, number, at, is_revoked) VALUES (?, ?, ?, ?)"
        " ON CONFLICT(number, digest) DO UPDATE SET at = excluded.at, is_revoked = excluded.is_revoked",
        _revocation,
    ),
    feed.SCHEDULES: (
        "INSERT INTO heard_schedule(digest, line, row) VALUES (?, ?, ?)"
        " ON CONFLICT(digest, line) DO UPDATE SET row = excluded.row",
        _schedule,
    ),
    feed.PREPAID: (
        "INSERT INTO heard_ticket(folded, reference, day, people, band, plate, listed_at, is_listed)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(folded) DO UPDATE SET reference = excluded.reference,"
        " day = excluded.day, people = excluded.people, band = excluded.band, plate = excluded.plate,"
        " listed_at = excluded.listed_at, is_listed = excluded.is_listed"
        # A list that is loaded here and the feed come in any order: the later list holds.
        " WHERE excluded.listed_at >= heard_ticket.listed_at",
        _prepaid,
    ),
}
"""For each feed that is a table of its own: the statement for a row, and the row's values."""
