"""What tests of gates share: three tills of one park, in an outage at one of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gatepos.till.till import Till
from tests import park
from tests.gate import Gate
from tests.till.test_passes import outage

Tills = tuple[Till, Till, Till]


@pytest.fixture
def gates(tmp_path: Path) -> dict[str, Gate]:
    """The folders and clocks of three tills."""
    return park.gates(tmp_path)


@pytest.fixture
def tills(gates: dict[str, Gate]) -> Iterator[Tills]:
    """An entry till in an outage, a second one beside it, and one at an exit of another gate."""
    entry, beside, far = park.built(gates)
    outage(entry)
    far.gate.turn()
    yield entry, beside, far
    for till in (entry, beside, far):
        till.desk.ledger.close()
