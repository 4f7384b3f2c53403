"""A kill at every write and sync of one sale, one correction, one shift close: all of it or nothing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gatepos import app
from gatepos.ledger import verification
from gatepos.rehearsal import park
from tests.proof import one_action
from tests.proof.running import ROOT

pytestmark = pytest.mark.proof
_CALLS = "write,pwrite64,fdatasync,fsync,ftruncate,rename,unlink"
_MOST = 500


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A till with a shift open and one van sold."""
    folder = tmp_path_factory.mktemp("template") / "park"
    till = park.make(folder, app.real_world())
    (folder / "settings.toml").unlink()
    park.sign_in(till, park.CLERK)
    till.shifts.open("2000")
    till.checkout.tap(("park_entry", "ea_citizen", "adult"))
    till.payments.pay("mpesa")
    till.payments.mpesa("UA26X1Y2ZA")
    till.payments.record()
    till.desk.ledger.close()
    return folder


def killed_at(folder: Path, action: str, call: int) -> tuple[bool, bool]:
    """Run an action and kill it at its n-th call to the disk: (was it killed, had it said done)."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.proof.one_action", str(folder), action],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    inject = f"inject={_CALLS}:signal=KILL:when={call}"
    tracer = subprocess.Popen(
        ["strace", "-f", "-p", str(process.pid), "-e", f"trace={_CALLS}", "-e", inject, "-o", "/dev/null"],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert tracer.stderr is not None
    assert "attached" in tracer.stderr.readline()
    out, _ = process.communicate("go\n")
    tracer.communicate()
    return process.returncode == -9, "done" in out


@pytest.mark.parametrize("action", ["sell", "correct", "close"])
def test_a_kill_at_every_call_leaves_all_or_nothing(template: Path, tmp_path: Path, action: str) -> None:
    recorded = 0
    for call in range(1, _MOST):
        folder = tmp_path / str(call)
        shutil.copytree(template, folder)
        was_killed, said_done = killed_at(folder, action, call)
        till = app.open_till(folder)
        entry = till.desk.ledger.by_id(one_action.ID)
        report = verification.verify(till.desk.ledger.conn, [folder / "tape"])
        till.desk.ledger.close()
        assert report.findings == []
        assert entry is not None or not said_done
        recorded += entry is not None
        shutil.rmtree(folder)
        if not was_killed:
            break
    print(f"\nkill points, {action}: {call - 1} calls, each killed once, {recorded} recorded, 0 halves")
    assert not was_killed
