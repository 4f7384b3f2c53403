"""What all of a till's actions share: the ledger, who is at the window, and what is in force."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from gatepos.domain import clock as clocks
from gatepos.domain import confirmed, fees, free_entry, gatepass, keyring, moments, policy, staff
from gatepos.domain.clock import Clock
from gatepos.domain.entry import Draft, Entry, Posting
from gatepos.domain.fees import Fee, FeeTitle, Schedule
from gatepos.domain.gatepass import Payload
from gatepos.domain.health import Backlog
from gatepos.domain.keyring import KeyRow
from gatepos.domain.parks import Park, Parks
from gatepos.domain.policy import Policy
from gatepos.domain.prompts import PhoneLine
from gatepos.domain.staff import Person
from gatepos.domain.vocabulary import HELD
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import bodies
from gatepos.ledger import keyring as keyrings
from gatepos.ledger.ledger import Ledger, Recorded
from gatepos.seal.keys import kid_of


class NotSignedIn(Refusal):
    """Nobody is at the window."""

    says = N_("Sign in first.")


class Locked(Refusal):
    """The window is locked: whoever stands there may not be who signed in."""

    says = N_("The till is locked. Your PIN opens it.")


class NotInTraining(Refusal):
    """Something that a training till cannot change: it has the people and PINs of the real one."""

    says = N_("People and PINs are changed at the real till, not in training.")


class NoOpenShift(Refusal):
    """The clerk has no shift at the window."""

    says = N_("No shift is open: open one under Shift.")


class UnknownClerk(Refusal):
    """No such member of staff at this till."""

    says = N_("No clerk {number} works at this till. A manager adds staff in Set-up.")


class NoSchedule(Refusal):
    """No fee schedule is in force."""

    says = N_("No fee schedule is in force: a supervisor sets it in Set-up.")


@dataclass(frozen=True, slots=True)
class Book:
    """Schedules, parks and the titles of fees: what comes with the program, and what central published."""

    schedules: Mapping[str, Schedule]
    parks: Parks
    titles: Mapping[str, FeeTitle]


class Desk:
    """The state behind every action: made from the journal at start, kept in step with it after."""

    def __init__(
        self,
        ledger: Ledger,
        book: Book,
        park: Park,
        clock: Clock,
        new_id: Callable[[], str],
        *,
        is_training: bool = False,
    ):
        self.ledger = ledger
        self.book = book
        self.park = park
        self.clock = clock
        self.new_id = new_id
        self.is_training = is_training
        self.backlog: Callable[[], Backlog | None] = lambda: None
        self.phone_line: PhoneLine | None = None
        self.person: Person | None = None
        self.stay = 0
        """Another with each person who comes to the window, and once they left it."""
        self.is_locked = False
        self.policy = Policy(
            {
                cast(str, entry.data["key"]): cast(str, entry.data["value"])
                for entry in ledger.of_kind("config.changed")
            }
        )
        self.notices = free_entry.standing(entry.data for entry in ledger.of_kind("free_entry.noticed"))
        self.staff: dict[str, Person] = {}
        self.of_central: dict[str, Person] = {}
        for entry in ledger.of_kind("staff.changed"):
            self.employ(entry)
        self.own = KeyRow(ledger.context.till, ledger.public_key, park.code, *_place(ledger))
        self.keyring: dict[bytes, KeyRow] = {kid_of(self.own.public): self.own}
        self.know(keyrings.known(ledger.conn).values())
        self.heard = bodies.applied(ledger.of_kind("feed.applied"))
        self.erased_before = ""
        """The day before which nothing of other tills has plates or names here; "" where all of it has."""
        acts = (entry for kind in confirmed.ACTS for entry in ledger.of_kind(kind))
        self._acts = sorted(acts, key=lambda entry: entry.seq)
        self._sold: tuple[Schedule, Book, int, Schedule] | None = None

    def signed_in(self) -> Person:
        """Who is at the window; NotSignedIn, Locked."""
        if self.person is None:
            raise NotSignedIn()
        if self.is_locked:
            raise Locked()
        return self.person

    def check_real(self) -> None:
        """NotInTraining at a training till."""
        if self.is_training:
            raise NotInTraining()

    def allowed(self, action: str) -> Person:
        """Who is at the window, if they may do `action`; NotSignedIn, NotAllowed."""
        person = self.signed_in()
        staff.check(person, action)
        return person

    def known(self, number: str) -> Person:
        """A member of staff at this till; UnknownClerk."""
        person = self.staff.get(number)
        if person is None or not person.works(self.day_now()):
            raise UnknownClerk(number=number[:4])
        return person

    def shift(self) -> str:
        """The shift at the window of a signed-in clerk who may sell; NoOpenShift, NotAllowed."""
        self.allowed("sell")
        return self.own_shift()

    def own_shift(self) -> str:
        """The shift at the window, the signed-in clerk's own, whatever they may do by now; NoOpenShift."""
        person = self.signed_in()
        number = self.ledger.state.shift
        if number is None or self.ledger.state.shifts.get(number) != person.number:
            raise NoOpenShift()
        return number

    def schedule(self) -> Schedule:
        """The schedule in force, as the journal says, with what was confirmed here; NoSchedule."""
        schedule, book, acts = (
            self.book.schedules.get(self.ledger.state.schedule or ""),
            self.book,
            self._acts,
        )
        if schedule is None:
            raise NoSchedule()
        last = self._sold
        if last is None or last[0] is not schedule or last[1] is not book or last[2] != len(acts):
            self._sold = last = (schedule, book, len(acts), self.with_confirmed(schedule))
        return last[3]

    def with_confirmed(self, schedule: Schedule) -> Schedule:
        """A schedule with what this park confirmed and it does not name."""
        found = self.confirmed()
        return confirmed.over(schedule, found, self.park.products) if found else schedule

    def confirmed(self) -> list[Fee]:
        """The fees that were confirmed here and stand."""
        return confirmed.standing(self._acts, self.book.schedules)

    def confirmations(self) -> tuple[Mapping[str, object], ...]:
        """What was said when the fees that stand were confirmed."""
        stand = self.confirmed()
        return tuple(
            act.data for act in self._acts if act.kind == confirmed.KIND and confirmed.fee(act.data) in stand
        )

    def switched(self) -> Entry | None:
        """The entry that put the schedule in force."""
        return next((act for act in reversed(self._acts) if act.kind == "schedule.switched"), None)

    def proposed(self) -> Schedule | None:
        """A later schedule whose moment has come: a date only proposes, a supervisor accepts."""
        return fees.proposed(self.book.schedules, self.ledger.state.schedule, self.now_ms())

    def today(self) -> date:
        """The business day: the shift's, fixed when it opened."""
        return self.ledger.state.day

    def outage(self) -> Entry | None:
        """The opening of the outage that is open."""
        opened = self.ledger.state.outage
        return self.ledger.by_id(opened) if opened else None

    def paybill(self) -> str:
        """The paybill to pay to now: inside an outage its own."""
        return self.paybill_inside(self.outage())

    def paybill_inside(self, outage: Entry | None) -> str:
        """The paybill to pay to inside an outage, or outside any."""
        return cast(str, outage.data["paybill"]) if outage else self.policy.text(policy.PAYBILL)

    def pass_paybill(self) -> str:
        """The paybill for a pass whose own is not known here: the outage's, or the standing order's."""
        return self.paybill() if self.outage() else self.policy.text(policy.ORDER_PAYBILL)

    def cash_max_minor(self, outage: Entry | None) -> int | None:
        """KES of cash that one receipt may take inside an outage, or outside; None: policy sets no limit."""
        if self.policy.allows("cash"):
            return None
        return cast(int, outage.data["cash_max_minor"]) if outage else 0

    def allows(self, tender: str, outage: Entry | None) -> bool:
        """Whether a way of paying is taken here inside an outage, or outside."""
        return (
            tender == HELD
            or self.policy.allows(tender)
            or (tender == "cash" and bool(self.cash_max_minor(outage)))
        )

    def enters(self, on: date) -> bool:
        """Whether whoever buys here goes in with it: an entry lane where nothing is checked later."""
        is_entry = self.policy.text(policy.DIRECTION) == gatepass.IN
        return is_entry and on == self.today() and not self.policy.flag(policy.CHECKS_SEPARATELY)

    def employ(self, entry: Entry) -> None:
        """Take in a `staff.changed`; `of_central` are those whom central's list has, as it said them last."""
        person = staff.of_fields(entry.data)
        self.staff[person.number] = person
        if entry.data.get("feed_version") is not None:
            self.of_central[person.number] = person
        if self.person is not None and self.person.number == person.number:
            self.person = person

    def trust(self, entry: Entry) -> None:
        """Take in a `keyring.changed`."""
        self.know([keyring.row(entry.data)])

    def know(self, rows: Iterable[KeyRow]) -> None:
        """Take in keys that people added or central named; nobody but this till says its own."""
        keyrings.learn(self.keyring, [row for row in rows if row.till != self.own.till])

    def hear(self, entry: Entry) -> None:
        """Take in a `feed.applied`."""
        self.heard = bodies.applied([entry], self.heard)

    def day_now(self) -> date:
        """The day that a shift opened now would have; a wrong clock does not move it."""
        state, now = self.ledger.state, clocks.read(self.clock)
        return state.today(now, clocks.judge(now, state.last))

    def now_ms(self) -> int:
        """The moment by the last look at the clock that can be believed."""
        state, now = self.ledger.state, clocks.read(self.clock)
        last = state.last or now
        return (now if clocks.is_believed(now, clocks.judge(now, last), last) else last).wall_ms

    def rate_is_old(self) -> bool:
        """Whether the published rate is older than policy likes."""
        month = self.ledger.state.rate
        if month is None:
            return False
        first = date.fromisoformat(f"{month}-01")
        limit = self.policy.whole(policy.RATE_OLD_AFTER_DAYS)
        return (moments.local_day(self.clock.wall_ms()) - first).days > limit

    def write(
        self,
        kind: str,
        data: Mapping[str, object],
        *,
        postings: Sequence[Posting] = (),
        series: str | None = None,
        token: Payload | None = None,
        id: str | None = None,
        also: Mapping[str, object] | None = None,
        shift: str | None = None,
        prints: bool = False,
    ) -> Recorded:
        """Append one entry in the name of whoever is at the window."""
        by = self.person.number if self.person and not self.is_locked else None
        draft = Draft(
            kind, id or self.new_id(), data, postings, series, token, by, also,
            shift if shift is not None else self.ledger.state.shift, prints,
        )  # fmt: skip
        done = self.ledger.append(draft)
        if kind in confirmed.ACTS:
            self._acts.append(done.entry)
        return done

    def note(self, kind: str, data: Mapping[str, object]) -> Recorded:
        """Append one entry that is nobody's doing at the window."""
        return self.ledger.append(Draft(kind, self.new_id(), data, shift=self.ledger.state.shift))


def _place(ledger: Ledger) -> tuple[str, str]:
    """The gate and lane of the first entry: what the till's own certificate says."""
    first = ledger.entry(1).fields
    return cast(str, first["gate"]), cast(str, first["lane"])
