"""Shift: open it with a counted float; close it with a count made before anything expected is seen."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from gatepos.domain import labels, money, numbers, shift
from gatepos.i18n import N_, Words
from gatepos.screens.bridge import Bridge
from gatepos.screens.held import HeldList
from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP, LABEL, LARGE, MONEY, SEMIBOLD, TEXT, label, mean, unbroken
from gatepos.screens.page import Page
from gatepos.screens.widgets.arrange import column, row, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.entry import Entry, Keys
from gatepos.screens.widgets.lines import Lines, LineText
from gatepos.screens.widgets.pages import Pages
from gatepos.screens.widgets.tile import Ground
from gatepos.till import shifts, showing
from gatepos.till.till import Till
from gatepos.till.views import ClosedView, CountView, FigureView, HeldView, ShiftView

_COLUMNS = 5


class ShiftScreen(Page):
    """The float or the count at the left; at the right whose shift it is, and after a close its outcome.

    `queued` when its paper is to be printed.
    """

    opened = Signal()
    queued = Signal()

    def __init__(self, kit: Kit, bridge: Bridge, till: Till):
        form, side = Pages(), ShiftPanel(kit)
        super().__init__(kit, bridge, till, form, side)
        self.panel = side
        self.float = FloatForm(kit)
        self.count = CountForm(kit)
        self._close_id = ""
        for page in (self.float, self.count):
            form.addWidget(page)
            self.follow_lines(page)
        self._form = form
        self.float.open.clicked.connect(self.open_shift)
        self.count.held.handing.connect(self._ask_keeper)
        self.count.close_shift.clicked.connect(self.close_shift)
        self.count.counted.connect(self.typing.dismiss)
        side.telephone.clicked.connect(self.tell_figure)

    def start(self) -> None:
        """Show the clerk's shift."""
        self.go_home()
        self.bridge.ask(self.till.shifts.view, self.show_view)

    def show_view(self, view: ShiftView) -> None:
        """Show a shift, or that none is open."""
        self._close_id = self.till.desk.new_id()
        self.panel.show_view(view)
        if view.number is None:
            self.float.show_view(view)
            self._form.setCurrentWidget(self.float)
        else:
            self.count.show_view(view)
            self._show_held()
            self._form.setCurrentWidget(self.count)

    def open_shift(self) -> None:
        """Open with what was counted into the drawer."""
        self.typing.dismiss()
        kes, usd = self.float.kes.text or "0", self.float.usd.text or "0"
        self.act(lambda: self.till.shifts.open(kes, usd), lambda _: self.opened.emit())

    def close_shift(self) -> None:
        """Close with what was counted; the same count sent twice closes once."""
        self.typing.dismiss()
        faces, others, note = self.count.faces_typed(), self.count.others_typed(), self.count.note.text
        id_, listed = self._close_id, self.count.held.listed()

        def close() -> ClosedView:
            counted = shifts.counted(faces, others)
            return showing.closed(self.till.shifts.close(counted, note, id_, listed))

        self.act(close, self._on_closed)

    def tell_figure(self) -> None:
        """Show the day's takings so far, to be read out by telephone."""
        self.bridge.ask(self.till.telephone.figure, self.panel.show_figure)

    def _show_held(self) -> None:
        self.bridge.ask(self.till.custody.mine, self.count.held.show_kept)

    def _ask_keeper(self, one: HeldView) -> None:
        title = self.kit.speech.words(N_("Who keeps envelope {place} now?"), place=one.envelope)
        custody = self.till.custody
        self.ask_text(
            title, Keys.DIGITS, "",
            lambda to: self.act(lambda: custody.hand_on(one.id, to), lambda _: self._show_held()),
        )  # fmt: skip

    def _on_closed(self, closed: ClosedView) -> None:
        self.panel.show_closed(closed)
        self.bridge.ask(self.till.shifts.view, self.show_view)
        self.queued.emit()


