"""The commands by which tills know and hear each other, and a paper that is checked with no ledger."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from gatepos import app
from gatepos.domain import canonical
from gatepos.seal.keys import TillKey
from tests import park
from tests.gate import Gate
from tests.test_cli import DONE, FOUND, REFUSED, gatepos, told
from tests.till.test_hearing import paid_at
from tests.till.test_passes import outage, token, van_in

WAITING = "owed KES 43,940"


@dataclass(frozen=True)
class Closed:
    """Tills that are closed: an entry that issued passes, an exit that was paid for one."""

    entry: Path
    far: Path
    owed: str
    paid: str
    keyring: Path


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Closed:
    """A morning at two gates, today."""
    folder = tmp_path_factory.mktemp("park")
    gates = park.gates(folder)
    for gate in gates.values():
        gate.clock.wall = app.SystemClock().wall_ms()
    entry, beside, far = park.built(gates)
    outage(entry)
    owed = token(entry, van_in(entry).number)
    far.gate.turn()
    paid = token(far, paid_at(far, owed, "UA26X1Y2ZQ"))
    rows = folder / "keyring"
    rows.write_bytes(b"\n".join(till.keys.certificate() for till in (entry, far)) + b"\n")
    for till in (entry, beside, far):
        till.desk.ledger.close()
    return Closed(gates["XNM1"].folder, gates["XNE1"].folder, owed, paid, rows)


def test_a_bundle_goes_from_one_till_to_the_other_on_a_stick(closed: Closed, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    out = gatepos("bundle", "export", closed.entry, tmp_path / "stick")
    (file,) = (tmp_path / "stick").glob("XNM1-*.gpb")
    assert (out.code, str(file) in out.out) == (DONE, True)
    first = gatepos("bundle", "import", closed.far, file)
    assert (first.code, first.out.startswith("XNM1: ")) == (DONE, True)
    again = gatepos("bundle", "import", closed.far, file)
    assert (again.code, again.out.startswith("XNM1: 0 new entries")) == (DONE, True)
    assert gatepos("verify", closed.far).code == DONE
    (answer,) = told(closed.far, {"do": "read_bundle", "path": str(file)})
    assert (answer["till"], answer["new"], answer["conflicts"]) == ("XNM1", 0, [])


def test_a_bundle_that_is_damaged_is_refused_in_a_sentence(closed: Closed, tmp_path: Path) -> None:
    gatepos("bundle", "export", closed.entry, tmp_path)
    (file,) = tmp_path.glob("XNM1-*.gpb")
    file.write_bytes(file.read_bytes()[:-9])
    ran = gatepos("bundle", "import", closed.far, file)
    assert (ran.code, "not a bundle of a till, or it is damaged" in ran.err) == (REFUSED, True)
    (answer,) = told(closed.far, {"do": "read_bundle", "path": str(tmp_path / "nothing")})
    assert (answer["error"], answer["recorded"]) == ("NoBundleThere", False)


@pytest.mark.filterwarnings("ignore:Can not control echo")
def test_a_certificate_is_exported_and_added_by_two_people(tmp_path: Path) -> None:
    gate = Gate(tmp_path / "park")
    till = gate.built()
    till.sign_in.sign_in("01", "482913")
    code = till.set_up.employ("02", ["supervisor"]).start_code
    till.sign_in.choose_pin("02", code, "135790")
    till.desk.ledger.close()
    told_of = gatepos("keyring", "export", gate.folder)
    certificate = json.loads(told_of.out)
    assert (certificate["till"], certificate["gate"]) == ("XNM2", "MAIN")
    assert "Key of XNM2: " in told_of.err
    other = tmp_path / "XNE1"
    row = {**certificate, "till": "XNE1", "gate": "EAST", "public_key": TillKey.generate().public.hex()}
    other.write_bytes(canonical.encode(row) + b"\n")
    two = ("--second", "02")
    added = gatepos("keyring", "add", gate.folder, other, *two, stdin="135790\n")
    assert (added.code, added.out.startswith("XNE1 of NNP, gate EAST, is known.")) == (DONE, True)
    assert gatepos("keyring", "add", gate.folder, other, *two, stdin="135790\n").code == REFUSED
    assert gatepos("keyring", "revoke", gate.folder, "xne1", *two, stdin="135790\n").code == DONE
    other.write_text("{}", "utf-8")
    ran = gatepos("keyring", "add", gate.folder, other, *two, stdin="135790\n")
    assert (ran.code, "not the certificate of a till" in ran.err) == (REFUSED, True)


def test_a_paper_is_checked_by_the_keyring_alone(closed: Closed, tmp_path: Path) -> None:
    def check(paper: str, *more: str, keyring: Path = closed.keyring) -> tuple[int, str]:
        ran = gatepos("check-pass", paper, "--keyring", keyring, *more)
        return ran.code, ran.out

    code, says = check(closed.owed)
    assert (code, "Admit" in says, "KDA412M" in says, WAITING in says) == (DONE, True, True, True)
    file = tmp_path / "paper.txt"
    file.write_text(closed.owed.lower() + "\n", "utf-8")
    assert check(str(file)) == (code, says)
    assert check(closed.owed, "--out")[0] == FOUND
    assert check(closed.paid, "--out")[0] == DONE
    assert check(closed.owed, "--park", "TSE")[0] == FOUND
    changed = closed.owed[:-1] + ("A" if closed.owed[-1] != "A" else "B")
    assert check(changed)[0] == FOUND
    stranger = tmp_path / "other"
    row = json.loads(closed.keyring.read_bytes().splitlines()[0])
    stranger.write_bytes(canonical.encode({**row, "public_key": TillKey.generate().public.hex()}))
    code, says = check(closed.owed, keyring=stranger)
    assert (code, "not known here" in says) == (FOUND, True)
    assert check("HTTPS://ECITIZEN.GO.KE/1")[0] == FOUND
    assert "settle from sight" in check("HTTPS://ECITIZEN.GO.KE/1", "--out")[1]
