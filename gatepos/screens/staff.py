"""The section of Set-up for people: add somebody, start them anew, let them go."""

from functools import partial

from gatepos.domain import labels, vocabulary
from gatepos.i18n import N_
from gatepos.screens.choosing import Choice
from gatepos.screens.sections import Field, Section
from gatepos.screens.widgets.entry import Keys
from gatepos.till.set_up import Started
from gatepos.till.views import SetUpView

_ANEW, _DISMISS = "anew", "dismiss"


class StaffSection(Section):
    """Everybody who may sign in here, by number; a start code is shown once."""

    def fields(self, view: SetUpView) -> list[Field]:
        words = self._words
        found = [Field(words(N_("Somebody new")), "", self._ask_new, words(N_("Add…")))]
        for person in view.staff:
            roles = ", ".join(words(labels.ROLES[role]) for role in person.roles)
            caption = roles if person.has_pin else words(N_("{roles} · no PIN yet"), roles=roles)
            found.append(Field(caption, person.number, partial(self._ask_about, person.number)))
        return found

    def _ask_new(self) -> None:
        self._page.ask_text(N_("Staff number"), Keys.DIGITS, "", self._ask_role)

    def _ask_role(self, number: str) -> None:
        choices = [Choice(labels.ROLES[role], "", role) for role in vocabulary.ROLES]
        self._page.ask_choice(
            lambda words: words(N_("What does {number} do?"), number=number),
            choices,
            lambda role: self._employ(number, str(role)),
        )

    def _ask_about(self, number: str) -> None:
        choices = [
            Choice(N_("New start code"), N_("the old PIN ends"), _ANEW),
            Choice(N_("May no longer sign in"), "", _DISMISS),
        ]

        def act(what: object) -> None:
            if what == _ANEW:
                self._ask_role(number)
            else:
                self._page.with_second(lambda second: self._set_up.dismiss(number, second), self._done)

        self._page.ask_choice(lambda words: words(N_("Clerk {number}"), number=number), choices, act)

    def _employ(self, number: str, role: str) -> None:
        self._page.with_second(lambda second: self._set_up.employ(number, [role], second), self._started)

    def _started(self, started: Started) -> None:
        says = N_("Clerk {number} signs in once with {code} and then chooses a PIN. It is shown only now.")
        self._tell(lambda words: words(says, number=started.person.number, code=started.start_code))
