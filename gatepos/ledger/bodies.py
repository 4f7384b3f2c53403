"""The bundles on the disk as they came, or erased by this till: what was heard is made again from them."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from gatepos import files
from gatepos.domain import erasing
from gatepos.domain.entry import Entry
from gatepos.domain.keyring import KeyRow
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import sealed
from gatepos.ledger.checks import Finding
from gatepos.ledger.heard import SLICE, GiveWay, batches, head, news
from gatepos.ledger.sealed import Own
from gatepos.ledger.tape import Kept
from gatepos.ledger.troubles import named
from gatepos.wire import bundle as bundles
from gatepos.wire.bundle import Bundle, Pair

FOLDER, SUFFIX = "heard", ".gpb"
BUNDLE = "bundle"
"""How a `feed.applied` calls what another till wrote."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What the journal says was heard of a till: how far, that entry's moment, the digests of the bodies."""

    to_seq: int
    to_at: str
    digests: frozenset[str]


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


def erased(
    bundle: Bundle, before: str, own: Own, give_way: GiveWay = lambda: None
) -> tuple[Bundle, bytes] | None:
    """A bundle whose entries of the days before a day are erased, and its body; None where none is due.

    The entries must be the till's own: their hashes are taken from the bytes that go.
    """
    left = [
        erasing.erased(raw, sig) if erasing.is_due(raw, before) else (raw, sig)
        for raw, sig in _giving_way(bundle.entries, give_way)
    ]
    if left == list(bundle.entries):
        return None
    at = bundle.from_seq, bundle.from_hash
    packed, _ = bundles.pack(bundle.certificate, *at, _giving_way(left, give_way), bundles.ERASED_MAX)
    at_disk = name(bundle.certificate.till, bundle.to_seq)
    return replace(bundle, entries=left), sealed.seal(own, at_disk, packed)


def _giving_way(found: Sequence[Pair], give_way: GiveWay) -> Iterator[Pair]:
    for n, pair in enumerate(found, 1):
        yield pair
        if n % SLICE == 0:
            give_way()


def erase(
    folder: Path, before: str, own: Own, known: Mapping[str, Applied], give_way: GiveWay
) -> Iterator[None]:
    """Erase the bodies that are kept, one after the other; one that the journal does not name goes whole."""
    for path in sorted((folder / FOLDER).glob(f"*{SUFFIX}")):
        try:
            bundle = _read(path, known.get(path.stem.partition("-")[0]), own)
            if bundle is None:
                path.unlink()
            elif made := erased(bundle, before, own, give_way):
                files.write_whole(path, made[1], files.PRIVATE)
        except OSError as error:
            raise named(error, str(path)) from error
        yield


def recalled(
    conn: sqlite3.Connection,
    folder: Path,
    row: KeyRow,
    said: Applied,
    own: Own,
    hear: Callable[[KeyRow, Sequence[Kept]], object],
) -> Finding | None:
    """Hear again what the journal says was heard and the ledger's file lacks, from the bodies on the disk."""
    for path in bodies(folder, row.till, head(conn, row)[0]):
        try:
            bundle = _read(path, said, own)
            for batch in batches(news(conn, bundle, row)) if bundle else ():
                hear(row, batch)
        except (Refusal, OSError):
            continue
    seq = head(conn, row)[0]
    if seq >= said.to_seq:
        return None
    says = N_("entries {first} to {last} heard of {till} are gone; import its bundle again")
    return Finding(0, says, {"first": seq + 1, "last": said.to_seq, "till": row.till})


def _read(path: Path, said: Applied | None, own: Own) -> Bundle | None:
    """A kept bundle, when its bytes are those that the journal names, or that this till signed."""
    data = path.read_bytes()
    try:
        if sealed.is_sealed(data):
            packed = sealed.opened(own, path.name, data)
            return bundles.read(packed, is_erased=True) if packed is not None else None
        is_named = said is not None and hashlib.sha256(data).hexdigest() in said.digests
        return bundles.read(data) if is_named else None
    except Refusal:
        return None
