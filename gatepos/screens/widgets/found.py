"""A row of a list: what it is, when, whose, and how much."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, SEMIBOLD, SMALL
from gatepos.screens.widgets import paint
from gatepos.screens.widgets.tile import Ground, Tile

_HEIGHT = 60


class FoundTile(Tile):
    """Two lines at the left, a word in the middle, an amount at the right."""

    def __init__(self, kit: Kit):
        super().__init__(kit, _HEIGHT)
        self._texts = ("", "", "", "", "")

    def show_found(
        self, name: str, below: str, middle: str, amount: str, state: str = "", *, is_chosen: bool = False
    ) -> None:
        """What stands where; `state` is set in amber below the amount."""
        self._texts = (name, below, middle, amount, state)
        self.setAccessibleName(" ".join(filter(None, self._texts)))
        self.set_ground(Ground.CHOSEN if is_chosen else Ground.PLAIN)
        self.update()

    def paint_face(self, painter: QPainter, face: QRect) -> bool:
        look = self.kit.look
        name, below, middle, amount, state = self._texts
        box = face.adjusted(8, 0, -8, 0)
        first, last = box.width() * 44 // 100, box.width() * 30 // 100
        left = QRect(box.left(), box.top(), first, box.height())
        right = QRect(box.right() - last, box.top(), last, box.height())
        centre = QRect(left.right() + 8, box.top(), right.left() - left.right() - 16, box.height())
        ink, second = self.ink(), look.colour("second")
        whole = [paint.words(painter, _top(left), name, ink, LABEL, SEMIBOLD, paint.LEFT)]
        whole.append(paint.words(painter, _bottom(left), below, second, SMALL, align=paint.LEFT))
        whole.append(paint.words(painter, centre, middle, ink, LABEL, SEMIBOLD, paint.LEFT))
        top = _top(right) if state else right
        whole.append(paint.words(painter, top, amount, ink, LABEL, SEMIBOLD, paint.RIGHT))
        colour = look.colour("owed_words")
        whole.append(paint.words(painter, _bottom(right), state, colour, SMALL, SEMIBOLD, paint.RIGHT))
        return all(whole)


def _top(box: QRect) -> QRect:
    return QRect(box.left(), box.top(), box.width(), box.height() // 2 + 2)


def _bottom(box: QRect) -> QRect:
    return QRect(box.left(), box.top() + box.height() // 2, box.width(), box.height() // 2)
