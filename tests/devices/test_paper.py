"""Papers as rows, bytes, PDF and picture: nothing wider than the paper, nothing that is a command."""

import base64
import io
import re
import zlib
from collections.abc import Iterator

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gatepos.devices import escpos, layout, pdf, picture, qr
from gatepos.domain import receipt
from gatepos.domain.paper_lines import Banner, Box, Centre, Columns, Named, PaperLine, Qr, Rule, Small, ToFill
from gatepos.domain.parks import shipped
from gatepos.i18n import words
from gatepos.seal import checking
from gatepos.till import views
from gatepos.till.till import Till
from tests.gate import ordinary_van

WIDTHS = (80, 58)
QR_ALONE = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
"""Words in small type may pass for the bars of another kind of code."""
TOKEN = "HTTPS://GATE.EXAMPLE/P/" + "ABCDEFGH" * 30
LARGEST = "HTTPS://GATE.EXAMPLE/P/" + "ABCDEFG2" * 67
_WORDS = st.text(
    st.characters(max_codepoint=0x24F, exclude_categories=("Cc", "Cf", "Zs"), exclude_characters="-"),
    min_size=1,
    max_size=30,
)
_TEXT = st.lists(_WORDS, max_size=8).map(" ".join)
_AMOUNT = st.integers(-(10**14), 10**14).map(lambda n: f"{n:,}"[:16])
LINES = st.one_of(
    st.builds(Centre, _TEXT, st.sampled_from((1, 2, 3)), st.booleans()),
    st.builds(Columns, _TEXT, _AMOUNT, st.booleans(), st.sampled_from((1, 2))),
    st.builds(Columns, _TEXT, _AMOUNT, small=st.just(True)),
    st.builds(lambda *inner: Box(inner), st.builds(Centre, _TEXT), st.builds(Named, _TEXT, _TEXT)),
    st.builds(ToFill, _TEXT),
    st.builds(Small, _TEXT, st.booleans(), st.booleans()),
    st.just(Rule()),
    st.builds(Banner, _TEXT),
)


@pytest.fixture
def van(sell: Till) -> tuple[PaperLine, ...]:
    """The paper of an ordinary sale."""
    ordinary_van(sell)
    sell.payments.pay("mpesa")
    done = sell.payments.mpesa("UA26X1Y2ZQ")
    assert isinstance(done, views.RecordedView)
    return sell.history.open(done.number).paper


def room(row: layout.Row, paper_mm: int) -> int:
    columns = layout.SMALL_COLUMNS if row.small else layout.COLUMNS
    return row.box or columns[paper_mm]


def texts(line: object) -> Iterator[str]:
    """Everything that a line says."""
    for name in ("text", "left", "right", "name", "value"):
        yield getattr(line, name, "")
    for inner in getattr(line, "lines", ()):
        yield from texts(inner)


@given(st.lists(LINES, max_size=4), st.sampled_from(WIDTHS))
@settings(max_examples=100)
def test_no_row_is_wider_than_the_paper_and_no_word_is_lost(lines: list[PaperLine], paper_mm: int) -> None:
    rows = [row for row in layout.rows(lines, paper_mm) if isinstance(row, layout.Row)]
    for row in rows:
        assert row.width <= room(row, paper_mm), row
    printed = "".join(str(row) for row in rows if set(row.text) != {"-"}).replace(" ", "")
    for line in lines:
        for part in texts(line):
            assert part.replace(" ", "") in printed


@pytest.mark.parametrize("paper_mm", WIDTHS)
def test_amounts_stand_at_the_right_edge(van: tuple[PaperLine, ...], paper_mm: int) -> None:
    rows = [row for row in layout.rows(van, paper_mm) if isinstance(row, layout.Row)]
    columns = [row for row in rows if row.text.endswith(("43,940", "31,080", "5,180", "1,500"))]
    assert len(columns) >= 6
    for row in columns:
        assert row.width == room(row, paper_mm)


