"""What all tests share: no display is needed, and a gate is made in a folder of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatepos.till.till import Till
from tests.gate import Gate, selling

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


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
