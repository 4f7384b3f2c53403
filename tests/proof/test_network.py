"""A till and central over a network of the kernel that loses packets or is slow: all arrives, once."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.desk import Desk
from tests.proof import badline, namespace
from tests.proof.badline import Line
from tests.proof.conftest import Rounds
from tests.proof.test_central_killed import acked, desk, folder, joined, serving, stored, written

__all__ = ["desk", "folder"]
pytestmark = pytest.mark.proof
ROUNDS_MAX = 30
QUALITIES = {
    "loses": "netem loss 10% delay 20ms 10ms",
    "loses and reorders at 512 kbit/s": "netem loss 3% delay 30ms 20ms rate 512kbit",
    "512 kbit/s": "tbf rate 512kbit burst 16kb latency 2s",
}


@pytest.fixture(params=[*QUALITIES.values()], ids=[*QUALITIES])
def network(request: pytest.FixtureRequest) -> Iterator[str]:
    """A network of each quality, or which of them this machine cannot make."""
    try:
        with namespace.made(request.param) as name:
            yield name
    except namespace.NotPossible as error:
        pytest.skip(f"not possible here: {error}")


def test_over_a_network_that_loses_or_is_slow_all_arrives_once(
    network: str, desk: Desk, folder: Path, rounds: Rounds
) -> None:
    desk.made(rounds(400, 20_000))
    line = Line(random.Random(1), badline.then_well())
    with namespace.inside(network), joined(desk, folder, line) as till:
        with serving(folder, line):
            tries = next(
                n for n in range(1, ROUNDS_MAX) if till.round() == "" and acked(till) == till.ledger.head[0]
            )
        print(f"\nnetwork: {till.ledger.head[0]} entries, all at central after {tries} rounds")
        assert stored(folder) == written(till)
