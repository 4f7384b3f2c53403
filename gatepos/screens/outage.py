"""The outage in place of the left of Sell: the terms on which one is opened, or what one came to so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from gatepos.domain import became, labels, moments, money, text
from gatepos.domain.outside import MPESA, PLATFORM, Proposal
from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP, LABEL, LARGE, MONEY, SEMIBOLD, TEXT, TOUCH, label
from gatepos.screens.widgets.arrange import column, row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.entry import Entry, Keys, enter_through
from gatepos.screens.widgets.lines import LinesArea, LineText
from gatepos.screens.widgets.sheet import Sheet
from gatepos.screens.widgets.tile import Ground
from gatepos.till.state_views import OutageView

_SUMS_HEIGHT = 290
_MINUTES_MAX = 24 * 60
_PROPOSES = {
    PLATFORM: N_("The payment platform is down since {time}. Open an outage for it?"),
    MPESA: N_("M-PESA is down since {time}. Open an outage for it?"),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What somebody types to open an outage; `cash_max` KES as typed, none is 0."""

    cause: str
    authority: str
    paybill: str
    cash_max: str
    down_min: int


class OutageSheet(Sheet):
    """Emits what is to be done; the till decides who may."""

    open_touched = Signal(object)
    countersign_touched = Signal()
    close_touched = Signal()

    def __init__(self, kit: Kit):
        super().__init__(kit, N_("Outage"))
        self._cause = next(iter(labels.CAUSES))
        self._view: OutageView | None = None
        self._proposal: Proposal | None = None
        self.causes = {cause: self._cause_tile(cause) for cause in labels.CAUSES}
        self.authority = Entry(kit, N_("Under whose order: its reference"))
        self.paybill = Entry(kit, N_("Paybill inside it"), Keys.DIGITS)
        self.minutes = Entry(kit, N_("Minutes it is down already"), Keys.DIGITS, "0")
        self.cash = Entry(kit, N_("KES of cash a receipt may take"), Keys.AMOUNT, "0")
        self.proposed = label("", LABEL, SEMIBOLD, "owed", wraps=True)
        self.order = label("", LABEL, meaning="second", wraps=True)
        self.open = self._button(N_("Open the outage"), "↵", Ground.DO)
        self.open.clicked.connect(self._on_open)
        enter_through((self.authority, self.paybill, self.minutes, self.cash), self.open.click)
        self.facts = label("", TEXT, SEMIBOLD, wraps=True)
        self.sums = LinesArea(kit)
        self.sums.setFixedHeight(_SUMS_HEIGHT)
        self.unsigned = label("", LABEL, SEMIBOLD, "owed", wraps=True)
        self.countersign = self._button(N_("Countersign"), "", Ground.PLAIN)
        self.countersign.clicked.connect(self.countersign_touched)
        self.close_it = self._button(N_("Close the outage and print its statement"), "", Ground.DO)
        self.close_it.clicked.connect(self.close_touched)
        self.opening, self.standing = QWidget(), QWidget()
        self._lay()
        kit.speech.changed.connect(self._speak)

    def propose(self, proposal: Proposal | None) -> None:
        """What is down for which one may be opened."""
        if proposal != self._proposal:
            self._proposal = proposal
            self._speak()

    def show_view(self, view: OutageView, now_ms: int) -> None:
        """Show the outage that is open, or ask for the terms of one."""
        if not view.is_open:
            self._begin(now_ms)
            self.cash.set_text("")
            self.authority.set_text(view.order)
            self.paybill.set_text(view.order_paybill)
        self._view = view
        self._speak()
        (self.back if view.is_open else self.causes[self._cause]).setFocus()

    def _begin(self, now_ms: int) -> None:
        """What is proposed is filled in, for a person to look at."""
        proposal = self._proposal
        down_min = (now_ms - proposal.since_ms) // moments.MINUTE_MS if proposal else 0
        self.minutes.set_text(str(down_min) if 0 < down_min <= _MINUTES_MAX else "")
        if proposal:
            self._cause = proposal.cause

    def _lay(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(GAP)
        for place, tile in enumerate(self.causes.values()):
            grid.addWidget(tile, place // 3, place % 3)
        fields = column(
            row(self.authority, self.paybill), row(self.minutes, self.cash), self.order, self.open, gap=GAP
        )
        self.opening.setLayout(column(self.proposed, grid, fields, gap=12))
        buttons = row(self.countersign, self.close_it)
        self.standing.setLayout(column(self.facts, self.sums, self.unsigned, buttons, gap=12))
        for part in (self.opening, self.standing):
            self.body.addWidget(part)
        self.body.addStretch(1)

    def _speak(self) -> None:
        view = self._view
        if view is None:
            return
        words = self.kit.speech.words
        self.opening.setVisible(not view.is_open)
        self.standing.setVisible(view.is_open)
        for cause, tile in self.causes.items():
            tile.set_text(words(labels.CAUSES[cause]))
            tile.set_ground(Ground.CHOSEN if cause == self._cause else Ground.PLAIN)
        self.proposed.setText(self._proposes())
        self.proposed.setVisible(self._proposal is not None)
        self.order.setText(self._order(view))
        self.order.setVisible(not view.may_open)
        self.unsigned.setText(words(N_("A supervisor has not countersigned it yet.")))
        self.unsigned.setVisible(view.needs_countersign)
        self.countersign.setVisible(view.needs_countersign)
        if view.is_open:
            self.facts.setText(self._facts(view))
            self.sums.show_lines(_sums(view.statement, self.kit))

    def _facts(self, view: OutageView) -> str:
        words = self.kit.speech.words
        cash = money.shown(money.KES, view.cash_max_minor) if view.cash_max_minor else words(N_("none"))
        terms = words(
            N_("{cause} · since {time} · paybill {paybill} · under {authority} · cash a receipt: {cash}"),
            cause=words(labels.CAUSES[view.cause]),
            time=words.moment(view.since_ms),
            paybill=view.paybill,
            authority=view.authority,
            cash=cash,
        )
        people = [words(N_("opened by {number}"), number=view.opened_by)]
        if view.agreed_by:
            people.append(words(N_("agreed by {number}"), number=view.agreed_by))
        return f"{terms}\n{' · '.join(people)}"

    def _proposes(self) -> str:
        if self._proposal is None:
            return ""
        words, time = self.kit.speech.words, self.kit.speech.words.moment(self._proposal.since_ms)
        return words(_PROPOSES[self._proposal.cause], time=time)

    def _order(self, view: OutageView) -> str:
        words = self.kit.speech.words
        if not view.order:
            return words(N_("A supervisor opens it here, as the second person."))
        says = N_("Under the standing order {order} a clerk opens it once it is down {n} minutes.")
        return words(says, order=view.order, n=view.order_after_min)

    def _on_open(self) -> None:
        down_min = text.whole(self.minutes.text) if self.minutes.text.strip() else 0
        self.open_touched.emit(
            Terms(self._cause, self.authority.text, self.paybill.text, self.cash.text or "0", down_min)
        )

    def _choose(self, cause: str) -> None:
        self._cause = cause
        self._speak()

    def _cause_tile(self, cause: str) -> TouchButton:
        tile = TouchButton(self.kit, height=TOUCH)
        tile.clicked.connect(lambda: self._choose(cause))
        return tile

    def _button(self, says: str, key: str, ground: Ground) -> TouchButton:
        made = TouchButton(self.kit, key=key, height=MONEY, ground=ground, px=LARGE - 4)
        self.kit.speech.say(made.set_text, says)
        return made


def _sums(statement: Mapping[str, object], kit: Kit) -> tuple[LineText, ...]:
    words = kit.speech.words
    sums = (
        (_counted(statement, "receipts", words(N_("Receipts"))), cast(int, statement["receipts_minor"])),
        (_counted(statement, "passes", words(N_("Passes"))), cast(int, statement["passes_minor"])),
        *became.lines(statement, words),
    )
    return tuple(LineText(title, money.shown(money.KES, minor)) for title, minor in sums)


def _counted(statement: Mapping[str, object], name: str, title: str) -> str:
    return f"{statement[name]} × {title}"
