"""Central is put back as it was yesterday: what tills wrote fills it again, and no till misses what comes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gatepos.central import publishing
from gatepos.central.central import PARK_FEEDS
from gatepos.central.store import feeds
from gatepos.domain.keyring import of_till
from gatepos.domain.rates import Rate
from gatepos.wire import feed
from tests.proof.simulated import ENTRIES, EXIT, SECOND, Lane, World
from tests.proof.test_whole_park import folder, lived

__all__ = ["folder"]
pytestmark = pytest.mark.proof
BUSY, QUIET, STOLEN = ENTRIES
LATER = "XNE2"
RATE, ANOTHER = Rate("2026-02", 1_301_000), Rate("2026-02", 1_315_000)


@pytest.fixture
def world(folder: Path, seed: int) -> Iterator[World]:
    """A park of which a copy of central from this morning was put back.

    Since the copy a till joined, one was stolen and revoked, and a rate was published; all had heard of it.
    """
    world = lived(folder, seed, 1)
    world.night()
    world.morning()
    world.is_well = True
    world.all_told()
    world.copy_central()
    world.clock.pass_by(60_000)
    world.join(LATER, "EAST")
    since(world, RATE)
    for lane in trusted(world):
        world.sell_at(lane)
    world.all_told()
    assert heard(world) == {(RATE.month, RATE.rate_e4, True)}
    world.put_back_central()
    yield world
    world.close()


def since(world: World, rate: Rate) -> None:
    """What the office did after the copy was made; it does so again when the copy was put back."""
    world.revoke(STOLEN)
    now = world.place.central.now()
    publishing.publish_rate(world.place.store, rate, now, "boss", now)


def trusted(world: World) -> list[Lane]:
    return [lane for code, lane in world.lanes.items() if code not in world.revoked]


def heard(world: World) -> set[tuple[object, ...]]:
    """The rate at each till, and whether it knows that the stolen one is revoked."""
    found: set[tuple[object, ...]] = set()
    for lane in trusted(world):
        row, state = of_till(lane.till.desk.keyring, STOLEN), lane.till.desk.ledger.state
        found.add((state.rate, state.rate_e4, row is not None and row.is_revoked))
    return found


def versions(world: World, lane: Lane) -> dict[str, tuple[int, int]]:
    """How far a till knows each feed, and how far it goes at central."""
    with world.place.store.reading() as tx:
        return {
            name: (
                lane.till.desk.ledger.fed(name).version,
                feeds.version(tx, name, "NNP" if name in PARK_FEEDS else feeds.EVERYBODY),
            )
            for name in feed.ROWS
        }


def check(world: World) -> None:
    """Nothing acknowledged is missing, books and sums are one, and every till knows each feed to its end."""
    world.check()
    for lane in trusted(world):
        for name, (known, last) in versions(world, lane).items():
            assert known == last, (lane.gate.code, name)


def test_what_was_acknowledged_since_comes_again_and_what_was_heard_stays(world: World) -> None:
    assert world.place.count(f"till WHERE till = '{LATER}'") == 0
    before = heard(world)
    world.all_told()
    assert heard(world) == before, "no till went back, though central knows of neither"
    assert world.place.count(f"till WHERE till = '{LATER}'") == 1
    matters = [(what, till) for till, what, _ in world.place.matters()]
    assert ("readmitted", LATER) in matters
    assert matters.count(("revoked_before", STOLEN)) == 1, "whoever heard it tells central, once"
    since(world, RATE)
    world.all_told()
    check(world)
    assert heard(world) == before


def test_what_the_office_says_otherwise_after_a_copy_was_put_back_reaches_every_till(world: World) -> None:
    since(world, ANOTHER)
    world.all_told()
    check(world)
    assert heard(world) == {(ANOTHER.month, ANOTHER.rate_e4, True)}


def test_who_asks_last_misses_nothing_that_came_meanwhile(world: World) -> None:
    busy, late = world.lanes[BUSY], world.lanes[EXIT]
    numbers = [world.issue_at(busy) for _ in range(4)]
    for number in numbers[:2]:
        busy.till.passes.revoke(number, "turned back", SECOND)
    for _ in range(3):
        busy.sync()
        world.lanes[QUIET].sync()
    for number in numbers[2:]:
        busy.till.passes.revoke(number, "turned back", SECOND)
    busy.sync()
    for _ in range(3):
        late.sync()
    words = {late.till.gate.scan(world.passes[number]).word for number in numbers}
    assert words == {"revoked"}
    world.all_told()
    check(world)
