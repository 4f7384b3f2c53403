"""The loads of the bench: a till that sold for weeks, a lane that let in thousands."""

from pathlib import Path

from gatepos import app
from gatepos.rehearsal import bench, scanning


def test_a_till_grows_as_old_as_it_is_asked(tmp_path: Path) -> None:
    bench.make(tmp_path / "till", 600, seed=1)
    assert app.verified(tmp_path / "till").entries >= 600


def test_a_lane_lets_in_as_many_as_it_is_asked(tmp_path: Path) -> None:
    scanning.make(tmp_path / "till", 150, seed=1)
    till = app.open_till(tmp_path / "till")
    assert len(till.desk.ledger.of_kind("pass.issued")) == 150
    till.desk.ledger.close()
