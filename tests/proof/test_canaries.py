"""What nobody may read in a log goes through every path of till and central, with every logger at DEBUG."""

import json
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from fastapi import FastAPI

from gatepos import app, joining
from gatepos.central import api, c2b, serving
from gatepos.central.daraja import Credentials, Daraja
from gatepos.central.managers import app as managers
from gatepos.central.managers.people import People
from gatepos.domain import numbers, plates
from gatepos.errors import Refusal
from gatepos.seal import said
from gatepos.seal.enrolment import Joins
from gatepos.seal.passwords import Passwords
from gatepos.wire import forms
from tests.central.managers.conftest import PASSWORD
from tests.central.place import CENTRAL_KEY, Place, bearer
from tests.central.safaricom import SECRET, Safaricom
from tests.central.test_c2b import PAYBILL, REPORT
from tests.gate import CHEAP, CLERK, CLERK_PIN, MANAGER_PIN, Gate, selling
from tests.sync.test_with_central import central_in
from tests.till.test_passes import outage, token, van_in

pytestmark = pytest.mark.proof
PHONE, PASSKEY, PLATE = "0712345678", "bfb279canary", "KDA412M"


class Kept(logging.Handler):
    """All that any logger says, whatever its level; the messages with their values, and tracebacks."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def everything_logged() -> Iterator[Kept]:
    """Every logger there is at DEBUG, those too that keep to themselves."""
    kept, root = Kept(), logging.getLogger()
    every = [root, *(one for one in root.manager.loggerDict.values() if isinstance(one, logging.Logger))]
    before = [(one, one.level, one.propagate) for one in every]
    for one in every:
        one.setLevel(logging.DEBUG)
        one.propagate = True
    root.addHandler(kept)
    try:
        yield kept
    finally:
        root.removeHandler(kept)
        for one, level, propagate in before:
            one.setLevel(level)
            one.propagate = propagate


@contextmanager
def served(made: FastAPI) -> Iterator[str]:
    """An application behind the very server that `gatepos central serve` starts."""
    listening = serving._listening("127.0.0.1", 0)
    with serving._beside(serving._server(made), listening):
        yield serving._url(listening)


def asked(url: str, path: str, body: bytes, **headers: str) -> dict[str, str]:
    """A POST by who logs nothing; the headers of its answer."""
    http = HTTPConnection(urlsplit(url).netloc, timeout=20)
    http.request("POST", path, body, headers)
    answer = http.getresponse()
    answer.read()
    http.close()
    return {name.lower(): value for name, value in answer.getheaders()}


def see(url: str, path: str, cookie: str) -> None:
    """A page that somebody who signed in sees."""
    http = HTTPConnection(urlsplit(url).netloc, timeout=20)
    http.request("GET", path, headers={"Cookie": cookie})
    answer = http.getresponse()
    assert (answer.status, plates.shown(PLATE).encode() in answer.read()) == (200, True)
    http.close()


class Walk:
    """A day at a till and its central that leads past every door; `secrets` are the canaries by name."""

    def __init__(self, gate: Gate, place: Place, safaricom: Safaricom):
        self.gate, self.place = gate, place
        url = f"http://127.0.0.1:{safaricom.server_port}"
        self.mpesa = Daraja(Credentials(url, "key", SECRET, PAYBILL, PASSKEY, "https://central/x"))
        self.c2b_secret = c2b.new_secret(place.store, PAYBILL, place.central.now())
        self.people = People(place.store, Passwords(CHEAP))
        self.start_code = self.people.give_start("boss", "administrator", None, "test", place.clock.wall_ms())
        self.secrets: dict[str, str] = {
            "Daraja's secret": SECRET, "Daraja's passkey": PASSKEY, "address of payments": self.c2b_secret,
            "start code": self.start_code, "password": PASSWORD, "PIN": CLERK_PIN,
            "manager's PIN": MANAGER_PIN, "plate": PLATE, "plate as shown": plates.shown(PLATE),
            "phone": PHONE[1:], "payer": str(REPORT["LastName"]),
        }  # fmt: skip

    def gone(self) -> None:
        """The whole day, with what goes wrong in it."""
        place = self.place
        mine = api.application(place.store, CENTRAL_KEY, place.clock, self.mpesa)
        pages = managers.application(place.store, place.folder, CENTRAL_KEY, place.clock, Passwords(CHEAP))
        with served(mine) as url, served(pages) as office:
            self._join(url)
            paper = self._sell()
            self._drive(url, paper)
            self._pay(url)
            self._administer(office)
            place.hide_storage()
            self._drive(url, paper)
            self._pay(url)
            self._ask(url, "/v1/enrol", {"code": self.secrets["enrolment code"]})

    def _join(self, url: str) -> None:
        code = self.place.code("XNM2", ("NNP", self.gate.place, "2"))
        self.secrets["enrolment code"] = code
        self.gate.make()
        till = app.open_till(self.gate.folder, self.gate.world())
        joining.again(self.gate.folder, till, Joins(url, code))
        till.desk.ledger.close()
        certificate = (self.gate.folder / "central.certificate").read_bytes()
        fields = forms.parsed(forms.CERTIFICATE, said.parsed(certificate).raw)
        self.secrets["bearer"] = str(fields["token"])

    def _sell(self) -> str:
        """A wrong PIN and a right one, a pass with the driver's phone, all of it at central."""
        station = app.open_station(self.gate.folder, self.gate.world())
        with pytest.raises(Refusal):
            station.thread.ask(lambda: station.till.sign_in.sign_in(CLERK, "135790")).result()
        station.thread.ask(lambda: selling(station.till)).result()
        station.thread.ask(lambda: outage(station.till)).result()
        station.thread.ask(lambda: station.till.passes.driver(PHONE)).result()
        paper = station.thread.ask(lambda: token(station.till, van_in(station.till).number)).result()
        online, pause = station.online, threading.Event()
        assert online is not None
        for _ in range(1_000):
            if online.health().waiting == 0 and online.health().feeds:
                break
            pause.wait(0.02)
        assert online.health().waiting == 0
        station.close()
        self.secrets["paper"] = paper[-60:]
        return paper.removeprefix("GP:")

    def _drive(self, url: str, paper: str) -> None:
        message = urlencode({"message": f"UA26X1Y2ZQ Confirmed. Ksh10.00 paid by {PHONE}"})
        self._ask(url, f"/P/{paper}", message.encode())
        self._ask(url, f"/p/{paper.lower()}", b"")

    def _pay(self, url: str) -> None:
        """Payments as Daraja reports them, right and wrong, and a phone that is asked."""
        account = numbers.make("XNM2", "P", 1)
        for what in ("confirmation", "validation", "stk"):
            for wrong in ({}, {"TransAmount": "none"}, {"BillRefNumber": PHONE}, {"TransID": PLATE}):
                body = {**REPORT, "BillRefNumber": account, "MSISDN": PHONE, **wrong}
                self._ask(url, f"/v1/c2b/{self.c2b_secret}/{what}", body)
        phone = f"254{PHONE[1:]}"
        for fields in ({"phone": phone, "account": account, "amount_minor": 1000}, {"phone": phone}):
            self._ask(url, "/v1/tills/XNM2/stk", fields, **bearer(self.secrets["bearer"]))

    def _administer(self, office: str) -> None:
        start = {"name": "boss", "code": self.start_code, "password": PASSWORD, "again": PASSWORD}
        headers = self._ask(office, "/start", urlencode(start).encode())
        cookie = headers["set-cookie"].split(";")[0]
        self.secrets["sign-in"] = cookie.partition("=")[2]
        self._ask(office, "/sign-in", urlencode({"name": "boss", "password": PASSWORD + "!"}).encode())
        see(office, "/passes", cookie)
        self._ask(office, "/person", urlencode({"name": "x"}).encode(), Cookie=cookie)

    def _ask(self, url: str, path: str, body: bytes | Mapping[str, object], **headers: str) -> dict[str, str]:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        return asked(url, path, sent, **headers)


def test_no_log_of_till_or_central_holds_a_canary(
    gate: Gate, tmp_path: Path, safaricom: Safaricom, capfd: pytest.CaptureFixture[str]
) -> None:
    with everything_logged() as kept, central_in(tmp_path / "central") as place:
        walk = Walk(gate, place, safaricom)
        walk.gone()
        logging.getLogger("gatepos.control").debug("%s sings", walk.secrets["bearer"])
    text = "\n".join(kept.lines)
    assert text.count(walk.secrets["bearer"]) == 1, "the control: what is logged is seen"
    text = text.replace(f"{walk.secrets['bearer']} sings", "") + "".join(capfd.readouterr())
    loggers = sorted({line.split()[0] for line in kept.lines})
    print(f"\ncanaries: {len(walk.secrets)}, not in {len(kept.lines)} lines of {', '.join(loggers)}")
    assert {name for name, secret in walk.secrets.items() if secret.lower() in text.lower()} == set()
