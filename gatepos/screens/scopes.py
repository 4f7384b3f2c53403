"""What a report at the window is asked of: this till and those it heard, beside the ledger's thread."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from gatepos.domain import moments
from gatepos.ledger import source as sources
from gatepos.ledger.source import Standing
from gatepos.ledger.takings import Span
from gatepos.reports.daily import Papers
from gatepos.reports.days import Days
from gatepos.reports.scope import Prices, Scope
from gatepos.screens.kit import Kit
from gatepos.till.station import Station

_T = TypeVar("_T")
_TRIES = 2


Check = Callable[[], object]
"""Raises where nobody wants the answer any more."""


class Scopes:
    """Made on a thread beside the window; the words are those in force."""

    def __init__(self, kit: Kit, station: Station):
        self._kit = kit
        self._station = station

    def asking(self, check: Check) -> sources.Ask:
        """What asks the ledger's thread, question by question, while `check` lets it."""
        return _Asking(self._station, check)

    def of(self, days: Days, check: Check) -> Scope:
        """Some days, each question asked by itself: what is recorded meanwhile may be in some answers."""
        ask = self.asking(check)
        return _between(ask(lambda: self._scope(days)), ask)

    def whole(
        self, days: Days, make: Callable[[Papers], _T], check: Check, kept: Papers | None
    ) -> tuple[Papers, _T]:
        """What is made of papers of some days as they stood at one moment.

        It is made of the papers that are `kept`, while nothing was recorded after them. Question by question
        while nothing is recorded meanwhile, else in one go, for which sales wait.
        """
        ask = self.asking(check)
        for _ in range(_TRIES):
            papers = kept if kept is not None and self._holds(kept, ask) else Papers(self.of(days, check))
            made = make(papers)
            if self._holds(papers, ask):
                return papers, made
        papers, made = ask(lambda: _made(Papers(self._scope(days)), make))
        papers.scope = _between(papers.scope, ask)
        return papers, made

    def _holds(self, papers: Papers, ask: sources.Ask) -> bool:
        """Whether papers say what would be said now, in the words in force."""
        scope = papers.scope
        is_said = scope.words.language == self._kit.speech.words.language
        return is_said and _heads(ask(self._standings)) == _heads(scope.standings)

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


class _Asking:
    """Asks the ledger's thread."""

    def __init__(self, station: Station, check: Check):
        self._station, self._check = station, check

    def __call__(self, action: Callable[[], _T], /) -> _T:
        self._check()
        return self._station.thread.ask(action).result()


def _between(scope: Scope, ask: sources.Ask) -> Scope:
    return replace(scope, source=sources.between(scope.source, ask))


def _heads(standings: Sequence[Standing]) -> list[tuple[str, int]]:
    return [(one.till, one.seq) for one in standings]


def _made(papers: Papers, make: Callable[[Papers], _T]) -> tuple[Papers, _T]:
    return papers, make(papers)
