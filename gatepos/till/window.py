"""The window: the bill in work or the passes to be settled, the tenders, what a code has left over."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from gatepos.domain import bill as bills
from gatepos.domain import fees, free_entry, moments, money, sale
from gatepos.domain.bill import Bill, Line, Priced
from gatepos.domain.entry import Entry
from gatepos.domain.fees import Schedule
from gatepos.domain.free_entry import Freed
from gatepos.domain.gatepass import Payload
from gatepos.domain.payment import Tender
from gatepos.domain.vocabulary import HELD
from gatepos.errors import Refusal, Said
from gatepos.i18n import N_
from gatepos.ledger.ledger import Recorded
from gatepos.till.desk import Desk


class PayFirst(Refusal):
    """A tender before the bill was opened for payment."""

    says = N_("Choose how to pay first.")


class MoneyTaken(Refusal):
    """A bill that is left although something was paid on it."""

    says = N_("KES {amount} is taken for this bill. Record it, or take it back first.")


@dataclass(frozen=True, slots=True)
class Owed:
    """What is to be collected on a pass: `owed_minor` KES with its overstay in it.

    `paper` is what its token says, or what was seen where nobody could read it: then there is no digest, and
    `sight` says what was seen, as the entry will.
    """

    paper: Payload
    owed_minor: int
    paybill: str
    leaving: int
    digest: str | None = None
    overstay: tuple[Line, ...] = ()
    overstay_days: int = 0
    outage: str | None = None
    sight: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """Who leaves with no paper to show: the driver's story, and the gate by which they say they went in."""

    story: str
    entry_gate: str | None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket paid elsewhere that the bill in work came with.

    `covers` is whom and which vehicle the list says it is for, None where no list does: then it covers the
    people, the vehicle too where it `has_vehicle`, or `stated_minor` KES where somebody says how much.
    `listed_at` is of the list on which it stands for this day.
    """

    reference: str
    covers: Bill | None = None
    listed_at: str | None = None
    is_typed: bool = False
    has_vehicle: bool = False
    stated_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf written by hand, that the bill in work repeats; `outage` is that in which it was written."""

    book: str
    leaf: int
    written_at: str
    reason: str
    outage: str | None


@dataclass(frozen=True, slots=True)
class Brought:
    """The slip that a bill came by: its text, how many of which age ask to enter free, what was left."""

    text: str
    asks: Mapping[str, int]
    left: tuple[Said, ...]


@dataclass(slots=True)
class Work:
    """The bill in work, or the passes that are settled, and how far it has come.

    `has_waited` where it was put aside before; `exits` and the `driver`'s phone are for a pass. `began_ms` is
    the till's own time at the first touch, `asked` what the clerk was asked once, by name. `presented` is the
    one of the tenders that is the bill's own `ticket`. `group` are the vehicles for which the same payer
    pays, each opened, in their order before this one; `account` is then the number to pay to, the first
    one's, and `recorded` those that are on the ledger already.
    """

    bill: Bill
    opened: Entry | None = None
    has_waited: bool = False
    tenders: list[Tender] = field(default_factory=list)
    kind: str = "mpesa"
    is_confirmed: bool = False
    corrects: Entry | None = None
    replaces: Entry | None = None
    reason: str = ""
    settles: tuple[Owed, ...] = ()
    leaf: Leaf | None = None
    exits: tuple[str, ...] = ()
    driver: str = ""
    left: Left | None = None
    pay_id: str = ""
    began_ms: int | None = None
    slip: Brought | None = None
    asked: set[str] = field(default_factory=set)
    ticket: Ticket | None = None
    presented: Tender | None = None
    group: "tuple[Work, ...]" = ()
    account: str = ""
    recorded: tuple[Recorded, ...] = ()

    @property
    def number(self) -> str:
        """Its bill's number, empty before that is opened."""
        return (self.opened.number or "") if self.opened is not None else ""


@dataclass(frozen=True, slots=True)
class Spare:
    """What is left of a code that paid more than its bill, for the next one."""

    reference: str
    amount_minor: int


