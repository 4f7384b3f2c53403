"""Faults put in on purpose: each must be caught, or the proofs beside this file prove nothing."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from gatepos import app
from gatepos.app import World
from gatepos.domain import entry as entries
from gatepos.domain import numbers
from gatepos.ledger import checks, database, verification
from gatepos.ledger.checks import Link
from gatepos.ledger.journal import Journal
from gatepos.ledger.troubles import LedgerForked, LedgerGap, StorageProfile
from gatepos.rehearsal import selling as rehearsal
from gatepos.rehearsal import vans
from gatepos.till.till import Till
from tests.gate import CHEAP, CLERK, CLERK_PIN, EA_CITIZEN, Gate, selling
from tests.ledger.desk import Desk, alter
from tests.proof import faults

pytestmark = pytest.mark.proof


class NoTape:
    """A tape that says it wrote."""

    def __init__(self, path: Path):
        path.touch()

    def append(self, data: bytes) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class Unsynced(sqlite3.Connection):
    """A connection of somebody who finds syncing too slow."""

    def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
        """The statement, without the wait for the disk."""
        return super().execute(sql.replace("synchronous=2", "synchronous=OFF"), *values)  # type: ignore[arg-type]


def sold(gate: Gate, world: World | None = None) -> Till:
    """A till that sold to three vans."""
    till = gate.built()
    if world is not None:
        till.desk.ledger.close()
        till = app.open_till(gate.folder, world)
    selling(till)
    queue = vans.queue(3)
    for _ in range(3):
        rehearsal.sell(till, next(queue))
    return till


def test_a_ledger_that_does_not_sync_is_not_opened(gate: Gate) -> None:
    sold(gate).desk.ledger.close()

    def unsynced(path: Path) -> sqlite3.Connection:
        return sqlite3.connect(path, isolation_level=None, factory=Unsynced)

    with pytest.raises(StorageProfile, match="synchronous is 0"):
        app.open_till(gate.folder, World(gate.clock, gate.new_id, unsynced, pins=CHEAP))


@pytest.mark.parametrize("damage", ["ledger.db", "ledger.db-wal"])
def test_without_the_tape_the_fault_proof_sees_what_is_lost(gate: Gate, tmp_path: Path, damage: str) -> None:
    world = World(gate.clock, gate.new_id, open_segment=NoTape, pins=CHEAP)
    till = sold(gate, world)
    acknowledged = till.desk.ledger.journal.kept(0, 10_000)
    left = faults.copied(gate, tmp_path / "left")
    till.desk.ledger.close()
    (left.folder / damage).unlink()
    assert faults.outcome(left, acknowledged).lost > 0


def test_without_the_hash_check_the_fault_proof_sees_what_was_altered(
    gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = sold(gate).desk.ledger
    acknowledged = ledger.journal.kept(0, 10_000)
    seq = ledger.of_kind("receipt.issued")[0].seq
    ledger.close()
    # No book holds the program's version: nothing but its hash tells that it was changed.
    change = f"UPDATE journal SET raw = CAST(replace(raw, 'app', 'apq') AS BLOB) WHERE seq = {seq}"
    alter(gate.folder / "ledger.db", change)
    shutil.rmtree(gate.folder / "tape")

    def believes(conn: sqlite3.Connection, after: Link, limit: int = -1) -> Link:
        last = "SELECT seq, hash FROM journal WHERE seq > ? ORDER BY seq DESC LIMIT 1"
        return Link(*(conn.execute(last, (after.seq,)).fetchone() or (after.seq, after.hash)))

    with monkeypatch.context() as patched:
        patched.setattr(checks, "chain", believes)
        blind = faults.outcome(faults.copied(gate, gate.folder.with_name("blind")), acknowledged)
    assert blind.lost == 1


def cut_out(gate: Gate, seq: int) -> None:
    """One entry cut out of the ledger, and all that comes after it moved up, in journal and books."""
    conn = database.connect(gate.folder / "ledger.db")
    books = [
        name
        for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if {"till", "seq", "line"} <= {row[1] for row in conn.execute(f"PRAGMA table_info({name})")}
    ]
    conn.close()
    changes = [f"DELETE FROM {name} WHERE seq = {seq}" for name in ("journal", *books)]
    for name in ("journal", *books):
        changes += [
            f"UPDATE {name} SET seq = -seq WHERE seq > {seq}",
            f"UPDATE {name} SET seq = -seq - 1 WHERE seq < 0",
        ]
    alter(gate.folder / "ledger.db", *changes)


def test_an_entry_cut_out_with_its_columns_repaired_comes_back_from_the_tape(gate: Gate) -> None:
    ledger = sold(gate).desk.ledger
    acknowledged = ledger.journal.kept(0, 10_000)
    seq = ledger.of_kind("receipt.issued")[1].seq
    ledger.close()
    cut_out(gate, seq)
    with_tape = faults.outcome(faults.copied(gate, gate.folder.with_name("with")), acknowledged)
    assert (with_tape.word, with_tape.lost) == ("rebuilt", 0)


def test_an_entry_cut_out_everywhere_is_never_passed_over_in_silence(gate: Gate) -> None:
    ledger = sold(gate).desk.ledger
    seq = ledger.of_kind("receipt.issued")[1].seq
    ledger.close()
    cut_out(gate, seq)
    shutil.rmtree(gate.folder / "tape")
    conn = database.open_reading(gate.folder / "ledger.db")
    first = verification.verify(conn).findings[0]
    conn.close()
    assert first.seq == seq
    with pytest.raises((LedgerGap, LedgerForked)):
        app.open_till(gate.folder, gate.world())


def test_a_program_that_reuses_a_number_writes_nothing(sell: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = vans.queue(3)
    rehearsal.sell(sell, next(queue))
    ledger = sell.desk.ledger
    head, used = ledger.head, ledger.of_kind("bill.opened")[0].number
    sell.checkout.tap(EA_CITIZEN)
    monkeypatch.setattr(Journal, "_next_number", lambda *_: used)
    with pytest.raises(sqlite3.IntegrityError):
        sell.checkout.open()
    assert ledger.head == head
    assert verification.verify(ledger.conn).findings == []


def test_a_program_that_leaves_a_number_out_is_found(sell: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = sell.desk.ledger
    skipped = numbers.make(ledger.context.till, "B", 2)
    sell.checkout.tap(EA_CITIZEN)
    monkeypatch.setattr(Journal, "_next_number", lambda *_: skipped)
    sell.checkout.open()
    assert "where" in str(verification.verify(ledger.conn).findings[0])


def test_a_copied_folder_that_sold_too_is_a_fork_once_the_tapes_meet(gate: Gate, tmp_path: Path) -> None:
    sold(gate).desk.ledger.close()
    twin = faults.copied(gate, tmp_path / "twin")
    for one, code in ((gate, "UA26X1Y2ZQ"), (twin, "UA26X1Y2ZZ")):
        till = app.open_till(one.folder, one.world())
        till.sign_in.sign_in(CLERK, CLERK_PIN)
        till.checkout.tap(EA_CITIZEN)
        till.payments.pay("mpesa")
        till.payments.mpesa(code)
        till.desk.ledger.close()
    theirs = sorted((twin.folder / "tape").iterdir())[-1]
    shutil.copy(theirs, gate.folder / "tape" / "XNM2-000099.tape")
    with pytest.raises(LedgerForked):
        app.open_till(gate.folder, gate.world())


def test_bytes_changed_under_a_repaired_hash_are_found_by_the_chain(gate: Gate) -> None:
    ledger = sold(gate).desk.ledger
    acknowledged = ledger.journal.kept(0, 10_000)
    receipt = ledger.of_kind("receipt.issued")[0]
    ledger.close()
    raw = receipt.raw.replace(b'"adult"', b'"elder"')
    assert raw != receipt.raw
    alter(
        gate.folder / "ledger.db",
        f"UPDATE journal SET raw = x'{raw.hex()}', hash = x'{entries.hash_of(raw).hex()}'"
        f" WHERE seq = {receipt.seq}",
    )
    found = faults.outcome(gate, acknowledged)
    assert (found.word, found.lost) == ("rebuilt", 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks are of Unix")
def test_a_fork_after_opening_writes_nothing_and_its_end_takes_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "park")
    ledger = desk.create()
    child = os.fork()
    if not child:
        try:
            desk.write(ledger)
        except BaseException as error:
            os._exit(7 if type(error).__name__ == "OtherProcess" else 1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert desk.write(ledger).copies == 2
    report = verification.verify(ledger.conn, [desk.tape])
    ledger.close()
    assert (report.entries, report.findings) == (2, [])
