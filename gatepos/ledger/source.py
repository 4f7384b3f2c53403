"""Where a report is read from: books and the entries behind them, at a till and at central alike."""

import copy
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from gatepos.domain import entry as entries
from gatepos.domain.entry import Entry
from gatepos.ledger import feeds, heard, journal, keyring, mirrors, takings
from gatepos.ledger.receivables import Receivables
from gatepos.ledger.reconciliation import Kept
from gatepos.ledger.takings import AMONG, Rows
from gatepos.wire.feed import Row

_T = TypeVar("_T")

_BETWEEN = 150
"""How many are asked for at once where whoever sells waits for the answer: some 10 ms."""


class Ask(Protocol):
    """Does something on the ledger's thread, and waits for it."""

    def __call__(self, action: Callable[[], _T], /) -> _T: ...


def at_once(action: Callable[[], _T], /) -> _T:
    """Asks where the books are, and nobody waits for them."""
    return action()


@dataclass(frozen=True, slots=True)
class Source:
    """Books that `rows` asks, and what is read beside them.

    `entries` are those of a till at positions, in their order. `owed` is what is owed on each paper. `listed`
    says which of some ticket references, folded, stand on a list of prepaid tickets, `paid_to` to which of
    some accounts M-PESA reported money. `kept` is where statements are, of each park by itself.
    """

    rows: Rows
    entries: Callable[[str, Sequence[int]], Iterable[Entry]]
    owed: Receivables
    listed: Callable[[Sequence[str]], set[str]]
    paid_to: Callable[[Sequence[str]], set[str]]
    kept: tuple[Kept, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a till is known: its last entry, that entry's moment by the till's clock, and where it stands.

    `waiting` is how many of its entries wait: at a till to be sent, at central to be booked; None when that
    is not known. `park` is empty where all are of one.
    """

    till: str
    gate: str
    lane: str
    seq: int
    hash: str
    at: str
    waiting: int | None = None
    park: str = ""


def of_ledger(conn: sqlite3.Connection, till: str, owed: Receivables | None = None) -> Source:
    """The books of a till and those it heard; `owed` where the sums are in memory already."""
    rows = takings.of_ledger(conn)
    return Source(
        rows,
        lambda of, seqs: _entries(conn, till, of, seqs),
        owed or Receivables.of(conn),
        lambda folded: _listed(conn, folded),
        lambda accounts: {one for one in accounts if feeds.payments(conn, one)},
        (Kept(rows),),
    )


def between(source: Source, ask: Ask) -> Source:
    """The same books for another thread: each question is asked by itself, and whoever sells goes between.

    What is owed is as of now; what is recorded meanwhile may be in one answer and not yet in another.
    """

    def between_(rows: Rows) -> Rows:
        return lambda sql, **values: ask(lambda: [*rows(sql, **values)])

    return Source(
        between_(source.rows),
        lambda till, seqs: (
            entry
            for some in batches(sorted(seqs), _BETWEEN)
            for entry in ask(lambda some=some: [*source.entries(till, some)])  # type: ignore[misc]
        ),
        ask(lambda: copy.deepcopy(source.owed)),
        lambda folded: ask(lambda: source.listed(folded)),
        lambda accounts: ask(lambda: source.paid_to(accounts)),
        tuple(replace(one, rows=between_(one.rows)) for one in source.kept),
    )


def standings(conn: sqlite3.Connection, till: str, acked: int | None) -> list[Standing]:
    """The till itself, which central has up to `acked`, and those it heard, as far as it did."""
    raw, sig, hash_ = conn.execute("SELECT raw, sig, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    last = entries.known(raw, sig, hash_)
    waiting = None if acked is None else last.seq - acked
    own = Standing(till, *_where(last), last.seq, last.hash.hex(), last.at, waiting)
    return [own, *_heard(conn)]


def owner(conn: sqlite3.Connection) -> tuple[str, str, bytes]:
    """Whose ledger it is, as its first entry says: till, park, public key."""
    raw, sig, hash_ = conn.execute("SELECT raw, sig, hash FROM journal WHERE seq = 1").fetchone()
    first = entries.known(raw, sig, hash_)
    return first.till, str(first.data["park"]), bytes.fromhex(str(first.data["public_key"]))


def schedules(conn: sqlite3.Connection) -> Iterator[list[Row]]:
    """The rows of each fee schedule that was heard."""
    return (feeds.schedule(conn, digest) for digest in feeds.schedules(conn))


def batches(found: Sequence[_T], most: int = AMONG) -> Iterator[Sequence[_T]]:
    """As many as are asked for at once."""
    return (found[first : first + most] for first in range(0, len(found), most))


def _where(entry: Entry) -> tuple[str, str]:
    return str(entry.fields["gate"]), str(entry.fields["lane"])


def _heard(conn: sqlite3.Connection) -> Iterator[Standing]:
    rows = {row.till: row for row in keyring.known(conn).values()}
    for till in mirrors.heads(conn):
        if row := rows.get(till):
            seq, hash_ = heard.head(conn, row)
            yield Standing(till, row.gate, row.lane, seq, hash_.hex(), heard.last_at(conn, till) or "")


def _entries(conn: sqlite3.Connection, own: str, till: str, seqs: Sequence[int]) -> Iterator[Entry]:
    for some in batches(sorted(seqs)):
        marks = ", ".join("?" * len(some))
        if till == own:
            select = f"SELECT raw, hash, sig FROM journal WHERE seq IN ({marks}) ORDER BY seq"
            yield from (journal.checked(*row) for row in conn.execute(select, some))
        else:
            select = f"SELECT raw, sig FROM heard WHERE till = ? AND seq IN ({marks}) ORDER BY seq"
            yield from (entries.known(*row) for row in conn.execute(select, (till, *some)))


def _listed(conn: sqlite3.Connection, folded: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for first in range(0, len(folded), AMONG):
        some = folded[first : first + AMONG]
        marks = ", ".join("?" * len(some))
        select = f"SELECT folded FROM heard_ticket WHERE is_listed = 1 AND folded IN ({marks})"
        found |= {str(one) for (one,) in conn.execute(select, some)}
    return found
