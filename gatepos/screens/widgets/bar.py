"""The bar at the bottom of every screen: where to go, the other language, the lock."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QSizePolicy

from gatepos.i18n import LANGUAGES, N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, SEMIBOLD, mean
from gatepos.screens.widgets import paint
from gatepos.screens.widgets.arrange import row
from gatepos.screens.widgets.tile import Ground, Tile

HEIGHT = 64
_WIDE = 132


class Tab(Tile):
    """One place to go; the chosen one has a green edge on top."""

    def __init__(self, kit: Kit, text: str = ""):
        super().__init__(kit, HEIGHT - 1, Ground.BARE)
        self.is_chosen = False
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        if text:
            kit.speech.say(self.set_text, text)

    def set_text(self, text: str) -> None:
        """Change the words."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def choose(self, is_chosen: bool) -> None:
        """Mark it as the place where we are."""
        self.is_chosen = is_chosen
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(max(_WIDE, paint.width(self.text(), LABEL, SEMIBOLD) + 32), self.least.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(paint.width(self.text(), LABEL, SEMIBOLD) + 20, self.least.height())

    def paint_face(self, painter: QPainter, face: QRect) -> bool:
        look = self.kit.look
        if self.is_chosen:
            painter.fillRect(self.rect(), look.colour("chosen"))
            painter.fillRect(QRect(0, 0, self.width(), 4), look.colour("do"))
            if self.hasFocus():
                self._paint_focus(painter)
        colour = look.colour("chosen_words" if self.is_chosen else "second")
        return paint.words(painter, face, self.text(), colour, LABEL, SEMIBOLD)


class Bar(QFrame):
    """Emits where the clerk wants to go."""

    chosen = Signal(str)
    language_touched = Signal()
    lock_touched = Signal()

    def __init__(self, kit: Kit, places: tuple[tuple[str, str], ...]):
        super().__init__()
        mean(self, "bar")
        self.setFixedHeight(HEIGHT)
        self._kit = kit
        self.tabs = {name: self._tab(name, text) for name, text in places}
        self.language = Tab(kit)
        self.language.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a finger leaves the focus where it types
        self.language.clicked.connect(self.language_touched)
        self.lock = Tab(kit, N_("Lock"))
        self.lock.clicked.connect(self.lock_touched)
        layout = row(*self.tabs.values(), 1, self.language, self.lock, gap=4, margins=(12, 1, 12, 0))
        self.setLayout(layout)
        kit.speech.follow(self, lambda: self.language.set_text(LANGUAGES[kit.speech.other]))

    def show_place(self, name: str) -> None:
        """Mark the place where we are."""
        for other, tab in self.tabs.items():
            tab.choose(other == name)

    def show_places(self, names: tuple[str, ...]) -> None:
        """Only these can be gone to now; none of them before somebody signs in."""
        for name, tab in self.tabs.items():
            tab.setVisible(name in names)
        self.lock.setVisible(bool(names))

    def _tab(self, name: str, text: str) -> Tab:
        tab = Tab(self._kit, text)
        tab.clicked.connect(lambda: self.chosen.emit(name))
        return tab
