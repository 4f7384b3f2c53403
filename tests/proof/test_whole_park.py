"""A whole park from one seed: after every simulated day nothing is lost, doubled, or owed by nobody."""

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatepos.central.receiving import New
from gatepos.central.store import journal
from gatepos.central.store.engine import Transaction
from tests.central.place import journal_of
from tests.proof import simulated
from tests.proof.conftest import Rounds
from tests.proof.simulated import Broken, World

pytestmark = pytest.mark.proof
DAYS = 2
MEMORY = Path("/dev/shm")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: the park is on trial here, not the disk."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        simulated.template(Path(name) / "made")
        yield Path(name)


def lived(folder: Path, seed: int, days: int = DAYS) -> World:
    """A park after so many days, each checked."""
    world = World(folder / str(seed), folder / "made", seed)
    for n in range(days):
        if n:
            world.night()
        world.day()
        world.check()
    return world


def test_whatever_happens_in_a_park_nothing_is_lost(folder: Path, seed: int, rounds: Rounds) -> None:
    counts: Counter[str] = Counter()
    for n in range(rounds(20, 20_000)):
        try:
            world = lived(folder, seed + n)
        except Exception:
            print(f"\nwhole park: seed {seed + n} fails")
            raise
        counts += world.counts
        world.close()
    print(
        f"\nwhole park: seeds from {seed}: " + ", ".join(f"{n} {what}" for what, n in sorted(counts.items()))
    )


def test_the_same_seed_is_the_same_park_to_the_byte(folder: Path, seed: int) -> None:
    told: set[tuple[bytes, ...]] = set()
    for _ in range(2):
        world = lived(folder, seed, 1)
        told.add(tuple(raw for lane in world.lanes.values() for raw, _ in journal_of(lane.till)))
        world.close()
    assert len(told) == 1


# Controls: with a part broken on purpose, the proof must see it.


def test_a_central_that_loses_an_entry_is_seen(
    folder: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = journal.store

    def all_but_one(tx: Transaction, till: str, new: list[New], *rest: object) -> None:
        store(tx, till, new[:-2] + new[-1:] if len(new) > 3 else new, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(journal, "store", all_but_one)
    with pytest.raises(Broken, match=r"missing|differs"):
        lived(folder, seed)


@pytest.mark.parametrize(
    ("harm", "seen"),
    [
        ("UPDATE posting SET amount_minor = amount_minor + 100", "books"),
        ("DELETE FROM posting WHERE account LIKE 'asset:receivable:%'", "books"),
    ],
)
def test_money_made_or_lost_at_central_is_seen(folder: Path, seed: int, harm: str, seen: str) -> None:
    world = lived(folder, seed, 1)
    with world.place.store.writing() as tx:
        tx.write(harm)
    with pytest.raises(Broken, match=seen):
        world.check()
    world.close()
