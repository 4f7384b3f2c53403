"""A gate with a till and its spares, joined to a real central; for tests of what follows a dead disk."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gatepos import app, joining, spares
from gatepos.domain.keyring import SPARE
from gatepos.seal.enrolment import Joins
from gatepos.seal.keys import TillKey
from gatepos.sync import address
from gatepos.till.spare import Spare
from gatepos.till.station import Plan
from gatepos.till.till import Till
from gatepos.wire.push import Push
from tests.central.place import Place
from tests.gate import CLERK, CLERK_PIN, MANAGER, MANAGER_PIN, FixedClock, Gate, counted_ids
from tests.sync.test_with_central import central_in, served

PARK, GATE = "NNP", "MAIN"
SPARE_PLACE = (PARK, GATE, SPARE)
SUPERVISOR, SUPERVISOR_PIN = "02", "519283"


@dataclass
class Park:
    """A real central that listens, and folders of tills and spares of one gate."""

    place: Place
    url: str
    folder: Path
    clock: FixedClock
    starts: int = 0

    def world(self, of: str = "") -> app.World:
        """The ports of a till."""
        ids = counted_ids(hashlib.sha256(of.encode()).hexdigest()[:4])
        return Gate(self.folder, self.clock, ids).world()

    def till(self, name: str = "till", gate: str = GATE, lane: str = "2") -> Till:
        """A till that sells for real, with a manager, a supervisor, a clerk and a rate; nobody signed in."""
        code = self.place.code(place=(PARK, gate, lane))
        plan = Plan("", PARK, gate, lane, MANAGER, MANAGER_PIN, "CF2025", Joins(self.url, code))
        till = joining.make(self.folder / name, plan, self.world(name))
        till.sign_in.sign_in(MANAGER, MANAGER_PIN)
        till.set_up.switch_rate("2026-01", "129.50")
        for number, pin, role in ((SUPERVISOR, SUPERVISOR_PIN, "supervisor"), (CLERK, CLERK_PIN, "clerk")):
            start = till.set_up.employ(number, [role]).start_code
            till.sign_in.choose_pin(number, start, pin)
            till.sign_in.sign_in(MANAGER, MANAGER_PIN)
        till.sign_in.sign_out()
        return till

    def opened(self, name: str) -> Till:
        """A till of this gate after a stop."""
        self.starts += 1
        return app.open_till(self.folder / name, self.world(f"{name} {self.starts}"))

    def spare(self, name: str = "spare", like: str | None = "till") -> Spare:
        """A spare that joined in advance, like a till that is stopped."""
        joins = Joins(self.url, self.place.code(place=SPARE_PLACE))
        if like is None:
            takes_over = spares.alone(MANAGER, "CF2025")
        else:
            takes_over = spares.like(self.folder / like, self.world(f"like {name}"))
        return spares.join(self.folder / name, joins, MANAGER, MANAGER_PIN, takes_over, self.world())

    def start(self, name: str = "spare") -> spares.Start:
        """Somebody stands before a spare."""
        return spares.Start(self.folder / name, self.world(name))

    def sent(self, name: str, till: Till) -> int:
        """A till sends all that it has; the last entry that central has of it."""
        ledger = till.desk.ledger
        found = address.load(self.folder / name, ledger)
        assert found is not None
        own = ledger.context.till
        answer = self.place.push(own, found.token, Push(0, ledger.hash_at(0), list(ledger.told(0))))
        self.place.central.follow(own)
        return self.place.ack(own, answer)[0]

    def key(self, name: str) -> TillKey:
        """A till's own key."""
        return TillKey.load(self.folder / name / app.KEY)


@contextmanager
def park_in(folder: Path) -> Iterator[Park]:
    """Such a gate in a folder."""
    with central_in(folder / "central", is_demo=False) as place, served(place.beside()) as url:
        (folder / "gate").mkdir()
        yield Park(place, url, folder / "gate", place.clock)
