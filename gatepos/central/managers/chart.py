"""Stacked columns as plain rectangles, for an SVG that the template writes."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 560, 150
"""In the units of the drawing, labels below it."""
_GAP = 6


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle of a column; `kind` is which of its parts."""

    kind: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what stands below it, and its parts from the bottom up."""

    label: str
    middle: float
    values: tuple[int, ...]
    parts: tuple[Part, ...]


def columns(values: Sequence[tuple[str, Sequence[int]]]) -> list[Column]:
    """Columns side by side, the highest as high as the drawing; what is below zero has no height."""
    most = max((sum(max(n, 0) for n in parts) for _, parts in values), default=0)
    step = WIDTH / max(len(values), 1)
    return [
        Column(label, round((i + 0.5) * step, 1), tuple(parts), _parts(parts, most, i * step, step))
        for i, (label, parts) in enumerate(values)
    ]


def _parts(values: Sequence[int], most: int, left: float, step: float) -> tuple[Part, ...]:
    made: list[Part] = []
    y = float(HEIGHT)
    width = min(step - _GAP, 60)
    for kind, value in enumerate(values):
        height = HEIGHT * max(value, 0) / most if most else 0.0
        y -= height
        if height:
            x = left + (step - width) / 2
            made.append(Part(kind, round(x, 1), round(y, 1), round(width, 1), round(height, 1)))
    return tuple(made)
