"""A report as a workbook: a summary, then a sheet for each paper, with real numbers and dates."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from tempfile import TemporaryDirectory

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet

from gatepos import __version__
from gatepos.domain import moments, money
from gatepos.i18n import Words
from gatepos.reports import csv_files, shown
from gatepos.reports.outlet import Outlet
from gatepos.reports.sheet import Bars, Cell, Column, Identity, Kind, Report, Sheet

NAME = "report.xlsx"
_A4 = 9
_HEAD = 3
"""The row of a paper's column titles, from 0; title and range stand above it."""
_NARROW, _WIDE, _SAMPLE = 9, 46, 200
_NAME_MAX, _MARGIN_TEXT_MAX = 31, 120
_LARGE, _TITLE_HIGH, _HEAD_HIGH = 15, 24, 30
_GREEN, _PALE, _LINE = "#205C3B", "#E4EFE7", "#C8CDC9"
_BARS = (_GREEN, "#E3B563", "#738CAD", "#999999")
_NUMBERS = {
    Kind.TEXT: "@",
    Kind.COUNT: "#,##0",
    Kind.KES: "#,##0.00",
    Kind.USD: "#,##0.00",
    Kind.RATE: "0.0000",
    Kind.MOMENT: "yyyy-mm-dd hh:mm:ss",
    Kind.DAY: "yyyy-mm-dd",
    Kind.SECONDS: "#,##0",
}
_LEFT = (Kind.TEXT, Kind.MOMENT, Kind.DAY)
_EPOCH_DAY, _ZERO_DAY = 25569, date(1899, 12, 30)
"""1 January 1970 as spreadsheets count days, and the day from which they count."""
_EAT_MS = 3 * 60 * moments.MINUTE_MS


@dataclass(frozen=True, slots=True)
class _Looks:
    """How the cells of a workbook look."""

    plain: dict[Kind, Format]
    total: dict[Kind, Format]
    title: Format
    head: Format
    head_right: Format
    guarded: Format
    link: Format
    note: Format
    wrapped: Format


@dataclass(frozen=True, slots=True)
class _Book:
    """A workbook while it is written."""

    report: Report
    outlet: Outlet
    book: xlsxwriter.Workbook
    looks: _Looks
    names: tuple[str, ...]
    """Of the sheets: the summary's, then each paper's."""

    @property
    def words(self) -> Words:
        """The reader's."""
        return self.outlet.words


def write(report: Report, outlet: Outlet) -> None:
    """`report.xlsx`: its rows through files of its own, so that a year takes no more memory than a day."""
    packed = io.BytesIO()
    with TemporaryDirectory(prefix="gatepos-") as rows:
        _write_book(report, outlet, xlsxwriter.Workbook(packed, {"constant_memory": True, "tmpdir": rows}))
    with outlet.file(NAME) as file:
        file.write(packed.getbuffer())


def _write_book(report: Report, outlet: Outlet, made: xlsxwriter.Workbook) -> None:
    made.set_properties({"title": shown.TITLE, "created": _wall(report.as_of), "comments": __version__})
    titles = [outlet.words(title) for title in (shown.TITLE, *(sheet.title for sheet in report.sheets))]
    book = _Book(report, outlet, made, _looks(made), sheet_names(titles))
    _write_summary(book)
    for name, sheet in zip(book.names[1:], report.sheets, strict=True):
        _write_sheet(book, name, sheet)
    made.close()


def sheet_names(titles: list[str]) -> tuple[str, ...]:
    """What the sheets are called: as their papers, within what spreadsheets allow, each once."""
    names: list[str] = []
    for title in titles:
        clean = "".join(" " if letter in "[]:*?/\\" else letter for letter in title).strip(" '")
        name, n = clean[:_NAME_MAX] or "–", 1
        while name.casefold() in (other.casefold() for other in names):
            n += 1
            name = f"{clean[: _NAME_MAX - 4]} {n}"
        names.append(name)
    return tuple(names)


