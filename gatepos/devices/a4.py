"""A4 pages: tables that go on over pages under their titles, bars, notes, lines to sign; it knows no takings."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from gatepos import resources

PLAIN, STRONG = "Inter-Regular", "Inter-SemiBold"
"""Made of the .otf files beside them: outlines that PDF can hold, figures of one width."""
_MARGIN, _TOP, _FOOT = 14 * mm, 20 * mm, 16 * mm
_SIZE, _SMALL, _LARGE, _HUGE = 8.0, 7.0, 12.0, 18.0
_LINE, _PAD, _GAP = 10.5, 3.0, 6 * mm
_NARROW, _WIDE = 11 * mm, 62 * mm
_INK, _GREY, _RULE, _PALE = 0.08, 0.4, 0.8, 0.95
_BAR_COLOURS = ((0.125, 0.36, 0.23), (0.89, 0.71, 0.39), (0.45, 0.55, 0.68), (0.6, 0.6, 0.6))
_SHADE = (0.97, 0.89, 0.88)
_CHART, _LEGEND, _GRID = 45 * mm, 14.0, 4
_SIGN_HIGH = 22 * mm


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars stacked of series: a label a bar, the series' names and values, which bars stand on a shaded ground."""

    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]
    shaded: frozenset[int] = frozenset()
    shaded_as: str = ""
    shown: Callable[[int], str] = str


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
    """Parts with what stands above and below every page; `page` says a page's number, `sign` what to fill in."""

    title: str
    above: tuple[str, str]
    below: str
    parts: tuple[Part, ...]
    page: Callable[[int, int], str]
    sign: tuple[str, ...] = ()


@dataclass(slots=True)
class _Block:
    """Something of a height that is drawn with its top left at (x, y)."""

    height: float
    draw: Callable[[Canvas, float, float], object]


@dataclass(slots=True)
class _Page:
    """A page, and what stands on it, each with the height of its top."""

    size: tuple[float, float]
    blocks: list[tuple[float, _Block]] = field(default_factory=list)
    y: float = 0.0

    @property
    def room(self) -> float:
        """What is left above the foot."""
        return self.y - _FOOT

    def add(self, block: _Block) -> None:
        """Put a block below the last."""
        self.blocks.append((self.y, block))
        self.y -= block.height


def write(document: Document, file: BinaryIO) -> None:
    """The PDF of a document."""
    for name in (PLAIN, STRONG):
        pdfmetrics.registerFont(TTFont(name, resources.folder() / "fonts" / f"{name}.ttf"))
    pages = [page for part in document.parts for page in _pages(part, document)]
    canvas = Canvas(file, pageCompression=1, invariant=1)
    canvas.setTitle(document.title)
    for number, page in enumerate(pages, 1):
        canvas.setPageSize(page.size)
        _draw_margins(canvas, document, page.size, document.page(number, len(pages)))
        for y, block in page.blocks:
            block.draw(canvas, _MARGIN, y)
        canvas.showPage()
    canvas.save()


def _pages(part: Part, document: Document) -> list[_Page]:
    """A part on as many pages as it takes, upright where its tables fit."""
    widths = [_natural(table) for table in part.tables]
    upright = A4[0] - 2 * _MARGIN
    size = A4 if all(sum(one) <= upright for one in widths) else landscape(A4)
    flow = _Flow(size)
    flow.add(_line(part.title, STRONG, _LARGE, 18))
    for text in part.text:
        flow.add_all(_paragraph(text, flow.width, PLAIN, _INK))
    if part.bars is not None:
        flow.add(_chart(part.bars, flow.width))
    for table, natural in zip(part.tables, widths, strict=True):
        flow.skip(_GAP / 2)
        _add_table(flow, table, _fitted(natural, flow.width))
    flow.skip(_GAP / 2)
    for note in part.notes:
        flow.add_all(_paragraph(note, flow.width, PLAIN, _GREY))
    for who in part.signs:
        flow.add(_signature(who, document.sign, flow.width))
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

    def add(self, block: _Block) -> None:
        """Put a block on this page, or on the next."""
        if not self.fits(block.height):
            self.turn()
        self.pages[-1].add(block)

    def add_all(self, blocks: Iterable[_Block]) -> None:
        """Put blocks one below the other."""
        for block in blocks:
            self.add(block)

    def skip(self, height: float) -> None:
        """Leave some air."""
        self.pages[-1].y -= height

    def turn(self) -> None:
        """Begin the next page."""
        self.pages.append(self._new())

    def _new(self) -> _Page:
        return _Page(self._size, y=self._size[1] - _TOP)


