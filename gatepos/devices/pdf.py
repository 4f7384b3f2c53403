"""A paper as PDF: one page as long as the paper, in a bundled font."""

import io
from collections.abc import Iterable

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from gatepos import resources
from gatepos.devices import layout, qr
from gatepos.devices.layout import Edge, Row
from gatepos.domain.paper_lines import PaperLine, Qr

_MARGIN = 4 * mm
_FONTS = {False: "DejaVuSansMono", True: "DejaVuSansMono-Bold"}
_DOT = mm / 8
"""A printer's, at 203 dpi."""
_LINE, _AIR = 0.4 * mm, 1.4 * mm
"""A box's line, and the air around a box."""


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
            _draw_qr(canvas, row.text, width, top, paper_mm)
        elif isinstance(row, Edge):
            _draw_edge(canvas, row, width, top)
        else:
            _draw_row(canvas, row, width, top, height, paper_mm)
    canvas.save()
    return out.getvalue()


def _cell(row: Row, paper_mm: int) -> float:
    columns = (layout.SMALL_COLUMNS if row.small else layout.COLUMNS)[paper_mm]
    return float((paper_mm * mm - 2 * _MARGIN) / columns)


def _height(row: Row | Qr | Edge, paper_mm: int) -> float:
    if isinstance(row, Qr):
        code = qr.printed(row.text, qr.LINE_DOTS[paper_mm])
        return float(len(code.modules) * code.dots * _DOT)
    if isinstance(row, Edge):
        return float(_AIR + _LINE + _AIR / 2)
    return layout.height(row, _cell(row, paper_mm))


def _draw_row(canvas: Canvas, row: Row, width: float, top: float, height: float, paper_mm: int) -> None:
    cell = _cell(row, paper_mm)
    canvas.setFillGray(0)
    if row.inverse:
        canvas.rect(_MARGIN, top, width - 2 * _MARGIN, height, stroke=0, fill=1)
    if row.box:
        for left in (_MARGIN, width - _MARGIN - _LINE):
            canvas.rect(left, top, _LINE, height, stroke=0, fill=1)
    canvas.setFillGray(1 if row.inverse else 0)
    left = _MARGIN + layout.FRAME * cell if row.box else _MARGIN
    baseline = top + height / 2 - layout.DROP * row.size * cell
    for text, size, bold in ((row.lead, 1, False), (row.text, row.size, row.bold)):
        if text.strip():
            canvas.setFont(_FONTS[bold], cell * size / layout.ADVANCE)
            canvas.drawString(left, baseline, text)
        left += len(text) * size * cell


def _draw_edge(canvas: Canvas, edge: Edge, width: float, top: float) -> None:
    """The line of a box, with air above the upper one and below the lower."""
    line = top + (_AIR / 2 if edge.is_top else _AIR)
    bottom, height = (top, _AIR / 2) if edge.is_top else (line, _AIR / 2 + _LINE)
    canvas.setFillGray(0)
    canvas.rect(_MARGIN, line, width - 2 * _MARGIN, _LINE, stroke=0, fill=1)
    for left in (_MARGIN, width - _MARGIN - _LINE):
        canvas.rect(left, bottom, _LINE, height, stroke=0, fill=1)


def _draw_qr(canvas: Canvas, text: str, width: float, top: float, paper_mm: int) -> None:
    code = qr.printed(text, qr.LINE_DOTS[paper_mm])
    size = code.dots * _DOT
    height = len(code.modules) * size
    left = (width - height) / 2
    canvas.setFillGray(0)
    for y, row in enumerate(code.modules):
        for x, module in enumerate(row):
            if module:
                canvas.rect(left + x * size, top + height - (y + 1) * size, size, size, stroke=0, fill=1)