def _write_sheet(book: _Book, name: str, sheet: Sheet) -> None:
    page = _page(book, name, book.words(sheet.title))
    totals, sample = sheet.totals, [*islice(sheet.rows, _SAMPLE)]
    for place, column in enumerate(sheet.columns):
        seen = [totals[place], *(row[place] for row in sample)]
        page.set_column(place, place, _width(column, seen, book.words))
        is_right = column.kind not in _LEFT
        look = book.looks.head_right if is_right else book.looks.head
        _text(page, _HEAD, place, book.words(column.title), look)
    page.set_row(_HEAD, _HEAD_HIGH)
    page.freeze_panes(_HEAD + 1, 0)
    page.repeat_rows(_HEAD)
    puts = [_put(column, book.looks) for column in sheet.columns]
    row = _HEAD
    for row, cells in enumerate(book.outlet.rows(sheet), _HEAD + 1):
        for place, (put, cell) in enumerate(zip(puts, cells, strict=True)):
            if cell is not None:
                put(page, row, place, cell)
    page.autofilter(_HEAD, 0, max(row, _HEAD + 1), len(sheet.columns) - 1)
    row = _write_totals(book, page, sheet, totals, row)
    for place, note in enumerate(sheet.notes, row + 2):
        _text(page, place, 0, note.said(book.words), book.looks.note)
    if sheet.bars is not None and sheet.rows:
        _draw_bars(book, page, name, sheet, sheet.bars)


def _write_totals(
    book: _Book, page: Worksheet, sheet: Sheet, totals: tuple[int | None, ...], row: int
) -> int:
    """The sums below the rows, by formula; the row on which they stand."""
    if all(total is None for total in totals):
        return row
    row += 1
    if totals[0] is None:
        _text(page, row, 0, book.words(shown.TOTAL), book.looks.total[Kind.TEXT])
    for place, (column, total) in enumerate(zip(sheet.columns, totals, strict=True)):
        look = book.looks.total[column.kind]
        if total is not None and sheet.rows:
            summed = f"=SUM({xl_range(_HEAD + 1, place, row - 1, place)})"
            page.write_formula(row, place, summed, look, _number(column.kind, total))
        elif total is not None:
            page.write_number(row, place, 0, look)
        elif place:
            page.write_blank(row, place, None, look)
    return row


