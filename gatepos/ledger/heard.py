"""What other tills wrote, as bundles and central bring it: checked whole, kept as bytes, in the same books.

What is heard is never posted by this till: the rows are the other till's own, under its code.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from gatepos.domain import booked, shapes
from gatepos.domain import entry as entries
from gatepos.domain.books import Row
from gatepos.domain.canonical import BadForm
from gatepos.domain.entry import Entry
from gatepos.domain.keyring import KeyRow
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import keyring, mirrors
from gatepos.ledger.checks import Finding
from gatepos.ledger.journal import insert_books
from gatepos.ledger.tape import Kept
from gatepos.seal import entries as entry_seal
from gatepos.wire.bundle import BadBundle, Bundle

GiveWay = Callable[[], object]
BATCH = 100
"""Entries in one transaction: some 25 ms."""
SLICE = 200
"""Entries checked before whoever sells is let in."""
_STRETCH = (
    "SELECT seq, kind, number, raw, sig FROM heard WHERE till = ? AND seq > ? AND seq <= ? ORDER BY seq"
)
_INSERT = "INSERT INTO heard(till, seq, kind, number, raw, sig) VALUES (?, ?, ?, ?, ?, ?)"


class BundleAltered(Refusal):
    """Entries that are not what the till wrote: a hash, a link or a signature does not hold."""

    says = N_("Entry {seq} of this bundle is not what {till} wrote. Nothing of it was taken.")


class BundleGap(Refusal):
    """A bundle that begins after what was heard."""

    says = N_("Entries {first} to {last} of {till} are missing before this bundle. Bring an earlier one too.")


class BundleForked(Refusal):
    """Another authentic entry where one was heard: two machines write under one code."""

    says = N_("{till} wrote entry {seq} twice. Nothing was taken; tell the manager: its folder was copied.")


def head(conn: sqlite3.Connection, row: KeyRow) -> tuple[int, bytes]:
    """Position and hash of the last entry heard of a till."""
    found = conn.execute(
        "SELECT seq, raw, sig FROM heard WHERE till = ? ORDER BY seq DESC LIMIT 1", (row.till,)
    ).fetchone()
    return (
        (found[0], entries.signed_hash(*found[1:])) if found else (0, entries.genesis(row.till, row.public))
    )


def at(conn: sqlite3.Connection, till: str, seq: int) -> Entry | None:
    """The entry at a position of a till that was heard."""
    row = conn.execute("SELECT raw, sig FROM heard WHERE till = ? AND seq = ?", (till, seq)).fetchone()
    return entries.known(*row) if row else None


def last_at(conn: sqlite3.Connection, till: str) -> str | None:
    """The moment of the last entry heard of a till, by its own clock; None when nothing was."""
    rows = conn.execute("SELECT raw, sig FROM heard WHERE till = ? ORDER BY seq DESC", (till,))
    moments = (_fields(raw, sig).get("at") for raw, sig in rows)
    return next((str(at) for at in moments if shapes.MOMENT.holds(at)), None)


def by_number(conn: sqlite3.Connection, number: str) -> Entry | None:
    """The heard entry that took a number."""
    row = conn.execute("SELECT raw, sig FROM heard WHERE number = ?", (number,)).fetchone()
    return entries.known(*row) if row else None


def news(
    conn: sqlite3.Connection, bundle: Bundle, row: KeyRow, give_way: GiveWay = lambda: None
) -> list[Kept]:
    """What a bundle says after what was heard of its till, each hash, link and signature checked.

    What a newer program wrote is as authentic as the rest: it is kept, and makes no book rows.
    BundleGap, BundleAltered, BundleForked.
    """
    heard_seq, heard_hash = head(conn, row)
    if bundle.from_seq > heard_seq:
        raise BundleGap(till=row.till, first=heard_seq + 1, last=bundle.from_seq)
    found: list[Kept] = []
    seq, prev = bundle.from_seq, bundle.from_hash
    met = prev if seq == heard_seq else None
    for raw, sig in bundle.entries:
        seq += 1
        if entries.seq_of(raw) != seq or entries.prev_of(raw) != prev:
            raise BundleAltered(till=row.till, seq=seq)
        prev = entries.signed_hash(raw, sig)
        if seq > heard_seq:
            _check(raw, sig, seq, row)
            found.append((seq, raw, sig))
        elif seq == heard_seq:
            met = prev
        if seq % SLICE == 0:
            give_way()
    if seq < heard_seq:
        heard_hash, met = _hash_at(conn, row, seq), prev
    if met != heard_hash:
        raise _another(conn, bundle, row)
    return found


def insert(conn: sqlite3.Connection, till: str, kept: Kept) -> Entry | None:
    """The row of a heard entry and its rows in the books, within the caller's transaction.

    The entry, when it added to the books.
    """
    seq, raw, sig = kept
    rows = booked.heard(raw, sig)
    conn.execute(_INSERT, (till, seq, *_columns(raw, sig, rows), raw, sig))
    insert_books(conn, rows)
    return entries.known(raw, sig) if rows else None


# The full check.


def checked(conn: sqlite3.Connection, *, every_signature: bool = False) -> Iterator[Finding | None]:
    """What is wrong with the heard entries and what they made, slice by slice; nothing where all is well.

    Each chain is read from its beginning; the signature of its last entry vouches for those before it.
    """
    rows = {row.till: row for row in keyring.known(conn).values()}
    for till, last in mirrors.heads(conn).items():
        if till in rows:
            yield from _checked(conn, rows[till], last, every_signature=every_signature)
        else:
            yield Finding(0, N_("{till} was heard and is not in the keyring"), {"till": till})


def _checked(
    conn: sqlite3.Connection, row: KeyRow, last: int, *, every_signature: bool
) -> Iterator[Finding | None]:
    prev = entries.genesis(row.till, row.public)
    for after in range(0, last, SLICE):
        to = min(after + SLICE, last)
        stretch = conn.execute(_STRETCH, (row.till, after, to)).fetchall()
        for expected, (seq, kind, number, raw, sig) in enumerate(stretch, after + 1):
            holds = seq == expected and entries.prev_of(raw) == prev and _says(raw, sig, kind, number)
            prev = entries.signed_hash(raw, sig)
            if holds and (every_signature or seq == last):
                holds = _is_signed(raw, sig, row)
            if not holds:
                says = N_("entry {seq} heard of {till} is not what it wrote")
                yield Finding(0, says, {"seq": expected, "till": row.till})
                return
        made = (one for _, _, _, raw, sig in stretch for one in booked.heard(raw, sig))
        for finding in mirrors.differences(conn, row.till, made, after, to):
            yield replace(finding, seq=0)
        lacking = mirrors.indexes(conn, row.till, after, to, mirrors.HEARD)
        yield replace(lacking, seq=0) if lacking else None


def _says(raw: bytes, sig: bytes, kind: str, number: str | None) -> bool:
    return _columns(raw, sig, booked.heard(raw, sig)) == (kind, number)


def _columns(raw: bytes, sig: bytes, rows: Sequence[Row]) -> tuple[str, str | None]:
    """Kind and number of the index: empty and none where an entry says none that could be read."""
    kind = _fields(raw, sig).get("kind")
    return kind if isinstance(kind, str) else "", entries.known(raw, sig).number if rows else None


def _fields(raw: bytes, sig: bytes) -> Mapping[str, object]:
    try:
        return entries.known(raw, sig).fields
    except BadForm:
        return {}


def _check(raw: bytes, sig: bytes, seq: int, row: KeyRow) -> None:
    """BundleAltered unless the entry is the till's own; its form may be a newer one."""
    till = _fields(raw, sig).get("till", row.till)
    if till != row.till or not _is_signed(raw, sig, row):
        raise BundleAltered(till=row.till, seq=seq)


