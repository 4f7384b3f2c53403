"""What a report at the window is asked of: this till and those it heard, beside the ledger's thread."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from gatepos.domain import moments
from gatepos.ledger import source as sources
from gatepos.ledger.source import Standing
from gatepos.ledger.takings import Span
from gatepos.reports.days import Days
from gatepos.reports.scope import Prices, Scope
from gatepos.screens.kit import Kit
from gatepos.till.station import Station

_T = TypeVar("_T")
_TRIES = 2


class Scopes:
    """Made on a thread beside the window; the words are those in force."""

    def __init__(self, kit: Kit, station: Station):
        self._kit = kit
        self._station = station

    def of(self, days: Days) -> Scope:
        """Some days, each question asked by itself: what is recorded meanwhile may be in some answers."""
        scope = self._ask(lambda: self._scope(days))
        return replace(scope, source=sources.between(scope.source, self._ask))

    def whole(self, days: Days, make: Callable[[Scope], _T]) -> tuple[Scope, _T]:
        """What is made of some days as they stood at one moment.

        Question by question while nothing is recorded meanwhile, else in one go, for which sales wait.
        """
        for _ in range(_TRIES):
            scope = self.of(days)
            made = make(scope)
            if _heads(self._ask(self._standings)) == _heads(scope.standings):
                return scope, made
        return self._ask(lambda: _made(self._scope(days), make))

    def _ask(self, action: Callable[[], _T], /) -> _T:
        return self._station.thread.ask(action).result()

    def _standings(self) -> tuple[Standing, ...]:
        """On the ledger's thread: the till and those it heard, as they stand now."""
        desk = self._station.till.desk
        backlog = desk.backlog()
        acked = desk.ledger.head[0] - backlog.unsent if backlog else None
        return tuple(sources.standings(desk.ledger.conn, desk.own.till, acked))

    def _scope(self, days: Days) -> Scope:
        """On the ledger's thread."""
        desk = self._station.till.desk
        ledger, standings = desk.ledger, self._standings()
        span = Span(tuple(one.till for one in standings), *days.ends)
        source = sources.of_ledger(ledger.conn, desk.own.till, ledger.receivables)
        prices = Prices(dict(desk.book.schedules), self._kit.titles)
        at, words = moments.to_text(desk.now_ms()), self._kit.speech.words
        return Scope(source, span, at, standings, prices, desk.park, words, is_own=True)


def _heads(standings: Sequence[Standing]) -> list[tuple[str, int]]:
    return [(one.till, one.seq) for one in standings]


def _made(scope: Scope, make: Callable[[Scope], _T]) -> tuple[Scope, _T]:
    return scope, make(scope)
