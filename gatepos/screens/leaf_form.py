"""One leaf as it is typed off: Enter goes from line to line, and at the end says what it comes to."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from gatepos.domain import labels, money
from gatepos.domain.bill import FeeKey
from gatepos.domain.vocabulary import GROUNDS, TENDERS
from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP, LARGE, MEDIUM, MONEY, SMALL, label
from gatepos.screens.widgets.arrange import column, empty, row, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.entry import Entry, Keys, Line
from gatepos.screens.widgets.tile import Ground
from gatepos.screens.widgets.total import Total
from gatepos.till.capture import Written
from gatepos.till.list_views import PadView
from gatepos.till.views import SellView

_COUNT_PX, _ROOM = LARGE - 2, 40


class LeafForm(QWidget):
    """`submitted` at the last Enter, `changed` when anything was typed."""

    submitted = Signal()
    changed = Signal()

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._view: SellView | None = None
        self.kind = TENDERS[0]
        self.book = Entry(kit, N_("Pad"), Keys.CODE)
        self.leaf = Entry(kit, N_("Leaf"), Keys.DIGITS)
        self.at = Entry(kit, N_("Time"), Keys.AMOUNT, "09:40")
        self.reason = Entry(kit, N_("Why by hand"))
        self.plate = Entry(kit, N_("Plate"), Keys.CODE)
        self.band = Entry(kit, N_("Seats, 1 to 5"), Keys.DIGITS)
        self.free = {ground: Entry(kit, labels.GROUNDS[ground], Keys.DIGITS) for ground in GROUNDS}
        self.people: dict[FeeKey, Line] = {}
        self.kinds = {kind: self._kind_tile(kind) for kind in TENDERS}
        self.reference = Entry(kit, N_("Code, ticket or approval"), Keys.CODE)
        self.last4 = Entry(kit, N_("Last four digits"), Keys.DIGITS)
        self.total = Total(kit)
        self.record = TouchButton(kit, key="↵", height=MONEY, ground=Ground.DO, px=LARGE - 2)
        self.record.clicked.connect(self.submitted)
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        self._lay_out()
        kit.speech.changed.connect(self._speak)

    def show_view(self, view: SellView) -> bool:
        """Lay out whom the schedule in force knows; whether there were others before."""
        is_other = self._view is None or view.rows != self._view.rows
        self._view = view
        if is_other:
            self._lay_people(view)
        self._speak()
        return is_other

    def begin(self, pads: Sequence[PadView]) -> None:
        """The next leaf of the pad in hand that nobody has said anything about."""
        waiting = [pad for pad in pads if pad.missing]
        same = [pad for pad in waiting if pad.book == self.book.text]
        pad = next(iter(same or waiting), None)
        if pad is not None:
            self.book.set_text(pad.book)
            self.leaf.set_text(str(pad.missing[0]))
        self.at.line.setFocus()

    def empty(self) -> None:
        """All but what stays the same from leaf to leaf."""
        for line in self._lines():
            if line not in (self.book.line, self.reason.line):
                line.setText("")

    def written(self) -> Written:
        """The leaf as it was typed."""
        return Written(
            self.book.text, self.leaf.text, self.at.text, self.reason.text, self.plate.text, self.band.text,
            {key: line.text() for key, line in self.people.items() if line.text()},
            {ground: entry.text for ground, entry in self.free.items() if entry.text},
            self.kind, self.reference.text, self.last4.text,
        )  # fmt: skip

    def show_total(self, minor: int | None) -> None:
        """What the leaf comes to, to be compared with it; None before it was asked."""
        self.total.show_amount(
            N_("As on the leaf?") if minor is not None else "",
            money.shown(money.KES, minor) if minor is not None else "",
        )
        says = N_("What does it come to?") if minor is None else N_("Record")
        self.record.set_text(self._kit.speech.words(says))

    def _lines(self) -> list[Line]:
        """In the order in which a leaf is typed off."""
        first = [entry.line for entry in (self.book, self.leaf, self.reason, self.at, self.plate, self.band)]
        free = [entry.line for entry in self.free.values()]
        paid = [self.reference.line] + ([self.last4.line] if self.kind == "card" else [])
        return [*first, *self.people.values(), *free, *([] if self.kind == "cash" else paid)]

    def _on_entered(self, line: Line) -> None:
        lines = self._lines()
        after = lines[lines.index(line) + 1 :] if line in lines else []
        if after:
            after[0].setFocus()
            after[0].selectAll()
        else:
            self.submitted.emit()

    def _choose(self, kind: str) -> None:
        self.kind = kind
        self.changed.emit()
        self._speak()

    def _speak(self) -> None:
        words = self._kit.speech.words
        for kind, tile in self.kinds.items():
            tile.set_text(words(labels.TENDER_KEYS[kind]))
            tile.set_ground(Ground.CHOSEN if kind == self.kind else Ground.PLAIN)
        self.reference.setVisible(self.kind != "cash")
        self.last4.setVisible(self.kind == "card")
        for (_, category, age), line in self.people.items():
            line.setAccessibleName(labels.person(category, age, words))

    def _lay_people(self, view: SellView) -> None:
        empty(self._grid)
        self.people = {}
        for place, age in enumerate(view.ages):
            self._grid.addWidget(self._caption(labels.AGES[age]), 0, place + 1)
        for y, found in enumerate(view.rows, 1):
            self._grid.addWidget(self._caption(labels.CATEGORIES[found.category]), y, 0)
            for x, cell in enumerate(found.cells, 1):
                line = self.people[cell.key] = Line(Keys.DIGITS, _COUNT_PX)
                self._watch(line)
                self._grid.addWidget(line, y, x)

    def _caption(self, says: str) -> QWidget:
        made = label("", SMALL, MEDIUM, "second", wraps=True)
        self._kit.speech.say(made.setText, says)
        return made

    def _kind_tile(self, kind: str) -> TouchButton:
        made = TouchButton(self._kit)
        made.clicked.connect(lambda: self._choose(kind))
        return made

    def _watch(self, line: Line) -> None:
        line.returnPressed.connect(partial(self._on_entered, line))
        line.textEdited.connect(self.changed)
        line.focused.connect(self._bring)

    def _bring(self, line: Line) -> None:
        """What is typed into is in sight to its lower edge."""
        self._area.ensureVisible(0, line.mapTo(self._inside, line.rect().bottomLeft()).y(), 0, _ROOM)

    def _lay_out(self) -> None:
        for line in [*self._lines(), self.last4.line]:
            self._watch(line)
        top = row(self.book, self.leaf, self.reason)
        paid = row(*self.kinds.values(), self.reference, self.last4)
        for place, weight in ((0, 1), (1, 1), (2, 3)):
            top.setStretch(place, weight)
        for place in range(len(self.kinds) + 2):
            paid.setStretch(place, 2 if place == len(self.kinds) else 1)
        for tile in self.kinds.values():
            paid.setAlignment(tile, Qt.AlignmentFlag.AlignBottom)
        self._inside = QWidget()
        self._inside.setLayout(column(
            top, row(self.at, self.plate, self.band), self._grid, row(*self.free.values()), paid, 1, gap=6,
        ))  # fmt: skip
        below = row(self.total, self.record)
        for place in (0, 1):
            below.setStretch(place, 1)
        self._area = scrolling(self._inside)
        self.setLayout(column(self._area, below, gap=8, margins=(18, 10, 18, 10)))
