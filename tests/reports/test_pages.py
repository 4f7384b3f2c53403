"""Pages of a report: as many as it takes, no cell lost on the way, in the bundled font."""

import re
from pathlib import Path

from gatepos.devices import a4, a4_blocks
from gatepos.devices.a4 import Table
from tests.reports import papers
from tests.reports.papers import NASTY


def pdf(folder: Path, rows: int) -> bytes:
    sheets = (papers.hours(), papers.register(rows), papers.texts(*NASTY))
    return (papers.written(folder, papers.report(*sheets), "pdf").folder / "report.pdf").read_bytes()


def pages_of(data: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", data))


def test_a_report_has_as_many_pages_as_its_rows_take_and_brings_its_font(tmp_path: Path) -> None:
    (tmp_path / "long").mkdir()
    short, long = pdf(tmp_path, 10), pdf(tmp_path / "long", 1000)
    assert 15 < pages_of(long) - pages_of(short) < 25
    assert set(re.findall(rb"/FontName /\w+\+(Inter[\w-]+)", long)) == {b"Inter-Regular", b"Inter-SemiBold"}


def test_text_goes_over_lines_without_losing_a_letter() -> None:
    a4_blocks.load_fonts()
    for text in ("Savannah and Sons Tours and Travel", "x" * 300, "a", ""):
        lines = a4_blocks.broken(text, 60, a4_blocks.PLAIN)
        assert all(a4_blocks.wide(line, a4_blocks.PLAIN) <= 60 for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_no_word_is_broken_while_a_page_has_room_for_it() -> None:
    a4_blocks.load_fonts()
    heads = ("Receipt", "People", "Operator")
    rows = [("NMG2R000077W", "8", "Savannah and Sons Tours and Travel Limited " * 3)]
    table = Table(heads, (False, True, False), rows)
    natural, least = a4.measured(table)
    fitted = a4.fitted(natural, least, 250)
    assert sum(fitted) <= 250
    assert fitted[:2] == natural[:2]


def test_what_the_font_has_not_is_a_box_and_nothing_is_markup() -> None:
    a4_blocks.load_fonts()
    assert a4_blocks.clean("<b>PAID</b>\n🦏 Ngũgĩ\x00") == "<b>PAID</b> □ Ngũgĩ□"
