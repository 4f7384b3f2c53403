"""The right of Leaves: the pads that were given out, and the leaves of which nobody has said what became."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame

from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, LARGE, MONEY, SEMIBOLD, label, mean
from gatepos.screens.widgets.arrange import column
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.lines import LinesArea, LineText
from gatepos.till.list_views import PadView


class PadsPanel(QFrame):
    """Shows PadViews; `tell` stands above them."""

    def __init__(self, kit: Kit):
        super().__init__()
        mean(self, "side")
        self._kit = kit
        self._pads: tuple[PadView, ...] = ()
        title = label("", LARGE, SEMIBOLD, wraps=True)
        kit.speech.say(title.setText, N_("Leaves written by hand"))
        self.told = label("", LABEL, SEMIBOLD, "chosen", wraps=True)
        self.told.hide()
        self.none = label("", LABEL, meaning="second", wraps=True)
        kit.speech.say(self.none.setText, N_("No pad was given out here. A supervisor gives one to a clerk."))
        self.lines = LinesArea(kit)
        self.give_out = self._button(N_("Give out a pad…"))
        self.end = self._button(N_("Spoilt or not used…"))
        self.back = self._button(N_("Back to receipts"))
        layout = column(
            title, self.told, self.none, self.lines, self.end, self.give_out, self.back,
            gap=10, margins=(20, 16, 20, 14),
        )  # fmt: skip
        layout.setStretch(3, 1)
        self.setLayout(layout)
        kit.speech.changed.connect(self._speak)

    def show_pads(self, pads: tuple[PadView, ...]) -> None:
        """Show each pad with what is missing."""
        self._pads = pads
        self._speak()

    def tell(self, said: str) -> None:
        """What was just recorded."""
        self.told.setText(said)
        self.told.setVisible(bool(said))

    def _speak(self) -> None:
        words = self._kit.speech.words
        self.none.setVisible(not self._pads)
        self.end.setVisible(bool(self._pads))
        shown = []
        for pad in self._pads:
            name = words(N_("Pad {book}, {first}–{last}"), book=pad.book, first=pad.first, last=pad.last)
            keeper = words(N_("Clerk {number}"), number=pad.keeper)
            missing = words(N_("missing: {leaves}"), leaves=ranges(pad.missing))
            is_missing = bool(pad.missing)
            shown.append(LineText(name, keeper, missing if is_missing else words(N_("every leaf is known"))))
        self.lines.show_lines(tuple(shown))

    def _button(self, says: str) -> TouchButton:
        made = TouchButton(self._kit, height=MONEY)
        self._kit.speech.say(made.set_text, says)
        return made


def ranges(leaves: Sequence[int]) -> str:
    """`104–106, 108` of leaves in order."""
    shown: list[list[int]] = []
    for leaf in leaves:
        if shown and leaf == shown[-1][1] + 1:
            shown[-1][1] = leaf
        else:
            shown.append([leaf, leaf])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in shown)
