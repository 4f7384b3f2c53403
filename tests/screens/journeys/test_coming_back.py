"""The medical re-entry, and campers of two nights: a ground at the exit, green at the entry, paid once."""

from pathlib import Path

import pytest

from gatepos.domain import moments
from gatepos.domain.bill import FeeKey
from gatepos.domain.entry import Entry
from gatepos.ledger import takings
from gatepos.ledger.takings import Span
from gatepos.screens.people import DAYS, NIGHTS
from gatepos.screens.playing import Hands
from tests.gate import EA_CITIZEN, Gate
from tests.screens.conftest import asked
from tests.screens.test_scan import Lane

TENT: FeeKey = ("camping_public", "ea_citizen", "adult")
HOUR_MS = 60 * moments.MINUTE_MS


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    """A till at Lake Nakuru, where people camp."""
    return Gate(tmp_path / "park", code="XLM2", park="LNK")


def vehicle(hands: Hands) -> None:
    """A car, and its plate."""
    sell = hands.floor.sell
    hands.touch(sell.people.vehicles[1])
    hands.until(lambda: sell.typing.is_asking)
    hands.settle()
    hands.type("KDA412M")
    hands.enter()


def pay(hands: Hands) -> Lane:
    """By M-PESA; the paper is at the lane's scanner then."""
    sell = hands.floor.sell
    hands.touch(sell.ways.tenders["mpesa"])
    hands.type("UA26X1Y2ZQ")
    hands.enter()
    hands.until(lambda: sell.is_recorded)
    last = asked(hands, hands.floor.till.payments.recorded)
    return Lane(hands, [last.qr])


def answer(hands: Hands, field: str, typed: str) -> None:
    """A field of the bill, touched and typed anew."""
    sell = hands.floor.sell
    hands.touch(sell.people.fields[field])
    hands.until(lambda: sell.typing.is_asking)
    hands.settle()
    hands.type(typed)
    hands.enter()


def leave(lane: Lane, ground: str) -> None:
    """At the exit: the scan, then the ground, two touches."""
    hands, screen = lane.hands, lane.screen
    hands.touch(screen.lane.turn)
    hands.touches = 0
    assert lane.scan(lane.papers[0]).word == "let_out"
    hands.touch(screen.lane.back)
    hands.touch(next(tile for tile in screen.choosing.tiles if tile.name == ground))
    hands.until(lambda: screen.view is not None and bool(screen.view.back))
    assert hands.touches == 2


def come_back(lane: Lane) -> None:
    """At the entry: the scan, and nothing else."""
    hands, screen = lane.hands, lane.screen
    hands.touch(screen.lane.turn)
    hands.touches = 0
    assert lane.scan(lane.papers[0]).word == "coming_back"
    assert (screen.lane.verdict.tone, hands.touches) == ("green", 0)


def leave_for_good(lane: Lane) -> None:
    """At the exit: the scan, and nothing else."""
    lane.hands.touch(lane.screen.lane.turn)
    lane.hands.touches = 0
    assert lane.scan(lane.papers[0]).word == "let_out"
    assert lane.hands.touches == 0


def closed(hands: Hands, mpesa: str) -> Entry:
    """The Z of a shift whose clerk counted so much of M-PESA, blind."""
    shift = hands.floor.shift
    hands.touch(hands.floor.bar.tabs["shift"])
    hands.touch(shift.count.others["mpesa"].line)
    hands.type(mpesa)
    shift.typing.dismiss()
    hands.touch(shift.count.close_shift)
    hands.until(lambda: shift.panel.heading.isVisible())
    return asked(hands, lambda: hands.floor.till.desk.ledger.of_kind("shift.closed")[-1])


def off(z: Entry) -> list[object]:
    """What is over or short on a Z."""
    rows = z.data["difference"]
    assert isinstance(rows, list)
    return [row for row in rows if row["amount_minor"]]


def sums(hands: Hands) -> tuple[int, int, int]:
    """People and KES charged, and KES taken, since the first day."""

    def ask() -> tuple[int, int, int]:
        till = hands.floor.till
        rows = takings.of_ledger(till.desk.ledger.conn)
        span = Span((till.desk.own.till,), "2026-01-02", "2026-01-04")
        (all_,), (taken,) = takings.charged(rows, span), takings.taken(rows, span)
        return all_.people, all_.kes_minor, taken.minor

    return asked(hands, ask)


def test_the_medical_re_entry(selling: Hands, gate: Gate) -> None:
    hands = selling
    hands.add(hands.floor.sell.people.cells[EA_CITIZEN], 2)
    vehicle(hands)
    lane = pay(hands)
    assert hands.touches == 6, "two people, the car, its plate, the tender, its code"
    hands.touch(hands.floor.bar.tabs["scan"])
    leave(lane, "Medical")
    assert "until 19:00" in lane.screen.lane.verdict.next
    gate.clock.pass_by(HOUR_MS)
    come_back(lane)
    assert lane.screen.lane.verdict.title == "Re-admit until 19:00"
    gate.clock.pass_by(HOUR_MS)
    leave_for_good(lane)
    total_minor = 2 * 150_000 + 60_000
    assert sums(hands) == (2, total_minor, total_minor)
    z = closed(hands, "3,600")
    assert (z.data["sold_minor"], z.data["receipts"], off(z)) == (total_minor, 1, [])


def test_campers_two_nights(selling: Hands, gate: Gate) -> None:
    hands, sell = selling, selling.floor.sell
    hands.add(sell.people.cells[EA_CITIZEN], 2)
    hands.touch(sell.people.more)
    hands.add(sell.more.tiles[TENT], 2)
    hands.touch(sell.more.back)
    answer(hands, DAYS, "2")
    answer(hands, NIGHTS, "2")
    vehicle(hands)
    lane = pay(hands)
    assert hands.touches == 14, "camping costs four more, two days and two nights four"
    assert sell.done.amount.text() == "KES 8,200"
    (entry,) = asked(hands, lambda: hands.floor.till.desk.ledger.of_kind("receipt.issued"))
    lines = entry.data["lines"]
    assert isinstance(lines, list)
    camping = [line for line in lines if line["fee"] == "camping_public"]
    assert [(line["count"], line["times"], line["kes_minor"]) for line in camping] == [(2, 2, 100_000)]
    hands.touch(hands.floor.bar.tabs["scan"])
    for _ in range(2):
        leave(lane, "Camping")
        gate.clock.pass_by(10 * HOUR_MS)
        come_back(lane)
        gate.clock.pass_by(10 * HOUR_MS)
    leave_for_good(lane)
    total_minor = 2 * 2 * 150_000 + 2 * 60_000 + 2 * 2 * 25_000
    assert sums(hands) == (2, total_minor, total_minor)
    z = closed(hands, "8,200")
    assert (z.data["sold_minor"], z.data["receipts"], off(z)) == (total_minor, 1, [])
