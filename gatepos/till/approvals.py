"""The second person: one mechanism for all that one clerk may not do alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from gatepos.domain import staff
from gatepos.domain.staff import NeedsSecond
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.till.desk import Desk
from gatepos.till.sign_in import SignIn


class SamePerson(Refusal):
    """The second person is the first."""

    says = N_("The second person must be somebody else.")


@dataclass(frozen=True, slots=True)
class Second:
    """A second person's number and PIN, given for one action."""

    staff: str
    pin: str

    def __repr__(self) -> str:
        return f"Second({self.staff})"


class Approvals:
    """Checks the second person in the same call as the action, so that it binds to that action alone."""

    def __init__(self, desk: Desk, sign_in: SignIn):
        self._desk = desk
        self._sign_in = sign_in

    def also(self, second: Second | None) -> Mapping[str, object]:
        """The approval as an entry holds it; NeedsSecond, SamePerson, NotAllowed, WrongPin, LockedOut."""
        if second is None:
            raise NeedsSecond()
        if second.staff == self._desk.signed_in().number:
            raise SamePerson()
        person = self._sign_in.proved(second.staff, second.pin, "approve")
        staff.check(person, "approve")
        return {"staff": person.number, "how": "pin"}
