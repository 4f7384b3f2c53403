"""The second person: a supervisor's number and PIN for the one action that is asked for."""

from collections.abc import Callable

from gatepos.errors import Said
from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, LARGE, MONEY, label
from gatepos.screens.widgets.arrange import row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.entry import Entry, Keys
from gatepos.screens.widgets.sheet import Sheet
from gatepos.screens.widgets.tile import Ground
from gatepos.till.approvals import Second


class SecondSheet(Sheet):
    """Stands until the action went through, or the clerk goes back."""

    def __init__(self, kit: Kit):
        super().__init__(kit, N_("A second person"))
        self._then: Callable[[Second], object] | None = None
        self._why: Said | None = None
        self.why = label("", LABEL, meaning="second", wraps=True)
        self.number = Entry(kit, N_("Staff number"), Keys.DIGITS)
        self.pin = Entry(kit, N_("PIN"), Keys.PIN)
        self.agree = TouchButton(kit, key="↵", height=MONEY, ground=Ground.DO, px=LARGE - 2)
        kit.speech.say(self.agree.set_text, N_("Agree"))
        self.agree.clicked.connect(self.submit)
        self.number.entered.connect(self.pin.line.setFocus)
        self.pin.entered.connect(self.submit)
        self.body.addWidget(self.why)
        self.body.addLayout(row(self.number, self.pin))
        self.body.addWidget(self.agree)
        self.body.addStretch(1)
        kit.speech.changed.connect(self._speak)

    def ask(self, why: Said, then: Callable[[Second], object]) -> None:
        """Ask for a second person; `then` gets who it is, as often as they try."""
        self._then, self._why = then, why
        self._speak()
        self.number.set_text("")
        self.pin.set_text("")
        self.number.line.setFocus()

    def submit(self) -> None:
        """Hand over who agrees; a bounce of the key that did finds no PIN any more."""
        if not (self.number.text and self.pin.text):
            (self.pin if self.number.text else self.number).line.setFocus()
            return
        second = Second(self.number.text.strip(), self.pin.text)
        self.pin.set_text("")
        if self._then is not None:
            self._then(second)

    def _speak(self) -> None:
        if self._why is not None:
            self.why.setText(self.kit.speech.said(self._why))
