"""A day at the gate, played on the real kiosk: every screen is opened, every paper is printed."""

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt

from gatepos.devices import printer
from gatepos.devices.printer import DrawerStays, PrintBroken, Status
from gatepos.domain.bill import FeeKey
from gatepos.domain.paper_lines import PaperLine
from gatepos.rehearsal import evening, outage_morning, park, vans
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
        hands.floor.watch.show_clock()

    sign_in(hands, park.CLERK)
    hands.shoot("shift-open")
    open_shift(hands)
    hands.shoot("sell-empty")
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
    pass_by(2)
    _two_vans(hands)
    pass_by(3)
    outage_morning.play(hands, pass_by, fill)
    _half_a_paper(hands)
    _lock(hands)
    _answer_doubt(hands)
    pass_by(60)
    _training(hands)
    pass_by(480)
    _close(hands)
    _change_clerk(hands, park.MANAGER)
    evening.play(hands)
    _set_up(hands)
    _somebody_new(hands)
    pass_by(12 * 60)
    _next_morning(hands)


def sign_in(hands: Hands, player: Player) -> None:
    """Choose a number, type the PIN."""
    screen = hands.floor.sign_in
    hands.until(lambda: player.number in screen.tiles)
    hands.touch(screen.tiles[player.number])
    hands.shoot("sign-in")
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
    hands.shoot("sell")
    hands.press(Qt.Key.Key_F1)
    hands.shoot("pay")
    _type_code(hands, van.reference[3:])
    hands.shoot("recorded")
    sell = hands.floor.sell
    hands.touch(sell.done.code)
    hands.shoot("code")
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
    hands.shoot("plate")
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
    hands.shoot("one-waits")
    hands.press(Qt.Key.Key_F2)
    hands.type("A7K29Q")
    hands.enter()
    hands.type("4242")
    hands.shoot("card")
    hands.enter()
    hands.touch(hands.floor.strip.waiting)
    hands.shoot("waiting")
    hands.touch(sell.choosing.tiles[0])
    hands.press(Qt.Key.Key_F4)
    hands.type("EC-2026-004471")
    hands.enter()


def _two_vans(hands: Hands) -> None:
    """Two vehicles of one payer, and a clerk who would rather read Kiswahili."""
    floor, sell = hands.floor, hands.floor.sell
    hands.touch(floor.bar.tabs[places.SELL])
    fill(hands, _van(5))
    hands.press(Qt.Key.Key_F7)
    hands.until(lambda: bool(sell.view and sell.view.group))
    fill(hands, _van(6))
    hands.shoot("two-vans")
    hands.touch(floor.bar.language)
    hands.shoot("kiswahili")
    hands.touch(floor.bar.language)
    hands.press(Qt.Key.Key_F1)
    _type_code(hands, "2VAN5AA")
    hands.until(lambda: sell.is_recorded)
    hands.shoot("two-vans-recorded")


def _school_trip(hands: Hands) -> None:
    sell = hands.floor.sell
    hands.press(Qt.Key.Key_F9)
    hands.shoot("more-fees")
    hands.touch(sell.more.back)
    hands.touch(sell.people.school)
    hands.type("Langata Primary")
    hands.enter()
    hands.touch(sell.more.tiles[_TEACHER])
    hands.touch(sell.more.tiles[_PUPIL])
    sell.more.keypad_wanted.emit(_PUPIL)
    hands.settle()
    hands.type("62")
    hands.shoot("keypad")
    hands.enter()
    hands.shoot("school")
    sell.go_home()
    hands.touch(sell.people.fields["enter_on"])
    hands.shoot("enter-on")
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
    hands.shoot("receipts")
    hands.touch(floor.receipts.paper.reprint)
    hands.touch(floor.receipts.paper.correct)
    hands.type("one adult more")
    hands.shoot("why")
    hands.enter()
    hands.add(floor.sell.people.cells["park_entry", "ea_citizen", "adult"])
    hands.shoot("correction")
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
    hands.shoot("second-person")
    hands.enter()
    hands.until(lambda: floor.receipts.left.currentWidget() is not floor.receipts.second)
    hands.shoot("voided")


def _half_a_paper(hands: Hands) -> None:
    """The printer stops while it prints: only a person can see what came out."""
    floor = hands.floor
    floor.station.papers.use(_Halting())
    hands.touch(floor.bar.tabs[places.SELL])
    fill(hands, _van(4))
    hands.press(Qt.Key.Key_F1)
    _type_code(hands, "9HA1FAA")
    hands.until(floor.banner.isVisible)
    hands.shoot("printer-stopped")
    floor.station.papers.use(printer.of(floor.station.settings))


