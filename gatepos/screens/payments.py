"""The pay panel: one tender after another in the place below the total, until nothing is left to pay."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from gatepos.domain import labels, money, numbers, prompts
from gatepos.domain.payment import Tender
from gatepos.domain.prompts import Barred, Prompt
from gatepos.errors import Said
from gatepos.i18n import N_
from gatepos.screens.heard_money import HeardMoney
from gatepos.screens.kit import Kit
from gatepos.screens.look import LARGE, MONEY, SEMIBOLD, SMALL, TEXT, TOUCH, label, mean
from gatepos.screens.tenders import CardForm, CashForm, MpesaForm, TenderForm, TicketForm
from gatepos.screens.widgets.arrange import column, row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.fitting import FittingArea
from gatepos.screens.widgets.lines import Lines, LineText
from gatepos.screens.widgets.pages import FittedPages
from gatepos.screens.widgets.tile import Ground
from gatepos.till.views import PayView, PromptView

_FORMS = {"mpesa": MpesaForm, "card": CardForm, "cash": CashForm, "ecitizen": TicketForm}
_CODE_LEAST = 10
"""Letters and digits of an M-PESA code."""


class PaymentsPanel(QWidget):
    """Shows a PayView; emits what the clerk typed for a tender, as text, for the till to judge.

    While it `takes_parts`, what was paid so far can be recorded and the rest stays owed: by its key, or by
    Enter where nothing more was typed, after a question.
    """

    tendered = Signal(str, object)
    kind_touched = Signal(str)
    spare_touched = Signal(str)
    untendered = Signal()
    record_touched = Signal()
    part_touched = Signal()
    phone_touched = Signal()
    part_asked = Signal()
    left = Signal()
    code_typed = Signal(str)

    def __init__(self, kit: Kit, *, takes_parts: bool = False):
        super().__init__()
        self._kit = kit
        self.takes_parts = takes_parts
        self._view: PayView | None = None
        self.kinds = {kind: self._kind(kind) for kind in _FORMS}
        self.account = AccountBox(kit)
        self.phone = PhoneBox(kit)
        self.phone.ask.clicked.connect(self.phone_touched)
        self.warnings = label("", TEXT, SEMIBOLD, "owed", wraps=True)
        self.told = label("", TEXT, SEMIBOLD, "told", wraps=True)
        self.seen = HeardMoney(kit)
        self.seen.taken.connect(self.spare_touched)
        self.paid = Lines(kit)
        self.untender = TouchButton(kit, ground=Ground.BARE).snug()
        self.untender.clicked.connect(self.untendered)
        self.in_part = TouchButton(kit, ground=Ground.OWED)
        self.in_part.clicked.connect(self.part_touched)
        self.spare = TouchButton(kit, ground=Ground.OWED)
        self.spare.clicked.connect(self._on_spare)
        self.forms: dict[str, TenderForm] = {kind: form(kit) for kind, form in _FORMS.items()}
        self.pages = FittedPages()
        for form in self.forms.values():
            self.pages.addWidget(form)
            form.entered.connect(self.submit)
            form.left_empty.connect(self._on_left_empty)
        self.forms["mpesa"].needed[0].line.textChanged.connect(self._on_code)
        self.back = TouchButton(kit, key="Esc", height=MONEY)
        self.back.clicked.connect(self.left)
        self.take = TouchButton(kit, key="↵", height=MONEY, ground=Ground.DO, px=LARGE - 2)
        self.take.clicked.connect(self.submit)
        below = row(self.back, self.take)
        below.setStretch(0, 1)
        below.setStretch(1, 2)
        self.parts = (
            self.warnings, self.told, self.seen, self.account, self.phone, self.paid, self.untender,
            self.spare,
        )  # fmt: skip
        inside = QWidget()
        inside.setLayout(column(*self.parts))
        self.area = FittingArea(inside)
        kinds = row(*self.kinds.values())
        self.setLayout(column(kinds, self.area, self.pages, self.in_part, below, margins=(0, 6, 0, 0)))
        kit.speech.say(self.back.set_text, N_("Back"))
        kit.speech.changed.connect(self._speak)

    @property
    def form(self) -> TenderForm:
        """The form of the tender in question."""
        return self.forms[self._view.kind if self._view else "mpesa"]

    def show_view(self, view: PayView) -> None:
        """Show one tender's form and what has been paid so far."""
        is_other = self._view is None or (view.kind, view.account, len(view.paid)) != (
            self._view.kind, self._view.account, len(self._view.paid),
        )  # fmt: skip
        self._view = view
        if is_other:
            self.form.begin(view.rest_minor)
            self.area.verticalScrollBar().setValue(0)
        self.pages.setCurrentWidget(self.form)
        self._speak()

    def show_told(self, told: Sequence[Said]) -> None:
        """What central's word, or the ledger, says of the code that stands in the form."""
        self.told.setText("\n".join(map(self._kit.speech.said, told)))
        self.told.setVisible(bool(told))
        self._show_area()

    def show_prompt(self, view: PromptView | None) -> None:
        """How the phone stands that was asked, and what central saw paid meanwhile."""
        self.phone.show_view(view)
        if self._view is not None and view is not None:
            self._view = replace(self._view, seen=view.seen)
        self._speak()

    def submit(self) -> None:
        """Hand over what was typed, or record where nothing is left to pay."""
        view = self._view
        if view is None:
            return
        if view.rest_minor:
            self.tendered.emit(view.kind, self.form.typed())
        else:
            self.record_touched.emit()

    def take_focus(self) -> None:
        """The keys of a keyboard go into the first line, or Enter records."""
        if self._view is not None and self._view.rest_minor:
            self.form.take_focus()
        else:
            self.take.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _speak(self) -> None:
        view = self._view
        if view is None:
            return
        words, speech = self._kit.speech.words, self._kit.speech
        is_open = view.rest_minor > 0
        for choice in view.tenders:
            tile = self.kinds[choice.kind]
            tile.set_text(words(labels.TENDER_KEYS[choice.kind]))
            tile.set_note("" if choice.allowed else words(N_("not here")))
            tile.set_ground(Ground.CHOSEN if choice.kind == view.kind else Ground.PLAIN)
            tile.setVisible(is_open)
        self.account.show_view(view)
        self.account.setVisible(self.takes_code and not view.seen)
        self.phone.setVisible(self.takes_code and not view.seen and self.phone.is_offered)
        self.paid.show_lines(self._paid(view))
        self.paid.setVisible(bool(view.paid) or not is_open)
        self.untender.set_text(words(N_("Take back the last")))
        self.untender.setVisible(bool(view.paid))
        self.in_part.set_text(words(N_("Record this part, the rest stays owed")))
        self.in_part.setVisible(self._is_part(view))
        self.warnings.setText("\n".join(speech.said(warning) for warning in view.warnings))
        self.warnings.setVisible(bool(view.warnings))
        self._show_spare(view)
        self.seen.show_view(view if view.kind == "mpesa" else None)
        self.told.setVisible(bool(self.told.text()) and view.kind == "mpesa" and is_open)
        self._show_area()
        self.pages.setVisible(is_open)
        is_free = not is_open and not view.paid
        self.take.set_text(words(N_("Record, nothing to pay") if is_free else N_("Record")))

    def _show_area(self) -> None:
        self.area.setVisible(any(not part.isHidden() for part in self.parts))

    def _on_code(self, typed: str) -> None:
        """A code that is whole is asked for; of one that is not any more nothing is said."""
        if len(typed) >= _CODE_LEAST:
            self.code_typed.emit(typed)
        elif self.told.text():
            self.show_told(())

    @property
    def takes_code(self) -> bool:
        """Whether an M-PESA code is what is asked for."""
        return self._view is not None and self._view.kind == "mpesa" and self._view.rest_minor > 0

    def _is_part(self, view: PayView) -> bool:
        return self.takes_parts and bool(view.paid) and view.rest_minor > 0

    def _on_left_empty(self) -> None:
        if self._view is not None and self._is_part(self._view):
            self.part_asked.emit()

    def _show_spare(self, view: PayView) -> None:
        self.spare.setVisible(view.spare_reference is not None and view.rest_minor > 0)
        amount = money.shown(money.KES, view.spare_minor)
        text = N_("Use {amount} left on {code}")
        self.spare.set_text(self._kit.speech.words(text, amount=amount, code=view.spare_reference))

    def _paid(self, view: PayView) -> tuple[LineText, ...]:
        words = self._kit.speech.words
        paid = [LineText(_tender(tender, self._kit), money.shown(tender.currency, tender.amount_minor))
                for tender in view.paid]  # fmt: skip
        if view.change_minor:
            paid.append(
                LineText(words(N_("To refund")), money.shown(money.KES, view.change_minor), "", "owed_words")
            )
        return tuple(paid)

    def _on_spare(self) -> None:
        if self._view is not None and self._view.spare_reference is not None:
            self.spare_touched.emit(self._view.spare_reference)

    def _kind(self, kind: str) -> TouchButton:
        made = TouchButton(self._kit, px=TEXT)
        made.clicked.connect(lambda: self.kind_touched.emit(kind))
        return made


