"""Tiles to choose one thing: a vehicle with its price, a field with its value."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter

from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, LARGE, MEDIUM, SEMIBOLD, SMALL
from gatepos.screens.widgets import paint
from gatepos.screens.widgets.tile import Ground, Tile

_HEIGHT = 56


class ChoiceTile(Tile):
    """A name, something smaller below, and whether it is chosen."""

    def __init__(self, kit: Kit, height: int = _HEIGHT):
        super().__init__(kit, height)
        self.name = ""
        self.below = ""
        self.is_blocked = False

    def show_choice(
        self, name: str, below: str = "", *, is_chosen: bool = False, is_blocked: bool = False
    ) -> None:
        """What it is, what it costs or means, whether it is chosen, whether touching it only says why not."""
        self.set_ground(Ground.CHOSEN if is_chosen else Ground.PLAIN)
        if (name, below, is_blocked) != (self.name, self.below, self.is_blocked):
            self.name, self.below, self.is_blocked = name, below, is_blocked
            self.setAccessibleName(f"{name} {below}".strip())
            self.update()

    def paint_face(self, painter: QPainter, face: QRect) -> bool:
        look = self.kit.look
        if not self.below:
            return paint.words(painter, face, self.name, self.ink(), LABEL, SEMIBOLD)
        half = face.height() // 2
        top = QRect(face.left(), face.top(), face.width(), half + 1)
        bottom = QRect(face.left(), top.bottom() - 1, face.width(), face.bottom() - top.bottom() + 1)
        colour = look.colour("owed_words" if self.is_blocked else "second")
        is_whole = paint.words(painter, top, self.name, self.ink(), LABEL, SEMIBOLD)
        return paint.words(painter, bottom, self.below, colour, SMALL) and is_whole


class FieldTile(Tile):
    """A caption and a value; touching it asks for another."""

    def __init__(self, kit: Kit, height: int = _HEIGHT):
        super().__init__(kit, height)
        self.caption = ""
        self.value = ""
        self.hint = ""

    def show_field(self, caption: str, value: str, hint: str = "") -> None:
        """`hint` stands where there is no value."""
        if (caption, value, hint) != (self.caption, self.value, self.hint):
            self.caption, self.value, self.hint = caption, value, hint
            self.setAccessibleName(f"{caption}: {value or hint}")
            self.update()

    def paint_face(self, painter: QPainter, face: QRect) -> bool:
        look = self.kit.look
        box = face.adjusted(7, 1, -4, -1)
        is_long = paint.width(self.caption, SMALL, MEDIUM) > box.width()
        top = QRect(box.left(), box.top(), box.width(), 38 if is_long and box.height() > 62 else 20)
        bottom = QRect(box.left(), top.bottom(), box.width(), box.bottom() - top.bottom() + 2)
        is_whole = paint.words(painter, top, self.caption, look.colour("second"), SMALL, MEDIUM, paint.LEFT)
        if self.value:
            shown = paint.words(painter, bottom, self.value, self.ink(), LARGE, SEMIBOLD, paint.LEFT)
        else:
            shown = paint.words(painter, bottom, self.hint, look.colour("muted"), LABEL, align=paint.LEFT)
        return shown and is_whole