class Window:
    """What stands between the clerk and the driver right now; only `opened` bills outlive a restart."""

    def __init__(self, desk: Desk):
        self.desk = desk
        self.spare: Spare | None = None
        self.last: Recorded | None = None
        self.before_last: tuple[Recorded, ...] = ()
        self.slips: dict[str, Brought] = {}
        self.work = self.fresh()
        self._priced: tuple[Bill, Schedule, int | None, Freed, Priced] | None = None

    def fresh(self) -> Work:
        """An empty bill for today at this park."""
        return Work(Bill(self.desk.park.code, self.desk.today()), pay_id=self.desk.new_id())

    def priced(self) -> Priced:
        """The price of the bill in work, by what is in force; the last one is remembered."""
        bill, schedule, rate_e4 = self.work.bill, self.desk.schedule(), self.desk.ledger.state.rate_e4
        freed, last = self.freed(), self._priced
        if last is None or last[0] is not bill or last[1] is not schedule or last[2:4] != (rate_e4, freed):
            priced = bills.price(bill, schedule, rate_e4, freed)
            self._priced = last = (bill, schedule, rate_e4, freed, priced)
        return last[4]

    def freed(self) -> Freed:
        """Whom notices let in free on the bill in work: as it was when that was opened, or written by hand.

        What is corrected keeps what it was sold with. What was changed since it was opened is as of now: who
        comes too late for a notice is not put on a bill that was kept from before.
        """
        work, notices = self.work, self.desk.notices.values()
        old = work.corrects or work.replaces
        kept = bills.freed(old.data) if old else {}
        if not notices:
            return kept
        was = old or (None if self.is_changed() else work.opened)
        at = work.leaf.written_at if work.leaf else was.at if was else None
        now = moments.local(self.desk.now_ms() if at is None else moments.from_text(at))
        parks = self.desk.book.parks.product(work.bill.product).parks
        return {**free_entry.freed(notices, parks, work.bill.enter_on, work.bill.days, now), **kept}

    def is_changed(self) -> bool:
        """Whether the bill in work is another than was opened."""
        opened = self.work.opened
        return opened is not None and bills.from_data(opened.data) != self.work.bill

    def remember(self, done: Recorded, before: tuple[Recorded, ...] = ()) -> None:
        """Keep what was recorded last, and `before` it of the other vehicles of its group."""
        self.last, self.before_last = done, before

    def keep_slip(self) -> None:
        """Remember for the bill that is put aside who asks to enter free; a restart forgets it."""
        for work in self.works:
            if work.slip is not None and work.number:
                self.slips[work.number] = work.slip

    def begin(self) -> None:
        """The first touch of a bill, the scan of its slip, or the moment at which it was taken up again."""
        if self.work.began_ms is None:
            self.work.began_ms = self.desk.clock.mono_ms()

    def served_ms(self) -> int | None:
        """Milliseconds since then; None of a correction, and of what stood here for more than a day."""
        work = self.work
        if work.began_ms is None or work.corrects or work.replaces:
            return None
        took_ms = self.desk.clock.mono_ms() - work.began_ms
        return took_ms if 0 <= took_ms <= moments.DAY_MS else None

    def moved_minor(self) -> int:
        """KES that moves over from the receipt being corrected."""
        return int(str(self.work.corrects.data["total_minor"])) if self.work.corrects else 0

    def total_minor(self) -> int:
        """KES owed on the bill and on those of its group, or on the passes that are settled."""
        if self.work.settles:
            return sum(owed.owed_minor for owed in self.work.settles)
        return sum(self.minor_each())

    def minor_each(self) -> tuple[int, ...]:
        """KES owed on each vehicle of the group, in the order of `works`."""
        return tuple(self._minor_of(work) for work in self.works)

    def _minor_of(self, work: Work) -> int:
        with self.serving(work):
            return self.priced().total_minor

    @property
    def works(self) -> tuple[Work, ...]:
        """The vehicles for which one payer pays, the one in work last."""
        return (*self.work.group, self.work)

    @contextmanager
    def serving(self, work: Work) -> Iterator[None]:
        """Let one vehicle of the group be the one in work for a while."""
        whole, self.work = self.work, work
        try:
            yield
        finally:
            self.work = whole

    def ticket_minor(self) -> int:
        """KES of the bill that its ticket covers, by the schedule and rate in force; 0 without one."""
        ticket, total_minor = self.work.ticket, self.total_minor()
        if ticket is None:
            return 0
        if ticket.covers is not None:
            covered = bills.price(ticket.covers, self.desk.schedule(), self.desk.ledger.state.rate_e4)
            return min(covered.total_minor, total_minor)
        if ticket.stated_minor is not None:
            return min(ticket.stated_minor, total_minor)
        vehicle = (line.kes_minor for line in self.priced().lines if line.fee == fees.VEHICLE)
        return total_minor if ticket.has_vehicle else total_minor - sum(vehicle)

    def rest_minor(self) -> int:
        """KES still to pay; below zero what is too much."""
        return sale.rest_minor(self.total_minor(), self.work.tenders, self.moved_minor())

    @property
    def spends_held(self) -> bool:
        """Whether money that is held for a visitor pays here."""
        return any(tender.kind == HELD for tender in self.work.tenders)

    def account(self) -> str | None:
        """The number to pay to: of the group, or of what stands here."""
        return self.work.account or self.number()

    def number(self) -> str | None:
        """The bill's number, once opened, or the first pass's."""
        if self.work.settles:
            return self.work.settles[0].paper.number
        return self.work.number or None

    def check_no_money(self) -> None:
        """MoneyTaken unless nothing is tendered: what was taken must not be lost or pass to another."""
        tenders = [tender for tender in self.work.tenders if tender is not self.work.presented]
        if tenders:
            raise MoneyTaken(amount=money.amount(sum(tender.kes_minor for tender in tenders)))

    def put_aside_unpriced(self) -> None:
        """Leave a bill that the schedule in force cannot price; one that was opened waits."""
        try:
            self.minor_each()
        except Refusal:
            self.work = self.fresh()

    def paybill(self) -> str:
        """The paybill to pay to: the outage's inside one, or for what was issued or written in one."""
        if self.work.settles:
            return self.work.settles[0].paybill
        return self.desk.paybill_inside(self.outage())

    def outage(self) -> Entry | None:
        """The outage inside which it is paid: that in which a leaf was written, else the one that is open."""
        leaf = self.work.leaf
        return self.desk.ledger.by_id(leaf.outage) if leaf and leaf.outage else self.desk.outage()
