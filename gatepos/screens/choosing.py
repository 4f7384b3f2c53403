"""One question answered by a touch: a few choices in place of the left of a screen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QWidget

from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP
from gatepos.screens.widgets import moving
from gatepos.screens.widgets.arrange import column, empty, scrolling
from gatepos.screens.widgets.choice import ChoiceTile
from gatepos.screens.widgets.sheet import Sheet

_COLUMNS, _HEIGHT = 2, 64


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: its name, something smaller below, and what it stands for."""

    name: str
    below: str
    value: object
    is_chosen: bool = False
    is_blocked: bool = False


class ChoosingSheet(Sheet):
    """Asks which; `then` gets the value of the choice."""

    def __init__(self, kit: Kit):
        super().__init__(kit)
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        self._then: Callable[[object], object] | None = None
        self.tiles: list[ChoiceTile] = []
        inside = QWidget()
        inside.setLayout(column(self._grid, 1))
        self.body.addWidget(scrolling(inside))

    def ask(self, title: str, choices: Sequence[Choice], then: Callable[[object], object]) -> None:
        """Show the question with its choices."""
        self.title.setText(title)
        self._then = then
        self.offer(choices)
        if self.tiles:
            self.tiles[0].setFocus()

    def offer(self, choices: Sequence[Choice]) -> None:
        """Show other choices for the same question."""
        empty(self._grid)
        self.tiles = [self._tile(choice) for choice in choices]
        for place, tile in enumerate(self.tiles):
            self._grid.addWidget(tile, place // _COLUMNS, place % _COLUMNS)
        for place in range(_COLUMNS):
            self._grid.setColumnStretch(place, 1)
        moving.chain(self.tiles)

    def _tile(self, choice: Choice) -> ChoiceTile:
        made = ChoiceTile(self.kit, _HEIGHT)
        made.show_choice(choice.name, choice.below, is_chosen=choice.is_chosen, is_blocked=choice.is_blocked)
        made.clicked.connect(lambda: self._on_chosen(choice.value))
        return made

    def _on_chosen(self, value: object) -> None:
        then = self._then
        self.closed.emit()
        if then is not None:
            then(value)
