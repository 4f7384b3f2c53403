"""Keys laid over the left of a screen: for the line just touched, or for one question with its answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, SEMIBOLD, label, mean
from gatepos.screens.speech import Text
from gatepos.screens.widgets.arrange import empty, row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.choice import ChoiceTile
from gatepos.screens.widgets.entry import Keys, Line
from gatepos.screens.widgets.keyboard import Keyboard

_LETTERS_WIDE, _FIGURES_WIDE, _MARGIN = 860, 300, 12
_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """An answer that can be touched instead of typed to its end: its name, something smaller, its value."""

    name: str
    below: str
    value: str


Offers = tuple[Callable[[str], object], Callable[[str], object]]
"""What is told each text as it is typed, and what gets the value of the offer that was touched."""


class Echo(Line):
    """Shows what stands in another line, as it stands there."""

    def __init__(self, line: Line):
        super().__init__(Keys.TEXT)
        self._line = line
        self.setReadOnly(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line.textChanged.connect(self._show)
        self._show()

    def _show(self) -> None:
        self.setText(self._line.displayText())


class Typing(QFrame):
    """Shown only while something is typed by touch; a keyboard of keys never needs it."""

    closed = Signal()

    def __init__(self, kit: Kit, parent: QWidget):
        super().__init__(parent)
        mean(self, "box")
        self._kit = kit
        self._then: Callable[[str], object] | None = None
        self._line: Line | None = None
        self._keys = Keys.TEXT
        self._area = QRect()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        self.keyboard: Keyboard | None = None
        self.echo: Echo | None = None
        self.offers: list[ChoiceTile] = []
        self._offered: tuple[Offer, ...] = ()
        self.hide()

    @property
    def is_asking(self) -> bool:
        """Whether a question stands open."""
        return self.isVisible() and self._then is not None

    @property
    def line(self) -> Line | None:
        """The line that is typed into."""
        return self._line

    def ask(
        self,
        question: Text,
        keys: Keys,
        value: str,
        then: Callable[[str], object],
        offers: Offers | None = None,
    ) -> None:
        """Ask for one text, with its present value selected; `then` gets the answer.

        Of `offers` the first is told what is typed, the second what was touched of what `offer` then shows.
        """
        line = Line(keys)
        line.setText(value)
        line.selectAll()
        line.returnPressed.connect(self.accept)
        self._then = then
        self._open(line, question)
        self._layout.insertWidget(1, line)
        if offers is not None:
            self._add_offers(line, offers)
        line.setFocus()

    def offer(self, typed: str, found: Sequence[Offer]) -> None:
        """Show what was found for what is typed, unless something else stands there by now."""
        line = self._line
        if line is None or line.text() != typed:
            return
        for tile, one in zip_longest(self.offers, found[: len(self.offers)]):
            tile.setEnabled(one is not None)
            tile.show_choice(one.name if one else "", one.below if one else "")
        self._offered = tuple(found)

    def type_into(self, line: Line) -> None:
        """Show the keys that `line`, somewhere on the screen, needs."""
        if self.is_asking and line is not self._line:
            self.accept()
        self._then = None
        self._open(line, lambda _: line.accessibleName())
        self.echo = Echo(line)
        self._layout.insertWidget(1, self.echo)
        self.echo.hide()

    def accept(self) -> None:
        """Answer the question with what stands there."""
        then, line = self._then, self._line
        self.dismiss()
        if then is not None and line is not None:
            then(line.text())

    def dismiss(self) -> None:
        """Put the keys away, and the question without an answer."""
        self._then = None
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def place(self, area: QRect) -> None:
        """Lie at the bottom of an area of the parent, and keep to it when the keys change.

        A line that the keys would hide is shown once more above them.
        """
        self._area = area
        self._lie(area)
        if self.echo is not None and self.echo.isHidden() and self._hides(self._line):
            self.echo.show()
            self._lie(area)

    def event(self, event: QEvent) -> bool:
        """Keys laid out anew may need another size."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and not self._area.isNull():
            self.place(self._area)
        return done

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def _lie(self, area: QRect) -> None:
        is_letters = self._keys in (Keys.TEXT, Keys.CODE)
        wide = min(_LETTERS_WIDE if is_letters else _FIGURES_WIDE, area.width() - 2 * _MARGIN)
        high = min(self.sizeHint().height(), area.height())
        left = area.left() + (area.width() - wide) // 2
        self.setGeometry(QRect(left, area.bottom() - high - _MARGIN + 1, wide, high))

    def _hides(self, line: Line | None) -> bool:
        if line is None:
            return False
        left_top = self.mapFromGlobal(line.mapToGlobal(QPoint()))
        return self.rect().intersects(QRect(left_top, line.size()))

    def _add_offers(self, line: Line, offers: Offers) -> None:
        look, choose = offers
        self.offers = [ChoiceTile(self._kit) for _ in range(_OFFERED)]
        for place, tile in enumerate(self.offers):
            tile.setEnabled(False)
            tile.clicked.connect(partial(self._on_offer, place, choose))
        self._layout.insertLayout(2, row(*self.offers))
        line.textChanged.connect(look)

    def _on_offer(self, place: int, choose: Callable[[str], object]) -> None:
        value = self._offered[place].value
        self.dismiss()
        choose(value)

    def _open(self, line: Line, title: Text) -> None:
        empty(self._layout)
        self.offers, self._offered = [], ()
        self.echo = None
        self._line, self._keys = line, line.keys
        heading = label("", LABEL, SEMIBOLD, wraps=True)
        self._kit.speech.say(heading.setText, title)
        away = TouchButton(self._kit, "✕").snug()
        self._kit.speech.say(away.setAccessibleName, N_("Close the keys"))
        away.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        away.clicked.connect(self.dismiss)
        top = row(heading, away)
        top.setStretch(0, 1)
        self.keyboard = Keyboard(self._kit, line.keys)
        self.keyboard.type_into(line)
        self.keyboard.entered.connect(lambda: line.returnPressed.emit())
        self._layout.addLayout(top)
        self._layout.addWidget(self.keyboard)
        self.show()
        self.raise_()
