"""What cash a drawer should hold, and of what: the float, what was taken, given back and moved."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import cast

from gatepos.i18n import N_

LINES = (
    ("float_minor", N_("Float"), 1),
    ("taken_minor", N_("Cash taken"), 1),
    ("change_minor", N_("Change given"), -1),
    ("returned_minor", N_("Handed back"), -1),
    ("dropped_minor", N_("Safe drops"), -1),
    ("paid_out_minor", N_("Paid out"), -1),
    ("paid_in_minor", N_("Paid in"), 1),
)
"""Each part by its name and title, and whether it adds to what is expected or takes off."""


@dataclass(frozen=True, slots=True)
class Drawer:
    """The parts of one currency, minor units: they add up to what should lie in the drawer."""

    currency: str
    float_minor: int = 0
    taken_minor: int = 0
    change_minor: int = 0
    returned_minor: int = 0
    dropped_minor: int = 0
    paid_out_minor: int = 0
    paid_in_minor: int = 0

    @property
    def expected_minor(self) -> int:
        """What should lie there."""
        return sum(minor for _, minor in self.parts())

    def blind(self) -> "Drawer":
        """Only what whoever counts it put in and took out: the float, and what was moved."""
        return replace(self, taken_minor=0, change_minor=0, returned_minor=0)

    def parts(self) -> tuple[tuple[str, int], ...]:
        """Title and signed amount of what is something, in the order of the sum; a float always."""
        rows = [(name, title, sign * cast(int, getattr(self, name))) for name, title, sign in LINES]
        return tuple((title, minor) for name, title, minor in rows if minor or name == "float_minor")

    def as_data(self) -> dict[str, object]:
        """As an entry holds it."""
        return asdict(self)


def of_data(data: Mapping[str, object]) -> Drawer:
    """As an entry holds it."""
    return Drawer(**data)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Late:
    """What is written in a shift and belongs to an earlier one: what, of which day, how many, KES."""

    what: str
    day: str
    count: int
    income_minor: int

    def as_data(self) -> dict[str, object]:
        """As an entry holds it."""
        return asdict(self)


def late_of_data(data: Mapping[str, object]) -> Late:
    """As an entry holds it."""
    return Late(**data)  # type: ignore[arg-type]
