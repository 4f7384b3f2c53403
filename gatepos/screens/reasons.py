"""A reason that is asked by a touch: what is said most, or else typed."""

from collections.abc import Callable

from gatepos.i18n import N_
from gatepos.screens.choosing import Choice
from gatepos.screens.page import Page
from gatepos.screens.widgets.entry import Keys

OWING = (N_("M-PESA is silent"), N_("Card refused"), N_("No money with them"))
"""Why somebody leaves on an undertaking."""
STORIES = (N_("Paper lost"), N_("Paper never given"), N_("Went in before the gate opened"))
"""Why somebody has no paper."""
UNCOUNTED = (N_("The queue is too long"), N_("Animals at the gate"), N_("They would not be counted"))
"""Why nobody counts who is in a vehicle."""


def ask(page: Page, title: str, reasons: tuple[str, ...], other: str, then: Callable[[str], object]) -> None:
    """Ask which; `then` gets it in the clerk's language, in which the entry keeps what is typed as well.

    `other` asks for what is typed.
    """

    def on_chosen(reason: object) -> None:
        if reason is None:
            page.ask_text(other, Keys.TEXT, "", then)
        else:
            then(page.kit.speech.text(str(reason)))

    choices = [Choice(reason, "", reason) for reason in reasons]
    page.ask_choice(title, [*choices, Choice(N_("Something else…"), "", None)], on_chosen)


def ask_owing(page: Page, then: Callable[[str], object]) -> None:
    """Why they leave without paying: nobody leaves owing before somebody said why they cannot pay."""
    question = N_("Why do they leave without paying?")
    ask(page, question, OWING, question, then)


def ask_uncounted(page: Page, then: Callable[[str], object]) -> None:
    """Why nobody counts who is in a vehicle that was drawn."""
    question = N_("Why is nobody counted?")
    ask(page, question, UNCOUNTED, question, then)
