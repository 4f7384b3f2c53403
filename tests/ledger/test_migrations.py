"""Older ledgers: migrated on a copy, the old file kept, the journal's bytes untouched."""

import sqlite3
from pathlib import Path

import pytest

from gatepos import app
from gatepos.domain import tables
from gatepos.ledger import database, migrations, verification
from tests.gate import Gate, ordinary_van, selling
from tests.ledger.desk import Desk, kept


def add_note(conn: sqlite3.Connection) -> None:
    """A step of a program to come."""
    conn.execute("CREATE TABLE note(id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")


def upgrade(patch: pytest.MonkeyPatch) -> None:
    """From here on the program knows one step more."""
    steps = (*migrations.STEPS, add_note)
    migrate = migrations.migrate
    patch.setattr(migrations, "OWN", (*migrations.OWN, "note"))
    patch.setattr(migrations, "migrate", lambda conn, from_step: migrate(conn, from_step, steps))
    patch.setattr(database, "VERSION", len(steps) * 1000 + tables.VERSION)


def test_a_ledger_of_an_older_program_is_migrated_on_a_copy(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = desk.create(20)
    before = kept(ledger)
    ledger.close()
    old = desk.file.read_bytes()
    upgrade(monkeypatch)
    ledger = desk.open()
    assert kept(ledger) == before
    assert ledger.conn.execute("SELECT count(*) FROM note").fetchone() == (0,)
    assert desk.write(ledger).entry.seq == 22
    assert ledger.of_kind("ledger.recovered") == []
    ledger.close()
    assert (desk.folder / "asides" / "1" / "ledger.db").read_bytes() == old
    desk.open().close()


def test_a_migration_that_fails_leaves_the_old_ledger(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.made(5)
    old = desk.file.read_bytes()

    def fails(conn: sqlite3.Connection) -> None:
        raise RuntimeError("a bug in a step")

    with monkeypatch.context() as patched:
        upgrade(patched)
        patched.setattr(migrations, "migrate", lambda conn, from_step: fails(conn))
        with pytest.raises(RuntimeError):
            desk.open()
    assert desk.file.read_bytes() == old
    ledger = desk.open()
    assert ledger.head[0] == 5
    ledger.close()


def test_books_of_another_version_are_made_anew(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    till = selling(gate.built())
    ordinary_van(till)
    till.payments.pay("mpesa")
    till.payments.mpesa("UA26X1Y2ZQ")
    rows = till.desk.ledger.conn.execute("SELECT * FROM posting ORDER BY seq, line").fetchall()
    till.desk.ledger.conn.execute("DELETE FROM posting")
    till.desk.ledger.close()
    monkeypatch.setattr(tables, "VERSION", tables.VERSION + 1)
    monkeypatch.setattr(database, "VERSION", database.VERSION + 1)
    till = app.open_till(gate.folder, gate.world())
    conn = till.desk.ledger.conn
    assert conn.execute("SELECT * FROM posting ORDER BY seq, line").fetchall() == rows
    assert verification.verify(conn, [gate.folder / "tape"]).findings == []
    till.desk.ledger.close()


def test_a_new_file_has_the_form_that_its_steps_make(tmp_path: Path) -> None:
    conn = database.open_new(tmp_path / "new.db")
    assert database.has_form(conn)
    conn.execute("DROP TRIGGER journal_no_delete")
    assert not database.has_form(conn)
    conn.close()


def test_the_ledger_of_an_older_program_verifies_before_it_is_opened(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.made(5)
    upgrade(monkeypatch)
    conn = sqlite3.connect(desk.file)
    report = verification.verify(conn)
    assert (report.is_older, report.findings) == (True, [])
    conn.execute("DROP TRIGGER journal_no_update")
    conn.execute("UPDATE journal SET sig = zeroblob(64) WHERE seq = 4")
    assert [finding.seq for finding in verification.verify(conn).findings] == [4]
    conn.close()
