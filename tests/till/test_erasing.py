"""Plates and names that other tills told: gone from every file once their time has passed, nothing else."""

import gzip
import os
import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from gatepos import app
from gatepos.domain.policy import BadPolicyValue
from gatepos.ledger import backup, erasing, file, verification
from gatepos.ledger.file import FILE
from gatepos.ledger.heard import BundleAltered
from gatepos.till.payments import CodeUsedUp
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from tests import park
from tests.gate import CLERK, CLERK_PIN, MANAGER, MANAGER_PIN, Gate, ordinary_van, permit, selling
from tests.ledger.desk import FailingDisk, Fault
from tests.lists import VAN
from tests.till.conftest import Tills
from tests.till.test_hearing import paid_at
from tests.till.test_passes import SECOND, token, van_in
from tests.till.test_personal import DAY_MS
from tests.till.test_prepaid import load

PLATE, OPERATOR, STORY, CODE = b"KDA412M", b"Bonfire Adventures", b"turned back at the river", "UA26X1Y2ZQ"
DAYS = 366


def lived(tills: Tills) -> tuple[str, str]:
    """A van with an operator is let in, and paid at another till; one before was revoked. Far hears it all.

    The token of the one that was paid, and of the other.
    """
    entry, beside, far = tills
    gone = van_in(entry)
    entry.passes.revoke(gone.number, STORY.decode(), SECOND)
    entry.checkout.operator(OPERATOR.decode())
    paid = token(entry, van_in(entry).number)
    beside.gate.turn()
    paid_at(beside, paid, CODE)
    park.tell(entry, far)
    park.tell(beside, far)
    return paid, token(entry, gone.number)


