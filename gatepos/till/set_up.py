"""Set-up: what is in force, who works here, and where the copies go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gatepos.domain import confirmed, moments, policy, rates, receipt, staff, switch, text, vocabulary
from gatepos.domain.rates import Rate
from gatepos.domain.staff import Person
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import media
from gatepos.ledger.backup import Backup
from gatepos.ledger.ledger import Recorded
from gatepos.seal.pins import PinBook
from gatepos.till import views
from gatepos.till.approvals import Approvals, Second
from gatepos.till.desk import Desk
from gatepos.till.in_force import InForce
from gatepos.till.ticket_lists import TicketLists
from gatepos.till.window import Window

_ORDER_DAYS_MAX = 31


class UnknownSchedule(Refusal):
    """A schedule that this program does not have."""

    says = N_("There is no fee schedule {schedule} here.")


class BadOrderTime(Refusal):
    """A moment from which no order entered now can hold."""

    says = N_(
        "Type when the order was made, today as 11:00 or as 2026-01-02 11:00: it is over, within {days} days."
    )


class LastInCharge(Refusal):
    """Nobody would be left who may set up this till."""

    says = N_("Nobody else may set up this till: add another manager first.")


class UnknownRole(Refusal):
    """A role that does not exist."""

    says = N_("{role} is not a role here.")


class OnCentralsList(Refusal):
    """Somebody whose roles are said at central."""

    says = N_(
        "What {number} does is said by central. Here they get a new start code in the same role, or are"
        " removed."
    )


@dataclass(frozen=True, slots=True)
class Started:
    """A member of staff just added, and the one-time code to hand to them."""

    person: Person
    start_code: str


class SetUp:
    """What managers and supervisors set at this till."""

    def __init__(
        self,
        desk: Desk,
        pins: PinBook,
        approvals: Approvals,
        lists: TicketLists,
        windows: tuple[Window, ...],
    ):
        self._desk = desk
        self._pins = pins
        self._approvals = approvals
        self._lists = lists
        self._windows = windows
        self._moved()  # the last entry may be the one that moved it, and still names the place before

    def view(self) -> views.SetUpView:
        """All that Set-up shows."""
        ledger, desk = self._desk.ledger, self._desk
        state, proposed = ledger.state, self._desk.proposed()
        seq, head = ledger.head
        return views.SetUpView(
            till=ledger.context.till,
            park=desk.park.name,
            gate=ledger.context.gate,
            gates=tuple((gate.code, gate.name) for gate in desk.park.gates),
            lane=ledger.context.lane,
            has_phone=bool(desk.policy.text(policy.GATE_PHONE)),
            schedule=state.schedule or "",
            schedules=tuple(sorted(desk.book.schedules)),
            proposed=proposed.id if proposed else None,
            notices=tuple(one for one in desk.notices.values() if one.last_on >= desk.today()),
            rate_month=state.rate,
            rate_e4=state.rate_e4,
            policy=tuple(
                views.SettingView(key, setting.sentence, setting.form, desk.policy.text(key))
                for key, setting in policy.SETTINGS.items()
                if key not in (policy.GATE, policy.LANE)
            ),
            staff=tuple(
                views.StaffView(number, tuple(sorted(person.roles)), self._pins.has(number))
                for number, person in sorted(desk.staff.items())
                if person.roles
            ),
            entries=seq,
            head=receipt.check_code(head),
            is_checked=ledger.is_checked,
            tickets=self._lists.view(),
            unsold=self._unsold(),
            confirmed=len(desk.confirmed()),
        )

    def begin(self, manager: str, pin: str, schedule: str) -> None:
        """What a new ledger needs before its first shift: a manager with a PIN, and a schedule."""
        self._write_change(Person(manager, frozenset(("manager", "supervisor"))))
        self._pins.set_pin(manager, pin)
        self._desk.person = self._desk.staff[manager]
        self.switch_schedule(schedule, "the first schedule of this ledger")

    def follow(self, other: InForce, reason: str) -> None:
        """Take over what is in force at another till: this one is for its training, or goes on for it."""
        for number, person in other.staff.items():
            if self._desk.staff.get(number) != person:
                self._write_change(person)
        now = self._desk.ledger.state
        if other.schedule not in (None, now.schedule):
            data = {"schedule": other.schedule, "was": now.schedule, "reason": reason}
            self._desk.write("schedule.switched", data)
        for fee in other.confirmed:
            if confirmed.fee(fee) not in self._desk.confirmed():
                self._desk.write(confirmed.KIND, {**fee, "park": self._desk.park.code})
        if other.rate is not None and (other.rate, other.rate_e4) != (now.rate, now.rate_e4):
            rate = {"rate": other.rate, "rate_e4": other.rate_e4, "was": now.rate}
            self._desk.write("rate.switched", rate)
        for key, value in (other.policy or {}).items():
            was = self._desk.policy.values.get(key)
            if was != value:
                self._desk.write("config.changed", {"key": key, "value": value, "was": was})
                self._desk.policy = self._desk.policy.having(key, value)
        self._moved()

    def admit(self, number: str, pin: str) -> None:
        """Keep the PIN of somebody who chose it before there was a till; one that they have stays."""
        if not self._pins.has(number):
            self._pins.set_pin(number, pin)

    def started(self) -> tuple[Started, ...]:
        """A start code for each who sells here and has no PIN yet; none for who may agree to anything."""
        waiting = [
            person
            for number, person in sorted(self._desk.staff.items())
            if staff.may(person.roles, "sell") and not self._pins.has(number)
        ]
        clerks = [person for person in waiting if not staff.may(person.roles, "approve")]
        return tuple(Started(person, self._pins.set_start_code(person.number)) for person in clerks)

    def configure(self, key: str, typed: str, second: Second | None = None) -> Recorded | None:
        """Change a policy; a few of them need a second person. None when it has that value already."""
        self._desk.allowed("set_up")
        value = policy.parse(key, typed)
        if key == policy.GATE:
            self._desk.park.gate(value)
        also = None
        if policy.SETTINGS[key].needs_second:
            also = self._approvals.also(second, "config.changed", {"key": key, "value": value})
        was = self._desk.policy.values.get(key)
        if value == was:
            return None
        done = self._desk.write("config.changed", {"key": key, "value": value, "was": was}, also=also)
        self._desk.policy = self._desk.policy.having(key, value)
        self._moved()
        return done

    def switch_schedule(
        self, schedule: str, reason: str, second: Second | None = None, ordered: str = ""
    ) -> Recorded:
        """Put another schedule in force from the next line on; `Tariff` lists what was priced before.

        `ordered` is when the order was made, as `11:00` or `2026-01-02 11:00`, empty for now.
        UnknownSchedule, BadOrderTime, MoneyTaken, NeedsSecond.
        """
        desk = self._desk
        desk.allowed("switch")
        if schedule not in desk.book.schedules:
            raise UnknownSchedule(schedule=schedule[:20])
        for window in self._windows:
            window.check_no_money()
        was = desk.ledger.state.schedule
        data = {
            "schedule": schedule,
            "was": was,
            "reason": text.free(reason),
            "ordered_at": _ordered_at(desk, ordered) if ordered.strip() else None,
            "unpaid": desk.policy.text(policy.UNPAID) if was is not None else None,
        }
        also = self._approvals.also(second, "schedule.switched", data) if was is not None else None
        done = desk.write("schedule.switched", data, also=also)
        for window in self._windows:
            window.put_aside_unpriced()
        return done

    def switch_rate(self, month: str, rate: str, second: Second | None = None) -> Recorded:
        """Apply a published rate (KES per USD); it stays in force until a newer one is applied.

        NeedsSecond for a month before the one in force, which is cheaper, or dearer, and for a rate that no
        month brings, which is a slip of a hand, or mends one.
        """
        self._desk.allowed("switch")
        given, state = rates.parse(month, rate), self._desk.ledger.state
        data = {"rate": given.month, "rate_e4": given.rate_e4, "was": state.rate}
        was = Rate(state.rate, state.rate_e4) if state.rate and state.rate_e4 else None
        is_odd = was is not None and (given.is_before(was) or given.is_far_from(was))
        also = self._approvals.also(second, "rate.switched", data) if is_odd else None
        return self._desk.write("rate.switched", data, also=also)

    def employ(self, number: str, roles: Sequence[str], second: Second | None = None) -> Started:
        """Add a member of staff, or start them anew; the code is shown once and lives until first used.

        Nobody makes, changes or removes a second person alone, once somebody else may be one: NeedsSecond.
        OnCentralsList where central says what they do.
        """
        self._desk.allowed("set_up")
        self._change(number, roles, second)
        return Started(self._desk.staff[number], self._pins.set_start_code(number))

    def dismiss(self, number: str, second: Second | None = None) -> None:
        """A member of staff may no longer sign in; NeedsSecond as `employ`."""
        self._desk.allowed("set_up")
        self._change(number, (), second)

    def backup(self, medium: Path) -> Backup:
        """Copy the ledger to a medium, read it back and check it, all at once; NoMedium, MediumInside."""
        media.check(medium, self._desk.ledger.folder)
        return self._desk.ledger.copy(medium).checked()

    def _unsold(self) -> int:
        """How many fees the schedule in force has in doubt, or lacks that the one before it had."""
        desk, switched = self._desk, self._desk.switched()
        before = desk.book.schedules.get(str(switched.data["was"])) if switched else None
        is_known = desk.ledger.state.schedule in desk.book.schedules
        return len(switch.unsold(before, desk.schedule(), desk.park.products)) if is_known else 0

    def _moved(self) -> None:
        context = self._desk.ledger.context
        gate = self._desk.policy.values.get(policy.GATE, context.gate)
        self._desk.ledger.move(gate, self._desk.policy.values.get(policy.LANE, context.lane))

    def _change(self, number: str, roles: Sequence[str], second: Second | None) -> None:
        """LastInCharge and NeedsSecond; NotInTraining."""
        self._desk.check_real()
        self._check_change(number, roles)
        also = None
        if self._is_bound(number, roles):
            about = {"staff": number, "roles": list(roles)}
            also = self._approvals.also(second, "staff.changed", about)
        at_central = self._desk.of_central.get(number) if roles else None
        self._write_change(at_central or Person(number, frozenset(roles)), also)

    def _is_bound(self, number: str, roles: Sequence[str]) -> bool:
        """Whether it makes, changes or removes somebody who may approve, while somebody else may too."""
        me, people = self._desk.signed_in().number, self._desk.staff
        held = people[number].roles if number in people else frozenset()
        others = (person.roles for other, person in people.items() if other != me)
        return staff.may({*roles, *held}, "approve") and any(staff.may(held, "approve") for held in others)

    def _check_change(self, number: str, roles: Sequence[str]) -> None:
        staff.check_number(number)
        unknown = [role for role in roles if role not in vocabulary.ROLES]
        if unknown:
            raise UnknownRole(role=unknown[0][:20])
        listed = self._desk.of_central.get(number)
        if roles and listed is not None and listed.roles != frozenset(roles):
            raise OnCentralsList(number=number)
        others = (person.roles for other, person in self._desk.staff.items() if other != number)
        if not staff.may(roles, "set_up") and not any(staff.may(held, "set_up") for held in others):
            raise LastInCharge()

    def _write_change(self, person: Person, also: Mapping[str, object] | None = None) -> None:
        self._desk.employ(self._desk.write("staff.changed", person.as_fields(), also=also).entry)


def _ordered_at(desk: Desk, typed: str) -> str:
    """The moment of an order: over, and not long ago; BadOrderTime."""
    said = typed.strip()
    try:
        at_ms = moments.parse_local(said if " " in said else f"{desk.today()} {said.zfill(5)}")
    except ValueError as error:
        raise BadOrderTime(days=_ORDER_DAYS_MAX) from error
    if not 0 <= desk.now_ms() - at_ms <= _ORDER_DAYS_MAX * moments.DAY_MS:
        raise BadOrderTime(days=_ORDER_DAYS_MAX)
    return moments.to_text(at_ms)
