"""A central on each database, and a real till's journal to send it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gatepos import app
from gatepos.rehearsal.postgresql import Cluster, WhyNot, started
from gatepos.seal.keys import TillKey
from gatepos.till.till import Till
from tests import loopback
from tests.central import stores
from tests.central.place import Place, Sender, sender
from tests.central.safaricom import Safaricom

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A PostgreSQL server of our own, once a run."""
    try:
        with started() as cluster:
            yield cluster
    except WhyNot as error:
        pytest.skip(str(error))


@pytest.fixture(params=DATABASES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A new central."""
    if request.param == "sqlite":
        store = stores.in_folder(tmp_path)
    else:
        store = stores.on(request.getfixturevalue("cluster"))
    yield Place(store, request.param == "sqlite", folder=tmp_path)
    store.close()


@pytest.fixture
def till(place: Place, sell: Till) -> Sender:
    """A till that sold nothing yet, known to central."""
    folder = sell.desk.ledger.folder
    return sender(place, sell, TillKey.load(folder / app.KEY))


@pytest.fixture
def safaricom() -> Iterator[Safaricom]:
    """Daraja on loopback."""
    server = Safaricom()
    with loopback.at_work(server):
        yield server
