"""The workbook as another library reads it: real numbers and dates, sums by formula that are ours."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from gatepos.reports import workbook
from gatepos.reports.sheet import Head, Sheet
from tests.reports import papers
from tests.reports.papers import NASTY

_HEAD = 4


def opened(folder: Path, *sheets: Sheet, values: bool = False) -> Workbook:
    made = papers.written(folder, papers.report(*sheets), "xlsx")
    return openpyxl.load_workbook(made.folder / "report.xlsx", data_only=values)


def row(page: Worksheet, number: int) -> list[object]:
    return [cell.value for cell in page[number]]


def test_cells_are_numbers_and_dates_of_kenya_and_amounts_are_shillings(tmp_path: Path) -> None:
    page = opened(tmp_path, papers.register(4))["Receipt register"]
    assert row(page, _HEAD)[:3] == ["Receipt", "At", "Day"]
    first = row(page, _HEAD + 1)
    assert first[1] == datetime(2026, 1, 2, 6, 31, 2, 123_000)
    assert first[2] == datetime(2026, 1, 2)
    assert first[4:] == [1, 129.5, 10_000.01, 0]
    assert row(page, _HEAD + 4)[6] == -200
    assert page.cell(_HEAD + 1, 7).number_format == "#,##0.00"
    assert row(page, _HEAD + 2)[3] is None


@pytest.mark.parametrize("rows", [1, 700])
def test_totals_are_sums_over_all_rows_and_their_values_are_ours(tmp_path: Path, rows: int) -> None:
    sheet = papers.register(rows)
    (tmp_path / "formulas").mkdir()
    formulas = row(opened(tmp_path / "formulas", sheet)["Receipt register"], _HEAD + rows + 1)
    values = row(opened(tmp_path, sheet, values=True)["Receipt register"], _HEAD + rows + 1)
    span = f"G{_HEAD + 1}:G{_HEAD + rows}" if rows > 1 else f"G{_HEAD + 1}"
    assert formulas[6] == f"=SUM({span})"
    assert formulas[0] == "Total"
    assert sheet.totals[6] is not None
    assert values[4] == sheet.totals[4]
    assert values[6] == sheet.totals[6] / 100


def test_nasty_text_is_text_as_it_was_and_is_marked_so_that_editing_runs_nothing(tmp_path: Path) -> None:
    page = opened(tmp_path, papers.texts(*NASTY))["Texts"]
    for place, text in enumerate(NASTY, _HEAD + 1):
        cell = page.cell(place, 2)
        # XML knows one line end only; a carriage return is written as _x000D_.
        assert str(cell.value).replace("_x000D_", "\r") == text
        assert cell.data_type in "s"
        if text[0] in "=+-@":
            assert cell.quotePrefix


def test_a_page_prints_on_a4_with_its_titles_on_each(tmp_path: Path) -> None:
    page = opened(tmp_path, papers.register(700))["Receipt register"]
    assert page.freeze_panes == f"A{_HEAD + 1}"
    assert page.auto_filter.ref == f"A{_HEAD}:H{_HEAD + 700}"
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
    assert page.print_title_rows == f"${_HEAD}:${_HEAD}"
    assert page.oddHeader.left.text == "Nairobi National Park"
    assert page.oddHeader.right.text == "Fri 2 Jan 2026 · version 2, as of 4 Jan 09:10"
    assert page.oddFooter.right.text == "Page &P of &N"


def test_the_first_sheet_says_what_is_covered_what_was_checked_and_where_the_papers_are(
    tmp_path: Path,
) -> None:
    book = opened(tmp_path, papers.register(4), papers.hours())
    assert book.sheetnames == ["Takings", "Receipt register", "Collected by hour"]
    cells = {cell.value for line in book["Takings"] for cell in line}
    assert {"This till NMG2, all of its entries.", "ab" * 32, 800, "Receipt register"} <= cells
    assert len(book["Collected by hour"]._charts) == 1


def test_a_paper_of_nothing_is_whole_and_its_sum_is_none(tmp_path: Path) -> None:
    page = opened(tmp_path, papers.register(0))["Receipt register"]
    assert row(page, _HEAD + 1)[6] == 0


def test_sheets_have_names_that_spreadsheets_take() -> None:
    long = "Reprints, overrides, switches and clock changes"
    names = workbook.sheet_names(["a/b: [c]?", long, long, "", "takings", "Takings"])
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_text_that_no_cell_can_hold_is_refused_and_not_cut(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="40000 characters"):
        papers.written(tmp_path, papers.report(papers.texts("x" * 40_000)), "xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_demonstration_says_so_on_every_sheet(tmp_path: Path) -> None:
    given = replace(papers.report(papers.register(1)), heads=(Head("XNM2", 9, "ab" * 32),))
    book = openpyxl.load_workbook(papers.written(tmp_path, given, "xlsx").folder / "report.xlsx")
    for page in book.worksheets:
        assert page.oddHeader.left.text == "DEMO · Nairobi National Park"
