"""A kill at every write and sync of a sale, a correction, a close, a pass in and out: all or nothing."""

import shutil
from pathlib import Path

import pytest

from gatepos import app
from gatepos.ledger import verification
from gatepos.rehearsal import morning, park
from tests.gate import permit
from tests.proof.one_action import ACTIONS
from tests.proof.traced import calls_of, traced

pytestmark = pytest.mark.proof
_CALLS = "write,pwrite64,fdatasync,fsync,ftruncate,rename,unlink"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A till with a shift open, a visitor sold to, in an outage a pass that waits at the lane; its head."""
    folder = tmp_path_factory.mktemp("template") / "park"
    till = park.make(folder, app.real_world())
    (folder / "settings.toml").unlink()
    park.sign_in(till, park.CLERK)
    till.shifts.open("2000")
    till.checkout.tap(("park_entry", "ea_citizen", "adult"))
    till.payments.pay("mpesa")
    till.payments.mpesa("UA26X1Y2ZA")
    till.payments.record()
    till.outages.open("platform", "KWS/OPS/2026/1", "600000", second=morning.second_person(park.SUPERVISOR))
    permit(till, "lane_checks_separately", "yes")
    till.checkout.tap(("park_entry", "ea_citizen", "adult"))
    till.checkout.vehicle(1)
    till.checkout.plate("KDB 111A")
    till.passes.issue()
    head = till.desk.ledger.head[0]
    till.desk.ledger.close()
    return folder, head


def killed_at(folder: Path, action: str, call: int) -> tuple[bool, bool]:
    """Run an action and kill it at its n-th call to the disk: (was it killed, had it said done)."""
    done = traced(folder, action, _CALLS, "-e", f"inject={_CALLS}:signal=KILL:when={call}")
    return done.was_killed, done.said == "done"


@pytest.mark.parametrize(
    ("action", "step"),
    [("sell", 8), ("correct", 16), ("close", 12), ("scan", 8), ("issue", 16), ("settle", 16)],
)
def test_a_kill_at_every_call_leaves_all_or_nothing(
    template: tuple[Path, int], tmp_path: Path, action: str, step: int, seed: int, is_long: bool
) -> None:
    (made, head), kind = template, ACTIONS[action][1]
    n = recorded = 0
    for call in calls_of(step, seed, is_long=is_long):
        folder = tmp_path / str(call)
        shutil.copytree(made, folder)
        was_killed, said_done = killed_at(folder, action, call)
        till = app.open_till(folder)
        written = len(till.desk.ledger.of_kind(kind, head))
        report = verification.verify(till.desk.ledger.conn, [folder / "tape"])
        till.desk.ledger.close()
        assert report.findings == []
        assert written in ((1,) if said_done else (0, 1))
        recorded += written
        shutil.rmtree(folder)
        if not was_killed:
            break
        n += 1
    print(f"\nkill points, {action}: killed at {n} of {call - 1} calls, {recorded} recorded, 0 halves")
    assert not was_killed
