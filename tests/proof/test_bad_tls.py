"""TLS that does not hold: the till says nothing, names it, and goes on when the line is right again."""

import random
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from gatepos.seal import said
from gatepos.seal.enrolment import Joins
from gatepos.seal.keys import TillKey
from gatepos.sync import address, enrol
from gatepos.sync.address import Address, BadAddress
from gatepos.sync.client import Client, LineNotSecure
from gatepos.sync.cursor import Cursor
from gatepos.sync.push import Pusher
from gatepos.wire import forms
from tests.central.place import CENTRAL_KEY, Place
from tests.ledger.desk import TILL, Desk
from tests.proof import badline
from tests.proof.badline import Line
from tests.proof.badtls import Authority, Secured, alone
from tests.sync.conftest import name
from tests.sync.test_with_central import central_in, joined, sending, served

pytestmark = pytest.mark.proof
WRITTEN = 20


@dataclass
class Gate:
    """A till, central behind TLS, and the organisation whose authority may vouch for it."""

    place: Place
    line: Secured
    url: str
    authority: Authority
    certificate: bytes
    pusher: Pusher
    desk: Desk

    @property
    def token(self) -> bytes:
        """What the till shows to central alone."""
        raw = said.parsed(self.certificate).raw
        return str(forms.parsed(forms.CERTIFICATE, raw)["token"]).encode()

    def round(self) -> str:
        """A round; what stands in the way after it."""
        self.desk.clock.pass_by(300_000)
        self.pusher.round()
        return name(self.pusher.health().trouble)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A folder for a ledger."""
    return Desk(tmp_path / "park")


@pytest.fixture
def gate(desk: Desk, tmp_path: Path) -> Iterator[Gate]:
    """A till with entries that wait, the line right, nothing sent yet."""
    desk.made(WRITTEN)
    authority = Authority(tmp_path, "organisation")
    line = Secured(authority.host())
    with _central(tmp_path / "central", line) as (place, url):
        certificate = joined(place, desk)
        with sending(desk, "http://127.0.0.1:9", certificate) as till:
            token = str(said.read(CENTRAL_KEY.public, "certificate", TILL, certificate)["token"])
            to = Address(url, CENTRAL_KEY.public, token, certificate, True, authority.file)
            cursor = Cursor(desk.tape, TILL, CENTRAL_KEY.public)
            pusher = Pusher(till.ledger, till.thread.ask, Client(to), cursor, desk.clock, lambda: 0.5)
            yield Gate(place, line, url, authority, certificate, pusher, desk)
            pusher.stop()


@contextmanager
def _central(folder: Path, line: Secured) -> Iterator[tuple[Place, str]]:
    with central_in(folder) as place, served(place.beside()) as line.central, line.listening() as url:
        yield place, url


Wrong = Callable[[Gate, Path], ssl.SSLContext]
WRONG: dict[str, tuple[Wrong, str]] = {
    "self-signed": (lambda _, folder: alone(folder), "self-signed"),
    "of another authority": (lambda _, folder: Authority(folder, "other").host(), "issuer"),
    "for another host": (lambda gate, _: gate.authority.host("central.example"), "IP address mismatch"),
    "that ended": (lambda gate, _: gate.authority.host(ended=timedelta(hours=1)), "expired"),
    "that has not begun": (lambda gate, _: gate.authority.host(ended=timedelta(days=-9)), "not yet valid"),
}


@pytest.mark.parametrize("what", WRONG)
def test_into_a_certificate_that_does_not_hold_the_till_says_nothing(
    gate: Gate, tmp_path: Path, what: str
) -> None:
    right, (wrong, why) = gate.line.shown, WRONG[what]
    gate.line.shown = wrong(gate, tmp_path)
    assert gate.round() == "LineNotSecure"
    assert why in str(gate.pusher.health().trouble)
    assert bytes(gate.line.heard) == b""
    assert gate.pusher.health().waiting == WRITTEN
    gate.line.shown = right
    assert gate.round() == ""
    assert (gate.pusher.health().waiting, gate.place.count("journal")) == (0, WRITTEN)
    assert gate.token in gate.line.heard, "the control: what is heard is seen"


def test_who_joins_shows_no_code_into_a_certificate_that_does_not_hold(gate: Gate, tmp_path: Path) -> None:
    key, code = TillKey.generate(), gate.place.code()
    for own in (None, Authority(tmp_path, "other").file):
        with pytest.raises(LineNotSecure):
            enrol.enrol(Joins(gate.url, code), key, authorities=own)
    assert bytes(gate.line.heard) == b""
    assert enrol.enrol(Joins(gate.url, code), key, authorities=gate.authority.file).row.public == key.public
    assert b"/v1/enrol" in gate.line.heard


def test_a_redirect_to_plain_http_is_not_followed(gate: Gate) -> None:
    line = Line(random.Random(1), badline.then_well(), gate.line.central)
    with line.listening() as plain:
        gate.line.elsewhere = f"{plain}/v1/tills/{TILL}/entries"
        assert gate.round() == "NotCentral"
        assert line.paths == set()
        gate.line.elsewhere = ""
        assert gate.round() == ""
    assert gate.place.count("journal") == WRITTEN


def test_a_file_of_authorities_that_holds_none_is_named(tmp_path: Path) -> None:
    assert address.authorities(tmp_path) is None
    for text in ("", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        (tmp_path / address.AUTHORITIES).write_text(text)
        with pytest.raises(BadAddress, match=address.AUTHORITIES.replace(".", r"\.")):
            address.authorities(tmp_path)
    made = Authority(tmp_path, "central")
    assert address.authorities(tmp_path) == made.file
