"""What the strip says of the till itself: its clock, its two copies, its printer, and whom it reaches."""

from collections.abc import Iterator, Mapping

from gatepos.devices.printer import Status
from gatepos.domain import health as online
from gatepos.domain import moments
from gatepos.domain.breaker import State
from gatepos.domain.health import Alarm
from gatepos.domain.outside import Outside, Standing
from gatepos.i18n import N_
from gatepos.screens.widgets.strip import Dot
from gatepos.till.state_views import Health

PRINTER = {
    Status.OK: N_("printer"),
    Status.UNKNOWN: N_("printer · unknown"),
    Status.PAPER_LOW: N_("printer · paper low"),
    Status.PAPER_OUT: N_("printer · no paper"),
    Status.COVER_OPEN: N_("printer · cover open"),
    Status.OFFLINE: N_("no printer"),
}
_PLATFORM = N_("platform"), N_("platform fails at times"), N_("no platform since {time}")
_MPESA = N_("M-PESA"), N_("M-PESA fails at times"), N_("no M-PESA since {time}")
"""What works, fails at times, is down."""
_ALARMS = {
    Alarm.STOPPED: N_("central stopped · {n} wait · {age}"),
    Alarm.FORKED: N_("this till exists twice"),
    Alarm.AHEAD: N_("STOP selling · entries missing"),
    Alarm.RETURNED: N_("entries are back · start again"),
}


def dots(health: Health | None, printer: Status, reached: online.Health | None = None) -> tuple[Dot, ...]:
    """From left to right; `health` is None until the till was first asked, `reached` where it is alone."""
    outside = () if reached is None else (_central(reached), *_outside(reached.outside))
    if health is None:
        return (*outside, _copies(True), _printer(printer, 0))
    clock = () if health.clock == "ok" else (Dot(N_("clock is wrong"), False),)
    return (*clock, *outside, _copies(health.on_two_files), _printer(printer, health.papers_waiting))


def _outside(outside: Outside) -> Iterator[Dot]:
    """The platform and M-PESA where it is known how they stand; the internet only where it is the cause."""
    for standing, (well, failing, down) in ((outside.platform, _PLATFORM), (outside.mpesa, _MPESA)):
        if standing.state is State.FAILING:
            yield Dot(failing, False)
        elif standing.state is not State.UNKNOWN:
            yield Dot(down if standing.is_down else well, not standing.is_down, _since(standing))
    if outside.internet.is_down:
        yield Dot(N_("no internet since {time}"), False, _since(outside.internet))


def _since(standing: Standing) -> Mapping[str, object]:
    return {"time": f"{moments.local(standing.since_ms):%H:%M}"}


def _central(reached: online.Health) -> Dot:
    """Whether central takes what is recorded, how much waits, and how long the oldest has waited."""
    values = {"n": reached.waiting, "age": reached.oldest}
    if reached.alarm is not None:
        return Dot(_ALARMS[reached.alarm], False, values)
    if reached.trouble is None:
        if reached.waiting and reached.central is State.CLOSED:
            return Dot(N_("central · {n} wait · {age}"), True, values)
        return Dot(N_("central"), reached.central is State.CLOSED)
    if reached.waiting:
        return Dot(N_("no central · {n} wait · {age}"), False, values)
    return Dot(N_("no central"), False)


def _copies(on_two_files: bool) -> Dot:
    return Dot(N_("2 copies"), True) if on_two_files else Dot(N_("ONE copy only"), False)


def _printer(printer: Status, waiting: int) -> Dot:
    is_well = printer in (Status.OK, Status.PAPER_LOW)
    if waiting and not is_well:
        return Dot(N_("printer · {n} wait"), False, {"n": waiting})
    return Dot(PRINTER[printer], is_well)
