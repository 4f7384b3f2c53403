"""The left of Sell: who is in the vehicle, by category and age, free by ground, the vehicle and its stay."""

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gatepos.domain import labels, plates
from gatepos.domain.bill import FeeKey
from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP, LABEL, SEMIBOLD, TEXT, label
from gatepos.screens.widgets import moving
from gatepos.screens.widgets.arrange import column, empty, row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.choice import ChoiceTile, FieldTile
from gatepos.screens.widgets.count import Cell, GroundTile, price
from gatepos.screens.widgets.tile import Tile
from gatepos.till.views import SellView

PLATE, OPERATOR, DAYS, NIGHTS, ENTER_ON = "plate", "operator", "days", "nights", "enter_on"
_STRETCH = {PLATE: 17, OPERATOR: 15, DAYS: 10, NIGHTS: 11, ENTER_ON: 14}
_HEAD_LEAST, _HEAD_MOST = 118, 178


class PeoplePanel(QWidget):
    """Shows a SellView and emits what was touched."""

    stepped = Signal(object, int)
    counted = Signal(object, int)
    keypad_wanted = Signal(object)
    freed = Signal(str, int)
    free_counted = Signal(str, int)
    evidence_wanted = Signal(str)
    vehicle_touched = Signal(int)
    field_touched = Signal(str)
    school_touched = Signal()
    apart_touched = Signal()
    more_touched = Signal()
    product_touched = Signal()

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._view: SellView | None = None
        self.cells: dict[FeeKey, Cell] = {}
        self.grounds: dict[str, GroundTile] = {}
        self.vehicles: dict[int, ChoiceTile] = {}
        self.fields = {name: self._field(name) for name in _STRETCH}
        self.school = self._button(N_("School trip"), self.school_touched)
        self.apart = self._button(N_("Not a visitor"), self.apart_touched)
        self.more = self._button(N_("More fees…"), self.more_touched, key="F9")
        self.other = self._button(N_("Other park or package…"), self.product_touched)
        self.people = self._head("")
        self._heads: list[QLabel] = []
        self._grid = column()
        self._around = QVBoxLayout(self)
        self._around.setSpacing(GAP)
        self._around.setContentsMargins(18, 8, 18, 12)
        self._around.addLayout(self._grid)
        self._around.addStretch(1)
        kit.speech.changed.connect(self._on_language)

    def show_view(self, view: SellView) -> None:
        """Show what the bill in work holds."""
        is_other = self._view is None or _shape(view) != _shape(self._view)
        self._view = view
        if is_other:
            self._build(view)
        self._fill(view)

    def tiles(self) -> list[Tile]:
        """All that can be touched, for moving between them."""
        counts: list[Tile] = [*self.cells.values(), *self.grounds.values(), *self.vehicles.values()]
        return [*counts, *self.fields.values(), self.school, self.apart, self.more, self.other]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not moving.move(self.tiles(), event.key(), self.focusWidget()):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_heads()

    def _build(self, view: SellView) -> None:
        empty(
            self._grid, (*self.fields.values(), self.school, self.apart, self.more, self.other, self.people)
        )
        words = self._kit.speech.words
        self._heads = [self.people]
        self.cells = {cell.key: self._cell(cell.key) for r in view.rows for cell in r.cells}
        self.grounds = {ground: self._ground(ground) for ground, _ in view.free}
        self.vehicles = {int(cell.key[2]): self._vehicle(int(cell.key[2])) for cell in view.vehicles}
        self._add(self._head(self._schedule(view), "second", TEXT), *(
            _column_head(words(labels.AGES[age])) for age in view.ages
        ))  # fmt: skip
        for r in view.rows:
            name = words(labels.CATEGORIES[r.category])
            self._add(self._head(name), *(self.cells[cell.key] for cell in r.cells))
        self._add(self._head(words(N_("Free"))), *self.grounds.values())
        self._add(self._head(words(N_("Vehicle"))), *self.vehicles.values())
        fields = self._add(self._head(""), *self.fields.values())
        for place, stretch in enumerate(_STRETCH.values()):
            fields.setStretch(place, stretch)
        self._add(self.people, self.school, self.apart, self.more, self.other)
        self.other.setVisible(len(view.products) > 1)
        self.school.setVisible(any(cell.key[1] == "school" for cell in view.others))
        self.more.setVisible(bool(view.others))
        self._set_heads()
        self._set_tab_order()

    def _add(self, head: QLabel, *parts: QWidget) -> QHBoxLayout:
        self._heads.append(head)
        inner = row(*parts)
        for place in range(len(parts)):
            inner.setStretch(place, 1)
        whole = row(head, inner)
        whole.setStretch(1, 1)
        self._grid.addLayout(whole)
        return inner

    def _fill(self, view: SellView) -> None:
        words = self._kit.speech.words
        for r in view.rows:
            for cell in r.cells:
                self.cells[cell.key].show_priced(labels.person(r.category, cell.key[2], words), cell)
        for ground, count in view.free:
            self.grounds[ground].show_count(words(labels.GROUNDS[ground]), count)
            self.grounds[ground].show_asking(ground in view.asking)
        for cell in view.vehicles:
            band = int(cell.key[2])
            self.vehicles[band].show_choice(
                words(labels.BAND_KEYS[band]),
                price(cell, self._kit),
                is_chosen=band == view.band,
                is_blocked=cell.blocked,
            )
        self._fill_fields(view)
        self._fill_people(view)

    def _fill_fields(self, view: SellView) -> None:
        words = self._kit.speech.words
        on = view.enter_on
        day = words(N_("today")) if on == view.today else words.day(on).rsplit(" ", 1)[0]
        optional = words(N_("optional"))
        self.fields[PLATE].show_field(words(N_("Plate")), plates.shown(view.plate), words(N_("on foot")))
        self.fields[OPERATOR].show_field(words(N_("Operator")), view.operator or "", optional)
        self.fields[DAYS].show_field(words(N_("Days")), str(view.days))
        self.fields[NIGHTS].show_field(words(N_("Nights")), str(view.nights))
        self.fields[ENTER_ON].show_field(words(N_("Enter on")), day)

    def _fill_people(self, view: SellView) -> None:
        words = self._kit.speech.words
        lines = [words.plural("{n} visitor", "{n} visitors", view.visitors - view.free_count)]
        extra = []
        if view.crew:
            extra.append(words(N_("+ {n} crew"), n=view.crew))
        if view.free_count:
            extra.append(words(N_("{n} free"), n=view.free_count))
        if apart := sum(n for _, n in view.apart):
            extra.append(words.plural("{n} not a visitor", "{n} not visitors", apart))
        self.people.setText("\n".join([*lines, " · ".join(extra)]).strip())

    def _schedule(self, view: SellView) -> str:
        return view.schedule if view.product == view.products[0] else f"{view.product} · {view.schedule}"

    def _on_language(self) -> None:
        if self._view is not None:
            self._build(self._view)
            self._fill(self._view)

    def _set_heads(self) -> None:
        wide = max(_HEAD_LEAST, min(_HEAD_MOST, self.width() // 5 - 4))
        for head in self._heads:
            head.setFixedWidth(wide)

    def _set_tab_order(self) -> None:
        moving.chain(self.tiles())

    def _head(self, text: str, meaning: str = "ink", px: int = LABEL) -> QLabel:
        return label(text, px, SEMIBOLD, meaning, wraps=True)

    def _cell(self, key: FeeKey) -> Cell:
        made = Cell(self._kit)
        made.stepped.connect(lambda by: self.stepped.emit(key, by))
        made.counted.connect(lambda n: self.counted.emit(key, n))
        made.keypad_wanted.connect(lambda: self.keypad_wanted.emit(key))
        return made

    def _ground(self, ground: str) -> GroundTile:
        made = GroundTile(self._kit)
        made.stepped.connect(lambda by: self.freed.emit(ground, by))
        made.counted.connect(lambda n: self.free_counted.emit(ground, n))
        made.keypad_wanted.connect(lambda: self.evidence_wanted.emit(ground))
        return made

    def _vehicle(self, band: int) -> ChoiceTile:
        made = ChoiceTile(self._kit)
        made.clicked.connect(lambda: self.vehicle_touched.emit(band))
        return made

    def _field(self, name: str) -> FieldTile:
        made = FieldTile(self._kit)
        made.clicked.connect(lambda: self.field_touched.emit(name))
        return made

    def _button(self, text: str, touched: SignalInstance, key: str = "") -> TouchButton:
        made = TouchButton(self._kit, key=key)
        self._kit.speech.say(made.set_text, text)
        made.clicked.connect(touched)
        return made


def _column_head(text: str) -> QLabel:
    made = label(text, TEXT, SEMIBOLD, "second", wraps=True)
    made.setContentsMargins(4, 0, 0, 0)
    made.setMinimumWidth(1)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    made.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
    return made


def _shape(view: SellView) -> tuple[object, ...]:
    keys = tuple(cell.key for r in view.rows for cell in r.cells)
    bands = tuple(cell.key for cell in view.vehicles)
    return view.schedule, view.product, view.ages, keys, bands, len(view.others)