class AccountBox(QFrame):
    """What the driver types into the phone: paybill and account, large, and the parts of a large sum."""

    def __init__(self, kit: Kit):
        super().__init__()
        mean(self, "told-box")
        self._kit = kit
        self.heading = label("", SMALL, meaning="told", wraps=True)
        self.paybill = label("", LARGE, SEMIBOLD, "told", wraps=True)
        self.account = label("", LARGE, SEMIBOLD, "told", wraps=True)
        self.parts = label("", TEXT, SEMIBOLD, "told", wraps=True)
        self.setLayout(
            column(self.heading, self.paybill, self.account, self.parts, gap=2, margins=(14, 8, 14, 8))
        )

    def show_view(self, view: PayView) -> None:
        """Show where to pay."""
        words = self._kit.speech.words
        self.heading.setText(words(N_("Driver pays by M-PESA now")))
        self.paybill.setText(words(N_("Paybill {paybill}"), paybill=spaced(view.paybill or "")))
        self.account.setText(
            words(N_("Account {account}"), account=numbers.printed(view.account).replace("-", ""))
        )
        parts = ", ".join(money.amount(part) for part in view.parts)
        self.parts.setText(words(N_("In {n} parts: KES {parts}"), n=len(view.parts), parts=parts))
        self.parts.setVisible(len(view.parts) > 1)


