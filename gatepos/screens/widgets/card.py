"""A card with one figure: what it is, how much, and a line of what it is made of."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy

from gatepos.screens.kit import Kit
from gatepos.screens.look import SEMIBOLD, SMALL, TEXT, font, label, mean
from gatepos.screens.widgets import paint
from gatepos.screens.widgets.arrange import column

_FIGURE, _MARGIN_LEFT, _MARGIN_RIGHT = 24, 14, 8


class Card(QFrame):
    """`is_owed` where the figure is still to come."""

    def __init__(self, kit: Kit, title: str, *, is_owed: bool = False):
        super().__init__()
        mean(self, "box")
        self.title = label("", TEXT, SEMIBOLD, "second", wraps=True)
        kit.speech.say(self.title.setText, title)
        self.figure = label("–", _FIGURE, SEMIBOLD, "owed" if is_owed else "ink")
        self.below = label("", SMALL, meaning="second", wraps=True)
        self.setLayout(
            column(self.title, self.figure, self.below, 1, gap=2, margins=(_MARGIN_LEFT, 8, _MARGIN_RIGHT, 8))
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def show_figure(self, figure: str, below: str) -> None:
        """Show how much, and of what."""
        self.figure.setText(figure)
        self.below.setText(below)
        self._fit()

    def _fit(self) -> None:
        """As large as the room lets it be: a figure is never cut."""
        room = self.width() - _MARGIN_LEFT - _MARGIN_RIGHT
        size = paint.fit(self.figure.text(), room, _FIGURE + 10, _FIGURE, SEMIBOLD).px
        self.figure.setFont(font(size, SEMIBOLD))
