"""The disk of a till is put back from an image: what the kiosk does with the real central on the line."""

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gatepos import app
from gatepos.devices.printer import Status
from gatepos.domain.health import Alarm, Health
from gatepos.errors import Said
from gatepos.i18n import words
from gatepos.screens.dots import dots
from gatepos.seal import said
from gatepos.seal.keys import TillKey
from gatepos.sync import address
from gatepos.sync.address import Address
from gatepos.sync.background import Background
from gatepos.till.shifts import Counted
from gatepos.till.station import Station
from gatepos.wire import forms
from tests.central.place import CENTRAL_KEY, Place
from tests.gate import CLERK, CLERK_PIN, Gate, ordinary_van, selling
from tests.sync.conftest import name
from tests.sync.test_with_central import central_in, served


@dataclass
class Kiosk:
    """A kiosk's folder that is enrolled at a central, an image of it, and a cable."""

    gate: Gate
    place: Place
    image: Path
    is_cut: threading.Event = field(default_factory=threading.Event)

    def opened(self) -> Station:
        """The program starts."""
        return app.open_station(self.gate.folder, self.gate.world())

    def put_back(self) -> None:
        """The image takes the disk's place."""
        shutil.rmtree(self.gate.folder)
        shutil.copytree(self.image, self.gate.folder)

    def head(self) -> int:
        """Entries that central has of the till."""
        return self.place.count("journal")


def _health(station: Station) -> Health:
    assert station.online is not None
    return station.online.health()


def _until(reached: Callable[[], bool]) -> None:
    """As soon as it is so; it fails after 20 s."""
    pause = threading.Event()
    for _ in range(2_000):
        if reached():
            return
        pause.wait(0.01)
    raise AssertionError("not in 20 s")


def _until_sent(station: Station) -> None:
    _until(lambda: _health(station).waiting == 0 and _health(station).trouble is None)


def _try_now(station: Station) -> None:
    assert isinstance(station.online, Background)
    station.online.try_now()


def _held(station: Station) -> str:
    return name(station.till.desk.ledger.held)


def _holds(station: Station) -> None:
    ordinary_van(station.till)
    station.till.checkout.hold()


def _sells(station: Station) -> None:
    station.thread.ask(lambda: selling(station.till)).result()


@pytest.fixture
def kiosk(gate: Gate, tmp_path: Path) -> Iterator[Kiosk]:
    """An image was made, then a shift opened and closed, and central has all of it."""
    gate.make()
    key = TillKey.load(gate.folder / app.KEY)
    with central_in(tmp_path / "central") as place:
        code = place.code(gate.code, ("NNP", gate.place, "2"))
        certificate = place.enrol(code, key, gate.code).content
        made, beside = Kiosk(gate, place, tmp_path / "image"), place.beside()

        async def line(scope: Scope, receive: Receive, send: Send) -> None:
            answer = Response(status_code=503) if made.is_cut.is_set() else beside
            await answer(scope, receive, send)

        token = str(forms.parsed(forms.CERTIFICATE, said.parsed(certificate).raw)["token"])
        with served(line) as url:
            address.save(gate.folder, Address(url, CENTRAL_KEY.public, token, certificate, is_demo=True))
            station = made.opened()
            _until_sent(station)
            station.close()
            shutil.copytree(gate.folder, made.image)
            station = made.opened()
            _sells(station)
            _until_sent(station)
            station.close()
            yield made


def test_a_disk_put_back_is_whole_again_after_the_next_start_and_sells(kiosk: Kiosk) -> None:
    before = kiosk.head()
    kiosk.put_back()
    station = kiosk.opened()
    _until(lambda: _health(station).alarm is Alarm.RETURNED)
    assert _dots(station)[0] == "entries are back · start again"
    assert "start it again" in str(station.thread.ask(station.till.health).result().held)
    with pytest.raises(Said, match="start it again"):
        _sells(station)
    station.close()
    station = kiosk.opened()
    recovered, boot = station.thread.ask(lambda: station.till.desk.ledger.journal.after(before, 9)).result()
    assert (recovered.kind, boot.kind) == ("ledger.recovered", "boot")
    assert recovered.data["left"] == 1
    assert station.thread.ask(lambda: station.till.desk.ledger.state.shift).result() is not None
    station.thread.ask(lambda: station.till.sign_in.sign_in(CLERK, CLERK_PIN)).result()
    station.thread.ask(lambda: station.till.shifts.to_window()).result()
    _until_sent(station)
    station.close()
    assert kiosk.head() == before + 3
    assert app.verified(kiosk.gate.folder).findings == []


def test_who_sold_before_the_first_contact_finishes_that_shift_and_opens_no_other(kiosk: Kiosk) -> None:
    before = kiosk.head()
    kiosk.put_back()
    kiosk.is_cut.set()
    station = kiosk.opened()
    _until(lambda: name(_health(station).trouble) == "CentralBusy")
    _sells(station)
    kiosk.is_cut.clear()
    _try_now(station)
    _until(lambda: _held(station) == "TillForked")
    _until_sent(station)
    assert _dots(station)[0] == "this till exists twice"
    station.thread.ask(lambda: _holds(station)).result()
    station.thread.ask(lambda: station.till.shifts.close(Counted())).result()
    with pytest.raises(Said, match="spare till"):
        station.thread.ask(lambda: station.till.shifts.open()).result()
    _until_sent(station)
    station.close()
    assert kiosk.head() == before + 5
    kiosk.is_cut.set()
    station = kiosk.opened()
    assert _held(station) == "TillForked"
    station.close()


def test_a_start_that_knows_what_is_missing_writes_nothing_and_sells_nothing(kiosk: Kiosk) -> None:
    acknowledged = kiosk.gate.folder / "tape" / f"{kiosk.gate.code}.ack"
    kept = acknowledged.read_bytes()
    kiosk.put_back()
    acknowledged.write_bytes(kept)
    kiosk.is_cut.set()
    station = kiosk.opened()
    with pytest.raises(Said, match="older copy was put back"):
        _sells(station)
    station.close()
    kiosk.is_cut.clear()
    station = kiosk.opened()
    _until(lambda: _health(station).alarm is Alarm.RETURNED)
    station.close()
    station = kiosk.opened()
    (entry,) = station.thread.ask(lambda: station.till.desk.ledger.of_kind("ledger.recovered")).result()
    assert entry.data["left"] == 0
    station.close()


def _dots(station: Station) -> list[str]:
    return [words("en")(dot.text, **dot.values) for dot in dots(None, Status.OK, _health(station))]
