"""Pages of which one is shown: they take the room they are given and ask for none, or fit the page shown."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

_HINT = QSize(320, 240)


class Pages(QStackedWidget):
    """A word that changes on one page moves nothing else; a window of wrapping words took 7 ms for it."""

    def hasHeightForWidth(self) -> bool:
        return False

    def when_pressed(self, key: str, acts: Mapping[QWidget, Callable[[], object]]) -> None:
        """What a key does on which page; it does nothing on the others."""

        def act() -> None:
            page = self.currentWidget()
            if page is not None and page in acts:
                acts[page]()

        QShortcut(QKeySequence(key), self).activated.connect(act)

    def sizeHint(self) -> QSize:
        return _HINT

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)


class FittedPages(Pages):
    """As tall as the page that is shown; one that `gives_way` is lower where there is not so much room."""

    def __init__(self, *, gives_way: bool = False):
        super().__init__()
        self._gives_way = gives_way
        self.setMaximumHeight(0)
        self.currentChanged.connect(self._fit)

    def sizeHint(self) -> QSize:
        return QSize(_HINT.width(), self.maximumHeight())

    def event(self, event: QEvent) -> bool:
        """Words that changed and another width may need another height."""
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit()
        return done

    def _fit(self) -> None:
        page = self.currentWidget()
        high = _height(page, self.width()) if page is not None else 0
        if high != self.maximumHeight():
            self.setMaximumHeight(high)
            self.setMinimumHeight(0 if self._gives_way else high)


def _height(page: QWidget, width: int) -> int:
    """What a page needs in a width, px, with its words wrapped."""
    return page.heightForWidth(width) if page.hasHeightForWidth() else page.sizeHint().height()
