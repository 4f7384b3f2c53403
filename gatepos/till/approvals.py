"""The second person: one mechanism for all that one clerk may not do alone, at the till or by radio."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from gatepos.domain import staff
from gatepos.domain.staff import NeedsSecond
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.till.desk import Desk
from gatepos.till.radio import Radio
from gatepos.till.sign_in import SignIn


class SamePerson(Refusal):
    """The second person is the first."""

    says = N_("The second person must be somebody else.")


@dataclass(frozen=True, slots=True)
class Second:
    """A second person for one action: with their PIN here, or with the answer that they give by radio.

    `radio` is the code of their own till, or `radio.LIST` for a list of codes; without an `answer` the
    question is asked.
    """

    staff: str
    pin: str = field(default="", repr=False)
    radio: str = ""
    answer: str = field(default="", repr=False)


class Approvals:
    """Checks the second person in the same call as the action, so that it binds to that action alone."""

    def __init__(self, desk: Desk, sign_in: SignIn, radio: Radio):
        self._desk = desk
        self._sign_in = sign_in
        self._radio = radio

    def also(self, second: Second | None, kind: str, about: Mapping[str, object]) -> Mapping[str, object]:
        """The approval as an entry of `kind` holds it; `about` is all that by radio it is bound to.

        NeedsSecond, SamePerson, NotAllowed, LockedOut; WrongPin at the till; by radio QuestionAsked, which
        has the question, WrongAnswer, UnknownTill, NoCodes.
        """
        if second is None:
            raise NeedsSecond()
        if second.staff == self._desk.signed_in().number:
            raise SamePerson()
        if second.radio:
            staff.check(self._desk.known(second.staff), "approve")
            self._radio.check(second.staff, second.radio, second.answer, kind, about)
            return {"staff": second.staff, "how": "radio"}
        person = self._sign_in.proved(second.staff, second.pin, "approve")
        staff.check(person, "approve")
        return {"staff": person.number, "how": "pin"}
