"""Signing in by touch: the first time with a start code, and the PIN of one's own."""

from gatepos.screens.playing import Hands
from gatepos.screens.widgets.keyboard import ENTER, Keyboard
from gatepos.seal import pins
from gatepos.till.set_up import Started
from gatepos.wire.feed import Page
from tests.gate import CHEAP, CLERK, CLERK_PIN, MANAGER
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


def _sent(hands: Hands, number: str) -> str:
    """Central puts somebody on its list, a clerk; their start code."""
    code = pins.sent_code()
    row = {
        "staff": number, "roles": ["clerk"], "from_on": None, "until_on": None,
        "start": pins.sent_hash(number, code, CHEAP), "start_until": "2999-01-01T00:00:00.000Z",
    }  # fmt: skip
    till = hands.floor.till
    page = Page("staff", 0, 1, False, [row], "2026-01-02T07:31:00.000Z", b"{}")
    assert asked(hands, lambda: till.feeds.take(page)) is None
    return code


def test_somebody_of_whom_central_just_said_is_there_to_be_touched_and_signs_in_with_sixteen_digits(
    opened: Opened,
) -> None:
    hands = opened()
    sign_in = hands.floor.sign_in
    code = _sent(hands, "31")
    sign_in.look_again()
    hands.until(lambda: "31" in sign_in.tiles)
    hands.touch(sign_in.tiles["31"])
    _touch_keys(hands, sign_in.pin.keyboard, code + ENTER)
    hands.until(sign_in.new_pin.isVisible)


def test_whose_pin_ended_while_the_till_was_locked_opens_the_lock_with_the_new_start_code(
    opened: Opened,
) -> None:
    hands = opened()
    sign_in = hands.floor.sign_in
    hands.touch(sign_in.tiles[CLERK])
    hands.type(CLERK_PIN)
    hands.enter()
    hands.until(lambda: hands.floor.person is not None)
    hands.floor.lock()
    hands.settle()
    code = _sent(hands, CLERK)
    _touch_keys(hands, sign_in.pin.keyboard, code + ENTER)
    hands.until(sign_in.new_pin.isVisible)
    _touch_keys(hands, sign_in.new_pin.keyboard, "739164" + ENTER + "739164" + ENTER)
    hands.until(lambda: hands.floor.stack.currentWidget() is not sign_in)
