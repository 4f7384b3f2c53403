"""The morning of an outage on the real kiosk: passes in, papers scanned on the way out, a statement."""

from collections.abc import Callable

from PySide6.QtCore import Qt

from gatepos.domain import receipt
from gatepos.rehearsal import park, vans
from gatepos.rehearsal.vans import Van
from gatepos.screens import places
from gatepos.screens.playing import Hands

AUTHORITY = "KWS/OPS/2026/1"
Fill = Callable[[Hands, Van], None]


def play(hands: Hands, pass_by: Callable[[int], None], fill: Fill) -> None:
    """The platform goes down: two vehicles go in on passes, come out, and the outage is closed."""
    hands.touch(hands.floor.bar.tabs[places.SELL])
    _open(hands)
    fill(hands, vans.ordinary())
    hands.press(Qt.Key.Key_F5)
    hands.shoot("pass-issued")
    pass_by(2)
    fill(hands, next(van for van in vans.queue(5) if van.band == 1))
    hands.press(Qt.Key.Key_F5)
    hands.touch(hands.floor.bar.tabs[places.PASSES])
    hands.until(lambda: len(hands.floor.passes.found.tiles) == 2)
    first, second = hands.floor.passes.found.tiles
    hands.touch(hands.floor.passes.found.tiles[first])
    hands.shoot("passes")
    pass_by(150)
    _lane(hands)
    _paid(hands, first)
    _leaves_owing(hands, second)
    _not_a_pass(hands)
    hands.press(Qt.Key.Key_F7)
    _close(hands)


def _open(hands: Hands) -> None:
    """F5 asks about an outage where there is none; the supervisor agrees to it."""
    sell = hands.floor.sell
    hands.press(Qt.Key.Key_F5)
    hands.until(lambda: sell.left.currentWidget() is sell.outage)
    hands.touch(sell.outage.authority.line)
    hands.type(AUTHORITY)
    hands.shoot("outage")
    assert sell.typing.keyboard is not None
    for _ in range(4):
        hands.touch(sell.typing.keyboard.keys["↵"])
    hands.until(lambda: sell.left.currentWidget() is sell.second)
    for typed in (park.SUPERVISOR.number, park.SUPERVISOR.pin):
        hands.type(typed)
        hands.enter()
    hands.until(lambda: bool(sell.view and sell.view.may_pass))


def _lane(hands: Hands) -> None:
    """The same till is an exit lane now."""
    hands.touch(hands.floor.bar.tabs[places.SCAN])
    hands.press(Qt.Key.Key_F7)
    hands.shoot("scan")


def _paid(hands: Hands, number: str) -> None:
    """The driver pays on the way out, and the barrier opens once it is recorded."""
    scan = hands.floor.scan
    _read(hands, _paper(hands, number))
    hands.shoot("scan-not-paid")
    hands.press(Qt.Key.Key_F1)
    hands.shoot("scan-pay")
    hands.type(vans.code_of(hands.floor.till.desk.today(), "4PASS0A"))
    hands.enter()
    hands.until(lambda: bool(scan.view and scan.view.word == "let_out"))
    hands.shoot("scan-let-out")
    hands.until(lambda: not scan.done.bounces)
    hands.touch(scan.done.next)


def _leaves_owing(hands: Hands, number: str) -> None:
    """No payment comes through: nobody is kept in."""
    scan = hands.floor.scan
    _read(hands, _paper(hands, number))
    hands.touch(scan.ways.undertaking)
    hands.shoot("scan-why-owing")
    hands.touch(scan.choosing.tiles[0])
    hands.until(lambda: bool(scan.view and scan.view.word != "not_paid"))
    hands.shoot("scan-undertaking")


def _not_a_pass(hands: Hands) -> None:
    _read(hands, "https://ecitizen.go.ke/ticket/4471")
    hands.shoot("scan-not-ours")


def _close(hands: Hands) -> None:
    """The platform is back: the statement is read and printed by whoever opened it."""
    sell = hands.floor.sell
    hands.touch(hands.floor.strip.outage)
    hands.until(lambda: sell.left.currentWidget() is sell.outage)
    hands.shoot("outage-statement")
    hands.touch(sell.outage.close_it)
    hands.until(lambda: not hands.floor.strip.outage.isVisible())


def _paper(hands: Hands, number: str) -> str:
    """What the code on a pass's paper says."""
    till = hands.floor.till
    entry = hands.floor.station.thread.ask(
        lambda: till.desk.ledger.by_number(number.replace("-", ""))
    ).result()
    assert entry is not None
    return receipt.qr_text(entry)


def _read(hands: Hands, text: str) -> None:
    """A scanner reads a code."""
    before = hands.floor.scan.view
    hands.floor.read(text, "wedge")
    hands.until(lambda: hands.floor.scan.view is not before)
    hands.settle()
