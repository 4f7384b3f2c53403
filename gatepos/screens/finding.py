"""What Receipts and Passes share: a list that is searched at the left, one paper of it at the right."""

from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QLayout, QWidget

from gatepos.domain import numbers
from gatepos.domain.paper_lines import PaperLine
from gatepos.i18n import N_
from gatepos.screens.bridge import Bridge
from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, LARGE, SEMIBOLD, label, mean
from gatepos.screens.page import Page
from gatepos.screens.widgets import moving
from gatepos.screens.widgets.arrange import column, empty, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.entry import Entry, Keys
from gatepos.screens.widgets.found import FoundTile
from gatepos.screens.widgets.paper import Paper
from gatepos.screens.widgets.tile import Ground
from gatepos.till.till import Till

_TYPING_MS = 150


class Row(Protocol):
    """What a list shows one of."""

    @property
    def number(self) -> str: ...


class Opened(Protocol):
    """One of them with its paper."""

    @property
    def row(self) -> Row: ...

    @property
    def qr(self) -> str: ...


_R = TypeVar("_R", bound=Row)
_O = TypeVar("_O", bound=Opened)
_OC = TypeVar("_OC", bound=Opened, covariant=True)


class Room(Protocol[_OC]):
    """Where they are kept in the till."""

    def open(self, typed: str, /) -> _OC: ...

    def reprint(self, typed: str, /) -> object: ...


class FoundList(QWidget, Generic[_R]):
    """`asked` when something was typed, `chosen` gives the number of one."""

    asked = Signal()
    chosen = Signal(str)

    def __init__(self, kit: Kit, caption: str, none: str):
        super().__init__()
        self._kit = kit
        self._rows: tuple[_R, ...] = ()
        self._chosen = ""
        self._pause = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._pause.timeout.connect(self.asked)
        self.words = Entry(kit, caption, Keys.CODE)
        self.words.line.textChanged.connect(lambda: self._pause.start())
        self.none = label("", LABEL, meaning="second", wraps=True)
        kit.speech.say(self.none.setText, none)
        self.tiles: dict[str, FoundTile] = {}
        self._list = column()
        inside = QWidget()
        inside.setLayout(column(self._list, self.none, 1))
        self.area = scrolling(inside)
        kit.speech.changed.connect(self._speak)

    def begin(self) -> None:
        """Look for nothing in particular."""
        self.words.set_text("")

    def show_rows(self, rows: tuple[_R, ...]) -> None:
        """Show what was found."""
        self._rows = rows
        empty(self._list)
        self.tiles = {found.number: self._tile(found.number) for found in rows}
        for tile in self.tiles.values():
            self._list.addWidget(tile)
        moving.chain([*self._before(), *self.tiles.values()])
        self._speak()

    def mark(self, number: str) -> None:
        """Mark the one that is open."""
        self._chosen = number
        self._speak()

    def _before(self) -> Sequence[QWidget]:
        """What Tab reaches before what was found."""
        return ()

    def _tile(self, number: str) -> FoundTile:
        made = FoundTile(self._kit)
        made.clicked.connect(lambda: self.chosen.emit(number))
        return made

    def _speak(self) -> None:
        raise NotImplementedError


class PaperPanel(QFrame, Generic[_O]):
    """One paper as it was printed, what is said of it, and what can be done with it."""

    def __init__(self, kit: Kit):
        super().__init__()
        mean(self, "side")
        self._kit = kit
        self._opened: _O | None = None
        self.title = label("", LARGE, SEMIBOLD, wraps=True)
        self.state = label("", LABEL, SEMIBOLD, "owed", wraps=True)
        self.picture = Paper()
        self.reprint, self.code = self._button(N_("Print a copy")), self._button(N_("Show the code"))
        self.correct = self._button(N_("Correct"))
        self.buttons = QWidget()
        inside = QWidget()
        inside.setLayout(column(self.picture, 1))
        self.area = scrolling(inside)
        self.setLayout(
            column(self.title, self.state, self.area, self.buttons, gap=8, margins=(20, 12, 20, 14))
        )
        self.buttons.hide()
        self.state.hide()
        kit.speech.changed.connect(self._speak)

    def show_opened(self, opened: _O) -> None:
        """Show one."""
        self._opened = opened
        self._speak()

    def _begin(self, buttons: QLayout) -> None:
        """Lay the buttons, and say that nothing is open."""
        self.buttons.setLayout(buttons)
        self._speak()

    def _show_paper(self, paper: tuple[PaperLine, ...]) -> None:
        wide = self.area.viewport().width() or self.width() - 60
        self.picture.show_lines(paper, wide - 4)

    def _button(self, says: str, ground: Ground = Ground.PLAIN) -> TouchButton:
        made = TouchButton(self._kit, ground=ground)
        self._kit.speech.say(made.set_text, says)
        return made

    def _speak(self) -> None:
        raise NotImplementedError


class FindingScreen(Page, Generic[_R, _O]):
    """The list at the left, the paper at the right; `queued` when there is a paper to print."""

    correcting = Signal()
    code_wanted = Signal(str, str)
    queued = Signal()

    def __init__(
        self,
        kit: Kit,
        bridge: Bridge,
        till: Till,
        found: FoundList[_R],
        paper: PaperPanel[_O],
        room: Room[_O],
    ):
        super().__init__(kit, bridge, till, found, paper)
        self.opened: _O | None = None
        self._list, self._paper, self._room = found, paper, room
        found.asked.connect(self.search)
        found.chosen.connect(self.open)
        paper.reprint.clicked.connect(self._on_reprint)
        paper.code.clicked.connect(self._on_code)

    def start(self) -> None:
        """The list as it is before anything is looked for."""
        self.go_home()
        self._list.begin()
        self.search()
        self._list.words.line.setFocus()

    def search(self) -> None:
        """Look for what is typed."""
        raise NotImplementedError

    def open(self, number: str) -> None:
        """Show one as it was printed."""
        self.bridge.ask(lambda: self._room.open(number), self.show_opened)

    def show_opened(self, opened: _O) -> None:
        """Show one."""
        self.opened = opened
        self._list.mark(opened.row.number)
        self._paper.show_opened(opened)

    def show_anew(self) -> None:
        """The one that is open once more: its paper in another language, or with what became of it."""
        if self.opened is not None:
            self.open(self.opened.row.number)

    def _on_number(self, act: Callable[[str], object]) -> None:
        """Do something with the one that is open."""
        if self.opened is not None:
            act(self.opened.row.number)

    def _ask_why(self, question: str, then: Callable[[str, str], object]) -> None:
        """Ask for a reason; `then` gets the number of the one that is open, and the reason."""
        if self.opened is not None:
            number = self.opened.row.number
            self.ask_text(question, Keys.TEXT, "", lambda why: then(number, why))

    def _on_reprint(self) -> None:
        if self.opened is not None:
            number = self.opened.row.number
            self.act(lambda: self._room.reprint(number), lambda _: self.queued.emit())

    def _on_code(self) -> None:
        if self.opened is not None:
            number = str(numbers.parse(self.opened.row.number))
            self.code_wanted.emit(numbers.printed(number), self.opened.qr)
