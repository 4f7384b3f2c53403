"""One bit, one cut, one deletion in ledger, WAL or tape: nothing silent, nothing acknowledged lost."""

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.proof import faults
from tests.proof.conftest import Rounds
from tests.proof.faults import DAMAGES

pytestmark = pytest.mark.proof


def test_a_damage_to_one_file_is_harmless_or_found_and_loses_nothing(
    tmp_path: Path, seed: int, rounds: Rounds
) -> None:
    count = rounds(120, 100_000)
    chance = random.Random(seed)
    template, acknowledged = faults.template(tmp_path / "template")
    made: Counter[str] = Counter()
    failures = []
    for n in range(count):
        gate = faults.copied(template, tmp_path / "damaged")
        path = chance.choice(
            [gate.folder / "ledger.db", gate.folder / "ledger.db-wal", *(gate.folder / "tape").iterdir()]
        )
        damage = chance.choices(DAMAGES, (6, 3, 1))[0]
        what = damage(path, chance)
        found = faults.outcome(gate, acknowledged)
        made[f"{damage.__name__} {path.suffix}: {found.word}"] += 1
        if found.lost or found.is_silent:
            failures.append((n, what, found))
        shutil.rmtree(gate.folder)
    print(f"\nfaults: seed {seed}, {count} damages to one file, {len(acknowledged)} entries acknowledged")
    for word, count in sorted(made.items()):
        print(f"  {count:6d} {word}")
    print(f"  {sum(f.is_silent for *_, f in failures)} silent, {sum(f.lost for *_, f in failures)} lost")
    assert failures == []
