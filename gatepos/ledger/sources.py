"""Where entries can be read again: ledger files, also damaged ones, and tapes.

A source says what bytes it holds under a position; whether they are an entry, signature and chain say.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, Protocol

from gatepos.domain import entry as entries
from gatepos.domain.entry import Entry
from gatepos.ledger import database, tape
from gatepos.ledger.tape import Reel
from gatepos.ledger.troubles import UNREADABLE
from gatepos.seal import entries as entry_seal

LEDGER, TAPE, BACKUP, CENTRAL = "ledger", "tape", "backup", "central"
_LOOKED_BACK = 1_000
"""Rows looked at from the end of a damaged file for the last whole one."""

Found = tuple[bytes, bytes]
"""raw, sig."""


class Source(Protocol):
    """One place that holds entries."""

    @property
    def name(self) -> str:
        """ledger, tape, backup or central."""

    @property
    def ends_whole(self) -> bool:
        """Whether it can be seen where this source ends."""

    def head(self) -> tuple[int, bytes]:
        """Position and hash of the highest authentic entry here; (0, b"") when there is none."""

    def claims(self, seq: int) -> bool:
        """Whether anything here says that there was such an entry, readable or not."""

    def read(self, seq: int) -> Iterator[Found]:
        """What is held under a position."""

    def close(self) -> None:
        """Let go of the files."""


class Rows:
    """The rows of a ledger file, as far as they can be read."""

    def __init__(self, path: Path, name: str, public: bytes):
        self.name = name
        self._public = public
        self._conn = database.open_reading(path)
        self._reached, self.ends_whole = self._reach()

    def head(self) -> tuple[int, bytes]:
        """The highest authentic entry of the last rows, wherever it stands, or the last that can be read."""
        found = (0, b"")
        try:
            rows = self._conn.execute(
                "SELECT raw, sig FROM journal ORDER BY seq DESC LIMIT ?", (_LOOKED_BACK,)
            )
            for raw, sig in rows:
                if type(raw) is bytes and (seq := entries.seq_of(raw)) > found[0]:
                    found = (seq, entries.hash_of(raw)) if authentic(self._public, seq, raw, sig) else found
        except UNREADABLE:
            pass
        return found if found[0] else self._last_below(self._reached)

    def claims(self, seq: int) -> bool:
        """Whether there is such a row, and it is not merely another entry's that lost its place."""
        try:
            row = self._conn.execute("SELECT raw, sig FROM journal WHERE seq = ?", (seq,)).fetchone()
        except UNREADABLE:
            return False
        if row is None:
            return False
        raw, sig = row
        return type(raw) is not bytes or not authentic(self._public, entries.seq_of(raw), raw, sig)

    def read(self, seq: int) -> Iterator[Found]:
        """The row under a position, when its page can be read."""
        try:
            row = self._conn.execute("SELECT raw, sig FROM journal WHERE seq = ?", (seq,)).fetchone()
        except UNREADABLE:
            return
        if row is not None and type(row[0]) is bytes and type(row[1]) is bytes:
            yield row

    def close(self) -> None:
        """Let go of the file."""
        self._conn.close()

    def _reach(self) -> tuple[int, bool]:
        """How far the rows can be read in order, and whether that is the end."""
        reached = 0
        try:
            rows = self._conn.execute("SELECT seq FROM journal ORDER BY seq")
            while row := rows.fetchone():
                reached = row[0]
        except UNREADABLE:
            return reached, False
        return reached, True

    def _last_below(self, seq: int) -> tuple[int, bytes]:
        for at in range(seq, max(seq - _LOOKED_BACK, 0), -1):
            for raw, sig in self.read(at):
                if authentic(self._public, at, raw, sig):
                    return at, entries.hash_of(raw)
        return 0, b""


