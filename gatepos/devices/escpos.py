"""A paper as ESC/POS bytes, through python-escpos; nothing in the data can reach the printer as a command."""

from collections.abc import Iterable

from escpos.printer import Dummy

from gatepos.devices import layout, picture
from gatepos.devices.layout import Row
from gatepos.domain.receipt import PaperLine, Qr

_PROFILE = {80: "TM-T88V", 58: "TM-P80"}
_REPLACED = str.maketrans({"–": "-", "—": "-", "−": "-", "·": "-", "×": "x", "’": "'", "…": "..."})
KICK = b"\x1bp\x00\x19\xfa"
"""Opens the cash drawer on pin 2."""


def render(lines: Iterable[PaperLine], paper_mm: int, *, native_qr: bool = True) -> bytes:
    """The bytes that print a paper and cut it."""
    printer = Dummy(profile=_PROFILE[paper_mm])
    printer.hw("INIT")
    for row in layout.rows(lines, paper_mm):
        if isinstance(row, Qr):
            _print_qr(printer, row.text, paper_mm, native_qr)
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
    printer.set(
        align="left",
        font="b" if row.small else "a",
        bold=row.bold,
        double_width=row.size == 2,
        double_height=row.size == 2,
        normal_textsize=row.size == 1,
        invert=row.inverse,
    )
    printer.textln(printable(row.text))


def _print_qr(printer: Dummy, text: str, paper_mm: int, native: bool) -> None:
    printer.set(align="center", invert=False, normal_textsize=True)
    if native:
        printer.qr(printable(text), native=True, size=6 if paper_mm == 80 else 4, ec=1)
        printer.ln()
        return
    image = picture.qr_image(text, picture.DOTS[paper_mm] * 3 // 4)
    printer.image(image, impl="bitImageRaster", center=False)
