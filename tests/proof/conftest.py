"""Proofs run short in every test run and long by option; each prints its seed and its counts."""

import random

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="the long form of the proofs")
    parser.addoption("--seed", type=int, default=None, help="repeat a proof with its seed")


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """The seed of this proof, printed with its counts."""
    given = request.config.getoption("--seed")
    return given if given is not None else random.SystemRandom().randrange(2**32)


@pytest.fixture
def is_long(request: pytest.FixtureRequest) -> bool:
    """Whether the long form was asked for."""
    return bool(request.config.getoption("--long"))
