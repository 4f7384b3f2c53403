"""Papers as rows of characters: what every printer of a width prints alike."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gatepos.domain.receipt import Banner, Centre, Columns, PaperLine, Qr, Rule, Small

COLUMNS = {80: 42, 58: 32}
"""Characters of the large font on a line, by paper width in mm."""
SMALL_COLUMNS = {80: 56, 58: 42}
_LEFT_MIN = 8
"""Characters beside an amount that are worth wrapping words into; with fewer the amount has its own row."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of text: size 1 or 2, bold or not, in the large or the small font, or white on black."""

    text: str
    size: int = 1
    bold: bool = False
    small: bool = False
    inverse: bool = False


def rows(lines: Iterable[PaperLine], paper_mm: int) -> Iterator[Row | Qr]:
    """The rows of a paper of 80 or 58 mm; a QR code stays what it is."""
    width, narrow = COLUMNS[paper_mm], SMALL_COLUMNS[paper_mm]
    for line in lines:
        match line:
            case Centre(text, size, bold):
                yield from _centred(text, size, bold, width)
            case Columns(left, right, bold, size):
                yield from _columns(left, right, bold, size, width)
            case Small(text, indent, centred):
                yield from _small(text, narrow, indent=indent, centred=centred)
            case Rule():
                yield Row("-" * width)
            case Banner(text):
                for part in textwrap.wrap(text, width // 2):
                    yield Row(part.center(width // 2), 2, True, inverse=True)
            case Qr():
                yield line


def _centred(text: str, size: int, bold: bool, width: int) -> Iterator[Row]:
    room = width // size
    for part in textwrap.wrap(text, room) or [""]:
        yield Row(part.center(room).rstrip(), size, bold)


def _columns(left: str, right: str, bold: bool, size: int, width: int) -> Iterator[Row]:
    room = width // size
    beside = room - len(right) - 1
    if len(left) <= beside:
        yield Row(left + right.rjust(room - len(left)), size, bold)
        return
    parts = textwrap.wrap(left, beside if beside >= _LEFT_MIN else room) or [""]
    if beside >= _LEFT_MIN:
        *parts, last = parts
        right = last + right.rjust(room - len(last))
    for part in parts:
        yield Row(part, size, bold)
    for part in [right] if len(right) <= room else textwrap.wrap(right, room):
        yield Row(part.rjust(room), size, bold)


def _small(text: str, width: int, *, indent: bool, centred: bool) -> Iterator[Row]:
    margin = "  " if indent else ""
    for part in textwrap.wrap(text, width - len(margin)):
        yield Row(part.center(width).rstrip() if centred else margin + part, small=True)
