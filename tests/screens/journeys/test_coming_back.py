"""The medical re-entry, and campers of two nights: a ground at the exit, green at the entry, paid once."""

from gatepos.domain import moments
from gatepos.ledger import takings
from gatepos.ledger.takings import Span
from gatepos.screens.playing import Hands
from tests.gate import EA_CITIZEN, Gate
from tests.screens.conftest import asked
from tests.screens.test_scan import Lane


def car(hands: Hands, days: int) -> Lane:
    """A car of two that stays, paid; its paper is at the lane's scanner."""
    till = hands.floor.till

    def sell() -> str:
        till.checkout.count(EA_CITIZEN, 2)
        till.checkout.vehicle(1)
        till.checkout.plate("KDA 412M")
        till.checkout.stay(days, 0)
        till.payments.pay("mpesa")
        return till.payments.mpesa("UA26X1Y2ZQ").qr  # type: ignore[union-attr]

    return Lane(hands, [asked(hands, sell)])


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


def charged(hands: Hands) -> tuple[int, int]:
    """People and KES since the first day."""

    def ask() -> tuple[int, int]:
        till = hands.floor.till
        span = Span((till.desk.own.till,), "2026-01-02", "2026-01-04")
        (all_,) = takings.charged(takings.of_ledger(till.desk.ledger.conn), span)
        return all_.people, all_.kes_minor

    return asked(hands, ask)


def test_the_medical_re_entry(selling: Hands, gate: Gate) -> None:
    lane = car(selling, days=1)
    selling.touch(selling.floor.bar.tabs["scan"])
    leave(lane, "Medical")
    assert "until 19:00" in lane.screen.lane.verdict.next
    gate.clock.pass_by(moments.MINUTE_MS)
    come_back(lane)
    assert lane.screen.lane.verdict.title == "Re-admit until 19:00"
    assert charged(selling) == (2, 260_000)


def test_campers_two_nights(selling: Hands, gate: Gate) -> None:
    lane = car(selling, days=2)
    before = charged(selling)
    selling.touch(selling.floor.bar.tabs["scan"])
    for _ in range(2):
        leave(lane, "Camping")
        gate.clock.pass_by(10 * 60 * moments.MINUTE_MS)
        come_back(lane)
        gate.clock.pass_by(10 * 60 * moments.MINUTE_MS)
    assert charged(selling) == before
