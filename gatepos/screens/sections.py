"""What a section of Set-up is: fields to touch, each of which asks or does one thing."""

from collections.abc import Callable
from dataclasses import dataclass

from gatepos.i18n import N_, Words
from gatepos.screens.page import Page
from gatepos.screens.speech import Text
from gatepos.screens.this_till import TillPanel
from gatepos.till.set_up import SetUp
from gatepos.till.station import Station
from gatepos.till.views import SetUpView


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that can be touched: its caption, its value, and what the touch asks or does."""

    caption: str
    value: str
    act: Callable[[], object]
    hint: str = ""


class Section:
    """Asks on the page of Set-up, acts on the station, and tells on the panel; `refresh` shows all anew."""

    def __init__(self, page: Page, station: Station, panel: TillPanel, refresh: Callable[[], object]):
        self._page = page
        self._station = station
        self._panel = panel
        self._refresh = refresh

    def fields(self, view: SetUpView) -> list[Field]:
        """What can be touched, in the language in force."""
        raise NotImplementedError

    @property
    def _words(self) -> Words:
        return self._page.kit.speech.words

    @property
    def _set_up(self) -> SetUp:
        return self._station.till.set_up

    def _done(self, _: object = None) -> None:
        self._tell(N_("Set."))

    def _tell(self, said: Text) -> None:
        self._panel.tell(said)
        self._refresh()
