"""A till is taken away or updated only when nothing that it has is lost with it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from gatepos import app, cli, files, joining, removing
from gatepos.seal.enrolment import Joins
from gatepos.sync import address, unsent
from gatepos.sync.cursor import Cursor
from gatepos.sync.unsent import ShiftStillOpen, UnsentHere
from gatepos.till import carrying
from gatepos.till.carrying import NotWhole
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from gatepos.wire import bundle as bundles
from gatepos.wire.push import Push
from tests.central.place import CENTRAL_KEY
from tests.gate import CLERK, CLERK_PIN, NON_RESIDENT, Gate
from tests.spare_gate import Park, park_in
from tests.sync.test_with_central import central_in, served


@pytest.fixture
def park(tmp_path: Path) -> Iterator[Park]:
    """A gate whose till is stopped, with nothing sent yet."""
    with park_in(tmp_path) as made:
        made.till().desk.ledger.close()
        yield made


@pytest.fixture
def stick() -> Iterator[Path]:
    """A folder on another disk."""
    place = Path("/dev/shm")
    if not place.is_dir() or place.stat().st_dev == Path(tempfile.gettempdir()).stat().st_dev:
        pytest.skip("there is no other disk here")
    folder = Path(tempfile.mkdtemp(dir=place))
    yield folder
    shutil.rmtree(folder)


def run(*args: object) -> tuple[int, str]:
    """A command's exit code, and all that it said."""
    done = CliRunner().invoke(cli.commands, [str(arg) for arg in args], catch_exceptions=False)
    return done.exit_code, done.output


def sell(till: Till) -> None:
    """A non-resident adult by card, KES 10,360; the shift stays open."""
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    till.shifts.open("0")
    till.checkout.tap(NON_RESIDENT)
    till.checkout.plate("on foot")
    till.payments.pay("card")
    till.payments.card("A7K29Q", "4242")


def close_shift(till: Till) -> None:
    """Count, and close the shift."""
    till.shifts.close(Counted(others={"card": 1_036_000}), "counted")


def send(park: Park, till: Till) -> None:
    """Central acknowledges everything, and the till keeps that."""
    ledger, folder = till.desk.ledger, park.folder / "till"
    found = address.load(folder, ledger)
    assert found is not None
    sent = Push(0, ledger.hash_at(0), list(ledger.told(0)))
    answer = park.place.push(ledger.context.till, found.token, sent)
    assert answer.status_code == 200
    (folder / "tape" / f"{ledger.context.till}.ack").write_bytes(answer.content)
    assert Cursor(folder / "tape", ledger.context.till, CENTRAL_KEY.public).last() is not None


def test_what_is_unsent_is_counted_in_entries_and_shillings(park: Park) -> None:
    till = park.opened("till")
    before = till.desk.ledger.head[0]
    send(park, till)
    sell(till)
    found = unsent.of(park.folder / "till", till.desk.ledger)
    assert (found.after, found.count) == (before, till.desk.ledger.head[0] - before)
    assert found.minor == 1_036_000
    assert len(found.shifts) == 1
    till.desk.ledger.close()


def test_a_close_says_how_many_entries_central_lacks_with_the_network_out(park: Park) -> None:
    till = park.opened("till")
    send(park, till)
    sell(till)
    close_shift(till)
    closed = till.desk.ledger.of_kind("shift.closed")[-1]
    sent = unsent.of(park.folder / "till", till.desk.ledger).after
    assert closed.data["unsent"] == closed.seq - 1 - sent > 0
    assert closed.data["flagged"] == 0
    till.desk.ledger.close()


