"""A van let in on a pass, whose driver looks at it; and a real browser to look with."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from gatepos.till.till import Till
from tests.central.driver.phone import Driver
from tests.central.place import Sender
from tests.till.test_passes import outage, van_in

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture
def driver(till: Sender, sell: Till) -> Driver:
    """A driver whose pass central has not heard of."""
    outage(sell)
    return Driver(till.place, till, sell, van_in(sell).number.replace("-", ""))


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


@pytest.fixture
def address(driver: Driver) -> Iterator[str]:
    """Where a real server shows the driver's page."""
    config = uvicorn.Config(driver.place.app, port=0, access_log=False, log_level="warning", lifespan="on")
    server, socket = uvicorn.Server(config), config.bind_socket()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{socket.getsockname()[1]}/P/{driver.token}"
    finally:
        server.should_exit = True
        thread.join()
