"""Reports of a ledger of years: what a day, a month and a year of it take, on screen and as files."""

import multiprocessing
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
from gatepos.rehearsal import rewriting, timing
from gatepos.reports import daily, export, takings
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
    """Milliseconds of CPU that something took, and the most memory, MB, of a process that wrote it."""

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
        for what, days, form in (("month", 30, export.XLSX), ("year", 365, export.CSV)):
            began_s = time.process_time()
            report = daily.made(of(days)).report
            took.append(Took(f"all papers of a {what}", (time.process_time() - began_s) * 1000))
            took.append(_written(report, what, form))
    return took


def _written(report: Report, what: str, form: str) -> Took:
    """As a kiosk has it written: in a process of its own, whose start and libraries are in it."""
    rows = next(len(sheet.rows) for sheet in report.sheets if sheet.name == "receipts")
    spawn = multiprocessing.get_context("spawn")
    with TemporaryDirectory() as folder, spawn.Pool(1) as pool:
        found = pool.apply(_write, (report, Path(folder), form))
    return Took(f"{form} of a {what}, {rows:,} receipts", *found)


def _write(report: Report, place: Path, form: str) -> tuple[float, float]:
    """What the process that writes took: milliseconds of CPU, MB.

    The kernel's `ru_maxrss` would count what the process had that started it.
    """
    export.make(report, place, (form,), i18n.ENGLISH, _hears)
    return time.process_time() * 1000, timing.memory_mb("VmHWM")


def _hears(_: Step) -> None:
    pass


def _ms(action: Callable[[], object]) -> float:
    began_s = time.process_time()
    action()
    return (time.process_time() - began_s) * 1000
