"""Exports as other programs open them: LibreOffice the workbook and the CSV, poppler the pages."""

import csv
import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from gatepos.domain import moments
from gatepos.reports.sheet import Report
from tests.gate import Gate, selling
from tests.reports import day, papers
from tests.reports.papers import NASTY
from tests.reports.test_daily import document, made

pytestmark = pytest.mark.proof
_ROWS = 1000
_TIMEOUT_S = 180
_TO = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,"
"""Comma, double quote, UTF-8, cells as they are shown; then which sheet."""
_FROM = "--infilter=Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,0,true"
"""The same, special numbers looked for and formulas run: what a person might tick in the dialogue."""


_MEASURED = """
import resource, sys, time
from pathlib import Path
from gatepos.reports import apart, export
from tests.reports import papers
if __name__ == "__main__":
    report, format_ = papers.report(papers.register(int(sys.argv[2]))), sys.argv[3]
    begun = time.perf_counter()
    export.write(report, Path(sys.argv[1]), (format_,), papers.WORDS, papers.SIGNER, lambda _: 0, apart.make)
    took_s = time.perf_counter() - begun
    print(took_s, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""
_MEMORY_MB = 150
_ENV = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


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


def recalculated(file: Path, folder: Path) -> Workbook:
    """The workbook without its values, as LibreOffice calculates them anew."""
    bare = folder / "bare.xlsx"
    openpyxl.load_workbook(file).save(bare)
    own = [f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    command = [program("soffice"), *own, "--convert-to", "xlsx", "--outdir", str(folder / "made"), str(bare)]
    subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT_S)
    return openpyxl.load_workbook(folder / "made" / "bare.xlsx", data_only=True)


def test_libreoffice_adds_up_every_paper_of_a_day_to_what_the_till_says(tmp_path: Path) -> None:
    gate = Gate(tmp_path / "park")
    till = selling(gate.built(), float_kes="2000")
    day.played(till)
    day.closed(till)
    till.desk.ledger.close()
    export = made(gate.folder, tmp_path / "out", formats="xlsx,json")
    own = openpyxl.load_workbook(export / "report.xlsx")
    theirs = recalculated(export / "report.xlsx", tmp_path)
    assert theirs.sheetnames == own.sheetnames
    told = [paper["totals"] for paper in document(export)["papers"]]
    checked = 0
    for page, totals in zip(own.worksheets[1:], told, strict=True):
        values = theirs[page.title]
        assert not [cell.value for row in values for cell in row if str(cell.value).startswith(("#", "Err:"))]
        sums = [cell for row in page for cell in row if cell.data_type == "f"]
        scaled = [minor / 100 if name.endswith("_minor") else minor for name, minor in totals.items()]
        assert [values[cell.coordinate].value or 0 for cell in sums] == (scaled if sums else []), page.title
        assert sums or not any(scaled)
        checked += len(sums)
    assert checked > 50


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


@pytest.mark.parametrize(
    ("rows", "name"),
    [(10_000, "xlsx"), (100_000, "csv"), (100_000, "xlsx"), (10_000, "pdf"), (100_000, "json")],
)
def test_an_export_takes_little_memory_in_its_own_process(tmp_path: Path, rows: int, name: str) -> None:
    script = tmp_path / "measured.py"
    script.write_text(_MEASURED, "utf-8")
    command = [sys.executable, str(script), str(tmp_path), str(rows), name]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=_TIMEOUT_S, env=_ENV)
    took_s, peak_mb = done.stdout.split()
    print(f"{name} of {rows:,} receipts: {float(took_s):.2f} s, {peak_mb} MB")
    assert int(peak_mb) < _MEMORY_MB
