"""Papers as rows of characters: what every printer of a width prints alike."""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gatepos.domain.paper_lines import Banner, Box, Centre, Columns, Named, PaperLine, Qr, Rule, Small, ToFill

COLUMNS = {80: 42, 58: 32}
"""Characters of the large font on a line, by paper width in mm."""
SMALL_COLUMNS = {80: 56, 58: 42}
FRAME = 2
"""Columns that a box takes at each side: its line, and the air beside it."""
ADVANCE, DROP = 0.602, 0.58
"""Of the bundled font: a character's width by its size, and by that width how far under a row's middle its
letters stand."""
_LEFT_MIN = 8
"""Characters beside an amount that are worth wrapping words into; with fewer the amount has its own row."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of text: size 1 to 3, bold or not, in the large or the small font, or white on black.

    `lead` stands before the text in the ordinary size; `box` is the room inside the box around it, if any.
    """

    text: str
    size: int = 1
    bold: bool = False
    small: bool = False
    inverse: bool = False
    lead: str = ""
    box: int = 0

    @property
    def width(self) -> int:
        """Columns of its own font that it takes."""
        return len(self.lead) + len(self.text) * self.size

    def __str__(self) -> str:
        return self.lead + self.text


@dataclass(frozen=True, slots=True)
class Edge:
    """The upper or lower line of a box."""

    is_top: bool
    columns: int

    def __str__(self) -> str:
        return "-" * self.columns


def height(row: Row, cell: float) -> float:
    """How high a row stands whose characters of size 1 are `cell` wide, in the same unit."""
    return cell * row.size * (1.95 if row.size == 1 else 1.75)


def rows(lines: Iterable[PaperLine], paper_mm: int) -> Iterator[Row | Qr | Edge]:
    """The rows of a paper of 80 or 58 mm; a QR code stays what it is.

    A no-break space parts no row, and is printed as a space.
    """
    width, narrow = COLUMNS[paper_mm], SMALL_COLUMNS[paper_mm]
    for line in lines:
        match line:
            case Centre(text, size, bold):
                yield from _centred(text, size, bold, width)
            case Columns():
                yield from _columns(line, narrow if line.small else width)
            case Small(text, indent, centred):
                yield from _small(text, narrow, indent=indent, centred=centred)
            case Rule():
                yield Row("-" * width)
            case Banner(text):
                for part in _evenly(text, width // 2):
                    yield Row(part.center(width // 2), 2, True, inverse=True)
            case Box(inner):
                yield from _boxed(inner, width)
            case ToFill(text):
                yield from _to_fill(text, width)
            case Qr():
                yield line


def _boxed(inner: Iterable[Centre | Named], width: int) -> Iterator[Row | Edge]:
    room = width - 2 * FRAME
    yield Edge(is_top=True, columns=width)
    for line in inner:
        if isinstance(line, Named):
            yield from _named(line, room)
        else:
            yield from _centred(line.text, line.size, line.bold, room, room)
    yield Edge(is_top=False, columns=width)


def _named(line: Named, room: int) -> Iterator[Row]:
    """The name and its value twice as large, in one row where they fit."""
    taken = len(line.name) + 1 + 2 * len(line.value)
    if taken <= room:
        lead = f"{line.name} ".rjust(len(line.name) + 1 + (room - taken) // 2)
        yield Row(line.value, 2, bold=True, lead=lead, box=room)
        return
    yield from _centred(line.name, 1, False, room, room)
    yield from _centred(line.value, 2, True, room, room)


def _centred(text: str, size: int, bold: bool, width: int, box: int = 0) -> Iterator[Row]:
    size = min(size, 2) if len(text) * size > width else size  # a long plate is smaller rather than cut
    for part in _evenly(text, width // size) or [""]:
        margin = " " * ((width - len(part) * size) // 2) if part else ""
        yield Row(part, size, bold, lead=margin, box=box)


def _evenly(text: str, room: int) -> list[str]:
    """The words in as few rows as they need, none of them much longer than the others."""
    parts = _wrap(text, room)
    while room > 1 and len(narrower := _wrap(text, room - 1, break_long_words=False)) == len(parts):
        if max(map(len, narrower), default=0) > room - 1:
            break
        parts, room = narrower, room - 1
    return parts


def _columns(line: Columns, width: int) -> Iterator[Row]:
    left, right, room = line.left, line.right, width // line.size
    beside = room - len(right) - 1
    rows = [_spaced(left) + right.rjust(room - len(left))]
    if len(left) > beside:
        parts = _wrap(left, beside if beside >= _LEFT_MIN else room) or [""]
        if beside >= _LEFT_MIN:
            *parts, last = parts
            right = last + right.rjust(room - len(last))
        rows = [*parts, *(part.rjust(room) for part in _cut(right, room))]
    for row in rows:
        yield Row(row, line.size, line.bold, line.small)


def _wrap(text: str, room: int, *, break_long_words: bool = True) -> list[str]:
    """Rows of whole words, those with a hyphen as well."""
    parts = textwrap.wrap(text, room, break_long_words=break_long_words, break_on_hyphens=False)
    return [_spaced(part) for part in parts]


def _spaced(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def _cut(text: str, room: int) -> list[str]:
    return [text] if len(text) <= room else _wrap(text, room)


def _small(text: str, width: int, *, indent: bool, centred: bool) -> Iterator[Row]:
    margin = "  " if indent else ""
    for part in _wrap(text, width - len(margin)):
        yield Row(part.center(width).rstrip() if centred else margin + part, small=True)


def _to_fill(text: str, width: int) -> Iterator[Row]:
    yield Row("")
    *parts, last = _wrap(text, width - _LEFT_MIN) or [""]
    for part in parts:
        yield Row(part)
    yield Row(f"{last} ".ljust(width, "_"))
