"""A section of Set-up: the lists of prepaid tickets, and loading one from a stick where no feed comes."""

from pathlib import Path

from gatepos.domain.tickets import Ticket
from gatepos.errors import Said
from gatepos.i18n import N_, plural
from gatepos.reports import places
from gatepos.screens.choosing import Choice
from gatepos.screens.sections import Field, Section
from gatepos.screens.widgets.entry import Keys
from gatepos.till.views import SetUpView

_COUNT = plural("{n} ticket", "{n} tickets")


class TicketsSection(Section):
    """A manager loads a list alone, anybody else with a second person."""

    def fields(self, view: SetUpView) -> list[Field]:
        words, lists = self._words, view.tickets
        when = words(N_("list of {time}"), time=words.moment(lists.last_ms)) if lists.last_ms else ""
        today = words.plural(*_COUNT, lists.today)
        return [
            Field(words(N_("On lists for today")), " · ".join(filter(None, (today, when))), self._ask_file),
            Field(words(N_("List of tickets")), words(N_("Load a list (CSV)")), self._ask_file),
        ]

    def _ask_file(self) -> None:
        words = self._words
        choices: list[Choice] = [
            Choice(file.path.name, f"{file.path.parent.name} · {words.moment(file.at_ms)}", file.path)
            for file in places.statements(places.folders())
            if file.path.suffix.lower() == ".csv"
        ]
        choices.append(Choice(N_("Another place…"), "", None))
        self._page.ask_choice(N_("Which file is the list of tickets?"), choices, self._on_file)

    def _on_file(self, path: object) -> None:
        if isinstance(path, Path):
            self.load(path)
        else:
            self._page.ask_text(
                N_("The file, with its folder"), Keys.TEXT, "", lambda typed: self.load(Path(typed.strip()))
            )

    def load(self, path: Path) -> None:
        """Read a file beside the ledger's thread, then take it in whole or not at all."""
        lists, thread = self._station.till.ticket_lists, self._station.thread
        self._panel.tell(N_("Reading…"))

        def read() -> list[Ticket]:
            reader = thread.ask(lists.reader).result()
            return reader(path)

        self._page.bridge.follow(self._station.beside(read), self._take, self._refused)

    def _take(self, found: list[Ticket]) -> None:
        lists, thread = self._station.till.ticket_lists, self._station.thread
        id_ = self._station.till.desk.new_id()
        self._page.with_second(
            lambda second: lists.load(found, second, id_, thread.give_way),
            lambda _: self._loaded(len(found)),
            self._refused,
        )

    def _loaded(self, n: int) -> None:
        self._tell(lambda words: words(N_("Loaded: {tickets}."), tickets=words.plural(*_COUNT, n)))

    def _refused(self, said: Said) -> None:
        self._panel.tell("")
        self._page.bridge.tell(said)
