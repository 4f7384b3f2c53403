"""The left side of a window that asks before there is a till: fields to touch, each chosen or typed."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gatepos.screens.choosing import Choice, ChoosingSheet
from gatepos.screens.kit import Kit
from gatepos.screens.look import BOLD, HEAD, LABEL, label
from gatepos.screens.widgets.arrange import column, row
from gatepos.screens.widgets.banner import Banner
from gatepos.screens.widgets.bar import Bar
from gatepos.screens.widgets.choice import FieldTile
from gatepos.screens.widgets.entry import Keys
from gatepos.screens.widgets.pages import Pages
from gatepos.screens.widgets.typing import Typing

Take = Callable[[str], None]
CARD_WIDE = 400
"""How wide the card beside it is."""


class StartForm(Pages):
    """Says which field was touched; asks for it by a list or by the keyboard."""

    touched = Signal(str)

    def __init__(self, kit: Kit, window: QWidget, captions: Mapping[str, str], height: int):
        super().__init__()
        self._kit = kit
        self._captions = captions
        self.tiles = {name: self._tile(name, height) for name in captions}
        self.choosing = ChoosingSheet(kit)
        self.typing = Typing(kit, window)
        self._home = QWidget()
        self.choosing.closed.connect(lambda: self.setCurrentWidget(self._home))

    def lay_out(self, title: str, told: str, below: QWidget, gap: int) -> None:
        """The fields under what they are for, and something at the foot."""
        head = label("", HEAD, BOLD, wraps=True)
        sentence = label("", LABEL, meaning="second", wraps=True)
        self._kit.speech.say(head.setText, title)
        self._kit.speech.say(sentence.setText, told)
        self._home.setLayout(column(head, sentence, *self.tiles.values(), 1, below, gap=gap))
        for page in (self._home, self.choosing):
            self.addWidget(page)

    def choose(self, name: str, choices: Sequence[Choice], take: Take) -> None:
        """Let one of several be touched for a field."""
        self.setCurrentWidget(self.choosing)
        self.choosing.ask(self._captions[name], choices, lambda value: take(str(value)))

    def type_in(self, name: str, keys: Keys, now: str, take: Take) -> None:
        """Let a field be typed."""
        self.typing.ask(self._captions[name], keys, now, lambda typed: take(typed.strip()))
        self.place()

    def place(self) -> None:
        """Keep the keyboard where the form is."""
        self.typing.place(self.geometry())

    def _tile(self, name: str, height: int) -> FieldTile:
        made = FieldTile(self._kit, height)
        made.clicked.connect(lambda: self.touched.emit(name))
        return made


def chosen(found: Iterable[tuple[str, str, str]], now: str) -> list[Choice]:
    """Choices of (shown, below it, value), the present one marked."""
    return [Choice(shown, below, value, is_chosen=value == now) for shown, below, value in found]


def beside(kit: Kit, banner: Banner, form: StartForm, card: QWidget, bar: Bar) -> QVBoxLayout:
    """The whole window: the form with a card beside it, between a banner and a bar that knows languages."""
    bar.show_places(())
    bar.language_touched.connect(lambda: kit.speech.use(kit.speech.other))
    card.setFixedWidth(CARD_WIDE)
    middle = row(form, card, gap=32, margins=(24, 16, 24, 16))
    middle.setStretch(0, 1)
    whole = column(banner, middle, bar, gap=0)
    whole.setStretch(1, 1)
    return whole
