"""A till with a second display; run by `test_visitor.py`, which says where the displays lie."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from gatepos.screens import set_up
from gatepos.screens.visitor import beside
from tests.gate import MANAGER, MANAGER_PIN
from tests.screens.conftest import Opened, at_work
from tests.screens.test_floor import begin_training


def test_beside_the_tills_own_display_it_takes_the_other_and_leaves_the_keys(opened: Opened) -> None:
    hands = opened()
    window = hands.floor.visitor.window
    till, other = QGuiApplication.screens()
    assert (window.isVisible(), window.screen(), hands.kiosk.screen()) == (True, other, till)
    assert window.geometry() == other.geometry()
    assert QApplication.activeWindow() is hands.kiosk
    hands.kiosk.close()
    assert not window.isVisible()


def test_beside_it_the_setting_is_followed_at_once(opened: Opened) -> None:
    hands = at_work(opened(), MANAGER, MANAGER_PIN)
    hands.touch(hands.floor.bar.tabs["set_up"])
    hands.touch(hands.floor.set_up.tabs[set_up.LOOK])
    for is_shown in (False, True):
        hands.touch(hands.floor.set_up.fields[-1])
        assert hands.floor.visitor.window.isVisible() is is_shown


def test_beside_it_a_training_shows_its_own(opened: Opened) -> None:
    hands = at_work(opened(), MANAGER, MANAGER_PIN)
    real = hands.floor.visitor.window
    begin_training(hands)
    training = hands.floor.visitor.window
    assert (real.isVisible(), training.isVisible()) == (False, True)
    assert "TRAINING" in training.practice.text


def test_beside_it_a_display_that_was_pulled_is_none(opened: Opened) -> None:
    opened()
    till, other = QGuiApplication.screens()
    assert beside([till, other], till) is other
    assert beside([till], till) is None
    assert beside([till], other) is None, "the till goes to the display that is left"


def test_mirrored_displays_show_the_till_alone(opened: Opened) -> None:
    assert not opened().floor.visitor.window.isVisible()
