"""The kiosk's window: the strip on top, the bar below, one screen between; it knows where one may go when."""

import sys
import traceback
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QMainWindow, QWidget

from gatepos.devices.printer import PrintBroken, Status
from gatepos.domain import moments, policy, staff
from gatepos.domain.staff import Person
from gatepos.errors import Said, Trouble
from gatepos.i18n import N_
from gatepos.screens.bridge import Bridge
from gatepos.screens.doubts import DoubtsScreen
from gatepos.screens.kit import Kit
from gatepos.screens.look import WINDOW_LEAST, mean
from gatepos.screens.receipts import ReceiptsScreen
from gatepos.screens.sell import SellScreen
from gatepos.screens.set_up import SetUpScreen
from gatepos.screens.shift import ShiftScreen
from gatepos.screens.sign_in import SignInScreen
from gatepos.screens.widgets.arrange import column
from gatepos.screens.widgets.banner import Banner
from gatepos.screens.widgets.bar import Bar
from gatepos.screens.widgets.pages import Pages
from gatepos.screens.widgets.strip import Dot, Place, Strip
from gatepos.settings import Settings
from gatepos.till import papers
from gatepos.till.papers import Told
from gatepos.till.station import Station, training_code
from gatepos.till.views import Health, RecordedView, SellView

NAME = "gatepos"
SELL, RECEIPTS, SHIFT, SET_UP = "sell", "receipts", "shift", "set_up"
PLACES = (
    (SELL, N_("Sell")),
    (RECEIPTS, N_("Receipts")),
    (SHIFT, N_("Shift")),
    (SET_UP, N_("Set-up")),
)
_ALLOWED_BY = {SELL: "sell", RECEIPTS: "look", SHIFT: "sell", SET_UP: "set_up"}
_HEALTH_EVERY_MS, _CLOCK_EVERY_MS = 2_000, 1_000
_PRINTER = {
    Status.OK: N_("printer"),
    Status.UNKNOWN: N_("printer · unknown"),
    Status.PAPER_LOW: N_("printer · paper low"),
    Status.PAPER_OUT: N_("printer · no paper"),
    Status.COVER_OPEN: N_("printer · cover open"),
    Status.OFFLINE: N_("no printer"),
}


class ProgramFault(Trouble):
    """A bug: what is recorded stays recorded."""

    says = N_("Something is wrong in the program ({what}). What is RECORDED stays. Start it again.")


