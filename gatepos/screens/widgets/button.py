"""A button with words and, where a key does the same, the key's name."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy

from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP, LABEL, MEDIUM, SEMIBOLD, SMALL, TOUCH
from gatepos.screens.widgets import paint
from gatepos.screens.widgets.tile import Ground, Tile

_CHIP_HEIGHT, _CHIP_PAD = 20, 6


class TouchButton(Tile):
    """One or two lines of words; `note` says in small type what the first line does not."""

    def __init__(
        self, kit: Kit, text: str = "", *, key: str = "", height: int = TOUCH, ground: Ground = Ground.PLAIN,
        px: int = LABEL,
    ):  # fmt: skip
        super().__init__(kit, height, ground)
        self.key = key
        self.px = px
        self.note = ""
        self.setText(text)

    def set_text(self, text: str) -> None:
        """Change the words."""
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)
            self.updateGeometry()

    def set_note(self, note: str) -> None:
        """Change the small words below."""
        if note != self.note:
            self.note = note
            self.updateGeometry()
            self.update()

    def snug(self) -> "TouchButton":
        """As wide as its words, not as the room there is."""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        return self

    def sizeHint(self) -> QSize:
        words = max(paint.width(self.text(), self.px, SEMIBOLD), paint.width(self.note, SMALL))
        return QSize(max(words + 36 + self._chip_width(), self.least.width()), self.least.height())

    def paint_face(self, painter: QPainter, face: QRect) -> bool:
        chip = self._chip_width()
        box = face.adjusted(2, 0, -2 - chip, 0)
        if self.note:
            top, bottom = _halves(box)
            is_whole = paint.words(painter, top, self.text(), self.ink(), self.px, SEMIBOLD)
            return paint.words(painter, bottom, self.note, self._second(), SMALL) and is_whole
        is_whole = paint.words(painter, box, self.text(), self.ink(), self.px, SEMIBOLD)
        if chip:
            shown = min(paint.width(self.text(), self.px, SEMIBOLD), box.width())
            self._paint_chip(painter, box.center().x() + shown // 2 + GAP + 2, face.center().y())
        return is_whole

    def _second(self) -> QColor:
        return self.ink() if self.ground == Ground.DO else self.kit.look.colour("second")

    def _chip_width(self) -> int:
        return paint.width(self.key, SMALL, MEDIUM) + 2 * _CHIP_PAD + GAP if self.key and not self.note else 0

    def _paint_chip(self, painter: QPainter, left: int, middle: int) -> None:
        colour = self.ink() if self.ground in (Ground.DO, Ground.OWED) else self.kit.look.colour("muted")
        chip = QRect(left, middle - _CHIP_HEIGHT // 2, self._chip_width() - GAP, _CHIP_HEIGHT)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1))
        painter.drawRoundedRect(chip, 4, 4)
        paint.words(painter, chip, self.key, colour, SMALL, MEDIUM)


def _halves(box: QRect) -> tuple[QRect, QRect]:
    top = QRect(box.left(), box.top(), box.width(), box.height() // 2 + 2)
    return top, QRect(box.left(), top.bottom() - 2, box.width(), box.bottom() - top.bottom() + 2)
