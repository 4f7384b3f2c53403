"""The left of Takings: which days, four figures, the hours, how it was paid, who went in, what to look at."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from gatepos.domain import labels, moments, money
from gatepos.domain.money import KES, USD
from gatepos.i18n import N_, Words
from gatepos.reports.days import Days, Unit
from gatepos.reports.glance import Glance
from gatepos.reports.practice import ToLook
from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP, LABEL, SEMIBOLD, TEXT, TOUCH, label, unbroken
from gatepos.screens.speech import Text
from gatepos.screens.takings_charts import TakingsCharts
from gatepos.screens.widgets import paint
from gatepos.screens.widgets.arrange import column, empty, holding, row, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.card import Card
from gatepos.screens.widgets.table import Table
from gatepos.screens.widgets.tile import Ground

UNITS = {
    Unit.DAY: N_("Day"),
    Unit.WEEK: N_("Week"),
    Unit.MONTH: N_("Month"),
    Unit.RANGE: N_("Range…"),
}

_LONG, _THREE_LINES = 420, 66
"""What takes more than two lines where the window is narrow, px; and the height of three."""


class TakingsFace(QWidget):
    """`moved` by so many steps, `wanted` another unit, `opened` a thing to look at."""

    moved = Signal(int)
    wanted = Signal(str)
    opened = Signal(object)

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._days: Days | None = None
        self._glance: Glance | None = None
        self._looks: tuple[ToLook, ...] | None = None
        self._covers: Text = ""
        self._version: Text = ""
        self.earlier, self.later = TouchButton(kit, "‹").snug(), TouchButton(kit, "›").snug()
        self.shown = TouchButton(kit, ground=Ground.CHOSEN).snug()
        self.version = label("", TEXT, meaning="second", wraps=True)
        self.changes = TouchButton(kit, px=TEXT).snug()
        kit.speech.say(self.changes.set_text, N_("What changed"))
        self.units = {unit: TouchButton(kit).snug() for unit in UNITS}
        self.collected, self.prepaid = Card(kit, N_("Collected here")), Card(kit, N_("Prepaid elsewhere"))
        self.claimed = Card(kit, N_("Claimed, not confirmed"), is_owed=True)
        self.owed = Card(kit, N_("Owed on open passes"), is_owed=True)
        self.held = label("", TEXT, SEMIBOLD, wraps=True)
        self.charts, self.ways, self.people = TakingsCharts(kit), Table(kit), Table(kit)
        self.people_title = label("", TEXT, SEMIBOLD, "second")
        self.looks = column(gap=4)
        self.setLayout(
            column(self._top(), self._cards(), self.held, self._boxes(), gap=10, margins=(18, 12, 18, 12))
        )
        kit.speech.changed.connect(self._speak)
        self._speak()

    def show_days(self, days: Days) -> None:
        """Say which days are looked at, before their figures are there."""
        self._days, self._looks, self._version, self._covers = days, None, "", ""
        self.changes.hide()
        self.charts.show_glance(None)
        self._speak()

    def show_glance(self, glance: Glance) -> None:
        """Show what those days come to."""
        self._glance = glance
        self.charts.show_glance(glance)
        self._speak()

    def show_version(self, version: Text, covers: Text, *, has_changed: bool = False) -> None:
        """Say which version of the report it is, what changed since the one before, and of which tills."""
        self._version, self._covers = version, covers
        self.changes.setVisible(has_changed)
        self._speak()

    @property
    def is_counted(self) -> bool:
        """Whether what is to be looked at was read."""
        return self._looks is not None

    def show_looks(self, looks: Sequence[ToLook]) -> None:
        """Show what is to be looked at, each to be touched."""
        self._looks = tuple(looks)
        self._speak()

    # How it is laid out.

    def _top(self) -> QWidget:
        self.earlier.setAccessibleName("‹")
        self.earlier.clicked.connect(lambda: self.moved.emit(-1))
        self.later.clicked.connect(lambda: self.moved.emit(1))
        for unit, button in self.units.items():
            self._kit.speech.say(button.set_text, UNITS[unit])
            button.clicked.connect(lambda _=False, unit=unit: self.wanted.emit(unit))
        self.shown.clicked.connect(lambda: self.wanted.emit(Unit.RANGE))
        ways = row(self.earlier, self.shown, self.later, 1, *self.units.values())
        said = row(self.version, self.changes)
        said.setStretch(0, 1)
        return holding(column(ways, said, gap=6))

    def _cards(self) -> QWidget:
        cards = row(self.collected, self.prepaid, self.claimed, self.owed, gap=10)
        for place in range(cards.count()):
            cards.setStretch(place, 1)
        return holding(cards)

    def _boxes(self) -> QWidget:
        ways = label("", TEXT, SEMIBOLD, "second")
        look_at = label("", TEXT, SEMIBOLD, "second")
        self._kit.speech.say(ways.setText, N_("By payment"))
        self._kit.speech.say(look_at.setText, N_("To look at"))
        inside = QWidget()
        inside.setLayout(column(self.looks, 1))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(10)
        boxes = (
            self.charts, _box(ways, scrolling(self.ways)),
            _box(self.people_title, scrolling(self.people)), _box(look_at, scrolling(inside)),
        )  # fmt: skip
        for place, box in enumerate(boxes):
            grid.addWidget(box, place // 2, place % 2)
        for place, weight in enumerate((11, 10)):
            grid.setColumnStretch(place, weight)
            grid.setRowStretch(place, 1)
        return holding(grid)

    # What it says.

    def _speak(self) -> None:
        words, days = self._kit.speech.words, self._days
        if days is None:
            return
        self.shown.set_text(_named(days, words))
        for unit, button in self.units.items():
            button.set_ground(Ground.CHOSEN if unit == days.unit else Ground.PLAIN)
        said = [self._kit.speech.text(one) for one in (self._version, self._covers) if one]
        self.version.setText(" · ".join(said))
        if self._glance is not None:
            self._show(self._glance, words)
        self._show_looks(words)

    def _show(self, glance: Glance, words: Words) -> None:
        self._show_cards(glance, words)
        self.ways.show_rows(*_ways(glance, words), has_total=True)
        heads, rows, total = _people(glance, words)
        self.people_title.setText(words(N_("Visitors admitted: {n}"), n=f"{total:,}"))
        self.people.show_rows(heads, rows)

    def _show_cards(self, glance: Glance, words: Words) -> None:
        found, owed, at_ms = glance.figures, glance.owed, moments.from_text(glance.scope.at)
        papers = words.plural("{n} paper", "{n} papers", found.papers)
        dollars = f"+ {money.shown(USD, found.collected_usd_minor)} · " if found.collected_usd_minor else ""
        self.collected.show_figure(_kes(found.collected_kes_minor), dollars + papers)
        tickets = words.plural("{n} ticket", "{n} tickets", found.tickets)
        unlisted = words(N_("{n} not on the list yet"), n=found.unlisted) if found.tickets else ""
        self.prepaid.show_figure(tickets, unlisted)
        codes = words.plural("{n} code", "{n} codes", found.claimed_codes)
        self.claimed.show_figure(
            _kes(found.claimed_minor), _with_age(codes, glance.oldest_claim, at_ms, words)
        )
        passes = words.plural("{n} pass", "{n} passes", owed.passes)
        self.owed.show_figure(_kes(owed.minor), _with_age(passes, owed.oldest_at, at_ms, words))
        papers = words.plural("{n} paper", "{n} papers", glance.held.papers)
        self.held.setText(f"{words(labels.HELD)}: {_kes(glance.held.minor)} · {papers}")
        self.held.setVisible(glance.held.papers > 0)

    def _show_looks(self, words: Words) -> None:
        empty(self.looks)
        for one in self._looks or ():
            says = f"{one.n} · {one.note.said(words)}"
            is_long = paint.width(says, TEXT, SEMIBOLD) > _LONG
            tile = TouchButton(self._kit, says, px=TEXT, height=_THREE_LINES if is_long else TOUCH)
            tile.clicked.connect(lambda _=False, one=one: self.opened.emit(one))
            self.looks.addWidget(tile)
        if not self._looks:
            nothing = words(N_("Counting…") if self._looks is None else N_("Nothing stands out."))
            self.looks.addWidget(label(nothing, LABEL, meaning="muted", wraps=True))


def _box(*parts: QWidget) -> QFrame:
    return holding(column(*parts, gap=GAP, margins=(16, 12, 16, 10)), "box")


def _named(days: Days, words: Words) -> str:
    if days.is_day:
        return words.day(days.first)
    if days.unit is Unit.MONTH:
        return words.month(f"{days.first:%Y-%m}")
    return f"{words.day(days.first)} – {words.day(days.last)}"


def _kes(minor: int) -> str:
    return unbroken(money.shown(KES, minor))


def _with_age(what: str, since_at: str | None, at_ms: int, words: Words) -> str:
    if since_at is None:
        return what
    age = words.age((at_ms - moments.from_text(since_at)) // moments.MINUTE_MS)
    oldest = words(N_("oldest {age}"), age=age)
    return f"{what} · {oldest}"


def _ways(glance: Glance, words: Words) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """How it was paid, with the total below."""
    heads = (words(N_("Tender")), words(N_("Papers")), KES, USD)
    rows = [
        (one.name, f"{one.papers:,}", _amount(one.kes_minor, KES), _amount(one.usd_minor, USD))
        for one in glance.ways
    ]
    found = glance.figures
    total = (
        words(N_("Collected here")), f"{found.papers:,}", _amount(found.collected_kes_minor, KES),
        _amount(found.collected_usd_minor, USD),
    )  # fmt: skip
    return heads, [*rows, total]


def _amount(minor: int, currency: str) -> str:
    return money.amount(minor, cents=currency == USD) if minor else "—"


def _people(glance: Glance, words: Words) -> tuple[tuple[str, ...], list[tuple[str, ...]], int]:
    """Who went in by category and age, the free below, and how many they are."""
    heads = ("", words(N_("Adult")), words(N_("Child")), words(N_("Student")))
    rows = [
        (words(labels.CATEGORIES.get(one.category, one.category)), *(f"{n:,}" for n in one.counts))
        for one in glance.admitted
    ]
    apart = [
        words(N_("Free: {n} · crew: {crew}, counted apart"), n=f"{glance.free:,}", crew=f"{glance.crew:,}")
    ]
    if glance.not_visitors:
        apart.append(words(N_("Not visitors: {n}"), n=f"{glance.not_visitors:,}"))
    rows += [(one, "", "", "") for one in apart]
    return heads, rows, sum(sum(one.counts) for one in glance.admitted) + glance.free
