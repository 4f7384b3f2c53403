"""The section of Set-up that begins a training, or ends the one under way."""

from collections.abc import Callable

from gatepos.i18n import N_
from gatepos.screens.page import Page
from gatepos.screens.sections import Field, Section
from gatepos.screens.this_till import TillPanel
from gatepos.till.station import TRAINING, Station
from gatepos.till.views import SetUpView


class TrainingSection(Section):
    """One field: at the real till to begin, at the training till to end."""

    def __init__(
        self, page: Page, station: Station, panel: TillPanel, refresh: Callable[[], object],
        begin: Callable[[], object], end: Callable[[], object],
    ):  # fmt: skip
        super().__init__(page, station, panel, refresh)
        self._begin = begin
        self._end = end

    def fields(self, view: SetUpView) -> list[Field]:
        words = self._words
        if self._station.practice == TRAINING:
            return [Field(words(N_("Training")), words(N_("End the training")), self._end)]
        caption = words(N_("A till of its own: nothing counts"))
        return [Field(caption, words(N_("Begin a training")), self._begin)]
