"""What other tills wrote, as bundles and central bring it: checked whole, kept as bytes, in the same books.

What is heard is never posted by this till: the rows are the other till's own, under its code.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from gatepos import files
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
from gatepos.ledger.troubles import named
from gatepos.seal import entries as entry_seal
from gatepos.wire import bundle as bundles
from gatepos.wire.bundle import BadBundle, Bundle

FOLDER, SUFFIX = "heard", ".gpb"
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


BUNDLE = "bundle"
"""How a `feed.applied` calls what another till wrote."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What the journal says was heard of a till: how far, that entry's moment, the digests of the bodies."""

    to_seq: int
    to_at: str
    digests: frozenset[str]


def head(conn: sqlite3.Connection, row: KeyRow) -> tuple[int, bytes]:
    """Position and hash of the last entry heard of a till."""
    found = conn.execute(
        "SELECT seq, raw FROM heard WHERE till = ? ORDER BY seq DESC LIMIT 1", (row.till,)
    ).fetchone()
    return (found[0], entries.hash_of(found[1])) if found else (0, entries.genesis(row.till, row.public))


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
    conn: sqlite3.Connection, bundle: Bundle, row: KeyRow, give_way: Callable[[], object] = lambda: None
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
        prev = entries.hash_of(raw)
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


# The bodies on the disk, from which what was heard is made again.


def name(till: str, to_seq: int) -> str:
    """The file name of a bundle: whose, and up to which entry."""
    return f"{till}-{to_seq:07d}{SUFFIX}"


def keep(folder: Path, bundle: Bundle, data: bytes) -> None:
    """Keep a bundle's bytes beside the ledger before its entries go in; DiskFull, ReadOnly, DiskFault."""
    place = folder / FOLDER
    try:
        place.mkdir(exist_ok=True)
        files.write_whole(place / name(bundle.certificate.till, bundle.to_seq), data, files.PRIVATE)
    except OSError as error:
        raise named(error, str(place)) from error


def bodies(folder: Path, till: str, after_seq: int) -> list[Path]:
    """The bundles of a till that are kept and reach past a position, in order."""
    found = sorted((folder / FOLDER).glob(f"{till}-[0-9]*{SUFFIX}"))
    return [path for path in found if int(path.stem.split("-")[1]) > after_seq]


def applied(found: Sequence[Entry], before: Mapping[str, Applied] | None = None) -> dict[str, Applied]:
    """What `feed.applied` say, by till, after what those `before` said."""
    made = dict(before or {})
    for entry in found:
        if entry.data["feed"] != BUNDLE:
            continue
        till, to_seq = str(entry.data["from_till"]), cast(int, entry.data["to_seq"])
        digests = frozenset({str(entry.data["digest"])})
        if till in made:
            digests |= made[till].digests
        made[till] = Applied(to_seq, str(entry.data["to_at"]), digests)
    return made


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
            prev = entries.hash_of(raw)
            if holds and (every_signature or seq == last):
                holds = entry_seal.holds(row.public, prev, sig)
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
    if till != row.till or not entry_seal.holds(row.public, entries.hash_of(raw), sig):
        raise BundleAltered(till=row.till, seq=seq)


def _hash_at(conn: sqlite3.Connection, row: KeyRow, seq: int) -> bytes:
    found = conn.execute("SELECT raw FROM heard WHERE till = ? AND seq = ?", (row.till, seq)).fetchone()
    return entries.hash_of(found[0]) if found else entries.genesis(row.till, row.public)


def _another(conn: sqlite3.Connection, bundle: Bundle, row: KeyRow) -> Refusal:
    """A fork where the till itself signed another entry than the one heard; else somebody else made it up."""
    for seq, (raw, sig) in enumerate(bundle.entries, bundle.from_seq + 1):
        heard = at(conn, row.till, seq)
        if heard is None or heard.raw != raw:
            is_signed = entry_seal.holds(row.public, entries.hash_of(raw), sig)
            # The first entry that was not heard names the one before it, which is another than was heard.
            kind = BundleForked if is_signed else BundleAltered
            return kind(till=row.till, seq=seq if heard else seq - 1)
    return BadBundle(why="from_hash")


def batches(found: Sequence[Kept]) -> Iterator[Sequence[Kept]]:
    """What goes into the ledger in one transaction each."""
    return (found[start : start + BATCH] for start in range(0, len(found), BATCH))


def _body(path: Path, said: Applied) -> bytes | None:
    """The bytes of a kept bundle, when they are those that the journal names."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() in said.digests else None


def recalled(
    conn: sqlite3.Connection,
    folder: Path,
    row: KeyRow,
    said: Applied,
    hear: Callable[[KeyRow, Sequence[Kept]], object],
) -> Finding | None:
    """Hear again what the journal says was heard and the ledger's file lacks, from the bodies on the disk."""
    for path in bodies(folder, row.till, head(conn, row)[0]):
        data = _body(path, said)
        if data is None:
            continue
        try:
            for batch in batches(news(conn, bundles.read(data), row)):
                hear(row, batch)
        except Refusal:
            continue
    seq = head(conn, row)[0]
    if seq >= said.to_seq:
        return None
    says = N_("entries {first} to {last} heard of {till} are gone; import its bundle again")
    return Finding(0, says, {"first": seq + 1, "last": said.to_seq, "till": row.till})
