"""Central as a process, killed and restored: what it acknowledged it has, and the tills fill what it lost."""

import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from gatepos import app
from gatepos.central import enrolling
from gatepos.central import folder as places
from gatepos.central.store import following
from gatepos.seal.enrolment import Joins
from gatepos.sync import enrol
from gatepos.wire.bundle import Pair
from tests.central.place import CENTRAL_KEY
from tests.ledger.desk import TILL, Desk
from tests.proof import badline
from tests.proof.badline import Call, Fault, Line
from tests.proof.conftest import Rounds
from tests.proof.running import ROOT
from tests.sync.test_with_central import Sending, sending

pytestmark = pytest.mark.proof
PLACE = ("NNP", "MAIN", "2")
A_ROUND = 120
"""Entries between two kills."""
KILL_WITHIN_S = 0.02
"""After a push came, by chance: about as long as an answer takes."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A folder for a ledger."""
    return Desk(tmp_path / "park")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A central just made."""
    folder = tmp_path / "central"
    places.create(folder, is_demo=True)
    (folder / places.KEY).unlink()
    CENTRAL_KEY.save(folder / places.KEY)
    return folder


@contextmanager
def serving(folder: Path, line: Line) -> Iterator[subprocess.Popen[str]]:
    """Central's process at the end of a line, killed when the block ends."""
    command = [sys.executable, "-m", "gatepos", "central", "serve", str(folder), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    try:
        line.central = process.stdout.readline().split()[-1]
        yield process
    finally:
        process.kill()
        process.communicate()


@contextmanager
def joined(desk: Desk, folder: Path, line: Line) -> Iterator[Sending]:
    """A till that joins the central of a folder, which then stops, and sends over a line to it."""
    with serving(folder, line), closing(places.opened(folder)) as store:
        code = enrolling.new_code(store, CENTRAL_KEY, PLACE, TILL, app.SystemClock().wall_ms())
        certificate = enrol.enrol(Joins(line.central, code), desk.key, TILL).address.certificate
    with line.listening() as url, sending(desk, url, certificate) as till:
        yield till


def killing(process: subprocess.Popen[str], after_s: float) -> Fault:
    """kill -9 while central has a request in its hands."""

    def kill(call: Call) -> None:
        timer = threading.Timer(after_s, process.kill)
        timer.start()
        try:
            badline.come_through(call)
        finally:
            timer.join()

    return kill


def stored(folder: Path) -> list[Pair]:
    """What a central that does not run has of all tills, in order, its books brought up to date."""
    with closing(places.opened(folder)) as store:
        following.catch_up_all(store, "2026-01-02T07:31:00.000Z")
        with store.reading() as tx:
            assert following.behind(tx) == 0
            found = tx.rows("SELECT raw, sig FROM journal ORDER BY till, seq, branch")
    return [(bytes(raw), bytes(sig)) for raw, sig in found]


def written(till: Sending) -> list[Pair]:
    """What the till wrote."""
    return till.thread.ask(lambda: list(till.ledger.told(0))).result()


def acked(till: Sending) -> int:
    """How far the till takes itself for acknowledged."""
    return till.ledger.head[0] - till.pusher.health().waiting


def test_what_was_acknowledged_outlives_every_kill(
    desk: Desk, folder: Path, seed: int, rounds: Rounds
) -> None:
    kills, chance, cut = rounds(10, 1_000), random.Random(seed), 0
    desk.made(1)
    line = Line(chance, badline.then_well())
    with joined(desk, folder, line) as till:
        for _ in range(kills):
            with serving(folder, line) as process:
                till.write(chance.randrange(1, A_ROUND))
                before = [badline.come_through] * min(1, chance.randrange(5))
                line.faults = badline.then_well(*before, killing(process, chance.random() * KILL_WITHIN_S))
                cut += till.round() != ""
            missing = acked(till) - len(stored(folder))
            assert missing <= 0
        with serving(folder, line):
            assert till.round() == ""
        print(
            f"\ncentral killed: seed {seed}, {kills} kills, {cut} of them cut a request,"
            f" {till.ledger.head[0]} entries, {acked(till)} acknowledged, 0 missing"
        )
        assert stored(folder) == written(till)
        assert acked(till) == till.ledger.head[0]


@pytest.mark.parametrize("has_met", [False, True], ids=["before the till joined", "half full"])
def test_a_central_restored_from_yesterday_is_filled_again(
    desk: Desk, folder: Path, tmp_path: Path, has_met: bool
) -> None:
    yesterday = tmp_path / "yesterday"
    if not has_met:
        shutil.copytree(folder, yesterday)
    desk.made(700)
    line = Line(random.Random(1), badline.then_well())
    with joined(desk, folder, line) as till:
        with serving(folder, line):
            assert till.round() == ""
        if has_met:
            shutil.copytree(folder, yesterday)
        till.write(60)
        with serving(folder, line):
            assert till.round() == ""
        shutil.rmtree(folder)
        shutil.copytree(yesterday, folder)
        till.write(1)
        with serving(folder, line):
            till.round()
            assert till.round() == ""
        assert stored(folder) == written(till)


def test_a_central_that_does_not_wait_for_its_disk_is_seen(desk: Desk, folder: Path) -> None:
    desk.made(30)
    line = Line(random.Random(1), badline.then_well())
    with joined(desk, folder, line) as till:
        before = folder.with_name("before")
        shutil.copytree(folder, before)
        with serving(folder, line):
            assert till.round() == ""
        shutil.rmtree(folder)  # as a disk that never got what was in memory
        before.rename(folder)
        assert acked(till) - len(stored(folder)) == 30
