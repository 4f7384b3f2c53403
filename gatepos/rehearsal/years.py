"""Reports of a ledger of years: what a day, a month and a year of it take, on screen and as files."""

import resource
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from gatepos import i18n
from gatepos.domain import entry as entries
from gatepos.domain import fees, parks
from gatepos.ledger import backup, building, source
from gatepos.ledger.takings import Span
from gatepos.rehearsal import rewriting
from gatepos.reports import apart, daily, export, takings
from gatepos.reports.export import Step
from gatepos.reports.scope import Prices, Scope
from gatepos.reports.sheet import Report
from gatepos.seal.keys import TillKey
from gatepos.wire.bundle import Pair

LEDGER = "ledger.db"
FIRST = date(2024, 1, 1)
_A_DAY = 550
"""Entries a day: some 100,000 receipts a year."""
_AT = "2027-01-01T00:00:00.000Z"


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds of CPU that something took, and the most memory, MB, of the process that wrote it."""

    what: str
    ms: float
    memory_mb: float = 0


def make(folder: Path, kept: Iterable[Pair], till: str) -> None:
    """A ledger with the acts of a journal spread over years, under the same code."""
    folder.mkdir(parents=True)
    found = rewriting.rewritten(kept, till, TillKey(b"\x01" * 32), FIRST, _A_DAY)
    building.build(folder / LEDGER, (entries.known(raw, sig) for raw, sig in found))


def measured(folder: Path, till: str) -> list[Took]:
    """The figures of a day, a month and a year, and the writing of a month and of a year."""
    with backup.reading(folder / LEDGER) as conn:
        books = source.of_ledger(conn, till)
        prices = Prices(fees.shipped(), fees.titles())
        scope = Scope(
            books, Span((till,), "", ""), _AT, tuple(source.standings(conn, till, None)), prices,
            parks.shipped().parks.get("NNP"), i18n.words(i18n.ENGLISH), is_own=True,
        )  # fmt: skip

        def of(days: int) -> Scope:
            first = FIRST + timedelta(30)
            last = first + timedelta(days - 1)
            span = replace(scope.span, first=first.isoformat(), last=last.isoformat())
            return replace(scope, span=span)

        def figures(days: int) -> Callable[[], object]:
            return lambda: daily.figures(of(days))

        def slowest() -> float:
            return max(
                _ms(lambda part=part: daily.figures(replace(scope, span=part)))  # type: ignore[misc]
                for part in takings.sliced(of(365).span)
            )

        took = [Took(f"figures of {days} days", _ms(figures(days))) for days in (1, 1, 30, 365)]
        took.append(Took("slowest week of a year", slowest()))
        month, year = daily.made(of(30)).report, daily.made(of(365)).report
    took += [_written(month, "month", export.XLSX), _written(year, "year", export.CSV)]
    return took


def _written(report: Report, what: str, form: str) -> Took:
    rows = next(len(sheet.rows) for sheet in report.sheets if sheet.name == "receipts")
    with TemporaryDirectory() as folder:
        ms = _ms(lambda: apart.make(report, Path(folder), (form,), i18n.ENGLISH, _hears))
    memory_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Took(f"{form} of a {what}, {rows:,} receipts", ms, memory_mb)


def _hears(_: Step) -> None:
    pass


def _ms(action: Callable[[], object]) -> float:
    began = time.process_time(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    action()
    ended = time.process_time(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    return sum(b - a for a, b in zip(began, ended, strict=True)) * 1000