def _write_summary(book: _Book) -> None:
    report, words, looks = book.report, book.words, book.looks
    page = _page(book, book.names[0], f"{words(shown.TITLE)} · {shown.park(report, words)}")
    page.set_column(0, 0, 70)
    page.set_column(1, 2, 20)
    row = _heads(book, page, _HEAD, shown.COVERAGE)
    for note in report.coverage:
        _text(page, row, 0, note.said(words), looks.plain[Kind.TEXT])
        row += 1
    row = _write_identities(book, page, row + 1)
    row = _heads(book, page, row, shown.PAPERS, shown.ROWS)
    for name, sheet in zip(book.names[1:], report.sheets, strict=True):
        page.write_url(row, 0, f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1", looks.link, name)
        page.write_number(row, 1, len(sheet.rows), looks.plain[Kind.COUNT])
        row += 1
    row = _heads(book, page, row + 1, shown.HASH, shown.TILL, shown.ENTRIES)
    for head in report.heads:
        _text(page, row, 0, head.hash, looks.plain[Kind.TEXT])
        _text(page, row, 1, head.till, looks.plain[Kind.TEXT])
        page.write_number(row, 2, head.seq, looks.plain[Kind.COUNT])
        row += 1


def _write_identities(book: _Book, page: Worksheet, row: int) -> int:
    identities: tuple[Identity, ...] = book.report.identities
    if not identities:
        return row
    row = _heads(book, page, row, shown.CHECK, shown.ONE_SIDE, shown.OTHER_SIDE)
    for one in identities:
        page.set_row(row, _HEAD_HIGH)
        _text(page, row, 0, one.note.said(book.words), book.looks.wrapped)
        for place, figure in enumerate((one.left, one.right), 1):
            page.write_number(row, place, _number(one.kind, figure), book.looks.plain[one.kind])
        row += 1
    return row + 1


def _heads(book: _Book, page: Worksheet, row: int, *titles: str) -> int:
    for place, title in enumerate(titles):
        _text(page, row, place, book.words(title), book.looks.head)
    return row + 1


def _page(book: _Book, name: str, title: str) -> Worksheet:
    """A sheet with its title, set up for A4."""
    report, words = book.report, book.words
    page = book.book.add_worksheet(name)
    page.set_row(0, _TITLE_HIGH)
    _text(page, 0, 0, title, book.looks.title)
    which = f"{shown.park(report, words)} · {shown.days(report, words)} · {shown.version(report, words)}"
    _text(page, 1, 0, which, book.looks.plain[Kind.TEXT])
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.set_margins(0.5, 0.5, 0.8, 0.7)
    page.hide_gridlines(2)
    left, right = shown.park(report, words), f"{shown.days(report, words)} · {shown.version(report, words)}"
    page.set_header(f"&L{_margin(left)}&R{_margin(right)}")
    page.set_footer(f"&L{_margin(title)}&R{shown.page(words, '&P', '&N')}")
    return page


def _margin(text: str) -> str:
    """Text for a header, where & begins a command."""
    return text[:_MARGIN_TEXT_MAX].replace("&", "&&")


def _draw_bars(book: _Book, page: Worksheet, name: str, sheet: Sheet, bars: Bars) -> None:
    """The chart of a paper, to the right of its columns."""
    chart = book.book.add_chart({"type": "column", "subtype": "stacked"})
    first, last = _HEAD + 1, _HEAD + len(sheet.rows)
    by = sheet.place(bars.by)
    for turn, column in enumerate(map(sheet.place, bars.of)):
        chart.add_series(
            {
                "name": [name, _HEAD, column],
                "categories": [name, first, by, last, by],
                "values": [name, first, column, last, column],
                "fill": {"color": _BARS[turn % len(_BARS)]},
                "gap": 40,
            }
        )
    chart.set_title({"name": book.words(sheet.title), "overlay": False})
    chart.set_legend({"position": "bottom"})
    page.insert_chart(f"{xl_col_to_name(len(sheet.columns) + 1)}{_HEAD + 1}", chart)


_Put = Callable[[Worksheet, int, int, Cell], object]


def _put(column: Column, looks: _Looks) -> _Put:
    """How a cell of the column is written."""
    look = looks.plain[column.kind]
    if column.kind is Kind.TEXT:
        return lambda page, row, place, cell: _text(
            page, row, place, str(cell), looks.guarded if csv_files.is_run(str(cell)) else look
        )
    return lambda page, row, place, cell: page.write_number(row, place, _number(column.kind, cell), look)


def _text(page: Worksheet, row: int, place: int, text: str, look: Format) -> None:
    """Text, never a formula; ValueError where it is longer than a cell can be."""
    if page.write_string(row, place, text, look) < 0:
        raise ValueError(f"{len(text)} characters do not fit into a cell")


def _number(kind: Kind, cell: Cell) -> float:
    """A cell as spreadsheets hold it: amounts as the nearest fraction, days counted from 1899."""
    if kind is Kind.DAY:
        return (date.fromisoformat(str(cell)) - _ZERO_DAY).days
    if kind is Kind.MOMENT:
        return _EPOCH_DAY + (moments.from_text(str(cell)) + _EAT_MS) / moments.DAY_MS
    return int(cell or 0) / {Kind.KES: money.MINOR, Kind.USD: money.MINOR, Kind.RATE: money.RATE_ONE}.get(
        kind, 1
    )


def _wall(at: str) -> datetime:
    return moments.local(moments.from_text(at)).replace(tzinfo=None)


def _width(column: Column, cells: list[Cell], words: Words) -> float:
    """Characters that show the title and some cells."""
    texts = [words(column.title) + "  ", *(shown.cell(column, cell, words) for cell in cells)]
    if column.kind is Kind.MOMENT:
        texts.append("2026-01-02 06:31:02")
    return min(_WIDE, max(_NARROW, *map(len, texts)) + 2)


def _aligned(kind: Kind) -> dict[str, object]:
    """Days and moments stand left, as text does."""
    return {"align": "left"} if kind in _LEFT else {}


def _looks(book: xlsxwriter.Workbook) -> _Looks:
    def look(**options: object) -> Format:
        return book.add_format({"font_name": "Calibri", "font_size": 10, "valign": "top", **options})

    strong = {"bold": True, "top": 1, "bg_color": _PALE}
    head = {"bold": True, "text_wrap": True, "bg_color": _GREEN, "font_color": "#FFFFFF", "border": 1}
    head |= {"border_color": _LINE, "valign": "vcenter"}
    return _Looks(
        plain={kind: look(num_format=form, **_aligned(kind)) for kind, form in _NUMBERS.items()},
        total={kind: look(num_format=form, **strong) for kind, form in _NUMBERS.items()},
        title=look(bold=True, font_size=_LARGE, font_color=_GREEN),
        head=look(**head),
        head_right=look(align="right", **head),
        guarded=look(num_format="@", quote_prefix=True),
        link=look(font_color=_GREEN, underline=1),
        note=look(italic=True),
        wrapped=look(text_wrap=True),
    )
