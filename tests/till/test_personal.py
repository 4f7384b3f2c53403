"""Names and phones at a till: in no entry, no backup and no tape; gone in time, and the journal says so."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from gatepos import app
from gatepos.app import World
from gatepos.domain.policy import BadPolicyValue
from gatepos.ledger import verification
from gatepos.rehearsal import selling as rehearsal
from gatepos.rehearsal import vans
from gatepos.till.shifts import Counted, NoteMissing
from gatepos.till.till import Till
from tests.gate import CHEAP, CLERK, CLERK_PIN, MANAGER, MANAGER_PIN, Gate, selling
from tests.ledger.desk import FailingDisk, Fault

DAY_MS = 86_400_000
PHONE = "0712 345 678"


def keep(till: Till, id_: str = "e1") -> None:
    assert till.desk.ledger.personal.put(id_, "driver", PHONE, till.desk.today())


def days_later(gate: Gate, till: Till, days: int) -> Till:
    """The shift closes, the till rests, the till starts."""
    if till.desk.person is not None:
        till.shifts.close(Counted(), "rest")
    gate.clock.pass_by(days * DAY_MS)
    return gate.reopened(till)


def erased(till: Till) -> list[tuple[object, object]]:
    return [(e.data["count"], e.data["before"]) for e in till.desk.ledger.of_kind("personal.erased")]


def test_after_thirty_days_a_start_erases_and_says_how_much(gate: Gate, sell: Till) -> None:
    keep(sell)
    keep(sell, "e2")
    till = days_later(gate, sell, 30)
    assert (till.desk.ledger.personal.count(), erased(till)) == (2, [])
    till = days_later(gate, till, 1)
    assert (till.desk.ledger.personal.count(), erased(till)) == (0, [(2, "2026-01-03")])
    till = days_later(gate, till, 1)
    assert len(erased(till)) == 1
    assert verification.verify(till.desk.ledger.conn, [gate.folder / "tape"]).findings == []


def test_a_till_that_never_rests_erases_when_a_shift_closes(gate: Gate, sell: Till) -> None:
    keep(sell)
    sell.shifts.close(Counted())
    gate.clock.pass_by(31 * DAY_MS)
    selling(sell)
    assert sell.desk.ledger.personal.count() == 1
    closed = sell.shifts.close(Counted())
    assert sell.desk.ledger.personal.count() == 0
    assert [e.seq for e in sell.desk.ledger.of_kind("personal.erased")] == [closed.entry.seq - 1]
    assert closed.entry.data["head_seq"] == closed.entry.seq - 1


def test_an_open_shift_holds_no_time_back(gate: Gate, sell: Till) -> None:
    keep(sell)
    gate.clock.pass_by(31 * DAY_MS)
    till = gate.reopened(sell)
    assert erased(till) == [(1, "2026-01-03")]


def test_a_close_that_is_refused_erases_nothing(gate: Gate, sell: Till) -> None:
    keep(sell)
    sell.shifts.close(Counted())
    gate.clock.pass_by(31 * DAY_MS)
    selling(sell, float_kes="2000")
    with pytest.raises(NoteMissing):
        sell.shifts.close(Counted())
    assert erased(sell) == []


def test_the_park_decides_after_how_many_days(gate: Gate, sell: Till) -> None:
    keep(sell)
    sell.sign_in.sign_in(MANAGER, MANAGER_PIN)
    for bad in ("0", "3651", "", "-1", "soon"):
        with pytest.raises(BadPolicyValue):
            sell.set_up.configure("personal_days", bad)
    sell.set_up.configure("personal_days", "3")
    sell.sign_in.sign_in(CLERK, CLERK_PIN)
    till = days_later(gate, sell, 4)
    assert erased(till) == [(1, "2026-01-03")]


def test_a_clock_that_leaps_erases_nothing(gate: Gate, sell: Till) -> None:
    keep(sell)
    sell.shifts.close(Counted())
    sell.sign_in.sign_out()
    gate.clock.wall += 400 * DAY_MS
    till = gate.reopened(sell)
    assert (till.desk.ledger.personal.count(), erased(till)) == (1, [])


def test_a_stop_between_entry_and_erasure_repeats_both(gate: Gate, sell: Till) -> None:
    keep(sell)
    sell.shifts.close(Counted())
    sell.desk.ledger.close()
    gate.clock.pass_by(31 * DAY_MS)
    disk = FailingDisk()
    disk.faults.append(Fault("DELETE FROM personal", sqlite3.SQLITE_IOERR))
    till = app.open_till(gate.folder, World(gate.clock, gate.new_id, disk.connect, pins=CHEAP))
    assert (till.desk.ledger.personal.count(), len(erased(till))) == (1, 1)
    assert "could not be erased" in str(till.desk.ledger.findings[-1])
    till = gate.reopened(till)
    assert (till.desk.ledger.personal.count(), len(erased(till))) == (0, 2)


def test_neither_journal_tape_books_nor_backup_holds_it(gate: Gate, sell: Till, tmp_path: Path) -> None:
    keep(sell)
    rehearsal.sell(sell, vans.ordinary())
    stick = tmp_path / "stick"
    stick.mkdir()
    sell.set_up.backup(stick)
    conn = sqlite3.connect(gate.folder / "personal.db")
    closed = conn.execute("SELECT closed FROM personal").fetchone()[0]
    conn.close()
    for path in [*gate.folder.rglob("*"), *stick.rglob("*")]:
        if path.is_file():
            assert PHONE.encode() not in path.read_bytes(), path
            assert closed not in path.read_bytes() or path.name == "personal.db", path
    assert [path.suffix for path in sorted(stick.iterdir())] == [".db", ".json"]


@pytest.mark.parametrize(
    "content", [None, b"", b"not a database " * 600], ids=["missing", "empty", "damaged"]
)
def test_without_its_store_a_till_says_so_and_sells(gate: Gate, sell: Till, content: bytes | None) -> None:
    keep(sell)
    sell.desk.ledger.close()
    (gate.folder / "personal.db").unlink()
    if content is not None:
        (gate.folder / "personal.db").write_bytes(content)
    till = app.open_till(gate.folder, gate.world())
    assert "the store of names and phones is" in str(till.desk.ledger.findings[0])
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    assert rehearsal.sell(till, vans.ordinary())
    keep(till, "e2")
    till = gate.reopened(till)
    assert till.desk.ledger.findings == []
    assert till.desk.ledger.personal.get("e2", "driver") == PHONE
    report = verification.verify(till.desk.ledger.conn, [gate.folder / "tape"])
    assert report.is_whole


def test_a_new_till_and_its_training_miss_nothing(gate: Gate) -> None:
    till = gate.built()
    training = app.open_training(till, gate.folder, gate.world())
    assert (till.desk.ledger.findings, training.desk.ledger.findings) == ([], [])
    keep(training)
    assert till.desk.ledger.personal.count() == 0
    assert (gate.folder / "training" / "personal.db").exists()
    training.desk.ledger.close()
    gate.clock.pass_by(31 * DAY_MS)
    again = app.open_training(till, gate.folder, gate.world())
    assert erased(again) == [(1, date(2026, 1, 3).isoformat())]
