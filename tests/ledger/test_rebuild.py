"""A damaged or lost ledger: rebuilt from what holds its entries, or refused by name."""

import shutil
from pathlib import Path

import pytest

from gatepos import app
from gatepos.domain import entry as entries
from gatepos.ledger import building, tape, verification
from gatepos.ledger.ledger import Ledger
from gatepos.ledger.troubles import LedgerForked, LedgerGap
from gatepos.till.till import Till
from tests.gate import CLERK, CLERK_PIN, EA_CITIZEN, Gate, ordinary_van, selling
from tests.ledger.desk import Desk, alter, kept


def recovered(ledger: Ledger) -> list[dict[str, object]]:
    """What the journal says of its rebuilds."""
    return [dict(entry.data) for entry in ledger.of_kind("ledger.recovered")]


def overwrite(file: Path) -> None:
    file.write_bytes(b"\x00" * file.stat().st_size)


def truncate(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size // 2)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def other_program(file: Path) -> None:
    file.write_bytes(b"GIF89a" * 10_000)


@pytest.mark.parametrize("damage", [Path.unlink, overwrite, truncate, empty, other_program])
def test_a_lost_or_damaged_file_is_rebuilt_whole_and_the_journal_says_so(desk: Desk, damage: object) -> None:
    ledger = desk.create(30)
    before = kept(ledger)
    ledger.close()
    assert callable(damage)
    damage(desk.file)
    ledger = desk.open()
    assert kept(ledger)[:31] == before
    (report,) = recovered(ledger)
    assert report["entries"] == 31
    assert ledger.head[0] == 32
    said = str(ledger.findings[-1])
    assert "31 of 31 entries rebuilt" in said
    assert "Lost: none" in said
    assert verification.verify(ledger.conn, [desk.tape]).findings == []
    ledger.close()


def test_the_damaged_file_is_kept_aside_as_it_was(desk: Desk) -> None:
    desk.made(5)
    other_program(desk.file)
    desk.open().close()
    assert (desk.folder / "asides" / "1" / "ledger.db").read_bytes() == b"GIF89a" * 10_000
    assert (desk.folder / "asides" / "1" / "report.json").exists()


def test_a_rebuilt_ledger_opens_quietly_the_next_time(desk: Desk) -> None:
    desk.made(5)
    desk.file.unlink()
    desk.open().close()
    again = desk.open()
    assert len(recovered(again)) == 1
    assert again.findings == []
    again.close()


def test_a_till_sells_on_after_its_ledger_was_deleted(gate: Gate) -> None:
    till = selling(gate.built())
    ordinary_van(till)
    till.payments.pay("mpesa")
    till.payments.mpesa("UA26X1Y2ZQ")
    number = till.history.find()[0].number
    till.checkout.tap(EA_CITIZEN)
    till.checkout.open()
    till.checkout.hold()
    state, waiting = till.desk.ledger.state, till.checkout.waiting()
    till.desk.ledger.close()
    (gate.folder / "ledger.db").unlink()

    till = app.open_till(gate.folder, gate.world())
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    now = till.desk.ledger.state
    assert (now.shifts, now.bills, now.rate) == (state.shifts, state.bills, state.rate)
    assert till.checkout.waiting() == waiting
    assert [row.number for row in till.history.find()] == [number]
    sold = sale(till, "UA26X1Y2ZZ")
    assert sold != number
    till.desk.ledger.close()


def sale(till: Till, code: str) -> str:
    """The number of a receipt sold to one citizen."""
    till.checkout.tap(EA_CITIZEN)
    till.payments.pay("mpesa")
    till.payments.mpesa(code)
    return till.history.find()[0].number


def test_committed_rows_that_sqlite_drops_silently_come_back_from_the_tape(desk: Desk) -> None:
    ledger = desk.create(3)
    wal = desk.folder / "ledger.db-wal"
    copy = desk.folder.with_name("copy")
    shutil.copytree(desk.folder, copy)
    ledger.close()
    assert wal.name in [path.name for path in copy.iterdir()]
    data = bytearray((copy / wal.name).read_bytes())
    data[len(data) * 3 // 4] ^= 1
    (copy / wal.name).write_bytes(data)

    desk.folder, desk.folders = copy, (copy / "tape",)
    ledger = desk.open()
    assert recovered(ledger)[0]["entries"] == 4
    assert "only the tape holds it" in str(recovered(ledger)[0]["finding"])
    assert ledger.head[0] == 5
    ledger.close()


def test_an_old_row_that_is_read_at_the_start_and_altered_is_rebuilt_from(desk: Desk) -> None:
    desk.made(9)
    alter(desk.file, "UPDATE journal SET raw = CAST(replace(raw, 'lane', 'lame') AS BLOB) WHERE seq = 3")
    ledger = desk.open()
    assert recovered(ledger)[0]["finding"] == "entry 3: altered"
    assert ledger.entry(3).data["key"] == "lane"
    ledger.close()


def test_what_no_source_holds_is_a_gap_by_its_position(desk: Desk) -> None:
    desk.made(9)
    desk.file.unlink()
    cut_from_tape(desk, 5)
    for _ in range(2):
        with pytest.raises(LedgerGap, match="Entry 5 is on no copy"):
            desk.open()


def test_a_tape_cut_in_its_last_entry_and_no_ledger_is_a_gap_too(desk: Desk) -> None:
    desk.made(9)
    desk.file.unlink()
    path = desk.segments()[-1]
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(LedgerGap, match="Entry 9"):
        desk.open()


def test_a_backup_fills_what_ledger_and_tape_lack(desk: Desk) -> None:
    ledger = desk.create(8)
    ledger.copy(desk.folder).checked()
    desk.write(ledger)
    ledger.close()
    desk.file.unlink()
    cut_from_tape(desk, 5)
    ledger = desk.open()
    report = recovered(ledger)[0]
    assert (report["entries"], report["from_backup"]) == (10, 1)
    ledger.close()


def test_the_files_aside_fill_what_the_tape_lacks(desk: Desk) -> None:
    desk.made(9)
    alter(desk.file, "UPDATE journal SET sig = zeroblob(64) WHERE seq = 9")
    cut_from_tape(desk, 5)
    ledger = desk.open()
    assert "8 ledger, 1 tape" in str(ledger.findings[-1])
    ledger.close()


def test_two_histories_of_one_till_are_a_fork(desk: Desk, tmp_path: Path) -> None:
    desk.made(5)
    shutil.copytree(desk.folder, tmp_path / "copy")
    other = Desk(tmp_path / "copy", desk.key, new_id=desk.new_id)
    for one in (desk, other):
        ledger = one.open()
        one.write(ledger, "theirs" if one is other else "ours")
        ledger.close()
    shutil.copy(other.segments()[-1], desk.tape / "XNM2-000009.tape")
    with pytest.raises(LedgerForked, match="Entry 6"):
        desk.open()


def test_older_copies_of_ledger_and_tape_are_found_out_by_a_backup_in_sight(
    desk: Desk, tmp_path: Path
) -> None:
    desk.made(5)
    shutil.copytree(desk.folder, tmp_path / "older")
    ledger = desk.open()
    desk.write(ledger)
    ledger.copy(desk.folder).checked()
    desk.write(ledger)
    ledger.close()
    roll_back(desk, tmp_path / "older")
    for _ in range(2):
        with pytest.raises(LedgerGap, match="Entry 7"):
            desk.open()


def test_with_the_tape_as_it_was_an_older_ledger_goes_on(desk: Desk, tmp_path: Path) -> None:
    ledger = desk.create(4)
    ledger.close()
    shutil.copy(desk.file, tmp_path / "older.db")
    ledger = desk.open()
    ledger.copy(desk.folder).checked()
    desk.write(ledger)
    ledger.close()
    shutil.copy(tmp_path / "older.db", desk.file)
    ledger = desk.open()
    assert recovered(ledger)[0]["entries"] == 6
    ledger.close()


def test_a_ledger_that_sold_on_from_an_older_copy_is_a_fork(desk: Desk, tmp_path: Path) -> None:
    desk.made(5)
    shutil.copytree(desk.folder, tmp_path / "older")
    ledger = desk.open()
    desk.write(ledger, "ours")
    (tmp_path / "stick").mkdir()
    copied = ledger.copy(tmp_path / "stick").checked()
    ledger.close()
    roll_back(desk, tmp_path / "older")
    ledger = desk.open()
    desk.write(ledger, "theirs")
    desk.write(ledger)
    ledger.close()
    shutil.copy(copied.path, desk.folder)
    with pytest.raises(LedgerForked, match="Entry 6"):
        desk.open()


def test_a_backup_alone_does_not_say_where_the_ledger_ended(desk: Desk) -> None:
    ledger = desk.create(5)
    ledger.copy(desk.folder).checked()
    desk.write(ledger)
    ledger.close()
    desk.file.unlink()
    shutil.rmtree(desk.tape)
    with pytest.raises(LedgerGap, match="Entry 7"):
        desk.open()


def roll_back(desk: Desk, older: Path) -> None:
    """Ledger and tape as they were; what else lies in the folder stays."""
    shutil.copy(older / "ledger.db", desk.file)
    shutil.rmtree(desk.tape)
    shutil.copytree(older / "tape", desk.tape)


def test_an_authentic_entry_of_another_till_is_not_taken(desk: Desk, tmp_path: Path) -> None:
    desk.made(5)
    other = Desk(tmp_path / "other")
    other.made(9)
    shutil.copy(other.segments()[-1], desk.tape / "XNM2-000009.tape")
    ledger = desk.open()
    assert ledger.head[0] == 5
    ledger.close()


@pytest.mark.parametrize("stopped_after", ["set_aside", "build", "put_in_place"])
def test_a_rebuild_that_is_stopped_is_finished_at_the_next_start(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, stopped_after: str
) -> None:
    desk.made(6)
    overwrite(desk.file)

    class PowerCut(BaseException):
        pass

    step = getattr(building, stopped_after)

    def cut(*given: object) -> None:
        step(*given)
        raise PowerCut

    with monkeypatch.context() as patched:
        patched.setattr(building, stopped_after, cut)
        with pytest.raises(PowerCut):
            desk.open()
    ledger = desk.open()
    assert [row["entries"] for row in recovered(ledger)] == [6]
    ledger.close()
    assert len(list((desk.folder / "asides").iterdir())) == 1


def cut_from_tape(desk: Desk, seq: int) -> None:
    """One entry gone from the tape."""
    for path in desk.segments():
        data = path.read_bytes()
        for one in tape.frames(data):
            if entries.seq_of(one.raw) == seq:
                end = one.start + tape.length_of(one.raw)
                path.write_bytes(data[: one.start] + data[end:])
