"""What every screen has: a left and a right, keys over the left, and one question at a time."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QRect
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from gatepos.domain.staff import NeedsSecond
from gatepos.errors import Said
from gatepos.screens.bridge import Bridge
from gatepos.screens.choosing import Beside, Choice, ChoosingSheet
from gatepos.screens.kit import Kit
from gatepos.screens.second import SecondSheet
from gatepos.screens.speech import Text
from gatepos.screens.widgets.arrange import row
from gatepos.screens.widgets.entry import Keys, Line
from gatepos.screens.widgets.pages import Pages
from gatepos.screens.widgets.sheet import Sheet
from gatepos.screens.widgets.typing import Offers, Typing
from gatepos.till.approvals import Second
from gatepos.till.radio import QuestionAsked
from gatepos.till.till import Till

_T = TypeVar("_T")


class Page(QWidget):
    """A screen of the till: asks its room on the ledger's thread and shows what it answers.

    Its side is as wide as `side_widths` say, least and most, px.
    """

    side_widths = 384, 452

    def __init__(self, kit: Kit, bridge: Bridge, till: Till, home: QWidget, side: QWidget):
        super().__init__()
        self.kit = kit
        self.bridge = bridge
        self.till = till
        self.home = home
        self.side = side
        self.choosing = ChoosingSheet(kit)
        self.second = SecondSheet(kit)
        self.is_acting = False
        self._before: QWidget | None = None
        self.left = Pages()
        self.typing = Typing(kit, self)
        self.left.addWidget(home)
        layout = row(self.left, side, gap=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.typing.closed.connect(self._on_typed)
        bridge.failed.connect(self._on_failed)
        for sheet in (self.choosing, self.second):
            self.add_sheet(sheet)
        self.follow_lines(home)
        self.follow_lines(side)

    def add_sheet(self, sheet: Sheet) -> None:
        """One more page that can take the left for a while."""
        self.left.addWidget(sheet)
        sheet.closed.connect(self.go_home)
        self.follow_lines(sheet)

    def follow_lines(self, widget: QWidget) -> None:
        """Bring the keys wherever a line of `widget` is touched, until Enter."""
        for line in widget.findChildren(Line):
            line.touched.connect(self.type_into)
            line.focused.connect(self._on_focused)
            line.returnPressed.connect(partial(self._on_entered, line))

    def show_sheet(self, sheet: QWidget) -> None:
        """Let a page take the left."""
        self.typing.dismiss()
        self.left.setCurrentWidget(sheet)

    def go_home(self) -> None:
        """Back to what the screen is about."""
        self.typing.dismiss()
        self.left.setCurrentWidget(self.home)

    def ask_text(
        self,
        question: Text,
        keys: Keys,
        value: str,
        then: Callable[[str], object],
        offers: Offers | None = None,
    ) -> None:
        """Ask for a text with keys on the screen; `offers` looks for answers that can be touched."""
        before = self.focusWidget()
        self.typing.ask(question, keys, value, then, offers)
        self._place_keys()
        self._before = before

    def ask_choice(
        self,
        title: Text,
        choices: Sequence[Choice],
        then: Callable[[object], object],
        *,
        finds: bool = False,
        beside: Beside | None = None,
    ) -> None:
        """Ask which; `finds` where there may be many to look through, `beside` what else is done with one."""
        self.show_sheet(self.choosing)
        self.choosing.ask(title, choices, then, finds=finds, beside=beside)

    def act(
        self,
        action: Callable[[], _T],
        then: Callable[[_T], object] | None = None,
        refused: Callable[[Said], object] | None = None,
    ) -> None:
        """Run an action that records, one at a time: a second tap finds the first one under way."""
        if self.is_acting:
            return
        self.is_acting = True

        def done(answer: _T) -> None:
            self.is_acting = False
            if then is not None:
                then(answer)

        def stopped(said: Said) -> None:
            self.is_acting = False
            (refused or self.bridge.tell)(said)

        self.bridge.ask(action, done, stopped)

    def with_second(
        self,
        action: Callable[[Second | None], _T],
        then: Callable[[_T], object] | None = None,
        told: Callable[[Said], object] | None = None,
    ) -> None:
        """Run an action; when it needs a second person, ask for one and run it again with them.

        `told` hears of another refusal, which else is told as ever.
        """

        def ask(second: Second | None) -> None:
            self.act(lambda: action(second), done, refused)

        def done(answer: _T) -> None:
            if self.left.currentWidget() is self.second:
                self.go_home()
            if then is not None:
                then(answer)

        def refused(said: Said) -> None:
            if isinstance(said, QuestionAsked):
                self.second.show_question(said)
            elif isinstance(said, NeedsSecond):
                self.show_sheet(self.second)
                self.second.ask(said, ask)
            else:
                (told or self.bridge.tell)(said)

        ask(None)

    def type_into(self, line: Line) -> None:
        """Show the keys that a line needs."""
        self.typing.type_into(line)
        self._place_keys()

    def keys_area(self) -> QRect:
        """Where the keys may lie."""
        return self.left.geometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        least, most = self.side_widths
        self.side.setFixedWidth(max(least, min(most, self.width() * 33 // 100)))
        self._place_keys()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def _place_keys(self) -> None:
        if self.typing.isVisible():
            self.typing.place(self.keys_area())

    def _on_failed(self) -> None:
        """After a bug the next touch is tried all the same."""
        self.is_acting = False

    def _on_focused(self, line: Line) -> None:
        """Keys that are shown follow from one line to the next."""
        if self.typing.isVisible() and not self.typing.is_asking and self.typing.line is not line:
            self.type_into(line)

    def _on_entered(self, line: Line) -> None:
        """The keys go, unless Enter led on to another line or to a question."""
        if self.typing.line is line and not self.typing.is_asking:
            self.typing.dismiss()

    def _on_typed(self) -> None:
        """The focus goes back to where the question was asked."""
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus()
