"""The journal: entries in one chain, each written in one transaction with all that is made from it."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from gatepos.domain import books, canonical, moments, numbers, tables
from gatepos.domain import entry as entries
from gatepos.domain.books import Row
from gatepos.domain.canonical import BadForm
from gatepos.domain.clock import Reading
from gatepos.domain.entry import Draft, Entry
from gatepos.domain.postings import NEW_NUMBER
from gatepos.ledger.checks import ALTERED, Finding
from gatepos.ledger.prints import Prints
from gatepos.ledger.state import State
from gatepos.ledger.tape import Kept
from gatepos.ledger.troubles import AlreadyEnded, LedgerDamaged, SameIdOtherContent
from gatepos.seal import entries as entry_seal
from gatepos.seal import token
from gatepos.seal.keys import TillKey

_INSERT = "INSERT INTO journal(seq, id, kind, number, raw, hash, sig) VALUES (?, ?, ?, ?, ?, ?, ?)"
_BOOK_INSERTS = {
    table.name: f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(table.columns))})"
    for table in tables.TABLES
}
_ENDINGS = {
    "bill_ending": "bill",
    "receipt_ending": "receipt",
    "refund_decision": "refund",
    "pass_ending": "pass",
    "outage_ending": "outage",
    "document_ending": "held",
    "shift_ending": "shift",
}
"""Books of what ends exactly once, and the column that names it, the first after the key."""
_KEY_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Context:
    """Where a till stands and what program runs it."""

    till: str
    park: str
    gate: str
    lane: str
    app: str


@dataclass(frozen=True, slots=True)
class Moment:
    """One look at the clock and what the till thinks of it."""

    now: Reading
    clock: str


class Journal:
    """Reads and writes the journal and its books over one connection."""

    def __init__(self, conn: sqlite3.Connection, key: TillKey, till: str):
        self._conn = conn
        self._key = key
        self.prints = Prints(conn)
        row = conn.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
        self.head: tuple[int, bytes] = row or (0, entries.genesis(till, key.public))

    def write(self, draft: Draft, context: Context, state: State, moment: Moment) -> Entry:
        """Insert one entry and its books between BEGIN and COMMIT, which are the caller's."""
        number = self._next_number(context.till, draft.series) if draft.series else None
        entry = compose(draft, number, context, state, moment, self.head, self._key)
        rows = books.inserts(entry)
        self._check_endings(rows)
        insert(self._conn, entry, rows)
        if draft.prints:
            self.prints.queue(entry.seq)
        return entry

    def reads_back(self, entry: Entry) -> bool:
        """Whether the row of an entry is what was written."""
        row = self._conn.execute("SELECT raw, hash, sig FROM journal WHERE seq = ?", (entry.seq,)).fetchone()
        return bool(row == (entry.raw, entry.hash, entry.sig))

    def repeated(self, draft: Draft) -> Entry | None:
        """The entry that this very action wrote before; SameIdOtherContent."""
        found = self.by_id(draft.id)
        if found is not None and not is_same(draft, found):
            raise SameIdOtherContent()
        return found

    def entry(self, seq: int) -> Entry | None:
        """The entry at a position."""
        return self._find("seq = ?", seq)

    def by_id(self, id_: str) -> Entry | None:
        """The entry of a person's action."""
        return self._find("id = ?", id_)

    def by_number(self, number: str) -> Entry | None:
        """The entry that took a number."""
        return self._find("number = ?", number)

    def of_kind(self, kind: str, after_seq: int = 0) -> list[Entry]:
        """All entries of a kind after a position."""
        rows = self._conn.execute(
            "SELECT raw, hash, sig FROM journal WHERE kind = ? AND seq > ? ORDER BY seq", (kind, after_seq)
        )
        return [checked(*row) for row in rows]

    def last_of_kind(self, kind: str, skip: int = 0) -> Entry | None:
        """The latest entry of a kind, or the one `skip` before it."""
        row = self._conn.execute(
            "SELECT raw, hash, sig FROM journal WHERE kind = ? ORDER BY seq DESC LIMIT 1 OFFSET ?",
            (kind, skip),
        ).fetchone()
        return checked(*row) if row else None

    def after(self, seq: int, limit: int) -> list[Entry]:
        """At most `limit` entries after a position, in order."""
        rows = self._conn.execute(
            "SELECT raw, hash, sig FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", (seq, limit)
        )
        return [checked(*row) for row in rows]

    def of_series(self, series: str, till: str) -> Iterator[tuple[str, int]]:
        """Every number of a series that is taken, in order, with the entry that took it."""
        return self._conn.execute(
            "SELECT number, seq FROM journal WHERE number >= ? AND number < ? ORDER BY number",
            series_range(till, series),
        )

    def kept(self, after_seq: int, limit: int) -> list[Kept]:
        """Entries as the tape and central take them."""
        return self._conn.execute(
            "SELECT seq, raw, sig FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", (after_seq, limit)
        ).fetchall()

    def _find(self, where: str, value: object) -> Entry | None:
        row = self._conn.execute(f"SELECT raw, hash, sig FROM journal WHERE {where}", (value,)).fetchone()
        return checked(*row) if row else None

    def _next_number(self, till: str, series: str) -> str:
        row = self._conn.execute(
            "SELECT max(number) FROM journal WHERE number >= ? AND number < ?", series_range(till, series)
        ).fetchone()
        return numbers.make(till, series, (numbers.parse(row[0]).n if row[0] else 0) + 1)

    def _check_endings(self, rows: Sequence[Row]) -> None:
        """A bill, a receipt, a shift ends exactly once."""
        for table, values in rows:
            column = _ENDINGS.get(table)
            if column is None:
                continue
            till, ended = values[0], values[_KEY_COLUMNS]
            sql = f"SELECT 1 FROM {table} WHERE {column} = ? AND till = ?"
            if self._conn.execute(sql, (ended, till)).fetchone():
                raise AlreadyEnded(number=numbers.printed(cast(str, ended)))


