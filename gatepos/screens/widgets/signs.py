"""The signs of the verdicts, drawn as lines and faces: not every font of every machine has them."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from gatepos.screens.look import BOLD, font

_SIDE = 40
"""The square in which every sign is drawn, in units of its own."""


def draw(painter: QPainter, box: QRectF, sign: str, colour: QColor) -> None:
    """Draw a sign of `verdicts.LOOKS` into a square; a letter where it is one."""
    painter.save()
    painter.translate(box.topLeft())
    painter.scale(box.width() / _SIDE, box.height() / _SIDE)
    pen = QPen(colour, 4.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    drawn = _DRAWN.get(sign)
    if drawn is None:
        painter.setFont(font(_SIDE, BOLD))
        painter.drawText(QRectF(0, 0, _SIDE, _SIDE), Qt.AlignmentFlag.AlignCenter, sign)
    else:
        drawn(painter, colour)
    painter.restore()


def _tick(painter: QPainter, colour: QColor) -> None:
    painter.drawPolyline(QPolygonF([QPointF(5, 21), QPointF(15, 32), QPointF(35, 8)]))


def _cross(painter: QPainter, colour: QColor) -> None:
    painter.drawLine(QPointF(8, 8), QPointF(32, 32))
    painter.drawLine(QPointF(32, 8), QPointF(8, 32))


def _hourglass(painter: QPainter, colour: QColor) -> None:
    painter.setPen(QPen(colour, 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    for y in (2, 38):
        painter.drawLine(QPointF(7, y), QPointF(33, y))
    glass = QPainterPath(QPointF(10, 2))
    glass.cubicTo(10, 14, 18, 16, 18, 20)
    glass.cubicTo(18, 24, 10, 26, 10, 38)
    glass.lineTo(30, 38)
    glass.cubicTo(30, 26, 22, 24, 22, 20)
    glass.cubicTo(22, 16, 30, 14, 30, 2)
    painter.drawPath(glass)
    sand = QPainterPath(QPointF(13, 37))
    sand.cubicTo(14, 30, 26, 30, 27, 37)
    painter.fillPath(sand, colour)


def _half(painter: QPainter, colour: QColor) -> None:
    painter.setPen(QPen(colour, 3))
    painter.drawEllipse(QRectF(4, 4, 32, 32))
    painter.setBrush(colour)
    painter.drawPie(QRectF(4, 4, 32, 32), 90 * 16, 180 * 16)


def _again(painter: QPainter, colour: QColor) -> None:
    painter.drawArc(QRectF(6, 7, 28, 28), 60 * 16, -300 * 16)
    head = QPainterPath(QPointF(21, 1))
    head.lineTo(33, 7)
    head.lineTo(21, 15)
    painter.fillPath(head, colour)


def _flag(painter: QPainter, colour: QColor) -> None:
    painter.drawLine(QPointF(9, 4), QPointF(9, 37))
    cloth = QPainterPath(QPointF(11, 4))
    cloth.cubicTo(19, 1, 24, 9, 35, 5)
    cloth.lineTo(35, 21)
    cloth.cubicTo(24, 25, 19, 17, 11, 20)
    painter.fillPath(cloth, colour)


def _left(painter: QPainter, colour: QColor) -> None:
    painter.drawLine(QPointF(5, 20), QPointF(35, 20))
    painter.drawPolyline(QPolygonF([QPointF(17, 8), QPointF(5, 20), QPointF(17, 32)]))


def _right(painter: QPainter, colour: QColor) -> None:
    painter.drawLine(QPointF(5, 20), QPointF(35, 20))
    painter.drawPolyline(QPolygonF([QPointF(23, 8), QPointF(35, 20), QPointF(23, 32)]))


_DRAWN: dict[str, Callable[[QPainter, QColor], None]] = {
    "✓": _tick, "✕": _cross, "⧗": _hourglass, "◐": _half, "↻": _again, "⚑": _flag,
    "←": _left, "→": _right,
}  # fmt: skip
