"""The auditor's command: who may write a stick, what is on it, and what refuses it."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from gatepos import app
from gatepos.ledger.file import FILE
from gatepos.reports import audit_sheets, audit_stick, csv_files, manifest
from gatepos.seal.keys import TillKey
from tests.gate import CLERK, CLERK_PIN, MANAGER, MANAGER_PIN, Gate, selling
from tests.ledger import reader
from tests.reports import day
from tests.test_cli import DONE, IN_USE, REFUSED, Ran, gatepos

AUDITOR, AUDITOR_PIN = "90", "864209"
SEED = 4711


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A till that sold for a day and has an auditor."""
    gate = Gate(tmp_path_factory.mktemp("lived") / "park")
    till = gate.made_anew()
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    till.sign_in.choose_pin(AUDITOR, till.set_up.employ(AUDITOR, ["auditor"]).start_code, AUDITOR_PIN)
    day.played(selling(till, float_kes="2000"))
    day.closed(till)
    till.desk.ledger.close()
    return gate.folder


@pytest.fixture
def folder(lived: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(lived, tmp_path / "park"))


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """An empty stick."""
    place = tmp_path / "stick"
    place.mkdir()
    return place


def audit(folder: Path, stick: Path, *more: object, staff: str = AUDITOR, pin: str = AUDITOR_PIN) -> Ran:
    return gatepos("audit", folder, stick, "--auditor", staff, *more, pin=pin)


def test_the_auditors_stick_holds_every_entry_as_the_till_signed_it(folder: Path, stick: Path) -> None:
    ran = audit(folder, stick, "--seed", SEED)
    assert (ran.code, ran.err) == (DONE, "")
    (made,) = stick.iterdir()
    found = reader.read(folder / FILE)
    assert made.name == f"xnm2-audit-{len(found.entries)}"
    public = TillKey.load(folder / app.KEY).public
    checked = manifest.check(made, {"XNM2": public})
    assert (checked.by, checked.findings) == ("XNM2", ())
    lines = (made / "journal_001.js").read_text("utf-8").splitlines()[1:-1]
    told = [json.loads(line.removesuffix(","))["raw"] for line in lines]
    assert [json.loads(raw) for raw in told] == found.entries
    names = {path.stem for path in made.iterdir()}
    assert names >= {"check", "stick", "staff", "shifts", "in_force", "schedule_cf2025", "sample"}


def test_the_command_says_what_the_auditor_compares_elsewhere(folder: Path, stick: Path) -> None:
    said = audit(folder, stick, "--seed", SEED).out.splitlines()
    (made,) = stick.iterdir()
    rows = csv_files.read((made / "keys.csv").read_bytes())
    page = next(one for one in manifest.check(made).files if one.name == audit_stick.PAGE)
    assert said[0].startswith(f"{made}: {len(list(made.iterdir())) - 1} files, ")
    assert said[1] == f"Receipts are drawn by {SEED}; key of the till: {rows[1][5]}"
    assert said[2].endswith(f": {page.sha256}")
    assert len(csv_files.read((made / "sample.csv").read_bytes())) - 1 <= audit_sheets.DRAWN


def test_who_took_the_ledger_away_stands_in_it(folder: Path, stick: Path) -> None:
    audit(folder, stick)
    last = reader.read(folder / FILE).entries[-1]
    assert (last["kind"], last["data"]["staff"]) == ("sign.in", AUDITOR)
    assert f'"staff\\":\\"{AUDITOR}\\"'.encode() in next(stick.rglob("journal_001.js")).read_bytes()


def test_a_manager_may_and_a_clerk_may_not(folder: Path, stick: Path) -> None:
    refused = audit(folder, stick, staff=CLERK, pin=CLERK_PIN)
    assert (refused.code, refused.out) == (REFUSED, "")
    assert "You may not do this" in refused.err
    assert list(stick.iterdir()) == []
    assert audit(folder, stick, staff=MANAGER, pin=MANAGER_PIN).code == DONE


@pytest.mark.parametrize(("staff", "pin"), [(AUDITOR, "000001"), ("55", AUDITOR_PIN)])
def test_a_wrong_pin_or_a_stranger_gets_nothing(folder: Path, stick: Path, staff: str, pin: str) -> None:
    ran = audit(folder, stick, staff=staff, pin=pin)
    assert (ran.code, ran.out, list(stick.iterdir())) == (REFUSED, "", [])
    assert ran.err.endswith(".\n")


def test_beside_a_running_till_nothing_is_written(folder: Path, stick: Path) -> None:
    till = app.open_till(folder, Gate(folder).world())
    ran = audit(folder, stick)
    till.desk.ledger.close()
    assert (ran.code, list(stick.iterdir())) == (IN_USE, [])


def test_a_folder_without_a_till_is_named(stick: Path, tmp_path: Path) -> None:
    ran = audit(tmp_path, stick)
    assert (ran.code, ran.out) == (REFUSED, "")
    assert str(tmp_path) in ran.err


def test_a_stick_without_room_is_named_and_keeps_nothing(folder: Path, stick: Path) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "none", str(stick)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("nobody may mount a file system here")
    try:
        ran = audit(folder, stick)
        assert (ran.code, ran.out, list(stick.iterdir())) == (REFUSED, "", [])
        assert "There is no room left on" in ran.err
    finally:
        subprocess.run(["umount", "-l", str(stick)], check=False)


def test_a_stick_that_is_not_there_is_refused(folder: Path, tmp_path: Path) -> None:
    ran = audit(folder, tmp_path / "gone")
    assert (ran.code, ran.out) == (REFUSED, "")
    assert "gone" in ran.err
