"""A desk for every test of the ledger."""

from pathlib import Path

import pytest

from tests.ledger.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A folder for a ledger."""
    return Desk(tmp_path / "park")