class FloatForm(QWidget):
    """What is in the drawer before the first sale."""

    def __init__(self, kit: Kit):
        super().__init__()
        title = label("", LARGE, SEMIBOLD, wraps=True)
        kit.speech.say(title.setText, N_("Open your shift"))
        told = label("", LABEL, meaning="second", wraps=True)
        kit.speech.say(told.setText, N_("Count the float in the drawer; leave empty what is not there."))
        self.kes = Entry(kit, N_("Float, KES"), Keys.AMOUNT)
        self.usd = Entry(kit, N_("Float, USD"), Keys.AMOUNT)
        self.open = TouchButton(kit, key="↵", height=64, ground=Ground.DO, px=LARGE - 2)
        kit.speech.say(self.open.set_text, N_("Open the shift"))
        self.kes.entered.connect(self.open.click)
        self.usd.entered.connect(self.open.click)
        self.setLayout(
            column(title, told, row(self.kes, self.usd), self.open, 1, gap=14, margins=(24, 20, 24, 20))
        )

    def show_view(self, view: ShiftView) -> None:
        """Empty, for a new shift."""
        self.kes.set_text("")
        self.usd.set_text("")
        self.usd.setVisible(money.USD in view.currencies)
        self.open.setFocus()


class CountForm(QWidget):
    """Notes and coins by face, and the other ways of paying by total; `counted` after the last line."""

    counted = Signal()

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        title = label("", LARGE, SEMIBOLD, wraps=True)
        kit.speech.say(title.setText, N_("Close your shift: count first"))
        self.faces = {
            (currency, face): Entry(kit, f"{currency} {money.amount(face * money.MINOR)}", Keys.DIGITS)
            for currency, all_ in shift.FACES.items()
            for face in all_
        }
        self.usd = QWidget()
        self.held = HeldList(kit)
        self.others = {kind: Entry(kit, labels.TENDERS[kind], Keys.AMOUNT) for kind in shifts.OTHERS}
        self.note = Entry(kit, N_("Note, when it is over or short"))
        self.entries = (*self.faces.values(), *self.others.values(), self.note)
        self.close_shift = TouchButton(kit, height=MONEY, ground=Ground.DO, px=LARGE - 2)
        kit.speech.say(self.close_shift.set_text, N_("Close the shift"))
        self.usd.setLayout(self._grid(money.USD))
        cash = self._heading(N_("Cash: how many of each"))
        rest = self._heading(N_("The rest: totals of your slips and messages, KES"))
        inside = QWidget()
        others = row(*self.others.values())
        parts = (self.held, cash, self._grid(money.KES), self.usd, rest, others, self.note)
        inside.setLayout(column(*parts, 1, gap=12))
        self._area = scrolling(inside)
        self.setLayout(column(title, self._area, self.close_shift, gap=12, margins=(24, 16, 24, 16)))
        self._wire()

    def show_view(self, view: ShiftView) -> None:
        """Empty, for a new count."""
        for entry in self.entries:
            entry.set_text("")
        self.usd.setVisible(money.USD in view.currencies)

    def faces_typed(self) -> list[tuple[str, int, str]]:
        """Currency, face and count of each that was typed."""
        return [(currency, face, entry.text) for (currency, face), entry in self.faces.items() if entry.text]

    def others_typed(self) -> list[tuple[str, str]]:
        """Way of paying and its total."""
        return [(kind, entry.text) for kind, entry in self.others.items()]

    def _wire(self) -> None:
        """Enter goes from line to line and ends at the button; the line that is typed into is in sight."""
        for place, entry in enumerate(self.entries):
            entry.entered.connect(partial(self._go_on, self.entries[place + 1 :]))
            entry.line.focused.connect(self._area.ensureWidgetVisible)

    def _go_on(self, following: Sequence[Entry]) -> None:
        shown = next((entry for entry in following if entry.isVisibleTo(self)), None)
        if shown is not None:
            shown.line.setFocus()
        else:
            self.counted.emit()
            self.close_shift.setFocus()

    def _grid(self, currency: str) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP)
        for place, face in enumerate(shift.FACES[currency]):
            grid.addWidget(self.faces[currency, face], place // _COLUMNS, place % _COLUMNS)
        return grid

    def _heading(self, says: str) -> QWidget:
        made = label("", TEXT, SEMIBOLD, "second", wraps=True)
        self._kit.speech.say(made.setText, says)
        return made


class ShiftPanel(QFrame):
    """Whose shift it is; after a close what was counted, what was expected, and the difference."""

    def __init__(self, kit: Kit):
        super().__init__()
        mean(self, "side")
        self._kit = kit
        self._view: ShiftView | None = None
        self._closed: ClosedView | None = None
        self.title = label("", LARGE, SEMIBOLD, wraps=True)
        self.told = label("", LABEL, meaning="second", wraps=True)
        self.others = label("", LABEL, meaning="second", wraps=True)
        self.heading = label("", LABEL, SEMIBOLD, wraps=True)
        self.lines = Lines(kit)
        self.head = label("", TEXT, meaning="second", wraps=True)
        self._figure: FigureView | None = None
        self.read_out = label("", LABEL, SEMIBOLD, wraps=True)
        self.figure = Lines(kit)
        self.telephone = TouchButton(kit)
        kit.speech.say(self.telephone.set_text, N_("Figure for the telephone"))
        layout = column(
            self.title, self.told, self.others, self.heading, self.lines, self.head,
            self.read_out, self.figure, 1, self.telephone, gap=10, margins=(20, 16, 20, 16),
        )  # fmt: skip
        self.setLayout(layout)
        kit.speech.changed.connect(self._speak)

    def show_view(self, view: ShiftView) -> None:
        """Show whose shift is open; another clerk's close is nobody else's to see."""
        if self._view is not None and self._view.staff != view.staff:
            self._closed = None
        self._view, self._figure = view, None
        self._speak()

    def show_closed(self, closed: ClosedView) -> None:
        """Show how a shift came out."""
        self._closed = closed
        self._speak()

    def show_figure(self, figure: FigureView) -> None:
        """Show what is read out by telephone, as it is now."""
        self._figure = figure
        self._speak()

    def _speak(self) -> None:
        view, words = self._view, self._kit.speech.words
        if view is None:
            return
        self.telephone.setVisible(view.may_telephone)
        self._show_figure()
        if view.number is None:
            self.title.setText(words(N_("No shift is open")))
            self.told.setText(words(N_("Clerk {number}"), number=view.staff))
        else:
            self.title.setText(words(N_("Shift {number}"), number=unbroken(numbers.printed(view.number))))
            at = words.moment(view.opened_ms)
            self.told.setText(words(N_("Clerk {number} · since {at}"), number=view.staff, at=at))
        others = [words(N_("Clerk {number}"), number=staff) for _, staff in view.others]
        self.others.setText(words(N_("Also open: {who}"), who=", ".join(others)))
        self.others.setVisible(bool(others))
        self._show_closed()

    def _show_closed(self) -> None:
        closed, words = self._closed, self._kit.speech.words
        for part in (self.heading, self.lines, self.head):
            part.setVisible(closed is not None)
        if closed is not None:
            self.heading.setText(words(N_("Closed: {number}"), number=unbroken(closed.number)))
            self.lines.show_lines(tuple(_line(count, words) for count in closed.counts))
            self.head.setText(words(N_("Check code {code}"), code=closed.head))

    def _show_figure(self) -> None:
        told, words = self._figure, self._kit.speech.words
        for part in (self.read_out, self.figure):
            part.setVisible(told is not None)
        if told is not None:
            self.read_out.setText(words(N_("Read out to headquarters:")))
            self.figure.show_lines(_read_out(told, words))


def _read_out(told: FigureView, words: Words) -> tuple[LineText, ...]:
    """The figure and its check code, in the order in which central asks for them."""
    figure = told.figure
    return (
        LineText(words(N_("Till")), figure.till),
        LineText(words(N_("Business day")), words.day(date.fromisoformat(figure.day))),
        LineText(words(N_("Taken")), figure.shown()),
        LineText(words(N_("Papers")), str(figure.papers)),
        LineText(words(N_("Last entry")), str(figure.seq)),
        LineText(words(N_("Check code")), f"{told.code[:4]} {told.code[4:]}"),
    )


def _line(count: CountView, words: Words) -> LineText:
    """What was counted, and below it what was expected and the difference."""
    below = words(N_("expected {amount}"), amount=money.shown(count.currency, count.expected_minor))
    off_minor = count.counted_minor - count.expected_minor
    if off_minor:
        says = N_("{below} · {amount} over") if off_minor > 0 else N_("{below} · {amount} short")
        below = words(says, below=below, amount=money.shown(count.currency, abs(off_minor)))
    counted = money.shown(count.currency, count.counted_minor)
    meaning = "owed_words" if off_minor else "ink"
    return LineText(words(labels.TENDERS[count.tender]), counted, below, meaning)
