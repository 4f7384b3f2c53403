"""The command that reads a statement: what it says, and its exit code."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gatepos import app
from gatepos.app import World
from gatepos.reconciling import reconcile
from tests.gate import EA_CITIZEN, MANAGER, MANAGER_PIN, OTHER, OTHER_PIN, Gate, selling
from tests.reports.statement_files import COLUMNS, Row, as_csv, heading, paid
from tests.till.test_reconciliation import supervisor

CODE, AT = "UA26X1Y2ZQ", "02-01-2026 10:25:00"


@pytest.fixture
def folder(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A till that took one code, closed."""
    till = selling(gate.built())
    till.checkout.tap(EA_CITIZEN)
    till.payments.pay("mpesa")
    till.payments.mpesa(CODE, "1,000")
    till.desk.ledger.close()
    world = gate.world()

    def known() -> World:
        return world

    monkeypatch.setattr(app, "real_world", known)
    monkeypatch.setenv("GATEPOS_PIN", MANAGER_PIN)
    return gate.folder


def said(folder: Path, *rows: Row, options: tuple[str, ...] = ()) -> Result:
    file = folder.parent / "statement.csv"
    file.write_bytes(as_csv([*heading("222222"), COLUMNS, *rows]))
    return CliRunner().invoke(reconcile, [str(folder), str(file), *options])


def test_a_statement_that_agrees_ends_with_nothing_to_look_at(folder: Path) -> None:
    answer = said(folder, paid(CODE, "1,000.00", "", AT))
    assert answer.output.splitlines() == [
        "1 payments, 1 new, 0 lines left aside, 1 claims confirmed",
        "mpesa 222222 confirmed: 1 claims, 1 payments, taken KES 1,000, paid KES 1,000",
        "0 to look at",
    ]
    assert answer.exit_code == 0


def test_what_is_to_look_at_is_counted_and_the_exit_code_says_so(folder: Path) -> None:
    answer = said(folder, paid("UA26X1Y2ZR", "500.00", "", AT))
    assert answer.output.splitlines()[-1] == "2 to look at"
    assert "mpesa 222222 unknown: 1 claims, 0 payments" in answer.output
    assert answer.exit_code == 1


def test_two_statements_of_the_same_time_that_tell_otherwise_are_named(folder: Path) -> None:
    mine, last = paid(CODE, "1,000.00", "", AT), paid("UA26X1Y2ZS", "5.00", "", "02-01-2026 12:00:00")
    said(folder, mine, paid("UA26X1Y2ZR", "500.00", "", "02-01-2026 11:00:00"), last)
    answer = said(folder, mine, last)
    assert "has not: UA26X1Y2ZR. One of the two is false." in answer.output
    assert answer.exit_code == 1


def test_a_file_that_is_no_statement_is_refused_in_a_sentence(folder: Path) -> None:
    file = folder.parent / "holiday.jpg"
    file.write_bytes(b"\xff\xd8\xff")
    answer = CliRunner().invoke(reconcile, [str(folder), str(file)])
    assert answer.exit_code == 2
    assert "not text in UTF-8" in answer.output


def test_a_false_statement_is_withdrawn_by_its_file_and_two_people(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = app.open_till(folder)
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    supervisor(till)
    till.desk.ledger.close()
    false = paid(CODE, "1,000.00", "", AT)
    assert said(folder, false).exit_code == 0
    alone = said(folder, false, options=("--withdraw", "forged"))
    assert (alone.exit_code, "second person" in alone.output) == (2, True), alone.output
    monkeypatch.setenv("GATEPOS_SECOND_PIN", OTHER_PIN)
    answer = said(folder, false, options=("--withdraw", "forged", "--second", OTHER))
    assert answer.output.splitlines()[:2] == [
        "1 payments, withdrawn, 0 claims confirmed",
        "mpesa 222222 waiting: 1 claims, 0 payments, taken KES 1,000, paid KES 0",
    ]
    assert said(folder, paid(CODE, "900.00", "", AT)).output.splitlines()[0].startswith("1 payments, 1 new")
