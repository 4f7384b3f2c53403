"""A paper as ESC/POS bytes, through python-escpos; nothing in the data can reach the printer as a command."""

from collections.abc import Iterable

from escpos.constants import QR_ECLEVEL_L, QR_ECLEVEL_M
from escpos.printer import Dummy

from gatepos.devices import layout, picture, qr
from gatepos.devices.layout import Edge, Row
from gatepos.domain.paper_lines import PaperLine, Qr

_PROFILE = {80: "TM-T88V", 58: "TM-P80"}
_REPLACED = str.maketrans({"–": "-", "—": "-", "−": "-", "·": "-", "×": "x", "’": "'", "…": "..."})
_PLAIN = Row("")
_ROW_DOTS = 24
"""Height of a character in dots."""
KICK = b"\x1bp\x00\x19\xfa"
"""Opens the cash drawer on pin 2."""


def render(lines: Iterable[PaperLine], paper_mm: int, *, native_qr: bool = True) -> bytes:
    """The bytes that print a paper and cut it."""
    printer = Dummy(profile=_PROFILE[paper_mm])
    printer.hw("INIT")
    for row in layout.rows(lines, paper_mm):
        if isinstance(row, Qr):
            _print_qr(printer, row.text, paper_mm, native_qr)
        elif isinstance(row, Edge):
            _print_edge(printer, row)
        else:
            _print_row(printer, row)
    printer.print_and_feed(4)
    printer.cut()
    return bytes(printer.output)


def printable(text: str) -> str:
    """Text without anything that a printer could take for a command, in characters that it has."""
    plain = text.translate(_REPLACED)
    return "".join(c if c.isprintable() and ord(c) < 0x250 else "?" for c in plain)


def _print_row(printer: Dummy, row: Row) -> None:
    if row.box:
        _print_part(printer, "│ ", height=row.size)
    if row.lead:
        _print_part(printer, printable(row.lead))
    _print_part(printer, printable(row.text), row.size, row.size, row)
    if row.box:
        _print_part(printer, "│".rjust(row.box - row.width + layout.FRAME), height=row.size)
    printer.ln()


def _print_part(printer: Dummy, text: str, width: int = 1, height: int = 1, look: Row = _PLAIN) -> None:
    printer.set(
        align="left",
        font="b" if look.small else "a",
        bold=look.bold,
        custom_size=True,
        width=width,
        height=height,
        invert=look.inverse,
    )
    printer.text(text)


def _print_edge(printer: Dummy, edge: Edge) -> None:
    """The line of a box; inside it the rows stand without air, so that its sides are whole."""
    across = "─" * (edge.columns - 2)
    if edge.is_top:
        printer.line_spacing(_ROW_DOTS)
    _print_part(printer, f"┌{across}┐" if edge.is_top else f"└{across}┘")
    printer.ln()
    if not edge.is_top:
        printer.line_spacing()


def _print_qr(printer: Dummy, text: str, paper_mm: int, native: bool) -> None:
    printer.set(align="center", invert=False, custom_size=True, width=1, height=1)
    width = qr.LINE_DOTS[paper_mm]
    if native:
        code = qr.printed(printable(text), width)
        level = QR_ECLEVEL_L if code.is_low else QR_ECLEVEL_M
        printer.qr(printable(text), native=True, size=code.dots, ec=level)
        printer.ln()
        return
    image = picture.qr_image(text, width)
    over = max(image.width - width, 0)  # the sides of its quiet zone, which the paper's margin is
    printer.image(
        image.crop((over // 2, 0, image.width - (over - over // 2), image.height)),
        impl="bitImageRaster",
        center=False,
    )
