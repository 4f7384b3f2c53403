"""A day at the gate, played on the real kiosk: every screen is opened, every paper is printed."""

from PySide6.QtCore import Qt

from gatepos.domain.bill import FeeKey
from gatepos.rehearsal import park, vans
from gatepos.rehearsal.clock import PlayedClock
from gatepos.rehearsal.park import Player
from gatepos.rehearsal.vans import Van
from gatepos.screens import places, set_up
from gatepos.screens.playing import Hands

_PUPIL: FeeKey = ("park_entry_school", "school", "student")
_TEACHER: FeeKey = ("park_entry_school", "school", "adult")


def play(hands: Hands, clock: PlayedClock) -> None:
    """From opening the shift to closing it, with all that happens between."""

    def pass_by(minutes: int) -> None:
        clock.move_on(minutes)
        hands.floor.show_clock()

    sign_in(hands, park.CLERK)
    hands.shoot("02-shift-open")
    open_shift(hands)
    hands.shoot("03-sell-empty")
    pass_by(8)
    ordinary_van(hands)
    pass_by(3)
    _held_van(hands)
    pass_by(4)
    _school_trip(hands)
    pass_by(2)
    _correction(hands)
    pass_by(6)
    _void(hands)
    _lock(hands)
    pass_by(60)
    _training(hands)
    pass_by(480)
    _close(hands)
    _set_up(hands)


def sign_in(hands: Hands, player: Player) -> None:
    """Choose a number, type the PIN."""
    screen = hands.floor.sign_in
    hands.until(lambda: player.number in screen.tiles)
    hands.touch(screen.tiles[player.number])
    hands.shoot("01-sign-in")
    hands.type(player.pin)
    hands.enter()
    hands.until(lambda: hands.floor.person is not None)
    hands.settle()


def open_shift(hands: Hands) -> None:
    """With nothing in the drawer: cash is not taken here."""
    hands.touch(hands.floor.shift.float.open)


def ordinary_van(hands: Hands) -> None:
    """The van of every example, paid by M-PESA."""
    van = vans.ordinary()
    fill(hands, van)
    hands.shoot("05-sell")
    hands.press(Qt.Key.Key_F1)
    hands.shoot("06-pay")
    _type_code(hands, van.reference[3:])
    hands.shoot("07-recorded")
    sell = hands.floor.sell
    hands.touch(sell.done.code)
    hands.shoot("08-code")
    hands.touch(hands.floor.code.back)


def fill(hands: Hands, van: Van) -> None:
    """Tap a van's bill together, the plate asked for by the vehicle."""
    people = hands.floor.sell.people
    for key, count in van.people:
        hands.add(people.cells[key], count)
    for _ in range(van.toddlers):
        hands.add(people.grounds["under_6"])
    for _ in range(van.crew):
        hands.add(people.grounds["tra_crew"])
    hands.touch(people.vehicles[van.band])
    hands.until(lambda: hands.floor.sell.typing.is_asking)
    hands.shoot("04-plate")
    hands.type(van.plate)
    hands.enter()


def _type_code(hands: Hands, tail: str) -> None:
    """An M-PESA code of the day that is played."""
    hands.type(vans.code_of(hands.floor.till.desk.today(), tail))
    hands.enter()


def _held_van(hands: Hands) -> None:
    """A driver without money steps aside; the next one pays by card; the first comes back."""
    sell, (first, second) = hands.floor.sell, (_van(1), _van(2))
    fill(hands, first)
    hands.press(Qt.Key.Key_F6)
    fill(hands, second)
    hands.shoot("09-one-waits")
    hands.press(Qt.Key.Key_F2)
    hands.type("A7K29Q")
    hands.enter()
    hands.type("4242")
    hands.shoot("10-card")
    hands.enter()
    hands.touch(hands.floor.strip.waiting)
    hands.shoot("11-waiting")
    hands.touch(sell.waiting.tiles[0])
    hands.press(Qt.Key.Key_F4)
    hands.type("EC-2026-004471")
    hands.enter()


def _school_trip(hands: Hands) -> None:
    sell = hands.floor.sell
    hands.touch(sell.people.school)
    hands.type("Langata Primary")
    hands.enter()
    hands.touch(sell.more.tiles[_TEACHER])
    hands.touch(sell.more.tiles[_PUPIL])
    sell.more.keypad_wanted.emit(_PUPIL)
    hands.settle()
    hands.type("62")
    hands.shoot("12-keypad")
    hands.enter()
    hands.shoot("13-school")
    sell.go_home()
    hands.touch(sell.people.fields["enter_on"])
    hands.shoot("14-enter-on")
    hands.touch(sell.choosing.tiles[0])
    hands.press(Qt.Key.Key_F1)
    _type_code(hands, "7SCH00L")