def test_nothing_goes_while_money_is_unsent_or_a_shift_is_open(park: Park) -> None:
    folder = park.folder / "till"
    till = park.opened("till")
    sell(till)
    till.desk.ledger.close()
    before = sorted(path.name for path in folder.iterdir())
    for command in ("remove", "ready-to-update"):
        code, said = run(command, folder)
        assert code == 2
        assert "Shift NMG2-Z000001" in said
    till = park.opened("till")
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    till.shifts.to_window()
    close_shift(till)
    count = till.desk.ledger.head[0]
    till.desk.ledger.close()
    for command in ("remove", "ready-to-update"):
        code, said = run(command, folder)
        assert code == 2
        assert f"{count} entries of NMG2, KES 10,360 taken in them, are only here" in said
    assert sorted(path.name for path in folder.iterdir()) == before
    assert app.verified(folder).is_whole


def test_a_check_records_nothing_itself(park: Park) -> None:
    folder = park.folder / "till"
    till = park.opened("till")
    send(park, till)
    head = till.desk.ledger.head
    till.desk.ledger.close()
    assert run("ready-to-update", folder) == (0, "Ready: all that this till has is elsewhere too.\n")
    till = app.opened(folder, park.world())
    assert till.desk.ledger.head == head
    till.desk.ledger.close()


def test_what_is_all_at_central_is_moved_and_not_deleted(park: Park) -> None:
    folder = park.folder / "till"
    till = park.opened("till")
    send(park, till)
    till.desk.ledger.close()
    code, said = run("remove", folder)
    assert code == 0
    assert not folder.exists()
    (aside,) = park.folder.glob("till.removed-*")
    assert str(aside) in said
    assert app.verified(aside).is_whole


def test_a_till_in_use_is_not_taken_away(park: Park) -> None:
    till = park.opened("till")
    assert run("remove", park.folder / "till")[0] == 3
    till.desk.ledger.close()


@pytest.mark.parametrize("damage", ["missing", "other", "later"])
def test_an_acknowledgement_that_is_none_leaves_everything_unsent(park: Park, damage: str) -> None:
    folder, till = park.folder / "till", park.opened("till")
    send(park, till)
    path = folder / "tape" / "NMG2.ack"
    if damage == "missing":
        path.unlink()
    elif damage == "other":
        path.write_bytes(path.read_bytes().replace(b'\\"acked\\":', b'\\"acked\\":1'))
    else:
        path.write_bytes(park.place.central.say(
            "ack", "NMG2", acked=till.desk.ledger.head[0], acked_hash="00" * 32, flagged=[]
        ).body())  # fmt: skip
    assert unsent.of(folder, till.desk.ledger).count == till.desk.ledger.head[0]
    till.desk.ledger.close()


def test_a_damaged_address_leaves_everything_unsent(park: Park) -> None:
    folder, till = park.folder / "till", park.opened("till")
    send(park, till)
    (folder / address.FILE).write_text("url = ")
    assert unsent.of(folder, till.desk.ledger).count == till.desk.ledger.head[0]
    till.desk.ledger.close()


def test_a_stick_that_holds_it_all_lets_the_till_go(park: Park, stick: Path) -> None:
    folder = park.folder / "till"
    till = park.opened("till")
    send(park, till)
    sell(till)
    after, own = till.desk.ledger.head[0], list(till.desk.ledger.told(0))
    till.desk.ledger.close()
    code, said = run("remove", folder, "--bundle", stick)
    assert code == 0, said
    assert "KES 10,360" in said
    (file,) = stick.glob("*.gpb")
    found = bundles.read(file.read_bytes())
    assert [*own[: found.from_seq], *found.entries] == own[:after]
    assert not folder.exists()
    assert len(list(park.folder.glob("till.removed-*"))) == 1


def test_a_bundle_on_the_same_disk_is_none(park: Park, tmp_path: Path) -> None:
    (tmp_path / "beside").mkdir()
    refused = {
        tmp_path / "stick": "There is no folder",
        park.folder / "till" / "tape": "lies in",
        tmp_path / "beside": "is on the disk of the till",
    }
    for medium, says in refused.items():
        code, said = run("remove", park.folder / "till", "--bundle", medium)
        assert (code, says in said) == (2, True), said
    assert (park.folder / "till" / app.IDENTITY).exists()
    assert not (tmp_path / "stick").exists()


