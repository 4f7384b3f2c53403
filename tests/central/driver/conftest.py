"""A van let in on a pass, whose driver looks at it."""

from collections.abc import Iterator

import pytest

from gatepos.till.till import Till
from tests.central.driver.phone import Driver
from tests.central.place import Sender, served
from tests.till.test_passes import outage, van_in


@pytest.fixture
def driver(till: Sender, sell: Till) -> Driver:
    """A driver whose pass central has not heard of."""
    outage(sell)
    return Driver(till.place, till, sell, van_in(sell).number.replace("-", ""))


@pytest.fixture
def address(driver: Driver) -> Iterator[str]:
    """Where a real server shows the driver's page."""
    with served(driver.place.beside()) as url:
        yield f"{url}/P/{driver.token}"
