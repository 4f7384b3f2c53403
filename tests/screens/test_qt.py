"""Traps of Qt: PySide6 6.12.0 aborts Python 3.11 after some 5,000 calls; a signal may keep a window."""

import gc
import signal
import threading
import weakref

import pytest
from PySide6.QtCore import QTimer
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


def test_ctrl_c_at_the_terminal_closes_the_kiosk(station: Station, qtbot: QtBot) -> None:
    before = signal.getsignal(signal.SIGINT)
    QTimer.singleShot(0, lambda: signal.raise_signal(signal.SIGINT))
    with pytest.raises(KeyboardInterrupt):
        running.run(station, size=(1366, 768))
    assert signal.getsignal(signal.SIGINT) is before


def test_a_ring_of_widgets_ends_on_the_thread_of_the_screens_alone(selling: Hands) -> None:
    widget = QLabel()
    widget.ring = widget  # type: ignore[attr-defined]
    gone = weakref.ref(widget)
    del widget
    much: list[list[int]] = []
    other = threading.Thread(target=lambda: much.extend([n] for n in range(20_000)))
    other.start()
    other.join()
    assert gone() is not None
    selling.until(lambda: gone() is None)
