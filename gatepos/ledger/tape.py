"""The tape: each entry once more, checksummed, on a second synced file, best on another medium.

One folder is written in the path of a sale, the first that works; the others follow when the till is idle.
"""

import errno
import itertools
import os
import re
import struct
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from gatepos import files
from gatepos.domain import canonical
from gatepos.domain import entry as entries
from gatepos.seal import entries as entry_seal

MAGIC = b"GPT1"
ASIDES = "asides"
SIG_BYTES = 64
SEGMENT_MAX = 4 * 1024 * 1024
BEHIND_MAX = 500
"""A folder that lacks more entries than this is brought up to date when idle, not in a sale."""
_SLICE = 200
_REST_MS, _LONGEST_REST_MS = 30_000, 600_000
_LENGTH = struct.Struct("<I")
_OVERHEAD = len(MAGIC) + _LENGTH.size + SIG_BYTES + _LENGTH.size
_CLAIM = re.compile(rb',"seq":([1-9][0-9]{0,14}),"shift":')

Kept = tuple[int, bytes, bytes]
"""seq, raw, sig of an entry."""
Read = Callable[[int, int], Sequence[Kept]]
"""Entries after a seq, at most so many, from the journal."""


class Segment(Protocol):
    """An open tape segment."""

    def append(self, data: bytes) -> None:
        """Write all of it and bring it to the disk, or raise OSError."""

    def close(self) -> None:
        """Let go of the file."""


class Disk(Protocol):
    """How bytes and names are brought to the disk; `gatepos.files` in every real till."""

    def sync(self, fd: int) -> None:
        """Bring a file's bytes there."""

    def sync_folder(self, folder: Path) -> None:
        """Bring a folder's names there."""


class DiskSegment:
    """A segment on a real disk."""

    def __init__(self, path: Path, disk: Disk = files):
        self._disk = disk
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | files.BINARY
        self._fd = os.open(path, flags, files.PRIVATE)
        self._size = 0
        disk.sync_folder(path.parent)

    def append(self, data: bytes) -> None:
        """Write all of it and sync; OSError too when somebody removed or changed the file."""
        found = os.fstat(self._fd)
        if not found.st_nlink or found.st_size != self._size:
            raise OSError(errno.ESTALE, "the tape was changed by something else")
        view = memoryview(data)
        while view:
            view = view[os.write(self._fd, view) :]
        self._disk.sync(self._fd)
        self._size += len(data)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._fd)


OpenSegment = Callable[[Path], Segment]


@dataclass(frozen=True, slots=True)
class Frame:
    """One entry as the tape holds it; `start` is where in its segment."""

    start: int
    raw: bytes
    sig: bytes


@dataclass(frozen=True, slots=True)
class Waste:
    """Bytes of a segment that are no frame."""

    start: int
    data: bytes


def frame(raw: bytes, sig: bytes) -> bytes:
    """The bytes of one frame (FORMATS.md §3)."""
    body = MAGIC + _LENGTH.pack(len(raw)) + raw + sig
    return body + _LENGTH.pack(zlib.crc32(body))


def length_of(raw: bytes) -> int:
    """How long the frame of an entry is."""
    return _OVERHEAD + len(raw)


def pieces(data: bytes) -> Iterator[Frame | Waste]:
    """A segment from end to end; after damage the next frame whose checksum holds; zeros are no frames."""
    done, at = 0, data.find(MAGIC)
    while at >= 0:
        found = _frame_at(data, at)
        if found is None:
            at = data.find(MAGIC, at + 1)
            continue
        if at > done:
            yield Waste(done, data[done:at])
        yield found
        done = at + length_of(found.raw)
        at = done if data.startswith(MAGIC, done) else data.find(MAGIC, done)
    if done < len(data):
        yield Waste(done, data[done:])


def frames(data: bytes) -> Iterator[Frame]:
    """The frames whose checksum holds, found again after any damage."""
    return (piece for piece in pieces(data) if isinstance(piece, Frame))


def is_whole(data: bytes) -> bool:
    """Whether a segment is frames from end to end."""
    return all(isinstance(piece, Frame) for piece in pieces(data))


