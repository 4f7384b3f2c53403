"""Takings, for who answers for the money: some days at one look, what to look at, the papers, the exports."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from gatepos.domain import moments, money, policy, staff, text
from gatepos.domain.entry import Entry
from gatepos.errors import Refusal, Said
from gatepos.i18n import N_, Words
from gatepos.reports import (
    charts,
    daily,
    days,
    export,
    glance,
    places,
    shown,
    to_look,
    versions,
)
from gatepos.reports.asked import Asked
from gatepos.reports.daily import Papers
from gatepos.reports.days import Days, Unit
from gatepos.reports.export import Exported
from gatepos.reports.glance import Glance
from gatepos.reports.outage_statement import TITLES as STATEMENT
from gatepos.reports.papers import entries, tills
from gatepos.reports.practice import ToLook
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Sheet as Paper
from gatepos.reports.versions import History
from gatepos.screens import exporting, folders, takings_charts
from gatepos.screens.bridge import Bridge
from gatepos.screens.choosing import Choice
from gatepos.screens.exporting import Exporting
from gatepos.screens.kit import Kit
from gatepos.screens.other_tills import OtherTills
from gatepos.screens.page import Page
from gatepos.screens.paper_sheet import PaperSheet
from gatepos.screens.scopes import Check, Scopes
from gatepos.screens.takings_face import TakingsFace
from gatepos.screens.takings_side import TakingsSide
from gatepos.screens.widgets.entry import Keys
from gatepos.till.station import Station

_T = TypeVar("_T")


class LookedAway(Refusal):
    """Somebody looks at other days, and wants nothing more of these."""

    says = N_("Other days are looked at.")


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
        self.others = OtherTills(self, station)
        self.days: Days | None = None
        self.seen: Glance | None = None
        self._turn = 0
        self._papers: Papers | None = None
        self._tell_health: Callable[[Words], str] = lambda _: ""
        kit.speech.changed.connect(self._speak)
        self._changed: Callable[[], Paper | None] = lambda: None
        face.moved.connect(lambda steps: self.look(self._shown.moved(steps)))
        face.wanted.connect(self._on_unit)
        face.opened.connect(self._on_look)
        face.changes.clicked.connect(lambda: self._show_paper(self._changed()))
        face.charts.wanted.connect(self._read_seconds)
        for way, formats in zip(
            side.ways, ((export.XLSX,), (export.PDF,), (export.CSV,), export.FORMATS), strict=True
        ):
            way.clicked.connect(lambda _=False, formats=formats: self._ask_place(formats))
        side.papers.clicked.connect(self._ask_paper)
        side.outage.clicked.connect(self._ask_outage)
        side.tills.clicked.connect(self.others.ask)
        self.others.wanted.connect(self._show_tills)
        self.others.told.connect(side.tell)
        self.others.brought.connect(lambda: self.look(self._shown))
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
        self._turn += 1
        self.days, self.seen, self._papers = wanted, None, None
        self.face.show_days(wanted)
        check = self._checking()
        self._follow(lambda: glance.of(self.scopes.of(wanted, check)), self._on_read)

    # What is read.

    @property
    def _shown(self) -> Days:
        return self.days or days.of(Unit.DAY, date.today())

    def _begin(self, today: date, health: Callable[[Words], str]) -> None:
        self._tell_health = health
        self._speak()
        self.look(self.days or days.of(Unit.DAY, today))

    def _speak(self) -> None:
        self.panel.health.setText(self._tell_health(self.kit.speech.words))

    def _checking(self) -> Check:
        """LookedAway once somebody looks at other days."""
        turn = self._turn

        def check() -> None:
            if turn != self._turn:
                raise LookedAway()

        return check

    def _follow(self, action: Callable[[], _T], then: Callable[[_T], object]) -> None:
        """Do something beside the ledger, and show what comes of it while these days are looked at."""
        turn = self._turn

        def shown(answer: _T) -> None:
            if turn == self._turn:
                then(answer)

        def refused(said: Said) -> None:
            if not isinstance(said, LookedAway):
                self.bridge.tell(said)

        self.bridge.follow(self.station.beside(action), shown, refused)

    def _on_read(self, found: Glance) -> None:
        self.seen = found
        self.face.show_glance(found)
        ledger, ask = self.till.desk.ledger, self.scopes.asking(self._checking())
        history = versions.read(ledger.folder, found.scope.span, ledger.public_key)
        self._changed = lambda: history.sheet(found.said, self.kit.speech.words)
        has_changed = self._changed() is not None
        self.face.show_version(_version(found, history), _covers(found.scope), has_changed=has_changed)

        def looks() -> tuple[ToLook, ...]:
            note_over = ask(lambda: self.till.desk.policy.whole(policy.OVER_SHORT_NOTE_OVER))
            return to_look.of(found.scope, note_over * money.MINOR)

        self._follow(looks, self.face.show_looks)

    def _read_seconds(self, name: str) -> None:
        found = self.seen
        if found is not None:
            read = charts.at_entry if name == takings_charts.ENTRY else charts.at_exit
            self._follow(
                lambda: read(found.scope, found.outages),
                lambda sheet: self.face.charts.show_read(name, sheet),
            )

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
        found, words = self.seen, self.kit.speech.words
        if found is not None:
            self._follow(
                lambda: entries.sheet([*_in_order(found.scope, one)], one.note.said(words), words),
                self._show_paper,
            )

    def _ask_paper(self) -> None:
        if self.seen is not None:
            offered = daily.offered(self.seen.scope)
            self._ask_which({name: title for name, title in offered.items() if name not in STATEMENT})

    def _show_tills(self) -> None:
        """Each till by itself, with how far it was heard."""
        found = self.seen
        if found is not None:
            notes = tuple(daily.coverage(found.scope))
            self._follow(lambda: replace(tills.sheet(found.scope), notes=notes), self._show_paper)

    def _make_paper(self, name: object) -> None:
        """Make one paper, and keep what was made for the others and for an export."""
        wanted, kept = self._shown, self._papers
        self.panel.tell(N_("Reading the ledger…"))

        def made(answer: tuple[Papers, Paper]) -> None:
            self._papers, paper = answer
            self.panel.tell("")
            self._show_paper(paper)

        self._follow(
            lambda: self.scopes.whole(wanted, lambda papers: papers.sheet(str(name)), self._checking(), kept),
            made,
        )

    def _ask_outage(self) -> None:
        self._ask_which(STATEMENT)

    def _ask_which(self, titles: Mapping[str, str]) -> None:
        choices = [Choice(title, "", name) for name, title in titles.items()]
        self.ask_choice(N_("Which paper?"), choices, self._make_paper)

    def _show_paper(self, paper: object) -> None:
        if isinstance(paper, Paper):
            self.paper.show_paper(paper)
            self.show_sheet(self.paper)
            self.paper.table.setFocus()

    # What is written out.

    def _ask_place(self, formats: tuple[str, ...]) -> None:
        is_stick = len(formats) > 1
        title = N_("To which stick?") if is_stick else N_("Where is it to go?")
        found = places.sticks() if is_stick else places.folders()
        folders.ask(self, title, found, lambda place: self.export(formats, place))

    def export(self, formats: tuple[str, ...], place: Path) -> None:
        """Write the days that are shown into a folder, signed, as their next version."""
        wanted, words, kept = self._shown, self.kit.speech.words, self._papers

        def write() -> Exported:
            papers, made = self.scopes.whole(wanted, Papers.made, self.exporting.check, kept)
            asked = Asked(*wanted.ends, formats, place, words)
            return self.exporting.write(made, papers.scope.span, asked, papers.scope.at)

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


def _version(found: Glance, history: History) -> Callable[[Words], str]:
    """`version 2, as of 4 Jan 15:04 · since version 1 …`, or that nobody exported these days yet."""
    number = history.next(found.said)
    is_new = not history.versions or history.versions[-1].version != number

    def said(words: Words) -> str:
        parts = [shown.as_of(number, found.scope.at, words)]
        if is_new:
            parts.append(words(N_("not exported yet")))
        parts += [note.said(words) for note in history.at_a_look(found.said, words)]
        return " · ".join(parts)

    return said


def _covers(scope: Scope) -> Callable[[Words], str]:
    """Of which tills the figures are, and until when each was heard."""
    own, *heard = scope.standings
    named = heard[:_HEARD_MAX]

    def said(words: Words) -> str:
        if not heard:
            return words(N_("Of this till alone, {till}"), till=own.till)
        to = N_("{gate} {till} to {at}")
        parts = [
            words(to, gate=scope.gate(one.gate), till=one.till, at=words.moment(moments.from_text(one.at)))
            if one.at
            else one.till
            for one in named
        ]
        if len(heard) > len(named):
            parts.append(words(N_("{n} more"), n=len(heard) - len(named)))
        return words(
            N_("Of this till, {till}, and as far as heard: {others}"), till=own.till, others=", ".join(parts)
        )

    return said


_HEARD_MAX = 4


def _in_order(scope: Scope, one: ToLook) -> Iterator[Entry]:
    """Beside the ledger: the entries of a thing to look at, as it names them."""
    seqs: dict[str, list[int]] = {}
    for till, seq in one.entries:
        seqs.setdefault(till, []).append(seq)
    found = {(till, entry.seq): entry for till in seqs for entry in scope.source.entries(till, seqs[till])}
    return (found[place] for place in dict.fromkeys(one.entries) if place in found)
