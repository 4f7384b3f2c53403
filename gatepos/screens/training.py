"""The section of Set-up that begins a training, or ends the one under way."""

from collections.abc import Callable

from gatepos.i18n import N_
from gatepos.screens.page import Page
from gatepos.screens.sections import Field, Section
from gatepos.screens.this_till import TillPanel
from gatepos.till.station import TRAINING, Station
from gatepos.till.views import SetUpView


class TrainingSection(Section):
    """At the real till a training begins; at the training till it ends, and an outage is drilled."""

    def __init__(
        self, page: Page, station: Station, panel: TillPanel, refresh: Callable[[], object],
        begin: Callable[[], object], end: Callable[[], object], drill: Callable[[], object],
        is_drilling: Callable[[], bool],
    ):  # fmt: skip
        super().__init__(page, station, panel, refresh)
        self._begin = begin
        self._end = end
        self._drill = drill
        self._is_drilling = is_drilling

    def fields(self, view: SetUpView) -> list[Field]:
        words = self._words
        if self._station.practice == TRAINING:
            drill = N_("End the drill") if self._is_drilling() else N_("Begin a drill")
            return [
                Field(words(N_("Training")), words(N_("End the training")), self._end),
                Field(words(N_("Outage drill, ten minutes, scored")), words(drill), self._drill),
            ]
        caption = words(N_("A till of its own: nothing counts"))
        return [Field(caption, words(N_("Begin a training")), self._begin)]
