"""The commands of takings: what is written, signed and refused."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gatepos import app, cli, spoken
from gatepos.ledger import database
from gatepos.reports import manifest
from gatepos.seal.keys import TillKey
from tests.gate import Gate, selling
from tests.reports import day


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a day in it, and a backup beside it."""
    gate = Gate(tmp_path_factory.mktemp("lived") / "park")
    till = selling(gate.built(), float_kes="2000")
    day.played(till)
    day.closed(till)
    (gate.folder.parent / "stick").mkdir()
    till.set_up.backup(gate.folder.parent / "stick")
    till.desk.ledger.close()
    return gate.folder


@pytest.fixture
def folder(lived: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(lived, tmp_path / "park"))


def backup_of(lived: Path) -> Path:
    (copy,) = (lived.parent / "stick").glob("*.backup.db")
    return copy


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.commands, [str(one) for one in arguments])


def test_a_till_signs_its_takings_in_every_format(folder: Path, tmp_path: Path) -> None:
    answer = run("takings", folder, "--month", "2026-01", "--out", tmp_path)
    assert answer.exit_code == 0, answer.output
    export = Path(answer.output.rpartition(": ")[0])
    assert export.name == "xnm2-2026-01-01-to-2026-01-31-v1"
    assert {"report.xlsx", "report.pdf", "report.json", "receipts.csv"} <= {
        path.name for path in export.iterdir()
    }
    checked = manifest.check(export, {"XNM2": TillKey.load(folder / "till.key").public})
    assert (checked.first, checked.last, checked.findings) == ("2026-01-01", "2026-01-31", ())


def test_a_backup_is_reported_unsigned_and_says_so_or_not_at_all(lived: Path, tmp_path: Path) -> None:
    command = ("takings", backup_of(lived), "--day", "2026-01-02", "--out", tmp_path, "--format", "json,csv")
    refused = run(*command)
    assert (refused.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert "nobody could sign" in refused.output
    answer = run(*command, "--unsigned")
    assert answer.exit_code == 0, answer.output
    export = Path(answer.output.rpartition(": ")[0])
    assert export.name == "unsigned-xnm2-2026-01-02-v1"
    assert "NOT SIGNED" in json.loads((export / "report.json").read_bytes())["coverage"][0]
    assert run("verify-export", export).exit_code == 2


def test_beside_a_running_till_nothing_is_read(folder: Path, tmp_path: Path) -> None:
    till = app.open_till(folder, Gate(folder).world())
    answer = run("takings", folder, "--day", "2026-01-02", "--out", tmp_path)
    till.desk.ledger.close()
    assert answer.exit_code == spoken.IN_USE


@pytest.mark.parametrize(
    "wrong",
    [
        ("--day", "2 Jan"),
        ("--month", "2026-13"),
        ("--day", "2026-01-02", "--month", "2026-01"),
        ("--from", "2026-01-02"),
        ("--from", "2026-01-02", "--to", "2026-01-01"),
        ("--from", "2020-01-02", "--to", "2026-01-01"),
        (),
        ("--day", "2026-01-02", "--format", "docx"),
    ],
)
def test_what_is_no_range_or_format_is_refused(folder: Path, tmp_path: Path, wrong: tuple[str, ...]) -> None:
    out = tmp_path / "out"
    out.mkdir()
    answer = run("takings", folder, "--out", out, *wrong)
    assert (answer.exit_code, list(out.iterdir())) == (2, []), answer.output


def test_the_books_of_an_older_program_are_made_anew_for_the_report(lived: Path, tmp_path: Path) -> None:
    copy = tmp_path / "older.db"
    shutil.copy(backup_of(lived), copy)
    conn = sqlite3.connect(copy)
    conn.execute("DROP TABLE act")
    conn.execute(f"PRAGMA user_version={database.VERSION - 1}")
    conn.execute("UPDATE cursor SET value = value - 1 WHERE name = 'version'")
    conn.commit()
    conn.close()
    answer = run("takings", copy, "--day", "2026-01-02", "--out", tmp_path, "--unsigned", "--format", "json")
    assert answer.exit_code == 0, answer.output


def test_after_a_stayed_schedule_each_paper_says_what_is_owed_back(folder: Path, tmp_path: Path) -> None:
    command = ("difference", folder, "--day", "2026-01-02", "--out", tmp_path, "--format", "json")
    answer = run(*command, "--since", "2026-01-02 10:00", "--schedule", "CF2016")
    assert answer.exit_code == 0, answer.output
    (paper,) = json.loads((Path(answer.output.rpartition(": ")[0]) / "report.json").read_bytes())["papers"]
    rows = {row["number"]: row for row in paper["rows"]}
    sale = rows["XNM2-R000001-Q"]
    assert (sale["paid_minor"], sale["due_minor"], sale["back_minor"]) == (100_000, 43_000, 57_000)
    assert rows["XNM2-R000008-C"]["state"] == "no longer counts"
    assert rows["XNM2-R000010-O"]["state"] == "no price in that schedule: decide by hand"
    later = run(*command, "--since", "2026-01-02 11:00", "--schedule", "CF2016")
    (paper,) = json.loads((Path(later.output.rpartition(": ")[0]) / "report.json").read_bytes())["papers"]
    assert paper["rows"] == []


@pytest.mark.parametrize(("since", "schedule"), [("today", "CF2016"), ("2026-01-02 10:00", "CF1999")])
def test_a_difference_to_nothing_is_refused(folder: Path, tmp_path: Path, since: str, schedule: str) -> None:
    command = ("difference", folder, "--day", "2026-01-02", "--out", tmp_path)
    assert run(*command, "--since", since, "--schedule", schedule).exit_code == 2
