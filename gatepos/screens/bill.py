"""The right of Sell: the bill's lines scrolling, the total pinned, and below it the ways on."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from gatepos.domain import labels, money, numbers, plates
from gatepos.domain.bill import Line
from gatepos.domain.fees import VEHICLE
from gatepos.i18n import LANGUAGES, N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import SEMIBOLD, SMALL, TEXT, label, mean, unbroken
from gatepos.screens.widgets.arrange import column, row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.lines import LinesArea, LineText, MoreLines
from gatepos.screens.widgets.pages import FittedPages
from gatepos.screens.widgets.tile import Ground
from gatepos.screens.widgets.total import Total
from gatepos.till.views import PayView, SellView, VehicleView

_LINES_LEAST = 72


class BillPanel(QFrame):
    """Shows what is owed, always; `below` holds the ways to pay, one of them, or what was recorded."""

    cleared = Signal()
    vehicles_touched = Signal()
    read_wanted = Signal(str)

    def __init__(self, kit: Kit):
        super().__init__()
        mean(self, "side")
        self._kit = kit
        self._view: SellView | None = None
        self._caption = N_("To pay")
        self._minor = 0
        self.title = label("", TEXT, SEMIBOLD, "second", wraps=True)
        self.clear = TouchButton(kit, ground=Ground.BARE).snug()
        kit.speech.say(self.clear.set_text, N_("Clear"))
        self.clear.clicked.connect(self.cleared)
        keeps = self.clear.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self.clear.setSizePolicy(keeps)
        self.vehicles = TouchButton(kit, ground=Ground.CHOSEN).snug()
        self.vehicles.clicked.connect(self.vehicles_touched)
        self.vehicles.hide()
        self.readers: dict[str, TouchButton] = {}
        self._reading = row(gap=0)
        self.lines = LinesArea(kit)
        self.lines.setMinimumHeight(_LINES_LEAST)
        self.lines.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.total = Total(kit)
        self.detail = label("", SMALL, meaning="second", wraps=True)
        self.detail.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.warnings = label("", SMALL, SEMIBOLD, "owed", wraps=True)
        self.below = FittedPages(gives_way=True)
        self.more = MoreLines(kit, self.lines)
        top = row(self.title, self.vehicles, self.more, self.clear)
        top.setStretch(0, 1)
        below_total = row(self._reading, self.detail)
        below_total.setStretch(1, 1)
        layout = column(
            top, self.lines, self.total, below_total, self.warnings, self.below,
            gap=6, margins=(20, 4, 20, 14),
        )  # fmt: skip
        layout.setStretch(1, 1)
        self.setLayout(layout)
        kit.speech.changed.connect(self._speak)

    def offer_to_read(self, languages: Sequence[str]) -> None:
        """The visitor may ask to hear the bill in these; each is a touch below the total."""
        for code in languages:
            reader = TouchButton(self._kit, ground=Ground.BARE).snug()
            reader.clicked.connect(partial(self.read_wanted.emit, code))
            self._kit.speech.follow(reader, partial(self._name_reader, reader, code))
            reader.setVisible(bool(self._view and self._view.lines))
            self.readers[code] = reader
            self._reading.addWidget(reader)

    def add_below(self, page: QWidget) -> None:
        """One more thing that can stand below the total."""
        self.below.addWidget(page)

    def show_below(self, page: QWidget) -> None:
        """Let `page` stand below the total."""
        self.below.setCurrentWidget(page)

    def show_view(self, view: SellView) -> None:
        """Show a bill."""
        self._view = view
        self._show_owed(N_("To pay"), view.total_minor + view.group_minor - view.moved_minor)

    def show_rest(self, view: PayView) -> None:
        """Of a bill paid in part, show what is left, or what goes back."""
        self._show_owed(N_("Left to pay"), view.rest_minor - view.change_minor)

    def show_recorded(self, *, is_owed: bool) -> None:
        """Of a bill that has become a receipt, show that it is paid; of a pass, that it is not."""
        self._caption = N_("To pay on exit") if is_owed else N_("Paid")
        self._minor = self._view.total_minor + self._view.group_minor if self._view else 0
        self._speak()
        self.clear.hide()
        self.vehicles.hide()

    def _name_reader(self, reader: TouchButton, code: str) -> None:
        reader.set_text(f"♪ {code.upper()}")
        says = N_("Read out in {language}")
        reader.setAccessibleName(self._kit.speech.words(says, language=LANGUAGES[code]))

    def _show_owed(self, caption: str, minor: int) -> None:
        """A correction asks for the difference alone, and below zero gives it back."""
        self._caption, self._minor = caption if minor >= 0 else N_("To refund"), abs(minor)
        self._speak()

    def _speak(self) -> None:
        view = self._view
        if view is None:
            return
        self.title.setText(self._title(view))
        group = group_texts(view.group, view.group_minor, self._kit)
        self.lines.show_lines((*group, *line_texts(view.lines, view.plate, self._kit)))
        self._show_vehicles(view)
        self.total.show_amount(self._caption, money.shown(money.KES, self._minor))
        self.detail.setText(self._detail(view))
        for reader in self.readers.values():
            reader.setVisible(bool(view.lines or view.group))
        is_begun = view.lines or view.plate or view.number or view.group
        self.clear.setVisible(bool(is_begun or view.corrects or view.replaces))
        warnings = self._warnings(view)
        self.warnings.setText("\n".join(warnings))
        self.warnings.setVisible(bool(warnings))

    def _show_vehicles(self, view: SellView) -> None:
        """How many vehicles one payer pays for, where there are several."""
        count = len(view.group) + bool(view.lines or view.plate)
        self.vehicles.set_text(self._kit.speech.words.plural("{n} vehicle", "{n} vehicles", count))
        self.vehicles.setVisible(bool(view.group))

    def _title(self, view: SellView) -> str:
        words = self._kit.speech.words
        if view.corrects:
            return words(N_("Corrects receipt {number}"), number=unbroken(numbers.printed(view.corrects)))
        if view.replaces:
            return words(N_("Corrects pass {number}"), number=unbroken(numbers.printed(view.replaces)))
        if view.number:
            return words(N_("Bill {number}"), number=unbroken(numbers.printed(view.number)))
        return words(N_("Bill"))

    def _warnings(self, view: SellView) -> list[str]:
        found = [self._kit.speech.said(said) for said in view.warnings]
        if view.rate_is_old and view.usd_minor and view.rate_month is not None:
            words = self._kit.speech.words
            says = N_("The rate is of {month}: apply the newest published rate.")
            found.append(words(says, month=words.month(view.rate_month)))
        return found

    def _detail(self, view: SellView) -> str:
        words = self._kit.speech.words
        parts = []
        if view.usd_minor and view.rate_e4 is not None:
            rate, month = money.rate_text(view.rate_e4), words.month(view.rate_month or "")
            usd = words(
                N_("{usd} at {rate} ({month})"),
                usd=unbroken(money.shown(money.USD, view.usd_minor)), rate=rate, month=month,
            )  # fmt: skip
            kes = unbroken(money.shown(money.KES, view.kes_part_minor))
            made_of = f"{usd} + {kes}" if view.kes_part_minor else usd
            parts.append(words(N_("This vehicle: {sum}"), sum=made_of) if view.group else made_of)
        if view.corrects:
            total, moved = (unbroken(money.shown(money.KES, m)) for m in (view.total_minor, view.moved_minor))
            parts.append(words(N_("{total} in all, {moved} paid before"), total=total, moved=moved))
        leave = N_("after closing, {time}") if view.is_late else N_("leave by {time}")
        parts.append(words(leave, time=f"{view.leave_by:%H:%M}"))
        return "\n".join(parts)


def group_texts(group: Sequence[VehicleView], minor: int, kit: Kit) -> tuple[LineText, ...]:
    """The other vehicles of the same payer in one line: their plates, and KES minor units in all."""
    if not group:
        return ()
    words = kit.speech.words
    names = ", ".join(unbroken(plates.shown(one.plate)) or words(N_("on foot")) for one in group)
    return (LineText(words(N_("With {vehicles}"), vehicles=names), money.shown(money.KES, minor)),)


def line_texts(lines: Sequence[Line], plate: str, kit: Kit) -> tuple[LineText, ...]:
    """The lines of a bill as they are shown; those who enter free together at the end."""
    paid = [_text(line, plate, kit) for line in lines if line.ground is None]
    free = [line for line in lines if line.ground is not None]
    if free:
        words = kit.speech.words
        names = (f"{line.count} × {labels.line(line.as_data(), words, kit.titles)}" for line in free)
        paid.append(LineText(" · ".join(names), words(N_("free"))))
    return tuple(paid)


def _text(line: Line, plate: str, kit: Kit) -> LineText:
    words = kit.speech.words
    name = labels.line(line.as_data(), words, kit.titles)
    amount = money.shown(line.currency, line.amount_minor)
    each = words(N_("{amount} each"), amount=money.shown(line.currency, line.unit_minor))
    below = each if line.count * line.times > 1 else ""
    if line.times > 1:
        below = f"{each} × {line.times}"
    if line.fee == VEHICLE:
        return LineText(f"{name} · {unbroken(plates.shown(plate))}" if plate else name, amount, below)
    return LineText(f"{line.count} × {name}", amount, below)
