"""How everything looks: the colours in force, Inter with figures of one width, the style sheet."""

import gc
from string import Template
from typing import cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from gatepos import resources
from gatepos.screens.palette import LIGHT, THEMES, Palette

FAMILY = "Inter"
SMALL, TEXT, LABEL, LARGE, HEAD, TOTAL = 14, 15, 16, 20, 28, 44
"""Sizes of type in px; nothing is smaller than the first."""
TOUCH, MONEY, GAP = 48, 54, 8
"""Least height of what is touched, of what moves money, and the room between, in px."""
WINDOW_LEAST = 960, 680
"""Said by the windows themselves, because words that wrap would ask for a height that no page needs."""

REGULAR, MEDIUM, SEMIBOLD, BOLD = (
    QFont.Weight.Normal,
    QFont.Weight.Medium,
    QFont.Weight.DemiBold,
    QFont.Weight.Bold,
)
_FILES = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf", "Inter-Bold.otf")


class FontMissing(RuntimeError):
    """A font that the program ships does not load."""


class Look(QObject):
    """The theme in force; `changed` when another takes its place.

    Until `dress` there is no style sheet: Qt would look at a widget again at each step of its building.
    """

    changed = Signal()

    def __init__(self, app: QApplication, theme: str = LIGHT.name):
        super().__init__()
        self._app = app
        self.palette = THEMES[theme]
        _load_fonts()
        _sweep(app)
        app.setStyle("Fusion")
        app.setFont(font())
        app.setStyleSheet("")

    def use(self, theme: str) -> None:
        """Show everything in another theme, at once."""
        self.palette = THEMES[theme]
        self.dress()
        self.changed.emit()

    def dress(self) -> None:
        """Put the theme on what there is and on what comes."""
        sheet = stylesheet(self.palette)
        if sheet != self._app.styleSheet():  # to set it costs a look at every widget
            _sweep(self._app)
            self._app.setPalette(_basic(self.palette))
            self._app.setStyleSheet(sheet)

    def colour(self, meaning: str) -> QColor:
        """The colour that has a meaning in this theme."""
        return QColor(cast(str, getattr(self.palette, meaning)))


def font(px: int = TEXT, weight: QFont.Weight = REGULAR) -> QFont:
    """Inter at a size and weight; figures are of one width, so that amounts stand below each other."""
    made = QFont(FAMILY)
    made.setPixelSize(px)
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def stylesheet(palette: Palette) -> str:
    """The style sheet in a theme's colours."""
    return Template(resources.text("style.qss")).substitute(palette.colours())


def mean(widget: QWidget, meaning: str) -> None:
    """Give a widget one of the meanings that the style sheet knows, such as `refused`."""
    if widget.property("means") == meaning:
        return
    widget.setProperty("means", meaning)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def label(
    text: str = "",
    px: int = TEXT,
    weight: QFont.Weight = REGULAR,
    meaning: str = "ink",
    *,
    wraps: bool = False,
) -> QLabel:
    """Plain words in a colour by meaning; what people typed can never become markup."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setFont(font(px, weight))
    made.setWordWrap(wraps)
    mean(made, meaning)
    made.setText(text)
    return made


def unbroken(text: str) -> str:
    """A number or an amount that no line's end parts; for the screen only."""
    return text.replace("-", "\N{NON-BREAKING HYPHEN}").replace(" ", "\N{NO-BREAK SPACE}")


def _sweep(app: QApplication) -> None:
    """End the widgets that nobody holds: Qt goes through all of them next, and none may end meanwhile."""
    if app.allWidgets():
        gc.collect()


def _load_fonts() -> None:
    folder = resources.folder() / "fonts"
    for name in _FILES:
        if QFontDatabase.addApplicationFont(str(folder / name)) < 0:
            raise FontMissing(name)


def _basic(palette: Palette) -> QPalette:
    basic = QPalette()
    roles = {
        QPalette.ColorRole.Window: palette.paper,
        QPalette.ColorRole.WindowText: palette.ink,
        QPalette.ColorRole.Base: palette.card,
        QPalette.ColorRole.Text: palette.ink,
        QPalette.ColorRole.Button: palette.card,
        QPalette.ColorRole.ButtonText: palette.ink,
        QPalette.ColorRole.Highlight: palette.do,
        QPalette.ColorRole.HighlightedText: palette.do_words,
        QPalette.ColorRole.PlaceholderText: palette.muted,
    }
    for role, colour in roles.items():
        basic.setColor(role, QColor(colour))
    return basic
