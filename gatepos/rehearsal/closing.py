"""The evening after an outage: the manager closes the day at the kiosk of a lane, with real touches.

Statements of M-PESA are read, what they leave over is decided, the outage's statement is read, and all
papers go out, signed. Central then has the same figures from the same entries.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gatepos import app
from gatepos.app import World
from gatepos.central import carrying, enrolling, prepaid, reporting
from gatepos.central import folder as places
from gatepos.central.central import Central
from gatepos.central.store.engine import Store
from gatepos.domain import claims, parks
from gatepos.i18n import ENGLISH, words
from gatepos.rehearsal import day as days
from gatepos.rehearsal import evening, park, provider
from gatepos.rehearsal import lane as lanes
from gatepos.rehearsal.lane import Lane, SetClock
from gatepos.rehearsal.morning import DAY, PARK, Morning
from gatepos.reports import daily, manifest
from gatepos.screens import places as rooms
from gatepos.screens import running
from gatepos.screens.playing import PATIENT_S, Hands
from gatepos.seal import enrolment, said
from gatepos.seal.keys import TillKey

SIZE = (1366, 768)
_DECIDED = {
    claims.UNKNOWN: (claims.EXPLAINED, "the driver shows M-PESA's message"),
    claims.SHORT: (claims.EXPLAINED, "the rest came by another code"),
    claims.REUSED: (claims.EXPLAINED, "the rest of the group came by another code"),
    claims.UNMATCHED: (claims.NOT_OURS, "paid for the lodge"),
}
"""What the manager says of each thing that the statement leaves over, and why."""


@dataclass(frozen=True, slots=True)
class Closed:
    """How a day was closed.

    Seconds of the hands are played as in `lane`; those of the machine are what it was waited for. `left` are
    things that nobody explained; `kiosk` and `central` the figures of the day by name.
    """

    touches: int
    keys: int
    decided: int
    left: int
    machine_s: float
    hands_s: float
    files: int
    findings: tuple[str, ...]
    kiosk: Mapping[str, int]
    central: Mapping[str, int]


def close(day: Morning, folder: Path) -> Closed:
    """Close a played day at its first lane, papers and pictures in a folder; its ledgers are closed then."""
    lane = day.entries[0]
    found = lane.till.reconciliation.asked(date.fromisoformat(DAY), date.fromisoformat(DAY)).matches()
    mpesa = [claim for match in found for claim in match.claims if claim.kind == "mpesa"]
    statements = provider.export(mpesa, folder / "statements", day.seed)
    for one in day.lanes:
        one.till.desk.ledger.close()
    with _kiosk(lane, folder / "pictures") as hands:
        walk = _Walk(hands)
        decided = walk.play(statements, folder / "export")
        kiosk = dict(walk.figures())
        left, machine_s = walk.left(), walk.machine_s
    check = manifest.check(next((folder / "export").iterdir()))
    looks = decided + len(statements) + 2
    return Closed(
        hands.touches, hands.letters, decided, left, machine_s,
        lanes.hands_s(hands.touches, hands.letters, looks, papers=0), len(check.files),
        tuple(map(str, check.findings)), kiosk, _at_central(day, folder / "central"),
    )  # fmt: skip


class _Walk:
    """The manager's way through the evening."""

    def __init__(self, hands: Hands):
        self.hands, self.floor = hands, hands.floor
        self.machine_s = 0.0

    def play(self, statements: list[Path], export: Path) -> int:
        """From the sign-in to the signed papers; how much was decided."""
        began_s = time.monotonic()
        days.sign_in(self.hands, park.MANAGER)
        self.hands.touches = self.hands.letters = 0
        self._look()
        self._read_outage()
        decided = self._reconcile(statements)
        self._export(export)
        self.machine_s = time.monotonic() - began_s
        return decided

    def left(self) -> int:
        """What is still open of the day."""
        return sum(match.is_open for match in self.floor.reconcile.matches)

    def figures(self) -> Mapping[str, int]:
        """The day's figures as they were exported."""
        seen = self.floor.takings.seen
        return seen.said if seen is not None else {}

    def _look(self) -> None:
        self.hands.touch(self.floor.bar.tabs[rooms.TAKINGS])
        self.hands.until(lambda: self.floor.takings.seen is not None)
        self.hands.shoot("takings")

    def _read_outage(self) -> None:
        takings = self.floor.takings
        self.hands.touch(takings.panel.outage)
        self.hands.until(lambda: bool(takings.choosing.tiles) and takings.choosing.isVisible())
        self.hands.touch(takings.choosing.tiles[0])
        self.hands.until(lambda: takings.paper.isVisible())
        self.hands.shoot("outage-statement")
        self.hands.touch(takings.paper.back)

    def _reconcile(self, statements: list[Path]) -> int:
        self.hands.touch(self.floor.takings.panel.reconcile)
        self.hands.until(lambda: bool(self.floor.reconcile.matches))
        for statement in statements:
            evening.read(self.hands, statement)
        self.hands.shoot("reconciliation")
        decided = 0
        room = self.floor.reconcile
        while match := next((one for one in room.matches if one.is_open), None):
            self._decide(match.code, *_DECIDED[match.state])
            decided += 1
        self.hands.shoot("reconciled")
        return decided

    def _decide(self, code: str, decision: str, reason: str) -> None:
        room = self.floor.reconcile
        before = room.matches
        (number,) = (tile for tile in room.found.tiles if room.found.opened(tile).code == code)
        self.hands.touch(room.found.tiles[number])
        self.hands.touch(room.panel.decisions[decision])
        self.hands.type(reason)
        self.hands.enter()
        self.hands.until(lambda: room.matches is not before or room.left.currentWidget() is room.second)
        if room.matches is before:
            self._agree()
            self.hands.until(lambda: room.matches is not before)
        self.hands.settle()

    def _agree(self) -> None:
        """The supervisor comes to what is too large for one person alone."""
        for typed in (park.SUPERVISOR.number, park.SUPERVISOR.pin):
            self.hands.type(typed)
            self.hands.enter()

    def _export(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        takings = self.floor.takings
        self.hands.touch(self.floor.bar.tabs[rooms.TAKINGS])
        self.hands.until(lambda: takings.seen is not None)
        self.hands.touch(takings.panel.stick)
        self.hands.touch(takings.choosing.tiles[-1])
        self.hands.until(lambda: takings.typing.isVisible())
        evening.put(takings, folder)
        self.hands.enter()
        self.hands.until(lambda: "Written" in takings.panel.told.text())
        self.hands.until(lambda: takings.seen is not None)
        self.hands.shoot("exported")


@contextmanager
def _kiosk(lane: Lane, pictures: Path) -> Iterator[Hands]:
    station = app.open_station(lane.folder, World(SetClock(lane.clock.now_ms), app.new_id))
    kiosk = running.shown(station, SIZE)
    try:
        yield Hands(kiosk, pictures, longest_s=PATIENT_S)
    finally:
        kiosk.close()


# The same day at central.


def _at_central(day: Morning, folder: Path) -> Mapping[str, int]:
    """The figures of the day at a central that took in the journals of all its tills."""
    key = places.create(folder, None, is_demo=True)
    with closing(places.opened(folder, None)) as store:
        central = Central(store, key, day.entries[0].clock)
        prepaid.load(store, day.listed, (PARK,), park.MANAGER.number, central.clock.wall_ms())
        for lane in day.lanes:
            _join(central, lane)
            carrying.take(central, _bundle(lane))
        return _figures(store)


def _bundle(lane: Lane) -> bytes:
    """All that a till wrote, the manager's evening too."""
    till = app.open_till(lane.folder)
    bundle = till.hearing.bundle()[0]
    till.desk.ledger.close()
    return bundle


def _join(central: Central, lane: Lane) -> None:
    own, key = lane.till.desk.own, TillKey.load(lane.folder / app.KEY)
    place = (own.park, own.gate, own.lane)
    code = enrolling.new_code(central.store, central.key, place, own.till, central.clock.wall_ms())
    given = enrolment.read(code)
    proof = said.prove(key, given).hex()
    central.enrol({"code": given, "till": own.till, "public_key": key.public.hex(), "proof": proof})


def _figures(store: Store) -> Mapping[str, int]:
    of, now = parks.shipped().park(PARK), f"{DAY}T20:00:00.000Z"
    with store.reading() as tx:
        return dict(daily.made(reporting.scope(tx, of, (DAY, DAY), now, words(ENGLISH))).said)
