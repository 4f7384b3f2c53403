"""Putting widgets beside and below each other with the room a finger needs between them."""

from collections.abc import Collection
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from gatepos.screens.look import GAP, mean

_L = TypeVar("_L", bound=QBoxLayout)
Part = QWidget | QLayout | int
"""A widget, a layout, or a stretch of so much weight."""


def row(*parts: Part, gap: int = GAP, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """Parts from left to right; margins are left, top, right, bottom."""
    return _filled(QHBoxLayout(), parts, gap, margins)


def column(*parts: Part, gap: int = GAP, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """Parts from top to bottom; margins are left, top, right, bottom."""
    return _filled(QVBoxLayout(), parts, gap, margins)


def holding(layout: QLayout, meaning: str = "") -> QFrame:
    """A frame around a layout, with a meaning of the style sheet."""
    frame = QFrame()
    frame.setLayout(layout)
    if meaning:
        mean(frame, meaning)
    return frame


def scrolling(inside: QWidget, area: QScrollArea | None = None) -> QScrollArea:
    """What may be taller than its room, and is dragged up and down."""
    area = area or QScrollArea()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def empty(layout: QLayout, keep: Collection[QWidget] = ()) -> None:
    """Take everything out of a layout and let it go, but for what is kept for another place."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None and widget not in keep:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            empty(inner, keep)


def _filled(layout: _L, parts: tuple[Part, ...], gap: int, margins: tuple[int, int, int, int]) -> _L:
    layout.setSpacing(gap)
    layout.setContentsMargins(*margins)
    for part in parts:
        if isinstance(part, QWidget):
            layout.addWidget(part)
        elif isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addStretch(part)
    return layout
