"""What touches locks, syncs and file modes, on Linux and Windows alike."""

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

PRIVATE, SHARED = 0o600, 0o644
BINARY: int = getattr(os, "O_BINARY", 0)
"""Windows alone would change line ends without it."""


class InUse(OSError):
    """Another process holds the lock."""


def sync(fd: int) -> None:
    """Bring a file's bytes to the disk."""
    getattr(os, "fdatasync", os.fsync)(fd)


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk, where the system lets folders be synced."""
    if sys.platform == "win32":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def forget(path: Path) -> None:
    """Let a synced file be read from its disk the next time, where the system can be asked to."""
    if sys.platform == "win32":
        return
    fd = os.open(path, os.O_RDONLY)
    try:
        getattr(os, "posix_fadvise", lambda *_: None)(fd, 0, 0, getattr(os, "POSIX_FADV_DONTNEED", 0))
    finally:
        os.close(fd)


def write_whole(path: Path, data: bytes, mode: int = SHARED) -> None:
    """Put `data` in place of the file at once: whole old bytes or whole new ones, whatever happens."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, mode)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(fd, view) :]
        os.fsync(fd)
    finally:
        os.close(fd)
    os.replace(beside, path)
    sync_folder(path.parent)


class FolderLock:
    """Holds a lock file for as long as the object lives; InUse when another process does."""

    def __init__(self, path: Path):
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE)
        try:
            self._lock()
        except OSError as error:
            os.close(self._fd)
            raise InUse(str(path)) from error

    def _lock(self) -> None:
        if sys.platform == "win32":
            msvcrt.locking(self._fd, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def release(self) -> None:
        """Let go, once: the number of a closed file may be another's by now. The lock file stays."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)
