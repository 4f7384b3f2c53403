"""Reconciliation, for managers: a statement is read, and what it leaves over is worked through one by one."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import Signal

from gatepos.domain import claims as states
from gatepos.domain import labels, moments, text
from gatepos.domain.claims import Match
from gatepos.domain.entry import Entry
from gatepos.domain.statements import one_is_false
from gatepos.errors import Said, Trouble
from gatepos.i18n import N_, Words
from gatepos.ledger import statements
from gatepos.ledger.reconciliation import Asked
from gatepos.reports import apart, export, places
from gatepos.reports import reconcile as papers
from gatepos.reports.manifest import Signer
from gatepos.reports.sheet import Head, Note, Report
from gatepos.reports.statements import cells, reading
from gatepos.reports.statements.card import ASKED, WhichColumns
from gatepos.reports.statements.cells import FileTooLarge
from gatepos.reports.statements.mpesa import NoPaybill
from gatepos.reports.statements.reading import Hints, NoStatement
from gatepos.screens import folders
from gatepos.screens.bridge import Bridge
from gatepos.screens.choosing import Choice
from gatepos.screens.kit import Kit
from gatepos.screens.match_panel import MatchPanel
from gatepos.screens.page import Page
from gatepos.screens.reconcile_list import ReconcileList
from gatepos.screens.widgets.entry import Keys
from gatepos.till.approvals import Second
from gatepos.till.reconciliation import Imported
from gatepos.till.station import Station

_WHY = {
    states.IS_LINE: N_("How do you know that it is that payment?"),
    states.NOT_OURS: N_("For whom is it, and how do you know?"),
    states.REFUND_DUE: N_("To whom is it to be refunded, and why?"),
    states.WRITTEN_OFF: N_("Why is it written off?"),
    states.EXPLAINED: N_("What explains it?"),
    states.REOPENED: N_("Why is it opened again?"),
}


_IMPORTS_MAX = 100
"""More than anybody scrolls through; commands know the older ones."""


class FileGone(Trouble):
    """A file that cannot be read."""

    says = N_("{name} cannot be read: {why}. Put the stick in again, or choose another file.")


class ReconcileScreen(Page):
    """The things to look at at the left, the totals or one of them at the right."""

    left_over = Signal()

    def __init__(self, kit: Kit, bridge: Bridge, station: Station):
        found, panel = ReconcileList(kit), MatchPanel(kit)
        super().__init__(kit, bridge, station.till, found, panel)
        self.found = found
        self.panel = panel
        self.station = station
        self.matches: list[Match] = []
        self._asked: Asked | None = None
        self._opened: Match | None = None
        found.asked.connect(found.show_chosen)
        found.chosen.connect(self.open)
        for day in (found.first, found.last):
            day.entered.connect(self.search)
        panel.read.clicked.connect(self._ask_file)
        panel.withdraw.clicked.connect(self._ask_import)
        panel.export.clicked.connect(self._ask_folder)
        panel.back.clicked.connect(self.left_over)
        panel.close_it.clicked.connect(lambda: self._show(None))
        panel.decided.connect(self._ask_reason)
        panel.disputed.connect(self._ask_dispute)

    def start(self) -> None:
        """The days of the statement that was read last, else today."""
        self.go_home()
        self.found.begin()
        self.panel.tell("")
        self.bridge.ask(self._days, lambda days: self._set_days(*days))

    def search(self) -> None:
        """Look at the days that are typed."""
        first, last = self.found.first.text, self.found.last.text
        room, thread = self.till.reconciliation, self.station.thread

        def look() -> tuple[Asked, list[Match]]:
            asked = thread.ask(lambda: room.asked(text.day(first), text.day(last), thread.give_way)).result()
            return asked, asked.matches()

        self.bridge.follow(self.station.beside(look), lambda answer: self._show_found(*answer))

    def open(self, number: str) -> None:
        """Show one thing of the list."""
        self.found.mark(number)
        self._show(self.found.opened(number))

    def read(self, path: Path, hints: Callable[[Hints], Hints] = lambda hints: hints) -> None:
        """Read the statement in a file; what it does not say itself is asked for."""
        room, thread = self.till.reconciliation, self.station.thread
        self.panel.tell(N_("Reading…"))

        def read() -> tuple[Imported, int]:
            known = thread.ask(self._hints).result()
            statement = reading.read(_bytes(path), hints(known))
            done = thread.ask(lambda: room.take(statement, thread.give_way)).result()
            matches = thread.ask(lambda: room.around(statement, thread.give_way)).result().matches()
            return done, thread.ask(lambda: room.confirm(matches, thread.give_way)).result()

        def refused(said: Said) -> None:
            self.panel.tell("")
            self._ask_more(path, said)

        self.bridge.follow(self.station.beside(read), lambda done: self._on_read(*done), refused)

    # What a file does not say itself.

    def _ask_more(self, path: Path, said: Said) -> None:
        if isinstance(said, NoPaybill):
            self.ask_text(
                N_("Of which paybill is it?"), Keys.DIGITS, "",
                lambda typed: self.read(path, lambda known: replace(known, paybill=typed.strip())),
            )  # fmt: skip
        elif isinstance(said, NoStatement):
            choices = [
                Choice(N_("Yes: what the bank settled of cards"), "", True),
                Choice(N_("No, another file"), "", False),
            ]
            self.ask_choice(
                N_("That is no M-PESA statement and no list of tickets. Is it a card settlement?"), choices,
                lambda is_card: self.read(path, lambda known: replace(known, is_card=True))
                if is_card
                else self._ask_file(),
            )  # fmt: skip
        elif isinstance(said, WhichColumns):
            self._ask_columns(path, said, ())
        else:
            self.bridge.tell(said)

    def _ask_columns(self, path: Path, said: WhichColumns, named: tuple[str, ...]) -> None:
        """One column after the other, by a touch."""
        if len(named) == len(ASKED):
            self.read(path, lambda known: replace(known, columns=named))
            return
        choices = [Choice(name, "", name) for name in said.names if name not in named]
        says = _COLUMNS[ASKED[len(named)]]
        self.ask_choice(says, choices, lambda name: self._ask_columns(path, said, (*named, str(name))))

    def _hints(self) -> Hints:
        desk = self.till.desk
        return Hints(desk.day_now(), (desk.park.code,), columns=self.till.reconciliation.columns())

    def _on_read(self, done: Imported, confirmed: int) -> None:
        statement = done.statement
        says = N_(
            "Read: {n} payments. New: {new}. Left aside: {left}. Claims of this till confirmed: {ours}."
        )
        values = {
            "n": len(statement.lines), "new": done.new, "left": statement.left, "ours": confirmed,
        }  # fmt: skip
        partly = N_("Its lines do not add up to its own total: what it lacks is not called unknown.")
        told = one_is_false(done.contested)

        def tells(words: Words) -> str:
            also = [] if statement.is_whole else [words(partly)]
            also += [] if told is None else [told.said(words)]
            return "\n".join([words(says, **values), *also])

        self.panel.tell(tells)
        self._set_days(*map(date.fromisoformat, statement.days), keeps_told=True)

    # Which file.

    def _ask_file(self) -> None:
        words = self.kit.speech.words
        files = places.statements(places.folders())
        choices: list[Choice] = [
            Choice(file.path.name, f"{file.path.parent.name} · {words.moment(file.at_ms)}", file.path)
            for file in files
        ]
        choices.append(Choice(N_("Another place…"), "", None))
        self.ask_choice(N_("Which file is the statement?"), choices, self._on_file)

    def _on_file(self, path: object) -> None:
        if isinstance(path, Path):
            self.read(path)
        else:
            self.ask_text(
                N_("File, with its folder"), Keys.TEXT, "", lambda typed: self.read(Path(typed.strip()))
            )

    # A statement that was read is withdrawn.

    def _ask_import(self) -> None:
        self.bridge.ask(self.till.reconciliation.imports, self._choose_import)

    def _choose_import(self, imports: Sequence[Entry]) -> None:
        if imports:
            choices = [_import_choice(entry, self.kit.speech.words) for entry in imports[:_IMPORTS_MAX]]
            self.ask_choice(N_("Which statement is withdrawn?"), choices, self._ask_why)
        else:
            self.panel.tell(N_("No statement was read here."))

    def _ask_why(self, import_id: object) -> None:
        room, thread, id_ = self.till.reconciliation, self.station.thread, self.till.desk.new_id()

        def withdraw(why: str) -> None:
            def act(second: Second | None) -> object:
                return room.withdraw(str(import_id), why, second, id_, thread.give_way)

            self.with_second(act, lambda _: self._settle(str(import_id)))

        self.ask_text(
            N_("Why is it withdrawn? What was decided of its payments lapses."), Keys.TEXT, "", withdraw
        )

    def _settle(self, import_id: str) -> None:
        """What it confirmed is confirmed no more, unless another statement holds it."""
        room, thread = self.till.reconciliation, self.station.thread

        def settle() -> int:
            asked = thread.ask(lambda: room.around_import(import_id, thread.give_way)).result()
            matches = asked.matches()
            return thread.ask(lambda: room.confirm(matches, thread.give_way)).result()

        def settled(_: int) -> None:
            self.panel.tell(N_("WITHDRAWN. Its payments count nowhere."))
            self.search()

        self.bridge.follow(self.station.beside(settle), settled)

    # What is decided.

    def _ask_reason(self, decision: str, line: str) -> None:
        match, room, id_ = self._opened, self.till.reconciliation, self.till.desk.new_id()
        if match is None:
            return

        def decide(why: str) -> None:
            def act(second: Second | None) -> object:
                return room.decide(match, decision, why, line or None, second, id_)

            self.with_second(act, lambda _: self._decided())

        self.ask_text(_WHY[decision], Keys.TEXT, "", decide)

    def _ask_dispute(self) -> None:
        match, room = self._opened, self.till.reconciliation
        if match is not None:
            self.ask_text(
                N_("Why does this claim not hold?"), Keys.TEXT, "",
                lambda why: self.act(lambda: room.dispute(match, why), lambda _: self._decided()),
            )  # fmt: skip

    def _decided(self) -> None:
        self.panel.tell(N_("RECORDED."))
        self.search()

    # The sheet.

    def _ask_folder(self) -> None:
        folders.ask(self, N_("Where is the sheet to go?"), places.folders(), self.export)

    def export(self, folder: Path) -> None:
        """Write the sheet of what is shown, signed, into a folder."""
        asked, matches, words = self._asked, self.matches, self.kit.speech.words
        if asked is None:
            return
        thread, ledger = self.station.thread, self.till.desk.ledger

        def facts() -> tuple[Head, Signer]:
            seq, hash_ = ledger.head
            return Head(ledger.context.till, seq, hash_.hex()), Signer.of(ledger, asked.as_of)

        def write() -> Path:
            head, signer = thread.ask(facts).result()
            report = Report(
                ledger.context.park, asked.first, asked.last, asked.as_of, 1, (head,),
                (Note(N_("Claims of {till} and of the tills that it heard."), {"till": head.till}),),
                papers.sheets(matches, asked.first, asked.last, words),
                papers.identities(matches, asked.first, asked.last),
            )  # fmt: skip
            made = export.write(report, folder, export.FORMATS, words, signer, lambda _: None, apart.make)
            return made.folder

        self.panel.tell(N_("Writing, then reading it back…"))
        self.bridge.follow(self.station.beside(write), self._exported, self._not_exported)

    def _exported(self, made: Path) -> None:
        says = N_("Written and read back: {folder}. The stick may be taken out.")
        self.panel.tell(lambda words: words(says, folder=made.name))

    def _not_exported(self, said: Said) -> None:
        self.panel.tell("")
        self.bridge.tell(said)

    # What is shown.

    def _days(self) -> tuple[date, date]:
        last = self.till.reconciliation.last()
        if last is None:
            return self.till.desk.day_now(), self.till.desk.day_now()
        return statements.days(last)

    def _set_days(self, first: date, last: date, *, keeps_told: bool = False) -> None:
        for entry, day in ((self.found.first, first), (self.found.last, last)):
            entry.set_text(text.shown_day(day))
        if not keeps_told:
            self.panel.tell("")
        self.search()

    def _show_found(self, asked: Asked, matches: list[Match]) -> None:
        self._asked, self.matches, self._opened = asked, matches, None
        self.found.mark("")
        self.found.show_matches(matches)
        self.panel.show_totals(papers.totals(matches, asked.first, asked.last))

    def _show(self, match: Match | None) -> None:
        self._opened = match
        if match is None:
            self.found.mark("")
        self.panel.show_match(match)


def _import_choice(entry: Entry, words: Words) -> Choice:
    data = entry.data
    first, last = map(text.shown_day, statements.days(entry))
    whose = f"{words(labels.TENDERS[str(data['statement'])])} {data['paybill'] or ''}".strip()
    read = words(
        N_("{n} payments · read {at} by {number}"),
        n=data["lines"], at=words.moment(moments.from_text(entry.at)), number=entry.by,
    )  # fmt: skip
    return Choice(f"{whose} · {first} – {last}", read, entry.id)


_COLUMNS = dict(
    zip(
        ASKED,
        (
            N_("Which column holds the approval code?"),
            N_("Which column holds the amount?"),
            N_("Which column holds the date of the payment?"),
        ),
        strict=True,
    )
)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > cells.FILE_MAX:
            raise FileTooLarge()
        return path.read_bytes()
    except OSError as error:
        raise FileGone(name=path.name, why=error.strerror) from error
