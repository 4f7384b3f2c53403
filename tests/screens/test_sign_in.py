"""Signing in by touch: the first time with a start code, and the PIN of one's own."""

from gatepos.screens.playing import Hands
from gatepos.screens.widgets.keyboard import ENTER, Keyboard
from gatepos.till.set_up import Started
from tests.gate import MANAGER
from tests.screens.conftest import Opened, asked


def _started(hands: Hands) -> Started:
    """Clerk 21, new, with a start code; nobody is at the window."""
    till = hands.floor.till

    def employ() -> Started:
        till.desk.person = till.desk.staff[MANAGER]
        made = till.set_up.employ("21", ["clerk"])
        till.sign_in.sign_out()
        return made

    made = asked(hands, employ)
    hands.floor.ask_who()
    hands.until(lambda: "21" in hands.floor.sign_in.tiles)
    return made


def _touch_keys(hands: Hands, keyboard: Keyboard, keys: str) -> None:
    for key in keys:
        hands.touch(keyboard.keys[key])


def test_somebody_new_signs_in_without_a_keyboard(opened: Opened) -> None:
    hands = opened()
    started = _started(hands)
    sign_in = hands.floor.sign_in
    hands.touch(sign_in.tiles["21"])
    _touch_keys(hands, sign_in.pin.keyboard, started.start_code + ENTER)
    hands.until(sign_in.new_pin.isVisible)
    _touch_keys(hands, sign_in.new_pin.keyboard, "739164" + ENTER + "739164" + ENTER)
    hands.until(lambda: hands.floor.person is not None)


def test_a_right_start_code_begins_without_a_refusal(opened: Opened) -> None:
    hands = opened()
    started = _started(hands)
    sign_in, banner = hands.floor.sign_in, hands.floor.banner
    hands.touch(sign_in.tiles["21"])
    hands.type("000000")
    hands.enter()
    assert banner.isVisible()
    hands.type(started.start_code)
    hands.enter()
    hands.until(sign_in.new_pin.isVisible)
    assert not banner.isVisible()
