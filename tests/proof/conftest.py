"""Proofs run short in every test run and long by option; each prints its seed and its counts."""

import random
from collections.abc import Callable

import pytest

from tests.central.conftest import cluster, place, safaricom, till

__all__ = ["cluster", "place", "safaricom", "till"]  # what they are to other tests, they are here

Rounds = Callable[[int, int], int]
SHORT_SEED = 20260102


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="the long form of the proofs")
    parser.addoption("--rounds", type=int, default=None, help="so many rounds instead")
    parser.addoption("--seed", type=int, default=None, help="repeat a proof with its seed; 0 draws one")


def seed_of(config: pytest.Config) -> int:
    """The seed of a proof: the short form plays the same each time."""
    given: int | None = config.getoption("--seed")
    if given is None:
        given = 0 if config.getoption("--long") else SHORT_SEED
    return given or random.SystemRandom().randrange(1, 2**32)


def rounds_of(config: pytest.Config) -> Rounds:
    """How many rounds of a proof, by its short and its long form."""
    given: int | None = config.getoption("--rounds")
    return lambda short, long: given or (long if config.getoption("--long") else short)


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """The seed of this proof, printed with its counts."""
    return seed_of(request.config)


@pytest.fixture
def is_long(request: pytest.FixtureRequest) -> bool:
    """Whether the long form was asked for."""
    return bool(request.config.getoption("--long"))


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Rounds:
    """How many rounds of this proof."""
    return rounds_of(request.config)