def claims(data: bytes) -> set[int]:
    """The positions of entries that damaged pieces of a segment still name."""
    waste = (piece.data for piece in pieces(data) if isinstance(piece, Waste))
    return {int(digits) for torn in waste for digits in _CLAIM.findall(torn)}


def segments(folder: Path, till: str) -> list[Path]:
    """The segments of a till in a folder, oldest first; OSError when it cannot be read.

    Whatever else lies there, by whatever name, is no segment.
    """
    return [path for path in _named(folder, till) if path.is_file()]


def _named(folder: Path, till: str) -> list[Path]:
    is_segment = re.compile(rf"{till}-[0-9]{{6}}\.tape").fullmatch
    return sorted(path for path in folder.iterdir() if is_segment(path.name))


def _holds(hashes: Collection[bytes], path: Path) -> bool:
    """Whether a segment holds one of some entries, or nothing that could say where it belongs."""
    found = [entries.hash_of(one.raw) for one in frames(path.read_bytes())]
    return not found or any(hash_ in hashes for hash_ in found)


def _frame_at(data: bytes, at: int) -> Frame | None:
    head = at + len(MAGIC) + _LENGTH.size
    if head > len(data):
        return None
    (length,) = _LENGTH.unpack_from(data, at + len(MAGIC))
    end = head + length + SIG_BYTES
    if length > canonical.RAW_MAX or end + _LENGTH.size > len(data):
        return None
    if _LENGTH.unpack_from(data, end)[0] != zlib.crc32(data[at:end]):
        return None
    return Frame(at, data[head : head + length], data[head + length : end])


class Reel:
    """One tape folder of one till; `head` is the last entry known to be on it, synced."""

    def __init__(self, folder: Path, till: str, public: bytes, open_segment: OpenSegment = DiskSegment):
        self.folder = folder
        self.head = 0
        self.head_hash = b""
        self.is_broken = False
        self.is_damaged = False
        self.ends_whole = True
        self._till = till
        self._public = public
        self._open = open_segment
        self._segment: Segment | None = None
        self._size = 0
        self._place: tuple[int, int] | None = None
        self.look()

    def segments(self) -> list[Path]:
        """The segments, oldest first; OSError when the folder is not there."""
        return segments(self.folder, self._till)

    def part(self, left: Collection[bytes], aside: str) -> None:
        """Move the last segments, as far back as they hold entries of these hashes, aside; OSError.

        Whatever else they hold is written again.
        """
        self.roll()
        parted = list(itertools.takewhile(partial(_holds, left), reversed(self.segments())))
        if not parted:
            return
        place = self.folder / ASIDES / aside
        place.mkdir(parents=True, exist_ok=True)
        for path in parted:
            os.rename(path, place / path.name)
        files.sync_folder(place)
        files.sync_folder(self.folder)
        self._read_head()

    def look(self) -> bool:
        """Find the head again when another medium stands there; False when there is none."""
        try:
            found = self.folder.stat()
            place = (found.st_dev, found.st_ino)
            if place != self._place:
                self.roll()
                self._read_head()
                self._place = place
        except OSError:
            self.is_broken = True
            return False
        return True

    def behind(self, seq: int) -> int:
        """How many entries up to `seq` are missing here."""
        return seq - self.head

    def write(self, kept: Sequence[Kept]) -> bool:
        """Append entries in one synced write; after a failure that file is never used again.

        One failure is tried once more in a new file; False when that fails too.
        """
        data = b"".join(frame(raw, sig) for _, raw, sig in kept)
        had_segment = self._segment is not None
        written = self._append(data) or (had_segment and self._append(data))
        self.is_broken = not written
        if written:
            self.head = max(self.head, kept[-1][0])
        return written

    def roll(self) -> None:
        """Begin a new segment with the next entry."""
        segment, self._segment = self._segment, None
        if segment is not None:
            try:
                segment.close()
            except OSError:
                self.is_broken = True

    def _append(self, data: bytes) -> bool:
        try:
            if self._segment is None or self._size >= SEGMENT_MAX:
                self._begin_segment()
            segment = self._segment
            if segment is None:
                return False
            segment.append(data)
        except OSError:
            self.roll()
            return False
        self._size += len(data)
        return True

    def _begin_segment(self) -> None:
        self.roll()
        last = _named(self.folder, self._till)[-1:]
        n = int(last[0].stem.rsplit("-", 1)[1]) + 1 if last else 1
        self._segment = self._open(self.folder / f"{self._till}-{n:06d}.tape")
        self._size = 0

    def _read_head(self) -> None:
        """From the newest segment back to the first that holds an entry of this very key."""
        self.head, self.head_hash, self.is_damaged, self.ends_whole = 0, b"", False, True
        for path in reversed(self.segments()):
            data = path.read_bytes()
            found = list(pieces(data))
            own = self._newest([piece for piece in found if isinstance(piece, Frame)])
            wasted = [piece for piece in found if isinstance(piece, Waste)]
            if found and (wasted or own is None):
                self.is_damaged = True
                self.ends_whole = self.ends_whole and isinstance(found[-1], Frame)
            if own is not None:
                self.head, self.head_hash = entries.seq_of(own.raw), entries.hash_of(own.raw)
                return

    def _newest(self, found: Sequence[Frame]) -> Frame | None:
        by_height = sorted(found, key=lambda one: entries.seq_of(one.raw), reverse=True)
        return next((one for one in by_height if self._is_own(one)), None)

    def _is_own(self, one: Frame) -> bool:
        return entry_seal.holds(self._public, entries.hash_of(one.raw), one.sig)


