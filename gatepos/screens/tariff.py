"""The steps of a switch: what cannot be sold after it, each to be confirmed, then since when and why."""

from collections.abc import Callable, Sequence

from gatepos.domain import fees, labels, money
from gatepos.domain.switch import Change
from gatepos.i18n import N_, Words, plural
from gatepos.screens.choosing import Choice
from gatepos.screens.page import Page
from gatepos.screens.widgets.entry import Keys
from gatepos.till.till import Till

CONFIRMED = plural("{n} confirmed here", "{n} confirmed here")
_NOW, _BEFORE = "now", "before"


class TariffSteps:
    """Asks on a page; `done` when a schedule is in force or a fee is confirmed."""

    def __init__(self, page: Page, till: Till, done: Callable[[object], object]):
        self._page = page
        self._till = till
        self._done = done

    def show(self, schedule: str) -> None:
        """What cannot be sold under a schedule stands there before anybody says why it is switched."""
        self._page.bridge.ask(
            lambda: self._till.tariff.unsold(schedule), lambda found: self._ask(schedule, found)
        )

    def _ask(self, schedule: str, unsold: Sequence[Change]) -> None:
        is_switch = schedule != self._till.desk.ledger.state.schedule
        if not unsold and is_switch:
            self._ask_when(schedule)
            return
        below = plural("{n} fee cannot be sold after it", "{n} fees cannot be sold after it")
        switch = Choice(
            lambda words: words(N_("Switch to {schedule} all the same"), schedule=schedule),
            lambda words: words.plural(*below, len(unsold)),
            schedule,
        )
        title = N_("Not sold after the switch: touch a fee to confirm its price")
        if not is_switch:
            title = N_("Not sold under this schedule: touch a fee to confirm its price")
        rows = [Choice(*self._named(one), one, is_blocked=True) for one in unsold]
        self._page.ask_choice(
            title, [*[switch][: int(is_switch)], *rows], lambda one: self._chosen(schedule, one)
        )

    def _chosen(self, schedule: str, one: object) -> None:
        if isinstance(one, Change):
            self._ask_price(schedule, one)
        else:
            self._ask_when(schedule)

    # A fee.

    def _named(self, one: Change) -> tuple[Callable[[Words], str], Callable[[Words], str]]:
        """What a fee is called, and below it for whom, what it costs until then, and in which package."""
        desk = self._till.desk

        def said(words: Words) -> list[str]:
            return labels.fee(*one.key, words, desk.book.titles).split(", ", 1)

        def below(words: Words) -> str:
            doubt = [one.after.status.said(words)] if one.after else []
            return " · ".join((*said(words)[1:], *_price(one, desk.park.code), *doubt))

        return lambda words: said(words)[0], below

    def _ask_price(self, schedule: str, one: Change) -> None:
        known = one.before or one.after
        currency = known.currency if known else ""
        name = self._named(one)[0]

        def question(words: Words) -> str:
            says = N_("{fee}, {currency}: the price as the order names it")
            return words(says, fee=name(words), currency=currency)

        self._page.ask_text(question, Keys.AMOUNT, "", lambda price: self._ask_legal(schedule, one, price))

    def _ask_legal(self, schedule: str, one: Change, price: str) -> None:
        question = N_("Which law or order names this price?")
        self._page.ask_text(question, Keys.TEXT, "", lambda legal: self._confirm(schedule, one, price, legal))

    def _confirm(self, schedule: str, one: Change, price: str, legal: str) -> None:
        tariff, id_ = self._till.tariff, self._till.desk.new_id()
        self._page.with_second(
            lambda second: tariff.confirm(schedule, one.product, one.key, price, legal, second, id_),
            lambda done: self._confirmed(schedule, done),
        )

    def _confirmed(self, schedule: str, done: object) -> None:
        """The list once more: the next fee, or the switch."""
        self._done(done)
        self.show(schedule)

    # The switch.

    def _ask_when(self, schedule: str) -> None:
        choices = [
            Choice(N_("From now on"), N_("the order was made now"), _NOW),
            Choice(N_("From earlier today, or before"), N_("type when the order was made"), _BEFORE),
        ]
        title = N_("From when does the order hold?")
        self._page.ask_choice(title, choices, lambda when: self._ask_moment(schedule, str(when)))

    def _ask_moment(self, schedule: str, when: str) -> None:
        if when == _NOW:
            self._ask_why(schedule, "")
            return
        question = N_("When was the order made? As 11:00, or 2026-01-02 11:00")
        self._page.ask_text(question, Keys.TEXT, "", lambda ordered: self._ask_why(schedule, ordered))

    def _ask_why(self, schedule: str, ordered: str) -> None:
        question = N_("Why is the schedule switched?")
        self._page.ask_text(question, Keys.TEXT, "", lambda why: self._switch(schedule, why, ordered))

    def _switch(self, schedule: str, why: str, ordered: str) -> None:
        set_up = self._till.set_up
        self._page.with_second(
            lambda second: set_up.switch_schedule(schedule, why, second, ordered), self._done
        )


def _price(one: Change, park: str) -> list[str]:
    """What it costs until the switch, and the package where it is sold in one."""
    known = one.before or one.after
    place = [] if one.product in (fees.EVERYWHERE, park) else [one.product]
    if known is None or known.amount_minor is None:
        return place
    return [money.shown(known.currency, known.amount_minor), *place]
