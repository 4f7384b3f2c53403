"""People and what each may do; how long a wrong PIN waits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from gatepos.domain.shapes import STAFF
from gatepos.errors import Refusal
from gatepos.i18n import N_

TRIES = 4
"""Wrong PINs before waiting begins."""
_FIRST_WAIT_S, _LONGEST_WAIT_S = 30, 300

MAY = {
    "sell": ("clerk", "supervisor", "manager"),
    "approve": ("supervisor", "manager"),
    "switch": ("supervisor", "manager"),
    "outage": ("supervisor", "manager"),
    "set_up": ("manager", "administrator"),
    "reconcile": ("manager",),
    "takings": ("supervisor", "manager", "auditor"),
    "audit": ("auditor", "manager"),
    "look": ("clerk", "supervisor", "manager", "auditor", "administrator"),
}
"""The one table of who may do what."""


class NotAllowed(Refusal):
    """An action that the person's roles do not include."""

    says = N_("You may not do this. Call a supervisor or the manager.")


class NeedsSecond(Refusal):
    """The action is allowed only with a second person."""

    says = N_("This needs a second person: a supervisor types their number and PIN.")


class BadStaffNumber(Refusal):
    """A staff number of another form."""

    says = N_("A staff number is two to four digits.")


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff at this till: a number and roles, perhaps for some days; names stay elsewhere."""

    number: str
    roles: frozenset[str]
    from_on: date | None = None
    until_on: date | None = None

    def works(self, on: date) -> bool:
        """Whether they work here on a day."""
        is_early = self.from_on is not None and on < self.from_on
        is_late = self.until_on is not None and on > self.until_on
        return bool(self.roles) and not is_early and not is_late

    def as_fields(self, feed_version: int | None = None) -> dict[str, object]:
        """As a `staff.changed` says them, by central's list or by somebody at the till."""
        return {
            "staff": self.number,
            "roles": sorted(self.roles),
            "from_on": self.from_on.isoformat() if self.from_on else None,
            "until_on": self.until_on.isoformat() if self.until_on else None,
            "feed_version": feed_version,
        }


def of_fields(data: Mapping[str, object]) -> Person:
    """The person of a `staff.changed`, or of central's list; its fields were checked before."""
    roles = frozenset(cast("list[str]", data["roles"]))
    return Person(cast(str, data["staff"]), roles, _day(data.get("from_on")), _day(data.get("until_on")))


def _day(text: object) -> date | None:
    return None if text is None else date.fromisoformat(cast(str, text))


def check_number(number: str) -> None:
    """BadStaffNumber unless somebody can have this number."""
    if not STAFF.holds(number):
        raise BadStaffNumber()


def may(roles: Iterable[str], action: str) -> bool:
    """Whether somebody with these roles may do `action`, a key of MAY."""
    return any(role in MAY[action] for role in roles)


def check(person: Person, action: str) -> None:
    """NotAllowed unless the person may do `action`."""
    if not may(person.roles, action):
        raise NotAllowed()


def wait_s(failures: int) -> int:
    """Seconds to wait after so many wrong PINs in a row: doubling to five minutes, never for ever."""
    if failures <= TRIES:
        return 0
    return min(_FIRST_WAIT_S << min(failures - TRIES - 1, 10), _LONGEST_WAIT_S)
