"""A till joins the real central by a code: it gets its code and place there, and sends what it records."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from gatepos import app, cli, joining
from gatepos.central.store import tills
from gatepos.errors import Said
from gatepos.seal.enrolment import BadCode, CodeTooOld, CodeUnknown, Joins, hashed
from gatepos.sync import address
from gatepos.sync.address import NotPrivate
from gatepos.sync.client import NotReached
from gatepos.sync.enrol import OtherCentral
from gatepos.till.station import Plan
from gatepos.till.till import Till
from gatepos.wire.push import Push
from tests.central.place import Place
from tests.gate import Gate
from tests.sync.test_with_central import central_in, served

PIN = "482913"
AMBOSELI = ("AMB", "IREM", "3")


@dataclass
class Line:
    """A central that listens, and a folder that may become a till."""

    place: Place
    url: str
    gate: Gate

    def plan(self, code: str, url: str | None = None) -> Plan:
        """What the first run asks, with a code."""
        return Plan("", "NNP", "MAIN", "1", "01", PIN, "CF2025", Joins(url or self.url, code))

    def made(self, code: str, url: str | None = None) -> Till:
        """A till in the folder."""
        return joining.make(self.gate.folder, self.plan(code, url), self.gate.world())

    def refused(self, code: str, url: str | None = None) -> type[Said]:
        """Why none could be made; the folder names no till."""
        with pytest.raises(Said) as found:
            self.made(code, url)
        assert not (self.gate.folder / app.IDENTITY).exists()
        return type(found.value)


@pytest.fixture
def line(gate: Gate, tmp_path: Path) -> Iterator[Line]:
    """A real central, not for demonstrations, on loopback."""
    with central_in(tmp_path / "central", is_demo=False) as place:
        gate.clock = place.clock
        with served(place.beside()) as url:
            yield Line(place, url, gate)


def test_a_till_that_joins_has_the_code_and_place_that_central_says(line: Line) -> None:
    till = line.made(line.place.code(place=AMBOSELI))
    context = till.desk.ledger.context
    assert (context.till, context.park, context.gate, context.lane) == ("A1G3", *AMBOSELI)
    assert till.desk.ledger.entry(1).data["certificate"] == till.desk.own.certificate()
    till.desk.ledger.close()
    station = app.open_station(line.gate.folder, line.gate.world())
    assert station.online is not None
    assert station.practice == "", "it sells for real"
    station.close()


def test_what_a_joined_till_records_arrives(line: Line) -> None:
    till = line.made(line.place.code(place=AMBOSELI))
    ledger = till.desk.ledger
    found = address.load(line.gate.folder, ledger)
    assert found is not None
    whole = Push(0, ledger.hash_at(0), list(ledger.told(0)))
    answer = line.place.push("A1G3", found.token, whole)
    assert line.place.ack("A1G3", answer)[0] == ledger.head[0]
    ledger.close()


def test_when_the_answer_is_lost_the_same_code_gives_the_same_till(line: Line) -> None:
    code = line.place.code(place=AMBOSELI)
    key = app.new_key(line.gate.folder)
    line.place.enrol(code, key)  # and nobody heard the answer
    till = line.made(code)
    assert till.desk.ledger.public_key == key.public
    assert till.desk.ledger.context.till == "A1G3"
    till.desk.ledger.close()


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("O", "0").replace("I", "1")])
def test_a_code_is_taken_however_it_is_typed(line: Line, typed: object) -> None:
    code = line.place.code(place=AMBOSELI)
    till = line.made(typed(code))  # type: ignore[operator]
    assert till.desk.ledger.context.till == "A1G3"
    till.desk.ledger.close()


def test_each_refusal_is_named_and_the_folder_stays_free(line: Line) -> None:
    code = line.place.code(place=AMBOSELI)
    assert line.refused(code[:-1]) is BadCode
    assert line.refused("A" * 16 + code[-10:]) is CodeUnknown
    assert line.refused(code, "http://192.0.2.1") is NotPrivate
    assert line.refused(code, "http://127.0.0.1:9") is NotReached
    line.gate.clock.pass_by(16 * 60_000)
    assert line.refused(code) is CodeTooOld
    fresh = line.place.code(place=AMBOSELI)
    line.made(fresh).desk.ledger.close()


def test_another_central_at_the_address_is_not_believed(line: Line) -> None:
    code = line.place.code(place=AMBOSELI)
    other = "A" * 10 if code[-10:] != "A" * 10 else "B" * 10
    with line.place.store.writing() as tx:
        found = tills.code(tx, hashed(code))
        assert found is not None
        tills.add_code(tx, replace(found, hash=hashed(code[:16] + other)))
    assert line.refused(code[:16] + other) is OtherCentral


def test_a_till_joins_again_and_keeps_its_journal(line: Line) -> None:
    line.made(line.place.code(place=AMBOSELI)).desk.ledger.close()
    before = (line.gate.folder / address.CERTIFICATE).read_bytes()
    till = app.open_till(line.gate.folder, line.gate.world())
    joining.again(line.gate.folder, till, Joins(line.url, line.place.code(place=AMBOSELI)))
    assert till.desk.ledger.context.till == "A1G3"
    till.desk.ledger.close()
    assert (line.gate.folder / address.CERTIFICATE).read_bytes() != before


def test_a_code_for_another_place_leaves_a_till_as_it_was(line: Line) -> None:
    till = line.made(line.place.code(place=AMBOSELI))
    before = (line.gate.folder / address.FILE).read_bytes()
    with pytest.raises(Said):
        joining.again(line.gate.folder, till, Joins(line.url, line.place.code()))
    assert (line.gate.folder / address.FILE).read_bytes() == before
    till.desk.ledger.close()


def test_the_secret_of_a_certificate_stands_in_one_private_file(line: Line) -> None:
    till = line.made(line.place.code(place=AMBOSELI))
    found = address.load(line.gate.folder, till.desk.ledger)
    till.desk.ledger.close()
    assert found is not None
    holding = [path for path in line.gate.folder.rglob("*") if path.is_file()]
    with_token = [path.name for path in holding if found.token.encode() in path.read_bytes()]
    assert with_token == [address.CERTIFICATE]
    assert (line.gate.folder / address.CERTIFICATE).stat().st_mode & 0o077 == 0


def test_the_command_makes_a_till_and_says_what_it_is(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEPOS_PIN", PIN)
    monkeypatch.setenv("GATEPOS_CODE", line.place.code(place=AMBOSELI))
    done = CliRunner().invoke(cli.commands, ["enrol", str(line.gate.folder), line.url])
    assert "A1G3 of AMB, gate IREM, lane 3, has joined" in done.output, done.output
