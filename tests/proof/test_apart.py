"""What all tills hear and one does, and what tills do that never hear each other, is in the books once."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gatepos.central.store import following
from gatepos.domain import bill as bills
from gatepos.till.views import RecordedView
from tests.proof.conftest import Rounds
from tests.proof.simulated import ENTRIES, Lane, World
from tests.proof.test_whole_park import folder

__all__ = ["folder"]
pytestmark = pytest.mark.proof


@pytest.fixture
def world(folder: Path, seed: int) -> Iterator[World]:
    """A park on a morning on which every line is well."""
    world = World(folder / str(seed), folder / "made", seed)
    world.is_well = True
    world.morning()
    yield world
    world.close()


def entries_of(world: World, kind: str, **data: str) -> Counter[str]:
    """How many entries of a kind that say something each till wrote."""
    return Counter(
        code
        for code, lane in world.lanes.items()
        for entry in lane.till.desk.ledger.of_kind(kind)
        if all(entry.data[name] == value for name, value in data.items())
    )


def written(world: World) -> int:
    """How many entries all tills wrote, beside what says that a payment is confirmed."""
    heads = sum(lane.till.desk.ledger.head[0] for lane in world.lanes.values())
    return heads - sum(entries_of(world, "payment.confirmed").values())


def turned(lane: Lane, direction: str) -> None:
    if lane.till.gate.direction != direction:
        lane.till.gate.turn()


def let_out(world: World, lane: Lane, number: str, code: str) -> None:
    """Who shows a pass at a lane is let out on a payment that central saw."""
    turned(lane, "out")
    assert lane.till.gate.scan(world.passes[number]).word == "not_paid"
    lane.till.settlements.pay("mpesa")
    assert isinstance(lane.till.settlements.mpesa(code), RecordedView)
    lane.till.gate.leave()


# All hear one payment.


def test_a_payment_that_all_tills_hear_is_posted_and_confirmed_where_it_was_taken_alone(
    world: World, seed: int, rounds: Rounds
) -> None:
    chance, count = random.Random(seed), rounds(4, 300)
    taken: dict[str, tuple[str, str]] = {}
    for _ in range(count):
        number = world.issue_at(world.lanes[chance.choice(ENTRIES)])
        owed_minor = world.lanes[number[:4]].till.desk.ledger.receivables.owed(number)
        world.all_told()
        before = written(world)
        code = world.report_of(number, owed_minor)
        world.all_told()
        for lane in world.lanes.values():
            assert [one.trans_id for one in lane.till.feeds.payments(number)] == [code]
        assert written(world) == before, "what is heard is nobody's entry"
        where = chance.choice([*world.lanes])
        is_first = chance.random() < 0.5
        if is_first:
            let_out(world, world.lanes[where], number, code)
        world.confirm(code)
        world.all_told()
        if not is_first:
            let_out(world, world.lanes[where], number, code)
        world.paid_minor += owed_minor
        taken[number] = (code, where)
        world.reopen(chance.choice([*world.lanes]), lose_file)
        world.all_told()
    unclaimed = world.report_of(number, 10_000)
    world.confirm(unclaimed)
    world.all_told()
    for number, (code, where) in taken.items():
        assert entries_of(world, "pass.settled", **{"pass": number}) == {where: 1}
        assert entries_of(world, "payment.confirmed", reference=code) == {where: 1}, (number, where)
    assert not entries_of(world, "payment.confirmed", reference=unclaimed)
    world.check()
    print(f"\none payment, all tills: seed {seed}, {count} payments, each posted and confirmed once")


def lose_file(folder: Path) -> None:
    (folder / "ledger.db").unlink()


# None hears another.


@pytest.mark.parametrize("is_read", [True, False], ids=["by the paper", "from sight"])
def test_what_is_issued_and_paid_at_tills_that_never_meet_closes_at_central(
    world: World, seed: int, rounds: Rounds, *, is_read: bool
) -> None:
    chance, count = random.Random(seed), rounds(12, 500)
    for lane in world.lanes.values() if is_read else ():
        lane.sync()  # each knows the others' keys, and none of what they write
    owed: dict[str, int] = {}
    for _ in range(count):
        issuer = world.lanes[chance.choice(ENTRIES)]
        number = world.issue_at(issuer)
        owed[number] = whole_minor = issuer.till.desk.ledger.receivables.owed(number)
        others = [lane for lane in world.lanes.values() if lane is not issuer]
        for lane in chance.sample(others, chance.choice((0, 1, 1, 1, 2))):
            paid_minor = whole_minor // chance.choice((1, 1, 2)) // 100 * 100
            pay_apart(world, lane, number, paid_minor, is_read=is_read)
            owed[number] -= paid_minor
        assert issuer.till.desk.ledger.receivables.owed(number) == whole_minor
        tell(chance.choice([*world.lanes.values()]))
    for lane in world.lanes.values():
        tell(lane)
    following.catch_up_all(world.place.store, world.place.central.now())
    left = Counter((minor > 0) - (minor < 0) for minor in owed.values())
    print(
        f"\nnever met: seed {seed}, {count} passes: {left[0]} paid, {left[1]} owing, {left[-1]} paid twice,"
        f" KES {sum(owed.values()) // 100} left, at central too"
    )
    assert receivables(world) == owed
    world.check_sums()


def pay_apart(world: World, lane: Lane, number: str, amount_minor: int, *, is_read: bool) -> None:
    """Who goes out pays at a lane that never heard of their pass, by its code or by what is seen of them."""
    turned(lane, "out")
    till = lane.till
    word = till.gate.scan(world.passes[number]).word
    assert word == ("not_paid" if is_read else "unknown_till")
    if not is_read:
        issued = world.lanes[number[:4]].till.desk.ledger.by_number(number)
        assert issued is not None
        till.sight.begin()
        till.filling.take(replace(bills.from_data(issued.data), enter_on=till.desk.today()))
        till.sight.from_sight(number, "unknown_till")
    till.settlements.pay("mpesa")
    world.pay(till.settlements, amount_minor)
    till.gate.leave()
    turned(lane, "in")


def tell(lane: Lane) -> None:
    """A till tells central, and hears nothing."""
    lane.gate.clock.pass_by(300_000)
    lane.pusher.round()


def receivables(world: World) -> dict[str, int]:
    """What central knows to be owed on each pass."""
    with world.place.store.reading() as tx:
        rows = tx.rows("SELECT account, sum(amount_minor) FROM posting GROUP BY account")
    prefix = "asset:receivable:"
    return {account.removeprefix(prefix): int(total) for account, total in rows if account.startswith(prefix)}
