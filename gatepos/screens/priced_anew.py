"""What was priced after an order and before it was entered: what to keep, and the rest anew at once."""

from collections.abc import Callable, Sequence

from gatepos.domain import moments, money, plates
from gatepos.domain.vocabulary import KEEP
from gatepos.i18n import N_, Words, plural
from gatepos.ledger.ledger import Recorded
from gatepos.screens.choosing import Choice
from gatepos.screens.page import Page
from gatepos.screens.speech import Text
from gatepos.till.views import Affected, SinceOrder

_GO = "go"


class PricedAnew:
    """Asks on a page; `done` when all that was agreed to is recorded."""

    def __init__(self, page: Page, done: Callable[[], object]):
        self._page = page
        self._done = done
        self._kept: set[str] = set()

    def start(self) -> None:
        """All that can be priced anew is chosen; a touch keeps one as it is."""
        self._kept = set()
        self._page.bridge.ask(self._page.till.repricing.view, self._show)

    def _show(self, order: SinceOrder) -> None:
        wanted = [] if order.unpaid == KEEP else [n for n in order.priced_anew if n not in self._kept]
        choices = [self._row(row, row.number in wanted) for row in order.rows]
        if wanted:
            choices.insert(0, Choice(*self._all(order, wanted), _GO))
        title = N_("Priced since the order: touch what keeps its price")
        if order.unpaid == KEEP:
            title = N_("Priced since the order: by policy all keep their price")
        self._page.ask_choice(title, choices, lambda chosen: self._chosen(order, wanted, chosen))

    def _chosen(self, order: SinceOrder, wanted: Sequence[str], chosen: object) -> None:
        if chosen == _GO:
            self._agree(wanted)
            return
        if chosen in order.priced_anew and order.unpaid != KEEP:
            self._kept ^= {str(chosen)}
        self._show(order)

    def _agree(self, wanted: Sequence[str]) -> None:
        repricing = self._page.till.repricing
        self._page.with_second(lambda second: repricing.agree(wanted, second), lambda _: self._next())

    def _next(self) -> None:
        """One after another: nothing holds the ledger for long, and a stop leaves the others on the list."""
        self._page.act(self._page.till.repricing.go_on, self._went_on)

    def _went_on(self, done: tuple[Recorded, int]) -> None:
        if done[1]:
            self._next()
        else:
            self._done()

    def _all(self, order: SinceOrder, wanted: Sequence[str]) -> tuple[Text, Text]:
        meant = [row for row in order.rows if row.number in wanted]
        before, after = sum(row.before_minor for row in meant), sum(row.after_minor or 0 for row in meant)
        says = plural("Price {n} pass anew", "Price {n} passes anew")
        return lambda words: words.plural(*says, len(meant)), _step(before, after)

    def _row(self, row: Affected, is_chosen: bool) -> Choice:
        def name(words: Words) -> str:
            return plates.shown(row.plate) or words(N_("on foot"))

        def below(words: Words) -> str:
            at = f"{moments.local(row.at_ms):%H:%M}"
            price = _step(row.before_minor, row.after_minor)(words)
            said = [row.why.said(words)] if row.why else []
            if row.is_bill:
                said.append(words(N_("bill that waits: this price when it is resumed")))
            return " · ".join((at, price, *said))

        return Choice(name, below, row.number, is_chosen, is_blocked=row.after_minor is None)


def _step(before_minor: int, after_minor: int | None) -> Callable[[Words], str]:
    """`KES 105,100 → 5,868`; one that keeps its price has no other."""
    before = money.shown(money.KES, before_minor)
    after = "" if after_minor is None else f" → {money.amount(after_minor)}"
    return lambda _: f"{before}{after}"
