"""Paying, on whichever screen money is taken: the pay panel, over the payments of one window of the till."""

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from gatepos.domain.staff import NeedsSecond
from gatepos.errors import Said
from gatepos.i18n import N_
from gatepos.screens.choosing import Choice
from gatepos.screens.page import Page
from gatepos.screens.payments import PaymentsPanel
from gatepos.screens.widgets.entry import Keys
from gatepos.screens.widgets.pages import FittedPages
from gatepos.till.payments import Payments
from gatepos.till.views import PayView, PromptView, RecordedView

_LOOK_EVERY_MS = 1_000


class Side(Protocol):
    """The right of a screen: a total, and one of several pages below it."""

    below: FittedPages

    def show_rest(self, view: PayView) -> None:
        """Of what is paid in part, what is left."""

    def show_below(self, page: QWidget) -> None:
        """Let a page stand below the total."""


class Paying(QObject):
    """Shows `panel` on `side` of `page`; `shown` gives each PayView, `recorded` what has become a receipt."""

    shown = Signal(object)
    recorded = Signal(object)

    def __init__(self, page: Page, payments: Payments, panel: PaymentsPanel, side: Side):
        super().__init__(page)
        self._page = page
        self._payments = payments
        self._panel = panel
        self._side = side
        panel.kind_touched.connect(lambda kind: self.pay(kind))
        panel.tendered.connect(self._on_tendered)
        panel.spare_touched.connect(lambda code: self._ask(lambda: payments.mpesa(code)))
        panel.code_typed.connect(self._ask_told)
        panel.untendered.connect(lambda: self._ask(payments.untender))
        panel.record_touched.connect(self._record)
        panel.part_touched.connect(self._record_part)
        panel.part_asked.connect(self._ask_part)
        panel.left.connect(page.typing.dismiss)
        panel.phone_touched.connect(self._ask_phone)
        self._looks = QTimer(self, interval=_LOOK_EVERY_MS)
        self._looks.timeout.connect(self._look)

    @property
    def is_paying(self) -> bool:
        """Whether money is being taken."""
        return self._side.below.currentWidget() is self._panel

    def pay(self, kind: str, first: Callable[[], object] = lambda: None) -> None:
        """Open what is owed for payment by `kind`; `first` puts it there."""

        def pay() -> PayView:
            first()
            return self._payments.pay(kind)

        self._ask(pay)

    def take(self, code: str) -> None:
        """Take what is for what stands here of a payment that central saw."""

        def take() -> PayView | RecordedView:
            self._payments.pay("mpesa")
            return self._payments.mpesa(code)

        self._ask(take)

    def show(self, view: PayView) -> None:
        """Show what is left to pay and how."""
        self._show_tendered(view)
        self._panel.take_focus()
        if view.rest_minor and self._panel.form.needed:
            self._page.type_into(self._panel.form.needed[0].line)
        elif not view.rest_minor:
            self._page.typing.dismiss()

    def _ask_phone(self) -> None:
        prompts, barred = self._payments.prompts, self._panel.phone.barred
        if barred is not None:
            self._page.bridge.tell(barred)
            return
        self._page.ask_text(
            N_("The M-PESA phone that pays"), Keys.DIGITS, "",
            lambda typed: self._page.act(lambda: prompts.ask(typed), self._panel.show_prompt),
        )  # fmt: skip

    def _look(self) -> None:
        """How a phone stands that was asked, as long as a code is what is asked for."""
        if not self.is_paying or not self._panel.takes_code:
            self._looks.stop()
        else:
            self._page.bridge.ask(self._payments.prompts.view, self._on_looked)

    def _on_looked(self, view: PromptView | None) -> None:
        if view is None:
            self._looks.stop()
        if self.is_paying:
            self._panel.show_prompt(view)

    def _on_tendered(self, kind: str, typed: Sequence[str | None]) -> None:
        payments = self._payments
        by_kind: dict[str, Callable[..., PayView | RecordedView]] = {
            "mpesa": payments.mpesa,
            "card": payments.card,
            "cash": payments.cash,
            "ecitizen": payments.ticket,
        }
        self._ask(lambda: by_kind[kind](*typed))

    def _ask_told(self, typed: str) -> None:
        self._page.bridge.ask(lambda: self._payments.told(typed), self._panel.show_told, lambda _: None)

    def _ask(self, action: Callable[[], PayView | RecordedView]) -> None:
        self._page.act(action, self._paid, self._refused)

    def _record(self) -> None:
        self._page.with_second(self._payments.record, self._paid)

    def _record_part(self) -> None:
        record = self._payments.record
        self._page.with_second(lambda second: record(second, in_part=True), self._paid)

    def _ask_part(self) -> None:
        choices = (
            Choice(N_("Record this part"), N_("The rest stays owed."), value=True),
            Choice(N_("Take more"), "", value=False),
        )
        self._page.ask_choice(N_("Record this part?"), choices, self._on_part_answered)

    def _on_part_answered(self, is_to_record: object) -> None:
        if is_to_record:
            self._record_part()
        else:
            self._panel.take_focus()

    def _paid(self, view: PayView | RecordedView) -> None:
        if isinstance(view, RecordedView):
            self.recorded.emit(view)
        else:
            self.show(view)

    def _refused(self, said: Said) -> None:
        """What was tendered may stand although the sale was refused, as when a second person is missing."""
        if self.is_paying:
            self._page.bridge.ask(self._payments.view, self._show_tendered)
        if isinstance(said, NeedsSecond):
            self._record()
        else:
            self._page.bridge.tell(said)

    def _show_tendered(self, view: PayView) -> None:
        self._panel.show_view(view)
        self._side.show_rest(view)
        self._side.show_below(self._panel)
        self._look()
        self._looks.start()
        self.shown.emit(view)
