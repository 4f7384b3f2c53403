"""The section of Set-up for agreeing by radio: answer another till's question, print a list of codes."""

from gatepos.domain import codes_paper, labels
from gatepos.i18n import N_
from gatepos.screens.choosing import Choice
from gatepos.screens.sections import Field, Section
from gatepos.screens.widgets.entry import Keys
from gatepos.till.views import SetUpView


class RadioSection(Section):
    """Whoever signed in agrees for themselves."""

    def fields(self, view: SetUpView) -> list[Field]:
        words = self._words
        return [
            Field(words(N_("A clerk asks by radio")), words(N_("Answer a question")), self._ask_till),
            Field(words(N_("Codes for where you have no till")), words(N_("Print a new list")), self._make),
        ]

    def _ask_till(self) -> None:
        self._page.ask_text(N_("Which till asks?"), Keys.CODE, "", self._ask_what)

    def _ask_what(self, till: str) -> None:
        self._page.ask_choice(
            N_("What for? Answer only what you agree to."),
            [Choice(name, "", kind) for kind, name in labels.ACTIONS.items()],
            lambda kind: self._ask_question(till, str(kind)),
        )

    def _ask_question(self, till: str, kind: str) -> None:
        radio = self._station.till.radio
        self._page.ask_text(
            N_("The question, eight digits"), Keys.DIGITS, "",
            lambda question: self._page.act(lambda: radio.answer(till, kind, question), self._answered),
        )  # fmt: skip

    def _answered(self, answer: str) -> None:
        self._tell(self._words(N_("Read out the answer: {answer}"), answer=answer))

    def _make(self) -> None:
        self._page.act(self._station.till.radio.make_codes, self._print)

    def _print(self, codes: tuple[str, ...]) -> None:
        desk, words = self._station.till.desk, self._words
        staff = desk.person.number if desk.person else ""
        listed = codes_paper.paper(codes, desk.ledger.context.till, staff, words)
        self._panel.tell(words(N_("Printing…")))
        self._page.bridge.follow(self._station.papers.test(listed), self._printed, self._page.bridge.tell)

    def _printed(self, _: object) -> None:
        self._panel.tell(self._words(N_("Printed. Keep the list on you: your list before it ends.")))
