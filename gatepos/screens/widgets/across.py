"""Bars that lie, one below the other, each named at its left: for what has names and no order in time."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gatepos.screens.kit import Kit
from gatepos.screens.look import SEMIBOLD, SMALL, TEXT
from gatepos.screens.widgets import paint
from gatepos.screens.widgets.chart import Bar

_HIGH, _LEAST, _GAP, _THICK = 34, 20, 8, 18


class Across(QWidget):
    """In the theme's colours; names share the width with their bars, and wrap before they are cut."""

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        kit.look.changed.connect(self.update)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show these, the first at the top."""
        self._bars = tuple(bars)
        self.setAccessibleName("; ".join(f"{bar.name} {bar.value}" for bar in bars))
        self.setMinimumHeight(_LEAST * len(self._bars))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 170)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._bars:
            return
        painter, look = QPainter(self), self._kit.look
        high = min(self.height() // len(self._bars), _HIGH)
        most = max(max(sum(bar.parts) for bar in self._bars), 1)
        named = min(max(paint.width(bar.name, TEXT) for bar in self._bars) + 2, self.width() * 45 // 100)
        told = max(paint.width(bar.value, SMALL, SEMIBOLD) for bar in self._bars) + 4
        room = self.width() - named - told - 2 * _GAP
        for place, bar in enumerate(self._bars):
            row = QRect(0, place * high, self.width(), high)
            words = QRect(0, row.top(), named, high)
            paint.words(painter, words, bar.name, look.colour("second"), TEXT, align=paint.LEFT)
            thick, wide = min(_THICK, high - 4), max(sum(bar.parts) * room // most, 1)
            top = row.top() + (high - thick) // 2
            painter.fillRect(QRect(named + _GAP, top, wide, thick), look.colour("do"))
            value = QRect(named + wide + 2 * _GAP, row.top(), told, high)
            paint.words(painter, value, bar.value, look.colour("ink"), SMALL, SEMIBOLD, paint.LEFT)
