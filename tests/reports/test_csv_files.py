"""CSV files open without running anything, say what their columns are, and read back as they were."""

import csv
import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from gatepos.reports import csv_files
from tests.reports import papers
from tests.reports.papers import NASTY

_RUNS = re.compile(r"\s*[=+@\-−＝＋－＠﹦]|[\t\r\n]")


def test_nasty_text_reads_back_as_it_was_and_no_cell_begins_a_formula(tmp_path: Path) -> None:
    made = papers.written(tmp_path, papers.report(papers.texts(*NASTY)), "csv")
    data = (made.folder / "texts.csv").read_bytes()
    assert [row[1] for row in csv_files.read(data)[1:]] == list(NASTY)
    plain = list(csv.reader(data.decode("utf-8-sig").splitlines(keepends=True), strict=True))
    assert [row for row in plain if any(map(_RUNS.match, row))] == []


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_comes_back_from_its_guard(text: str) -> None:
    assert csv_files.unguarded(csv_files.guarded(text)) == text
    assert not _RUNS.match(csv_files.guarded(text))


def test_amounts_are_shillings_days_are_days_and_moments_are_of_kenya(tmp_path: Path) -> None:
    made = papers.written(tmp_path, papers.report(papers.register(4)), "csv")
    head, first, second, _, fourth = csv_files.read((made.folder / "receipts.csv").read_bytes())
    assert head == ["number", "at", "day", "operator", "people", "rate", "paid", "usd"]
    assert first[1:3] == ["2026-01-02 06:31:02", "2026-01-02"]
    assert first[4:] == ["1", "129.5000", "10000.01", "0.00"]
    assert second[3] is None
    assert fourth[6:] == ["-200.00", "3.03"]


def test_files_are_rfc_4180_with_a_mark_by_which_excel_reads_utf_8(tmp_path: Path) -> None:
    made = papers.written(tmp_path, papers.report(papers.texts("a,b", "Ngũgĩ")), "csv")
    data = (made.folder / "texts.csv").read_bytes()
    assert data == '\ufeffn,text\r\n1,"a,b"\r\n2,Ngũgĩ\r\n'.encode()


def test_a_file_describes_every_column_of_every_other(tmp_path: Path) -> None:
    made = papers.written(tmp_path, papers.report(papers.register(1), papers.hours()), "csv")
    described = csv_files.read((made.folder / "columns.csv").read_bytes())[1:]
    for name in ("receipts.csv", "hours.csv"):
        head = csv_files.read((made.folder / name).read_bytes())[0]
        assert [row[1] for row in described if row[0] == name] == head
    assert ["receipts.csv", "paid", "Paid", "KES, two decimals", "yes"] in described
