"""What central saw paid for what stands at the window: one touch to take it, or why a person looks first."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gatepos.domain import money
from gatepos.i18n import N_, Words
from gatepos.screens.kit import Kit
from gatepos.screens.look import MONEY, SEMIBOLD, TEXT, label, unbroken
from gatepos.screens.widgets.arrange import column
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.tile import Ground
from gatepos.till.views import PayView, SeenPaid


class HeardMoney(QWidget):
    """Shows the first payment of a PayView that central saw; `taken` gives its code."""

    taken = Signal(str)

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._view: PayView | None = None
        self.told = label("", TEXT, SEMIBOLD, "told", wraps=True)
        self.take = TouchButton(kit, height=MONEY, ground=Ground.DO)
        self.take.clicked.connect(self._on_take)
        self.setLayout(column(self.told, self.take))
        kit.speech.changed.connect(self._speak)
        self.hide()

    def show_view(self, view: PayView | None) -> None:
        """Show what central saw; nothing where it saw nothing, or nothing is left to pay."""
        self._view = view
        self.setVisible(self._first() is not None)
        self._speak()

    def _first(self) -> SeenPaid | None:
        seen = self._view.seen if self._view and self._view.rest_minor else ()
        return next((one for one in seen if one.may_take), seen[0] if seen else None)

    def _speak(self) -> None:
        one, words = self._first(), self._kit.speech.words
        if one is None:
            return
        self.told.setText(told(one, words))
        amount = money.shown(money.KES, one.left_minor)
        self.take.set_text(words(N_("Take {amount} seen at central"), amount=amount))
        self.take.setVisible(one.may_take)

    def _on_take(self) -> None:
        one = self._first()
        if one is not None:
            self.taken.emit(one.code)


def told(one: SeenPaid, words: Words) -> str:
    """`UA26X1Y2ZQ · KES 43,940 · 2 Jan 10:33 · confirmed`, or what to do where it opens nothing."""
    says = N_("confirmed") if one.is_confirmed else N_("not confirmed yet")
    amount = unbroken(money.shown(money.KES, one.amount_minor))
    line = " · ".join((one.code, amount, words.moment(one.at_ms), words(says)))
    return line if one.may_take else f"{line}. {words(BEYOND)}"


BEYOND = N_("Above the park's limit: look at the driver's M-PESA message and type its code.")
"""What is done where more was seen and not confirmed than the park lets open its barriers."""
