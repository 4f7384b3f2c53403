"""Where a ledger may stand: its storage profile, its lock, its key, the disk's own troubles by name."""

import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gatepos.ledger import database
from gatepos.ledger.journal import Context
from gatepos.ledger.ledger import Ledger
from gatepos.ledger.troubles import (
    DiskFault,
    DiskFull,
    LedgerInUse,
    LedgerNewer,
    NoLedger,
    ReadOnly,
    StorageProfile,
    WrongKey,
    WrongTill,
)
from gatepos.seal.keys import TillKey
from tests.ledger.desk import CONTEXT, Desk, Fault, alter, kept

ROOT = Path(__file__).parents[2]


def test_an_open_ledger_keeps_the_storage_profile(desk: Desk) -> None:
    ledger = desk.create()
    names = ("locking_mode", "journal_mode", "synchronous", "trusted_schema", "wal_autocheckpoint")
    found = [ledger.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
    ledger.close()
    assert found == ["exclusive", "wal", 2, 0, 0]


def test_a_disk_that_does_not_keep_the_profile_cannot_sell(desk: Desk) -> None:
    desk.made(3)

    class Forgetful(sqlite3.Connection):
        def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
            return super().execute(sql.replace("synchronous=2", "synchronous=1"))

    with pytest.raises(StorageProfile, match="synchronous is 1"):
        database.open_profiled(desk.file, lambda path: sqlite3.connect(path, factory=Forgetful))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET kind = 'boot' WHERE seq = 2",
        "DELETE FROM journal WHERE seq = 2",
        "INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE seq = 2",
        "INSERT OR REPLACE INTO journal SELECT 9, id, kind, number, raw, hash, sig FROM journal",
    ],
)
def test_the_journal_takes_no_change(desk: Desk, statement: str) -> None:
    ledger = desk.create(2)
    before = kept(ledger)
    with pytest.raises(sqlite3.IntegrityError, match="append only"):
        ledger.conn.execute(statement)
    assert kept(ledger) == before
    ledger.close()


def test_a_second_process_is_told_that_the_till_runs(desk: Desk) -> None:
    ledger = desk.create()
    program = (
        "import sys; from gatepos.ledger import backup; backup.lock(__import__('pathlib').Path(sys.argv[1]))"
    )
    second = subprocess.run(
        [sys.executable, "-c", program, str(desk.folder)], cwd=ROOT, capture_output=True, text=True
    )
    ledger.close()
    assert "LedgerInUse" in second.stderr


def test_the_same_process_cannot_open_it_twice(desk: Desk) -> None:
    ledger = desk.create()
    with pytest.raises(LedgerInUse):
        desk.open()
    ledger.close()
    desk.open().close()


def test_closing_twice_takes_nothing_from_the_next_one(desk: Desk) -> None:
    first = desk.create()
    first.close()
    second = desk.open()
    first.close()
    with pytest.raises(LedgerInUse):
        desk.open()
    assert desk.write(second).copies == 2
    second.close()


def test_a_ledger_of_another_key_is_left_alone(desk: Desk) -> None:
    desk.made(3)
    before = desk.file.read_bytes()
    desk.key = TillKey.generate()
    with pytest.raises(WrongKey):
        desk.open()
    assert desk.file.read_bytes() == before


@pytest.mark.parametrize("context", [replace(CONTEXT, till="XNM9"), replace(CONTEXT, park="NAO")])
def test_a_folder_that_says_another_till_or_park_cannot_sell(desk: Desk, context: Context) -> None:
    desk.made(3)
    before = desk.file.read_bytes()
    with pytest.raises(WrongTill, match="the ledger is till XNM2 of NNP"):
        Ledger(desk.folder, desk.key, context, (desk.tape,), desk.ports())
    assert desk.file.read_bytes() == before
    assert not (desk.folder / "asides").exists()
    desk.open().close()


def test_another_park_is_not_sold_for_after_a_rebuild_either(desk: Desk) -> None:
    desk.made(3)
    desk.file.unlink()
    with pytest.raises(WrongTill):
        Ledger(desk.folder, desk.key, replace(CONTEXT, park="NAO"), (desk.tape,), desk.ports())


def test_something_else_without_a_source_is_left_where_it_lies(desk: Desk) -> None:
    desk.folder.mkdir()
    desk.file.write_bytes(b"GIF89a" * 10_000)
    for _ in range(2):
        with pytest.raises(NoLedger, match="Nothing was changed"):
            desk.open()
    assert desk.file.read_bytes() == b"GIF89a" * 10_000
    assert not (desk.folder / "asides").exists()


def test_a_newer_programs_ledger_is_left_alone(desk: Desk) -> None:
    desk.made(3)
    newer = database.VERSION + 1000
    alter(
        desk.file,
        f"PRAGMA user_version={newer}",
        f"UPDATE cursor SET value = {newer} WHERE name = 'version'",
    )
    before = desk.file.read_bytes()
    with pytest.raises(LedgerNewer):
        desk.open()
    assert desk.file.read_bytes() == before
    assert not (desk.folder / "asides").exists()


def test_a_folder_without_ledger_and_tape_holds_no_ledger(desk: Desk) -> None:
    desk.folder.mkdir()
    with pytest.raises(NoLedger):
        desk.open()
    assert not (desk.folder / "asides").exists()


def test_a_new_ledger_never_replaces_one(desk: Desk) -> None:
    desk.made(3)
    with pytest.raises(FileExistsError):
        Ledger.create(desk.folder, TillKey.generate(), CONTEXT, (), desk.ports())
    ledger = desk.open()
    assert ledger.head[0] == 3
    ledger.close()


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (sqlite3.SQLITE_FULL, DiskFull),
        (sqlite3.SQLITE_READONLY, ReadOnly),
        (sqlite3.SQLITE_CANTOPEN, ReadOnly),
        (sqlite3.SQLITE_IOERR, DiskFault),
    ],
)
def test_a_disk_that_fails_at_opening_is_named_and_nothing_is_rebuilt(
    desk: Desk, code: int, trouble: type[Exception]
) -> None:
    desk.made(3)
    desk.disk.faults = [Fault("SELECT seq, raw, hash", code)]
    with pytest.raises(trouble):
        desk.open()
    assert not (desk.folder / "asides").exists()
    ledger = desk.open()
    assert ledger.head[0] == 3
    ledger.close()
