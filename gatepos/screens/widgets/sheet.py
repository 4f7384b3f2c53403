"""A page that takes the left of a screen for a while: a title, a way back, and what it is about."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import LARGE, SEMIBOLD, label
from gatepos.screens.widgets.arrange import column, row
from gatepos.screens.widgets.button import TouchButton


class Sheet(QWidget):
    """Closed by its button or Esc."""

    closed = Signal()

    def __init__(self, kit: Kit, title: str = ""):
        super().__init__()
        self.kit = kit
        self.title = label("", LARGE, SEMIBOLD, wraps=True)
        if title:
            kit.speech.say(self.title.setText, title)
        self.back = TouchButton(kit, key="Esc").snug()
        kit.speech.say(self.back.set_text, N_("Back"))
        self.back.clicked.connect(self.closed)
        top = row(self.title, self.back)
        top.setStretch(0, 1)
        self.body = column(gap=8)
        self.setLayout(column(top, self.body, gap=12, margins=(18, 12, 18, 12)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
