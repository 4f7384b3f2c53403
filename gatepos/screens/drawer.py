"""Asks what cash is moved without a sale, why and how much; and why a drawer is only opened."""

from collections.abc import Callable
from typing import cast

from gatepos.domain import labels, money
from gatepos.domain.entry import Entry
from gatepos.domain.vocabulary import DROPPED, PAID_IN, PAID_OUT
from gatepos.i18n import N_, Words
from gatepos.ledger.ledger import Recorded
from gatepos.screens import reasons
from gatepos.screens.choosing import Choice
from gatepos.screens.page import Page
from gatepos.screens.widgets.entry import Keys

_WHY = {
    PAID_IN: (N_("Small notes and coins"), N_("A larger float")),
    PAID_OUT: (N_("Fuel"), N_("Airtime"), N_("A repair")),
    DROPPED: (N_("The drawer is full"), N_("At the agreed hour"), N_("Before the bank")),
}
_OPENED = (N_("To change a note"), N_("To count the drawer"), N_("A coin is stuck"))
_QUESTIONS = {
    PAID_IN: N_("What is paid in for?"),
    PAID_OUT: N_("What is paid out for?"),
    DROPPED: N_("Why is it dropped in the safe?"),
}


def ask_move(page: Page, how: str, currencies: tuple[str, ...], done: Callable[[Recorded], object]) -> None:
    """Currency where there are two, reason, amount; then it is recorded, with a second person if need be."""
    question, title = _QUESTIONS[how], labels.MOVES[how]
    id_, cash = page.till.desk.new_id(), page.till.cash

    def record(currency: str, reason: str, amount: str) -> None:
        page.with_second(lambda second: cash.move(how, amount, reason, currency, second, id_), done)

    def ask_amount(currency: str, reason: str) -> None:
        page.ask_text(
            lambda words: f"{words(title)}, {currency}", Keys.AMOUNT, "",
            lambda amount: record(currency, reason, amount),
        )  # fmt: skip

    def ask_reason(currency: object) -> None:
        reasons.ask(page, question, _WHY[how], question, lambda reason: ask_amount(str(currency), reason))

    if len(currencies) == 1:
        ask_reason(money.KES)
    else:
        page.ask_choice(title, [Choice(one, "", one) for one in currencies], ask_reason)


def ask_open(page: Page, done: Callable[[Recorded], object]) -> None:
    """Why it is opened; then that is recorded."""
    question, id_ = N_("Why is the drawer opened?"), page.till.desk.new_id()
    reasons.ask(
        page, question, _OPENED, question,
        lambda reason: page.act(lambda: page.till.cash.open_drawer(reason, id_), done),
    )  # fmt: skip


def told(entry: Entry, words: Words) -> str:
    """`RECORDED: Safe drop, KES 15,000`."""
    data = entry.data
    if entry.kind != "cash.moved":
        return words(N_("RECORDED: {what}"), what=words(N_("the drawer is opened")))
    amount = money.shown(cast(str, data["currency"]), cast(int, data["amount_minor"]))
    return words(N_("RECORDED: {what}"), what=f"{words(labels.MOVES[cast(str, data['how'])])}, {amount}")
