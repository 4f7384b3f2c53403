"""One question answered by a touch: a few choices in place of the left of a screen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QWidget

from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP
from gatepos.screens.speech import Text
from gatepos.screens.widgets import moving
from gatepos.screens.widgets.arrange import column, empty, scrolling
from gatepos.screens.widgets.choice import ChoiceTile
from gatepos.screens.widgets.sheet import Sheet

_COLUMNS, _HEIGHT = 2, 64


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: its name, something smaller below, and what it stands for."""

    name: Text
    below: Text
    value: object
    is_chosen: bool = False
    is_blocked: bool = False


class ChoosingSheet(Sheet):
    """Asks which; `then` gets the value of the choice."""

    def __init__(self, kit: Kit):
        super().__init__(kit)
        self._title: Text = ""
        self._choices: tuple[Choice, ...] = ()
        self._then: Callable[[object], object] | None = None
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        for place in range(_COLUMNS):
            self._grid.setColumnStretch(place, 1)
        self.tiles: list[ChoiceTile] = []
        inside = QWidget()
        inside.setLayout(column(self._grid, 1))
        self.body.addWidget(scrolling(inside))
        kit.speech.changed.connect(self._speak)

    def ask(self, title: Text, choices: Sequence[Choice], then: Callable[[object], object]) -> None:
        """Show the question with its choices."""
        self._title, self._then = title, then
        self.offer(choices)
        if self.tiles:
            self.tiles[0].setFocus()

    def offer(self, choices: Sequence[Choice]) -> None:
        """Show other choices for the same question."""
        self._choices = tuple(choices)
        empty(self._grid)
        self.tiles = [self._tile(choice.value) for choice in choices]
        for place, tile in enumerate(self.tiles):
            self._grid.addWidget(tile, place // _COLUMNS, place % _COLUMNS)
        moving.chain(self.tiles)
        self._speak()

    def _speak(self) -> None:
        text = self.kit.speech.text
        self.title.setText(text(self._title))
        for choice, tile in zip(self._choices, self.tiles, strict=True):
            tile.show_choice(
                text(choice.name),
                text(choice.below),
                is_chosen=choice.is_chosen,
                is_blocked=choice.is_blocked,
            )

    def _tile(self, value: object) -> ChoiceTile:
        made = ChoiceTile(self.kit, _HEIGHT)
        made.clicked.connect(lambda: self._on_chosen(value))
        return made

    def _on_chosen(self, value: object) -> None:
        then = self._then
        self.closed.emit()
        if then is not None:
            then(value)
