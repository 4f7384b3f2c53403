"""The disk itself: full, read-only, failing to sync once or for good, and a second till on it."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatepos import app
from gatepos.domain.entry import Entry
from gatepos.ledger import verification
from gatepos.ledger.ledger import Ledger
from gatepos.ledger.troubles import NotRecorded, ReadOnly
from gatepos.rehearsal import park
from tests.ledger.desk import Desk, kept
from tests.proof.running import ROOT, Running
from tests.proof.test_kill import begin
from tests.proof.traced import calls_of, traced

pytestmark = pytest.mark.proof
_SIZE_KIB = 1024


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A till with a shift open."""
    folder = tmp_path_factory.mktemp("template") / "park"
    begin(folder)
    return folder


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, as small as a ledger; skipped where nobody may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={_SIZE_KIB}k"]
    mounted = subprocess.run(["mount", *options, "none", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip("nobody may mount a file system here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def hit(folder: Path, calls: str, error: str, when: str) -> tuple[str, bool]:
    """A sale while the disk fails at some of its calls: what the till said, whether any call was hit."""
    done = traced(folder, "sell", calls, "-e", f"inject={calls}:error={error}:when={when}")
    return done.said, any("INJECTED" in line for line in done.log)


@pytest.mark.parametrize(
    ("calls", "error", "lasts", "step"),
    [
        ("fdatasync,fsync", "EIO", "", 1),
        ("fdatasync,fsync", "EIO", "+", 1),
        ("pwrite64", "ENOSPC", "", 36),
        ("pwrite64", "ENOSPC", "+", 36),
    ],
)
def test_what_the_till_says_of_a_failing_disk_is_true(
    template: Path, tmp_path: Path, calls: str, error: str, lasts: str, step: int, seed: int, is_long: bool
) -> None:
    said: Counter[str] = Counter()
    for call in calls_of(step, seed, is_long=is_long):
        folder = tmp_path / str(call)
        shutil.copytree(template, folder)
        word, was_hit = hit(folder, calls, error, f"{call}{lasts}")
        if not was_hit:
            break
        till = app.open_till(folder)
        ledger = till.desk.ledger
        receipts = len(ledger.of_kind("receipt.issued"))
        report = verification.verify(ledger.conn)
        ledger.close()
        assert report.findings == []
        assert (word, receipts) in {("done", 1), ("NotRecorded", 0), ("Unknown", 0), ("Unknown", 1)}
        said[word] += 1
        shutil.rmtree(folder)
    print(f"\n{error} at {calls}{' and ever after' if lasts else ''}: {dict(said)}, each true")
    assert not was_hit


def test_a_full_disk_keeps_what_was_recorded_and_says_what_was_not(small_disk: Path) -> None:
    desk = Desk(small_disk / "park")
    ledger = desk.create()
    acknowledged = [ledger.entry(1)]
    with pytest.raises(NotRecorded, match="disk is full"):
        fill(desk, ledger, acknowledged)
    assert [raw for _, raw, _ in kept(ledger)] == [entry.raw for entry in acknowledged]
    ledger.close()
    shutil.rmtree(desk.tape)
    print(f"\nfull disk of {_SIZE_KIB} KiB: {len(acknowledged)} acknowledged, all there")
    ledger = reopened(desk)
    assert [raw for _, raw, _ in kept(ledger)] == [entry.raw for entry in acknowledged]
    ledger.close()


def fill(desk: Desk, ledger: Ledger, acknowledged: list[Entry]) -> None:
    """Write until the disk takes no more."""
    for _ in range(10_000):
        acknowledged.append(desk.write(ledger, "x" * 190).entry)


def reopened(desk: Desk) -> Ledger:
    """The ledger, its tape now on a disk with room."""
    roomy = desk.folder.parents[1] / "tape"
    roomy.mkdir()
    desk.folders = (roomy,)
    return desk.open()


def test_a_disk_that_became_read_only_is_named(small_disk: Path) -> None:
    desk = Desk(small_disk / "park")
    desk.made(5)
    before = desk.file.read_bytes()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    try:
        with pytest.raises(ReadOnly):
            desk.open()
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    assert desk.file.read_bytes() == before
    ledger = desk.open()
    assert ledger.head[0] == 5
    ledger.close()


def test_a_second_till_on_the_folder_stops_at_once_and_the_first_sells_on(
    template: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "park"
    shutil.copytree(template, folder)
    first = Running(folder)
    second = subprocess.run(
        [sys.executable, "-m", "gatepos", "till", "run", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "LANGUAGE": "en"},
    )
    signed_in = first.ask({"do": "sign_in", "staff": park.CLERK.number, "pin": park.CLERK.pin})
    first.stop()
    assert second.returncode == 3
    assert "already running" in second.stderr
    assert signed_in["signed_in"] == park.CLERK.number
