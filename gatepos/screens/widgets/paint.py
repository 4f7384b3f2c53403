"""Drawing words into a box without ever cutting them: wrapped first, then smaller, never under 14 px."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from gatepos.screens.look import REGULAR, SMALL, font

CENTRE = Qt.AlignmentFlag.AlignCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
WRAP = int(Qt.TextFlag.TextWordWrap)


@dataclass(frozen=True, slots=True)
class Fit:
    """The size of type at which words fit a box; `is_cut` when even the smallest does not."""

    px: int
    is_cut: bool


@lru_cache(maxsize=4096)
def fit(text: str, width: int, height: int, px: int, weight: QFont.Weight) -> Fit:
    """The largest type up to `px` with which `text` fits, wrapped between words."""
    for size in range(px, SMALL - 1, -1):
        box = QFontMetrics(font(size, weight)).boundingRect(QRect(0, 0, width, height), WRAP, text)
        if box.width() <= width and box.height() <= height:
            return Fit(size, False)
    return Fit(SMALL, True)


def words(
    painter: QPainter,
    box: QRect,
    text: str,
    colour: QColor,
    px: int,
    weight: QFont.Weight = REGULAR,
    align: Qt.AlignmentFlag = CENTRE,
) -> bool:
    """Draw `text` in a box; False when it had to be cut."""
    if not text:
        return True
    fits = fit(text, box.width(), box.height(), px, weight)
    painter.setFont(font(fits.px, weight))
    painter.setPen(colour)
    if fits.is_cut:  # what a text begins with tells most
        metrics = QFontMetrics(font(fits.px, weight))
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, int(align) | WRAP, text)
    return not fits.is_cut


def width(text: str, px: int, weight: QFont.Weight = REGULAR) -> int:
    """How wide `text` is on one line, px."""
    return QFontMetrics(font(px, weight)).horizontalAdvance(text)
