"""The ways on from somebody who is seen and not scanned: what is said of them, paying, or leaving without."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gatepos.domain import labels
from gatepos.domain.vocabulary import UNREAD
from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import MONEY
from gatepos.screens.ways import TenderKeys
from gatepos.screens.widgets.arrange import column, row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.choice import FieldTile
from gatepos.till.views import SellView


@dataclass(frozen=True, slots=True)
class Seen:
    """What is said of them: of a pass its number and why nobody reads it, else their story and their gate.

    `why` is one of UNREAD, `gate` a code or empty; of a pass `paid_minor` KES are paid before this.
    """

    is_pass: bool
    number: str = ""
    why: str = UNREAD[0]
    story: str = ""
    gate: str = ""
    paid_minor: int = 0


class SeenWays(QWidget):
    """Emits what was touched; the first field is the number or the story, the second why or the gate."""

    pay_touched = Signal(str)

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._seen = Seen(is_pass=True)
        self._view: SellView | None = None
        self.first, self.second = FieldTile(kit), FieldTile(kit)
        self.keys = TenderKeys(kit)
        self.tenders = self.keys.tiles
        self.keys.touched.connect(self.pay_touched)
        self.cancel = TouchButton(kit, key="Esc", height=MONEY)
        self.out = TouchButton(kit, height=MONEY)
        below = row(self.cancel, self.out)
        below.setStretch(0, 1)
        below.setStretch(1, 2)
        self.setLayout(column(self.first, self.second, self.keys, below, gap=8, margins=(0, 6, 0, 0)))
        kit.speech.say(self.cancel.set_text, N_("Cancel"))
        kit.speech.changed.connect(self._speak)

    def show_view(self, seen: Seen, view: SellView) -> None:
        """Show what is said of them, and how they may pay."""
        self._seen, self._view = seen, view
        self.keys.show_choices(view.tenders)
        self._speak()

    def _speak(self) -> None:
        words, seen = self._kit.speech.words, self._seen
        if seen.is_pass:
            self.first.show_field(words(N_("Number of the pass")), seen.number, words(N_("type it")))
            self.second.show_field(words(N_("Why it is not read")), words(labels.UNREAD_KEYS[seen.why]))
        else:
            gates = dict(self._view.gates) if self._view else {}
            unknown = words(N_("Not known"))
            self.first.show_field(words(N_("Their story")), seen.story, words(N_("ask them")))
            self.second.show_field(words(N_("Went in at")), gates.get(seen.gate, ""), unknown)
        self.out.set_text(words(N_("Leave on undertaking") if seen.is_pass else N_("Let out on their story")))
