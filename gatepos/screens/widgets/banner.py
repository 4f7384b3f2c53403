"""One sentence across the screen: a refusal, a trouble, something to look at; touched, it goes."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame

from gatepos.errors import Refusal, Said, Trouble
from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, LARGE, SEMIBOLD, label, mean
from gatepos.screens.speech import Text
from gatepos.screens.widgets.arrange import row

_SIGNS = {"refused": "✗", "owed": "⚠", "told": "●", "done": "✓"}


class Banner(QFrame):
    """Colour, sign and words together, never colour alone."""

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._said: Said | None = None
        self._text: Text = ""
        self._touched: Callable[[], object] | None = None
        self.sign = label("", LARGE, SEMIBOLD)
        self.words = label("", LABEL, SEMIBOLD, wraps=True)
        layout = row(self.sign, self.words, gap=14, margins=(18, 10, 18, 10))
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        kit.speech.changed.connect(self._speak)
        self.hide()

    def tell(self, said: Said) -> None:
        """Say what was refused or what is in trouble, and what to do next; a warning in amber."""
        self._show(said.said, "refused" if isinstance(said, Refusal | Trouble) else "owed", said)

    def warn(self, text: Text) -> None:
        """Say something in amber."""
        self._show(text, "owed")

    def inform(self, text: Text, touched: Callable[[], object] | None = None) -> None:
        """Say that something went well, or that there is something to see when it is touched."""
        self._show(text, "told")
        self._touched = touched

    def offer(self, text: Text, touched: Callable[[], object], *, is_well: bool) -> None:
        """Say in green that all is well or in amber that it is not; touched, it shows more."""
        self._show(text, "done" if is_well else "owed")
        self._touched = touched

    def take_back(self, said: Said) -> None:
        """Nothing to say, when this was the last thing said."""
        if self._said is said:
            self.clear()

    def move_on(self) -> None:
        """A refusal is past; a trouble or a warning stays until somebody touches it."""
        if isinstance(self._said, Refusal):
            self.clear()

    def clear(self) -> None:
        """Nothing to say."""
        self._said, self._text, self._touched = None, "", None
        self._speak()
        self.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        touched = self._touched
        self.clear()
        if touched is not None:
            touched()

    def _show(self, text: Text, meaning: str, said: Said | None = None) -> None:
        self._said, self._text, self._touched = said, text, None
        self._mean(meaning)
        self._speak()
        self.show()

    def _mean(self, meaning: str) -> None:
        mean(self, f"{meaning}-box")
        self.sign.setText(_SIGNS[meaning])
        mean(self.sign, meaning)
        mean(self.words, meaning)

    def _speak(self) -> None:
        self.words.setText(self._kit.speech.text(self._text))