class Tapes:
    """The tape folders in order of preference."""

    def __init__(self, reels: Sequence[Reel], read: Read, mono_ms: Callable[[], int]):
        self.reels = tuple(reels)
        self._read = read
        self._mono_ms = mono_ms
        self._rests: dict[Path, tuple[int, int]] = {}

    @property
    def head(self) -> int:
        """The last entry that is on any folder."""
        return max((reel.head for reel in self.reels), default=0)

    def record(self, kept: Kept, *, insist: bool = False) -> bool:
        """Bring the first folder that works up to an entry; False when none does.

        A folder that failed rests before it is tried again, unless the caller insists.
        """
        tried = sorted(self.reels, key=lambda reel: reel.is_broken)
        return any(self._take(reel, kept) for reel in tried if insist or self._is_rested(reel))

    def catch_up(self, seq: int) -> bool:
        """One slice of bringing every folder up to `seq`; whether there is more."""
        behind = [reel for reel in self.reels if reel.behind(seq) > 0 and self._is_rested(reel)]
        caught = [reel for reel in behind if self._follow(reel, seq)]
        return any(reel.behind(seq) > 0 for reel in caught)

    def roll(self) -> None:
        """Begin new segments, at a shift's close."""
        for reel in self.reels:
            reel.roll()

    def is_whole(self, seq: int) -> bool:
        """Whether at least one folder holds everything up to `seq`."""
        return any(not reel.is_broken and reel.behind(seq) <= 0 for reel in self.reels)

    def _take(self, reel: Reel, kept: Kept) -> bool:
        if not reel.look():
            return self._tried(reel, False)
        behind = reel.behind(kept[0])
        if behind <= 0:
            return True
        if behind > BEHIND_MAX:
            return False
        missing = self._read(reel.head, behind - 1) if behind > 1 else ()
        return self._tried(reel, reel.write([*missing, kept]))

    def _follow(self, reel: Reel, seq: int) -> bool:
        if not reel.look():
            return self._tried(reel, False)
        missing = self._read(reel.head, min(_SLICE, reel.behind(seq)))
        return bool(missing) and self._tried(reel, reel.write(missing))

    def _is_rested(self, reel: Reel) -> bool:
        until_ms, _ = self._rests.get(reel.folder, (0, 0))
        return not until_ms or self._mono_ms() >= until_ms

    def _tried(self, reel: Reel, written: bool) -> bool:
        if written:
            self._rests.pop(reel.folder, None)
        else:
            _, before_ms = self._rests.get(reel.folder, (0, 0))
            rest_ms = min(2 * before_ms or _REST_MS, _LONGEST_REST_MS)
            self._rests[reel.folder] = (self._mono_ms() + rest_ms, rest_ms)
        return written
