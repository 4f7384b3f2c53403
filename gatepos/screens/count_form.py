"""The blind count that closes a shift: notes and coins, slips, documents, and who takes over."""

from PySide6.QtWidgets import QGridLayout, QWidget

from gatepos.domain import labels, money, shift
from gatepos.i18n import N_
from gatepos.screens.heir import Heir
from gatepos.screens.held import HeldList
from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP, LARGE, MONEY, SEMIBOLD, TEXT, label
from gatepos.screens.widgets.arrange import column, row, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.entry import Entry, Keys, enter_through
from gatepos.screens.widgets.tile import Ground
from gatepos.till import shifts
from gatepos.till.shift_views import ShiftView

_COLUMNS = 5


class CountForm(QWidget):
    """Notes and coins by face, and the other ways of paying by total."""

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        title = label("", LARGE, SEMIBOLD, wraps=True)
        kit.speech.say(title.setText, N_("Close your shift: count first"))
        self.faces = {
            (currency, face): Entry(kit, f"{currency} {money.amount(face * money.MINOR)}", Keys.DIGITS)
            for currency, all_ in shift.FACES.items()
            for face in all_
        }
        self.usd = QWidget()
        self.held = HeldList(kit)
        self.others = {kind: Entry(kit, labels.TENDERS[kind], Keys.AMOUNT) for kind in shifts.OTHERS}
        self.note = Entry(kit, N_("Note, when it is over or short"))
        self.entries = (*self.faces.values(), *self.others.values(), self.note)
        self.heir = Heir(kit)
        self.close_shift = TouchButton(kit, height=MONEY, ground=Ground.DO, px=LARGE - 2)
        kit.speech.say(self.close_shift.set_text, N_("Close the shift"))
        self.usd.setLayout(self._grid(money.USD))
        cash = self._heading(N_("Cash: how many of each"))
        rest = self._heading(N_("The rest: totals of your slips and messages, KES"))
        inside = QWidget()
        others = row(*self.others.values())
        parts = (
            self.held, self.heir, cash, self._grid(money.KES), self.usd, rest, others, self.note,
        )  # fmt: skip
        inside.setLayout(column(*parts, 1, gap=12))
        self._area = scrolling(inside)
        self.setLayout(column(title, self._area, self.close_shift, gap=12, margins=(24, 16, 24, 16)))
        self._wire()

    def show_view(self, view: ShiftView) -> None:
        """Empty, for a new count."""
        for entry in self.entries:
            entry.set_text("")
        self.usd.setVisible(money.USD in view.currencies)
        self.heir.show_view(view)

    def faces_typed(self) -> list[tuple[str, int, str]]:
        """Currency, face and count of each that was typed."""
        return [(currency, face, entry.text) for (currency, face), entry in self.faces.items() if entry.text]

    def others_typed(self) -> list[tuple[str, str]]:
        """Way of paying and its total."""
        return [(kind, entry.text) for kind, entry in self.others.items()]

    def _wire(self) -> None:
        """Enter goes from line to line and ends at the button; the line that is typed into is in sight."""
        enter_through(self.entries, self.close_shift.setFocus)
        for entry in self.entries:
            entry.line.focused.connect(self._area.ensureWidgetVisible)

    def _grid(self, currency: str) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP)
        for place, face in enumerate(shift.FACES[currency]):
            grid.addWidget(self.faces[currency, face], place // _COLUMNS, place % _COLUMNS)
        return grid

    def _heading(self, says: str) -> QWidget:
        made = label("", TEXT, SEMIBOLD, "second", wraps=True)
        self._kit.speech.say(made.setText, says)
        return made