def test_a_stick_that_holds_something_else_keeps_the_till(
    park: Park, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = files.write_whole

    def worn(path: Path, data: bytes, mode: int = 0o644) -> None:
        real(path, data[:-9] + bytes(9), mode)

    monkeypatch.setattr(files, "write_whole", worn)
    code, said = run("remove", park.folder / "till", "--bundle", stick)
    assert code == 2
    assert "is not what was written" in said
    assert (park.folder / "till" / app.IDENTITY).exists()


def test_a_full_or_write_protected_stick_keeps_the_till(park: Park, stick: Path) -> None:
    (stick / "file").write_bytes(b"")
    assert run("remove", park.folder / "till", "--bundle", stick / "file" / "on")[0] == 2
    assert (park.folder / "till" / app.IDENTITY).exists()


def test_what_is_read_back_is_compared_entry_by_entry(park: Park, tmp_path: Path) -> None:
    till = park.opened("till")
    ledger = till.desk.ledger
    data, to_seq = till.hearing.bundle(1)
    (tmp_path / "one").write_bytes(data)
    carrying.check(ledger, tmp_path / "one", to_seq)
    with pytest.raises(NotWhole):
        carrying.check(ledger, tmp_path / "one", to_seq - 1)
    other, own = bundles.read(data), list(ledger.told(1))
    swapped = [own[1], own[0], *own[2:]]
    (tmp_path / "two").write_bytes(bundles.pack(till.desk.own, 1, other.from_hash, swapped)[0])
    with pytest.raises(NotWhole):
        carrying.check(ledger, tmp_path / "two", to_seq)
    ledger.close()


def test_no_till_joins_another_central_with_money_that_the_first_lacks(park: Park, tmp_path: Path) -> None:
    folder, till = park.folder / "till", park.opened("till")
    sell(till)
    kept = (folder / address.FILE).read_bytes()
    with central_in(tmp_path / "second", is_demo=False) as second, served(second.beside()) as url:
        code = "A" * 16 + "B" * 10
        with pytest.raises(ShiftStillOpen):
            joining.again(folder, till, Joins(url, code))
        close_shift(till)
        with pytest.raises(UnsentHere) as refused:
            joining.again(folder, till, Joins(url, code))
        assert refused.value.values["amount"] == "10,360"
    assert (folder / address.FILE).read_bytes() == kept
    joining.again(folder, till, Joins(park.url, park.place.code("NMG2")))
    till.desk.ledger.close()


def test_a_new_till_is_never_made_over_one(park: Park, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEPOS_PIN", "482913")
    folder = park.folder / "till"
    code, said = run("init", folder)
    assert code == 2
    assert "holds a till already" in said
    (folder / app.IDENTITY).unlink()
    (folder / app.KEY).unlink()
    assert run("init", folder)[0] == 2
    assert not (folder / app.KEY).exists()
    monkeypatch.setenv("GATEPOS_CODE", park.place.code())
    code, said = run("enrol", folder, park.url)
    assert (code, "holds a till already" in said) == (2, True)
    assert (folder / "ledger.db").exists()


def test_a_demonstration_goes_as_it_likes(gate: Gate) -> None:
    gate.make()
    assert run("remove", gate.folder)[0] == 0
    assert not gate.folder.exists()


def test_a_spare_that_never_sold_is_moved_too(park: Park) -> None:
    park.spare()
    assert run("remove", park.folder / "spare")[0] == 0
    assert len(list(park.folder.glob("spare.removed-*"))) == 1


def test_two_tills_removed_on_a_day_both_stay(park: Park, tmp_path: Path) -> None:
    places = []
    for _ in range(2):
        (tmp_path / "x").mkdir()
        places.append(removing.moved(tmp_path / "x", park.clock.wall_ms()).name)
    assert places == ["x.removed-2026-01-02", "x.removed-2026-01-02-1"]
