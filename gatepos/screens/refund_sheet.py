"""What of a receipt goes back: its lines with what is left of each, counted by touch."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from gatepos.domain import labels, money, numbers, refund
from gatepos.domain.bill import FeeKey, Line
from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP, LABEL, LARGE, MONEY, SEMIBOLD, label
from gatepos.screens.widgets import moving
from gatepos.screens.widgets.arrange import column, empty, row, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.count import FeeTile
from gatepos.screens.widgets.sheet import Sheet
from gatepos.screens.widgets.tile import Ground
from gatepos.till.refunds import Refundable
from gatepos.till.views import Cell

_COLUMNS = 2


class RefundSheet(Sheet):
    """Shows a Refundable; `counted` when other counts are wanted, `wanted` gives those that are shown.

    `owed_wanted` when it is the money that is owed back already.
    """

    counted = Signal(object)
    wanted = Signal(object)
    owed_wanted = Signal()

    def __init__(self, kit: Kit):
        super().__init__(kit)
        self._view: Refundable | None = None
        self._counts: dict[FeeKey, int] = {}
        self._minor = 0
        self.tiles: dict[FeeKey, FeeTile] = {}
        self.used = label("", LABEL, SEMIBOLD, "owed", wraps=True)
        self.none = label("", LABEL, meaning="second", wraps=True)
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        for place in range(_COLUMNS):
            self._grid.setColumnStretch(place, 1)
        inside = QWidget()
        inside.setLayout(column(self._grid, 1))
        self.owed = TouchButton(kit, ground=Ground.OWED)
        self.owed.clicked.connect(self.owed_wanted)
        self.whole = TouchButton(kit, height=MONEY)
        self.whole.clicked.connect(self._on_whole)
        self.take = TouchButton(kit, height=MONEY, ground=Ground.DO, px=LARGE - 2)
        self.take.clicked.connect(lambda: self.wanted.emit(dict(self._counts)))
        below = row(self.whole, self.take)
        below.setStretch(0, 1)
        below.setStretch(1, 2)
        self.body.addWidget(self.used)
        self.body.addWidget(scrolling(inside))
        self.body.addWidget(self.owed)
        self.body.addLayout(below)
        kit.speech.say(self.whole.set_text, N_("All of it"))
        kit.speech.changed.connect(self._speak)

    def open(self, view: Refundable) -> None:
        """Ask what of it goes back; nothing at first."""
        self._view, self._counts, self._minor = view, {}, 0
        empty(self._grid)
        self.tiles = {refund.key(line): self._tile(refund.key(line)) for line in view.lines}
        for place, tile in enumerate(self.tiles.values()):
            self._grid.addWidget(tile, place // _COLUMNS, place % _COLUMNS)
        moving.chain(list(self.tiles.values()))
        self._speak()

    def show_counts(self, counts: dict[FeeKey, int], minor: int) -> None:
        """Show what goes back, and its KES minor units."""
        self._counts, self._minor = counts, minor
        self._speak()

    def _on_whole(self) -> None:
        if self._view is not None:
            self.counted.emit({refund.key(line): line.count for line in self._view.lines})

    def _tile(self, key: FeeKey) -> FeeTile:
        made = FeeTile(self.kit)
        made.stepped.connect(lambda by: self._ask(key, self._counts.get(key, 0) + by))
        made.counted.connect(lambda n: self._ask(key, n))
        return made

    def _ask(self, key: FeeKey, n: int) -> None:
        self.counted.emit({**self._counts, key: n})

    def _speak(self) -> None:
        view, words = self._view, self.kit.speech.words
        if view is None:
            return
        self.title.setText(words(N_("Refund of {number}"), number=numbers.printed(view.number)))
        went_in = words.plural("{n} person went in on it.", "{n} people went in on it.", view.used)
        self.used.setText(went_in)
        self.used.setVisible(view.used > 0)
        for line in view.lines:
            self._show_line(line)
        amount = money.shown(money.KES, view.free_minor)
        self.owed.set_text(words(N_("Refund the {amount} owed back on it already"), amount=amount))
        self.owed.setVisible(view.free_minor > 0)
        self.take.set_text(words(N_("Refund {amount}"), amount=money.shown(money.KES, self._minor)))
        self.take.setEnabled(self._minor > 0)

    def _show_line(self, line: Line) -> None:
        words, key = self.kit.speech.words, refund.key(line)
        what = labels.fee(line.fee, line.category, line.age, words, self.kit.titles)
        cell = Cell(key, self._counts.get(key, 0), line.currency, line.unit_minor * line.times, blocked=False)
        self.tiles[key].show_priced(f"{line.count} {what}", cell)
