"""Passes: open, inside, settled today, on undertaking; found, opened, printed anew, corrected, let go."""

from collections.abc import Callable

from PySide6.QtCore import Signal

from gatepos.domain import money
from gatepos.i18n import N_
from gatepos.screens.bridge import Bridge
from gatepos.screens.kit import Kit
from gatepos.screens.page import Page
from gatepos.screens.pass_list import PassList
from gatepos.screens.pass_panel import PassPanel
from gatepos.screens.recorded import CodePage
from gatepos.screens.widgets.entry import Keys
from gatepos.till.pass_lists import OpenedPass
from gatepos.till.till import Till
from gatepos.till.views import RecordedView


class PassesScreen(Page):
    """The list at the left, one pass with its paper at the right; `queued` when there is one to print."""

    correcting = Signal()
    queued = Signal()

    def __init__(self, kit: Kit, bridge: Bridge, till: Till):
        found, panel = PassList(kit), PassPanel(kit)
        super().__init__(kit, bridge, till, found, panel)
        self.found = found
        self.panel = panel
        self.code = CodePage(kit)
        self.left.addWidget(self.code)
        self.code.closed.connect(self.go_home)
        self.opened: OpenedPass | None = None
        found.asked.connect(self.search)
        found.chosen.connect(self.open)
        panel.reprint.clicked.connect(self._on_reprint)
        panel.code.clicked.connect(self._on_code)
        panel.reissue.clicked.connect(lambda: self._ask_why(N_("Why is it printed anew?"), self._reissue))
        panel.correct.clicked.connect(lambda: self._ask_why(N_("Why is it corrected?"), self._correct))
        panel.revoke.clicked.connect(lambda: self._ask_why(N_("Why is it revoked?"), self._revoke))
        panel.waive.clicked.connect(self._on_waive)

    def start(self) -> None:
        """The open passes, or the list that was looked at last."""
        self.go_home()
        self.found.begin()
        self.search()
        self.found.words.line.setFocus()

    def search(self) -> None:
        """Look for what is typed, else show the list that was chosen."""
        typed, which, lists = self.found.words.text, self.found.which, self.till.pass_lists
        self.bridge.ask(
            lambda: lists.find(typed) if typed.strip() else lists.listed(which), self.found.show_rows
        )

    def open(self, number: str) -> None:
        """Show a pass as it was printed, and what is owed on it now."""
        self.bridge.ask(lambda: self.till.pass_lists.open(number), self.show_opened)

    def show_opened(self, opened: OpenedPass) -> None:
        """Show a pass."""
        self.opened = opened
        self.found.mark(opened.row.number)
        self.panel.show_opened(opened)

    # What is touched: nothing is before a pass is open.

    def _on_reprint(self) -> None:
        number = self._number()
        self.act(lambda: self.till.pass_lists.reprint(number), lambda _: self.queued.emit())

    def _on_code(self) -> None:
        if self.opened is not None:
            self.code.show_code(self.opened.row.number, self.opened.qr)
            self.show_sheet(self.code)
            self.code.back.setFocus()

    def _on_waive(self) -> None:
        if self.opened is None:
            return
        owed = money.amount(self.opened.row.owed_minor)
        question = self.kit.speech.words(N_("KES to waive"))
        self.ask_text(question, Keys.AMOUNT, owed, self._ask_ground)

    def _ask_ground(self, amount: str) -> None:
        number, id_ = self._number(), self.till.desk.new_id()
        passes = self.till.passes
        self.ask_text(
            self.kit.speech.words(N_("Under which law or order is it waived?")), Keys.TEXT, "",
            lambda ground: self.with_second(
                lambda second: passes.waive(number, amount, ground, second, id_), self._changed
            ),
        )  # fmt: skip

    def _revoke(self, number: str, why: str) -> None:
        id_ = self.till.desk.new_id()
        self.with_second(lambda second: self.till.passes.revoke(number, why, second, id_), self._changed)

    def _reissue(self, number: str, why: str) -> None:
        id_ = self.till.desk.new_id()
        self.with_second(lambda second: self.till.passes.reissue(number, why, second, id_), self._reissued)

    def _correct(self, number: str, why: str) -> None:
        self.act(lambda: self.till.passes.correct(number, why), lambda _: self.correcting.emit())

    def _reissued(self, view: RecordedView) -> None:
        self.queued.emit()
        self.search()
        self.open(view.number)

    def _changed(self, _: object) -> None:
        self.search()
        self.open(self._number())

    def _ask_why(self, question: str, then: Callable[[str, str], object]) -> None:
        number = self._number()
        self.ask_text(self.kit.speech.words(question), Keys.TEXT, "", lambda why: then(number, why))

    def _number(self) -> str:
        return self.opened.row.number if self.opened is not None else ""