def _add_table(flow: _Flow, table: Table, widths: Sequence[float]) -> None:
    """Rows below the columns' titles, which stand on each page again; the sums stay with the last row."""
    head = _row(table.heads, widths, table.is_right, STRONG, is_head=True)
    total = _row(table.totals, widths, table.is_right, STRONG, is_total=True) if table.totals else None
    if not flow.fits(head.height + 3 * _LINE):
        flow.turn()
    flow.add(head)
    for place, cells in enumerate(table.rows, 1):
        row = _row(cells, widths, table.is_right, PLAIN)
        below = total.height if total and place == len(table.rows) else 0
        if not flow.fits(row.height + below):
            flow.turn()
            flow.add(head)
        flow.add(row)
    if total:
        flow.add(total)


def _row(
    cells: Sequence[str],
    widths: Sequence[float],
    is_right: Sequence[bool],
    font: str,
    is_head: bool = False,
    is_total: bool = False,
) -> _Block:
    texts = [_broken(_clean(cell), width - 2 * _PAD, font) for cell, width in zip(cells, widths, strict=True)]
    height = max(map(len, texts)) * _LINE + _PAD

    def draw(canvas: Canvas, x: float, y: float) -> None:
        if is_head or is_total:
            canvas.setFillGray(_PALE)
            canvas.rect(x, y - height, sum(widths), height, stroke=0, fill=1)
        canvas.setFillGray(_INK)
        canvas.setFont(font, _SIZE)
        for lines, width, right in zip(texts, widths, is_right, strict=True):
            for n, text in enumerate(lines, 1):
                if right:
                    canvas.drawRightString(x + width - _PAD, y - n * _LINE + 1, text)
                elif text:
                    canvas.drawString(x + _PAD, y - n * _LINE + 1, text)
            x += width
        _rule(canvas, x - sum(widths), y - height, x, _INK if is_head or is_total else _RULE)

    return _Block(height, draw)


def _rule(canvas: Canvas, left: float, y: float, right: float, grey: float) -> None:
    canvas.setStrokeGray(grey)
    canvas.setLineWidth(0.4)
    canvas.line(left, y, right, y)


def _natural(table: Table) -> list[float]:
    """How wide each column would like to be."""
    every = [*table.rows, table.totals] if table.totals else table.rows
    longest = [max((row[place] for row in every), key=len, default="") for place in range(len(table.heads))]
    return [
        min(max(_wide(text, STRONG), _longest_word(head), _NARROW - 2 * _PAD), _WIDE) + 2 * _PAD
        for head, text in zip(table.heads, longest, strict=True)
    ]


def _fitted(natural: Sequence[float], width: float) -> list[float]:
    """The same for a page: what is left over goes to all alike, what lacks is taken where columns are wide."""
    over = sum(natural) - width
    if over <= 0:
        return list(natural)
    spare = [max(0.0, one - 2 * _NARROW) for one in natural]
    share = min(1.0, over / sum(spare)) if sum(spare) else 0.0
    fitted = [one - share * more for one, more in zip(natural, spare, strict=True)]
    scale = min(1.0, width / sum(fitted))
    return [one * scale for one in fitted]


def _longest_word(text: str) -> float:
    return max((_wide(word, STRONG) for word in text.split()), default=0.0)


def _wide(text: str, font: str, size: float = _SIZE) -> float:
    return float(pdfmetrics.stringWidth(_clean(text), font, size))


def _broken(text: str, width: float, font: str) -> list[str]:
    """Text in lines that fit, at spaces where it has some; nothing of it is left out."""
    if _quick(text, width) or _wide(text, font) <= width:
        return [text]
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if _wide(longer, font) <= width:
            lines[-1] = longer
            continue
        *whole, rest = _chopped(word, width, font)
        lines += [*whole, rest]
    return [line for line in lines if line] or [""]


def _quick(text: str, width: float) -> bool:
    """Whether a text is so short that it fits however wide its letters are."""
    return len(text) * _SIZE < width


