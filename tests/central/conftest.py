"""A central on each database, a real till's journal to send it, and a browser to look with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from gatepos import app
from gatepos.central.store import engine
from gatepos.rehearsal.postgresql import Cluster, WhyNot, started
from gatepos.seal.keys import TillKey
from gatepos.till.till import Till
from tests.central.place import Place, Sender, sender
from tests.central.safaricom import Safaricom, listening

CHROMIUM = Path("/usr/bin/chromium")
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
        store = engine.in_folder(tmp_path)
    else:
        store = engine.by_url(request.getfixturevalue("cluster").new_database())
    yield Place(store, request.param == "sqlite")
    store.close()


@pytest.fixture
def till(place: Place, sell: Till) -> Sender:
    """A till that sold nothing yet, known to central."""
    folder = sell.desk.ledger.folder
    return sender(place, sell, TillKey.load(folder / app.KEY))


@pytest.fixture
def safaricom() -> Iterator[Safaricom]:
    """Daraja on loopback."""
    with listening() as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed (Debian: chromium)")
    with sync_playwright() as playwright:
        # Its sandbox does not start for root, as which the tests may run; it opens loopback alone.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
