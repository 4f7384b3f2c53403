"""A paper as it comes out of the printer, shown on the screen."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel

from gatepos.devices import picture
from gatepos.domain.paper_lines import PaperLine

_PAPER_MM = 80
_LEAST = 200


class Paper(QLabel):
    """Drawn as wide as it is told."""

    def show_lines(self, lines: Sequence[PaperLine], width: int) -> None:
        """Show a paper, `width` px wide and never narrower than can be read."""
        drawn = QPixmap()
        drawn.loadFromData(picture.png(lines, _PAPER_MM))
        smooth = Qt.TransformationMode.SmoothTransformation
        self.setPixmap(drawn.scaledToWidth(max(width, _LEAST), smooth))
