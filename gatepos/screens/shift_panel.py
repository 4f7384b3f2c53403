"""The right of Shift: whose it is, what can be done with its drawer, and how a closed one came out."""

from datetime import date

from PySide6.QtWidgets import QFrame, QWidget

from gatepos.domain import labels, money, numbers, shift_paper
from gatepos.i18n import N_, Words
from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, LARGE, SEMIBOLD, TEXT, label, mean, unbroken
from gatepos.screens.widgets.arrange import column, row, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.lines import Lines, LineText
from gatepos.till.shift_views import ClosedView, CountView, FigureView, ShiftView


class ShiftPanel(QFrame):
    """After a close: what was counted, what was expected and of what, and the difference."""

    def __init__(self, kit: Kit):
        super().__init__()
        mean(self, "side")
        self._kit = kit
        self._view: ShiftView | None = None
        self._closed: ClosedView | None = None
        self._figure: FigureView | None = None
        self.title = label("", LARGE, SEMIBOLD, wraps=True)
        self.told = label("", LABEL, meaning="second", wraps=True)
        self.others = label("", LABEL, meaning="second", wraps=True)
        self.heading = label("", LABEL, SEMIBOLD, wraps=True)
        self.lines = Lines(kit)
        self.area = scrolling(self.lines)
        self.head = label("", TEXT, meaning="second", wraps=True)
        self.read_out = label("", LABEL, SEMIBOLD, wraps=True)
        self.figure = Lines(kit)
        self.drawer = DrawerWays(kit)
        self.x_report, self.telephone = TouchButton(kit), TouchButton(kit)
        self.approvals = TouchButton(kit)
        kit.speech.say(self.x_report.set_text, N_("X report"))
        kit.speech.say(self.telephone.set_text, N_("Figure for the telephone"))
        layout = column(
            self.title, self.told, self.others, self.heading, self.area, self.head, self.read_out,
            self.figure, 1, self.approvals, self.drawer, row(self.x_report, self.telephone),
            gap=10, margins=(20, 16, 20, 16),
        )  # fmt: skip
        layout.setStretch(layout.indexOf(self.area), 100)
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
        is_open = view.number is not None
        self.telephone.setVisible(view.may_telephone)
        self.drawer.setVisible(is_open)
        self.x_report.setVisible(is_open or (view.may_telephone and bool(view.others)))
        self.approvals.set_text(words(N_("Approvals given in your name today: {n}"), n=view.approvals))
        self.approvals.setVisible(view.approvals > 0)
        self._show_whose(view, words)
        self._show_figure()
        self._show_closed()

    def _show_whose(self, view: ShiftView, words: Words) -> None:
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

    def _show_closed(self) -> None:
        closed, words = self._closed, self._kit.speech.words
        for part in (self.heading, self.area, self.head):
            part.setVisible(closed is not None)
        if closed is not None:
            self.heading.setText(words(N_("Closed: {number}"), number=unbroken(closed.number)))
            self.lines.show_lines(tuple(_explained(closed, words)))
            self.head.setText(words(shift_paper.HEAD, seq=closed.head_seq, code=closed.head))

    def _show_figure(self) -> None:
        told, words = self._figure, self._kit.speech.words
        for part in (self.read_out, self.figure):
            part.setVisible(told is not None)
        if told is not None:
            self.read_out.setText(words(N_("Read out to headquarters:")))
            self.figure.show_lines(_read_out(told, words))


class DrawerWays(QWidget):
    """What can be done with the drawer beside selling."""

    def __init__(self, kit: Kit):
        super().__init__()
        self.moves = {how: TouchButton(kit) for how in labels.MOVES}
        self.open = TouchButton(kit)
        for how, button in self.moves.items():
            kit.speech.say(button.set_text, labels.MOVES[how])
        kit.speech.say(self.open.set_text, N_("Open the drawer"))
        first, second, third = self.moves.values()
        self.setLayout(column(row(first, second), row(third, self.open)))


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


def _explained(closed: ClosedView, words: Words) -> list[LineText]:
    """Each way of paying, under cash of what it comes; then what waits, what is late, and who has it now."""
    shown: list[LineText] = []
    for count in closed.counts:
        shown.append(_line(count, words))
        if count.tender == "cash":
            parts = next((one.parts() for one in closed.drawers if one.currency == count.currency), ())
            shown += [
                LineText(f"    {words(title)}", money.shown(count.currency, minor), meaning="second")
                for title, minor in parts
            ]
    for late in closed.late:
        day = words.day(date.fromisoformat(late.day))
        title = words(labels.LATE[late.what], day=day, n=late.count)
        shown.append(LineText(title, money.shown(money.KES, late.income_minor)))
    if closed.unsent:
        shown.append(LineText(words(N_("Entries not sent yet")), str(closed.unsent)))
    if closed.flagged:
        shown.append(LineText(words(N_("Entries that central flagged")), str(closed.flagged)))
    if closed.handed_to:
        heir = words(N_("Clerk {number}"), number=closed.handed_to)
        shown.append(LineText(words(N_("Handed over to")), heir))
    return shown


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