def compose(
    draft: Draft,
    number: str | None,
    context: Context,
    state: State,
    moment: Moment,
    head: tuple[int, bytes],
    key: TillKey,
) -> Entry:
    """The entry that follows `head` (seq and hash), in its written form and signed; BadForm, Unbalanced."""
    seq, prev = head
    data = _data(draft, number, head, key)
    shift, day = _shift_and_day(draft, state, moment, number, data)
    fields = {
        "also": dict(draft.also) if draft.also else None,
        "app": context.app,
        "at": moments.to_text(moment.now.wall_ms),
        "boot": moment.now.boot,
        "by": draft.by,
        "clock": moment.clock,
        "data": data,
        "day": day,
        "gate": context.gate,
        "id": draft.id,
        "kind": draft.kind,
        "lane": context.lane,
        "mono_ms": moment.now.mono_ms,
        "postings": _postings(draft, number),
        "prev": prev.hex(),
        "rate": state.rate,
        "schedule": state.schedule,
        "seq": seq + 1,
        "shift": shift,
        "till": context.till,
        "v": 1,
    }
    raw = entries.write(fields)
    return entries.known(raw, entry_seal.sign(key, entries.hash_of(raw)))


def insert(conn: sqlite3.Connection, entry: Entry, rows: Sequence[Row]) -> None:
    """The row of an entry and the rows of its books."""
    values = (entry.seq, entry.id, entry.kind, entry.number, entry.raw, entry.hash, entry.sig)
    conn.execute(_INSERT, values)
    insert_books(conn, rows)


def insert_books(conn: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """The rows that an entry adds to the books."""
    for table, values in rows:
        conn.execute(_BOOK_INSERTS[table], values)


def is_same(draft: Draft, found: Entry) -> bool:
    """Whether an entry is what a draft asks for, apart from what the journal itself fills in."""
    filled_in = _filled_in(draft)
    asked = canonical.decode(canonical.encode({k: v for k, v in draft.data.items() if k not in filled_in}))
    has = {name: value for name, value in found.data.items() if name not in filled_in}
    return (found.kind, found.by, has) == (draft.kind, draft.by, asked) and [
        tuple(p) for p in _postings(draft, found.number)
    ] == found.postings


def _filled_in(draft: Draft) -> set[str]:
    named = {"number": draft.series, "token": draft.token}
    return {name for name, wanted in named.items() if wanted is not None} | set(_head_of(draft, (0, b"")))


def _data(draft: Draft, number: str | None, head: tuple[int, bytes], key: TillKey) -> dict[str, object]:
    if number is None and "number" in draft.data:
        raise BadForm(why="a number comes from the journal alone")
    data = {**draft.data, **_head_of(draft, head)}
    if number is not None:
        data["number"] = number
    if draft.token is not None and number is not None:
        data["token"] = token.make(draft.token if draft.token.number else draft.token.numbered(number), key)
    return data


def _head_of(draft: Draft, head: tuple[int, bytes]) -> Mapping[str, object]:
    """What a shift's close says of the entry before it: a clock anomaly may have come between."""
    return {"head_seq": head[0], "head_hash": head[1].hex()} if draft.kind == "shift.closed" else {}


def _shift_and_day(
    draft: Draft, state: State, moment: Moment, number: str | None, data: Mapping[str, object]
) -> tuple[str | None, str]:
    """The shift an entry belongs to and its business day, fixed when the shift opened."""
    if draft.kind == "shift.opened":
        return number, cast(str, data["day"])
    if draft.shift is not None and draft.shift in state.days:
        return draft.shift, state.days[draft.shift].isoformat()
    return draft.shift, state.today(moment.now, moment.clock).isoformat()


def _postings(draft: Draft, number: str | None) -> list[list[object]]:
    return [
        [account.replace(NEW_NUMBER, number or ""), currency, amount]
        for account, currency, amount in draft.postings
    ]


def series_range(till: str, series: str) -> tuple[str, str]:
    """Between which texts the numbers of a series stand, the second excluded."""
    return till + series, till + chr(ord(series) + 1)


def checked(raw: bytes, hash_: bytes, sig: bytes) -> Entry:
    """Check where it is read what was checked where it was written."""
    if entries.hash_of(raw) != hash_:
        raise LedgerDamaged(finding=Finding(entries.seq_of(raw), ALTERED))
    return entries.known(raw, sig, hash_)