def sold(till: Till, n: int = 0) -> str:
    """A small car that paid; its plate."""
    plate = f"KDB{n:03d}A"
    till.checkout.tap(("park_entry", "ea_citizen", "adult"))
    till.checkout.vehicle(1)
    till.checkout.plate(plate)
    till.payments.pay("mpesa")
    till.payments.mpesa(f"UA26X1Y{n:03d}".replace("0", "Z"), str(till.checkout.view().total_minor // 100))
    return plate


def later(gate: Gate, till: Till, days: int = DAYS) -> Till:
    """The shift closes, the days go by, the till starts."""
    till.shifts.close(Counted(), "rest")
    gate.clock.pass_by(days * DAY_MS)
    return gate.reopened(till)


def finish(till: Till) -> None:
    """All that is done behind the window while nobody asks for anything."""
    while till.desk.ledger.upkeep() or till.erasing.go_on():
        pass
    till.erasing.sweep()


def erased(gate: Gate, till: Till, days: int = DAYS) -> Till:
    """The till days later, when all is done."""
    till = later(gate, till, days)
    finish(till)
    return till


def where(folder: Path, *texts: bytes) -> list[str]:
    """The files of a folder in which any of some texts stands."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path.name for path in found if any(text in path.read_bytes() for text in texts)]


def said(till: Till) -> list[object]:
    return [entry.data["plates_before"] for entry in till.desk.ledger.of_kind("personal.erased")]


def blank(books: bytes) -> bytes:
    """Books without what goes."""
    books = b"\n".join(line for line in books.splitlines() if not line.startswith(b"vehicle "))
    return books.replace(b"'KDA412M'", b"''").replace(b"'Bonfire Adventures'", b"None")


def test_after_a_year_no_file_has_the_plate_the_operator_or_the_token(
    tills: Tills, gates: dict[str, Gate]
) -> None:
    far, folder = tills[2], gates["XNE1"].folder
    codes = [code.removeprefix("GP:").encode() for code in lived(tills)]
    personal = (PLATE, OPERATOR, STORY, *codes)
    assert all(where(folder, text) for text in personal)
    far = erased(gates["XNE1"], far, DAYS - 2)
    assert where(folder, PLATE), "a day too early"
    far = erased(gates["XNE1"], selling(far), 2)
    assert said(far) == ["2026-01-03"]
    assert where(folder, *personal) == []
    assert far.desk.ledger.findings == []
    far.desk.ledger.close()
    assert where(folder, *personal) == []


def test_books_and_sums_stay_and_the_chain_of_each_till_verifies(
    tills: Tills, gates: dict[str, Gate]
) -> None:
    lived(tills)
    books, owed = park.heard_books_of(tills[2]), list(tills[2].desk.ledger.receivables.open())
    far = erased(gates["XNE1"], tills[2])
    assert park.heard_books_of(far) == blank(books) != books
    assert list(far.desk.ledger.receivables.open()) == owed
    report = verification.verify(far.desk.ledger.conn, [gates["XNE1"].folder / "tape"])
    assert report.findings == []
    again = gates["XNE1"].reopened(far)
    finish(again)
    assert (again.desk.ledger.findings, again.desk.ledger.is_checked) == ([], True)


def test_what_was_used_is_refused_as_before(tills: Tills, gates: dict[str, Gate]) -> None:
    paid, gone = lived(tills)
    far = erased(gates["XNE1"], tills[2])
    selling(far)
    far.gate.turn()
    assert far.gate.scan(paid).word == "already_left"
    far.gate.leave()
    assert far.gate.scan(gone).word == "revoked"
    far.gate.leave()
    far.checkout.tap(("park_entry", "ea_citizen", "adult"))
    far.payments.pay("mpesa")
    with pytest.raises(CodeUsedUp):
        far.payments.mpesa(CODE, "43,940")


def test_a_number_typed_of_an_erased_pass_is_not_known_any_more(tills: Tills, gates: dict[str, Gate]) -> None:
    lived(tills)
    far = erased(gates["XNE1"], tills[2])
    number = far.desk.ledger.conn.execute("SELECT number FROM pass ORDER BY number").fetchone()[0]
    selling(far)
    assert far.gate.number(number).word == "not_known"
    assert far.pass_lists.find("KDA 412M") == ()
    (row,) = far.pass_lists.find(number)
    assert (row.plate, row.operator) == ("", "")


def test_a_slip_by_which_a_bill_was_handed_over_goes_too(tills: Tills, gates: dict[str, Gate]) -> None:
    entry, _, far = tills
    ordinary_van(entry)
    handed = entry.slips.hand_over(entry.checkout.hold().waiting[0].number)
    park.tell(entry, far)
    assert where(gates["XNE1"].folder, handed.slip.encode())
    far = erased(gates["XNE1"], far)
    assert where(gates["XNE1"].folder, handed.slip.encode(), PLATE) == []
    assert far.desk.ledger.conn.execute("SELECT how FROM bill_ending").fetchall() == [("abandoned",)]


def test_a_list_of_tickets_that_was_loaded_here_keeps_its_references_alone(
    tills: Tills, gates: dict[str, Gate]
) -> None:
    gate, far = gates["XNE1"], tills[2]
    load(far, VAN + "WQBG-BBBB,2027-01-03,NNP,1 ea_citizen adult,1,KDC 333C\n")
    van = far.feeds.prepaid("WQBGPWRR")
    assert van is not None
    assert where(gate.folder, van.plate.encode())
    far = erased(gate, far, DAYS)
    assert where(gate.folder, van.plate.encode()) == []
    assert where(gate.folder / "tickets", b"KDC333C"), "its day is not so long ago"
    far.desk.ledger.close()
    (gate.folder / FILE).unlink()
    again = app.open_till(gate.folder, gate.world())
    assert len(again.desk.ledger.findings) == 1, "that it was made again"
    first, later = (again.feeds.prepaid(reference) for reference in ("WQBGPWRR", "WQBGBBBB"))
    assert first is not None
    assert later is not None
    assert ((first.people, first.plate), later.plate) == ((van.people, ""), "KDC333C")
    again.desk.ledger.close()


def test_a_list_that_somebody_else_says_is_erased_is_gone(tills: Tills, gates: dict[str, Gate]) -> None:
    gate, far = gates["XNE1"], tills[2]
    load(far, VAN)
    far = erased(gate, far)
    (path,) = (gate.folder / "tickets").iterdir()
    path.write_bytes(path.read_bytes().replace(b'"band":', b'"Band":'))
    far.desk.ledger.close()
    (gate.folder / FILE).unlink()
    again = app.open_till(gate.folder, gate.world())
    assert any("is gone; load it again" in str(finding) for finding in again.desk.ledger.findings)
    assert again.feeds.prepaid("WQBGPWRR") is None
    again.desk.ledger.close()


def test_what_came_later_stays_until_its_own_time(tills: Tills, gates: dict[str, Gate]) -> None:
    entry, _, far = tills
    lived(tills)
    gates["XNM1"].clock.pass_by(200 * DAY_MS)
    entry.checkout.plate("KDB 111A")
    entry.checkout.tap(("park_entry", "ea_citizen", "adult"))
    entry.checkout.vehicle(1)
    park.tell(entry, far)
    selling_day = entry.desk.today()
    far = erased(gates["XNE1"], far)
    assert selling_day.isoformat() == "2026-01-02", "the shift that was open gives the day"
    assert where(gates["XNE1"].folder, PLATE) == []


def test_a_file_that_is_made_again_has_no_plate(tills: Tills, gates: dict[str, Gate]) -> None:
    lived(tills)
    gate = gates["XNE1"]
    far = erased(gate, tills[2])
    books = park.heard_books_of(far)
    far.desk.ledger.close()
    (gate.folder / FILE).unlink()
    again = app.open_till(gate.folder, gate.world())
    assert park.heard_books_of(again) == books
    assert where(gate.folder, PLATE, OPERATOR) == []
    finish(again)
    assert (where(gate.folder, PLATE, OPERATOR), said(again)) == ([], ["2026-01-03"])
    assert verification.verify(again.desk.ledger.conn, []).findings == []
    again.desk.ledger.close()


def test_a_backup_that_is_put_back_is_erased_again(
    tills: Tills, gates: dict[str, Gate], tmp_path: Path
) -> None:
    lived(tills)
    gate = gates["XNE1"]
    (tmp_path / "stick").mkdir()
    copy = backup.Copied.checked(tills[2].desk.ledger.copy(tmp_path / "stick"))
    kept = shutil.copytree(gate.folder / "heard", tmp_path / "heard")
    far = erased(gate, tills[2])
    far.desk.ledger.close()
    (gate.folder / FILE).unlink()
    shutil.copy(copy.path, gate.folder / FILE)
    shutil.copytree(kept, gate.folder / "heard", dirs_exist_ok=True)
    assert where(gate.folder, PLATE)
    again = app.open_till(gate.folder, gate.world())
    finish(again)
    # What lay in the place of the backup is as old as any file that was set aside.
    assert set(where(gate.folder, PLATE, OPERATOR)) <= {FILE}
    assert not any(PLATE in path.read_bytes() for path in (gate.folder / "heard").iterdir())
    assert PLATE not in (gate.folder / FILE).read_bytes()
    assert said(again) == ["2026-01-03"]
    again.desk.ledger.close()


def test_a_bundle_brings_back_nothing_that_was_erased(tills: Tills, gates: dict[str, Gate]) -> None:
    entry, beside, far = tills
    code = token(entry, van_in(entry).number)
    park.tell(entry, far)
    far = erased(gates["XNE1"], far)
    beside.gate.turn()
    paid_at(beside, code, CODE)
    assert [heard.new > 0 for heard in (*park.tell(entry, far), *park.tell(beside, far))] == [False, True]
    assert where(gates["XNE1"].folder, PLATE) == []
    assert far.desk.ledger.conn.execute("SELECT count(*) FROM settlement").fetchone() == (1,)
    books = park.heard_books_of(far)
    far.desk.ledger.close()
    (gates["XNE1"].folder / FILE).unlink()
    again = app.open_till(gates["XNE1"].folder, gates["XNE1"].world())
    assert (park.heard_books_of(again), where(gates["XNE1"].folder, PLATE)) == (books, [])
    again.desk.ledger.close()


def test_an_altered_bundle_is_refused_also_where_all_of_it_is_erased(
    tills: Tills, gates: dict[str, Gate]
) -> None:
    entry, beside, far = tills
    van_in(entry)
    park.tell(entry, far)
    sold(beside)
    far = erased(gates["XNE1"], far)
    data, _ = beside.hearing.bundle()
    other = gzip.compress(gzip.decompress(data).replace(b"KDB000A", b"KDB001A"), mtime=0)
    with pytest.raises(BundleAltered):
        far.hearing.read_bundle(other)
    assert far.hearing.read_bundle(data).new > 0


def test_what_was_cut_off_is_erased_at_the_next_start(tills: Tills, gates: dict[str, Gate]) -> None:
    lived(tills)
    gate, far = gates["XNE1"], tills[2]
    far.shifts.close(Counted(), "rest")
    far.desk.ledger.close()
    gate.clock.pass_by(DAYS * DAY_MS)
    disk = FailingDisk()
    disk.faults.append(Fault("UPDATE heard SET raw", sqlite3.SQLITE_IOERR))
    till = app.open_till(
        gate.folder, app.World(gate.clock, gate.new_id, disk.connect, pins=gate.world().pins)
    )
    finish(till)
    assert "plates past their time could not be erased" in str(till.desk.ledger.findings[-1])
    assert where(gate.folder, PLATE)
    again = gate.reopened(till)
    finish(again)
    assert (where(gate.folder, PLATE), said(again)) == ([], ["2026-01-03"])
    again.desk.ledger.close()


def test_somebody_who_comes_meanwhile_has_the_file_at_once(
    tills: Tills, gates: dict[str, Gate], monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, _, far = tills
    plates = [sold(entry, n).encode() for n in range(60)]
    park.tell(entry, far)
    gate = gates["XNE1"]
    till = later(gate, far)
    till.desk.ledger.conn.execute("PRAGMA secure_delete = 0")  # as SQLite comes with Python on some systems
    while till.desk.ledger.upkeep() or till.erasing.go_on():
        pass
    assert where(gate.folder, *plates), "what was deleted is still in the file"
    monkeypatch.setattr(file, "_STEPS", 10)  # so small a file is written anew before anybody could ask
    till.erasing.sweep(lambda: True)
    assert where(gate.folder, *plates)
    till.erasing.sweep()
    assert where(gate.folder, *plates) == []
    till.desk.ledger.close()


def test_a_kiosk_erases_while_nobody_asks_for_anything(tills: Tills, gates: dict[str, Gate]) -> None:
    lived(tills)
    gate, far = gates["XNE1"], tills[2]
    far.desk.ledger.close()
    gate.clock.pass_by(DAYS * DAY_MS)
    station, done = app.open_station(gate.folder, gate.world()), threading.Event()
    till = station.till

    def look() -> bool:
        if erasing.is_erased(till.desk.ledger.conn, "2026-01-03"):
            done.set()
        return False

    station.thread.when_idle(look)
    assert done.wait(30)
    station.close()
    assert where(gate.folder / "heard", PLATE) == []


def test_it_is_said_once_a_month(tills: Tills, gates: dict[str, Gate]) -> None:
    lived(tills)
    gate = gates["XNE1"]
    far = erased(gate, tills[2])
    for days, count in ((29, 1), (1, 2), (29, 2)):
        gate.clock.pass_by(days * DAY_MS)
        far = gate.reopened(far)
        finish(far)
        assert len(said(far)) == count
    far.desk.ledger.close()


def test_a_park_keeps_them_as_long_as_it_says_and_longer_than_any_paper_holds(
    tills: Tills, gates: dict[str, Gate]
) -> None:
    lived(tills)
    far, gate = tills[2], gates["XNE1"]
    far.sign_in.sign_in(MANAGER, MANAGER_PIN)
    for bad in ("61", "0", "3651", "soon"):
        with pytest.raises(BadPolicyValue):
            far.set_up.configure("plates_days", bad)
    far.sign_in.sign_in(CLERK, CLERK_PIN)
    permit(far, "plates_days", "62")
    far = erased(gate, far, 62)
    assert where(gate.folder, PLATE)
    far = erased(gate, selling(far), 1)
    assert where(gate.folder, PLATE) == []
    far.desk.ledger.close()


def test_files_of_a_rebuild_that_came_to_its_end_go_when_names_would(
    tills: Tills, gates: dict[str, Gate]
) -> None:
    lived(tills)
    gate, far = gates["XNE1"], tills[2]
    far.desk.ledger.close()
    data = bytearray((gate.folder / FILE).read_bytes())
    data[:100] = bytes(100)
    (gate.folder / FILE).write_bytes(bytes(data))
    far = park.opened(gate)
    aside = gate.folder / "asides" / "1"
    assert PLATE in (aside / FILE).read_bytes()
    os.utime(aside / "report.json", (0, 0))
    far = erased(gate, far)
    assert (where(gate.folder, PLATE), (aside / "report.json").exists()) == ([], True)
    far.desk.ledger.close()
