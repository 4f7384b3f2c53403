"""Backups: read back before they count, restored only when a tape confirms that they are the last word."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from gatepos.ledger import backup, database
from gatepos.ledger.backup import BackupNotValid
from gatepos.ledger.file import FILE
from gatepos.ledger.troubles import (
    DiskFault,
    LedgerForked,
    LedgerHere,
    LedgerInUse,
    NotALedger,
    RestoreBehind,
    RestoreUnconfirmed,
)
from tests.ledger.desk import Desk, alter, kept


@pytest.fixture
def medium(tmp_path: Path) -> Path:
    """A stick."""
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


@pytest.fixture
def copy(desk: Desk, medium: Path) -> Path:
    """The backup of a ledger of ten entries, which is closed again."""
    ledger = desk.create(9)
    made = ledger.copy(medium).checked()
    ledger.close()
    return made.path


def test_a_backup_is_the_whole_ledger_and_says_to_where(desk: Desk, medium: Path) -> None:
    ledger = desk.create(9)
    made = ledger.copy(medium).checked()
    assert (made.seq, made.hash) == (10, ledger.head[1].hex())
    with backup.reading(made.path) as conn:
        assert list(backup.entries(conn)) == [(raw, sig) for _, raw, sig in kept(ledger)]
    ledger.close()


def test_a_damaged_backup_is_refused(copy: Path, desk: Desk) -> None:
    desk.file.unlink()
    alter(copy, "DELETE FROM journal WHERE seq = 4")
    with pytest.raises(BackupNotValid):
        backup.restore(copy, desk.folder, FILE, [desk.tape])
    assert not desk.file.exists()


def test_a_file_that_is_no_backup_is_named(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear sir\n" * 100)
    with pytest.raises(NotALedger, match=r"letter\.txt"):
        backup.check(tmp_path / "letter.txt")


def test_a_medium_that_cannot_be_written_is_named(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    ledger = desk.create()
    with pytest.raises(DiskFault, match="ENOTDIR"):
        ledger.copy(tmp_path / "file" / "stick").checked()
    ledger.close()


def test_a_restored_ledger_goes_on_where_it_ended(desk: Desk, copy: Path) -> None:
    desk.file.unlink()
    report = backup.restore(copy, desk.folder, FILE, [desk.tape])
    assert report.entries == 10
    ledger = desk.open()
    assert desk.write(ledger).entry.seq == 11
    assert ledger.findings == []
    ledger.close()


def test_a_wal_left_behind_is_not_replayed_into_the_restored_file(desk: Desk, copy: Path) -> None:
    ledger = desk.open()
    wal = (desk.folder / "ledger.db-wal").read_bytes()
    ledger.close()
    desk.file.unlink()
    (desk.folder / "ledger.db-wal").write_bytes(wal)
    backup.restore(copy, desk.folder, FILE, [desk.tape])
    assert (desk.folder / "asides" / "1" / "ledger.db-wal").exists()
    desk.open().close()


def test_a_backup_that_lacks_what_the_tape_holds_is_not_restored(desk: Desk, copy: Path) -> None:
    ledger = desk.open()
    desk.write(ledger)
    ledger.close()
    desk.file.unlink()
    with pytest.raises(RestoreBehind, match="ends at entry 10, the tape at 11"):
        backup.restore(copy, desk.folder, FILE, [desk.tape])


@pytest.mark.parametrize("loss", ["folder", "end", "a torn entry after it"])
def test_a_backup_that_no_tape_confirms_is_not_restored(desk: Desk, copy: Path, loss: str) -> None:
    desk.file.unlink()
    if loss == "folder":
        shutil.rmtree(desk.tape)
    elif loss == "end":
        path = desk.segments()[-1]
        path.write_bytes(path.read_bytes()[:-10])
    else:
        path = desk.segments()[-1]
        path.write_bytes(path.read_bytes() + path.read_bytes()[:300])
    with pytest.raises(RestoreUnconfirmed):
        backup.restore(copy, desk.folder, FILE, [desk.tape])


def test_a_backup_of_another_history_is_a_fork(desk: Desk, copy: Path, tmp_path: Path) -> None:
    shutil.copytree(desk.folder, tmp_path / "twin")
    twin = Desk(tmp_path / "twin", desk.key, new_id=desk.new_id)
    ours, theirs = desk.open(), twin.open()
    desk.write(ours, "ours")
    twin.write(theirs, "theirs")
    (tmp_path / "other").mkdir()
    later = theirs.copy(tmp_path / "other").checked().path
    ours.close()
    theirs.close()
    desk.file.unlink()
    with pytest.raises(LedgerForked):
        backup.restore(later, desk.folder, FILE, [desk.tape])


def test_nothing_is_restored_over_a_ledger_or_beside_a_running_till(desk: Desk, copy: Path) -> None:
    with pytest.raises(LedgerHere):
        backup.restore(copy, desk.folder, FILE, [desk.tape])
    ledger = desk.open()
    with pytest.raises(LedgerInUse):
        backup.restore(copy, desk.folder, FILE, [desk.tape])
    ledger.close()


def test_a_backup_that_was_cut_short_leaves_the_one_before(
    desk: Desk, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = copy.read_bytes()
    ledger = desk.open()

    def cut_short(path: Path) -> sqlite3.Connection:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(database, "connect", cut_short)
        with pytest.raises(Exception, match="disk is full"):
            ledger.copy(copy.parent).checked()
    assert copy.read_bytes() == before
    ledger.close()
