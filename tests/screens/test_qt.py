"""Traps of Qt: PySide6 6.12.0 aborts Python 3.11 after some 5,000 calls; a signal may keep a window."""

import gc
import weakref

from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from gatepos.screens import running
from gatepos.screens.playing import Hands
from gatepos.till.station import Station


def test_twenty_thousand_calls_into_qt(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    for n in range(20_000):
        label.setText(str(n))
        assert label.text() == str(n)


def test_a_kiosk_that_was_closed_leaves_nothing_behind(station: Station, qtbot: QtBot) -> None:
    kiosk = running.shown(station, (1366, 768))
    gone = weakref.ref(kiosk)
    Hands(kiosk).settle()
    kiosk.close()
    QApplication.processEvents()  # what was still to be told
    del kiosk
    gc.collect()
    assert gone() is None
