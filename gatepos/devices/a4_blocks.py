"""What stands on A4 pages, its height known before it is drawn: text, rows, bars, lines to sign."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from gatepos import resources

PLAIN, STRONG = "Inter-Regular", "Inter-SemiBold"
"""Made of the .otf files beside them by fontTools: TrueType outlines for PDF, figures of one width."""
SIZE, SMALL = 8.0, 7.0
LINE, PAD = 10.5, 3.0
INK, GREY, PALE_RULE = 0.08, 0.4, 0.8
_PALE = 0.95
_COLOURS = ((0.125, 0.36, 0.23), (0.89, 0.71, 0.39), (0.45, 0.55, 0.68), (0.6, 0.6, 0.6))
_SHADE = (0.97, 0.89, 0.88)
_CHART, _LEGEND, _GRID = 45 * mm, 14.0, 4
_SIGN_HIGH = 22 * mm


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars stacked of series: a label each, names and values of the series, which stand on shaded ground."""

    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]
    shaded: frozenset[int] = frozenset()
    shaded_as: str = ""
    shown: Callable[[int], str] = str


@dataclass(slots=True)
class Block:
    """Something of a height that is drawn with its top left at (x, y)."""

    height: float
    draw: Callable[[Canvas, float, float], object]


def load_fonts() -> None:
    """The fonts by name; before anything is measured."""
    for name in (PLAIN, STRONG):
        pdfmetrics.registerFont(TTFont(name, resources.folder() / "fonts" / f"{name}.ttf"))


def line(text: str, font: str, size: float, height: float, grey: float = INK) -> Block:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        canvas.setFillGray(grey)
        canvas.setFont(font, size)
        canvas.drawString(x, y - size, clean(text))

    return Block(height, draw)


def space(height: float) -> Block:
    """Some air."""
    return Block(height, lambda _canvas, _x, _y: None)


def paragraph(text: str, width: float, font: str, grey: float) -> list[Block]:
    """Text over as many lines as it takes."""
    return [line(part, font, SIZE, LINE + 1, grey) for part in broken(clean(text), width, font)]


def signature(who: str, fields: Sequence[str], width: float) -> Block:
    """Who signs, and a line for each thing to fill in."""
    part = width / (len(fields) + 1)

    def draw(canvas: Canvas, x: float, y: float) -> None:
        at = y - _SIGN_HIGH * 0.7
        canvas.setFillGray(INK)
        canvas.setFont(STRONG, SIZE)
        canvas.drawString(x, at + 2, clean(who))
        canvas.setFont(PLAIN, SMALL)
        canvas.setFillGray(GREY)
        for place, what in enumerate(fields, 1):
            left = x + place * part
            rule(canvas, left, at, left + part - 6 * mm, INK)
            canvas.drawString(left, at - SMALL - 2, clean(what))

    return Block(_SIGN_HIGH, draw)


def row(
    cells: Sequence[str],
    widths: Sequence[float],
    is_right: Sequence[bool],
    font: str,
    is_head: bool = False,
    is_total: bool = False,
) -> Block:
    texts = [broken(clean(cell), width - 2 * PAD, font) for cell, width in zip(cells, widths, strict=True)]
    height = max(map(len, texts)) * LINE + PAD

    def draw(canvas: Canvas, x: float, y: float) -> None:
        if is_head or is_total:
            canvas.setFillGray(_PALE)
            canvas.rect(x, y - height, sum(widths), height, stroke=0, fill=1)
        canvas.setFillGray(INK)
        canvas.setFont(font, SIZE)
        for lines, width, right in zip(texts, widths, is_right, strict=True):
            for n, text in enumerate(lines, 1):
                if right:
                    canvas.drawRightString(x + width - PAD, y - n * LINE + 1, text)
                elif text:
                    canvas.drawString(x + PAD, y - n * LINE + 1, text)
            x += width
        rule(canvas, x - sum(widths), y - height, x, INK if is_head or is_total else PALE_RULE)

    return Block(height, draw)


