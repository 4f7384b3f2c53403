"""Takings, for who answers for the money: some days at one look, what to look at, the papers, the exports."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from gatepos.domain import labels, numbers, staff, text
from gatepos.domain.entry import Entry
from gatepos.errors import Said
from gatepos.i18n import N_, Words
from gatepos.reports import daily, days, export, glance, outage_statement, places, practice, shown, versions
from gatepos.reports.asked import Asked
from gatepos.reports.daily import Made
from gatepos.reports.days import Days, Unit
from gatepos.reports.export import Exported
from gatepos.reports.glance import Glance
from gatepos.reports.practice import ToLook
from gatepos.reports.sheet import Column, Identity, Kind
from gatepos.reports.sheet import Sheet as Paper
from gatepos.reports.versions import History
from gatepos.screens import exporting, folders
from gatepos.screens.bridge import Bridge
from gatepos.screens.choosing import Choice
from gatepos.screens.exporting import Exporting
from gatepos.screens.kit import Kit
from gatepos.screens.page import Page
from gatepos.screens.paper_sheet import PaperSheet
from gatepos.screens.scopes import Scopes
from gatepos.screens.takings_face import TakingsFace
from gatepos.screens.takings_side import TakingsSide
from gatepos.screens.widgets.entry import Keys
from gatepos.till.station import Station

_LOOKED_DAYS_MAX = 7
"""Acts are counted from the journal itself, for so many days at once."""


class TakingsScreen(Page):
    """Reads on threads of its own beside the ledger's: whoever sells never waits for it."""

    side_widths = 284, 300

    def __init__(self, kit: Kit, bridge: Bridge, station: Station):
        face, side = TakingsFace(kit), TakingsSide(kit)
        super().__init__(kit, bridge, station.till, face, side)
        self.face, self.panel, self.station = face, side, station
        self.paper = PaperSheet(kit)
        self.add_sheet(self.paper)
        self.scopes = Scopes(kit, station)
        self.exporting = Exporting(station)
        self.days: Days | None = None
        self.made: Made | None = None
        face.moved.connect(lambda steps: self.look(self._shown.moved(steps)))
        face.wanted.connect(self._on_unit)
        face.opened.connect(self._on_look)
        for way, formats in zip(
            side.ways, ((export.XLSX,), (export.PDF,), (export.CSV,), export.FORMATS), strict=True
        ):
            way.clicked.connect(lambda _=False, formats=formats: self._ask_place(formats))
        side.papers.clicked.connect(self._ask_paper)
        side.outage.clicked.connect(self._ask_outage)
        side.stop.clicked.connect(self.exporting.stop)
        self.exporting.stepped.connect(lambda step: side.tell(exporting.progress(step), is_running=True))

    def start(self) -> None:
        """Today, or the days that were looked at last; with what the person may do."""
        self.go_home()
        person = self.till.desk.person
        for button, action in ((self.panel.audit, "audit"), (self.panel.reconcile, "reconcile")):
            button.setVisible(person is not None and staff.may(person.roles, action))
        self.bridge.ask(lambda: (self.till.desk.day_now(), self._health()), lambda known: self._begin(*known))

    def look(self, wanted: Days) -> None:
        """Look at other days."""
        self.days, self.made = wanted, None
        self.face.show_days(wanted)
        self.face.show_version("")
        self.face.show_looks(())
        self.bridge.follow(self.station.beside(lambda: self._read(wanted)), self._on_read)

    # What is read.

    @property
    def _shown(self) -> Days:
        return self.days or days.of(Unit.DAY, date.today())

    def _begin(self, today: date, health: Callable[[Words], str]) -> None:
        self.panel.health.setText(health(self.kit.speech.words))
        self.look(self.days or days.of(Unit.DAY, today))

    def _read(self, wanted: Days) -> tuple[Days, Glance]:
        return wanted, glance.of(self.scopes.of(wanted))

    def _on_read(self, read: tuple[Days, Glance]) -> None:
        wanted, found = read
        if wanted != self.days:
            return  # somebody went on meanwhile
        self.face.show_glance(found)
        self.bridge.follow(self.station.beside(lambda: self._make(wanted)), self._on_made)
        if (wanted.last - wanted.first).days < _LOOKED_DAYS_MAX:
            ledger, (first, last) = self.till.desk.ledger, wanted.ends
            self.bridge.ask(
                lambda: practice.to_look_at(practice.counted(ledger, first, last)),
                lambda looks: self.face.show_looks(looks) if wanted == self.days else None,
            )

    def _make(self, wanted: Days) -> tuple[Days, Made, History]:
        scope, made = self.scopes.whole(wanted, daily.made)
        ledger = self.till.desk.ledger
        return wanted, made, versions.read(ledger.folder, scope.span, ledger.public_key)

    def _on_made(self, found: tuple[Days, Made, History]) -> None:
        wanted, made, history = found
        if wanted == self.days:
            self.made = made
            self.face.show_version(_version(made, history))

    def _health(self) -> Callable[[Words], str]:
        ledger = self.till.desk.ledger
        seq, is_checked = ledger.head[0], ledger.is_checked
        whole, behind = N_("{n} entries, the chain is whole."), N_("{n} entries, the chain is being checked.")
        return lambda words: words(whole if is_checked else behind, n=f"{seq:,}")

    # Which days.

    def _on_unit(self, unit: str) -> None:
        if unit == Unit.RANGE:
            self.ask_text(
                N_("From which day?"), Keys.AMOUNT, text.shown_day(self._shown.first), self._ask_last
            )
        else:
            self.look(days.of(Unit(unit), self._shown.first))

    def _ask_last(self, first: str) -> None:
        def between(last: str) -> None:
            self.bridge.ask(lambda: days.between(text.day(first), text.day(last)), self.look)

        self.ask_text(N_("To which day?"), Keys.AMOUNT, first, between)

    # What stands behind.

    def _on_look(self, one: ToLook) -> None:
        ledger, words = self.till.desk.ledger, self.kit.speech.words
        self.bridge.ask(
            lambda: [ledger.entry(seq) for seq in one.seqs],
            lambda entries: self._show_paper(_entries(one, entries, words)),
        )

    def _ask_paper(self) -> None:
        if self.made is not None:
            self._ask_which(self.made.report.sheets)

    def _ask_outage(self) -> None:
        wanted = self._shown
        self.bridge.ask(lambda: self._statements(wanted)[0], self._ask_which)

    def _statements(self, wanted: Days) -> tuple[tuple[Paper, ...], tuple[Identity, ...]]:
        """On the ledger's thread: the statement of some days' outages, and what must be the same in it."""
        ledger, words = self.till.desk.ledger, self.kit.speech.words
        found = outage_statement.between(ledger, *wanted.ends)
        return outage_statement.sheets(ledger, found, words), outage_statement.identities(ledger, found)

    def _ask_which(self, papers: Sequence[Paper]) -> None:
        words = self.kit.speech.words
        choices = [
            Choice(paper.title, words.plural("{n} row", "{n} rows", len(paper.rows)), paper)
            for paper in papers
        ]
        self.ask_choice(N_("Which paper?"), choices, self._show_paper)

    def _show_paper(self, paper: object) -> None:
        if isinstance(paper, Paper):
            self.paper.show_paper(paper)
            self.show_sheet(self.paper)
            self.paper.table.setFocus()

    # What is written out.

    def _ask_place(self, formats: tuple[str, ...]) -> None:
        if self.made is None:
            return
        is_stick = len(formats) > 1
        title = N_("To which stick?") if is_stick else N_("Where is it to go?")
        found = places.sticks() if is_stick else places.folders()
        folders.ask(self, title, found, lambda place: self.export(formats, place))

    def export(self, formats: tuple[str, ...], place: Path) -> None:
        """Write the days that are shown into a folder, signed, as their next version."""
        wanted, words = self._shown, self.kit.speech.words

        def write() -> Exported:
            scope, made = self.scopes.whole(wanted, daily.made)
            statements = self.station.thread.ask(lambda: self._statements(wanted)).result()
            made = made.extended(*statements)
            asked = Asked(*wanted.ends, formats, place, words)
            return self.exporting.write(made, scope.span, asked, scope.at)

        self.exporting.begin()
        self.panel.tell(N_("Reading the ledger…"), is_running=True)
        self.bridge.follow(self.station.beside(write), self._exported, self._not_exported)

    def _exported(self, done: Exported) -> None:
        says = N_("Written and read back: {folder}. The stick may be taken out.")
        self.panel.tell(lambda words: words(says, folder=done.folder.name))
        self.look(self._shown)

    def _not_exported(self, said: Said) -> None:
        self.panel.tell("")
        self.bridge.tell(said)


