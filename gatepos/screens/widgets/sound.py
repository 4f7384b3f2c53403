"""What a verdict sounds like, for whoever looks at the vehicle: once go, twice look, three times stop."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from gatepos.domain import verdicts

_TIMES = {verdicts.GREEN: 1, verdicts.AMBER: 2, verdicts.RED: 3, verdicts.GREY: 2}
_APART_MS = 180


def sound(tone: str) -> None:
    """Sound a tone of `verdicts`."""
    for n in range(_TIMES[tone]):
        QTimer.singleShot(n * _APART_MS, QApplication.beep)
