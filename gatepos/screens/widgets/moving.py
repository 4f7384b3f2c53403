"""Moving the focus with the arrow keys to whatever stands next in that direction."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

_ASIDE_WEIGHT = 3
_WAYS = {
    int(Qt.Key.Key_Left): (-1, 0),
    int(Qt.Key.Key_Right): (1, 0),
    int(Qt.Key.Key_Up): (0, -1),
    int(Qt.Key.Key_Down): (0, 1),
}


def move(widgets: Iterable[QWidget], key: int, now: QWidget | None) -> bool:
    """Focus the nearest of `widgets` in the arrow's direction; whether the key was an arrow."""
    way = _WAYS.get(key)
    if way is None:
        return False
    shown = [widget for widget in widgets if widget.isVisible() and widget.isEnabled()]
    if now is None or now not in shown:
        if shown:
            shown[0].setFocus(Qt.FocusReason.OtherFocusReason)
        return True
    start = _middle(now)
    near = [(far, widget) for widget in shown if (far := _distance(_middle(widget) - start, way)) is not None]
    if near:
        min(near, key=lambda pair: pair[0])[1].setFocus(Qt.FocusReason.OtherFocusReason)
    return True


def chain(widgets: Sequence[QWidget]) -> None:
    """Let Tab go through `widgets` in order."""
    for before, after in pairwise(widgets):
        QWidget.setTabOrder(before, after)


def _middle(widget: QWidget) -> QPoint:
    return widget.mapToGlobal(widget.rect().center())


def _distance(step: QPoint, way: tuple[int, int]) -> int | None:
    """How far a step goes along a way, aside counting thrice; None when it does not go there."""
    along = step.x() * way[0] + step.y() * way[1]
    aside = abs(step.x() * way[1]) + abs(step.y() * way[0])
    return along + _ASIDE_WEIGHT * aside if along > 4 and along * 3 >= aside else None
