"""A paper as PDF: one page as long as the paper, in a bundled font."""

import io
from collections.abc import Iterable

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from gatepos import resources
from gatepos.devices import layout, qr
from gatepos.devices.layout import Row
from gatepos.domain.receipt import PaperLine, Qr

_MARGIN = 4 * mm
_FONTS = {False: "DejaVuSansMono", True: "DejaVuSansMono-Bold"}
_ADVANCE = 0.602  # of the font's size, for every character


def render(lines: Iterable[PaperLine], paper_mm: int) -> bytes:
    """The PDF file of a paper."""
    rows = list(layout.rows(lines, paper_mm))
    width = paper_mm * mm
    heights = [_height(row, paper_mm) for row in rows]
    out = io.BytesIO()
    page_height = sum(heights) + 2 * _MARGIN
    canvas = Canvas(out, pagesize=(width, page_height), invariant=1)
    for name in _FONTS.values():
        pdfmetrics.registerFont(TTFont(name, resources.folder() / "fonts" / f"{name}.ttf"))
    top = page_height - _MARGIN
    for row, height in zip(rows, heights, strict=True):
        top -= height
        if isinstance(row, Qr):
            _draw_qr(canvas, row.text, width, top, height)
        else:
            _draw_row(canvas, row, width, top, height, paper_mm)
    canvas.save()
    return out.getvalue()


def _cell(row: Row, paper_mm: int) -> float:
    columns = (layout.SMALL_COLUMNS if row.small else layout.COLUMNS)[paper_mm]
    return float((paper_mm * mm - 2 * _MARGIN) / columns * row.size)


def _height(row: Row | Qr, paper_mm: int) -> float:
    if isinstance(row, Qr):
        return float((paper_mm * mm - 2 * _MARGIN) * 0.75)
    return _cell(row, paper_mm) * (1.95 if row.size == 1 else 1.75)


def _draw_row(canvas: Canvas, row: Row, width: float, top: float, height: float, paper_mm: int) -> None:
    size = _cell(row, paper_mm) / _ADVANCE
    if row.inverse:
        canvas.setFillGray(0)
        canvas.rect(_MARGIN, top, width - 2 * _MARGIN, height, stroke=0, fill=1)
    canvas.setFillGray(1 if row.inverse else 0)
    canvas.setFont(_FONTS[row.bold], size)
    canvas.drawString(_MARGIN, top + height / 2 - size * 0.35, row.text)


def _draw_qr(canvas: Canvas, text: str, width: float, top: float, height: float) -> None:
    modules = qr.matrix(text)
    size = height / len(modules)
    left = (width - height) / 2
    canvas.setFillGray(0)
    for y, row in enumerate(modules):
        for x, module in enumerate(row):
            if module:
                canvas.rect(left + x * size, top + height - (y + 1) * size, size, size, stroke=0, fill=1)
