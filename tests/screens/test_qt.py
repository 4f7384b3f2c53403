"""A trap measured in PySide6 6.12.0: it aborts Python 3.11 after some 5,000 calls."""

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot


def test_twenty_thousand_calls_into_qt(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    for n in range(20_000):
        label.setText(str(n))
        assert label.text() == str(n)
