"""Hands on a kiosk: real touches and keys on the real window, one after another, and pictures of it."""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gatepos.screens.floor import Floor
from gatepos.screens.kiosk import Kiosk
from gatepos.screens.widgets.tile import Tile

_LONGEST_S = 20.0
PATIENT_S = 900.0
"""How long who plays a day waits for one answer: a slow machine is no stuck one."""
_STEP_MS = 1


class Stuck(RuntimeError):
    """The kiosk did not come to what was waited for."""


class Hands:
    """Touches what is shown and nothing else; counts its touches, letters apart."""

    def __init__(
        self, kiosk: Kiosk, pictures: Path | None = None, pause_ms: int = 0, longest_s: float = _LONGEST_S
    ):
        self.kiosk = kiosk
        self.touches = 0
        self.letters = 0
        self.pictures: list[str] = []
        self._folder = pictures
        self._pause_ms = pause_ms
        self._longest_s = longest_s

    @property
    def floor(self) -> Floor:
        """The till in front of us."""
        return self.kiosk.floor

    def touch(self, widget: QWidget, at: QPoint | None = None) -> None:
        """A finger on a widget that is shown, at its middle unless told."""
        self.until(lambda: widget.isVisible() and widget.isEnabled())
        self.touches += 1
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())
        self.settle()

    def add(self, tile: Tile, count: int = 1) -> None:
        """A finger on the right of a counting tile, so often."""
        for _ in range(count):
            self.touch(tile, QPoint(tile.width() * 5 // 6, tile.height() // 2))

    def tap_and_paint(self, tile: Tile) -> None:
        """One tap, until the bill that came of it is painted; for measuring."""
        tile.clicked.emit()
        while self.floor.bridge.is_busy:
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        QApplication.processEvents()

    def type(self, text: str) -> None:
        """Letters on the keyboard, wherever the focus is."""
        self.letters += len(text)
        QTest.keyClicks(self._focused(), text)
        self.settle()

    def press(self, key: Qt.Key) -> None:
        """One key, which counts as a touch."""
        self.touches += 1
        QTest.keyClick(self._focused(), key)
        self.settle()

    def enter(self) -> None:
        """The Enter key."""
        self.press(Qt.Key.Key_Return)

    def settle(self) -> None:
        """Until everything asked is answered and shown."""
        QTest.qWait(_STEP_MS)
        self.until(lambda: not self.floor.bridge.is_busy)
        QTest.qWait(max(_STEP_MS, self._pause_ms))

    def until(self, is_so: Callable[[], bool]) -> None:
        """Until something is so; Stuck when it is not for as long as these hands wait."""
        give_up_s = time.monotonic() + self._longest_s
        while not is_so():
            if time.monotonic() > give_up_s:
                self.shoot_anyway()
                raise Stuck("the kiosk does not answer")
            QTest.qWait(_STEP_MS)

    def shoot(self, name: str) -> None:
        """A picture of the window, numbered, the first of each name; when there is a folder for pictures."""
        self.settle()
        if self._folder is None or name in self.pictures:
            return
        self.pictures.append(name)
        self._folder.mkdir(parents=True, exist_ok=True)
        self.kiosk.grab().save(str(self._folder / f"{len(self.pictures):02}-{name}.png"))

    def shoot_anyway(self) -> None:
        """A last picture of where it got stuck."""
        if self._folder is not None:
            self.kiosk.grab().save(str(self._folder / "stuck.png"))

    def _focused(self) -> QWidget:
        return QApplication.focusWidget() or self.kiosk.focusWidget() or self.kiosk
