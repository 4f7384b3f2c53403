"""A poster on A4: a code as wide as the page, with a few lines above and below it, for a wall at a gate."""

from collections.abc import Sequence
from typing import BinaryIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from gatepos.devices import a4_blocks as blocks
from gatepos.devices import qr

_MARGIN, _LARGE, _SMALL = 20 * mm, 30.0, 15.0


def write(above: Sequence[str], code: str, below: Sequence[str], file: BinaryIO) -> None:
    """The PDF of a poster: large lines, the code of a text, small lines."""
    blocks.load_fonts()
    width, height = A4
    canvas = Canvas(file, pagesize=A4, pageCompression=1, invariant=1)
    y = _lines(canvas, above, blocks.STRONG, _LARGE, height - _MARGIN)
    side = min(width - 2 * _MARGIN, y - _MARGIN - len(below) * _SMALL * 1.6)
    _draw(canvas, qr.matrix(code), (width - side) / 2, y, side)
    _lines(canvas, below, blocks.PLAIN, _SMALL, y - side)
    canvas.showPage()
    canvas.save()


def _lines(canvas: Canvas, lines: Sequence[str], font: str, most: float, y: float) -> float:
    """Lines in the middle, each as large as it fits; where the next thing begins."""
    room = A4[0] - 2 * _MARGIN
    for line in lines:
        size = min(most, most * room / max(canvas.stringWidth(line, font, most), 1))
        y -= size * 1.4
        canvas.setFont(font, size)
        canvas.drawCentredString(A4[0] / 2, y, blocks.clean(line))
    return float(y - most * 0.4)


def _draw(canvas: Canvas, modules: qr.Matrix, left: float, top: float, side: float) -> None:
    dot = side / len(modules)
    canvas.setFillGray(0)
    for row, line in enumerate(modules):
        for column, is_dark in enumerate(line):
            if is_dark:
                canvas.rect(left + column * dot, top - (row + 1) * dot, dot, dot, stroke=0, fill=1)
