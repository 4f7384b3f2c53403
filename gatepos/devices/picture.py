"""A paper as a picture: the preview on the screen, and the raster for printers without a QR of their own."""

import io
from collections.abc import Iterable

from PIL import Image, ImageDraw, ImageFont

from gatepos import resources
from gatepos.devices import layout, qr
from gatepos.devices.layout import Edge, Row
from gatepos.domain.paper_lines import PaperLine, Qr

DOTS = {80: 576, 58: 384}
"""Printable dots of a line at 203 dpi, by paper width in mm."""
_INK, _PAPER = 0, 255
_MARGIN = 24
_LINE, _AIR = 3, 8
"""Dots of a box's line, and of the air around a box."""


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
    """A QR code as it is printed on a line of so many dots, its quiet zone around it."""
    code = qr.printed(text, width_dots)
    size = len(code.modules)
    image = Image.new("L", (size, size), _PAPER)
    image.putdata([_INK if module else _PAPER for row in code.modules for module in row])
    return image.resize((size * code.dots, size * code.dots), Image.Resampling.NEAREST)


def _piece(row: Row | Qr | Edge, width: int, paper_mm: int) -> Image.Image:
    if isinstance(row, Qr):
        return qr_image(row.text, qr.LINE_DOTS[paper_mm])
    if isinstance(row, Edge):
        return _edge(row, width)
    cell = width / (layout.SMALL_COLUMNS if row.small else layout.COLUMNS)[paper_mm]
    height = layout.height(row, cell)
    image = Image.new("L", (width, int(height) + (8 if row.inverse else 0)), _INK if row.inverse else _PAPER)
    pen = ImageDraw.Draw(image)
    if row.box:
        pen.rectangle((0, 0, _LINE - 1, image.height), _INK)
        pen.rectangle((width - _LINE, 0, width, image.height), _INK)
    left = layout.FRAME * cell if row.box else 0.0
    baseline = image.height / 2 + layout.DROP * row.size * cell
    ink = _PAPER if row.inverse else _INK
    for text, size, bold in ((row.lead, 1, False), (row.text, row.size, row.bold)):
        font = _font(cell * size, bold=bold)
        for character in text:
            pen.text((left, baseline), character, ink, font, anchor="ls")
            left += cell * size
    return image


def _edge(edge: Edge, width: int) -> Image.Image:
    """The line of a box, with air above the upper one and below the lower."""
    image = Image.new("L", (width, _AIR + _LINE + _AIR // 2), _PAPER)
    pen = ImageDraw.Draw(image)
    top = _AIR if edge.is_top else _AIR // 2
    inside = (top, image.height) if edge.is_top else (0, top + _LINE - 1)
    pen.rectangle((0, top, width, top + _LINE - 1), _INK)
    for left in (0, width - _LINE):
        pen.rectangle((left, inside[0], left + _LINE - 1, inside[1]), _INK)
    return image


def _font(cell: float, *, bold: bool) -> ImageFont.FreeTypeFont:
    name = "DejaVuSansMono-Bold.ttf" if bold else "DejaVuSansMono.ttf"
    return ImageFont.truetype(resources.folder() / "fonts" / name, cell / layout.ADVANCE)
