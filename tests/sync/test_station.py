"""A till of a folder that names a central: what is recorded at the window arrives there."""

from collections.abc import Iterator

import pytest

from gatepos import app
from gatepos.devices.printer import Status
from gatepos.domain.keyring import KeyRow
from gatepos.i18n import words
from gatepos.screens.dots import dots
from gatepos.seal.keys import TillKey
from gatepos.sync import address
from gatepos.sync.address import Address
from gatepos.till.station import Station
from tests.gate import Gate, selling
from tests.sync.central import TOKEN, Central


@pytest.fixture
def central(gate: Gate) -> Iterator[Central]:
    """A central that only plays, named in the folder of a demonstration till."""
    gate.make()
    public = TillKey.load(gate.folder / app.KEY).public
    made = Central(gate.code, public)
    certificate = made.certificate(KeyRow(gate.code, public, "NNP", gate.place, "2"))
    with made.listening() as url:
        address.save(gate.folder, Address(url, made.key.public, TOKEN, certificate, is_demo=True))
        yield made


def _opened(gate: Gate) -> Station:
    return app.open_station(gate.folder, gate.world())


def _head(station: Station) -> int:
    return station.thread.ask(lambda: station.till.desk.ledger.head[0]).result()


def _dots(station: Station) -> list[str]:
    reached = station.online.health() if station.online else None
    return [words("en")(dot.text, **dot.values) for dot in dots(None, Status.OK, reached)]


def test_what_is_recorded_at_the_window_arrives(gate: Gate, central: Central) -> None:
    station = _opened(gate)
    assert central.has(_head(station))
    station.thread.ask(lambda: selling(station.till)).result()
    assert central.has(_head(station))
    station.close()


def test_the_strip_says_how_much_waits_and_how_long(gate: Gate, central: Central) -> None:
    central.faults = [lambda honest: central.error(503, "down")] * 50
    station = _opened(gate)
    assert central.was_asked(1)
    gate.clock.pass_by(3 * 3_600_000)
    station.thread.ask(lambda: selling(station.till)).result()
    station.close()
    assert _dots(station)[0] == f"no central · {_head_of(gate)} wait · 3 h"


def _head_of(gate: Gate) -> int:
    till = app.open_till(gate.folder, gate.world())
    head = till.desk.ledger.head[0] - 1  # without this start
    till.desk.ledger.close()
    return head


def test_a_demonstration_ledger_never_goes_to_a_real_central(gate: Gate, central: Central) -> None:
    file = gate.folder / address.FILE
    file.write_text(file.read_text().replace("demo = true", "demo = false"))
    station = _opened(gate)
    assert station.online is None
    assert "central" not in " ".join(_dots(station))
    station.close()
    assert not central.seen


def test_a_till_whose_central_is_named_wrongly_says_so_and_sells(gate: Gate, central: Central) -> None:
    (gate.folder / address.FILE).write_text("url = ")
    station = _opened(gate)
    assert [finding.says for finding in station.till.desk.ledger.findings] == [address.BadAddress.says]
    station.thread.ask(lambda: selling(station.till)).result()
    station.close()
