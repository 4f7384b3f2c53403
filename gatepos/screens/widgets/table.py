"""A small table: words at the left, figures right-aligned below their heads, a hairline between."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gatepos.screens.kit import Kit
from gatepos.screens.look import MEDIUM, REGULAR, SEMIBOLD, SMALL, TEXT
from gatepos.screens.widgets import paint

_ROW, _HEAD, _PAD, _MORE = 28, 22, 10, 16
Row = tuple[str, ...]


class Table(QWidget):
    """Drawn in one go; each figure's column is as wide as its widest cell, what is left is for the words.

    Words that do not fit go on in a second line, and their row is higher.
    """

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._heads: Row = ()
        self._rows: tuple[Row, ...] = ()
        self._has_total = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        kit.look.changed.connect(self.update)

    def show_rows(self, heads: Row, rows: Sequence[Row], *, has_total: bool = False) -> None:
        """Show rows of as many cells as there are heads; `has_total` says that the last is the total."""
        self._heads, self._rows, self._has_total = heads, tuple(rows), has_total
        self.setAccessibleName("; ".join(" ".join(row) for row in rows))
        self._fit()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, sum(self.heights()))

    def heights(self) -> list[int]:
        """How high the heads and each row are in the present width, px."""
        room = self._room()
        heads = [_HEAD if not self._heads or _fits(self._heads[0], room, SMALL) else _HEAD + _MORE]
        return heads + [_ROW if _fits(row[0], room, TEXT) else _ROW + _MORE for row in self._rows]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        wide, (head, *highs) = self._widths(), self.heights()
        self._paint_row(painter, self._heads, QRect(0, 0, self.width(), head), wide, "muted", SMALL, SEMIBOLD)
        top = head
        for place, (row, high) in enumerate(zip(self._rows, highs, strict=True)):
            box = QRect(0, top, self.width(), high)
            painter.fillRect(QRect(0, box.top(), box.width(), 1), self._kit.look.colour("rule"))
            is_total = self._has_total and place == len(self._rows) - 1
            self._paint_row(painter, row, box, wide, "ink", TEXT, SEMIBOLD if is_total else REGULAR)
            top += high

    def _fit(self) -> None:
        self.setMinimumHeight(sum(self.heights()))

    def _room(self) -> int:
        """What is left for the words."""
        return self.width() - sum(width + _PAD for width in self._widths())

    def _paint_row(
        self, painter: QPainter, row: Row, box: QRect, wide: list[int], meaning: str, px: int,
        weight: QFont.Weight,
    ) -> None:  # fmt: skip
        colour, right = self._kit.look.colour(meaning), box.right()
        for cell, width in zip(reversed(row[1:]), reversed(wide), strict=True):
            at = QRect(right - width + 1, box.top(), width, box.height())
            paint.words(painter, at, cell, colour, px, weight, paint.RIGHT)
            right -= width + _PAD
        words = QRect(box.left(), box.top(), right - box.left(), box.height())
        paint.words(painter, words, row[0] if row else "", colour, px, weight, paint.LEFT)

    def _widths(self) -> list[int]:
        columns = range(1, len(self._heads))
        return [
            max(
                paint.width(self._heads[column], SMALL, SEMIBOLD) + 2,
                *(paint.width(row[column], TEXT, MEDIUM) + 6 for row in self._rows),
                0,
            )
            for column in columns
        ]


def _fits(words: str, room: int, px: int) -> bool:
    return paint.width(words, px, SEMIBOLD) <= room
