"""One question answered by a touch: a few choices in place of the left of a screen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QGridLayout, QWidget

from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP
from gatepos.screens.speech import Text
from gatepos.screens.widgets import moving
from gatepos.screens.widgets.arrange import column, empty, row, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.choice import ChoiceTile
from gatepos.screens.widgets.entry import Entry, Keys
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


Beside = tuple[Text, Callable[[object], object]]
"""What else may be done with each choice: its name, and what gets the value."""


class ChoosingSheet(Sheet):
    """Asks which; `then` gets the value of the choice."""

    def __init__(self, kit: Kit):
        super().__init__(kit)
        self._title: Text = ""
        self._choices: tuple[Choice, ...] = ()
        self._found: list[Choice] = []
        self._then: Callable[[object], object] | None = None
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        for place in range(_COLUMNS):
            self._grid.setColumnStretch(place, 1)
        self._beside: Beside | None = None
        self.tiles: list[ChoiceTile] = []
        self.others: list[TouchButton] = []
        self.search = Entry(kit, N_("Plate, number or amount"), Keys.CODE)
        self.search.line.textChanged.connect(self._lay)
        self.search.entered.connect(self._on_entered)
        inside = QWidget()
        inside.setLayout(column(self._grid, 1))
        self.body.addWidget(self.search)
        self.body.addWidget(scrolling(inside))
        kit.speech.changed.connect(self._speak)

    def ask(
        self,
        title: Text,
        choices: Sequence[Choice],
        then: Callable[[object], object],
        *,
        finds: bool = False,
        beside: Beside | None = None,
    ) -> None:
        """Show the question with its choices; `finds` with a line to look for one, `beside` another act."""
        self._title, self._choices, self._then, self._beside = title, tuple(choices), then, beside
        self.search.set_text("")
        self.search.setVisible(finds)
        self._lay()
        if finds:
            self.search.line.setFocus()
        elif self.tiles:
            self.tiles[0].setFocus()

    def _lay(self) -> None:
        """Those of the choices that hold what is looked for."""
        looked_for = _folded(self.search.text)
        self._found = [choice for choice in self._choices if looked_for in _folded(self._said(choice))]
        empty(self._grid)
        self.tiles = [self._tile(choice.value) for choice in self._found]
        self.others = [self._other(choice.value, self._beside) for choice in self._found if self._beside]
        for place, tile in enumerate(self.tiles):
            cell = row(tile, *self.others[place : place + 1])
            cell.setStretch(0, 1)
            columns = 1 if self._beside else _COLUMNS
            self._grid.addLayout(cell, place // columns, place % columns, 1, _COLUMNS // columns)
        moving.chain(self.tiles)
        self._speak()

    def _speak(self) -> None:
        text = self.kit.speech.text
        self.title.setText(text(self._title))
        for choice, tile in zip(self._found, self.tiles, strict=True):
            tile.show_choice(
                text(choice.name),
                text(choice.below),
                is_chosen=choice.is_chosen,
                is_blocked=choice.is_blocked,
            )
        for other in self.others:
            other.set_text(text(self._beside[0]) if self._beside else "")

    def _said(self, choice: Choice) -> str:
        return f"{self.kit.speech.text(choice.name)} {self.kit.speech.text(choice.below)}"

    def _tile(self, value: object) -> ChoiceTile:
        made = ChoiceTile(self.kit, _HEIGHT)
        made.clicked.connect(lambda: self._on_chosen(value))
        return made

    def _other(self, value: object, beside: Beside) -> TouchButton:
        made = TouchButton(self.kit, height=_HEIGHT).snug()
        made.clicked.connect(lambda: self._on_chosen(value, beside[1]))
        return made

    def _on_entered(self) -> None:
        """Enter takes the only one that is left, or goes to the first of several."""
        if len(self.tiles) == 1:
            self.tiles[0].click()
        elif self.tiles:
            self.tiles[0].setFocus()

    def _on_chosen(self, value: object, then: Callable[[object], object] | None = None) -> None:
        then = then or self._then
        self.closed.emit()
        if then is not None:
            then(value)


def _folded(text: str) -> str:
    """Letters and digits alone, as people type plates, numbers and amounts."""
    return "".join(filter(str.isalnum, text.upper()))
