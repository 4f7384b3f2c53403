"""One form for each way of paying: what the clerk types, as text; the till reads it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gatepos.domain import money
from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import TOUCH
from gatepos.screens.widgets.arrange import column, row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.entry import Entry, Keys
from gatepos.screens.widgets.tile import Ground

NOTES = (500_00, 1_000_00, 5_000_00)
"""What cash is likely to be rounded up to, KES minor units."""


class TenderForm(QWidget):
    """Lines to type into; an amount left empty is the rest. Enter is the same as the button.

    `left_empty` is Enter where nothing was typed.
    """

    entered = Signal()
    left_empty = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.needed: tuple[Entry, ...] = ()
        self.amount: Entry | None = None

    def begin(self, rest_minor: int) -> None:
        """Empty; the amount that is left to pay stands where one may be typed."""
        for entry in self.needed:
            entry.set_text("")
        if self.amount is not None:
            self.amount.set_text("")
            self.amount.line.setPlaceholderText(money.amount(rest_minor))

    def typed(self) -> tuple[str | None, ...]:
        """What was typed, line by line; None for an amount that was not."""
        amount = () if self.amount is None else (self.amount.text or None,)
        return (*(entry.text for entry in self.needed), *amount)

    def take_focus(self) -> None:
        """Go to the first line that is empty."""
        empty = [entry for entry in self.needed if not entry.text]
        (empty or list(self.needed))[0].line.setFocus()

    def _hold(self, *needed: Entry, amount: Entry | None = None) -> None:
        self.needed, self.amount = needed, amount
        for entry in (*needed, *([amount] if amount else [])):
            entry.entered.connect(self._on_entered)

    def _on_entered(self) -> None:
        if all(entry.text for entry in self.needed):
            self.entered.emit()
            return
        self.take_focus()
        if not any(entry.text for entry in (*self.needed, *([self.amount] if self.amount else []))):
            self.left_empty.emit()


class MpesaForm(TenderForm):
    """The code or the whole SMS, and what it paid when that is not the rest."""

    def __init__(self, kit: Kit):
        super().__init__()
        code = Entry(kit, N_("Code, or the whole SMS"), Keys.CODE)
        amount = Entry(kit, N_("It paid, KES"), Keys.AMOUNT)
        self._hold(code, amount=amount)
        self.setLayout(_beside(code, amount))


class CardForm(TenderForm):
    """The approval code that the bank's terminal printed, and the card's last four digits."""

    def __init__(self, kit: Kit):
        super().__init__()
        approval, last4 = (
            Entry(kit, N_("Approval code"), Keys.CODE),
            Entry(kit, N_("Last four digits"), Keys.DIGITS),
        )
        amount = Entry(kit, N_("Amount, KES"), Keys.AMOUNT)
        self._hold(approval, last4, amount=amount)
        self.setLayout(column(row(approval, last4), amount))


class CashForm(TenderForm):
    """Notes and coins in one currency; what is likely to be handed over is one touch."""

    def __init__(self, kit: Kit):
        super().__init__()
        self.currency = money.KES
        self.currencies = {code: self._currency(kit, code) for code in (money.KES, money.USD)}
        self.given = Entry(kit, N_("Given"), Keys.AMOUNT)
        self._hold(self.given)
        self.likely = [self._likely(kit) for _ in range(1 + len(NOTES))]
        choose = row(*self.currencies.values())
        first = row(self.given, choose)
        first.setStretch(0, 1)
        self.setLayout(column(first, row(*self.likely)))

    def begin(self, rest_minor: int) -> None:
        """Nothing is given yet; KES."""
        super().begin(rest_minor)
        self._choose(money.KES)
        amounts = sorted({rest_minor, *(-(-rest_minor // note) * note for note in NOTES)})
        for place, tile in enumerate(self.likely):
            tile.setVisible(place < len(amounts))
            tile.set_text(money.amount(amounts[place]) if place < len(amounts) else "")

    def typed(self) -> tuple[str | None, ...]:
        """Currency and amount."""
        return (self.currency, self.given.text)

    def _choose(self, code: str) -> None:
        self.currency = code
        for other, tile in self.currencies.items():
            tile.set_ground(Ground.CHOSEN if other == code else Ground.PLAIN)

    def _currency(self, kit: Kit, code: str) -> TouchButton:
        made = TouchButton(kit, code).snug()
        made.clicked.connect(lambda: self._choose(code))
        return made

    def _likely(self, kit: Kit) -> TouchButton:
        made = TouchButton(kit, height=TOUCH)
        made.clicked.connect(lambda: self._on_likely(made.text()))
        return made

    def _on_likely(self, amount: str) -> None:
        self._choose(money.KES)
        self.given.set_text(amount)
        self.given.line.setFocus()


class TicketForm(TenderForm):
    """The reference of a ticket paid elsewhere, and what it covers when that is not the rest."""

    def __init__(self, kit: Kit):
        super().__init__()
        reference = Entry(kit, N_("Ticket reference"), Keys.CODE)
        amount = Entry(kit, N_("It covers, KES"), Keys.AMOUNT)
        self._hold(reference, amount=amount)
        self.setLayout(_beside(reference, amount))


def _beside(wide: Entry, narrow: Entry) -> QHBoxLayout:
    layout = row(wide, narrow)
    layout.setStretch(0, 3)
    layout.setStretch(1, 2)
    return layout
