"""Asks into which folder something is to be written: one that is there, or another that is typed."""

from collections.abc import Callable, Iterable
from pathlib import Path

from gatepos.i18n import N_
from gatepos.screens.choosing import Choice
from gatepos.screens.page import Page
from gatepos.screens.widgets.entry import Keys


def ask(page: Page, title: str, found: Iterable[Path], then: Callable[[Path], object]) -> None:
    """Ask which; `found` are those that are there now."""

    def chosen(place: object) -> None:
        if isinstance(place, Path):
            then(place)
        else:
            page.ask_text(N_("Folder"), Keys.TEXT, "", lambda typed: then(Path(typed.strip())))

    choices = [Choice(str(place), "", place) for place in found]
    choices.append(Choice(N_("Another place…"), "", None))
    page.ask_choice(title, choices, chosen)
