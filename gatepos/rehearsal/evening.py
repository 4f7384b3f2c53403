"""The manager's evening on the real kiosk: the day at a glance, M-PESA's statement, the line to central."""

from pathlib import Path

from PySide6.QtCore import Qt

from gatepos.domain.claims import Claim
from gatepos.rehearsal import provider
from gatepos.screens import places
from gatepos.screens.central import CENTRAL_KEY
from gatepos.screens.page import Page
from gatepos.screens.playing import Hands

_SEED = 7


def play(hands: Hands) -> None:
    """A manager is at the window: what was taken is looked at, and what came in is compared with it."""
    floor = hands.floor
    hands.touch(floor.bar.tabs[places.TAKINGS])
    hands.until(lambda: floor.takings.face.is_counted)
    hands.shoot("takings")
    hands.touch(floor.takings.panel.reconcile)
    hands.until(lambda: bool(floor.reconcile.matches))
    statement, *_ = provider.export(_claims(hands), _folder(hands), _SEED)
    read(hands, statement)
    hands.touch(next(iter(floor.reconcile.found.tiles.values())))
    hands.shoot("reconciliation")
    hands.touch(floor.bar.tabs[places.SELL])
    hands.press(getattr(Qt.Key, f"Key_{CENTRAL_KEY}"))
    hands.until(floor.central.isVisible)
    hands.shoot("central")
    hands.touch(floor.central.panel.back)


def read(hands: Hands, statement: Path) -> None:
    """Read a statement at Reconciliation, where a manager is."""
    room = hands.floor.reconcile
    hands.touch(room.panel.read)
    hands.until(lambda: room.left.currentWidget() is room.choosing)
    hands.touch(room.choosing.tiles[-1])
    hands.until(lambda: room.typing.isVisible())
    put(room, statement)
    hands.enter()
    before = room.matches
    hands.until(lambda: "Read:" in room.panel.told.text() and room.matches is not before)
    hands.settle()


def put(page: Page, path: Path) -> None:
    """A path as if it were chosen: a stick is a touch at a gate."""
    line = page.typing.line
    assert line is not None
    line.setText(str(path))


def _claims(hands: Hands) -> list[Claim]:
    """What was taken by M-PESA, as the screen shows it."""
    found = hands.floor.reconcile.matches
    return [claim for match in found for claim in match.claims if claim.kind == "mpesa"]


def _folder(hands: Hands) -> Path:
    return hands.floor.till.desk.ledger.folder.parent / "statements"
