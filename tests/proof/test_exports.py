"""Exports as other programs open them: LibreOffice the workbook and the CSV, poppler the pages."""

import csv
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest

from gatepos.domain import moments
from gatepos.reports.sheet import Report
from tests.reports import papers
from tests.reports.papers import NASTY

pytestmark = pytest.mark.proof
_ROWS = 1000
_TIMEOUT_S = 180
_TO = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,"
"""Comma, double quote, UTF-8, cells as they are shown; then which sheet."""
_FROM = "--infilter=Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,0,true"
"""The same, special numbers looked for and formulas run: what a person might tick in the dialogue."""


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def report() -> Report:
    return papers.report(papers.register(_ROWS), papers.texts(*NASTY))


def converted(file: Path, folder: Path, sheet: int) -> list[list[str]]:
    """A sheet as LibreOffice calculates and shows it."""
    out = folder / "shown"
    own = [f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    read = [_FROM] if file.suffix == ".csv" else []
    ways = ["--convert-to", f"{_TO}{sheet}", "--outdir", str(out), str(file)]
    command = [program("soffice"), *own, *read, *ways]
    subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT_S)
    (made,) = out.iterdir()
    return list(csv.reader(made.read_text("utf-8").splitlines(keepends=True)))


def test_libreoffice_calculates_the_sums_that_the_workbook_holds(tmp_path: Path) -> None:
    sheet = report().sheets[0]
    made = papers.written(tmp_path, report(), "xlsx")
    rows = converted(made.folder / "report.xlsx", tmp_path, 2)
    total = next(row for row in rows if row[0] == "Total")
    people, paid, usd = (sheet.totals[place] or 0 for place in (4, 6, 7))
    assert int(total[4].replace(",", "")) == people
    assert [Decimal(total[place].replace(",", "")) * 100 for place in (6, 7)] == [paid, usd]
    first = next(row for row in rows if row[0] == sheet.rows[0][0])
    assert first[1] == moments.local(papers.FIRST_MS).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(("name", "sheet"), [("report.xlsx", 3), ("texts.csv", -1)])
def test_libreoffice_runs_nothing_of_what_people_typed(tmp_path: Path, name: str, sheet: int) -> None:
    folder = papers.written(tmp_path, report(), "xlsx", "csv").folder
    shown = " ".join(cell for row in converted(folder / name, tmp_path, sheet) for cell in row)
    for text in NASTY:
        if "\r" not in text and "\n" not in text and "\t" not in text:
            assert text.strip() in shown
    assert "Err:" not in shown
    assert "#NAME" not in shown


def test_poppler_reads_every_row_once_and_the_titles_on_every_page(tmp_path: Path) -> None:
    made = papers.written(tmp_path, report(), "pdf")
    command = [program("pdftotext"), "-layout", str(made.folder / "report.pdf"), "-"]
    pages = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\f")[:-1]
    rows = report().sheets[0].rows
    whole = "\n".join(pages)
    assert [whole.count(str(row[0])) for row in rows] == [1] * _ROWS
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert "version 2, as of 4 Jan 09:10" in page
        if str(rows[0][0])[:5] in page:
            assert "Receipt" in page
    paid = report().sheets[0].totals[6] or 0
    assert f"{paid // 100:,}.{paid % 100:02d}" in whole
    assert "Supervisor" in pages[-1]
