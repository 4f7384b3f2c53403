"""What entries cost as central grows, as a drawing: straight lines where each costs the same at any size."""

from collections.abc import Sequence
from pathlib import Path

from reportlab.graphics import renderSVG
from reportlab.graphics.charts.legends import Legend
from reportlab.graphics.charts.lineplots import LinePlot
from reportlab.graphics.shapes import Drawing, String
from reportlab.lib.colors import HexColor

from gatepos.rehearsal.growing import Point

_WIDE, _HIGH, _LEFT, _LOW = 640, 320, 60, 50
_LINES = (("taken in and acknowledged", "#0b6e4f"), ("in the books", "#b3541e"))


def drawn(points: Sequence[Point], where: Path) -> None:
    """An SVG file: seconds in all, for all entries until there."""
    lines = [_sums(points, [point.received_us for point in points])]
    lines.append(_sums(points, [point.received_us + point.booked_us for point in points]))
    drawing = Drawing(_WIDE, _HIGH)
    drawing.add(_plot(lines))
    drawing.add(_legend())
    drawing.add(String(_LEFT, _HIGH - 16, "Seconds that so many entries take central", fontSize=12))
    drawing.add(String(_WIDE - 60, 12, "entries", fontSize=10))
    renderSVG.drawToFile(drawing, str(where))


def _sums(points: Sequence[Point], each_us: Sequence[float]) -> list[tuple[int, float]]:
    found = [(0, 0.0)]
    for point, us in zip(points, each_us, strict=True):
        before, took_s = found[-1]
        found.append((point.entries, took_s + us * (point.entries - before) / 1e6))
    return found


def _plot(lines: list[list[tuple[int, float]]]) -> LinePlot:
    plot = LinePlot()
    plot.x, plot.y, plot.width, plot.height = _LEFT, _LOW, _WIDE - _LEFT - 30, _HIGH - _LOW - 40
    plot.data = lines
    plot.xValueAxis.valueMin = plot.yValueAxis.valueMin = 0
    plot.xValueAxis.labelTextFormat = lambda n: f"{n:,.0f}"
    plot.yValueAxis.visibleGrid = True
    plot.yValueAxis.gridStrokeColor = HexColor("#d0d0d0")
    for i, (_, colour) in enumerate(_LINES):
        plot.lines[i].strokeColor, plot.lines[i].strokeWidth = HexColor(colour), 2
    return plot


def _legend() -> Legend:
    legend = Legend()
    legend.x, legend.y, legend.alignment = _LEFT + 12, _HIGH - 50, "right"
    legend.colorNamePairs = [(HexColor(colour), name) for name, colour in _LINES]
    legend.columnMaximum = 2
    return legend