def chart(bars: Bars, width: float) -> Block:
    sums = [sum(values) for values in zip(*(values for _, values in bars.series), strict=True)]
    top = _round(max([*sums, 1]))
    step = width / max(len(bars.labels), 1)
    high = _CHART - _LEGEND - LINE

    def draw(canvas: Canvas, x: float, y: float) -> None:
        floor = y - _LEGEND - high
        for place in bars.shaded:
            canvas.setFillColorRGB(*_SHADE)
            canvas.rect(x + place * step, floor, step, high, stroke=0, fill=1)
        _draw_grid(canvas, x, floor, (width, high), top, bars.shown)
        heights = [0.0] * len(bars.labels)
        for turn, (_, values) in enumerate(bars.series):
            canvas.setFillColorRGB(*_COLOURS[turn % len(_COLOURS)])
            for place, value in enumerate(values):
                tall = max(value, 0) * high / top
                canvas.rect(
                    x + (place + 0.12) * step, floor + heights[place], step * 0.76, tall, stroke=0, fill=1
                )
                heights[place] += tall
        _draw_labels(canvas, bars.labels, x, floor - SMALL - 2, step)
        _draw_legend(canvas, bars, x, y - SIZE)

    return Block(_CHART + PAD, draw)


def _round(value: int) -> int:
    """The next number of which a quarter is round too."""
    unit: int = 10 ** max(len(str(value)) - 2, 0)
    return int(-(-value // (4 * unit)) * 4 * unit)


def _draw_grid(
    canvas: Canvas, x: float, floor: float, size: tuple[float, float], top: int, shown: Callable[[int], str]
) -> None:
    for part in range(_GRID + 1):
        at = floor + part * size[1] / _GRID
        rule(canvas, x, at, x + size[0], PALE_RULE)
        if part:
            canvas.setFillGray(GREY)
            canvas.setFont(PLAIN, SMALL - 1)
            canvas.drawString(x, at - SMALL, clean(shown(top * part // _GRID)))


def _draw_labels(canvas: Canvas, labels: Sequence[str], x: float, y: float, step: float) -> None:
    """Below their bars; only every second, third … where they would touch."""
    widest = max((wide(label, PLAIN, SMALL) for label in labels), default=0) + PAD
    every = int(widest // step) + 1 if step else 1
    canvas.setFillGray(GREY)
    canvas.setFont(PLAIN, SMALL)
    for place in range(0, len(labels), every):
        canvas.drawCentredString(x + (place + 0.5) * step, y, clean(labels[place]))


def _draw_legend(canvas: Canvas, bars: Bars, x: float, y: float) -> None:
    marks = [(_COLOURS[n % len(_COLOURS)], name) for n, (name, _) in enumerate(bars.series)]
    if bars.shaded:
        marks.append((_SHADE, bars.shaded_as))
    canvas.setFont(PLAIN, SMALL)
    for colour, name in marks:
        canvas.setFillColorRGB(*colour)
        canvas.rect(x, y, SMALL - 1, SMALL - 1, stroke=0, fill=1)
        canvas.setFillGray(INK)
        canvas.drawString(x + SMALL + 2, y, clean(name))
        x += wide(name, PLAIN, SMALL) + SMALL + 14


def rule(canvas: Canvas, left: float, y: float, right: float, grey: float) -> None:
    canvas.setStrokeGray(grey)
    canvas.setLineWidth(0.4)
    canvas.line(left, y, right, y)


def wide(text: str, font: str, size: float = SIZE) -> float:
    return float(pdfmetrics.stringWidth(clean(text), font, size))


def broken(text: str, width: float, font: str) -> list[str]:
    """Text in lines that fit, at spaces where it has some; nothing of it is left out."""
    if _quick(text, width) or wide(text, font) <= width:
        return [text]
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if wide(longer, font) <= width:
            lines[-1] = longer
            continue
        *whole, rest = _chopped(word, width, font)
        lines += [*whole, rest]
    return [line for line in lines if line] or [""]


def _quick(text: str, width: float) -> bool:
    """Whether a text is so short that it fits however wide its letters are."""
    return len(text) * SIZE < width


def _chopped(word: str, width: float, font: str) -> list[str]:
    """A word in pieces that fit, at least a letter each."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and wide(pieces[-1] + letter, font) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def clean(text: str) -> str:
    """Text as the font can show it: a box for what it has not, a space for line ends."""
    if text.isascii() and text.isprintable():
        return text
    known = pdfmetrics.getFont(PLAIN).face.charToGlyph
    return "".join(
        letter if ord(letter) in known and letter.isprintable() else " " if letter.isspace() else "□"
        for letter in text
    )
