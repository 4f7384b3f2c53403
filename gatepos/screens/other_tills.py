"""Other tills at Takings: each by itself, and their bundles taken in from a folder or a stick."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Signal

from gatepos.errors import Said
from gatepos.i18n import N_, Words
from gatepos.reports import places
from gatepos.screens import folders
from gatepos.screens.choosing import Choice
from gatepos.screens.page import Page
from gatepos.screens.speech import Text
from gatepos.till.hearing import Heard, Lying
from gatepos.till.station import Station

_KNOWN = N_("to entry {to}, known here to {known}")
_STRANGER = N_("to entry {to}; this till does not know it")
_BROUGHT = N_("{till}: {new} new entries, heard to {to}.")
_NONE = N_("No bundle of another till lies in {place}.")
_REFUSED = N_("{till}: not taken in. {why}")


Refused = tuple[str, Said]
"""Whose bundles were not taken in, and why."""


class OtherTills(QObject):
    """Asks in place of the left of a page.

    `wanted` the paper of each till by itself, `told` how it goes, `brought` that bundles were taken in.
    """

    wanted = Signal()
    told = Signal(object)
    brought = Signal()

    def __init__(self, page: Page, station: Station):
        super().__init__(page)
        self._page, self._station = page, station

    def ask(self) -> None:
        """Show each till by itself, or bring bundles."""
        bundles = N_("Bundles from a stick or a folder…")
        choices = [Choice(N_("Each till by itself"), "", True), Choice(bundles, "", False)]
        self._page.ask_choice(
            N_("Other tills"), choices, lambda alone: self.wanted.emit() if alone else self._ask_place()
        )

    def look_in(self, place: Path) -> None:
        """Say of which tills bundles lie in a folder, and let somebody choose."""
        hearing, thread = self._page.till.hearing, self._station.thread

        def look() -> list[Lying]:
            found = places.bundles(place)
            return thread.ask(lambda: hearing.lying(found)).result()

        self._page.bridge.follow(self._station.beside(look), lambda found: self._ask_which(place, found))

    def take(self, chosen: Sequence[Lying]) -> None:
        """Take in bundles; what those of one till are refused for holds up no other's."""

        def done(found: list[Heard | Refused]) -> None:
            self.told.emit(lambda words: "\n".join(_told(one, words) for one in found))
            self.brought.emit()

        self.told.emit(N_("Reading…"))
        taken = self._station.beside(lambda: [self._taken(one) for one in chosen])
        self._page.bridge.follow(taken, done)

    def _ask_place(self) -> None:
        folders.ask(self._page, N_("Where are the bundles?"), places.folders(), self.look_in)

    def _ask_which(self, place: Path, found: Sequence[Lying]) -> None:
        if not found:
            self.told.emit(lambda words: words(_NONE, place=place))
            return
        choices = [Choice(one.till, _below(one), [one]) for one in found]
        if len(found) > 1:
            choices.insert(0, Choice(N_("All of them"), "", [*found]))
        title = N_("Which bundles are to be taken in?")
        self._page.ask_choice(title, choices, lambda some: self.take(cast("list[Lying]", some)))

    def _taken(self, lying: Lying) -> Heard | Refused:
        """Beside the window: what the bundles of a till brought, the oldest first."""
        hearing, thread = self._page.till.hearing, self._station.thread
        new, heard = 0, Heard(lying.till, lying.known, 0, ())
        try:
            for path in lying.files:
                heard = thread.ask(partial(hearing.read_file, path, thread.give_way)).result()
                new += heard.new
        except Said as said:
            return lying.till, said
        return Heard(heard.till, heard.to_seq, new, ())


def _below(one: Lying) -> Text:
    says = _KNOWN if one.is_known else _STRANGER
    return lambda words: words(says, to=f"{one.to_seq:,}", known=f"{one.known:,}")


def _told(one: Heard | Refused, words: Words) -> str:
    if isinstance(one, Heard):
        return words(_BROUGHT, till=one.till, new=f"{one.new:,}", to=f"{one.to_seq:,}")
    till, why = one
    return words(_REFUSED, till=till, why=why)
