"""A report on A4 pages: a first page with what it covers, a part for each paper, and who signs."""

from gatepos import __version__
from gatepos.devices import a4
from gatepos.devices.a4_blocks import Bars as Drawn
from gatepos.domain import money
from gatepos.i18n import N_, Words
from gatepos.reports import shown
from gatepos.reports.outlet import Outlet
from gatepos.reports.sheet import Bars, Cell, Column, Kind, Report, Sheet

NAME = "report.pdf"
SIGNS = (N_("Cashier"), N_("Supervisor"), N_("Manager"))
_FILL_IN = (N_("Name"), N_("Signature"), N_("Date"))
_SIGNATURES, _NOTHING = N_("Signatures"), N_("None.")
_COLUMNS_FEW = 8
"""So many stand on a page as they are."""
_LEFT = (Kind.TEXT, Kind.MOMENT, Kind.DAY)


def write(report: Report, outlet: Outlet) -> None:
    """`report.pdf`."""
    words = outlet.words
    parts = (_first(report, words), *(_part(sheet, outlet) for sheet in report.sheets), _last(words))
    above = (
        f"{words(shown.TITLE)} · {shown.park(report, words)}",
        f"{shown.days(report, words)} · {shown.version(report, words)}",
    )
    document = a4.Document(
        above[0],
        above,
        f"gatepos {__version__}",
        parts,
        lambda page, of: shown.page(words, page, of),
        tuple(map(words, _FILL_IN)),
    )
    with outlet.file(NAME) as file:
        a4.write(document, file)


def _first(report: Report, words: Words) -> a4.Part:
    """What the report covers, what was checked, where the chains stood."""
    notes = tuple(note.said(words) for note in report.coverage)
    text = (shown.days(report, words), shown.version(report, words), *notes)
    heads = (words(shown.TILL), words(shown.ENTRIES), words(shown.HASH))
    ledgers = [(head.till, f"{head.seq:,}", head.hash) for head in report.heads]
    tables = [a4.Table(heads, (False, True, False), ledgers)]
    if report.identities:
        tables.insert(0, _identities(report, words))
    papers = [(words(sheet.title), f"{len(sheet.rows):,}") for sheet in report.sheets]
    tables.insert(0, a4.Table((words(shown.PAPERS), words(shown.ROWS)), (False, True), papers))
    return a4.Part(f"{words(shown.TITLE)} · {shown.park(report, words)}", text, tables=tuple(tables))


def _identities(report: Report, words: Words) -> a4.Table:
    heads = (words(shown.CHECK), words(shown.ONE_SIDE), words(shown.OTHER_SIDE))
    rows = [
        (
            one.note.said(words),
            *(shown.cell(Column("", "", one.kind), figure, words) for figure in (one.left, one.right)),
        )
        for one in report.identities
    ]
    return a4.Table(heads, (False, True, True), rows)


def _part(sheet: Sheet, outlet: Outlet) -> a4.Part:
    words = outlet.words
    notes = tuple(note.said(words) for note in sheet.notes)
    if not sheet.rows:
        return a4.Part(words(sheet.title), (words(_NOTHING),), notes=notes)
    rows = [_texts(sheet.columns, row, words) for row in outlet.rows(sheet)]
    sums = sheet.totals
    own, same = _parted(sheet, rows, sums)
    totals = _totals(sheet, sums, words)
    table = a4.Table(
        tuple(words(sheet.columns[place].title) for place in own),
        tuple(sheet.columns[place].kind not in _LEFT for place in own),
        [tuple(row[place] for place in own) for row in rows],
        _named(tuple(totals[place] for place in own), words) if totals else (),
    )
    once = " · ".join(f"{words(sheet.columns[place].title)}: {rows[0][place]}" for place in same)
    bars = _bars(sheet, sheet.bars, words) if sheet.bars else None
    return a4.Part(words(sheet.title), (once,) if once else (), bars=bars, tables=(table,), notes=notes)


def _parted(
    sheet: Sheet, rows: list[tuple[str, ...]], sums: tuple[int | None, ...]
) -> tuple[list[int], list[int]]:
    """The columns of the table, and those whose cells are all the same, which are said once above it.

    Sums of nothing are left out.
    """
    shown = [place for place, column in enumerate(sheet.columns) if column.is_printed]
    if len(shown) <= _COLUMNS_FEW or len(rows) == 1:
        return shown, []
    alike = [place for place in shown if place and len({row[place] for row in rows}) == 1]
    summed = {place for place in alike if sheet.columns[place].is_summed}
    said = [place for place in alike if place not in summed]
    left = {*said, *(place for place in summed if not sums[place])}
    return [place for place in shown if place not in left], [place for place in said if rows[0][place]]


def _texts(columns: tuple[Column, ...], row: tuple[Cell, ...], words: Words) -> tuple[str, ...]:
    return tuple(shown.cell(column, cell, words) for column, cell in zip(columns, row, strict=True))


def _totals(sheet: Sheet, totals: tuple[int | None, ...], words: Words) -> tuple[str, ...]:
    if all(total is None for total in totals):
        return ()
    return _texts(sheet.columns, totals, words)


def _named(totals: tuple[str, ...], words: Words) -> tuple[str, ...]:
    """Sums with what they are before them."""
    first, *rest = totals
    return (first or words(shown.TOTAL), *rest)


def _bars(sheet: Sheet, bars: Bars, words: Words) -> Drawn:
    by = sheet.place(bars.by)
    columns = [sheet.columns[sheet.place(name)] for name in bars.of]
    series = tuple(
        (words(column.title), tuple(int(row[sheet.place(column.name)] or 0) for row in sheet.rows))
        for column in columns
    )
    shaded = sheet.place(bars.shaded) if bars.shaded else None
    return Drawn(
        tuple(shown.cell(sheet.columns[by], row[by], words) for row in sheet.rows),
        series,
        frozenset(n for n, row in enumerate(sheet.rows) if shaded is not None and row[shaded]),
        words(sheet.columns[shaded].title) if shaded is not None else "",
        money.amount if columns[0].kind in (Kind.KES, Kind.USD) else "{:,}".format,
    )


def _last(words: Words) -> a4.Part:
    return a4.Part(words(_SIGNATURES), signs=tuple(map(words, SIGNS)))