def _chopped(word: str, width: float, font: str) -> list[str]:
    """A word in pieces that fit, at least a letter each."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and _wide(pieces[-1] + letter, font) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _clean(text: str) -> str:
    """Text as the font can show it: a box for what it has not, a space for line ends."""
    if text.isascii() and text.isprintable():
        return text
    known = pdfmetrics.getFont(PLAIN).face.charToGlyph
    return "".join(
        letter if ord(letter) in known and letter.isprintable() else " " if letter.isspace() else "□"
        for letter in text
    )


def _line(text: str, font: str, size: float, height: float, grey: float = _INK) -> _Block:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.setFillGray(grey)
        canvas.setFont(font, size)
        canvas.drawString(x, y - size, _clean(text))

    return _Block(height, draw)


def _paragraph(text: str, width: float, font: str, grey: float) -> list[_Block]:
    return [_line(line, font, _SIZE, _LINE + 1, grey) for line in _broken(_clean(text), width, font)]


def _signature(who: str, fields: Sequence[str], width: float) -> _Block:
    """Who signs, and a line for each thing to fill in."""
    part = width / (len(fields) + 1)

    def draw(canvas: Canvas, x: float, y: float) -> None:
        line = y - _SIGN_HIGH * 0.7
        canvas.setFillGray(_INK)
        canvas.setFont(STRONG, _SIZE)
        canvas.drawString(x, line + 2, _clean(who))
        canvas.setFont(PLAIN, _SMALL)
        canvas.setFillGray(_GREY)
        for place, what in enumerate(fields, 1):
            left = x + place * part
            _rule(canvas, left, line, left + part - 6 * mm, _INK)
            canvas.drawString(left, line - _SMALL - 2, _clean(what))

    return _Block(_SIGN_HIGH, draw)


def _chart(bars: Bars, width: float) -> _Block:
    sums = [sum(values) for values in zip(*(values for _, values in bars.series), strict=True)]
    top = max([*sums, 1])
    step = width / max(len(bars.labels), 1)
    high = _CHART - _LEGEND - _LINE

    def draw(canvas: Canvas, x: float, y: float) -> None:
        floor = y - _LEGEND - high
        for place in bars.shaded:
            canvas.setFillColorRGB(*_SHADE)
            canvas.rect(x + place * step, floor, step, high, stroke=0, fill=1)
        _draw_grid(canvas, x, floor, (width, high), top, bars.shown)
        heights = [0.0] * len(bars.labels)
        for turn, (_, values) in enumerate(bars.series):
            canvas.setFillColorRGB(*_BAR_COLOURS[turn % len(_BAR_COLOURS)])
            for place, value in enumerate(values):
                tall = max(value, 0) * high / top
                canvas.rect(
                    x + (place + 0.12) * step, floor + heights[place], step * 0.76, tall, stroke=0, fill=1
                )
                heights[place] += tall
        _draw_labels(canvas, bars.labels, x, floor - _SMALL - 2, step)
        _draw_legend(canvas, bars, x, y - _SIZE)

    return _Block(_CHART + _PAD, draw)


def _draw_grid(
    canvas: Canvas, x: float, floor: float, size: tuple[float, float], top: int, shown: Callable[[int], str]
) -> None:
    for part in range(_GRID + 1):
        at = floor + part * size[1] / _GRID
        _rule(canvas, x, at, x + size[0], _RULE)
        if part:
            canvas.setFillGray(_GREY)
            canvas.setFont(PLAIN, _SMALL - 1)
            canvas.drawString(x, at - _SMALL, _clean(shown(top * part // _GRID)))


def _draw_labels(canvas: Canvas, labels: Sequence[str], x: float, y: float, step: float) -> None:
    """Below their bars; only every second, third … where they would touch."""
    widest = max((_wide(label, PLAIN, _SMALL) for label in labels), default=0) + _PAD
    every = int(widest // step) + 1 if step else 1
    canvas.setFillGray(_GREY)
    canvas.setFont(PLAIN, _SMALL)
    for place in range(0, len(labels), every):
        canvas.drawCentredString(x + (place + 0.5) * step, y, _clean(labels[place]))


def _draw_legend(canvas: Canvas, bars: Bars, x: float, y: float) -> None:
    marks = [(_BAR_COLOURS[n % len(_BAR_COLOURS)], name) for n, (name, _) in enumerate(bars.series)]
    if bars.shaded:
        marks.append((_SHADE, bars.shaded_as))
    canvas.setFont(PLAIN, _SMALL)
    for colour, name in marks:
        canvas.setFillColorRGB(*colour)
        canvas.rect(x, y, _SMALL - 1, _SMALL - 1, stroke=0, fill=1)
        canvas.setFillGray(_INK)
        canvas.drawString(x + _SMALL + 2, y, _clean(name))
        x += _wide(name, PLAIN, _SMALL) + _SMALL + 14


def _draw_margins(canvas: Canvas, document: Document, size: tuple[float, float], page: str) -> None:
    """What stands above and below every page."""
    left, right = _MARGIN, size[0] - _MARGIN
    head, foot = size[1] - 13 * mm, 9 * mm
    canvas.setFillGray(_INK)
    canvas.setFont(STRONG, _SIZE)
    canvas.drawString(left, head, _clean(document.above[0]))
    canvas.setFillGray(_GREY)
    canvas.setFont(PLAIN, _SIZE)
    canvas.drawRightString(right, head, _clean(document.above[1]))
    _rule(canvas, left, head - 4, right, _RULE)
    _rule(canvas, left, foot + _SIZE + 3, right, _RULE)
    canvas.setFont(PLAIN, _SMALL)
    canvas.drawString(left, foot, _clean(document.below))
    canvas.drawRightString(right, foot, page)
