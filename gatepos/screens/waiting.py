"""The bills put aside: one comes back by a touch, or by its plate or number."""

import re
from collections.abc import Callable, Sequence

from gatepos.domain import money, numbers, plates
from gatepos.i18n import N_
from gatepos.screens.choosing import Choice, ChoosingSheet
from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, label, unbroken
from gatepos.screens.widgets import moving
from gatepos.screens.widgets.entry import Entry, Keys
from gatepos.till.views import Waiting


class WaitingSheet(ChoosingSheet):
    """Asks which bill; what is typed leaves those whose plate or number holds it."""

    def __init__(self, kit: Kit):
        super().__init__(kit)
        self._bills: Sequence[Waiting] = ()
        self.search = Entry(kit, N_("Plate or number"), Keys.CODE)
        self.none = label("", LABEL, meaning="second", wraps=True)
        kit.speech.say(self.none.setText, N_("No waiting bill has that plate or number."))
        self.none.hide()
        self.body.insertWidget(0, self.search)
        self.body.insertWidget(1, self.none)
        self.search.line.textChanged.connect(self._on_typed)
        self.search.entered.connect(self._on_entered)

    def show_bills(self, bills: Sequence[Waiting], chosen: Callable[[object], object]) -> None:
        """All of them, oldest first; `chosen` gets the number of one."""
        self._bills = bills
        self.search.set_text("")
        self.ask(N_("Waiting bills"), [_choice(bill) for bill in bills], chosen)
        self.search.line.setFocus()

    def _on_typed(self, typed: str) -> None:
        found = [bill for bill in self._bills if _is_meant(bill, typed)]
        self.offer([_choice(bill) for bill in found])
        self.none.setVisible(not found)
        moving.chain([self.search.line, *self.tiles])

    def _on_entered(self) -> None:
        """Enter takes the only one that is left."""
        if len(self.tiles) == 1:
            self.tiles[0].click()


def _choice(bill: Waiting) -> Choice:
    """Whose and how much, and below since when and its number."""
    amount, number = money.shown(money.KES, bill.total_minor), unbroken(numbers.printed(bill.number))
    return Choice(
        lambda words: f"{plates.shown(bill.plate) or words(N_('on foot'))} · {amount}",
        lambda words: f"{words.moment(bill.since_ms)} · {number}",
        bill.number,
    )


def _is_meant(bill: Waiting, typed: str) -> bool:
    part = re.sub(r"[^A-Z0-9]", "", typed.upper())
    return part in bill.number or part in bill.plate
