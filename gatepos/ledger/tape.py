"""The tape: each entry once more, checksummed, on a second synced file, best on another medium.

One folder is written in the path of a sale, the first that works; the others follow when the till is idle.
"""

import os
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gatepos import files
from gatepos.domain import entry as entries

MAGIC = b"GPT1"
SIG_BYTES = 64
SEGMENT_MAX = 4 * 1024 * 1024
BEHIND_MAX = 500
_LENGTH = struct.Struct("<I")

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


class DiskSegment:
    """A segment on a real disk."""

    def __init__(self, path: Path):
        self._fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, files.PRIVATE)
        files.sync_folder(path.parent)

    def append(self, data: bytes) -> None:
        """Write all of it and sync."""
        view = memoryview(data)
        while view:
            view = view[os.write(self._fd, view) :]
        files.sync(self._fd)

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


def frame(raw: bytes, sig: bytes) -> bytes:
    """The bytes of one frame (FORMATS.md §3)."""
    body = MAGIC + _LENGTH.pack(len(raw)) + raw + sig
    return body + _LENGTH.pack(zlib.crc32(body))


def frames(data: bytes) -> Iterator[Frame]:
    """The frames whose checksum holds, found again after any damage; zeros are none."""
    at = data.find(MAGIC)
    while at >= 0:
        found = _frame_at(data, at)
        if found is None:
            at = data.find(MAGIC, at + 1)
        else:
            yield found
            at = data.find(MAGIC, at + _frame_length(len(found.raw)))


def _frame_at(data: bytes, at: int) -> Frame | None:
    head = at + len(MAGIC) + _LENGTH.size
    if head > len(data):
        return None
    (length,) = _LENGTH.unpack_from(data, at + len(MAGIC))
    end = head + length + SIG_BYTES
    if end + _LENGTH.size > len(data) or _LENGTH.unpack_from(data, end)[0] != zlib.crc32(data[at:end]):
        return None
    return Frame(at, data[head : head + length], data[head + length : end])


def _frame_length(raw: int) -> int:
    return len(MAGIC) + _LENGTH.size + raw + SIG_BYTES + _LENGTH.size


def is_whole(data: bytes) -> bool:
    """Whether a segment is frames from end to end."""
    at = 0
    for found in frames(data):
        if found.start != at:
            return False
        at += _frame_length(len(found.raw))
    return at == len(data)


class Reel:
    """One tape folder of one till."""

    def __init__(self, folder: Path, till: str, open_segment: OpenSegment = DiskSegment):
        self.folder = folder
        self._till = till
        self._open = open_segment
        self._segment: Segment | None = None
        self._size = 0
        self.head = 0
        self.head_hash = b""
        self.is_broken = False
        self.is_damaged = False
        try:
            self._read_head()
        except OSError:
            self.is_broken = True

    def segments(self) -> list[Path]:
        """The segments, oldest first."""
        return sorted(self.folder.glob(f"{self._till}-[0-9]*.tape"))

    def behind(self, seq: int) -> int:
        """How many entries up to `seq` are missing here."""
        return seq - self.head

    def write(self, kept: Sequence[Kept]) -> bool:
        """Append entries in one synced write; False, and never this file again, when the disk fails."""
        try:
            if self._segment is None or self._size >= SEGMENT_MAX:
                self._begin_segment()
            data = b"".join(frame(raw, sig) for _, raw, sig in kept)
            if self._segment is not None:
                self._segment.append(data)
        except OSError:
            self._segment = None
            self.is_broken = True
            return False
        self._size += len(data)
        self.head, self.is_broken = kept[-1][0], False
        return True

    def roll(self) -> None:
        """Begin a new segment with the next entry."""
        if self._segment is not None:
            self._segment.close()
        self._segment = None

    def _begin_segment(self) -> None:
        self.roll()
        self.folder.mkdir(parents=True, exist_ok=True)
        last = self.segments()[-1:]
        n = int(last[0].stem.rsplit("-", 1)[1]) + 1 if last else 1
        self._segment = self._open(self.folder / f"{self._till}-{n:06d}.tape")
        self._size = 0

    def _read_head(self) -> None:
        for path in reversed(self.segments()):
            data = path.read_bytes()
            self.is_damaged = self.is_damaged or not is_whole(data)
            found = list(frames(data))
            if found:
                self.head = entries.seq_of(found[-1].raw)
                self.head_hash = entries.hash_of(found[-1].raw)
                return


class Tapes:
    """The tape folders in order of preference."""

    def __init__(self, reels: Sequence[Reel], read: Read):
        self.reels = tuple(reels)
        self._read = read

    def record(self, seq: int) -> bool:
        """Bring the first folder that works up to `seq`; False when none does."""
        tried = sorted(self.reels, key=lambda reel: reel.is_broken)
        return any(self._catch(reel, seq) for reel in tried if reel.behind(seq) <= BEHIND_MAX)

    def catch_up(self, seq: int) -> bool:
        """One slice of bringing every folder up to `seq`; whether there is more."""
        behind = [reel for reel in self.reels if reel.behind(seq) > 0]
        caught = [reel for reel in behind if self._catch(reel, min(seq, reel.head + BEHIND_MAX))]
        return any(reel.behind(seq) > 0 for reel in caught)

    def roll(self) -> None:
        """Begin new segments, at a shift's close."""
        for reel in self.reels:
            reel.roll()

    def is_whole(self, seq: int) -> bool:
        """Whether at least one folder holds everything up to `seq`."""
        return any(not reel.is_broken and reel.behind(seq) <= 0 for reel in self.reels)

    def _catch(self, reel: Reel, seq: int) -> bool:
        if reel.behind(seq) <= 0:
            return not reel.is_broken
        return reel.write(self._read(reel.head, seq - reel.head))
