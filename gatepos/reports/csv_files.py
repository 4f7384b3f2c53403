"""A report as CSV files, one a paper, and one that describes their columns (source: FORMATS.md §7).

RFC 4180 in UTF-8 with a byte order mark, without which a double click in Excel spoils names.
Text that a spreadsheet would run as a formula gets an apostrophe before it, which `read` takes off again.
"""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import BinaryIO

from gatepos.domain import money
from gatepos.i18n import EAT, N_
from gatepos.reports import names
from gatepos.reports.outlet import Outlet
from gatepos.reports.sheet import COLUMNS, Cell, Column, Kind, Report, Sheet

_ENCODING = "utf-8-sig"
_GUARD = "'"
_TO_HOUR, _TO_SECOND = 13, 19
_AT_ONCE = 500
_RUN = re.compile(r"\s*['=+@\-−＝﹦⁼₌＋﹢⁺₊﬩－﹣⁻₋＠﹫]|[\t\r\n]")
"""How a formula begins, in full-width and small forms too; a guard; what moves to another cell."""
_UNITS = {
    Kind.TEXT: N_("text"),
    Kind.COUNT: N_("whole number"),
    Kind.KES: N_("KES, two decimals"),
    Kind.USD: N_("USD, two decimals"),
    Kind.RATE: N_("KES per USD, four decimals"),
    Kind.MOMENT: N_("East Africa Time, to the second"),
    Kind.DAY: N_("day"),
    Kind.SECONDS: N_("seconds"),
}
_Show = Callable[[Cell], object]


def write(report: Report, outlet: Outlet) -> None:
    """`<paper>.csv` for each paper, and `columns.csv`."""
    for sheet in report.sheets:
        with outlet.file(f"{sheet.name}.csv") as file:
            _write_sheet(sheet, file, outlet)
    with outlet.file(f"{COLUMNS}.csv") as file:
        _write_rows(file, _description(report, outlet))


def read(data: bytes) -> list[list[str | None]]:
    """The rows of a file that `write` made, the names of its columns first; empty text reads as None."""
    rows = csv.reader(io.StringIO(data.decode(_ENCODING), newline=""), strict=True)
    return [[unguarded(cell) or None for cell in row] for row in rows]


def guarded(text: str) -> str:
    """Text that no spreadsheet runs: an apostrophe before what it would run, and before an apostrophe."""
    return _GUARD + text if is_run(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text.removeprefix(_GUARD)


def is_run(text: str) -> bool:
    """Whether a spreadsheet might take a text for more than text."""
    return not text[:1].isalnum() and _RUN.match(text) is not None


def _write_sheet(sheet: Sheet, file: BinaryIO, outlet: Outlet) -> None:
    shows = [_SHOWN[column.kind] for column in sheet.columns]
    _write_rows(file, _lines(sheet, shows, outlet))


def _lines(sheet: Sheet, shows: list[_Show], outlet: Outlet) -> Iterator[Sequence[object]]:
    yield [names.plain(column) for column in sheet.columns]
    rows = outlet.rows(sheet)
    while some := [*islice(rows, _AT_ONCE)]:
        cells = zip(*some, strict=True)
        yield from zip(*(_column(show, own) for show, own in zip(shows, cells, strict=True)), strict=True)


def _column(show: _Show, cells: Sequence[Cell]) -> list[object]:
    """The cells of a column as they are written: many are the same, and each is made once."""
    made = {cell: None if cell is None else show(cell) for cell in {*cells}}
    return [made[cell] for cell in cells]


def _write_rows(file: BinaryIO, rows: Iterator[Sequence[object]]) -> None:
    file.write(codecs.BOM_UTF8)
    text = io.TextIOWrapper(file, "utf-8", newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    text.flush()
    text.detach()


def _description(report: Report, outlet: Outlet) -> Iterator[Sequence[object]]:
    yield ["file", "column", "title", "unit", "summed"]
    for sheet in report.sheets:
        for column in sheet.columns:
            yield [f"{sheet.name}.csv", names.plain(column), *_described(column, outlet)]


def _described(column: Column, outlet: Outlet) -> list[object]:
    return [
        guarded(outlet.words(column.title)),
        outlet.words(_UNITS[column.kind]),
        "yes" if column.is_summed else "no",
    ]


def _money(cell: Cell) -> str:
    minor = int(cell or 0)
    whole, rest = divmod(abs(minor), money.MINOR)
    return f"-{whole}.{rest:02d}" if minor < 0 else f"{whole}.{rest:02d}"


def _rate(rate_e4: Cell) -> str:
    whole, rest = divmod(int(rate_e4 or 0), money.RATE_ONE)
    return f"{whole}.{rest:04d}"


def _moment(at: Cell) -> str:
    text = str(at)
    return _hour(text[:_TO_HOUR]) + text[_TO_HOUR:_TO_SECOND]


@lru_cache(maxsize=1024)
def _hour(utc: str) -> str:
    """`2026-01-02 06` of `2026-01-02T03`: the minutes are the same in Kenya."""
    return datetime.fromisoformat(utc).replace(tzinfo=UTC).astimezone(EAT).strftime("%Y-%m-%d %H")


def _text(text: Cell) -> str:
    return guarded(str(text))


_SHOWN: dict[Kind, _Show] = {
    Kind.TEXT: _text,
    Kind.COUNT: str,
    Kind.KES: _money,
    Kind.USD: _money,
    Kind.RATE: _rate,
    Kind.MOMENT: _moment,
    Kind.DAY: str,
    Kind.SECONDS: str,
}
