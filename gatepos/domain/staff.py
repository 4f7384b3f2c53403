"""People and what each may do; how long a wrong PIN waits."""

from collections.abc import Iterable
from dataclasses import dataclass

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
    "look": ("clerk", "supervisor", "manager", "auditor", "administrator"),
}
"""The one table of who may do what."""


class NotAllowed(Refusal):
    """An action that the person's roles do not include."""

    says = N_("You may not do this. Call a supervisor or the manager.")


class NeedsSecond(Refusal):
    """The action is allowed only with a second person."""

    says = N_("This needs a second person: a supervisor types their number and PIN.")


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff at this till: a number and roles; names stay elsewhere."""

    number: str
    roles: frozenset[str]


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