def _correction(hands: Hands) -> None:
    """One adult too few in the ordinary van: the difference is asked for."""
    floor = hands.floor
    hands.touch(floor.bar.tabs[places.RECEIPTS])
    hands.type("KDA412M")
    hands.until(lambda: len(floor.receipts.found.tiles) == 1)
    hands.touch(next(iter(floor.receipts.found.tiles.values())))
    hands.shoot("15-receipts")
    hands.touch(floor.receipts.paper.reprint)
    hands.touch(floor.receipts.paper.correct)
    hands.type("one adult more")
    hands.shoot("16-why")
    hands.enter()
    hands.add(floor.sell.people.cells["park_entry", "ea_citizen", "adult"])
    hands.shoot("17-correction")
    hands.press(Qt.Key.Key_F1)
    _type_code(hands, "8D1FF9A")
    hands.settle()


def _void(hands: Hands) -> None:
    """The wrong van: undone with the supervisor."""
    floor = hands.floor
    hands.touch(floor.bar.tabs[places.RECEIPTS])
    hands.until(lambda: len(floor.receipts.found.tiles) > 1)
    hands.touch(list(floor.receipts.found.tiles.values())[-2])
    hands.touch(floor.receipts.paper.void)
    hands.type("sold twice")
    hands.enter()
    hands.type(park.SUPERVISOR.number)
    hands.enter()
    hands.type(park.SUPERVISOR.pin)
    hands.shoot("18-second-person")
    hands.enter()
    hands.until(lambda: floor.receipts.left.currentWidget() is not floor.receipts.second)
    hands.shoot("19-voided")


def _lock(hands: Hands) -> None:
    hands.touch(hands.floor.bar.lock)
    hands.shoot("20-locked")
    hands.type(park.CLERK.pin)
    hands.enter()
    hands.until(lambda: hands.floor.person is not None)


def _training(hands: Hands) -> None:
    """The manager shows a new clerk how it goes; nothing of it counts."""
    _change_clerk(hands, park.MANAGER)
    hands.touch(hands.floor.bar.tabs[places.SET_UP])
    hands.touch(hands.floor.set_up.tabs[set_up.PRACTICE])
    real = hands.floor
    hands.touch(real.set_up.fields[0])
    hands.until(lambda: hands.floor is not real)
    sign_in(hands, park.MANAGER)
    open_shift(hands)
    fill(hands, _van(3))
    hands.shoot("21-training")
    hands.touch(hands.floor.bar.tabs[places.SET_UP])
    hands.touch(hands.floor.set_up.tabs[set_up.PRACTICE])
    training = hands.floor
    hands.touch(training.set_up.fields[0])
    hands.until(lambda: hands.floor is not training)
    sign_in(hands, park.CLERK)


def _close(hands: Hands) -> None:
    """Counted blind, to the shilling."""
    floor = hands.floor
    hands.touch(floor.bar.tabs[places.SHIFT])
    for kind, amount in (("mpesa", "70,740"), ("card", "0"), ("ecitizen", "0")):
        hands.touch(floor.shift.count.others[kind].line)
        hands.type(amount)
    floor.shift.typing.dismiss()
    hands.touch(floor.shift.count.note.line)
    hands.type("card and ticket slips are in the envelope")
    hands.shoot("22-count")
    hands.touch(floor.shift.count.close_shift)
    hands.until(lambda: floor.shift.panel.heading.isVisible())
    hands.shoot("23-closed")


def _set_up(hands: Hands) -> None:
    _change_clerk(hands, park.MANAGER)
    hands.touch(hands.floor.bar.tabs[places.SET_UP])
    for n, section in enumerate(set_up.SECTIONS):
        hands.touch(hands.floor.set_up.tabs[section])
        hands.shoot(f"{24 + n}-set-up-{section}")


def _change_clerk(hands: Hands, player: Player) -> None:
    hands.touch(hands.floor.bar.lock)
    hands.touch(hands.floor.sign_in.other)
    sign_in(hands, player)


def _van(n: int) -> Van:
    queue = vans.queue(n)
    return next(van for van in queue if van.band == 1)
