"""Passes of one operator, chosen by touch to be paid together, in place of the list of passes."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from gatepos.domain import money, plates
from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP, LARGE, MONEY, unbroken
from gatepos.screens.pass_list import stay
from gatepos.screens.widgets import moving
from gatepos.screens.widgets.arrange import column, empty, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.choice import ChoiceTile
from gatepos.screens.widgets.sheet import Sheet
from gatepos.screens.widgets.tile import Ground
from gatepos.till.views import PassRow

_COLUMNS, _HEIGHT = 2, 64


class TogetherSheet(Sheet):
    """All are chosen at first; `wanted` gives the numbers of those that are paid."""

    wanted = Signal(object)

    def __init__(self, kit: Kit):
        super().__init__(kit)
        self._rows: tuple[PassRow, ...] = ()
        self._left_out: set[str] = set()
        self.tiles: dict[str, ChoiceTile] = {}
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        for place in range(_COLUMNS):
            self._grid.setColumnStretch(place, 1)
        self.collect = TouchButton(kit, height=MONEY, ground=Ground.DO, px=LARGE - 2)
        self.collect.clicked.connect(self._on_collect)
        inside = QWidget()
        inside.setLayout(column(self._grid, 1))
        self.body.addWidget(scrolling(inside))
        self.body.addWidget(self.collect)
        kit.speech.changed.connect(self._speak)

    def show_rows(self, rows: Sequence[PassRow]) -> None:
        """Show these, all of them chosen."""
        self._rows, self._left_out = tuple(rows), set()
        empty(self._grid)
        self.tiles = {found.number: self._tile(found.number) for found in rows}
        for place, tile in enumerate(self.tiles.values()):
            self._grid.addWidget(tile, place // _COLUMNS, place % _COLUMNS)
        moving.chain([*self.tiles.values(), self.collect])
        self._speak()
        self.collect.setFocus()

    @property
    def chosen(self) -> list[PassRow]:
        """Those that are to be paid."""
        return [found for found in self._rows if found.number not in self._left_out]

    def _speak(self) -> None:
        words = self.kit.speech.words
        operator = next((found.operator for found in self._rows if found.operator), "")
        self.title.setText(words(N_("Paid together: {operator}"), operator=operator))
        for found in self._rows:
            plate = unbroken(plates.shown(found.plate)) or words(N_("on foot"))
            self.tiles[found.number].show_choice(
                f"{plate} · {money.shown(money.KES, found.owed_minor)}",
                f"{unbroken(found.number)} · {stay(found, words)}",
                is_chosen=found.number not in self._left_out,
            )
        counted = words.plural("{n} pass", "{n} passes", len(self.chosen))
        amount = money.shown(money.KES, sum(found.owed_minor for found in self.chosen))
        says = N_("Collect {amount} for {passes}")
        self.collect.set_text(words(says, amount=amount, passes=counted))
        self.collect.setEnabled(bool(self.chosen))

    def _tile(self, number: str) -> ChoiceTile:
        made = ChoiceTile(self.kit, _HEIGHT)
        made.clicked.connect(lambda: self._on_touched(number))
        return made

    def _on_touched(self, number: str) -> None:
        self._left_out ^= {number}
        self._speak()

    def _on_collect(self) -> None:
        if self.chosen:
            self.wanted.emit([found.number for found in self.chosen])