@pytest.mark.parametrize("paper_mm", WIDTHS)
@pytest.mark.parametrize("amount", ["999,999,999.99", "9,999,999,999.99"])
def test_the_largest_total_fits_its_row(paper_mm: int, amount: str) -> None:
    total = Columns("TOTAL KES", amount, bold=True, size=2)
    rows = [row for row in layout.rows([total], paper_mm) if isinstance(row, layout.Row)]
    assert rows[-1].text.endswith(amount)
    assert all(len(row.text) <= layout.COLUMNS[paper_mm] // 2 for row in rows)


@pytest.mark.parametrize("paper_mm", WIDTHS)
@pytest.mark.parametrize(
    "make",
    [
        Centre,
        Small,
        Banner,
        ToFill,
        Qr,
        lambda text: Columns(text, text),
        lambda text: Box((Centre(text, 2),)),
        lambda text: Box((Named(text, text),)),
    ],
)
def test_no_control_byte_of_the_data_reaches_the_printer(paper_mm: int, make: type[Centre]) -> None:
    harmless = [escpos.render([make(text)], paper_mm) for text in ("a?b", "a b", "a" + 7 * " " + "b")]
    for point in (*range(0x20), *range(0x7F, 0xA0), 0xAD, 0x200B, 0x202E, 0x2028, 0xFEFF, 0xE000):
        assert escpos.render([make(f"a{chr(point)}b")], paper_mm) in harmless


@pytest.mark.parametrize("paper_mm", WIDTHS)
def test_the_bytes_of_a_sale_say_what_its_rows_say_and_end_with_a_cut(
    van: tuple[PaperLine, ...], paper_mm: int
) -> None:
    data = escpos.render(van, paper_mm)
    assert data.startswith(b"\x1b@")
    assert b"TOTAL KES" in data
    assert b"43,940" in data
    assert b"Non-resident adult" in data
    assert re.search(rb"\x1dV[\x00-\x42]", data[-6:])
    (code,) = [line.text for line in van if isinstance(line, Qr)]
    assert data.count(code.encode()) == 1


@pytest.mark.parametrize("paper_mm", WIDTHS)
def test_a_box_is_closed_on_every_paper(paper_mm: int) -> None:
    box = Box((Centre("PAY BY M-PESA, ONLY TO", bold=True), Named("Account", "XNM2P000001N")))
    image = picture.draw([box], paper_mm)
    middle = image.width // 2
    ink = [y for y in range(image.height) if image.getpixel((middle, y)) == 0]
    for x in (24, image.width - 25):
        assert all(image.getpixel((x, y)) == 0 for y in range(ink[0], ink[-1] + 1))
    rows = printed_rows(escpos.render([box], paper_mm))
    assert {row[0] + row[-1] for row in rows[1:-1]} == {"││"}
    assert rows[0] == "┌" + "─" * (layout.COLUMNS[paper_mm] - 2) + "┐"
    assert rows[-1] == "└" + "─" * (layout.COLUMNS[paper_mm] - 2) + "┘"


def printed_rows(data: bytes) -> list[str]:
    """The rows of printed bytes without their commands."""
    commands = rb"\x1b@|\x1b2|\x1b[EMadt3].|\x1d[!B].|\x1dV."
    text = re.sub(commands, b"", data, flags=re.DOTALL).decode("cp437")
    return [row for row in text.split("\n") if row.strip()]


def test_a_printer_without_codes_of_its_own_gets_the_qr_as_dots(van: tuple[PaperLine, ...]) -> None:
    (code,) = [line.text for line in van if isinstance(line, Qr)]
    data = escpos.render(van, 80, native_qr=False)
    assert code.encode() not in data
    assert b"\x1dv0" in data


@pytest.mark.parametrize("text", ["–—−·×’…", "Ngũgĩ", "مرحبا 中文 🦁"])
def test_what_a_printer_has_no_letter_for_is_replaced_and_never_fails(text: str) -> None:
    shown = escpos.printable(text)
    assert shown.isprintable()
    assert escpos.render([Centre(text), Small(text)], 58)


@pytest.mark.parametrize("paper_mm", WIDTHS)
def test_the_qr_of_the_picture_reads_back_and_verifies(
    sell: Till, van: tuple[PaperLine, ...], paper_mm: int
) -> None:
    image = Image.open(io.BytesIO(picture.png(van, paper_mm)))
    (found,) = zxingcpp.read_barcodes(image, formats=QR_ALONE)
    (code,) = [line.text for line in van if isinstance(line, Qr)]
    assert found.text == code
    paper = checking.read(found.text, sell.desk.keyring)
    assert (paper.payload.plate, paper.payload.number[4]) == ("KDA412M", "R")


@pytest.mark.parametrize("text", [TOKEN, LARGEST, "GP:TEST"])
@pytest.mark.parametrize("width", qr.LINE_DOTS.values())
def test_every_code_has_whole_dots_fits_its_line_and_reads_back(text: str, width: int) -> None:
    code = qr.printed(text, width)
    image = picture.qr_image(text, width)
    assert image.width == len(code.modules) * code.dots
    assert code.dots >= qr.DOTS_GOOD
    assert (len(code.modules) - 2 * qr.QUIET) * code.dots <= width
    (found,) = zxingcpp.read_barcodes(image)
    assert found.text == text


def test_a_code_is_corrected_less_only_where_its_modules_grow_by_it() -> None:
    assert not qr.printed(TOKEN, 384).is_low
    assert not qr.printed(LARGEST, 512).is_low
    assert qr.printed(LARGEST, 384).is_low


@pytest.mark.parametrize("text", [TOKEN, LARGEST])
@pytest.mark.parametrize("paper_mm", WIDTHS)
def test_a_code_is_as_large_in_every_form_of_the_paper(text: str, paper_mm: int) -> None:
    code = qr.printed(text, qr.LINE_DOTS[paper_mm])
    dots, level = bytes([code.dots]), bytes([48 + (not code.is_low)])
    native = escpos.render([Qr(text)], paper_mm)
    assert b"\x1d(k\x03\x001C" + dots in native
    assert b"\x1d(k\x03\x001E" + level in native
    raster = escpos.render([Qr(text)], paper_mm, native_qr=False)
    (size,) = re.findall(rb"\x1dv0.(....)", raster, re.DOTALL)
    assert int.from_bytes(size[2:], "little") == len(code.modules) * code.dots
    assert int.from_bytes(size[:2], "little") * 8 <= qr.LINE_DOTS[paper_mm]


def test_a_code_has_its_quiet_zone() -> None:
    modules = qr.matrix(TOKEN)
    edges = [*modules[:4], *modules[-4:], *(row[:4] for row in modules), *(row[-4:] for row in modules)]
    assert not any(map(any, edges))


def test_a_token_in_capitals_makes_a_small_code() -> None:
    """Alphanumeric mode: the same text in small letters needs bytes, and a larger code."""
    assert len(qr.matrix(TOKEN)) < len(qr.matrix(TOKEN.lower()))


def test_a_picture_has_the_dots_of_its_paper(van: tuple[PaperLine, ...]) -> None:
    assert picture.draw(van, 80).width == 576 + 48
    assert picture.draw(van, 58).width == 384 + 48


def pdf_text(data: bytes) -> str:
    """What the one page of a PDF says: in its first subset a font keeps the codes of ASCII."""
    (packed,) = re.findall(rb"/ASCII85Decode /FlateDecode \].*?stream\r?\n(.*?~>)", data, re.DOTALL)
    page = zlib.decompress(base64.a85decode(b"<~" + packed, adobe=True)).decode("latin-1")
    return re.sub(r"\\(.)", r"\1", " ".join(re.findall(r"\((.*?)(?<!\\)\) Tj", page, re.DOTALL)))


@pytest.mark.parametrize("paper_mm", WIDTHS)
def test_a_pdf_is_one_page_of_the_papers_width_and_says_the_same(
    van: tuple[PaperLine, ...], paper_mm: int
) -> None:
    data = pdf.render(van, paper_mm)
    assert data == pdf.render(van, paper_mm)
    assert len(re.findall(rb"/Type /Page\b", data)) == 1
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", data)
    assert box is not None
    assert abs(float(box[1]) - paper_mm * 72 / 25.4) < 0.01
    text = " ".join(pdf_text(data).split())
    for expected in ("TOTAL KES", "43,940", "M-PESA UA26X1Y2ZQ", "Non-resident adult"):
        assert expected in text


def test_the_printer_test_page_prints_everywhere() -> None:
    page = receipt.test_page(shipped().park("NNP"), words("en"))
    for paper_mm in WIDTHS:
        assert b"PRINTER TEST" in escpos.render(page, paper_mm)
        assert pdf.render(page, paper_mm)
        (found,) = zxingcpp.read_barcodes(picture.draw(page, paper_mm))
        assert found.text == "GP:TEST"
