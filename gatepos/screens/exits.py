"""Exits and driver of a pass, in place of the left of Sell: by which gates it leaves, and whom to phone."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout

from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP, LABEL, label
from gatepos.screens.widgets import moving
from gatepos.screens.widgets.choice import ChoiceTile, FieldTile
from gatepos.screens.widgets.sheet import Sheet
from gatepos.till.views import SellView

_COLUMNS, _HEIGHT = 2, 64


class ExitsSheet(Sheet):
    """Emits the gates as they are to be, and that the phone is asked for; none of it is needed for a pass."""

    exits_chosen = Signal(object)
    driver_touched = Signal()

    def __init__(self, kit: Kit):
        super().__init__(kit, N_("Exits and driver of the pass"))
        self._view: SellView | None = None
        self.says = label("", LABEL, meaning="second", wraps=True)
        self.gates: dict[str, ChoiceTile] = {}
        self.driver = FieldTile(kit)
        self.driver.clicked.connect(self.driver_touched)
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        for place in range(_COLUMNS):
            self._grid.setColumnStretch(place, 1)
        self.body.addWidget(self.says)
        self.body.addLayout(self._grid)
        self.body.addWidget(self.driver)
        self.body.addStretch(1)
        kit.speech.changed.connect(self._speak)

    def begin(self) -> None:
        """The focus goes to what is likely wanted first."""
        shown = [tile for tile in self.gates.values() if not tile.isHidden()]
        (shown[0] if shown else self.driver).setFocus()

    def show_view(self, view: SellView) -> None:
        """Show what is chosen for the bill at the window."""
        self._view = view
        if not self.gates:
            self._lay(view)
        self._speak()

    def _lay(self, view: SellView) -> None:
        """A park's gates stay as they are while a till is open."""
        for place, (code, _) in enumerate(view.gates):
            self.gates[code] = self._gate(code)
            self._grid.addWidget(self.gates[code], place // _COLUMNS, place % _COLUMNS)
        moving.chain([*self.gates.values(), self.driver])

    def _speak(self) -> None:
        view, words = self._view, self.kit.speech.words
        if view is None:
            return
        names = dict(view.gates)
        if view.is_on_foot:
            says = N_("On foot: they leave by {gate} only.")
            self.says.setText(words(says, gate=", ".join(names.get(code, code) for code in view.exits)))
        else:
            self.says.setText(words(N_("Touch the gates by which they may leave; none: any gate.")))
        for code, tile in self.gates.items():
            tile.show_choice(names[code], is_chosen=code in view.exits)
            tile.setVisible(not view.is_on_foot)
        caption, hint = N_("Driver's phone, kept at this till only"), N_("not asked for")
        self.driver.show_field(words(caption), view.driver, words(hint))

    def _gate(self, code: str) -> ChoiceTile:
        made = ChoiceTile(self.kit, _HEIGHT)
        made.clicked.connect(lambda: self._on_gate(code))
        return made

    def _on_gate(self, code: str) -> None:
        if self._view is not None:
            self.exits_chosen.emit(sorted({*self._view.exits} ^ {code}))
