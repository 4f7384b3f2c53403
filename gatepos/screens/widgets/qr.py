"""A QR code drawn in whole pixels, dark on white in every theme so that every phone reads it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gatepos.devices import qr

_LEAST = 160


class QrCode(QWidget):
    """As large as whole pixels a module allow."""

    def __init__(self) -> None:
        super().__init__()
        self._matrix: qr.Matrix = []
        self.setMinimumSize(_LEAST, _LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_text(self, text: str) -> None:
        """Show the code of a text; nothing for an empty one."""
        self._matrix = qr.matrix(text) if text else []
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 240)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._matrix:
            return
        painter = QPainter(self)
        size = len(self._matrix)
        dot = max(min(self.width(), self.height()) // size, 1)
        left, top = (self.width() - dot * size) // 2, (self.height() - dot * size) // 2
        painter.fillRect(left, top, dot * size, dot * size, QColor(Qt.GlobalColor.white))
        for y, line in enumerate(self._matrix):
            for x, is_dark in enumerate(line):
                if is_dark:
                    painter.fillRect(left + x * dot, top + y * dot, dot, dot, QColor(Qt.GlobalColor.black))
