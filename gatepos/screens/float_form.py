"""Before a shift: what is counted into the drawer."""

from PySide6.QtWidgets import QWidget

from gatepos.domain import money
from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, LARGE, SEMIBOLD, label
from gatepos.screens.widgets.arrange import column, row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.entry import Entry, Keys
from gatepos.screens.widgets.tile import Ground
from gatepos.till.shift_views import ShiftView


class FloatForm(QWidget):
    """What is in the drawer before the first sale."""

    def __init__(self, kit: Kit):
        super().__init__()
        title = label("", LARGE, SEMIBOLD, wraps=True)
        kit.speech.say(title.setText, N_("Open your shift"))
        told = label("", LABEL, meaning="second", wraps=True)
        kit.speech.say(told.setText, N_("Count the float in the drawer; leave empty what is not there."))
        self.kes = Entry(kit, N_("Float, KES"), Keys.AMOUNT)
        self.usd = Entry(kit, N_("Float, USD"), Keys.AMOUNT)
        self.open = TouchButton(kit, key="↵", height=64, ground=Ground.DO, px=LARGE - 2)
        kit.speech.say(self.open.set_text, N_("Open the shift"))
        self.kes.entered.connect(self.open.click)
        self.usd.entered.connect(self.open.click)
        self.setLayout(
            column(title, told, row(self.kes, self.usd), self.open, 1, gap=14, margins=(24, 20, 24, 20))
        )

    def show_view(self, view: ShiftView) -> None:
        """Empty, for a new shift."""
        self.kes.set_text("")
        self.usd.set_text("")
        self.usd.setVisible(money.USD in view.currencies)
        self.kes.setFocus()
