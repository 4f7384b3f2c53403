"""More fees: everything that is neither in the grid nor a vehicle, with search; prices may not be typed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from gatepos.domain import fees, labels
from gatepos.domain.bill import FeeKey
from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP, LABEL, label
from gatepos.screens.widgets import moving
from gatepos.screens.widgets.arrange import column, empty, row, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.count import FeeTile
from gatepos.screens.widgets.entry import Entry
from gatepos.screens.widgets.sheet import Sheet
from gatepos.till.views import Cell, SellView

_COLUMNS = 2


class MoreSheet(Sheet):
    """Counts other fees by touch, like the grid; emits what was touched."""

    stepped = Signal(object, int)
    counted = Signal(object, int)
    keypad_wanted = Signal(object)
    institution_touched = Signal()

    def __init__(self, kit: Kit):
        super().__init__(kit, N_("More fees"))
        self._view: SellView | None = None
        self._category = ""
        self.tiles: dict[FeeKey, FeeTile] = {}
        self.search = Entry(kit, N_("Find a fee"))
        self.search.line.textChanged.connect(self._on_typed)
        self.institution = TouchButton(kit)
        self.institution.clicked.connect(self.institution_touched)
        self.none = label("", LABEL, meaning="second", wraps=True)
        kit.speech.say(self.none.setText, N_("No fee here has that name."))
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        for place in range(_COLUMNS):
            self._grid.setColumnStretch(place, 1)
        inside = QWidget()
        inside.setLayout(column(self._grid, self.none, 1))
        top = row(self.search, self.institution)
        top.setStretch(0, 3)
        top.setStretch(1, 2)
        self.body.addLayout(top)
        self.body.addWidget(scrolling(inside))
        kit.speech.changed.connect(self._on_typed)

    def open(self, category: str, view: SellView) -> None:
        """Show the fees of a category until something is looked for; all when it is empty."""
        self._view, self._category = view, category
        self.search.set_text("")
        self._lay()
        self.search.line.setFocus()

    def show_view(self, view: SellView) -> None:
        """Show the counts."""
        self._view = view
        words = self.kit.speech.words
        for cell in view.others:
            tile = self.tiles.get(cell.key)
            if tile is not None:
                tile.show_priced(labels.fee(*cell.key, words, self.kit.titles), cell)
        text = words(N_("School: {name}"), name=view.institution) if view.institution else ""
        self.institution.set_text(text or words(N_("School's name…")))

    def _on_typed(self) -> None:
        if self._view is not None:
            self._lay()

    def _lay(self) -> None:
        view = self._view
        if view is None:
            return
        empty(self._grid)
        found = fees.search((cell.key for cell in view.others), self.search.text, self.kit.titles)
        if self._category and not self.search.text:
            found = tuple(key for key in found if key[1] == self._category)
        cells = {cell.key: cell for cell in view.others}
        self.tiles = {key: self._tile(cells[key]) for key in found}
        for place, tile in enumerate(self.tiles.values()):
            self._grid.addWidget(tile, place // _COLUMNS, place % _COLUMNS)
        moving.chain(list(self.tiles.values()))
        self.none.setVisible(not found)
        self.show_view(view)

    def _tile(self, cell: Cell) -> FeeTile:
        made = FeeTile(self.kit)
        made.stepped.connect(lambda by: self.stepped.emit(cell.key, by))
        made.counted.connect(lambda n: self.counted.emit(cell.key, n))
        made.keypad_wanted.connect(lambda: self.keypad_wanted.emit(cell.key))
        return made
