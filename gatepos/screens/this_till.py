"""The right of Set-up: this till, and what was just done."""

from PySide6.QtWidgets import QFrame

from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, LARGE, SEMIBOLD, TEXT, label, mean
from gatepos.screens.speech import Text
from gatepos.screens.widgets.arrange import column
from gatepos.till.views import SetUpView


class TillPanel(QFrame):
    """Shows a SetUpView's till; `tell` stands above it."""

    def __init__(self, kit: Kit):
        super().__init__()
        mean(self, "side")
        self._kit = kit
        self._view: SetUpView | None = None
        self._told: Text = ""
        self.told = label("", LABEL, SEMIBOLD, "chosen", wraps=True)
        self.title = label("", LARGE, SEMIBOLD, wraps=True)
        self.about = label("", TEXT, meaning="second", wraps=True)
        self.lacks = label("", LABEL, SEMIBOLD, "owed", wraps=True)
        self.setLayout(
            column(self.told, self.title, self.about, self.lacks, 1, gap=12, margins=(20, 16, 20, 16))
        )
        kit.speech.changed.connect(self._speak)

    def tell(self, said: Text) -> None:
        """What was just done."""
        self._told = said
        self._speak()

    def show_view(self, view: SetUpView) -> None:
        """This till."""
        self._view = view
        self._speak()

    def _speak(self) -> None:
        view, words = self._view, self._kit.speech.words
        self.told.setText(self._kit.speech.text(self._told))
        self.told.setVisible(bool(self._told))
        if view is None:
            return
        checked = N_("The whole ledger was checked since the start.")
        about = (
            view.park,
            words(N_("{n} entries, check code {code}"), n=view.entries, code=view.head),
            words(checked if view.is_checked else N_("The ledger is being checked.")),
        )
        self.title.setText(words(N_("Till {code}"), code=view.till))
        self.about.setText("\n".join(about))
        self.lacks.setText(
            words(N_("This gate has no phone: no pass says whom to call. Set it under Policy."))
        )
        self.lacks.setVisible(not view.has_phone)
