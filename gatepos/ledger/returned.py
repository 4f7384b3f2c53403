"""A till's own entries as central gave them back: a tape beside the ledger, whole or not at all.

They are a source of the next rebuild, like any tape; what was written on the disk that was put back may stay
aside only where it says nothing that anybody relies on.
"""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from gatepos import files
from gatepos.domain.entry import Entry
from gatepos.ledger.tape import Reel
from gatepos.ledger.troubles import DiskFault, named

FOLDER = "central"
_IDLE = frozenset(
    {
        "boot", "sign.in", "auth.failed", "auth.locked", "clock.anomaly", "training.begun", "training.ended",
        "print.done", "print.failed", "personal.erased", "ledger.recovered",
    }
)  # fmt: skip
"""What a till writes while nothing is sold, agreed, set or seen."""


def is_idle(written: Iterable[Entry]) -> bool:
    """Whether entries may be left aside: none is money, a number, a paper, or a change of anything."""
    return all(entry.kind in _IDLE for entry in written)


def reel(folder: Path, till: str, public: bytes) -> Reel:
    """What central gave back of a till; its head is 0 where that is nothing."""
    return Reel(folder / FOLDER, till, public)


class Returning:
    """Entries on their way back; nothing reads them before `keep`."""

    def __init__(self, folder: Path, till: str, public: bytes):
        self._folder = folder
        self._new = folder / f"{FOLDER}.new"
        try:
            shutil.rmtree(self._new, ignore_errors=True)
            self._new.mkdir()
        except OSError as error:
            raise named(error, str(folder)) from error
        self._reel = Reel(self._new, till, public)

    def add(self, seq: int, pairs: Iterable[tuple[bytes, bytes]]) -> None:
        """The entries after a position, which were checked; DiskFault."""
        kept = [(at, raw, sig) for at, (raw, sig) in enumerate(pairs, seq + 1)]
        if kept and not self._reel.write(kept):
            raise DiskFault(code="EIO")

    def keep(self) -> None:
        """All of them are there: the next start takes them; DiskFull, ReadOnly, DiskFault."""
        self._reel.roll()
        try:
            shutil.rmtree(self._folder / FOLDER, ignore_errors=True)
            os.rename(self._new, self._folder / FOLDER)
            files.sync_folder(self._folder)
        except OSError as error:
            raise named(error, str(self._folder)) from error


def set_aside(folder: Path, aside: Path) -> None:
    """They stand in the journal now: what came is evidence only."""
    if (folder / FOLDER).exists():
        os.rename(folder / FOLDER, aside / FOLDER)
        files.sync_folder(aside)
