"""Central is copied while it works, and a copy that is put back is filled up again by the tills."""

import shutil
from pathlib import Path

import pytest

from gatepos import app
from gatepos.central import folder as places
from gatepos.central.folder import CentralRuns, NoCentral
from gatepos.central.store import copying, engine
from gatepos.central.store.copying import CopyDamaged, NotOneFile
from gatepos.files import FolderLock
from gatepos.ledger.media import MediumInside, NoMedium
from gatepos.seal.keys import TillKey
from gatepos.till.till import Till
from tests.central.place import Place, Sender, sender
from tests.central.test_receiving import waived
from tests.gate import Gate
from tests.test_cli import DONE, gatepos

AT, LATER = "2026-01-02T07:31:00.000Z", "2026-01-03T07:31:00.000Z"


@pytest.fixture
def central(tmp_path: Path) -> Path:
    """A central in a folder."""
    places.create(tmp_path / "central", is_demo=True)
    (tmp_path / "stick").mkdir()
    return tmp_path / "central"


def opened(folder: Path) -> Place:
    """Central at work on its database."""
    return Place(engine.in_folder(folder), is_demo=False)


def joined(place: Place, gate: Gate) -> Sender:
    """A real till's journal, sent."""
    till: Till = gate.built()
    made = sender(place, till, TillKey.load(gate.folder / app.KEY))
    till.desk.ledger.close()
    made.drain()
    return made


def test_a_copy_made_while_central_works_is_put_back_and_the_till_fills_it_up(
    central: Path, gate: Gate, tmp_path: Path
) -> None:
    place = opened(central)
    till = joined(place, gate)
    copy, entries = places.back_up(central, tmp_path / "stick", AT)
    assert (copy.name, entries) == ("central-20260102T073100Z.db", len(till.kept))
    assert [path.name for path in copy.parent.iterdir()] == [copy.name], "one file, nothing beside it"
    till.write(**waived(1))
    till.drain()
    books, whole = place.books(), len(till.kept)
    place.store.close()
    for path in central.glob("central.db*"):
        path.write_bytes(b"\xff" * 5_000)
    assert places.restore(copy, central, LATER) == entries
    place = till.place = opened(central)
    assert place.count("journal") == entries
    till.acked = entries
    till.drain()
    place.central.follow(till.till)
    assert (place.count("journal"), place.books()) == (whole, books)
    assert (central / "aside-20260103T073100Z" / "central.db").read_bytes() == b"\xff" * 5_000
    place.store.close()


def test_what_is_written_meanwhile_waits_for_no_copy(central: Path, gate: Gate, tmp_path: Path) -> None:
    place = opened(central)
    with place.store.writing() as tx:
        tx.write("INSERT INTO setting(name, value) VALUES ('x', 'y')")
        copy, _ = places.back_up(central, tmp_path / "stick", AT)
    place.store.close()
    assert copying.checked(copy) == 0


def test_the_key_is_in_no_copy(central: Path, tmp_path: Path) -> None:
    copy, _ = places.back_up(central, tmp_path / "stick", AT)
    key = (central / places.KEY).read_bytes()
    assert len(key) >= 32
    assert key[-32:] not in copy.read_bytes()


def test_a_copy_that_is_not_whole_changes_nothing(central: Path, tmp_path: Path) -> None:
    copy, _ = places.back_up(central, tmp_path / "stick", AT)
    before = (central / "central.db").read_bytes()
    data = copy.read_bytes()
    for bad in (data[: len(data) // 2], b"", b"not a database", data[:4096] + b"\x00" * 4096 + data[8192:]):
        copy.write_bytes(bad)
        with pytest.raises(CopyDamaged):
            places.restore(copy, central, LATER)
    assert (central / "central.db").read_bytes() == before
    assert not list(central.glob("aside-*"))


def test_nothing_is_put_back_under_a_central_that_runs(central: Path, tmp_path: Path) -> None:
    copy, _ = places.back_up(central, tmp_path / "stick", AT)
    lock = FolderLock(central / places.LOCK)
    with pytest.raises(CentralRuns):
        places.restore(copy, central, LATER)
    lock.release()
    places.restore(copy, central, LATER)


def test_what_is_no_central_or_no_file_is_named(central: Path, tmp_path: Path) -> None:
    with pytest.raises(NoCentral):
        places.back_up(tmp_path, tmp_path / "stick", AT)
    (central / "central.db").unlink()
    with pytest.raises(NotOneFile):
        places.back_up(central, tmp_path / "stick", AT)


def test_a_medium_that_is_not_there_or_is_the_central_itself_is_refused(
    central: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    for missing in (tmp_path / "none", tmp_path / "file", tmp_path / "file" / "on"):
        with pytest.raises(NoMedium):
            places.back_up(central, missing, AT)
    before = sorted(central.iterdir())
    with pytest.raises(MediumInside):
        places.back_up(central, central, AT)
    assert sorted(central.iterdir()) == before
    assert not (tmp_path / "none").exists()
    shutil.rmtree(central)


def test_the_commands_copy_and_put_back(central: Path, tmp_path: Path) -> None:
    made = gatepos("central", "backup", central, tmp_path / "stick")
    assert made.code == DONE
    (copy,) = (tmp_path / "stick").iterdir()
    assert f"{copy}: 0 entries, read back and whole." in made.out
    back = gatepos("central", "restore", copy, central)
    assert (back.code, "0 entries are back" in back.out) == (DONE, True)
