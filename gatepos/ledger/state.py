"""What is in force, folded from the journal: schedule, rate, shifts, day, the last look at the clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

from gatepos.domain import clock as clocks
from gatepos.domain import moments
from gatepos.domain.clock import Reading
from gatepos.domain.entry import Entry

_ENDS_BILL = (
    "bill.abandoned", "receipt.issued", "receipt.corrected", "pass.issued", "pass.reissued", "paper.captured",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class State:
    """The ledger's state after its last entry; `shifts` are the open ones with whose they are.

    `day` is the business day, `days` those of the open shifts, `bills` the numbers that have not ended,
    `outage` the id of the open one, `last` the last look at the clock that was believed.
    """

    day: date
    schedule: str | None = None
    rate: str | None = None
    rate_e4: int | None = None
    shift: str | None = None
    shifts: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)
    bills: tuple[str, ...] = ()
    outage: str | None = None
    clock: str = "ok"
    last: Reading | None = None

    def today(self, now: Reading, clock: str) -> date:
        """The business day without a shift at the window: never before the last one, nor by a wrong clock."""
        is_believed = clocks.is_believed(now, clock, self.last)
        return max(self.day, moments.local_day(now.wall_ms)) if is_believed else self.day

    def after(self, entry: Entry) -> "State":
        """The state after one more entry."""
        return _stamped(fold(self, entry), entry)


def reading(entry: Entry) -> Reading:
    """The look at the clock that an entry holds."""
    fields = entry.fields
    return Reading(moments.from_text(entry.at), cast(int, fields["mono_ms"]), cast(str, fields["boot"]))


def fold(state: State, entry: Entry) -> State:
    """Only what `entry` puts in force, without its day and clock."""
    return _in_force(state, entry, entry.data)


def resumed(state: State, last: Entry, right: Entry, bills: tuple[str, ...]) -> State:
    """The state as the ledger's last entry left it, with its day and clock and the bills that wait.

    `right` is the last entry whose clock was ok.
    """
    return replace(_stamped(replace(state, last=reading(right)), last), bills=bills)


def _stamped(state: State, entry: Entry) -> State:
    clock = cast(str, entry.fields["clock"])
    now = reading(entry)
    last = now if clocks.is_believed(now, clock, state.last) else state.last
    return replace(state, day=date.fromisoformat(entry.day), clock=clock, last=last)


def _in_force(state: State, entry: Entry, data: Mapping[str, object]) -> State:
    match entry.kind:
        case "schedule.switched":
            return replace(state, schedule=cast(str, data["schedule"]))
        case "rate.switched":
            return replace(state, rate=cast(str, data["rate"]), rate_e4=cast(int, data["rate_e4"]))
        case "shift.opened":
            number = cast(str, data["number"])
            return replace(
                state,
                shift=number,
                shifts={**state.shifts, number: cast(str, data["staff"])},
                days={**state.days, number: date.fromisoformat(cast(str, data["day"]))},
            )
        case "shift.switched":
            return replace(state, shift=cast(str, data["to"]))
        case "shift.closed":
            closed = cast(str, data["closes"])
            shifts = {n: staff for n, staff in state.shifts.items() if n != closed}
            days = {n: on for n, on in state.days.items() if n != closed}
            at_window = None if state.shift == closed else state.shift
            return replace(state, shift=at_window, shifts=shifts, days=days)
        case "bill.opened":
            return replace(state, bills=(*state.bills, cast(str, data["number"])))
        case _ if entry.kind in _ENDS_BILL:
            return replace(state, bills=tuple(b for b in state.bills if b != data["bill"]))
        case "outage.opened":
            return replace(state, outage=entry.id)
        case "outage.closed":
            return replace(state, outage=None)
    return state
