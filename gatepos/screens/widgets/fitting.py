"""What is as tall as what it holds where there is room, and scrolls where there is not."""

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtWidgets import QScrollArea, QWidget

from gatepos.screens.widgets.arrange import scrolling


class FittingArea(QScrollArea):
    """Asks for the height of its content with the words wrapped, and is content with less."""

    def __init__(self, inside: QWidget):
        super().__init__()
        self._inside = inside
        scrolling(inside, self)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        inside = self._inside
        return inside.heightForWidth(width) if inside.hasHeightForWidth() else inside.sizeHint().height()

    def sizeHint(self) -> QSize:
        return self._inside.sizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt asks a scroll area to watch its content: another height of it is another height of ours."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)
