"""The ways on from a ticket paid elsewhere: the touch that records it, or the payment of what it lacks."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gatepos.domain import money
from gatepos.i18n import N_
from gatepos.screens.bill import line_texts
from gatepos.screens.kit import Kit
from gatepos.screens.look import LARGE, MONEY, unbroken
from gatepos.screens.ways import TenderKeys
from gatepos.screens.widgets.arrange import column, row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.lines import LineText
from gatepos.screens.widgets.tile import Ground
from gatepos.till.views import TicketView


class TicketWays(QWidget):
    """Shows a TicketView; its buttons are touched, the page decides what they do."""

    pay_touched = Signal(str)

    def __init__(self, kit: Kit):
        super().__init__()
        self.record = TouchButton(kit, key="↵", height=64, ground=Ground.DO, px=LARGE - 2)
        self.keys = TenderKeys(kit)
        self.tenders = self.keys.tiles
        self.keys.touched.connect(self.pay_touched)
        self.covers = TouchButton(kit, height=MONEY)
        self.cancel = TouchButton(kit, key="Esc", height=MONEY)
        below = row(self.cancel, self.covers)
        below.setStretch(0, 1)
        below.setStretch(1, 2)
        self.setLayout(column(self.record, self.keys, below, gap=8, margins=(0, 6, 0, 0)))
        kit.speech.say(self.record.set_text, N_("Record, let them in"))
        kit.speech.say(self.covers.set_text, N_("The ticket covers…"))
        kit.speech.say(self.cancel.set_text, N_("Cancel"))

    def show_view(self, view: TicketView) -> None:
        """What can be done about a ticket."""
        is_short = view.rest_minor > 0
        self.record.setVisible(not is_short)
        self.keys.setVisible(is_short)
        self.keys.show_choices(view.tenders)
        self.covers.setVisible(not view.people and bool(view.lines))


def ticket_lines(view: TicketView, plate: str, kit: Kit) -> tuple[LineText, ...]:
    """The lines of a ticket's bill, and what the ticket pays of them where that is not all."""
    words = kit.speech.words
    lines = line_texts(view.lines, plate, kit)
    if not view.rest_minor or not view.lines:
        return lines
    says = words(N_("Ticket {reference}"), reference=unbroken(view.reference))
    return (*lines, LineText(says, f"− {money.shown(money.KES, view.covered_minor)}", "", "chosen_words"))
