"""The left of Passes: which list, what was looked for, and what was found."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from gatepos.domain import money, plates
from gatepos.i18n import N_, Words
from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, SEMIBOLD, TEXT, label, unbroken
from gatepos.screens.widgets import moving
from gatepos.screens.widgets.arrange import column, empty, row, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.entry import Entry, Keys
from gatepos.screens.widgets.found import FoundTile
from gatepos.screens.widgets.tile import Ground
from gatepos.till.pass_lists import LISTS, OPEN
from gatepos.till.views import PassRow

_TYPING_MS = 150
STATES = {
    "open": "",
    "paid": N_("paid"),
    "reissued": N_("printed anew"),
    "revoked": N_("revoked"),
}


class PassList(QWidget):
    """`asked` when another list is wanted or something was typed, `chosen` gives a pass's number."""

    asked = Signal()
    chosen = Signal(str)

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._rows: tuple[PassRow, ...] = ()
        self._chosen = ""
        self.which = OPEN
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._pause.timeout.connect(self.asked)
        self.lists = {which: self._list_tile(which) for which in LISTS}
        self.words = Entry(kit, N_("Plate, number or operator"), Keys.CODE)
        self.words.line.textChanged.connect(lambda: self._pause.start())
        self.sum = label("", TEXT, SEMIBOLD, "second")
        self.none = label("", LABEL, meaning="second", wraps=True)
        kit.speech.say(self.none.setText, N_("No pass is here."))
        self.tiles: dict[str, FoundTile] = {}
        self._list = column()
        inside = QWidget()
        inside.setLayout(column(self._list, self.none, 1))
        lists = row(*self.lists.values())
        parts = (lists, self.words, self.sum, scrolling(inside))
        self.setLayout(column(*parts, gap=10, margins=(18, 12, 18, 12)))
        kit.speech.changed.connect(self._speak)
        self._speak()

    def begin(self) -> None:
        """Look for nothing in particular."""
        self.words.set_text("")

    def show_rows(self, rows: tuple[PassRow, ...]) -> None:
        """Show what was found."""
        self._rows = rows
        empty(self._list)
        self.tiles = {found.number: self._tile(found.number) for found in rows}
        for tile in self.tiles.values():
            self._list.addWidget(tile)
        moving.chain([*self.lists.values(), self.words.line, *self.tiles.values()])
        self._speak()

    def mark(self, number: str) -> None:
        """Mark the pass that is open."""
        self._chosen = number
        self._speak()

    def _choose(self, which: str) -> None:
        self.which = which
        self.words.set_text("")
        self._pause.stop()
        self.asked.emit()

    def _list_tile(self, which: str) -> TouchButton:
        made = TouchButton(self._kit)
        made.clicked.connect(lambda: self._choose(which))
        return made

    def _tile(self, number: str) -> FoundTile:
        made = FoundTile(self._kit)
        made.clicked.connect(lambda: self.chosen.emit(number))
        return made

    def _speak(self) -> None:
        words = self._kit.speech.words
        for which, tile in self.lists.items():
            is_chosen = which == self.which and not self.words.text
            tile.set_text(words(LISTS[which]))
            tile.set_ground(Ground.CHOSEN if is_chosen else Ground.PLAIN)
        for found in self._rows:
            self.tiles[found.number].show_found(
                plates.shown(found.plate) or words(N_("on foot")),
                " · ".join(filter(None, (unbroken(found.number), found.operator))),
                stay(found, words),
                money.shown(money.KES, found.owed_minor or found.total_minor),
                words(STATES[found.state]),
                is_chosen=found.number == self._chosen,
            )
        owed = sum(found.owed_minor for found in self._rows)
        counted = words.plural("{n} pass", "{n} passes", len(self._rows))
        amount = money.shown(money.KES, owed)
        self.sum.setText(words(N_("{passes} · {amount} owed"), passes=counted, amount=amount))
        self.none.setVisible(not self._rows)


def stay(found: PassRow, words: Words) -> str:
    """`8 inside 3 h 12 min`; when nobody is, how many it is for and since when."""
    if not found.inside:
        return words(N_("{people} people · {at}"), people=found.people, at=words.moment(found.at_ms))
    hours, minutes = divmod(found.inside_min, 60)
    says = N_("{people} inside {hours} h {minutes} min")
    return words(says, people=found.inside, hours=hours, minutes=minutes)
