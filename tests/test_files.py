"""Locks and files, where the system could surprise."""

import os
from pathlib import Path

import pytest

from gatepos.files import FolderLock, InUse


def test_a_lock_let_go_twice_closes_nobody_elses_file(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path / "lock")
    lock.release()
    with (tmp_path / "other").open("wb") as other:
        lock.release()
        assert os.fstat(other.fileno()).st_size == 0


def test_a_lock_is_held_by_one_and_free_again_when_let_go(tmp_path: Path) -> None:
    first = FolderLock(tmp_path / "lock")
    with pytest.raises(InUse):
        FolderLock(tmp_path / "lock")
    first.release()
    FolderLock(tmp_path / "lock").release()
