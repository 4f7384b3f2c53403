"""A till whose central asks phones: all real but Daraja, on loopback in its documented shapes."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gatepos import app
from gatepos.central import api
from gatepos.central.daraja import Credentials, Daraja
from gatepos.domain.keyring import KeyRow
from gatepos.seal import said
from gatepos.seal.keys import TillKey
from gatepos.sync import address as addresses
from gatepos.sync.address import Address
from gatepos.till.station import Station
from gatepos.till.till import Till
from tests import loopback
from tests.central.place import CENTRAL_KEY, Fields, Place
from tests.central.safaricom import SECRET, Safaricom
from tests.central.test_c2b import Daraja as Reporting
from tests.gate import Gate, permit
from tests.sync.test_with_central import central_in, served

PAYBILL = "600000"
CODE = "UA26X1Y2ZQ"
IN_HAND: Fields = {"requestId": "1", "errorCode": "500.001.1001", "errorMessage": "in hand"}
LONGEST_S = 20.0


def done(code: str) -> Fields:
    """What Daraja's query says at the end, by its result code."""
    return {"ResponseCode": "0", "ResultCode": code, "ResultDesc": ""}


@dataclass
class Line:
    """The way to central; where it `is_cut` a proxy answers, after central has done what was asked."""

    app: ASGIApp
    is_cut: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def lose(_: Message) -> None:
            """Nothing of it arrives."""

        is_lost = self.is_cut and scope["type"] == "http"
        await self.app(scope, receive, lose if is_lost else send)
        if is_lost:
            await send({"type": "http.response.start", "status": 502, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b""})


@dataclass
class Phoning:
    """A till at work, its central, Daraja, and the way between."""

    gate: Gate
    place: Place
    safaricom: Safaricom
    line: Line

    def opened(self) -> Station:
        """The till with its sync, as a kiosk opens it."""
        return app.open_station(self.gate.folder, self.gate.world())

    @property
    def asked(self) -> list[Fields]:
        """What Daraja was asked to ask phones."""
        return [fields for path, fields in self.safaricom.asked if path.endswith("processrequest")]

    def answers(self, fields: Fields, status: int = 200) -> None:
        """What Daraja says from now on became of it."""
        self.safaricom.says("query", fields, status)

    def pays(self, account: str, amount: str, code: str = CODE) -> None:
        """The visitor pays, and Daraja reports it."""
        Reporting(self.place).confirm(TransID=code, BillRefNumber=account, TransAmount=amount)


@contextmanager
def phoning(
    gate: Gate,
    folder: Path,
    *,
    has_credentials: bool = True,
    prepare: Callable[[Till], object] = lambda till: None,
) -> Iterator[Phoning]:
    """A till that joined such a central, and takes M-PESA at its paybill; nobody is signed in."""
    till = gate.built()
    permit(till, "paybill", PAYBILL)
    prepare(till)
    till.desk.ledger.close()
    safaricom = Safaricom()
    with central_in(folder) as place, loopback.at_work(safaricom):
        url = f"http://127.0.0.1:{safaricom.server_port}"
        own = Credentials(url, "key", SECRET, PAYBILL, "passkey", "https://central/v1/c2b/x/stk")
        asks = Daraja(own) if has_credentials else None
        place.app, beside = (api.application(place.store, CENTRAL_KEY, gate.clock, asks) for _ in "12")
        place.http = TestClient(place.app)
        line = Line(beside)
        with served(line) as central:
            _join(gate, place, central)
            yield Phoning(gate, place, safaricom, line)


def _join(gate: Gate, place: Place, url: str) -> None:
    key = TillKey.load(gate.folder / app.KEY)
    certificate = place.joined(KeyRow(gate.code, key.public, "NNP", gate.place, "2"), key)
    fields = said.read(CENTRAL_KEY.public, "certificate", gate.code, certificate)
    address = Address(url, CENTRAL_KEY.public, cast(str, fields["token"]), certificate, is_demo=True)
    addresses.save(gate.folder, address)


def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that comes from another thread."""
    pause, give_up_s = threading.Event(), time.monotonic() + LONGEST_S
    while not is_so():
        assert time.monotonic() < give_up_s
        pause.wait(0.01)
