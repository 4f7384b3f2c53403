"""The right of Passes: one pass as it was printed, what is owed on it now, and what can be done with it."""

from PySide6.QtWidgets import QFrame, QWidget

from gatepos.domain import money
from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, LARGE, SEMIBOLD, label, mean, unbroken
from gatepos.screens.pass_list import STATES, stay
from gatepos.screens.widgets.arrange import column, row, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.paper import Paper
from gatepos.screens.widgets.tile import Ground
from gatepos.till.pass_lists import OpenedPass


class PassPanel(QFrame):
    """Shows what only the till that issued a pass can do, where it is that till."""

    def __init__(self, kit: Kit):
        super().__init__()
        mean(self, "side")
        self._kit = kit
        self._opened: OpenedPass | None = None
        self.title = label("", LARGE, SEMIBOLD, wraps=True)
        self.state = label("", LABEL, SEMIBOLD, "owed", wraps=True)
        self.picture = Paper()
        self.reprint, self.code = self._button(N_("Print a copy")), self._button(N_("Show the code"))
        self.reissue, self.correct = self._button(N_("Print anew")), self._button(N_("Correct"))
        self.waive = self._button(N_("Waive"))
        self.revoke = self._button(N_("Revoke"), Ground.REFUSED)
        self.buttons = QWidget()
        self.buttons.setLayout(column(
            row(self.reprint, self.code), row(self.reissue, self.correct), row(self.waive, self.revoke),
        ))  # fmt: skip
        inside = QWidget()
        inside.setLayout(column(self.picture, 1))
        self.area = scrolling(inside)
        self.setLayout(
            column(self.title, self.state, self.area, self.buttons, gap=8, margins=(20, 12, 20, 14))
        )
        self.buttons.hide()
        self.state.hide()
        kit.speech.changed.connect(self._speak)
        self._speak()

    def show_opened(self, opened: OpenedPass) -> None:
        """Show a pass."""
        self._opened = opened
        self._speak()

    def _speak(self) -> None:
        words, opened = self._kit.speech.words, self._opened
        if opened is None:
            self.title.setText(words(N_("Touch a pass to see its paper.")))
            return
        self.title.setText(unbroken(opened.row.number))
        self.state.setText(self._state(opened))
        self.state.show()
        wide = self.area.viewport().width() or self.width() - 60
        self.picture.setVisible(opened.is_ours)
        if opened.is_ours:
            self.picture.show_lines(opened.paper, wide - 4)
        self.buttons.setVisible(opened.is_ours)
        is_living = opened.row.state in ("open", "paid")
        for button in (self.reissue, self.correct, self.revoke):
            button.setVisible(is_living)
        self.waive.setVisible(is_living and opened.row.owed_minor > 0)

    def _state(self, opened: OpenedPass) -> str:
        words, found = self._kit.speech.words, opened.row
        owed = words(N_("{amount} owed"), amount=money.shown(money.KES, found.owed_minor))
        lines = [f"{words(STATES[found.state]) or owed} · {stay(found, words)}", found.operator]
        if not opened.is_ours:
            lines.append(words(N_("Another till issued it: only that till can change it.")))
        return "\n".join(filter(None, lines))

    def _button(self, says: str, ground: Ground = Ground.PLAIN) -> TouchButton:
        made = TouchButton(self._kit, ground=ground)
        self._kit.speech.say(made.set_text, says)
        return made
