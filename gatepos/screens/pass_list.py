"""The left of Passes: which list, what was looked for, and what was found."""

from PySide6.QtWidgets import QWidget

from gatepos.domain import moments, money, plates
from gatepos.i18n import N_, Words, plural
from gatepos.screens.finding import FoundList
from gatepos.screens.kit import Kit
from gatepos.screens.look import SEMIBOLD, TEXT, label, unbroken
from gatepos.screens.widgets.arrange import column, row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.tile import Ground
from gatepos.till.pass_lists import LISTS, OPEN
from gatepos.till.views import PassRow, SinceOrder

_COLUMNS = 3
STATES = {
    "open": "",
    "paid": N_("paid"),
    "reissued": N_("printed anew"),
    "revoked": N_("revoked"),
    "story": N_("left on a story"),
    "unheard": N_("its till was not heard"),
}


class PassList(FoundList[PassRow]):
    """`asked` when another list is wanted, too."""

    def __init__(self, kit: Kit):
        super().__init__(kit, N_("Plate, number or operator"), N_("No pass is here."))
        self.which = OPEN
        self.lists = {which: self._list_tile(which) for which in LISTS}
        self.since = TouchButton(kit, ground=Ground.OWED)
        self._order: SinceOrder | None = None
        self.sum = label("", TEXT, SEMIBOLD, "second")
        tiles = list(self.lists.values())
        rows = (row(*tiles[:_COLUMNS]), row(*tiles[_COLUMNS:]))
        parts = (*rows, self.since, self.words, self.sum, self.area)
        self.setLayout(column(*parts, gap=10, margins=(18, 12, 18, 12)))
        self._speak()

    def show_order(self, order: SinceOrder) -> None:
        """What was priced between an order and its entry, and is not settled."""
        self._order = order
        self._speak_order()

    def _speak_order(self) -> None:
        words, order = self._kit.speech.words, self._order
        self.since.setVisible(order is not None and bool(order.rows))
        if order is not None:
            at = moments.local(order.since_ms)
            says = plural("{n} priced before {schedule}", "{n} priced before {schedule}")
            self.since.set_text(words.plural(*says, len(order.rows), schedule=order.schedule))
            self.since.set_note(words(N_("since the order of {time}"), time=f"{at:%H:%M}"))

    def _choose(self, which: str) -> None:
        self.which = which
        self.words.set_text("")
        self._pause.stop()
        self.asked.emit()

    def _list_tile(self, which: str) -> TouchButton:
        made = TouchButton(self._kit)
        made.clicked.connect(lambda: self._choose(which))
        return made

    def _before(self) -> list[QWidget]:
        return [*self.lists.values(), self.since, self.words.line]

    def _speak(self) -> None:
        words = self._kit.speech.words
        self._speak_order()
        for which, tile in self.lists.items():
            is_chosen = which == self.which and not self.words.text
            tile.set_text(words(LISTS[which]))
            tile.set_ground(Ground.CHOSEN if is_chosen else Ground.PLAIN)
        for found in self._rows:
            self.tiles[found.number].show_found(
                plates.shown(found.plate) or words(N_("on foot")),
                " · ".join(filter(None, (unbroken(found.number), found.operator))),
                stay(found, words),
                money.shown(money.KES, found.owed_minor or found.total_minor) if found.total_minor else "",
                words(STATES[found.state]),
                is_chosen=found.number == self._chosen,
            )
        owed = sum(found.owed_minor for found in self._rows)
        counted = words.plural("{n} pass", "{n} passes", len(self._rows))
        amount = money.shown(money.KES, owed)
        self.sum.setText(words(N_("{passes} · {amount} owed"), passes=counted, amount=amount))
        self.none.setVisible(not self._rows)


def stay(found: PassRow, words: Words) -> str:
    """`8 inside 3 h 12 min`; when nobody is, how many it is for and since when, as far as it is known."""
    if not found.people:
        return words.moment(found.at_ms)
    if not found.inside:
        return words(N_("{people} people · {at}"), people=found.people, at=words.moment(found.at_ms))
    hours, minutes = divmod(found.inside_min, 60)
    says = N_("{people} inside {hours} h {minutes} min")
    return words(says, people=found.inside, hours=hours, minutes=minutes)
