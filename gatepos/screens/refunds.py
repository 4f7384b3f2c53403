"""Refunds and money held: listed with their age, agreed to, refused, paid back."""

from PySide6.QtCore import Signal

from gatepos.domain import labels, money, numbers
from gatepos.i18n import N_
from gatepos.ledger.ledger import Recorded
from gatepos.screens.bridge import Bridge
from gatepos.screens.choosing import Choice
from gatepos.screens.finding import FindingScreen, PaperPanel
from gatepos.screens.kit import Kit
from gatepos.screens.look import unbroken
from gatepos.screens.refund_list import STATES, RefundList
from gatepos.screens.refunding import Refunding
from gatepos.screens.widgets.arrange import column, row
from gatepos.screens.widgets.entry import Keys
from gatepos.screens.widgets.tile import Ground
from gatepos.till.list_views import RefundRow
from gatepos.till.refund_list import OpenedRefund
from gatepos.till.refunds import CASH
from gatepos.till.till import Till


class RefundsScreen(FindingScreen[RefundRow, OpenedRefund]):
    """What this till has to give back; reached from Receipts."""

    left_over = Signal()

    def __init__(self, kit: Kit, bridge: Bridge, till: Till):
        found, paper = RefundList(kit), RefundPanel(kit)
        super().__init__(kit, bridge, till, found, paper, till.refund_list)
        self.found = found
        self.paper = paper
        self.refunding = Refunding(self, self._changed)
        found.back.clicked.connect(self.left_over)
        paper.ask.clicked.connect(lambda: self._on_number(self.refunding.begin))
        paper.approve.clicked.connect(lambda: self._on_number(self.refunding.approve))
        paper.refuse.clicked.connect(lambda: self._ask_why(N_("Why is it refused?"), self._refuse))
        paper.pay.clicked.connect(self._on_pay)

    def search(self) -> None:
        """Look for what is typed, else all."""
        typed = self.found.words.text
        self.bridge.ask(lambda: self.till.refund_list.listed(typed), self.found.show_rows)

    def _refuse(self, number: str, why: str) -> None:
        id_ = self.till.desk.new_id()
        self.with_second(lambda second: self.till.refunds.refuse(number, why, second, id_), self._recorded)

    def _on_pay(self) -> None:
        """Ask by which way, though there may be only one: money leaves by this touch."""
        if self.opened is not None:
            number = self.opened.row.number
            choices = [
                Choice(labels.TENDERS[way.kind], money.shown(money.KES, way.minor), way.kind)
                for way in self.opened.ways
            ]
            self.ask_choice(N_("How is it paid back?"), choices, lambda kind: self._pay(number, str(kind)))

    def _pay(self, number: str, kind: str) -> None:
        if kind == CASH:
            self._record(number, kind, "")
        else:
            question = N_("Reference of the payment back")
            self.ask_text(question, Keys.CODE, "", lambda typed: self._record(number, kind, typed))

    def _record(self, number: str, kind: str, reference: str) -> None:
        id_ = self.till.desk.new_id()
        self.act(lambda: self.till.refunds.pay(number, kind, reference, "", id_), self._recorded)

    def _recorded(self, done: Recorded) -> None:
        self._changed(str(done.entry.data["refund"]))

    def _changed(self, refund: str) -> None:
        """Money that was held stands under its refund's number by now."""
        self.go_home()
        self.queued.emit()
        self.search()
        self.open(refund)


class RefundPanel(PaperPanel[OpenedRefund]):
    """The paper of a refund, how it stands, and the next step."""

    def __init__(self, kit: Kit):
        super().__init__(kit)
        self.ask = self._button(N_("Refund…"), Ground.DO)
        self.pay = self._button(N_("Pay back…"), Ground.DO)
        self.approve = self._button(N_("Agree"), Ground.DO)
        self.refuse = self._button(N_("Refuse"), Ground.REFUSED)
        self.steps = (self.ask, self.pay, self.approve, self.refuse)
        self._begin(column(self.ask, self.pay, row(self.approve, self.refuse), self.reprint))

    def _speak(self) -> None:
        words, opened = self._kit.speech.words, self._opened
        if opened is None:
            self.title.setText(words(N_("Touch a refund to see its paper.")))
            return
        found = opened.row
        self.title.setText(unbroken(numbers.printed(found.number)))
        left = money.shown(money.KES, found.left_minor)
        parts = (words(STATES[found.state]), left, words.age(found.age_min)) if found.left_minor else ()
        self.state.setText(" · ".join(parts) or words(STATES[found.state]))
        self.state.show()
        self._show_paper(opened.paper)
        self.buttons.show()
        shown = {"held": (self.ask,), "approved": (self.pay,), "requested": (self.approve, self.refuse)}
        for button in self.steps:
            button.setVisible(button in shown.get(found.state, ()))