def _version(made: Made, history: History) -> Callable[[Words], str]:
    """`version 2, as of 4 Jan 15:04 · since version 1 …`, or that nobody exported these days yet."""
    number = history.next(made.said)
    is_new = not history.versions or history.versions[-1].version != number
    report = made.versioned(number, ())

    def said(words: Words) -> str:
        parts = [shown.version(report, words)]
        if is_new:
            parts.append(words(N_("not exported yet")))
        parts += [note.said(words) for note in history.since(made.said, words)]
        return " · ".join(parts)

    return said


_ENTRIES = (
    Column("seq", N_("Entry"), Kind.COUNT),
    Column("at", N_("At"), Kind.MOMENT),
    Column("what", N_("What")),
    Column("number", N_("Number")),
    Column("staff", N_("Staff number")),
    Column("agreed", N_("Second person")),
)


def _entries(one: ToLook, entries: list[Entry], words: Words) -> Paper:
    """The entries behind a thing to look at."""
    rows = tuple(
        (
            entry.seq, entry.at, words(labels.ACTIONS.get(entry.kind, entry.kind)),
            numbers.printed(entry.number) if entry.number else None, entry.by, _agreed(entry),
        )
        for entry in entries
    )  # fmt: skip
    return Paper("entries", one.note.said(words), _ENTRIES, rows)


def _agreed(entry: Entry) -> str | None:
    also = entry.fields["also"]
    return str(also["staff"]) if isinstance(also, dict) else None