def _is_signed(raw: bytes, sig: bytes, row: KeyRow) -> bool:
    """Whether the till signed the entry; of one that was erased, the hash that is kept of it."""
    return entry_seal.holds(row.public, entries.signed_hash(raw, sig), sig[: entries.SIGNATURE])


def _hash_at(conn: sqlite3.Connection, row: KeyRow, seq: int) -> bytes:
    found = conn.execute("SELECT raw, sig FROM heard WHERE till = ? AND seq = ?", (row.till, seq)).fetchone()
    return entries.signed_hash(*found) if found else entries.genesis(row.till, row.public)


def _another(conn: sqlite3.Connection, bundle: Bundle, row: KeyRow) -> Refusal:
    """A fork where the till itself signed another entry than the one heard; else somebody else made it up."""
    for seq, (raw, sig) in enumerate(bundle.entries, bundle.from_seq + 1):
        heard = at(conn, row.till, seq)
        if heard is None or heard.hash != entries.signed_hash(raw, sig):
            is_signed = _is_signed(raw, sig, row)
            # The first entry that was not heard names the one before it, which is another than was heard.
            kind = BundleForked if is_signed else BundleAltered
            return kind(till=row.till, seq=seq if heard else seq - 1)
    return BadBundle(why="from_hash")


def batches(found: Sequence[Kept]) -> Iterator[Sequence[Kept]]:
    """What goes into the ledger in one transaction each."""
    return (found[start : start + BATCH] for start in range(0, len(found), BATCH))