class PhoneBox(QWidget):
    """Asks the visitor's phone to pay, and says how that stands; nothing else waits for it."""

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._view: PromptView | None = None
        self.ask = TouchButton(kit, height=TOUCH)
        self.told = label("", TEXT, SEMIBOLD, "told", wraps=True)
        self.setLayout(column(self.told, self.ask, gap=2))
        kit.speech.follow(self, self._speak)

    @property
    def is_offered(self) -> bool:
        """Whether this till has a way to phones at all."""
        return self._view is not None

    @property
    def barred(self) -> Barred | None:
        """Why no phone can be asked now."""
        return self._view.barred if self._view else None

    def show_view(self, view: PromptView | None) -> None:
        """Show how it stands."""
        self._view = view
        self._speak()

    def _speak(self) -> None:
        view, words = self._view, self._kit.speech.words
        if view is None:
            return
        prompt = view.prompt
        self.ask.set_text(words(N_("Ask the phone again…") if prompt else N_("Ask the phone…")))
        self.ask.set_note(words(view.barred.note) if view.barred else "")
        self.ask.setVisible(prompt is None or prompt.may_ask_again)
        self.told.setText(self._told(prompt))
        self.told.setVisible(bool(self.told.text()))

    def _told(self, prompt: Prompt | None) -> str:
        words = self._kit.speech.words
        if prompt is None:
            return ""
        return prompt.why.said(words) if prompt.why else words(prompts.SAYS[prompt.state])


def spaced(digits: str) -> str:
    """`600 000`: digits in groups of three from the right."""
    return f"{int(digits):,}".replace(",", " ") if digits.isdigit() and digits[:1] != "0" else digits


def _tender(tender: Tender, kit: Kit) -> str:
    name = kit.speech.words(labels.PAID_BY[tender.kind])
    return f"{name} {tender.reference}" if tender.reference else name
