"""The ways on from a bill: four ways to pay, a pass in an outage, and putting it aside."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from gatepos.domain import labels
from gatepos.errors import Said
from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP, LARGE, MONEY, SEMIBOLD, SMALL, TOUCH, label
from gatepos.screens.widgets.arrange import column, row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.tile import Ground
from gatepos.till.views import SellView, TenderChoice

PASS_KEY, ADD_KEY = "F5", "F7"
KEYS = {"mpesa": "F1", "card": "F2", "cash": "F3", "ecitizen": "F4"}
_FIRST = ("mpesa", "card")


class WaysPanel(QWidget):
    """Emits the way that was touched; one that policy closes says so and can still be asked why."""

    pay_touched = Signal(str)
    pass_touched = Signal()
    exits_touched = Signal()
    hold_touched = Signal()
    add_touched = Signal()
    waiting_touched = Signal()

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._view: SellView | None = None
        self.keys = TenderKeys(kit)
        self.tenders = self.keys.tiles
        self.keys.touched.connect(self.pay_touched)
        self.nothing = TouchButton(kit, key=KEYS["mpesa"], height=MONEY, px=LARGE - 2, ground=Ground.DO)
        self.nothing.clicked.connect(lambda: self.pay_touched.emit("mpesa"))
        self.nothing.hide()
        self.gate_pass = TouchButton(kit, key=PASS_KEY, height=MONEY, px=LARGE - 4)
        self.gate_pass.clicked.connect(self.pass_touched)
        self.exits = TouchButton(kit, height=MONEY).snug()
        self.exits.clicked.connect(self.exits_touched)
        self.passed = label("", SMALL, SEMIBOLD, "owed", wraps=True)
        self.passed.hide()
        self.hold = TouchButton(kit, key="F6", height=TOUCH)
        self.hold.clicked.connect(self.hold_touched)
        self.add = TouchButton(kit, key=ADD_KEY, height=TOUCH)
        self.add.clicked.connect(self.add_touched)
        self.waiting = TouchButton(kit, ground=Ground.OWED)
        self.waiting.clicked.connect(self.waiting_touched)
        aside = row(self.hold, self.add, self.waiting)
        for place, stretch in enumerate((5, 4, 4)):
            aside.setStretch(place, stretch)
        passing = row(self.gate_pass, self.exits)
        passing.setStretch(0, 1)
        self.setLayout(
            column(self.keys, self.nothing, self.passed, passing, aside, gap=10, margins=(0, 6, 0, 0))
        )
        kit.speech.say(self.nothing.set_text, N_("Nothing to pay: record"))
        kit.speech.say(self.hold.set_text, N_("Hold"))
        kit.speech.say(self.add.set_text, N_("Add vehicle"))
        kit.speech.changed.connect(self._speak)

    def show_view(self, view: SellView) -> None:
        """Which ways are open, and whether there is something to hold."""
        self._view = view
        self._speak()

    @property
    def first(self) -> QWidget:
        """What comes after the plate."""
        owes_nothing = self._view is not None and self._view.owes_nothing
        return self.nothing if owes_nothing else self.tenders["mpesa"]

    def show_passed(self, warnings: Sequence[Said]) -> None:
        """What the clerk should know before this vehicle gets a pass, in one line."""
        self.passed.setText(" ".join(map(self._kit.speech.said, warnings)))
        self.passed.setVisible(bool(warnings))

    def _speak(self) -> None:
        view = self._view
        if view is None:
            return
        words = self._kit.speech.words
        self.gate_pass.set_text(words(N_("Pass, pay on exit") if view.may_pass else N_("Gate pass")))
        self.gate_pass.set_note("" if view.may_pass else words(N_("only in an outage")))
        self.gate_pass.set_ground(Ground.OWED if view.may_pass else Ground.PLAIN)
        self._show_exits(view)
        self.keys.show_choices(view.tenders)
        self._show_owing(owes_nothing=view.owes_nothing)
        for way in (self.hold, self.add):
            way.setVisible(view.corrects is None and view.replaces is None)
        # Three beside each other leave no room for its key on a narrow screen.
        self.add.key = "" if view.waiting else ADD_KEY
        self.add.update()
        self.waiting.set_text(words(N_("{n} waiting"), n=len(view.waiting)))
        self.waiting.setVisible(bool(view.waiting))

    def _show_owing(self, *, owes_nothing: bool) -> None:
        """One key in the place of four where there is nothing to pay; it has the focus that they had."""
        had_focus = any(tile.hasFocus() for tile in (*self.tenders.values(), self.nothing))
        self.keys.setVisible(not owes_nothing)
        self.nothing.setVisible(owes_nothing)
        if had_focus:
            self.first.setFocus()

    def _show_exits(self, view: SellView) -> None:
        words, count = self._kit.speech.words, len(view.exits)
        self.exits.set_text(words(N_("Exits…")))
        one = dict(view.gates).get(view.exits[0], "") if count == 1 else words(N_("{n} gates"), n=count)
        self.exits.set_note(one if count else words(N_("any gate")))
        is_chosen = bool(view.driver or (count and not view.is_on_foot))
        self.exits.set_ground(Ground.CHOSEN if is_chosen else Ground.PLAIN)
        self.exits.setVisible(view.may_pass)


class TenderKeys(QWidget):
    """The four ways to pay, each with its key."""

    touched = Signal(str)

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._choices: tuple[TenderChoice, ...] = ()
        self.tiles = {kind: self._tender(kind) for kind in KEYS}
        grid = QGridLayout(self)
        grid.setSpacing(GAP)
        grid.setContentsMargins(0, 0, 0, 0)
        for place, tile in enumerate(self.tiles.values()):
            grid.addWidget(tile, place // 2, place % 2)
            grid.setColumnStretch(place % 2, 1)
        kit.speech.changed.connect(self._speak)

    def show_choices(self, choices: tuple[TenderChoice, ...]) -> None:
        """Which ways policy leaves open."""
        self._choices = choices
        self._speak()

    def _speak(self) -> None:
        for choice in self._choices:
            self._show_tender(choice)

    def _show_tender(self, choice: TenderChoice) -> None:
        tile = self.tiles[choice.kind]
        words = self._kit.speech.words
        tile.set_text(words(labels.TENDERS[choice.kind]))
        tile.set_note("" if choice.allowed else words(N_("not taken here")))
        is_first = choice.kind in _FIRST and choice.allowed
        tile.set_ground(Ground.DO if is_first else Ground.PLAIN)

    def _tender(self, kind: str) -> TouchButton:
        is_first = kind in _FIRST
        made = TouchButton(
            self._kit,
            key=KEYS[kind],
            height=64 if is_first else MONEY,
            px=LARGE - 2 if is_first else LARGE - 4,
        )
        made.clicked.connect(lambda: self.touched.emit(kind))
        return made
