"""Four journals come to central and to each other in any order, in any pieces: all have the same books."""

import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from gatepos.central.store import engine, tills
from gatepos.central.store.engine import Store
from gatepos.errors import Refusal
from gatepos.sync import address as addresses
from gatepos.wire.push import Push
from tests import park
from tests.central.conftest import DATABASES
from tests.central.place import journal_of
from tests.proof.conftest import Rounds
from tests.proof.simulated import PLACES, Lane, World
from tests.proof.test_whole_park import folder, lived

__all__ = ["folder"]
pytestmark = pytest.mark.proof
STEPS = 40
PIECE = 12
"""Entries of a piece, at most."""
Opens = Callable[[], Store]


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Opens]:
    """How a new database is opened, of each kind."""

    def made() -> Opens:
        if request.param == "sqlite":
            place = tmp_path / str(len([*tmp_path.iterdir()]))
            place.mkdir()
            opens = partial(engine.in_folder, place)
        else:
            opens = partial(engine.by_url, request.getfixturevalue("cluster").new_database())
        with closing(opens()) as store, store.writing() as tx:
            tills.make_demo(tx)
        return opens

    return made


class Apart:
    """The four tills of a park after a day, each of which knows what it wrote itself and nothing else."""

    def __init__(self, folder: Path, seed: int):
        world = lived(folder, seed, 1)
        self.folder, self.seed = folder / "apart", seed
        self.passes, self.paid_minor = world.passes, world.paid_minor
        shutil.copytree(world.folder, self.folder)
        world.close()
        for code in PLACES:
            for path in (self.folder / code).glob("ledger.db*"):
                path.unlink()
            for name in ("feeds", "heard"):
                shutil.rmtree(self.folder / code / name, ignore_errors=True)

    def opened(self, place: Path, seed: int, opens: Opens) -> World:
        """They start at a central that knows nothing."""
        world = World(place, self.folder, seed, opens, life="*")
        world.passes, world.paid_minor, world.is_well = self.passes, self.paid_minor, True
        return world


def send_piece(world: World, lane: Lane) -> None:
    """A piece of a till's journal from anywhere in it that central can follow, be it there already."""
    kept, found = journal_of(lane.till), addresses.load(lane.gate.folder, lane.till.desk.ledger)
    assert found is not None
    after = world.chance.randint(0, world.place.count(f"journal WHERE till = '{lane.gate.code}'"))
    piece = kept[after : after + world.chance.randint(1, PIECE)]
    sent = Push(after, lane.till.desk.ledger.hash_at(after), piece)
    answer = world.place.push(lane.gate.code, found.token, sent, found.certificate)
    assert answer.status_code == 200, answer.text


def carry(world: World, lane: Lane) -> None:
    """A bundle of what a till wrote after some entry comes to another on a stick."""
    other = world.lanes[world.chance.choice([*world.lanes])]
    if other is not lane:
        park.tell(lane.till, other.till, after=world.chance.randrange(lane.till.desk.ledger.head[0]))


def restart(world: World, lane: Lane) -> None:
    """A till is switched off and on, perhaps without its ledger's file."""
    is_lost = world.chance.random() < 0.5
    world.reopen(lane.gate.code, (lambda folder: (folder / "ledger.db").unlink()) if is_lost else _nothing)


def _nothing(_: Path) -> None:
    pass


ACTS: dict[str, Callable[[World, Lane], object]] = {
    "pieces": send_piece,
    "bundles": carry,
    "talks": lambda _, lane: lane.sync(),
    "pulls": lambda _, lane: lane.puller.round(),
    "restarts": restart,
}
OFTEN = ("pieces", "pieces", "pieces", "bundles", "bundles", "talks", "pulls", "restarts")


def test_in_whatever_order_four_journals_come_all_books_are_the_same(
    folder: Path, database: Callable[[], Opens], seed: int, rounds: Rounds
) -> None:
    counts: Counter[str] = Counter()
    count = rounds(2, 400)
    apart = Apart(folder, seed)
    for n in range(count):
        world = apart.opened(folder / f"world-{n}", seed + n, database())
        for _ in range(STEPS):
            act = world.chance.choice(OFTEN)
            try:
                ACTS[act](world, world.chance.choice([*world.lanes.values()]))
                counts[act] += 1
            except Refusal as refusal:
                counts[type(refusal).__name__] += 1
        try:
            world.all_told()
            world.check()
        except Exception:
            print(f"\ninterleaved: seed {seed + n} fails")
            raise
        world.close()
    print(f"\ninterleaved: {count} parks, seeds from {seed}: {dict(counts)}, all books the same")
