"""The journal: entries in one chain, each written in one transaction with all that is made from it."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from gatepos.domain import books, moments, numbers
from gatepos.domain import entry as entries
from gatepos.domain.clock import Reading
from gatepos.domain.entry import Draft, Entry
from gatepos.domain.postings import NEW_NUMBER
from gatepos.ledger.prints import Prints
from gatepos.ledger.state import State
from gatepos.ledger.tape import Kept
from gatepos.ledger.troubles import SameIdOtherContent
from gatepos.seal import entries as entry_seal
from gatepos.seal import token
from gatepos.seal.keys import TillKey

_INSERT = "INSERT INTO journal(seq, id, kind, number, raw, hash, sig) VALUES (?, ?, ?, ?, ?, ?, ?)"
_FILLED_IN = ("number", "token")
_BOOK_INSERTS = {
    table.name: f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(table.columns))})"
    for table in books.TABLES
}


@dataclass(frozen=True, slots=True)
class Context:
    """Where a till stands and what program runs it."""

    till: str
    park: str
    gate: str
    lane: str
    app: str


class Journal:
    """Reads and writes the journal and its books over one connection."""

    def __init__(self, conn: sqlite3.Connection, key: TillKey, till: str):
        self._conn = conn
        self._key = key
        self.prints = Prints(conn)
        row = conn.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
        self.head: tuple[int, bytes] = row or (0, entries.genesis(till, key.public))

    def write(self, draft: Draft, context: Context, state: State, now: Reading, clock: str) -> Entry:
        """Insert one entry and its books between BEGIN and COMMIT, which are the caller's."""
        number = self._next_number(context.till, draft.series) if draft.series else None
        fields = self._fields(draft, context, state, now, clock, number)
        raw = entries.write(fields)
        hash_ = entries.hash_of(raw)
        entry = Entry(raw, entry_seal.sign(self._key, hash_), hash_, fields)
        self._conn.execute(_INSERT, (entry.seq, entry.id, entry.kind, number, raw, hash_, entry.sig))
        insert_books(self._conn, entry)
        if draft.prints:
            self.prints.queue(entry.seq)
        return entry

    def read_back(self, entry: Entry) -> bool:
        """Whether the row of an entry is what was written."""
        row = self._conn.execute("SELECT hash, raw FROM journal WHERE seq = ?", (entry.seq,)).fetchone()
        return row is not None and row == (entry.hash, entry.raw)

    def repeated(self, draft: Draft) -> Entry | None:
        """The entry that this very action wrote before; SameIdOtherContent."""
        found = self.by_id(draft.id)
        if found is None:
            return None
        before = {name: value for name, value in found.data.items() if name not in _FILLED_IN}
        if (found.kind, before) != (draft.kind, dict(draft.data)) or found.by != draft.by:
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
            "SELECT raw, sig FROM journal WHERE kind = ? AND seq > ? ORDER BY seq", (kind, after_seq)
        )
        return [entries.read(raw, sig) for raw, sig in rows]

    def last_of_kind(self, kind: str, skip: int = 0) -> Entry | None:
        """The latest entry of a kind, or the one `skip` before it."""
        row = self._conn.execute(
            "SELECT raw, sig FROM journal WHERE kind = ? ORDER BY seq DESC LIMIT 1 OFFSET ?", (kind, skip)
        ).fetchone()
        return entries.read(*row) if row else None

    def kept(self, after_seq: int, limit: int) -> list[Kept]:
        """Entries as the tape and central take them."""
        return self._conn.execute(
            "SELECT seq, raw, sig FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", (after_seq, limit)
        ).fetchall()

    def _find(self, where: str, value: object) -> Entry | None:
        row = self._conn.execute(f"SELECT raw, sig FROM journal WHERE {where}", (value,)).fetchone()
        return entries.read(*row) if row else None

    def _next_number(self, till: str, series: str) -> str:
        first = till + series
        row = self._conn.execute(
            "SELECT max(number) FROM journal WHERE number >= ? AND number < ?",
            (first, till + chr(ord(series) + 1)),
        ).fetchone()
        return numbers.make(till, series, (numbers.parse(row[0]).n if row[0] else 0) + 1)

    def _fields(
        self, draft: Draft, context: Context, state: State, now: Reading, clock: str, number: str | None
    ) -> dict[str, object]:
        seq, head = self.head
        data = dict(draft.data)
        if number is not None:
            data["number"] = number
        if draft.token is not None and number is not None:
            data["token"] = token.make(draft.token.numbered(number), self._key)
        shift, day = _shift_and_day(draft, state, now, clock, number, data)
        return {
            "also": dict(draft.also) if draft.also else None,
            "app": context.app,
            "at": moments.to_text(now.wall_ms),
            "boot": now.boot,
            "by": draft.by,
            "clock": clock,
            "data": data,
            "day": day,
            "gate": context.gate,
            "id": draft.id,
            "kind": draft.kind,
            "lane": context.lane,
            "mono_ms": now.mono_ms,
            "postings": [_posting(posting, number) for posting in draft.postings],
            "prev": head.hex(),
            "rate": state.rate,
            "schedule": state.schedule,
            "seq": seq + 1,
            "shift": shift,
            "till": context.till,
            "v": 1,
        }


def insert_books(conn: sqlite3.Connection, entry: Entry) -> None:
    """The rows that an entry adds to the books."""
    for table, values in books.inserts(entry):
        conn.execute(_BOOK_INSERTS[table], values)


def _shift_and_day(
    draft: Draft, state: State, now: Reading, clock: str, number: str | None, data: Mapping[str, object]
) -> tuple[str | None, str]:
    """The shift an entry belongs to and its business day, fixed when the shift opened."""
    if draft.kind == "shift.opened":
        return number, cast(str, data["day"])
    if draft.shift is not None and draft.shift in state.days:
        return draft.shift, state.days[draft.shift].isoformat()
    on = moments.local_day(now.wall_ms) if clock == "ok" else state.day
    return draft.shift, max(state.day, on).isoformat()


def _posting(posting: entries.Posting, number: str | None) -> list[object]:
    account, currency, amount = posting
    return [account.replace(NEW_NUMBER, number or ""), currency, amount]
