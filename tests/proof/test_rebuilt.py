"""A till's ledger is lost and made again: a pass that was revoked before is refused after."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gatepos.ledger import backup
from gatepos.ledger.file import FILE
from tests.proof.simulated import ENTRIES, EXIT, SECOND, World
from tests.proof.test_apart import turned, world
from tests.proof.test_whole_park import folder

__all__ = ["folder", "world"]
pytestmark = pytest.mark.proof
ISSUER = ENTRIES[0]


def lost(folder: Path, _: Path) -> None:
    """The file is gone, the tape is there."""
    (folder / FILE).unlink()


def put_back(folder: Path, beside: Path) -> None:
    """The file is gone, and the backup that was made last is put in its place."""
    (folder / FILE).unlink()
    (copy,) = (beside / "stick").glob("*.db")
    backup.restore(copy, folder, FILE, [folder / "tape"])


def older(folder: Path, beside: Path) -> None:
    """The whole disk is as it was before anybody revoked anything."""
    shutil.rmtree(folder)
    shutil.copytree(beside / "image", folder)


@pytest.mark.parametrize("scans", [ISSUER, EXIT], ids=["where it was issued", "at another gate"])
@pytest.mark.parametrize("harm", [lost, put_back, older])
def test_a_pass_revoked_before_the_ledger_was_made_again_is_still_refused(
    world: World, tmp_path: Path, scans: str, harm: Callable[[Path, Path], None]
) -> None:
    revoked, good = (world.issue_at(world.lanes[ISSUER]) for _ in range(2))
    world.all_told()
    world.reopen(scans, lambda folder: shutil.copytree(folder, tmp_path / "image"))
    world.lanes[ISSUER].till.passes.revoke(revoked, "turned back", SECOND)
    world.all_told()
    words = scanned(world, scans, revoked, good)
    assert words == ["revoked", "not_paid"]
    (tmp_path / "stick").mkdir()
    world.lanes[scans].till.desk.ledger.copy(tmp_path / "stick").checked()
    lane = world.reopen(scans, lambda folder: harm(folder, tmp_path))
    if harm is older:  # the first contact brings its own entries back, the second what it had heard
        lane.sync()
        world.reopen(scans).sync()
    assert scanned(world, scans, revoked, good) == words
    world.all_told()
    world.check()


def scanned(world: World, code: str, *passes: str) -> list[str]:
    """What a till says of passes on their way out."""
    lane = world.lanes[code]
    turned(lane, "out")
    words = [lane.till.gate.scan(world.passes[number]).word for number in passes]
    lane.till.gate.leave()
    return words
