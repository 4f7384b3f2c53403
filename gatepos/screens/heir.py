"""Before a shift closes: what it leaves, and the colleague who has it from then on."""

from PySide6.QtWidgets import QWidget

from gatepos.i18n import N_
from gatepos.screens.choosing import Choice
from gatepos.screens.greeting import left
from gatepos.screens.kit import Kit
from gatepos.screens.look import SEMIBOLD, TEXT, label
from gatepos.screens.widgets.arrange import row
from gatepos.screens.widgets.button import TouchButton
from gatepos.till.shift_views import ShiftView


class Heir(QWidget):
    """Hidden where nothing is left, or nobody could take it over; `number` is who was chosen, or empty."""

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._view: ShiftView | None = None
        self.number = ""
        self.left = label("", TEXT, SEMIBOLD, "second", wraps=True)
        self.choose = TouchButton(kit)
        line = row(self.left, self.choose)
        line.setStretch(0, 1)
        line.setStretch(1, 1)
        self.setLayout(line)
        kit.speech.changed.connect(self._speak)
        self.hide()

    def show_view(self, view: ShiftView) -> None:
        """What is left now, and nobody chosen."""
        self._view, self.number = view, ""
        self.setVisible(bool(view.heirs) and bool(view.bills or view.passes or view.documents))
        self._speak()

    def take(self, number: object) -> None:
        """Somebody was chosen; empty, nobody by name."""
        self.number = str(number)
        self._speak()

    def choices(self) -> list[Choice]:
        """Everybody who could take it over, and nobody by name."""
        words = self._kit.speech.words
        heirs = self._view.heirs if self._view else ()
        named = [
            Choice(words(N_("Clerk {number}"), number=one), "", one, one == self.number) for one in heirs
        ]
        return [*named, Choice(words(N_("nobody by name")), "", "", not self.number)]

    def _speak(self) -> None:
        words, view = self._kit.speech.words, self._view
        if view is None:
            return
        self.left.setText(words(N_("You leave: {what}"), what=left(view, words)))
        who = words(N_("Clerk {number}"), number=self.number) if self.number else words(N_("nobody by name"))
        self.choose.set_text(words(N_("Handed over to: {who}"), who=who))