class Film:
    """The segments of one tape folder, read from the newest back as far as is needed."""

    def __init__(self, reel: Reel, public: bytes, name: str = TAPE):
        self.name = name
        self.ends_whole = reel.ends_whole and not reel.is_broken
        self._head = (reel.head, reel.head_hash)
        self._public = public
        self._unread = _segments(reel)
        self._places: dict[int, list[tuple[Path, int, int]]] = {}
        self._claims: set[int] = set()
        self._open: tuple[Path, BinaryIO] | None = None
        while self._unread and self._head[0] not in self._places:
            self._index(self._unread.pop())

    def head(self) -> tuple[int, bytes]:
        """The head that the reel found, its signature checked."""
        return self._head

    def claims(self, seq: int) -> bool:
        """Whether a torn piece after the head names the position."""
        return seq in self._claims

    def read(self, seq: int) -> Iterator[Found]:
        """The frames of a position."""
        while seq not in self._places and self._unread:
            self._index(self._unread.pop())
        for path, start, length in self._places.get(seq, ()):
            yield from self._frame(path, start, length)

    def close(self) -> None:
        """Let go of the file."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def _index(self, path: Path) -> None:
        try:
            data = path.read_bytes()
        except OSError:
            self.ends_whole = False
            return
        self._claims |= tape.claims(data)
        for found in tape.frames(data):
            place = (path, found.start, tape.length_of(found.raw))
            self._places.setdefault(entries.seq_of(found.raw), []).append(place)

    def _frame(self, path: Path, start: int, length: int) -> Iterator[Found]:
        try:
            file = self._file(path)
            file.seek(start)
            data = file.read(length)
        except OSError:
            return
        yield from ((found.raw, found.sig) for found in tape.frames(data))

    def _file(self, path: Path) -> BinaryIO:
        if self._open is None or self._open[0] != path:
            self.close()
            self._open = (path, path.open("rb"))
        return self._open[1]


def authentic(public: bytes, seq: int, raw: object, sig: object) -> bool:
    """Whether bytes are the till's own entry of that position."""
    if type(raw) is not bytes or type(sig) is not bytes or entries.seq_of(raw) != seq:
        return False
    return entry_seal.holds(public, entries.hash_of(raw), sig)


def parted(source: Source, from_: Source, public: bytes) -> dict[bytes, Entry]:
    """The authentic entries of a source, by hash, that are not on the chain which ends at another's head."""
    top, top_hash = from_.head()
    head, _ = source.head()
    found: dict[bytes, Entry] = {}
    for seq in range(min(head, top), 0, -1):
        theirs = {entries.hash_of(raw) for raw, _ in from_.read(seq)}
        own = _authentic(source, seq, public)
        other = [one for one in own if one.hash not in theirs]
        if not theirs or (own and not other):
            break  # two that share an entry share what stands before it
        found |= {one.hash: one for one in other}
    following = {top_hash}
    for seq in range(top + 1, head + 1):
        for one in _authentic(source, seq, public):
            if one.prev in following:
                following.add(one.hash)
            else:
                found[one.hash] = one
    return found


def _authentic(source: Source, seq: int, public: bytes) -> list[Entry]:
    return [entries.known(raw, sig) for raw, sig in source.read(seq) if authentic(public, seq, raw, sig)]


def of_files(paths: Sequence[Path], name: str, public: bytes) -> Iterator[Rows]:
    """The files that SQLite can open at all."""
    for path in paths:
        try:
            yield Rows(path, name, public)
        except UNREADABLE:
            continue


def head_of(path: Path, public: bytes) -> Iterator[tuple[int, bytes]]:
    """Position and hash of the last entry of a ledger file at rest, when it can be read and is authentic."""
    try:
        with closing(database.open_reading(path)) as conn:
            row = conn.execute("SELECT seq, raw, sig FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    except UNREADABLE:
        return
    if row is not None and authentic(public, *row):
        yield row[0], entries.hash_of(row[1])


def _segments(reel: Reel) -> list[Path]:
    try:
        return reel.segments()
    except OSError:
        return []
