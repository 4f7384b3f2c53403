"""A paper as a picture: the preview on the screen, and the raster for printers without a QR of their own."""

import io
from collections.abc import Iterable

from PIL import Image, ImageDraw, ImageFont

from gatepos import resources
from gatepos.devices import layout, qr
from gatepos.devices.layout import Row
from gatepos.domain.receipt import PaperLine, Qr

DOTS = {80: 576, 58: 384}
"""Printable dots of a line at 203 dpi, by paper width in mm."""
_INK, _PAPER = 0, 255
_MARGIN = 24


def draw(lines: Iterable[PaperLine], paper_mm: int) -> Image.Image:
    """The paper in grey, one dot a pixel, with a margin."""
    width = DOTS[paper_mm]
    pieces = [_piece(row, width, paper_mm) for row in layout.rows(lines, paper_mm)]
    height = sum(piece.height for piece in pieces)
    page = Image.new("L", (width + 2 * _MARGIN, height + 2 * _MARGIN), _PAPER)
    top = _MARGIN
    for piece in pieces:
        page.paste(piece, ((page.width - piece.width) // 2, top))
        top += piece.height
    return page


def png(lines: Iterable[PaperLine], paper_mm: int) -> bytes:
    """The paper as a PNG file."""
    out = io.BytesIO()
    draw(lines, paper_mm).save(out, "PNG")
    return out.getvalue()


def qr_image(text: str, width_dots: int) -> Image.Image:
    """A QR code in the largest whole dots that fit."""
    modules = qr.matrix(text)
    size = len(modules)
    image = Image.new("L", (size, size), _PAPER)
    image.putdata([_INK if module else _PAPER for row in modules for module in row])
    scale = qr.dots(size, width_dots)
    return image.resize((size * scale, size * scale), Image.Resampling.NEAREST)


def _piece(row: Row | Qr, width: int, paper_mm: int) -> Image.Image:
    if isinstance(row, Qr):
        return qr_image(row.text, width * 3 // 4)
    columns = (layout.SMALL_COLUMNS if row.small else layout.COLUMNS)[paper_mm]
    cell = width / columns * row.size
    font = _font(cell, bold=row.bold)
    line_height = int(cell * 1.95 if row.size == 1 else cell * 1.75)
    image = Image.new("L", (width, line_height + (8 if row.inverse else 0)), _INK if row.inverse else _PAPER)
    pen = ImageDraw.Draw(image)
    ink = _PAPER if row.inverse else _INK
    for i, character in enumerate(row.text):
        pen.text((i * cell, image.height / 2), character, ink, font, anchor="lm")
    return image


def _font(cell: float, *, bold: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSansMono-Bold.ttf" if bold else "DejaVuSansMono.ttf"
    return ImageFont.truetype(resources.folder() / "fonts" / name, cell / 0.602)
