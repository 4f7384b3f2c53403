"""What the strip says of the till itself: its clock, its two copies, its printer, and whom it reaches."""

from gatepos.devices.printer import Status
from gatepos.domain import health as online
from gatepos.domain.breaker import State
from gatepos.domain.health import Alarm
from gatepos.i18n import N_
from gatepos.screens.widgets.strip import Dot
from gatepos.till.views import Health

_PRINTER = {
    Status.OK: N_("printer"),
    Status.UNKNOWN: N_("printer · unknown"),
    Status.PAPER_LOW: N_("printer · paper low"),
    Status.PAPER_OUT: N_("printer · no paper"),
    Status.COVER_OPEN: N_("printer · cover open"),
    Status.OFFLINE: N_("no printer"),
}
_ALARMS = {
    Alarm.STOPPED: N_("central stopped · {n} wait · {age}"),
    Alarm.FORKED: N_("this till exists twice"),
    Alarm.AHEAD: N_("STOP selling · entries missing"),
    Alarm.RETURNED: N_("entries are back · start again"),
}


def dots(health: Health | None, printer: Status, reached: online.Health | None = None) -> tuple[Dot, ...]:
    """From left to right; `health` is None until the till was first asked, `reached` where it is alone."""
    central = () if reached is None else (_central(reached),)
    if health is None:
        return (*central, _copies(True), _printer(printer, 0))
    clock = () if health.clock == "ok" else (Dot(N_("clock is wrong"), False),)
    return (*clock, *central, _copies(health.on_two_files), _printer(printer, health.papers_waiting))


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
    return Dot(_PRINTER[printer], is_well)
