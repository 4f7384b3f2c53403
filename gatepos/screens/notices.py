"""Free-entry notices in Set-up: begun question by question, ended by a touch."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from gatepos.domain import free_entry, labels, text
from gatepos.domain.fees import VEHICLE
from gatepos.domain.free_entry import Notice
from gatepos.domain.vocabulary import NOTICED
from gatepos.i18n import N_, Words
from gatepos.screens.choosing import Choice
from gatepos.screens.page import Page
from gatepos.screens.widgets.entry import Keys
from gatepos.till.till import Till


def days(notice: Notice, words: Words) -> str:
    """`Fri 2 Jan 2026, 06:00–18:30`."""
    first, last = words.day(notice.first_on), words.day(notice.last_on)
    shown = first if first == last else f"{first} – {last}"
    return f"{shown}, {free_entry.shown_hours(notice)}"


def _ending(notice: Notice, words: Words) -> str:
    return words(N_("End “{title}”"), title=notice.title)


class NoticeQuestions:
    """Asks on `page` about one notice after another; `done` when one was begun or ended."""

    def __init__(self, page: Page, till: Till, done: Callable[[object], object]):
        self._page = page
        self._till = till
        self._done = done

    def ask(self, standing: tuple[Notice, ...]) -> None:
        """Which notice is to end, or a new one; where none stands, the new one."""
        if not standing:
            self._ask_title()
            return
        ending = [
            Choice(
                partial(_ending, one),
                partial(days, one),
                one.reference,
            )
            for one in standing
        ]
        new = Choice(N_("A new notice…"), "", None)
        self._page.ask_choice(N_("Free-entry notices"), [*ending, new], self._on_chosen)

    def _on_chosen(self, reference: object) -> None:
        if reference is None:
            self._ask_title()
            return
        free = self._till.free_entry
        self._page.with_second(lambda second: free.end(str(reference), second), self._done)

    def _ask_title(self) -> None:
        self._page.ask_text(N_("Title of the free-entry notice"), Keys.TEXT, "", self._ask_reference)

    def _ask_reference(self, title: str) -> None:
        self._page.ask_text(
            N_("Its reference"), Keys.TEXT, "", lambda reference: self._ask_first(title, reference)
        )

    def _ask_first(self, title: str, reference: str) -> None:
        today = text.shown_day(self._till.desk.today())
        self._page.ask_text(
            N_("Its first day"), Keys.AMOUNT, today, lambda first: self._ask_last(title, reference, first)
        )

    def _ask_last(self, title: str, reference: str, first: str) -> None:
        self._page.ask_text(
            N_("Its last day"),
            Keys.AMOUNT,
            first,
            lambda last: self._ask_hours(title, reference, first, last),
        )

    def _ask_hours(self, title: str, reference: str, first: str, last: str) -> None:
        hours = self._till.desk.park.hours
        usual = f"{hours.enter_from:%H:%M}-{hours.enter_until:%H:%M}"
        park = self._till.desk.park.code

        def read(typed: str) -> None:
            self._page.bridge.ask(
                lambda: free_entry.typed(title, reference, first, last, typed, (park,)), self._ask_who
            )

        self._page.ask_text(N_("Its hours, as 06:00-18:30"), Keys.TEXT, usual, read)

    def _ask_who(self, notice: Notice) -> None:
        """Each touch chooses one, or no longer; the last choice goes on."""
        people = [
            Choice(labels.CATEGORIES[who], "", who, is_chosen=who in notice.categories) for who in NOTICED
        ]
        vehicles = Choice(N_("Their vehicles"), "", VEHICLE, is_chosen=notice.vehicles)
        done = Choice(N_("Begin free entry"), partial(days, notice), None)
        self._page.ask_choice(
            N_("Who enters free?"), [*people, vehicles, done], lambda who: self._on_who(notice, who)
        )

    def _on_who(self, notice: Notice, who: object) -> None:
        free = self._till.free_entry
        if who is None:
            self._page.with_second(lambda second: free.begin(notice, second), self._done)
        elif who == VEHICLE:
            self._ask_who(replace(notice, vehicles=not notice.vehicles))
        else:
            named = {*notice.categories} ^ {str(who)}
            kept = tuple(one for one in NOTICED if one in named)
            self._ask_who(replace(notice, categories=kept))
