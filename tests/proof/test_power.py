"""The power fails: of what was written only what was synced is there afterwards, and that is all of it."""

import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from gatepos import app, files
from gatepos.app import World
from gatepos.ledger.tape import DiskSegment, Segment
from gatepos.rehearsal import selling as rehearsal
from gatepos.rehearsal import vans
from tests.gate import CHEAP, Gate, selling
from tests.proof import faults
from tests.proof.test_kill import begin
from tests.proof.traced import traced

pytestmark = pytest.mark.proof
_CALLS = "write,pwrite64,fdatasync,fsync"
_CALL = re.compile(r"\b(write|pwrite64|fdatasync|fsync)\(\d+<([^>]*)>")


class Forgetful:
    """A disk that keeps of a new file its synced bytes alone, and its name once the folder was synced."""

    def __init__(self) -> None:
        self._synced: dict[int, int] = {}
        self._named: set[Path] = set()

    def open(self, path: Path) -> Segment:
        """A segment on this disk."""
        return DiskSegment(path, self)

    def sync(self, fd: int) -> None:
        """The bytes that a file has now are there."""
        files.sync(fd)
        self._synced[os.fstat(fd).st_ino] = os.fstat(fd).st_size

    def sync_folder(self, folder: Path) -> None:
        """The names that a folder has now are there."""
        files.sync_folder(folder)
        self._named |= set(folder.iterdir())

    def forget(self, folder: Path, copy: Path) -> None:
        """Take from the copy of a folder what a power cut would take from the folder itself."""
        for path in folder.iterdir():
            if path not in self._named:
                (copy / path.name).unlink()
            else:
                os.truncate(copy / path.name, self._synced.get(path.stat().st_ino, 0))


def test_after_a_power_cut_the_tape_alone_holds_every_sale_that_was_acknowledged(
    gate: Gate, tmp_path: Path
) -> None:
    gate.built().desk.ledger.close()
    shutil.rmtree(gate.folder / "tape")
    disk = Forgetful()
    world = World(gate.clock, gate.new_id, open_segment=disk.open, pins=CHEAP)
    till = app.open_till(gate.folder, world)
    while till.desk.ledger.upkeep():
        pass
    selling(till)
    queue = vans.queue(3)
    for n in range(4):
        rehearsal.sell(till, next(queue))
        acknowledged = till.desk.ledger.journal.kept(0, 10_000)
        left = faults.copied(gate, tmp_path / f"left-{n}")
        disk.forget(gate.folder / "tape", left.folder / "tape")
        for name in ("ledger.db", "ledger.db-wal"):
            (left.folder / name).unlink()
        found = faults.outcome(left, acknowledged)
        assert (found.word, found.lost) == ("rebuilt", 0)
    till.desk.ledger.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the calls of a process are seen on Linux")
def test_when_the_till_says_done_no_byte_of_ledger_or_tape_waits_for_the_disk(tmp_path: Path) -> None:
    folder = tmp_path / "park"
    begin(folder)
    waiting, written = set[Path](), set[str]()
    for call, name in calls(folder):
        path = Path(name)
        if call in ("fdatasync", "fsync"):
            waiting.discard(path)
        elif path.is_relative_to(folder):
            waiting.add(path)
            written.add(path.suffix)
    assert {".tape", ".db-wal"} <= written
    assert waiting == set()


def calls(folder: Path) -> list[tuple[str, str]]:
    """What a till asks of which file while it sells, up to its answer."""
    done = traced(folder, "sell", _CALLS, "-y")
    assert done.said == "done"
    answered = next(n for n, line in enumerate(done.log) if '"done' in line)
    return [found.groups() for line in done.log[:answered] if (found := _CALL.search(line))]  # type: ignore[misc]
