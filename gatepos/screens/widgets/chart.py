"""A chart of bars, each stacked of parts that a legend names; a shaded ground where something was down."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gatepos.screens.kit import Kit
from gatepos.screens.look import SEMIBOLD, SMALL, TEXT
from gatepos.screens.widgets import paint

_PARTS = ("do", "owed_border")
_FOOT, _HEAD, _LEGEND, _SQUARE, _GAP, _APART = 22, 20, 26, 12, 8, 12
_WIDEST = 96


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its name below, its value in words above, its parts in one unit, none below zero."""

    name: str
    value: str
    parts: tuple[int, ...]
    is_shaded: bool = False


class Chart(QWidget):
    """In the theme's colours; `names` of parts stand in the legend, `shade` where a ground is shaded."""

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._bars: tuple[Bar, ...] = ()
        self._names: tuple[str, ...] = ()
        self._shade = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        kit.look.changed.connect(self.update)

    def show_bars(self, bars: Sequence[Bar], names: Sequence[str], shade: str = "") -> None:
        """Show these."""
        self._bars, self._names, self._shade = tuple(bars), tuple(names), shade
        self.setAccessibleName("; ".join(f"{bar.name} {bar.value}" for bar in bars))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 170)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 120)

    @property
    def legend(self) -> list[tuple[QRect, str, str]]:
        """Where each name of the legend stands, below the last line of bars, with its colour by meaning.

        They follow each other, and go on in the next line where they would be cut.
        """
        placed: list[tuple[QRect, str, str]] = []
        left = top = 0
        for name, meaning in self._named():
            wide = min(_SQUARE + 6 + paint.width(name, TEXT) + 4, self.width())
            if left and left + wide > self.width():
                left, top = 0, top + _LEGEND
            placed.append((QRect(left, top, wide, _LEGEND - 4), name, meaning))
            left += wide + _APART
        return placed

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, legend = QPainter(self), self.legend
        high = self.height() - (legend[-1][0].bottom() + 5 if legend else 0)
        if self._bars:
            most = max(max(sum(bar.parts) for bar in self._bars), 1)
            step = self._step()
            for place, bar in enumerate(self._bars):
                slot = self._slot(place, high)
                self._paint_bar(painter, bar, slot, most)
                if place % step == 0:
                    foot = QRect(slot.left(), slot.bottom() - _FOOT + 1, slot.width() * step, _FOOT)
                    align = paint.CENTRE if step == 1 else paint.LEFT
                    paint.words(painter, foot, bar.name, self._kit.look.colour("second"), SMALL, align=align)
        painter.fillRect(QRect(0, high - _FOOT, self.width(), 1), self._kit.look.colour("border"))
        for box, name, meaning in legend:
            self._paint_name(painter, box.translated(0, high + 4), name, meaning)

    def _step(self) -> int:
        """Every how many bars are named, so that no name is cut."""
        widest = max(paint.width(bar.name, SMALL) for bar in self._bars) + 2
        slot = max(self._slot(0, 0).width(), 1)
        return -(-widest // slot)

    def _named(self) -> list[tuple[str, str]]:
        named = [*zip(self._names, _PARTS, strict=False)]
        if self._shade and any(bar.is_shaded for bar in self._bars):
            named.append((self._shade, "refused"))
        return named

    def _slot(self, place: int, high: int) -> QRect:
        room = min(self.width(), _WIDEST * len(self._bars))
        left, right = (at * room // len(self._bars) for at in (place, place + 1))
        return QRect(left, 0, right - left, high)

    def _paint_bar(self, painter: QPainter, bar: Bar, slot: QRect, most: int) -> None:
        look = self._kit.look
        if bar.is_shaded:
            painter.fillRect(slot, look.colour("refused"))
        room, gap = slot.height() - _FOOT - _HEAD, min(_GAP, slot.width() // 4)
        bottom = slot.height() - _FOOT
        for part, meaning in zip(bar.parts, _PARTS, strict=False):
            tall = part * room // most
            painter.fillRect(
                QRect(slot.left() + gap // 2, bottom - tall, slot.width() - gap, tall), look.colour(meaning)
            )
            bottom -= tall
        above = self._above(bar, QRect(slot.left(), bottom - _HEAD, slot.width(), _HEAD), most)
        if above is not None:
            paint.words(painter, above, bar.value, look.colour("ink"), SMALL, SEMIBOLD)

    def _above(self, bar: Bar, slot: QRect, most: int) -> QRect | None:
        """Where a bar's value stands; where none fits the highest has one all the same, and is the scale."""
        wide = paint.width(bar.value, SMALL, SEMIBOLD) + 2
        if wide <= slot.width():
            return slot if any(bar.parts) else None
        drawn = [one for one in self._bars if any(one.parts)]
        narrowest = min(paint.width(one.value, SMALL, SEMIBOLD) for one in drawn) if drawn else 0
        if sum(bar.parts) < most or narrowest + 2 <= slot.width():
            return None
        left = min(max(slot.center().x() - wide // 2, 0), self.width() - wide)
        return QRect(left, slot.top(), wide, slot.height())

    def _paint_name(self, painter: QPainter, box: QRect, name: str, meaning: str) -> None:
        look = self._kit.look
        square = QRect(box.left(), box.top() + (box.height() - _SQUARE) // 2, _SQUARE, _SQUARE)
        painter.fillRect(square, look.colour(meaning))
        if meaning == "refused":
            painter.setPen(QPen(look.colour("refused_border"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(square.adjusted(0, 0, -1, -1))
        words = box.adjusted(_SQUARE + 6, 0, 0, 0)
        paint.words(painter, words, name, look.colour("second"), TEXT, align=paint.LEFT)
