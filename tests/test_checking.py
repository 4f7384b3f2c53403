"""The command by which anybody checks an export: exit 0 when it is whole, 1 on a finding, 2 when refused."""

import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gatepos.auditing import audit
from gatepos.checking import verify_export
from gatepos.domain import canonical
from gatepos.domain.keyring import KeyRow
from gatepos.seal.keys import TillKey
from tests.gate import MANAGER, MANAGER_PIN, Gate
from tests.reports import papers


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return papers.written(tmp_path, papers.report(papers.register(3)), "csv", "json").folder


def keyring(folder: Path, key: TillKey) -> str:
    row = KeyRow("NMG2", key.public, "NNP", "MAIN", "2")
    (folder / "keyring").write_bytes(canonical.encode(row.certificate()) + b"\n\n")
    return str(folder / "keyring")


def said(*arguments: object) -> Result:
    return CliRunner().invoke(verify_export, [str(one) for one in arguments])


def test_a_whole_export_is_said_to_be_whole_by_the_key_that_is_known(made: Path, tmp_path: Path) -> None:
    answer = said(made, "--keyring", keyring(tmp_path, papers.KEY))
    assert answer.exit_code == 0
    assert answer.output.splitlines() == [
        "NMG2: 2026-01-02, version 2, made 2026-01-04T06:11:00.000Z, 3 files",
        f"  NMG2: entries to 4812, {'ab' * 32}",
        "whole",
    ]


def test_without_a_keyring_the_key_is_to_be_compared(made: Path) -> None:
    answer = said(made)
    assert answer.exit_code == 0
    assert "compare it at NMG2" in answer.output


def test_an_altered_file_is_named(made: Path) -> None:
    (made / "receipts.csv").write_bytes((made / "receipts.csv").read_bytes() + b"\r\n")
    answer = said(made)
    assert answer.exit_code == 1
    assert "receipts.csv was altered" in answer.output
    assert answer.output.endswith("altered\n")


@pytest.mark.parametrize("central", ["", "ff", "G" * 64])
def test_what_is_refused_is_said_in_a_sentence(made: Path, tmp_path: Path, central: str) -> None:
    for answer in (
        said(tmp_path),
        said(made, "--keyring", keyring(tmp_path, TillKey(b"\x09" * 32))),
        said(made, "--central", "ab" * 32),
        said(made, "--central", central),
    ):
        assert answer.exit_code == 2
        assert answer.output.rstrip().endswith((".", "f."))


def test_an_audit_stick_is_written_by_command_and_is_whole(gate: Gate, tmp_path: Path) -> None:
    gate.make()
    answer = CliRunner().invoke(
        audit,
        [str(gate.folder), str(tmp_path), "--seed", "4711", "--auditor", MANAGER],
        env={"GATEPOS_PIN": MANAGER_PIN},
    )
    assert answer.exit_code == 0, answer.output
    (stick,) = tmp_path.glob("xnm2-audit-*")
    assert "Receipts are drawn by 4711" in answer.output
    assert hashlib.sha256((stick / "check.html").read_bytes()).hexdigest() in answer.output
    assert said(stick).output.endswith("whole\n")
    (stick / "journal_001.js").write_bytes(b"entries([]);\n")
    assert "journal_001.js was altered" in said(stick).output
