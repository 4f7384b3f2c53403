"""A gate for tests: a real till over a real ledger, with a clock that stands still and cheap PIN hashes."""

import itertools
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from gatepos import app
from gatepos.app import World
from gatepos.domain import moments, policy
from gatepos.domain.bill import FeeKey
from gatepos.seal.pins import Profile
from gatepos.till.station import Plan
from gatepos.till.till import Till

MORNING_MS = moments.from_text("2026-01-02T07:31:00.000Z")  # Fri 2 Jan 2026, 10:31 in Kenya
MANAGER, MANAGER_PIN = "01", "482913"
CLERK, CLERK_PIN = "07", "246813"
OTHER, OTHER_PIN = "08", "975310"
CHEAP = Profile(time_cost=1, memory_kib=64)

NON_RESIDENT: FeeKey = ("park_entry", "non_resident", "adult")
STUDENT: FeeKey = ("park_entry", "non_resident", "student")
AFRICAN: FeeKey = ("park_entry", "african_citizen", "adult")
EA_CITIZEN: FeeKey = ("park_entry", "ea_citizen", "adult")


@dataclass(slots=True)
class FixedClock:
    """A clock that moves only when told."""

    wall: int = MORNING_MS
    mono: int = 3_600_000
    boot: str = "boot-1"

    def wall_ms(self) -> int:
        """The moment it shows."""
        return self.wall

    def mono_ms(self) -> int:
        """Since its machine started."""
        return self.mono

    def pass_by(self, ms: int) -> None:
        """Time goes by, as it does."""
        self.wall += ms
        self.mono += ms

    def restart(self) -> None:
        """The machine starts anew."""
        self.boot, self.mono = self.boot + "+", 1_000


def counted_ids(of: str = "") -> Callable[[], str]:
    """UUIDs that are the same in every run, and others at another till."""
    numbers = itertools.count(1 + (int.from_bytes(of.encode()) << 80))
    return lambda: str(uuid.UUID(int=next(numbers) + (7 << 76) + (2 << 62)))


@dataclass(slots=True)
class Gate:
    """A folder with a till, opened and reopened as a day goes on."""

    folder: Path
    clock: FixedClock = field(default_factory=FixedClock)
    new_id: Callable[[], str] = field(default_factory=counted_ids)
    code: str = "XNM2"
    place: str = "MAIN"
    park: str = "NNP"

    def world(self) -> World:
        """The ports of this gate."""
        return World(self.clock, self.new_id, pins=CHEAP)

    def built(self) -> Till:
        """A till just opened, with a manager, two clerks and a rate; nobody is signed in."""
        self.make()
        return app.open_till(self.folder, self.world())

    def make(self) -> None:
        """Put such a till into the folder: a copy of one, or anew where a folder or a clock is another."""
        if self.folder.exists() or self.clock != FixedClock():
            self.made_anew().desk.ledger.close()
        else:
            shutil.copytree(_made(self.code, self.place, self.park).name, self.folder)

    def made_anew(self) -> Till:
        """The same till made in this folder, with keys of its own."""
        till = app.create_till(
            self.folder,
            Plan(self.code, self.park, self.place, "2", MANAGER, MANAGER_PIN, "CF2025"),
            self.world(),
        )
        till.sign_in.sign_in(MANAGER, MANAGER_PIN)
        till.set_up.switch_rate("2026-01", "129.50")
        for number, pin in ((CLERK, CLERK_PIN), (OTHER, OTHER_PIN)):
            code = till.set_up.employ(number, ["clerk"]).start_code
            till.sign_in.choose_pin(number, code, pin)
            till.sign_in.sign_in(MANAGER, MANAGER_PIN)
        # The lot is of the till's key, which is another in each run: whom it falls on is for its own tests.
        permit(till, policy.HEADS_ONE_IN, "0")
        till.sign_in.sign_out()
        return till

    def reopened(self, till: Till) -> Till:
        """The same till after a stop."""
        till.desk.ledger.close()
        return app.open_till(self.folder, self.world())


@cache
def _made(code: str, place: str, park: str) -> "TemporaryDirectory[str]":
    """A folder with a till, made once a process; it goes with the process."""
    folder = TemporaryDirectory(prefix="gate-")
    gate = Gate(Path(folder.name), FixedClock(), counted_ids(f"{code}*"), code, place, park)
    gate.made_anew().desk.ledger.close()
    return folder


def selling(till: Till, number: str = CLERK, pin: str = CLERK_PIN, float_kes: str = "0") -> Till:
    """The till with a clerk signed in and a shift open."""
    till.sign_in.sign_in(number, pin)
    till.shifts.open(float_kes)
    return till


def ordinary_van(till: Till) -> None:
    """The van of every example: six who pay, a child of five, a TRA driver, 6–12 seats."""
    for key in (NON_RESIDENT, NON_RESIDENT, NON_RESIDENT, STUDENT, AFRICAN, EA_CITIZEN):
        till.checkout.tap(key)
    till.checkout.free("under_6")
    till.checkout.free("tra_crew")
    till.checkout.vehicle(2)
    till.checkout.plate("KDA 412M")


def permit(till: Till, key: str, value: str) -> None:
    """Set a policy as the manager with the second person that it may need, then give the window back."""
    clerk = till.desk.person
    till.desk.person = till.desk.staff[MANAGER]
    till.desk.policy = till.desk.policy.having(key, value)
    till.desk.write("config.changed", {"key": key, "value": value, "was": None})
    till.desk.person = clerk
