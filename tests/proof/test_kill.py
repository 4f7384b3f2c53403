"""kill -9 at random moments of a selling till: nothing acknowledged is lost, nothing is there twice."""

import random
from collections import Counter
from pathlib import Path

import pytest

from gatepos import app
from gatepos.ledger import verification
from gatepos.rehearsal import park
from tests.proof.conftest import Rounds
from tests.proof.running import Running, sale

pytestmark = pytest.mark.proof
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def code(n: int) -> str:
    """A payment code that no other sale has."""
    return f"UA2{_LETTERS[n // 10_000 % 24]}{_LETTERS[n // 240_000 % 24]}{n % 10_000:04d}X"


def begin(folder: Path) -> None:
    """A demonstration till with a shift open."""
    till = park.make(folder, app.real_world())
    park.sign_in(till, park.CLERK)
    till.shifts.open("0")
    till.desk.ledger.close()
    (folder / "settings.toml").unlink()


def signed_in(folder: Path) -> Running:
    """The till running, its clerk back at the window."""
    running = Running(folder)
    running.ask({"do": "sign_in", "staff": park.CLERK.number, "pin": park.CLERK.pin})
    return running


def test_a_till_killed_at_random_moments_loses_and_doubles_nothing(
    tmp_path: Path, seed: int, rounds: Rounds
) -> None:
    count = rounds(12, 10_000)
    chance = random.Random(seed)
    folder = tmp_path / "park"
    begin(folder)
    acknowledged: dict[str, str] = {}
    sent = 0
    for _ in range(count):
        running = signed_in(folder)
        for _ in range(chance.randint(0, 3)):
            sent += 1
            answer = running.ask(sale(f"sale-{sent:08d}", code(sent)))
            acknowledged[f"sale-{sent:08d}"] = answer["number"]
        sent += 1
        running.tell(sale(f"sale-{sent:08d}", code(sent)))
        late = running.answers_within(chance.random() * 0.006) + running.kill()
        acknowledged.update({a["id"]: a["number"] for a in late if a.get("recorded")})
        assert running.process.returncode == -9

    running = signed_in(folder)
    again = {id_: running.ask(sale(id_, code(int(id_[5:])))) for id_ in acknowledged}
    running.stop()
    lost = [id_ for id_, number in acknowledged.items() if again[id_]["number"] != number]
    till = app.open_till(folder)
    numbers = [e.number for e in till.desk.ledger.of_kind("receipt.issued")]
    ids = Counter(e.id for e in till.desk.ledger.of_kind("receipt.issued"))
    report = verification.verify(till.desk.ledger.conn, [folder / "tape"])
    till.desk.ledger.close()
    print(
        f"\nkill -9: seed {seed}, {count} kills, {sent} sales sent, {len(acknowledged)} acknowledged,"
        f" {len(numbers)} recorded, {len(lost)} lost, {len(numbers) - len(ids)} doubled"
    )
    assert not lost
    assert len(set(numbers)) == len(numbers) == len(ids)
    assert report.findings == []
