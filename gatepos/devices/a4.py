"""A4 pages: tables that go on under their titles, bars, notes, lines to sign; it knows no takings."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from gatepos.devices import a4_blocks as blocks
from gatepos.devices.a4_blocks import GREY, INK, LINE, PAD, PLAIN, SIZE, SMALL, STRONG, Bars, Block

_MARGIN, _TOP, _FOOT = 14 * mm, 20 * mm, 16 * mm
_LARGE, _TITLE = 12.0, 18.0
_GAP = 6 * mm
_WIDE, _STEP = 62 * mm, 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns' titles, which of them stand right, rows of text, perhaps sums below."""

    heads: tuple[str, ...]
    is_right: tuple[bool, ...]
    rows: Sequence[tuple[str, ...]]
    totals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document, on a page of its own: title, text, bars, table, notes, who signs below."""

    title: str
    text: tuple[str, ...] = ()
    bars: Bars | None = None
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """Parts, what stands above and below every page, how a page is numbered, what who signs fills in."""

    title: str
    above: tuple[str, str]
    below: str
    parts: tuple[Part, ...]
    page: Callable[[int, int], str]
    sign: tuple[str, ...] = ()


@dataclass(slots=True)
class _Page:
    """A page, and what stands on it, each with the height of its top."""

    size: tuple[float, float]
    blocks: list[tuple[float, Block]] = field(default_factory=list)
    y: float = 0.0

    @property
    def room(self) -> float:
        """What is left above the foot."""
        return float(self.y - _FOOT)

    def add(self, block: Block) -> None:
        """Put a block below the last."""
        self.blocks.append((self.y, block))
        self.y -= block.height


def write(document: Document, file: BinaryIO) -> None:
    """The PDF of a document."""
    blocks.load_fonts()
    pages: list[_Page] = []
    for part in document.parts:
        _append(pages, _pages(part, document))
    canvas = Canvas(file, pageCompression=1, invariant=1)
    canvas.setTitle(document.title)
    for number, page in enumerate(pages, 1):
        canvas.setPageSize(page.size)
        _draw_margins(canvas, document, page.size, document.page(number, len(pages)))
        for y, block in page.blocks:
            block.draw(canvas, _MARGIN, y)
        canvas.showPage()
    canvas.save()


def _append(pages: list[_Page], more: list[_Page]) -> None:
    """A part of one page goes below the part before, where it fits whole."""
    last, first = pages[-1] if pages else None, more[0]
    used = first.size[1] - _TOP - first.y + _GAP
    if last is None or len(more) > 1 or last.size != first.size or last.room < used:
        pages += more
        return
    last.y -= _GAP
    for _, block in first.blocks:
        last.add(block)


def _pages(part: Part, document: Document) -> list[_Page]:
    """A part on as many pages as it takes, upright where its tables fit."""
    widths = [measured(table) for table in part.tables]
    upright = A4[0] - 2 * _MARGIN
    size = A4 if all(sum(natural) <= upright for natural, _ in widths) else landscape(A4)
    flow = _Flow(size)
    flow.add(blocks.line(part.title, STRONG, _LARGE, _TITLE))
    for text in part.text:
        flow.add_all(blocks.paragraph(text, flow.width, PLAIN, INK))
    if part.bars is not None:
        flow.add(blocks.chart(part.bars, flow.width))
    for table, (natural, least) in zip(part.tables, widths, strict=True):
        flow.add(blocks.space(_GAP / 2))
        _add_table(flow, table, fitted(natural, least, flow.width))
    flow.add(blocks.space(_GAP / 2))
    for note in part.notes:
        flow.add_all(blocks.paragraph(note, flow.width, PLAIN, GREY))
    for who in part.signs:
        flow.add(blocks.signature(who, document.sign, flow.width))
    return flow.pages


class _Flow:
    """Pages of one size, filled from the top."""

    def __init__(self, size: tuple[float, float]):
        self._size = size
        self.width = size[0] - 2 * _MARGIN
        self.pages = [self._new()]

    def fits(self, height: float) -> bool:
        """Whether something so high still goes onto the page."""
        return self.pages[-1].room >= height

    def add(self, block: Block) -> None:
        """Put a block on this page, or on the next."""
        if not self.fits(block.height):
            self.turn()
        self.pages[-1].add(block)

    def add_all(self, blocks: Iterable[Block]) -> None:
        """Put blocks one below the other."""
        for block in blocks:
            self.add(block)

    def turn(self) -> None:
        """Begin the next page."""
        self.pages.append(self._new())

    def _new(self) -> _Page:
        return _Page(self._size, y=self._size[1] - _TOP)


def _add_table(flow: _Flow, table: Table, widths: Sequence[float]) -> None:
    """Rows below the columns' titles, which stand on each page again; the sums stay with the last row."""
    head = blocks.row(table.heads, widths, table.is_right, STRONG, is_head=True)
    total = blocks.row(table.totals, widths, table.is_right, STRONG, is_total=True) if table.totals else None
    if not flow.fits(head.height + 3 * LINE):
        flow.turn()
    flow.add(head)
    for place, cells in enumerate(table.rows, 1):
        row = blocks.row(cells, widths, table.is_right, PLAIN)
        below = total.height if total and place == len(table.rows) else 0
        if not flow.fits(row.height + below):
            flow.turn()
            flow.add(head)
        flow.add(row)
    if total:
        flow.add(total)


def measured(table: Table) -> tuple[list[float], list[float]]:
    """How wide each column would like to be, and how wide it must be so that no word is broken."""
    natural, least = [], []
    for column in zip(table.heads, *table.rows, *([table.totals] if table.totals else []), strict=True):
        words = {word for text in set(column) for word in text.split()}
        least.append(_widest(words, _WIDE) + 2 * PAD)
        natural.append(max(least[-1], _widest(set(column[1:]), _WIDE) + 2 * PAD))
    return natural, least


def fitted(natural: Sequence[float], least: Sequence[float], width: float) -> list[float]:
    """The same for a page: the widest columns give first, where words can go onto another line."""
    fitted, widest = list(natural), max(natural)
    while sum(fitted) > width and widest > 0:
        widest -= _STEP
        fitted = [min(one, max(word, widest)) for one, word in zip(natural, least, strict=True)]
    return [one * min(1.0, width / sum(fitted)) for one in fitted]


def _widest(texts: Iterable[str], most: float) -> float:
    return min(most, max((blocks.wide(text, STRONG) for text in texts), default=0.0)) + _STEP


def _draw_margins(canvas: Canvas, document: Document, size: tuple[float, float], page: str) -> None:
    """What stands above and below every page."""
    left, right = _MARGIN, size[0] - _MARGIN
    head, foot = size[1] - 13 * mm, 9 * mm
    canvas.setFillGray(INK)
    canvas.setFont(STRONG, SIZE)
    canvas.drawString(left, head, blocks.clean(document.above[0]))
    canvas.setFillGray(GREY)
    canvas.setFont(PLAIN, SIZE)
    canvas.drawRightString(right, head, blocks.clean(document.above[1]))
    blocks.rule(canvas, left, head - 4, right, blocks.PALE_RULE)
    blocks.rule(canvas, left, foot + SIZE + 3, right, blocks.PALE_RULE)
    canvas.setFont(PLAIN, SMALL)
    canvas.drawString(left, foot, blocks.clean(document.below))
    canvas.drawRightString(right, foot, page)
