"""What the strip shows of the till itself: the time, an outage, what works; looked at again and again."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from gatepos.devices.printer import Status
from gatepos.domain import labels, moments
from gatepos.domain.outside import Proposal
from gatepos.i18n import N_
from gatepos.screens.bridge import Bridge
from gatepos.screens.dots import dots
from gatepos.screens.widgets.banner import Banner
from gatepos.screens.widgets.strip import Strip
from gatepos.till.state_views import Health
from gatepos.till.station import Station

_HEALTH_EVERY_MS, _CLOCK_EVERY_MS = 2_000, 1_000


class Watch(QObject):
    """Looks while somebody may look at the floor; what is wrong is said in the banner.

    `proposed` gives what an outage may be opened for, or None.
    """

    proposed = Signal(object)

    def __init__(self, station: Station, bridge: Bridge, strip: Strip, banner: Banner):
        super().__init__(strip)
        self._station, self._bridge = station, bridge
        self._strip, self._banner = strip, banner
        self.printer = Status.UNKNOWN
        self._health: Health | None = None
        self._timers = (
            self._every(_CLOCK_EVERY_MS, self.show_clock),
            self._every(_HEALTH_EVERY_MS, self.look_around),
        )

    def start(self) -> None:
        """Look at once, and from here on."""
        for timer in self._timers:
            timer.start()
        self.show_clock()
        self.look_around()

    def stop(self) -> None:
        """Nobody looks at this floor any more."""
        for timer in self._timers:
            timer.stop()

    def show_clock(self) -> None:
        """The time in Kenya by this machine."""
        now_ms = self._station.till.desk.clock.wall_ms()
        self._strip.show_clock(f"{moments.local(now_ms):%H:%M}")

    def look_around(self) -> None:
        """How the till itself is."""
        self._bridge.ask(self._station.till.health, self._show_health)

    def show_printer(self, status: Status) -> None:
        """How the printer was found by the last paper."""
        self.printer = status
        self._show_dots()

    def _show_health(self, health: Health) -> None:
        self._health = health
        self._show_dots()
        since = moments.local(health.outage_since_ms) if health.outage_since_ms else None
        self._strip.show_outage(f"{since:%H:%M}" if since else "", health.outage_paybill)
        if health.damage:
            says = N_("The ledger is damaged: {what}. Selling stops.")
            self._banner.warn(lambda words: words(says, what=health.damage))
        elif health.held:
            self._banner.tell(health.held)

    def _show_dots(self) -> None:
        online = self._station.online
        reached = online.health() if online else None
        self._strip.show_dots(dots(self._health, self.printer, reached))
        self._propose(reached.outside.proposal() if reached else None)

    def _propose(self, proposal: Proposal | None) -> None:
        """What is down proposes an outage; only a person opens one."""
        self._strip.propose_outage(labels.DOWN[proposal.cause] if proposal else "")
        self.proposed.emit(proposal)

    def _every(self, ms: int, act: Callable[[], object]) -> QTimer:
        timer = QTimer(self, interval=ms)
        timer.timeout.connect(act)
        return timer