class Kiosk(QMainWindow):
    """Holds the floor of the till at work: the real one, or in front of it the one for training."""

    def __init__(self, kit: Kit, station: Station):
        super().__init__()
        self.setWindowTitle(NAME)
        self.setMinimumSize(*WINDOW_LEAST)
        self.kit = kit
        self.real = Floor(kit, station)
        self.training: Floor | None = None
        self.real.practice_wanted.connect(self._on_practice)
        self.setCentralWidget(self.real)
        self.real.start()

    @property
    def floor(self) -> "Floor":
        """The till in front."""
        return self.training or self.real

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let go of everything in order: the paper in hand, the ledger."""
        if self.training is not None:
            self.training.leave()
        self.real.leave()
        event.accept()

    def _on_practice(self) -> None:
        """The real till journals that a training begins, and waits behind it."""
        till, practise = self.real.till, self.real.station.practise
        if practise is not None:
            code = training_code(till.desk.ledger.context.till)
            self.real.bridge.ask(lambda: till.training.begin(code), lambda _: self._show(practise()))

    def _show(self, station: Station) -> None:
        self.real.rest()
        self.takeCentralWidget()
        self.training = Floor(self.kit, station)
        self.training.practice_over.connect(self._on_practice_over)
        self.setCentralWidget(self.training)
        self.training.start()

    def _on_practice_over(self) -> None:
        training, self.training = self.training, None
        if training is not None:
            code = training.till.desk.ledger.context.till
            training.leave()
            self.setCentralWidget(self.real)
            self.real.bridge.ask(lambda: self.real.till.training.end(code), lambda _: self.real.resume())


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
        self._last_seq = 0
        self._printer = Status.UNKNOWN
        self._health: Health | None = None
        context, park = self.till.desk.ledger.context, self.till.desk.park
        gate = next((gate.name for gate in park.gates if gate.code == context.gate), context.gate)
        self.strip = Strip(kit, Place(park.name, gate, context.lane, station.practice))
        self.banner = Banner(kit)
        self.bar = Bar(kit, PLACES)
        self.sign_in = SignInScreen(kit, self.bridge, self.till, station.hints)
        self.doubts = DoubtsScreen(kit, self.bridge, self.till)
        self.sell = SellScreen(kit, self.bridge, self.till)
        self.receipts = ReceiptsScreen(kit, self.bridge, self.till)
        self.shift = ShiftScreen(kit, self.bridge, self.till)
        self.set_up = SetUpScreen(kit, self.bridge, station)
        self.screens: dict[str, SellScreen | ReceiptsScreen | ShiftScreen | SetUpScreen] = {
            SELL: self.sell, RECEIPTS: self.receipts, SHIFT: self.shift, SET_UP: self.set_up,
        }  # fmt: skip
        self.stack = Pages()
        for screen in (self.sign_in, self.doubts, *self.screens.values()):
            self.stack.addWidget(screen)
        whole = column(self.strip, self.banner, self.stack, self.bar, gap=0)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        if station.practice:
            mean(self, "practice-frame")
        self._wire()
        self._idle = Idle(self, self.lock)
        self._clock = self._every(_CLOCK_EVERY_MS, self.show_clock)
        self._look = self._every(_HEALTH_EVERY_MS, self.look_around)

    def start(self) -> None:
        """Begin with nobody at the window, and say what the start found."""
        self.station.papers.start(self._told.emit)
        self._speak()
        self.show_clock()
        self.look_around()
        self.ask_who()
        findings = self.till.desk.ledger.findings
        if findings:
            words = self.kit.speech.words
            self.banner.warn("\n".join(finding.said(words) for finding in findings))

    def rest(self) -> None:
        """Nobody looks at this floor any more."""
        self._clock.stop()
        self._look.stop()
        self._idle.stop()

    def resume(self) -> None:
        """After a rest somebody signs in anew."""
        self.person = None
        self._clock.start()
        self._look.start()
        self._idle.watch()
        self.ask_who()

    def leave(self) -> None:
        """Stop and let go of the till."""
        self.rest()
        self.station.close()

    # Where to.

    def ask_who(self, locked: str = "") -> None:
        """Sign in, or unlock."""
        self.bar.show_places(())
        self.strip.show_clerk("")
        self.stack.setCurrentWidget(self.sign_in)
        self.sign_in.start(locked)

    def go(self, place: str) -> None:
        """Open a screen."""
        self._place = place
        self.banner.clear()
        self.bar.show_place(place)
        self.stack.setCurrentWidget(self.screens[place])
        self.screens[place].start()

    def lock(self) -> None:
        """Lock, keeping the bill; with nobody at the window there is nothing to lock."""
        if self.person is not None:
            number = self.person.number
            self.person = None
            self.bridge.ask(self.till.sign_in.lock, lambda _: self.ask_who(number))

    def show_clock(self) -> None:
        """The time in Kenya by this machine."""
        self.strip.show_clock(f"{moments.local(self.till.desk.clock.wall_ms()):%H:%M}")

    def look_around(self) -> None:
        """How the till itself is."""
        self.bridge.ask(self.till.health, self._show_health)

    def _on_entered(self, person: Person) -> None:
        self.person = person
        self.banner.clear()
        self.strip.show_clerk(person.number)
        self._idle.limit_s = self.till.desk.policy.whole(policy.LOCK_AFTER_S)
        self.bar.show_places(tuple(p for p, action in _ALLOWED_BY.items() if staff.may(person.roles, action)))
        self.bar.show_place("")
        self.stack.setCurrentWidget(self.doubts)
        self.doubts.start()

    def _on_settled(self) -> None:
        """No paper is in doubt: to the window, with this clerk's own shift."""
        person = self.person
        if person is None:
            return
        if not staff.may(person.roles, "sell"):
            self.go(RECEIPTS)
            return
        shifts = self.till.shifts

        def at_window() -> bool:
            shifts.to_window()
            return shifts.view().number is not None

        self.bridge.ask(at_window, lambda is_open: self.go(self._next_place(is_open)))

    def _next_place(self, is_open: bool) -> str:
        if not is_open:
            return SHIFT
        return self._place if self._place in (SELL, RECEIPTS) else SELL

    # What is told.

    def _on_recorded(self, view: RecordedView) -> None:
        self.banner.clear()
        self.sell.show_paper("waits")
        self.sell.code.show_code(view.number, view.qr)
        self._last_seq = self.till.desk.ledger.head[0]
        self.station.papers.wake()

    def _on_told(self, told: Told) -> None:
        self._printer = told.status
        if told.entry_seq and told.entry_seq >= self._last_seq and self.sell.is_recorded:
            is_printed = told.outcome == papers.PRINTED
            self.sell.show_paper("printed" if is_printed else "none")
            if told.outcome == papers.REFUSED:
                self.sell.show_code()
        if told.outcome == papers.DOUBTED:
            self.banner.tell(PrintBroken())
        self._show_dots()
        if self.stack.currentWidget() is self.receipts:
            self.receipts.show_waiting()

    def _show_health(self, health: Health) -> None:
        self._health = health
        self._show_dots()
        if health.damage:
            words = self.kit.speech.words
            self.banner.warn(
                words(N_("The ledger is damaged: {what}. Selling stops."), what=health.damage.said(words))
            )

    def _show_dots(self) -> None:
        health, is_ok = self._health, self._printer in (Status.OK, Status.PAPER_LOW)
        printer = Dot(_PRINTER[self._printer], is_ok)
        if health is not None and health.papers_waiting and not is_ok:
            printer = Dot(N_("printer · {n} wait"), False, {"n": health.papers_waiting})
        copies = Dot(N_("2 copies"), True)
        if health is not None and not health.on_two_files:
            copies = Dot(N_("ONE copy only"), False)
        dots = [copies, printer]
        if health is not None and health.clock != "ok":
            dots.insert(0, Dot(N_("clock is wrong"), False))
        self.strip.show_dots(tuple(dots))

    def _on_failed(self, error: BaseException) -> None:
        traceback.print_exception(error, file=sys.stderr)
        self.banner.tell(ProgramFault(what=type(error).__name__))

    def _on_refused(self, said: Said) -> None:
        self.banner.tell(said)

    def _on_viewed(self, view: SellView) -> None:
        self.strip.show_waiting(len(view.waiting))

    def _on_slow(self, is_slow: bool) -> None:
        if is_slow and self.stack.currentWidget() is self.sell and self.sell.is_paying:
            self.banner.warn(self.kit.speech.words(N_("Recording…")))

    def _on_looks(self, settings: Settings) -> None:
        if self.kit.look.palette.name != settings.theme:
            self.kit.look.use(settings.theme)
        if self.kit.speech.words.language != settings.language:
            self.kit.speech.use(settings.language)

    def _on_language(self) -> None:
        self.kit.speech.use(self.kit.speech.other)

    def _speak(self) -> None:
        """Papers speak the language of the screen."""
        words, printing = self.kit.speech.words, self.till.printing
        self.bridge.ask(lambda: setattr(printing, "words", words))

    def _wire(self) -> None:
        self.bridge.refused.connect(self._on_refused)
        self.bridge.failed.connect(self._on_failed)
        self.bridge.slow.connect(self._on_slow)
        self._told.connect(self._on_told)
        self.kit.speech.changed.connect(self._speak)
        self.bar.chosen.connect(self.go)
        self.bar.language_touched.connect(self._on_language)
        self.bar.lock_touched.connect(self.lock)
        self.strip.waiting_touched.connect(self._on_waiting)
        self.sign_in.entered.connect(self._on_entered)
        self.doubts.settled.connect(self._on_settled)
        self.doubts.again.connect(self.station.papers.wake)
        self.sell.recorded.connect(self._on_recorded)
        self.sell.viewed.connect(self._on_viewed)
        self.receipts.correcting.connect(lambda _: self.go(SELL))
        self.receipts.copied.connect(lambda _: self.station.papers.wake())
        self.receipts.voided.connect(lambda _: self.station.papers.wake())
        self.shift.opened.connect(lambda: self.go(SELL))
        self.shift.closed.connect(lambda _: self.station.papers.wake())
        self.set_up.looks_changed.connect(self._on_looks)
        self.set_up.practice_wanted.connect(self.practice_wanted)
        self.set_up.practice_over.connect(self.practice_over)
        for key, act in self._keys().items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(lambda act=act: self._on_key(act))

    def _keys(self) -> dict[str, Callable[[], object]]:
        sell = self.sell
        return {
            "F1": lambda: sell.pay("mpesa"),
            "F2": lambda: sell.pay("card"),
            "F3": lambda: sell.pay("cash"),
            "F4": lambda: sell.pay("ecitizen"),
            "F6": sell.hold,
            "F9": sell.open_more,
        }

    def _on_key(self, act: Callable[[], object]) -> None:
        if self.stack.currentWidget() is self.sell:
            act()

    def _on_waiting(self) -> None:
        if self.person is not None:
            self.go(SELL)
            self.sell.show_waiting()

    def _every(self, ms: int, act: Callable[[], object]) -> QTimer:
        timer = QTimer(self, interval=ms)
        timer.timeout.connect(act)
        timer.start()
        return timer


class Idle(QObject):
    """Calls `lock` when nobody has touched anything for `limit_s`."""

    _INPUT = (
        QEvent.Type.MouseButtonPress,
        QEvent.Type.KeyPress,
        QEvent.Type.TouchBegin,
        QEvent.Type.Wheel,
    )

    def __init__(self, parent: QWidget, lock: Callable[[], object]):
        super().__init__(parent)
        self.limit_s = 180
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(lock)
        self.watch()

    def watch(self) -> None:
        """Watch every touch and key of the program."""
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Any touch or key begins the wait anew."""
        if event.type() in self._INPUT:
            self._timer.start(self.limit_s * 1_000)
        return False

    def stop(self) -> None:
        """Watch no more."""
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self._timer.stop()
