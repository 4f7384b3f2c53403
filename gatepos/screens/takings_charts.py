"""The charts of Takings, one at a time: the hours, ways of paying, categories, seconds at the window."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy

from gatepos.domain import moments, money
from gatepos.i18n import N_, Words
from gatepos.reports import charts
from gatepos.reports.glance import Glance
from gatepos.reports.sheet import Kind, Sheet
from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP, SEMIBOLD, SMALL, TEXT, label
from gatepos.screens.widgets.across import Across
from gatepos.screens.widgets.arrange import column, row
from gatepos.screens.widgets.chart import Bar, Chart
from gatepos.screens.widgets.pages import Pages
from gatepos.screens.widgets.tile import Tile

HOURS, TENDERS, CATEGORIES, ENTRY, EXIT = "hours", "tenders", "categories", "entry", "exit"
ORDER = (HOURS, TENDERS, CATEGORIES, ENTRY, EXIT)
_AT_ONCE: dict[str, Callable[[Glance], Sheet]] = {
    HOURS: lambda glance: glance.bars,
    TENDERS: charts.tenders,
    CATEGORIES: charts.categories,
}
"""The charts that are made of what is shown; the others are read when somebody wants them."""
_TITLES = {
    HOURS: N_("Collected by hour, KES thousand"),
    "days": N_("Collected by day, KES thousand"),
    "months": N_("Collected by month, KES thousand"),
    TENDERS: N_("Collected by way of paying, KES thousand"),
    CATEGORIES: N_("Charged by category, KES thousand"),
    ENTRY: N_("Seconds at the window, at entry"),
    EXIT: N_("Seconds in the lane, on exit"),
}
_PARTS = N_("at entry"), N_("on exit")
_SECONDS = N_("half within {median} s"), N_("95 of 100 within {most} s")
_NOTHING = N_("Nothing in these days.")
_THOUSAND = 1_000 * money.MINOR
_LEAST = 100


class TakingsCharts(Tile):
    """A touch, or Enter, goes on to the next; `wanted` a chart that is still to be read."""

    wanted = Signal(str)

    def __init__(self, kit: Kit):
        super().__init__(kit)
        self._kit = kit
        self._glance: Glance | None = None
        self._read: dict[str, Sheet] = {}
        self.shown = HOURS
        self.title = label("", TEXT, SEMIBOLD, "second", wraps=True)
        self.told = label("", SMALL, meaning="second", wraps=True)
        self.place = label("", TEXT, SEMIBOLD, "second")
        self.clicked.connect(self.turn)
        self.upright, self.across, self.pages = Chart(kit), Across(kit), Pages()
        for page in (self.upright, self.across):
            self.pages.addWidget(page)
        self.pages.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.pages.setMinimumHeight(_LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        head = row(self.title, self.place)
        head.setStretch(0, 1)
        inside = column(head, self.told, self.pages, gap=GAP, margins=(16, 12, 16, 10))
        inside.setStretch(2, 1)
        self.setLayout(inside)
        kit.speech.changed.connect(self._speak)

    def show_glance(self, glance: Glance | None) -> None:
        """Show the charts of some days; None while they are read."""
        self._glance, self._read = glance, {}
        self._speak()
        self._want()

    def show_read(self, name: str, sheet: Sheet) -> None:
        """Show a chart that was wanted."""
        self._read[name] = sheet
        self._speak()

    def turn(self) -> None:
        """Go on to the next chart, after the last to the first."""
        self.shown = ORDER[(ORDER.index(self.shown) + 1) % len(ORDER)]
        self._speak()
        self._want()

    def sizeHint(self) -> QSize:
        return QSize(320, 190)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 160)

    def paint_face(self, painter: QPainter, face: QRect) -> bool:
        return True

    def _want(self) -> None:
        if self._glance is not None and self.shown not in _AT_ONCE and self.shown not in self._read:
            self.wanted.emit(self.shown)

    def _sheet(self) -> Sheet | None:
        if self._glance is not None and self.shown in _AT_ONCE:
            return _AT_ONCE[self.shown](self._glance)
        return self._read.get(self.shown)

    def _speak(self) -> None:
        words, sheet = self._kit.speech.words, self._sheet()
        self.title.setText(words(_TITLES[sheet.name if sheet and self.shown == HOURS else self.shown]))
        self.place.setText(f"{ORDER.index(self.shown) + 1} / {len(ORDER)}  ›")
        self.setAccessibleName(self.title.text())
        told = words(N_("Reading…")) if sheet is None else "" if sheet.rows else words(_NOTHING)
        self.told.setText(told)
        self.told.setVisible(bool(told))
        drawn = bars(sheet, words) if sheet else []
        if self.shown in (TENDERS, CATEGORIES):
            self.across.show_bars(drawn)
            self.pages.setCurrentWidget(self.across)
        else:
            parts, values = (_SECONDS, _in_all(sheet)) if self.shown in (ENTRY, EXIT) else (_PARTS, {})
            names = tuple(words(part, **values) for part in parts) if drawn else ()
            self.upright.show_bars(drawn, names, self._outages(words))
            self.pages.setCurrentWidget(self.upright)

    def _outages(self, words: Words) -> str:
        if self._glance is None:
            return ""
        spans = dict.fromkeys(_outage(one.since, one.until) for one in self._glance.outages)
        times = ", ".join(spans)
        return words(N_("outage {times}"), times=times)


def bars(sheet: Sheet, words: Words) -> list[Bar]:
    """The bars of a paper that has some: its rows named, in thousands of KES or in seconds."""
    drawn = sheet.bars
    if drawn is None:
        return []
    of = [sheet.place(name) for name in drawn.of]
    shade = sheet.place(drawn.shaded) if drawn.shaded else None
    unit = 1 if sheet.columns[of[0]].kind is Kind.SECONDS else _THOUSAND
    found: list[Bar] = []
    for cells in sheet.rows:
        parts = tuple(max(int(cells[place] or 0), 0) for place in of)
        name = _named(drawn.by, str(cells[sheet.place(drawn.by)]), words)
        is_shaded = shade is not None and bool(cells[shade])
        found.append(Bar(name, f"{round(sum(parts) / unit):,}", parts, is_shaded))
    return found


def _named(by: str, value: str, words: Words) -> str:
    """An hour or a day by its figure, a month by its short name, anything else as it is."""
    if by == "hour":
        return str(int(value[:2]))
    if by == "day":
        return str(int(value[-2:]))
    return words.month(value).split()[0] if by == "month" else value


def _in_all(sheet: Sheet | None) -> Mapping[str, object]:
    """The seconds of all hours together."""
    return sheet.notes[0].values if sheet is not None and sheet.notes else {}


def _outage(since: str, until: str | None) -> str:
    begun, ended = (f"{moments.local(moments.from_text(at)):%H:%M}" if at else "…" for at in (since, until))
    return f"{begun} – {ended}"
