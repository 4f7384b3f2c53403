"""The floor of one till: the strip on top, the bar below, one screen between; where one may go when."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from gatepos.domain import gatepass, policy, staff
from gatepos.domain.staff import Person
from gatepos.domain.verdicts import AMBER
from gatepos.i18n import N_, Words
from gatepos.screens import auditing, greeting, morning, places
from gatepos.screens.bridge import Bridge
from gatepos.screens.capture import CaptureScreen
from gatepos.screens.central import CENTRAL_KEY, CentralScreen
from gatepos.screens.doubts import DoubtsScreen
from gatepos.screens.drill import DrillWatch
from gatepos.screens.idle import Idle
from gatepos.screens.kit import Kit
from gatepos.screens.lane import ASIDE_KEY, NO_PASS_KEY, TURN_KEY
from gatepos.screens.look import mean
from gatepos.screens.morning import Found, MorningCard
from gatepos.screens.passes import PassesScreen
from gatepos.screens.places import (
    LEAVES,
    PASSES,
    RECEIPTS,
    RECONCILE,
    REFUNDS,
    SCAN,
    SELL,
    SET_UP,
    SHIFT,
    TAKINGS,
)
from gatepos.screens.receipts import ReceiptsScreen
from gatepos.screens.reconcile import ReconcileScreen
from gatepos.screens.recorded import SLIP_CODE, CodePage
from gatepos.screens.refunds import RefundsScreen
from gatepos.screens.scan import ScanScreen
from gatepos.screens.sell import SellScreen
from gatepos.screens.set_up import SetUpScreen
from gatepos.screens.shift import ShiftScreen
from gatepos.screens.sign_in import SignInScreen
from gatepos.screens.takings import TakingsScreen
from gatepos.screens.telling import Telling
from gatepos.screens.verdict_box import VerdictBox
from gatepos.screens.visitor import VisitorSide
from gatepos.screens.voice import Voice
from gatepos.screens.watch import Watch
from gatepos.screens.ways import KEYS, PASS_KEY
from gatepos.screens.widgets.arrange import column
from gatepos.screens.widgets.banner import Banner
from gatepos.screens.widgets.bar import Bar
from gatepos.screens.widgets.pages import Pages
from gatepos.screens.widgets.sound import sound
from gatepos.screens.widgets.strip import Place, Strip
from gatepos.settings import Settings
from gatepos.till.morning import MorningView
from gatepos.till.papers import Told
from gatepos.till.shift_views import GreetingView
from gatepos.till.station import Kept, Station
from gatepos.till.views import HandedView, ScanView, SellView

_Screen = (
    SellScreen
    | ScanScreen
    | PassesScreen
    | ReceiptsScreen
    | CaptureScreen
    | RefundsScreen
    | ReconcileScreen
    | TakingsScreen
    | ShiftScreen
    | SetUpScreen
)


class Floor(QFrame):
    """All screens of one till."""

    practice_wanted = Signal()
    practice_over = Signal()
    _told = Signal(object)

    def __init__(self, kit: Kit, station: Station):
        super().__init__()
        self.kit = kit
        self.station = station
        self.till = station.till
        self.bridge = Bridge(station.thread)
        self.person: Person | None = None
        self._place = ""
        self._greeted: GreetingView | None = None
        self._make_screens()
        self._lay()
        self.telling = Telling(self.station, self.bridge, self.banner, self.stack)
        self._idle = Idle(self, self.lock)
        self.watch = Watch(station, self.bridge, self.strip, self.banner)
        self.drill = DrillWatch(station, self.bridge, kit.speech, self.banner, self.set_up)
        self._wire()
        self._wire_screens()
        self._wire_keys()

    def start(self) -> None:
        """Begin with nobody at the window, and say what the start found."""
        self.station.papers.start(self._told.emit)
        self._speak()
        self.watch.start()
        self.ask_who()
        self.visitor.start()
        findings = self.till.desk.ledger.findings
        if findings:
            self.banner.warn(lambda words: "\n".join(finding.said(words) for finding in findings))

    def rest(self) -> None:
        """Nobody looks at this floor any more."""
        self.watch.stop()
        self._idle.stop()
        self.drill.stop()
        self.scan.rest()
        self.visitor.stop()

    def resume(self) -> None:
        """After a rest somebody signs in anew."""
        self.person = None
        self.watch.start()
        self.ask_who()
        self.visitor.start()

    def leave(self) -> None:
        """Stop and let go of the till."""
        self.rest()
        self.station.close()
        self.bridge.end()

    # Where to.

    def ask_who(self, locked: str = "") -> None:
        """Sign in, or unlock; what the last clerk was told is nobody else's to read."""
        self.banner.clear()
        self.over.show_view(None)
        self.bar.show_places(())
        self.strip.show_clerk("")
        self.visitor.welcome()
        self.stack.setCurrentWidget(self.sign_in)
        self.sign_in.start(locked)

    def go(self, place: str) -> None:
        """Open a screen."""
        self._stand_at(place)
        self.screens[place].start()

    def read(self, text: str, how: str) -> None:
        """A scanner or the camera read something: the gate looks at it, whatever stands on the screen."""
        self._idle.again()
        if self.set_up.is_testing:
            self.set_up.show_scanned(text)
        else:
            self.bridge.ask(partial(self.till.read, text, how), self._on_read)

    def _on_read(self, view: ScanView | SellView) -> None:
        """Over the lock the verdict alone; it stands at the lane when somebody has signed in."""
        if isinstance(view, SellView):
            self._on_slip(view)
            return
        if self.person is None or self.stack.currentWidget() is self.doubts:
            self._place = SCAN
            self.banner.move_on()
            self.over.show_view(view)
            sound(view.tone)
            return
        if self.stack.currentWidget() is not self.scan:
            self._stand_at(SCAN)
        self.scan.show_scanned(view)

    def _on_slip(self, view: SellView) -> None:
        """A slip is the bill on Sell, once no paper is in doubt."""
        if self.stack.currentWidget() is not self.doubts:
            self._stand_at(SELL)
            self.sell.go_home()
            self.sell.show_view(view)
        sound(AMBER)

    def _stand_at(self, place: str) -> None:
        self._place = place
        self.banner.clear()
        self.over.show_view(None)
        self.visitor.welcome()
        self.bar.show_place(place)
        self.stack.setCurrentWidget(self.screens[place])

    def show_code(self, number: str, qr: str) -> None:
        """A receipt's code over everything between the strip and the bar, until it is closed."""
        self.stack.setCurrentWidget(self.code)
        self.code.show_code(number, qr)

    def _on_handed(self, view: HandedView) -> None:
        """The slip for another till: shown at once, and printed where there is a printer."""
        self.stack.setCurrentWidget(self.code)
        self.code.show_code(view.number, view.slip, SLIP_CODE)
        lines = self.till.slips.paper(view, self.kit.speech.words)
        self.bridge.follow(self.station.papers.test(lines), None, lambda _: None)

    def lock(self) -> None:
        """Lock at once, keeping the bill; with nobody at the window there is nothing to lock."""
        if self.person is not None:
            number, self.person = self.person.number, None
            self._idle.stop()
            self.bridge.ask(self.till.sign_in.lock)
            self.ask_who(number)

    def _on_closed(self) -> None:
        self.stack.setCurrentWidget(self.screens[self._place])

    def _on_entered(self, person: Person) -> None:
        self.person = person
        self.banner.clear()
        self.strip.show_clerk(person.number)
        self._idle.watch(self.till.desk.policy.whole(policy.LOCK_AFTER_S))
        self.bar.show_places(places.shown_to(person))
        self.bar.show_place("")
        self.stack.setCurrentWidget(self.doubts)
        self.doubts.start()

    def _on_settled(self) -> None:
        """No paper is in doubt: to the window, with this clerk's own shift."""
        person, shifts = self.person, self.till.shifts
        if person is None:
            return
        if not staff.may(person.roles, "sell"):
            self.go(RECEIPTS)
            return

        def has_shift() -> bool:
            shifts.to_window()
            return shifts.view().number is not None

        self.bridge.ask(has_shift, self._begin)

    def _begin(self, has_shift: bool) -> None:
        is_exit = self.till.gate.direction == gatepass.OUT
        is_prepaid = self.till.desk.policy.text(policy.LANE_USE) == policy.PREPAID
        self.go(places.first(has_shift=has_shift, last=self._place, is_exit=is_exit, is_prepaid=is_prepaid))
        self.bridge.ask(self.till.greeting.view, self._on_greeting)
        self.bridge.ask(self.till.morning.begins, self._on_morning)

    def _on_morning(self, view: MorningView | None) -> None:
        """The first of the day hears whether the till is ready."""
        if view is not None:
            self.bridge.follow(self.station.kept(), partial(self._show_morning, view))

    def _show_morning(self, view: MorningView, kept: Kept) -> None:
        if self.person is None:
            return
        has_printed = self.station.papers.has_printed
        found = Found(view, kept, self.watch.printer, has_printed, self.till.desk.clock.wall_ms())
        greeted = self._greeted
        is_well = morning.is_ready(found, self.kit.speech.words)

        def say(words: Words) -> str:
            first = greeting.said(greeted, words) if greeted else ""
            return "\n".join(filter(None, (first, morning.said(found, words))))

        self.banner.offer(say, partial(self._open_morning, found), is_well=is_well)

    def _open_morning(self, found: Found) -> None:
        if self.person is not None:
            self.stack.setCurrentWidget(self.morning)
            self.morning.show_found(found)

    def _on_point(self, place: str) -> None:
        """Where a point of the morning is seen to, or who does."""
        if place == morning.CENTRAL:
            self._on_closed()
            self._on_dots()
        elif place == morning.TEST:
            printed = self.station.test_printer(self.kit.speech.words)
            self.bridge.follow(printed, lambda _: self.morning.show_printed())
        elif self.person is not None and SET_UP in places.shown_to(self.person):
            self.go(SET_UP)
            self.set_up.open(place)
        else:
            self.banner.warn(N_("A supervisor or a manager sees to that, in Set-up."))

    def _on_greeting(self, view: GreetingView) -> None:
        """What they take over and what was approved in their name, said once to whoever comes."""
        is_news, self._greeted = view != self._greeted, view
        if is_news and (view.taken or view.approvals):
            touched = self._show_approved if view.approvals else None
            self.banner.inform(lambda words: greeting.said(view, words), touched)

    def _show_approved(self) -> None:
        if self.person is not None:
            self.go(SHIFT)
            self.shift.show_approved()

    def _on_waiting(self) -> None:
        if self.person is not None:
            self.go(SELL)
            self.sell.show_waiting()

    def _on_outage(self) -> None:
        if self.person is not None:
            self.go(SELL)
            self.sell.show_outage()

    def _on_dots(self) -> None:
        """How it goes with central, over the screen where the clerk stands."""
        if self.person is not None and self.stack.currentWidget() in self.screens.values():
            self.stack.setCurrentWidget(self.central)
            self.central.start()

    def _on_no_pass(self) -> None:
        """Whoever leaves with no pass is seen at the lane, whatever stands on the screen."""
        if self.stack.currentWidget() is not self.scan:
            self.go(SCAN)
        self.scan.seeing.without_pass()

    def _on_collecting(self, view: ScanView) -> None:
        """What somebody left owing is paid at the lane, where passes are paid."""
        self._stand_at(SCAN)
        self.scan.show_scanned(view)

    def _on_outage_changed(self) -> None:
        """An outage that was closed has its statement to print."""
        self.watch.look_around()
        self.station.papers.wake()

    # What is told.

    def _on_told(self, told: Told) -> None:
        self.watch.show_printer(told.status)
        self.telling.show_paper(told)

    def _on_viewed(self, view: SellView) -> None:
        """What was refused is past once something else was done."""
        self.banner.move_on()
        self.strip.show_waiting(len(view.waiting))

    def _on_looks(self, settings: Settings) -> None:
        if self.kit.look.palette.name != settings.theme:
            self.kit.look.use(settings.theme)
        if self.kit.speech.words.language != settings.language:
            self.kit.speech.use(settings.language)
        self.visitor.look()

    def _on_language(self) -> None:
        self.kit.speech.use(self.kit.speech.other)

    def _speak(self) -> None:
        """Papers speak the language of the screen, and so does one that is shown."""
        words, printing = self.kit.speech.words, self.till.printing
        self.bridge.ask(lambda: printing.speak(words), lambda _: self._show_paper_anew())

    def _show_paper_anew(self) -> None:
        if self.stack.currentWidget() is self.doubts:
            self.doubts.start()
        for screen in (self.receipts, self.passes):
            screen.show_anew()

    # Put together.

    def _make_screens(self) -> None:
        kit, bridge, till = self.kit, self.bridge, self.till
        self.strip = Strip(kit, _place(self.station))
        self.banner = Banner(kit)
        self.over = VerdictBox(kit, edge=18)
        self.bar = Bar(kit, places.PLACES)
        self.sign_in = SignInScreen(kit, bridge, till, self.station.hints or "")
        self.doubts = DoubtsScreen(kit, bridge, till)
        self.sell = SellScreen(kit, bridge, till)
        self.scan = ScanScreen(kit, bridge, till)
        self.passes = PassesScreen(kit, bridge, till)
        self.receipts = ReceiptsScreen(kit, bridge, till)
        self.leaves = CaptureScreen(kit, bridge, till)
        self.refunds = RefundsScreen(kit, bridge, till)
        self.reconcile = ReconcileScreen(kit, bridge, self.station)
        self.central = CentralScreen(kit, bridge, self.station)
        self.shift = ShiftScreen(kit, bridge, till)
        self.takings = TakingsScreen(kit, bridge, self.station)
        self.code = CodePage(kit)
        self.morning = MorningCard(kit)
        voice = Voice(self)
        self.set_up = SetUpScreen(kit, bridge, self.station, voice)
        self.visitor = VisitorSide(kit, self.station, _place(self.station), self, voice)
        self.screens: dict[str, _Screen] = {
            SELL: self.sell, SCAN: self.scan, PASSES: self.passes, RECEIPTS: self.receipts, SHIFT: self.shift,
            TAKINGS: self.takings, SET_UP: self.set_up, LEAVES: self.leaves, REFUNDS: self.refunds,
            RECONCILE: self.reconcile,
        }  # fmt: skip

    def _lay(self) -> None:
        self.stack = Pages()
        for screen in (
            self.sign_in,
            self.doubts,
            *self.screens.values(),
            self.code,
            self.central,
            self.morning,
        ):
            self.stack.addWidget(screen)
        whole = column(self.strip, self.banner, self.over, self.stack, self.bar, gap=0)
        whole.setStretch(3, 1)
        self.setLayout(whole)
        if self.station.practice:
            mean(self, "practice-frame")

    def _wire(self) -> None:
        self.bridge.refused.connect(self.banner.tell)
        self.bridge.failed.connect(self.telling.show_failed)
        self.bridge.slow.connect(self.telling.show_slow)
        self._told.connect(self._on_told)
        self.kit.speech.changed.connect(self._speak)
        self.bar.chosen.connect(self.go)
        self.bar.language_touched.connect(self._on_language)
        self.bar.lock_touched.connect(self.lock)
        self.strip.waiting_touched.connect(self._on_waiting)
        self.strip.outage_touched.connect(self._on_outage)
        self.watch.proposed.connect(self.sell.outage.propose)

    def _wire_screens(self) -> None:
        wake = self.station.papers.wake
        self.sign_in.entered.connect(self._on_entered)
        self.sign_in.started.connect(self.banner.move_on)
        self.doubts.settled.connect(self._on_settled)
        self.doubts.queued.connect(wake)
        for taking in (self.sell, self.scan):
            taking.recorded.connect(partial(self.telling.show_recorded, taking))
            taking.code_wanted.connect(self.show_code)
        self.scan.viewed.connect(lambda _: self.banner.move_on())
        self.scan.seen.connect(lambda _: self.banner.move_on())
        self.scan.queued.connect(wake)
        self.scan.read.connect(self.read)
        self.scan.turned.connect(lambda: self.strip.show_place(_place(self.station)))
        self.passes.collecting.connect(self._on_collecting)
        self.sell.viewed.connect(self._on_viewed)
        self.visitor.follow(self.sell, self.scan)
        self.sell.handed.connect(self._on_handed)
        self.sell.outage_changed.connect(self._on_outage_changed)
        self.code.closed.connect(self._on_closed)
        self.morning.closed.connect(self._on_closed)
        self.morning.wanted.connect(self._on_point)
        for listed in (self.receipts, self.passes):
            listed.code_wanted.connect(self.show_code)
            listed.correcting.connect(lambda: self.go(SELL))
            listed.queued.connect(wake)
        self.receipts.found.leaves.clicked.connect(lambda: self.go(LEAVES))
        self.receipts.found.refunds.clicked.connect(lambda: self.go(REFUNDS))
        self.refunds.queued.connect(wake)
        for listed_there in (self.leaves, self.refunds):
            listed_there.left_over.connect(lambda: self.go(RECEIPTS))
        self.takings.panel.reconcile.clicked.connect(lambda: self.go(RECONCILE))
        self.reconcile.left_over.connect(lambda: self.go(TAKINGS))
        self.takings.panel.audit.clicked.connect(
            lambda: auditing.ask(self.takings, self.station, self.telling.show_stick)
        )
        self.strip.dots_touched.connect(self._on_dots)
        self.central.left_over.connect(self._on_closed)
        self.shift.opened.connect(lambda: self._begin(True))
        self.shift.queued.connect(wake)
        self.shift.closed.connect(self.banner.clear)
        self.shift.closed.connect(self.telling.back_up)
        self.shift.printing.connect(self.telling.print_page)
        self.shift.at_drawer.connect(self.telling.open_drawer)
        self.set_up.viewed.connect(lambda: self.strip.show_place(_place(self.station)))
        self.set_up.looks_changed.connect(self._on_looks)
        self.set_up.practice_wanted.connect(self.practice_wanted)
        self.set_up.practice_over.connect(self.practice_over)
        self.set_up.drill_wanted.connect(self.drill.turn)

    def _wire_keys(self) -> None:
        sell, scan = self.sell, self.scan
        for kind, key in KEYS.items():
            self.stack.when_pressed(key, {sell: partial(sell.pay, kind), scan: partial(scan.pay, kind)})
        self.stack.when_pressed(PASS_KEY, {sell: sell.issue_pass})
        self.stack.when_pressed(ASIDE_KEY, {sell: sell.hold, scan: scan.pull_aside})
        self.stack.when_pressed(TURN_KEY, {sell: sell.add_vehicle, scan: scan.turn})
        self.stack.when_pressed(NO_PASS_KEY, dict.fromkeys(self.screens.values(), self._on_no_pass))
        self.stack.when_pressed(CENTRAL_KEY, dict.fromkeys(self.screens.values(), self._on_dots))
        self.stack.when_pressed("F9", {sell: sell.filling.open_more, scan: scan.open_more})


def _place(station: Station) -> Place:
    desk = station.till.desk
    context, is_exit = desk.ledger.context, station.till.gate.direction == gatepass.OUT
    gate = desk.park.gate_name(context.gate)
    schedule = desk.ledger.state.schedule or ""
    return Place(desk.park.name, gate, context.lane, station.practice, is_exit, schedule)