def _answer_doubt(hands: Hands) -> None:
    """Whoever signs in next is asked, and has it printed again."""
    doubts = hands.floor.doubts
    hands.until(doubts.no.isVisible)
    hands.shoot("paper-in-doubt")
    hands.touch(doubts.no)
    hands.until(lambda: not doubts.isVisible())


def _lock(hands: Hands) -> None:
    hands.touch(hands.floor.bar.lock)
    hands.shoot("locked")
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
    hands.shoot("training")
    training = hands.floor
    _cash(hands)
    hands.touch(training.bar.tabs[places.SET_UP])
    hands.touch(training.set_up.tabs[set_up.PRACTICE])
    hands.touch(training.set_up.fields[0])
    hands.until(lambda: hands.floor is not training)
    sign_in(hands, park.CLERK)


def _cash(hands: Hands) -> None:
    """How it would be if the park took cash: a supervisor agrees, notes are handed over."""
    floor = hands.floor
    hands.touch(floor.bar.tabs[places.SET_UP])
    hands.touch(floor.set_up.tabs[set_up.POLICY])
    view = floor.set_up.view
    policies = [setting.key for setting in view.policy] if view else []
    hands.touch(floor.set_up.fields[policies.index("allow_cash")])
    hands.type(park.SUPERVISOR.number)
    hands.enter()
    hands.type(park.SUPERVISOR.pin)
    hands.enter()
    hands.touch(floor.bar.tabs[places.SELL])
    hands.press(Qt.Key.Key_F3)
    hands.type("12000")
    hands.shoot("cash")
    hands.touch(floor.sell.payments.back)


def _close(hands: Hands) -> None:
    """Counted blind, to the shilling."""
    floor = hands.floor
    hands.touch(floor.bar.tabs[places.SHIFT])
    for kind, amount in (("mpesa", "145,730"), ("card", "0"), ("ecitizen", "0")):
        hands.touch(floor.shift.count.others[kind].line)
        hands.type(amount)
    floor.shift.typing.dismiss()
    hands.touch(floor.shift.count.note.line)
    hands.type("card and ticket slips are in the envelope")
    hands.shoot("count")
    hands.touch(floor.shift.count.close_shift)
    hands.until(lambda: floor.shift.panel.heading.isVisible())
    hands.shoot("closed")


def _set_up(hands: Hands) -> None:
    hands.touch(hands.floor.bar.tabs[places.SET_UP])
    for section in set_up.SECTIONS:
        hands.touch(hands.floor.set_up.tabs[section])
        hands.shoot(f"set-up-{section}")


def _somebody_new(hands: Hands) -> None:
    """A new clerk signs in with the start code that the manager was shown, and chooses a PIN."""
    floor = hands.floor
    hands.touch(floor.set_up.tabs[set_up.STAFF])
    hands.touch(floor.set_up.fields[0])
    hands.type("12")
    hands.enter()
    hands.touch(floor.set_up.choosing.tiles[0])
    hands.shoot("start-code")
    code = re.findall(r"\d{5,}", floor.set_up.panel.told.text())[0]
    hands.touch(floor.bar.lock)
    hands.touch(floor.sign_in.other)
    hands.touch(floor.sign_in.tiles["12"])
    hands.type(code)
    hands.enter()
    hands.until(floor.sign_in.new_pin.isVisible)
    hands.shoot("choose-a-pin")


def _next_morning(hands: Hands) -> None:
    """The first at the window hears what is to be done: the rate is old, nothing is backed up."""
    floor = hands.floor
    hands.touch(floor.sign_in.tiles[park.CLERK.number])
    hands.type(park.CLERK.pin)
    hands.enter()
    hands.until(lambda: floor.person is not None and floor.banner.isVisible())
    hands.shoot("next-morning")
    hands.touch(floor.banner)
    hands.until(floor.morning.isVisible)
    hands.shoot("morning-card")


def _change_clerk(hands: Hands, player: Player) -> None:
    hands.touch(hands.floor.bar.lock)
    hands.touch(hands.floor.sign_in.other)
    sign_in(hands, player)


class _Halting:
    """A printer that stops half way."""

    def print(self, lines: Sequence[PaperLine], name: str) -> None:
        raise PrintBroken()

    def kick(self) -> None:
        raise DrawerStays()

    def status(self) -> Status:
        return Status.UNKNOWN


def _van(n: int) -> Van:
    queue = vans.queue(n)
    return next(van for van in queue if van.band == 1)
