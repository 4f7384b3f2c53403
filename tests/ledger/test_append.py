"""Writing: the same action once, an error at COMMIT settled by a fresh look, nothing half done."""

import sqlite3

import pytest

from gatepos.ledger.troubles import LedgerDamaged, NotRecorded, SameIdOtherContent, Unknown
from tests.ledger.desk import Desk, Fault, kept

ID = "11111111-1111-7111-8111-111111111111"


def test_the_same_action_twice_is_one_entry(desk: Desk) -> None:
    ledger = desk.create()
    first, again = desk.write(ledger, id=ID), desk.write(ledger, id=ID)
    assert again.entry == first.entry
    assert again.repeated
    assert ledger.head[0] == 2
    ledger.close()


def test_the_same_id_with_other_content_is_refused(desk: Desk) -> None:
    ledger = desk.create()
    desk.write(ledger, "1", ID)
    with pytest.raises(SameIdOtherContent):
        desk.write(ledger, "2", ID)
    assert ledger.head[0] == 2
    ledger.close()


def test_an_entry_is_on_two_files_when_it_is_recorded(desk: Desk) -> None:
    ledger = desk.create()
    recorded = desk.write(ledger)
    assert recorded.copies == 2
    assert recorded.entry.raw in desk.segments()[-1].read_bytes()
    ledger.close()


def test_subscribers_hear_of_an_entry_after_it_is_on_the_tape(desk: Desk) -> None:
    ledger = desk.create()
    heard: list[bool] = []
    ledger.subscribe(lambda entry: heard.append(entry.raw in desk.segments()[-1].read_bytes()))
    desk.write(ledger)
    ledger.close()
    assert heard == [True]


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL])
def test_an_error_at_commit_is_settled_as_not_recorded(desk: Desk, code: int) -> None:
    ledger = desk.create(2)
    desk.disk.faults = [Fault("COMMIT", code)]
    with pytest.raises(NotRecorded):
        desk.write(ledger, id=ID)
    assert ledger.by_id(ID) is None
    assert desk.write(ledger, id=ID).entry.seq == 4
    ledger.close()


def test_an_error_after_commit_is_settled_as_recorded(desk: Desk) -> None:
    ledger = desk.create(2)
    heard: list[int] = []
    ledger.subscribe(lambda entry: heard.append(entry.seq))
    desk.disk.faults = [Fault("COMMIT", sqlite3.SQLITE_IOERR, is_done=True)]
    recorded = desk.write(ledger, id=ID)
    assert (recorded.entry.seq, recorded.copies) == (4, 2)
    assert heard == [4]
    assert desk.write(ledger, id=ID).repeated
    assert desk.write(ledger).entry.seq == 5
    ledger.close()


@pytest.mark.parametrize("is_done", [False, True])
def test_a_disk_that_stays_away_leaves_it_unknown_until_it_is_back(desk: Desk, is_done: bool) -> None:
    ledger = desk.create(2)
    desk.disk.faults = [
        Fault("COMMIT", sqlite3.SQLITE_IOERR, is_done=is_done),
        Fault("PRAGMA", sqlite3.SQLITE_IOERR, times=2),
    ]
    with pytest.raises(Unknown):
        desk.write(ledger, id=ID)
    with pytest.raises(Unknown):
        desk.write(ledger)
    assert not ledger.upkeep()
    again = desk.write(ledger, id=ID)
    assert again.repeated is is_done
    assert again.entry.seq == 4
    assert ledger.tapes.head == 4
    ledger.close()


def test_a_sync_that_fails_again_when_looked_at_stays_unknown(desk: Desk) -> None:
    ledger = desk.create(2)
    desk.disk.faults = [
        Fault("COMMIT", sqlite3.SQLITE_IOERR, is_done=True),
        Fault("PRAGMA wal_checkpoint", sqlite3.SQLITE_IOERR),
    ]
    with pytest.raises(Unknown):
        desk.write(ledger)
    ledger.close()


def test_a_full_disk_before_commit_is_not_recorded(desk: Desk) -> None:
    ledger = desk.create(2)
    before = kept(ledger)
    desk.disk.faults = [Fault("INSERT INTO journal", sqlite3.SQLITE_FULL)]
    with pytest.raises(NotRecorded, match="disk is full"):
        desk.write(ledger)
    assert kept(ledger) == before
    assert desk.write(ledger).entry.seq == 4
    ledger.close()


def test_a_rollback_that_fails_too_leaves_nothing_half_written(desk: Desk) -> None:
    ledger = desk.create(2)
    desk.disk.faults = [
        Fault("INSERT INTO journal", sqlite3.SQLITE_IOERR, is_done=True),
        Fault("ROLLBACK", sqlite3.SQLITE_IOERR),
    ]
    with pytest.raises(NotRecorded):
        desk.write(ledger, id=ID)
    assert ledger.by_id(ID) is None
    assert desk.write(ledger).entry.seq == 4
    ledger.close()


def test_a_page_that_cannot_be_read_stops_selling_and_is_rebuilt_at_the_next_start(desk: Desk) -> None:
    ledger = desk.create(5)
    desk.disk.faults = [Fault("SELECT raw, hash, sig FROM journal WHERE id", sqlite3.SQLITE_CORRUPT)]
    with pytest.raises(LedgerDamaged):
        desk.write(ledger)
    with pytest.raises(LedgerDamaged):
        desk.write(ledger)
    ledger.close()
    again = desk.open()
    assert again.of_kind("ledger.recovered")[0].data["entries"] == 6
    again.close()
    desk.open().close()
    assert len(list((desk.folder / "asides").iterdir())) == 1


def test_a_failed_checkpoint_is_no_failed_entry(desk: Desk) -> None:
    ledger = desk.create()
    desk.disk.faults = [Fault("PRAGMA wal_checkpoint", sqlite3.SQLITE_FULL)]
    desk.write(ledger)
    while ledger.upkeep():
        pass
    assert desk.write(ledger).copies == 2
    ledger.close()
