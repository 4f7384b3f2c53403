"""One till on two machines that take turns: found at once, the money of both kept, nobody else stopped."""

import random
import shutil
from dataclasses import replace

import pytest

from gatepos.domain import entry as entries
from gatepos.domain.health import Alarm
from gatepos.errors import Said
from tests.central.place import journal_of
from tests.gate import counted_ids
from tests.proof.conftest import Rounds
from tests.proof.simulated import ENTRIES, EXIT, Lane, World
from tests.proof.test_apart import world
from tests.proof.test_whole_park import folder
from tests.sync.conftest import name

__all__ = ["folder", "world"]
pytestmark = pytest.mark.proof
TILL, OTHER = ENTRIES[:2]
CLONE = TILL + "*"
MACHINES = (TILL, CLONE)


@pytest.fixture
def cloned(world: World) -> World:
    """A till whose disk was copied into another machine while its shift was open."""
    world.sell_at(world.lanes[TILL])
    world.all_told()
    lane = world.reopen(TILL, lambda folder: shutil.copytree(folder, world.folder / CLONE))
    gate = replace(
        lane.gate, folder=world.folder / CLONE, clock=replace(lane.gate.clock), new_id=counted_ids(CLONE)
    )
    world.lanes[CLONE] = world.opened(gate)
    return world


def sells(world: World, lane: Lane) -> bool:
    """Whether a machine still sells."""
    try:
        world.sell_at(lane)
    except Said:
        return False
    return True


def contact(world: World, code: str) -> Lane:
    """A machine tells and hears, and starts again where it is asked to."""
    lane = world.lanes[code]
    lane.sync()
    if name(lane.pusher.health().trouble) == "EntriesBack":
        lane = world.reopen(code)
        lane.sync()
    return lane


def alarms(world: World) -> set[Alarm | None]:
    return {world.lanes[code].pusher.health().alarm for code in MACHINES}


def check_money(world: World) -> None:
    """Central has what both machines wrote, all of it that moves money, and the sums of that."""
    wrote = {raw: sig for code in MACHINES for raw, sig in journal_of(world.lanes[code].till)}
    with world.place.store.reading() as tx:
        has = {bytes(raw) for (raw,) in tx.rows("SELECT raw FROM journal WHERE till = :till", till=TILL)}
    assert has <= wrote.keys()
    lacking = [entries.known(raw, wrote[raw]) for raw in wrote.keys() - has]
    assert [one.kind for one in lacking if one.postings] == []
    assert world.taken() == world.paid_minor


def check_others(world: World) -> None:
    """The other tills sell, tell and hear as ever."""
    for code in (OTHER, EXIT):
        lane = world.lanes[code]
        assert sells(world, lane)
        lane.sync()
        health = lane.pusher.health()
        assert (health.waiting, health.trouble, health.alarm) == (0, None, None)
        assert [one.trouble for one in lane.puller.health() if one.trouble] == []


@pytest.mark.parametrize("sold_before", [True, False], ids=["both sold", "the clone only started"])
def test_two_machines_of_one_till_are_found_when_the_second_first_meets_central(
    cloned: World, *, sold_before: bool
) -> None:
    first, second = (cloned.lanes[code] for code in MACHINES)
    assert sells(cloned, first)
    first.sync()
    assert alarms(cloned) == {None}
    if sold_before:
        assert sells(cloned, second)
    second.sync()
    alarm = second.pusher.health().alarm
    assert alarm is (Alarm.FORKED if sold_before else Alarm.RETURNED)
    check_others(cloned)
    contact(cloned, CLONE)
    sells(cloned, cloned.lanes[TILL])
    contact(cloned, TILL)
    assert Alarm.FORKED in alarms(cloned)
    assert ("fork", TILL) in [(what, till) for till, what, _ in cloned.place.matters()]
    check_money(cloned)
    check_others(cloned)


def test_whoever_of_two_machines_takes_which_turn_no_money_of_either_is_lost(
    cloned: World, seed: int, rounds: Rounds
) -> None:
    chance, turns, sold = random.Random(seed), rounds(24, 2_000), 0
    met: set[str] = set()
    for _ in range(turns):
        code = chance.choice(MACHINES)
        sold += sells(cloned, cloned.lanes[code])
        if chance.random() < 0.6:
            contact(cloned, code)
            met.add(code)
        if len(met) == len(MACHINES):
            assert alarms(cloned) != {None}
        if chance.random() < 0.3:
            check_others(cloned)
    for code in MACHINES * 2:
        contact(cloned, code)
    branches = cloned.place.count(f"branch WHERE till = '{TILL}'")
    print(
        f"\ntwo machines of one till: seed {seed}, {turns} turns, {sold} sales by them, all at central,"
        f" {branches} branches"
    )
    check_money(cloned)
    check_others(cloned)
    assert Alarm.FORKED in alarms(cloned)
