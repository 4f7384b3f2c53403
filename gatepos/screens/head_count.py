"""Counting the people of a vehicle that the lot fell on: by category and age, without what its paper says."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gatepos.domain import labels, plates
from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP, LABEL, LARGE, MONEY, SEMIBOLD, label
from gatepos.screens.widgets import moving
from gatepos.screens.widgets.arrange import column, row, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.count import GroundTile
from gatepos.screens.widgets.sheet import Sheet
from gatepos.screens.widgets.tile import Ground
from gatepos.till.heads import Group

Who = tuple[str, str]
"""Category and age."""
_ROWS: tuple[tuple[Who, ...], ...] = (
    *(
        tuple((category, age) for age in ("adult", "child", "student"))
        for category in ("non_resident", "african_citizen", "kenya_resident", "ea_citizen")
    ),
    (("school", "adult"), ("school", "student")),
    (("exempt", "adult"), ("exempt", "child")),
)
"""Who can be on a paper, as Sell has them."""
_ALONE = {
    ("school", "adult"): N_("Adult"),
    ("school", "student"): N_("Pupil"),
    ("exempt", "adult"): N_("Adult"),
    ("exempt", "child"): N_("5 and under"),
}
_AGES = {**labels.AGES, "student": N_("Student")}
_HEAD_WIDE = 136


class HeadSheet(Sheet):
    """A tile for all who may be in a vehicle; `counted` gives the groups, `skipped` that nobody counts."""

    counted = Signal(object)
    skipped = Signal()

    def __init__(self, kit: Kit):
        super().__init__(kit)
        self._plate = ""
        self._heads: dict[str, QLabel] = {}
        self.tiles = {who: self._tile(who) for names in _ROWS for who in names}
        self.sum = label("", LARGE, SEMIBOLD)
        self.done = TouchButton(kit, key="↵", height=MONEY, ground=Ground.DO, px=LARGE - 2)
        self.skip = TouchButton(kit, height=MONEY)
        self.done.clicked.connect(lambda: self.counted.emit(self.groups))
        self.skip.clicked.connect(self.skipped)
        inside = QWidget()
        inside.setLayout(column(self._grid(), 1))
        self.body.addWidget(scrolling(inside))
        self.body.addWidget(self.sum)
        below = row(self.skip, self.done)
        below.setStretch(1, 1)
        self.body.addLayout(below)
        moving.chain([*self.tiles.values(), self.done, self.skip])
        kit.speech.changed.connect(self._speak)
        self._speak()

    def begin(self, plate: str) -> None:
        """Nobody is counted yet."""
        self._plate = plate
        for tile in self.tiles.values():
            tile.show_count(tile.name, 0)
        self._speak()
        next(iter(self.tiles.values())).setFocus()

    @property
    def groups(self) -> tuple[Group, ...]:
        """Who was counted."""
        return tuple((*who, tile.count) for who, tile in self.tiles.items() if tile.count)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        widgets = [*self.tiles.values(), self.done, self.skip]
        if not moving.move(widgets, event.key(), self.focusWidget()):
            super().keyPressEvent(event)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(GAP)
        for place, names in enumerate(_ROWS):
            category = names[0][0]
            head = self._heads[category] = label("", LABEL, SEMIBOLD, wraps=True)
            head.setFixedWidth(_HEAD_WIDE)
            grid.addWidget(head, place, 0)
            for column_, who in enumerate(names, 1):
                grid.addWidget(self.tiles[who], place, column_)
                grid.setColumnStretch(column_, 1)
        return grid

    def _tile(self, who: Who) -> GroundTile:
        made = GroundTile(self.kit)
        made.stepped.connect(lambda by: self._set(who, made.count + by))
        made.counted.connect(lambda n: self._set(who, n))
        return made

    def _set(self, who: Who, n: int) -> None:
        tile = self.tiles[who]
        tile.show_count(tile.name, max(n, 0))
        self._say_sum()

    def _say_sum(self) -> None:
        n = sum(tile.count for tile in self.tiles.values())
        self.sum.setText(self.kit.speech.words.plural("{n} person counted", "{n} people counted", n))

    def _speak(self) -> None:
        words = self.kit.speech.words
        title = N_("Count who is in {plate}, without looking at the paper")
        self.title.setText(words(title, plate=plates.shown(self._plate)))
        for category, head in self._heads.items():
            head.setText(words(labels.CATEGORIES[category]))
        for who, tile in self.tiles.items():
            tile.show_count(words(_ALONE.get(who) or _AGES[who[1]]), tile.count)
            tile.setAccessibleName(f"{labels.person(*who, words)}: {tile.count}")
        self.done.set_text(words(N_("Record the count")))
        self.skip.set_text(words(N_("Not counted, with a reason…")))
        self._say_sum()
