"""Personal data: kept encrypted, bound to its entry, really gone once erased, and never in the way."""

import os
import random
import shutil
import sqlite3
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from gatepos.ledger.checks import Finding
from gatepos.ledger.database import connect
from gatepos.ledger.personal import FILE, PersonalStore
from gatepos.seal.box import PERSONAL, Box
from tests.ledger.desk import FailingDisk, Fault

DAY = date(2026, 1, 2)
PHONE = "0712 345 678"


class Folder:
    """A folder with a store, opened and reopened; what its stores said is in `said`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path / FILE
        self.disk = FailingDisk()
        self.said: list[Finding] = []
        self._open: PersonalStore | None = None
        path.mkdir()

    def open(self, today: date = DAY, *, is_new: bool = False) -> PersonalStore:
        """The store as the folder has it."""
        self.close()
        box = Box.of_device(self.path, PERSONAL)
        self._open = PersonalStore(self.path, box, today, self.said.append, self.disk.connect, is_new=is_new)
        return self._open

    def close(self) -> None:
        """Stop."""
        if self._open is not None:
            self._open.close()

    def words(self) -> str:
        """All that was said."""
        return "\n".join(map(str, self.said))

    def content(self) -> bytes:
        """Every byte of every file."""
        return b"".join(path.read_bytes() for path in self.path.rglob("*") if path.is_file())

    def closed(self) -> dict[tuple[str, str], bytes]:
        """The encrypted texts as they stand in the file."""
        conn = sqlite3.connect(self.file)
        found = {(id_, kind): closed for id_, kind, closed in conn.execute(_CLOSED)}
        conn.close()
        return found


_CLOSED = "SELECT entry_id, kind, closed FROM personal"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "park")


def test_a_text_is_kept_by_entry_and_kind_over_a_restart(folder: Folder) -> None:
    store = folder.open(is_new=True)
    assert store.put("e1", "driver", PHONE, DAY)
    assert store.put("e1", "holder", "JK 4821", DAY)
    assert store.put("e2", "driver", "0733", DAY)
    store = folder.open()
    assert (store.get("e1", "driver"), store.get("e1", "holder")) == (PHONE, "JK 4821")
    assert (store.get("e2", "holder"), store.get("e3", "driver")) == (None, None)
    assert store.count() == 3
    assert folder.said == []


def test_a_text_put_again_takes_the_place_of_the_first(folder: Folder) -> None:
    store = folder.open(is_new=True)
    store.put("e1", "driver", PHONE, DAY)
    store.put("e1", "driver", "0733", DAY + timedelta(days=9))
    assert (store.get("e1", "driver"), store.count()) == ("0733", 1)
    assert store.erase(DAY + timedelta(days=9)) == 0


def test_no_text_stands_in_clear_in_any_file_or_word(folder: Folder) -> None:
    store = folder.open(is_new=True)
    store.put("e1", "driver", PHONE, DAY)
    assert PHONE.encode() not in folder.content()
    assert PHONE not in repr(store)


@pytest.mark.skipif(sys.platform == "win32", reason="modes are of Unix")
def test_only_its_owner_reads_it(folder: Folder) -> None:
    before = os.umask(0)
    try:
        folder.open(is_new=True).put("e1", "driver", PHONE, DAY)
    finally:
        os.umask(before)
    assert folder.file.stat().st_mode & 0o777 == 0o600
    folder.file.chmod(0o644)
    folder.open()
    assert folder.file.stat().st_mode & 0o777 == 0o600


def test_what_is_older_than_a_day_is_erased_and_the_rest_stays(folder: Folder) -> None:
    store = folder.open(is_new=True)
    for n in range(4):
        store.put(f"e{n}", "driver", PHONE, DAY + timedelta(days=n))
    before = DAY + timedelta(days=2)
    assert store.due(before) == 2
    assert store.erase(before) == 2
    assert (store.due(before), store.count()) == (0, 2)
    assert [store.get(f"e{n}", "driver") for n in range(4)] == [None, None, PHONE, PHONE]


def test_all_of_one_entry_is_erased_at_once(folder: Folder) -> None:
    store = folder.open(is_new=True)
    for id_, kind in (("e1", "driver"), ("e1", "holder"), ("e2", "driver")):
        store.put(id_, kind, PHONE, DAY)
    gone = [closed for (id_, _), closed in folder.closed().items() if id_ == "e1"]
    assert store.erase_of("e1") == 2
    assert (store.count(), store.get("e2", "driver")) == (1, PHONE)
    assert not any(closed in folder.content() for closed in gone)


def test_no_piece_of_what_was_erased_is_left_in_the_folder(folder: Folder) -> None:
    """SQLite leaves pieces of old rows where pages were split and filled again, secure_delete or not."""
    chance = random.Random(1)
    store = folder.open(is_new=True)
    for n in range(400):
        day = DAY + timedelta(days=chance.randrange(20))
        store.put(f"{chance.getrandbits(60):x}", "driver", "7" * chance.choice((4, 20, 200, 500)), day)
        if n % 100 == 99:
            before = DAY + timedelta(days=n // 20)
            was = folder.closed()
            assert all(closed in folder.content() for closed in was.values())
            store.erase(before)
            content, stays = folder.content(), folder.closed()
            gone = [closed for key, closed in was.items() if key not in stays]
            assert len(gone) > 5
            assert not set().union(*map(_pieces, gone)) & _windows(content)
    folder.close()
    assert [path.name for path in folder.path.iterdir() if path.name != "pepper"] == [FILE]


def test_a_stop_within_an_erasure_is_made_good_at_the_next_start(folder: Folder) -> None:
    store = folder.open(is_new=True)
    store.put("e1", "driver", PHONE, DAY)
    folder.disk.faults.append(Fault("VACUUM", sqlite3.SQLITE_FULL))
    assert store.erase(DAY + timedelta(days=1)) == 0
    assert "could not be erased (The disk is full." in folder.words()
    folder.open()
    assert not folder.disk.faults[0].times
    assert len(folder.said) == 1


def test_a_text_moved_to_another_entry_is_not_read_as_its_own(folder: Folder) -> None:
    store = folder.open(is_new=True)
    store.put("e1", "driver", PHONE, DAY)
    folder.close()
    conn = connect(folder.file)
    conn.execute("UPDATE personal SET entry_id = 'e2'")
    conn.close()
    assert folder.open().get("e2", "driver") is None
    assert folder.words() == "a name or phone cannot be read any more"


def _garbage(file: Path) -> None:
    file.write_bytes(b"not a database " * 600)


def _cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _flipped(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[3 * len(data) // 4 :] = bytes(b ^ 0x55 for b in data[3 * len(data) // 4 :])
    file.write_bytes(data)


def _other_tables(file: Path) -> None:
    conn = connect(file)
    conn.execute("ALTER TABLE personal ADD COLUMN name TEXT")
    conn.close()


@pytest.mark.parametrize("damage", [_garbage, _cut, _flipped, _other_tables])
def test_a_damaged_store_goes_aside_and_a_new_one_is_begun(
    folder: Folder, damage: Callable[[Path], None]
) -> None:
    folder.open(is_new=True).put("e1", "driver", PHONE, DAY)
    folder.close()
    damage(folder.file)
    bytes_ = folder.file.read_bytes()
    store = folder.open()
    assert "damaged; it lies in asides/personal-2026-01-02-1, and a new one is begun" in folder.words()
    assert (folder.path / "asides/personal-2026-01-02-1" / FILE).read_bytes() == bytes_
    assert (store.get("e1", "driver"), store.count()) == (None, 0)
    assert store.put("e2", "driver", PHONE, DAY)
    assert folder.open().get("e2", "driver") == PHONE
    assert len(folder.said) == 1


def test_another_devices_store_is_said_to_be_and_goes_aside(folder: Folder, tmp_path: Path) -> None:
    folder.open(is_new=True).put("e1", "driver", PHONE, DAY)
    folder.close()
    other = Folder(tmp_path / "other")
    other.open(is_new=True)
    other.close()
    shutil.copy(folder.file, other.file)
    store = other.open()
    assert "another device's; it lies in asides/personal-2026-01-02-1" in other.words()
    assert store.get("e1", "driver") is None
    assert store.put("e1", "driver", "0733", DAY)


@pytest.mark.parametrize("is_gone", [True, False], ids=["gone", "empty"])
def test_a_missing_store_is_said_and_a_new_one_is_begun(folder: Folder, is_gone: bool) -> None:
    folder.open(is_new=True).put("e1", "driver", PHONE, DAY)
    folder.close()
    folder.file.unlink()
    if not is_gone:
        folder.file.touch()
    store = folder.open()
    assert folder.words() == "the store of names and phones is missing; a new one is begun"
    assert store.put("e2", "driver", PHONE, DAY)


def test_what_went_aside_is_wiped_when_its_time_has_come(folder: Folder) -> None:
    for n in range(2):
        folder.open(is_new=not n).put("e1", "driver", PHONE, DAY)
        folder.close()
        _other_tables(folder.file)
    store = folder.open(DAY)
    assert sorted(path.name for path in (folder.path / "asides").iterdir()) == [
        "personal-2026-01-02-1",
        "personal-2026-01-02-2",
    ]
    assert (store.due(DAY), store.due(DAY + timedelta(days=1))) == (0, 2)
    assert store.erase(DAY + timedelta(days=1)) == 2
    assert list((folder.path / "asides").iterdir()) == []


def test_a_store_damaged_while_it_is_used_goes_aside_too(folder: Folder) -> None:
    store = folder.open(is_new=True)
    store.put("e1", "driver", PHONE, DAY)
    _garbage(folder.file)
    assert not store.put("e2", "driver", PHONE, DAY)
    assert "is damaged" in folder.words()
    assert store.put("e2", "driver", PHONE, DAY)
    assert store.get("e2", "driver") == PHONE


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY])
def test_a_disk_that_takes_nothing_is_told_and_stops_nobody(folder: Folder, code: int) -> None:
    store = folder.open(is_new=True)
    folder.disk.faults.append(Fault("INSERT INTO personal", code))
    assert not store.put("e1", "driver", PHONE, DAY)
    assert "could not be kept or read" in folder.words()
    assert store.put("e1", "driver", PHONE, DAY)


def test_a_place_where_no_file_can_be_leaves_a_store_that_forgets(folder: Folder) -> None:
    folder.file.mkdir()
    store = folder.open(is_new=True)
    assert "the till forgets them when it stops" in folder.words()
    assert store.put("e1", "driver", PHONE, DAY)
    assert (store.get("e1", "driver"), store.erase(DAY + timedelta(days=1))) == (PHONE, 1)


def test_a_bug_of_ours_is_not_taken_for_the_disks(folder: Folder) -> None:
    store = folder.open(is_new=True)
    store.close()
    with pytest.raises(sqlite3.ProgrammingError):
        store.count()
    with pytest.raises(ValueError, match="checked at the edge"):
        store.put("e1", "driver", "7" * 501, DAY)


_PIECE = 12


def _pieces(closed: bytes) -> set[bytes]:
    return {closed[at : at + _PIECE] for at in range(0, len(closed) - _PIECE, _PIECE)}


def _windows(content: bytes) -> set[bytes]:
    return {content[at : at + _PIECE] for at in range(len(content) - _PIECE + 1)}
