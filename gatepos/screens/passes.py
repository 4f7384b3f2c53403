"""Passes: open, inside, settled today, on undertaking; found, opened, printed anew, corrected, let go."""

from collections.abc import Sequence

from PySide6.QtCore import Signal

from gatepos.domain import money
from gatepos.i18n import N_
from gatepos.screens.bridge import Bridge
from gatepos.screens.finding import FindingScreen
from gatepos.screens.kit import Kit
from gatepos.screens.pass_list import PassList
from gatepos.screens.pass_panel import PassPanel
from gatepos.screens.priced_anew import PricedAnew
from gatepos.screens.together import TogetherSheet
from gatepos.screens.widgets.entry import Keys
from gatepos.till.pass_lists import OpenedPass
from gatepos.till.till import Till
from gatepos.till.views import PassRow, RecordedView, ScanView


class PassesScreen(FindingScreen[PassRow, OpenedPass]):
    """The passes of this till and of those it heard; `collecting` gives the ScanView of one to be paid."""

    collecting = Signal(object)

    def __init__(self, kit: Kit, bridge: Bridge, till: Till):
        found, paper = PassList(kit), PassPanel(kit)
        super().__init__(kit, bridge, till, found, paper, till.pass_lists)
        self.found = found
        self.paper = paper
        self.together = TogetherSheet(kit)
        self.add_sheet(self.together)
        self.anew = PricedAnew(self, self._priced)
        found.since.clicked.connect(self.anew.start)
        paper.reissue.clicked.connect(lambda: self._ask_why(N_("Why is it printed anew?"), self._reissue))
        paper.correct.clicked.connect(lambda: self._ask_why(N_("Why is it corrected?"), self._correct))
        paper.revoke.clicked.connect(lambda: self._ask_why(N_("Why is it revoked?"), self._revoke))
        paper.waive.clicked.connect(self._on_waive)
        paper.collect.clicked.connect(self._on_collect)
        paper.together.clicked.connect(self._on_together)
        self.together.wanted.connect(self._collect)

    def search(self) -> None:
        """Look for what is typed, else show the list that was chosen."""
        typed, which, lists = self.found.words.text, self.found.which, self.till.pass_lists
        self.bridge.ask(
            lambda: lists.find(typed) if typed.strip() else lists.listed(which), self.found.show_rows
        )
        self.bridge.ask(self.till.repricing.view, self.found.show_order)

    def _priced(self) -> None:
        """Nothing is printed: the new papers come out where the vehicles are."""
        self.search()
        self.show_anew()

    def _on_collect(self) -> None:
        if self.opened is not None:
            self._collect([self.opened.row.number])

    def _collect(self, passes: Sequence[str]) -> None:
        """Take what is owed on passes; the lane shows it."""

        def collecting(view: ScanView) -> None:
            self.go_home()
            self.collecting.emit(view)

        self.bridge.ask(lambda: self.till.gate.collect(*passes), collecting)

    def _on_together(self) -> None:
        """The open passes of the operator of the one that is open, to be chosen."""
        if self.opened is not None:
            number = self.opened.row.number

            def show(rows: Sequence[PassRow]) -> None:
                self.show_sheet(self.together)
                self.together.show_rows(rows)

            self.bridge.ask(lambda: self.till.pass_lists.owing_with(number), show)

    def _on_waive(self) -> None:
        if self.opened is not None:
            number, owed = self.opened.row.number, money.amount(self.opened.row.owed_minor)
            self.ask_text(
                N_("KES to waive"), Keys.AMOUNT, owed, lambda amount: self._ask_ground(number, amount)
            )

    def _ask_ground(self, number: str, amount: str) -> None:
        passes, id_ = self.till.passes, self.till.desk.new_id()
        self.ask_text(
            N_("Under which law or order is it waived?"), Keys.TEXT, "",
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
        self.show_anew()
