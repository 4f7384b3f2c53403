"""Asking for a refund, and for the second person who agrees: where somebody wants their money."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject

from gatepos.domain.bill import FeeKey
from gatepos.i18n import N_
from gatepos.ledger.ledger import Recorded
from gatepos.screens.page import Page
from gatepos.screens.refund_sheet import RefundSheet
from gatepos.screens.widgets.entry import Keys
from gatepos.till.refunds import Refundable


class Refunding(QObject):
    """Leads from a paper to its refund; `then` gets its number after each step that was recorded."""

    def __init__(self, page: Page, then: Callable[[str], object]):
        super().__init__(page)
        self._page = page
        self._refunds = page.till.refunds
        self._then = then
        self._number = ""
        self.sheet = RefundSheet(page.kit)
        page.add_sheet(self.sheet)
        self.sheet.counted.connect(self._on_counted)
        self.sheet.wanted.connect(self._ask_why)
        self.sheet.owed_wanted.connect(lambda: self._ask_why({}))

    def begin(self, number: str) -> None:
        """Ask what of a paper goes back; where nothing is left of its lines, what is owed back already."""
        self._number = number
        self._page.bridge.ask(lambda: self._refunds.refundable(number), self._on_refundable)

    def approve(self, number: str) -> None:
        """Ask for whoever agrees to a refund."""
        id_ = self._page.till.desk.new_id()
        self._page.with_second(lambda second: self._refunds.approve(number, second, id_), self._recorded)

    def _on_refundable(self, view: Refundable) -> None:
        if view.lines:
            self._page.show_sheet(self.sheet)
            self.sheet.open(view)
        else:
            self._ask_why({})

    def _on_counted(self, counts: dict[FeeKey, int]) -> None:
        number = self._number
        self._page.bridge.ask(
            lambda: self._refunds.amount_minor(number, counts),
            lambda minor: self.sheet.show_counts(counts, minor),
        )

    def _ask_why(self, counts: Mapping[FeeKey, int]) -> None:
        question = N_("Why is it refunded?")
        self._page.ask_text(question, Keys.TEXT, "", lambda why: self._request(counts, why))

    def _request(self, counts: Mapping[FeeKey, int], why: str) -> None:
        """That people went in on it was shown where the lines were counted."""
        number, id_ = self._number, self._page.till.desk.new_id()
        self._page.act(
            lambda: self._refunds.request(number, counts, why, knows_used=True, id=id_), self._requested
        )

    def _requested(self, done: Recorded) -> None:
        number = str(done.entry.number)
        self._page.go_home()
        self._then(number)
        self.approve(number)

    def _recorded(self, done: Recorded) -> None:
        self._then(str(done.entry.data["refund"]))
