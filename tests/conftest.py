"""What all tests share: no display is needed, a gate in a folder of its own, a browser to look with."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, sync_playwright

from gatepos.till.till import Till
from tests.gate import Gate, selling

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
CHROMIUM = Path("/usr/bin/chromium")
# A machine that is busy is no fault of what is tested.
hypothesis.settings.register_profile("gatepos", deadline=None)
hypothesis.settings.load_profile("gatepos")


def pytest_collection_finish() -> None:
    """All tests and what they import stay: Python need not look through them again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def collected() -> Iterator[None]:
    """What a window left in rings ends before another test makes it end on another thread."""
    yield
    if not gc.isenabled():
        gc.collect()
        gc.enable()


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    """A folder for a till."""
    return Gate(tmp_path / "park")


@pytest.fixture
def sell(gate: Gate) -> Iterator[Till]:
    """A till with a clerk at the window and a shift open."""
    till = selling(gate.built())
    yield till
    till.desk.ledger.close()


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
