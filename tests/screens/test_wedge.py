"""A scanner that types beside a person who types: real key events with their own times."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from gatepos.domain.scanned import SCANNED_MAX, split
from gatepos.screens.kit import Kit
from gatepos.screens.look import Look
from gatepos.screens.speech import Speech
from gatepos.screens.widgets.entry import Keys
from gatepos.screens.widgets.keyboard import Keyboard
from gatepos.screens.widgets.wedge import Wedge

OURS = "HTTPS://PASS.KWS.GO.KE/P/ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
SCANNER_MS, PERSON_MS = 3, 90
NONE, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
_NAMED = {"\n": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab}


class Screen(QWidget):
    """A line, a hidden line and a button, with what came of them."""

    def __init__(self) -> None:
        super().__init__()
        self.line, self.pin, self.button = QLineEdit(), QLineEdit(), QPushButton("Pay")
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.done: list[str] = []
        self.line.returnPressed.connect(lambda: self.done.append("entered"))
        self.pin.returnPressed.connect(lambda: self.done.append("signed in"))
        self.button.clicked.connect(lambda: self.done.append("paid"))
        for key in ("F5", "Ctrl+O"):
            QShortcut(QKeySequence(key), self).activated.connect(lambda key=key: self.done.append(key))
        layout = QVBoxLayout(self)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        for widget in (self.line, self.pin, self.button):
            layout.addWidget(widget)


class Device:
    """Keys pressed one after another on a keyboard with a clock of its own."""

    def __init__(self) -> None:
        self.at_ms = 1_000

    def press(
        self, into: QWidget, key: Qt.Key | int, text: str, modifiers: Qt.KeyboardModifier = NONE
    ) -> None:
        """Down and up."""
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            self.send(into, QKeyEvent(kind, key, modifiers, text))

    def send(self, into: QWidget, event: QKeyEvent) -> None:
        """One event at this moment."""
        event.setTimestamp(self.at_ms)
        QApplication.sendEvent(into, event)

    def type(self, into: QWidget, text: str, each_ms: int) -> None:
        """A text, a key every so many milliseconds."""
        for character in text:
            self.at_ms += each_ms
            key = _NAMED.get(character, ord(character.upper()))
            self.press(into, key, "\r" if character == "\n" else character)


@pytest.fixture
def screen(qtbot: QtBot) -> Screen:
    made = Screen()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made)
    made.line.setFocus()
    return made


@pytest.fixture
def wedge(screen: Screen) -> Iterator[Wedge]:
    listening = Wedge(screen)
    listening.listen()
    yield listening
    listening.stop()


@pytest.fixture
def scans(wedge: Wedge) -> list[str]:
    """What was scanned."""
    told: list[str] = []
    wedge.scanned.connect(told.append)
    return told


@pytest.fixture
def device() -> Device:
    return Device()


def test_a_scan_is_told_and_the_screen_gets_none_of_it(
    screen: Screen, scans: list[str], device: Device, qtbot: QtBot
) -> None:
    device.type(screen.line, OURS + "\n", SCANNER_MS)
    qtbot.waitUntil(lambda: bool(scans))
    assert scans == [OURS]
    assert (screen.line.text(), screen.done) == ("", [])


@pytest.mark.parametrize("end", ["", "\n", "\t", "\n\n"])
@pytest.mark.parametrize(
    "text",
    [
        OURS,
        OURS[:9],
        "6001087340014",
        "WIFI:T:WPA;S:Lodge;;",
        "httpsÖ--pass.kws.go.ke-p-abc",
        "ABC2" + "D" * 6,
    ],
)
def test_any_scan_whole_or_in_part_is_told_however_it_ends(
    screen: Screen, scans: list[str], device: Device, qtbot: QtBot, text: str, end: str
) -> None:
    device.type(screen.line, text + end, SCANNER_MS)
    qtbot.waitUntil(lambda: bool(scans))
    assert scans == [text]
    assert (screen.line.text(), screen.done) == ("", [])
    assert screen.line.hasFocus()


@pytest.mark.parametrize("text", ["ABC2", "KDA4"])
def test_a_short_scan_is_known_by_its_enter(
    screen: Screen, scans: list[str], device: Device, qtbot: QtBot, text: str
) -> None:
    device.type(screen.line, text + "\n", SCANNER_MS)
    qtbot.waitUntil(lambda: scans == [text])
    assert (screen.line.text(), screen.done) == ("", [])


@pytest.mark.parametrize("text", ["1", "12", "777", " "])
def test_the_enter_of_a_code_of_one_character_confirms_nothing(
    screen: Screen, scans: list[str], device: Device, qtbot: QtBot, text: str
) -> None:
    for widget in (screen.line, screen.button):
        widget.setFocus()
        device.type(widget, text + "\n", SCANNER_MS)
        device.at_ms += PERSON_MS
    screen.line.setFocus()
    device.type(screen.line, "K", PERSON_MS)
    qtbot.waitUntil(lambda: screen.line.text() == "K")
    assert screen.done == []
    assert scans == [text, text] * bool(text.strip())


def test_a_last_digit_and_enter_that_roll_over_are_a_persons(
    screen: Screen, scans: list[str], device: Device, qtbot: QtBot
) -> None:
    device.type(screen.line, "12", PERSON_MS)
    device.type(screen.line, "\n", 15)
    qtbot.waitUntil(lambda: screen.done == ["entered"])
    assert (screen.line.text(), scans) == ("12", [])


def test_a_person_types_as_if_nobody_listened(
    screen: Screen, scans: list[str], device: Device, qtbot: QtBot
) -> None:
    device.type(screen.line, "KDA 412M\n", PERSON_MS)
    qtbot.waitUntil(lambda: screen.done == ["entered"])
    assert screen.line.text() == "KDA 412M"
    device.type(screen.line, "x", PERSON_MS)
    qtbot.waitUntil(lambda: screen.line.text() == "KDA 412Mx")
    assert scans == []


@pytest.mark.parametrize("text", ["KDA412M", "1234", "UA26X1Y2ZQ", "HTTPS"])
def test_fingers_that_roll_over_the_keys_are_no_scanner(
    screen: Screen, scans: list[str], device: Device, qtbot: QtBot, text: str
) -> None:
    for place, character in enumerate(text):
        device.type(screen.line, character, 15 if place % 3 else 60)
    qtbot.waitUntil(lambda: screen.line.text() == text)
    assert scans == []


def test_keys_that_act_do_so_for_a_person(
    screen: Screen, scans: list[str], device: Device, qtbot: QtBot
) -> None:
    for key, text, modifiers in ((Qt.Key.Key_F5, "", NONE), (Qt.Key.Key_O, "\x0f", CONTROL)):
        device.at_ms += PERSON_MS
        device.press(screen.line, key, text, modifiers)
    qtbot.waitUntil(lambda: screen.done == ["F5", "Ctrl+O"])
    screen.button.setFocus()
    device.type(screen.button, " ", PERSON_MS)
    qtbot.waitUntil(lambda: screen.done == ["F5", "Ctrl+O", "paid"])
    assert scans == []


def test_keys_that_act_do_nothing_in_a_scan(
    screen: Screen, scans: list[str], device: Device, qtbot: QtBot
) -> None:
    screen.button.setFocus()
    acting = (
        (Qt.Key.Key_O, "\x0f", CONTROL),
        (Qt.Key.Key_F5, "", NONE),
        (Qt.Key.Key_F4, "", Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_Escape, "\x1b", NONE),
        (Qt.Key.Key_Backspace, "\b", NONE),
        (Qt.Key.Key_Space, " ", NONE),
    )
    for place, character in enumerate(OURS):
        if place % 5 == 0:
            key, text, modifiers = acting[place // 5 % 5]
            device.press(screen.button, key, text, modifiers)
        device.type(screen.button, character, SCANNER_MS)
    device.press(screen.button, *acting[5])
    device.type(screen.button, "\n", SCANNER_MS)
    qtbot.waitUntil(lambda: bool(scans))
    assert scans == [OURS]
    assert screen.done == []
    assert screen.isVisible()
    assert screen.button.hasFocus()


def test_a_code_of_nothing_but_commands_does_nothing(
    screen: Screen, scans: list[str], device: Device, qtbot: QtBot
) -> None:
    for _ in range(20):
        device.at_ms += SCANNER_MS
        device.press(screen.line, Qt.Key.Key_O, "\x0f", CONTROL)
        device.press(screen.line, Qt.Key.Key_F5, "")
    device.type(screen.line, "K", PERSON_MS + 100)
    qtbot.waitUntil(lambda: screen.line.text() == "K")
    assert (screen.done, scans) == ([], [])


def test_what_a_person_typed_before_a_scan_stays(
    screen: Screen, scans: list[str], device: Device, qtbot: QtBot
) -> None:
    device.type(screen.line, "KDA", PERSON_MS)
    device.type(screen.line, OURS[0], PERSON_MS)
    device.type(screen.line, OURS[1:] + "\n", SCANNER_MS)
    device.type(screen.line, "412", PERSON_MS)
    qtbot.waitUntil(lambda: screen.line.text() == "KDA412")
    assert scans == [OURS]


def test_ten_scans_a_second_are_ten_scans(
    screen: Screen, scans: list[str], device: Device, qtbot: QtBot
) -> None:
    for n in range(10):
        device.at_ms = 5_000 + 100 * n
        device.type(screen.line, f"{OURS[:30]}{'ABCDEFGHIJ'[n]}\n", 1)
    qtbot.waitUntil(lambda: len(scans) == 10)
    assert scans == [OURS[:30] + letter for letter in "ABCDEFGHIJ"]
    assert screen.line.text() == ""


def test_scans_that_run_together_can_be_taken_apart(
    screen: Screen, scans: list[str], device: Device, qtbot: QtBot
) -> None:
    device.type(screen.line, OURS + OURS, SCANNER_MS)
    qtbot.waitUntil(lambda: bool(scans))
    assert [split(text) for text in scans] == [(OURS, OURS)]


def test_a_card_of_several_lines_is_one_scan(
    screen: Screen, scans: list[str], device: Device, qtbot: QtBot
) -> None:
    device.type(screen.line, "BEGIN:VCARD\nTEL:0722000000\nEND:VCARD\n", SCANNER_MS)
    qtbot.waitUntil(lambda: bool(scans))
    assert scans == ["BEGIN:VCARD\nTEL:0722000000\nEND:VCARD"]


@pytest.mark.parametrize("length", [4_296, 9_000])
def test_the_largest_code_is_one_scan_and_a_flood_is_cut(
    screen: Screen, scans: list[str], device: Device, qtbot: QtBot, length: int
) -> None:
    device.type(screen.line, "9" * length + "\n", 1)
    qtbot.waitUntil(lambda: bool(scans))
    assert scans == ["9" * min(length, SCANNED_MAX)]
    assert (screen.line.text(), screen.done) == ("", [])


def test_a_pin_is_never_taken_for_a_scan(
    screen: Screen, scans: list[str], device: Device, qtbot: QtBot
) -> None:
    screen.pin.setFocus()
    device.type(screen.pin, "29184756\n", SCANNER_MS)
    qtbot.waitUntil(lambda: screen.done == ["signed in"])
    assert (screen.pin.text(), scans) == ("29184756", [])


def test_a_paper_scanned_where_a_pin_is_typed_stays_out_of_it(
    screen: Screen, scans: list[str], device: Device, qtbot: QtBot
) -> None:
    screen.pin.setFocus()
    device.type(screen.pin, OURS + "\n", SCANNER_MS)
    qtbot.waitUntil(lambda: scans == [OURS])
    assert (screen.pin.text(), screen.done) == ("", [])


def test_a_key_held_down_repeats(screen: Screen, scans: list[str], device: Device, qtbot: QtBot) -> None:
    device.send(screen.line, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, NONE, "a"))
    for _ in range(20):
        device.at_ms += 30
        device.send(screen.line, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, NONE, "a", True))
    qtbot.waitUntil(lambda: screen.line.text() == "a" * 21)
    assert scans == []


def test_a_touch_comes_after_the_key_before_it(
    screen: Screen, wedge: Wedge, device: Device, qtbot: QtBot
) -> None:
    screen.button.clicked.connect(lambda: screen.done.append(screen.line.text()))
    device.type(screen.line, "7", PERSON_MS)
    QTest.mouseClick(screen.button, Qt.MouseButton.LeftButton)
    assert screen.done == ["paid", "7"]


def test_keys_of_a_program_pass_at_once(screen: Screen, scans: list[str], qapp: QApplication) -> None:
    QTest.keyClicks(screen.line, OURS)
    QTest.keyClick(screen.line, Qt.Key.Key_Return)
    assert (screen.line.text(), screen.done) == (OURS, ["entered"])
    keys = Keyboard(Kit(Look(qapp), Speech("en"), {}), Keys.TEXT)
    keys.type_into(screen.line)
    screen.line.clear()
    for letter in "KDA412M":
        keys.keys[letter].click()
    assert screen.line.text() == "KDA412M"
    assert scans == []


def test_keys_that_the_window_system_gives_to_a_window(
    screen: Screen, scans: list[str], qtbot: QtBot
) -> None:
    """The way of a real keyboard: the window, its shortcuts, the line that has the focus."""
    window = screen.windowHandle()
    QTest.keyClick(window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: screen.done == ["F5"])
    QTest.keyClick(window, Qt.Key.Key_K, SHIFT)
    qtbot.waitUntil(lambda: screen.line.text().upper() == "K")
    for character in "HTTPSABCD":
        QTest.keyClick(window, Qt.Key(ord(character)))
    QTest.keyClick(window, Qt.Key.Key_F5)
    QTest.keyClick(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [text.upper() for text in scans] == ["HTTPSABCD"])
    assert (screen.line.text().upper(), screen.done) == ("K", ["F5"])


def test_a_screen_that_goes_away_takes_its_last_key_along(
    screen: Screen, scans: list[str], device: Device, qtbot: QtBot
) -> None:
    gone = QLineEdit()
    device.type(gone, "7", PERSON_MS)
    delete(gone)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is screen.line)
    device.type(screen.line, "8", PERSON_MS)
    qtbot.waitUntil(lambda: screen.line.text() == "8")


def test_no_scan_is_told_after_the_end(
    screen: Screen, wedge: Wedge, scans: list[str], device: Device
) -> None:
    device.type(screen.line, "KD", SCANNER_MS)
    wedge.stop()
    assert screen.line.text() == "KD"
    device.type(screen.line, OURS, SCANNER_MS)
    assert screen.line.text() == "KD" + OURS
    assert scans == []
