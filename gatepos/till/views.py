"""What screens show: plain values without Qt."""

from dataclasses import dataclass
from datetime import date, time

from gatepos.domain.bill import FeeKey, Line
from gatepos.domain.free_entry import Notice
from gatepos.domain.payment import Tender
from gatepos.domain.prompts import Barred, Prompt
from gatepos.domain.tickets import Group
from gatepos.errors import Said


@dataclass(frozen=True, slots=True)
class Cell:
    """A price that can be tapped; blocked when it may not be sold, free when a notice says so."""

    key: FeeKey
    count: int
    currency: str
    amount_minor: int | None
    blocked: bool
    is_free: bool = False


@dataclass(frozen=True, slots=True)
class GridRow:
    """One category's cells, by age."""

    category: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing known of a paper beside what it says: a key of `labels.STORY`, when, where, its values.

    `tenders` are the ways in which a receipt was paid.
    """

    what: str
    at_ms: int
    place: str
    people: int
    minor: int
    number: str
    tenders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settles:
    """A pass that is to be settled: its fees, and what its overstay costs, KES minor units."""

    number: str
    plate: str
    fees_minor: int
    overstay_minor: int


@dataclass(frozen=True, slots=True)
class Aside:
    """A pass that was pulled aside."""

    number: str
    plate: str
    owed_minor: int
    since_ms: int


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket paid elsewhere that stands at the lane, with the bill that it opened; KES minor units.

    `listed_ms` is of the list that has it and `day` its day there, 0 and None where none has; `known_ms` of
    the last list that was heard. `used_ms` and `used_at` are its use before. `covered_minor` is what it pays,
    `rest_minor` the top-up. `is_open` until its bill is recorded, where it opened one. `lane` is where they
    go on to, 0 for nowhere, by `rule`, a choice of policy. `receipt` is what it became, empty until then.
    """

    reference: str
    is_typed: bool
    listed_ms: int
    known_ms: int
    day: date | None
    people: tuple[Group, ...]
    used_ms: int
    used_at: Said | None
    has_vehicle: bool
    lines: tuple[Line, ...]
    total_minor: int
    covered_minor: int
    rest_minor: int
    tenders: "tuple[TenderChoice, ...]"
    is_open: bool
    lane: int
    rule: str
    receipt: str


@dataclass(frozen=True, slots=True)
class ScanView:
    """What the gate says of a paper, and only what the paper itself says, with the story heard of it.

    `word` is a key of `verdicts.LOOKS`, `tone` its colour here: what was typed is never green. Amounts are
    KES minor units. `asks_plate` wants the last three of the plate; `may_accept` is a sticker that was seen.
    `settles` are the passes to be paid now, this one and those of the same payer, and `pay` is how; `exits`
    are the gates that it may leave by, where not by all. `may_leave` says that somebody can still be let out
    on it; `may_see` is a paper that nobody can read here, and whose pass is paid from sight. `verified_ms` is
    of a prepaid paper the list that has its ticket, 0 where none has; `ticket` is a ticket that was shown.
    `may_follow` is one whose price changed since, and whose newer paper nobody has. On
    `back_grounds` whoever just went out may come back, `back` is what was said, `back_until_ms` its end.
    `is_late` says that the gates had closed on its last day when it was made. `keys_ms` is how new the keys
    here are where none of them signed it, else 0.
    """

    word: str
    tone: str
    direction: str
    how: str
    what: str
    number: str
    plate: str
    band: int
    people: tuple[tuple[int, int, int], ...]
    issuer: str
    issuer_gate: str
    is_own: bool
    exits: tuple[str, ...]
    issued_ms: int
    valid_from_ms: int
    valid_until_ms: int
    now_ms: int
    leave_by: time
    is_late: bool
    story: tuple[Told, ...]
    heard_ms: int
    keys_ms: int
    is_old: bool
    owed_minor: int
    overstay_minor: int
    passing: int
    paybill: str
    settles: tuple[Settles, ...]
    pay: "PayView | None"
    asks_plate: bool
    may_accept: bool
    may_readmit: bool
    may_leave: bool
    may_see: bool
    is_recorded: bool
    verified_ms: int | None = None
    ticket: TicketView | None = None
    may_follow: bool = False
    back: str = ""
    back_grounds: tuple[str, ...] = ()
    back_until_ms: int = 0


@dataclass(frozen=True, slots=True)
class PassRow:
    """A pass in a list; `state` is open, paid, reissued, revoked, or unheard where only its number is known.

    Of who left on a story without one the state is story, and the number that of the entry, as `XNE1.214`.

    `inside` are the people still in the park, `inside_min` minutes since they went in; `is_gone` says that
    all of them went out.
    """

    number: str
    at_ms: int
    gate: str
    plate: str
    operator: str
    people: int
    inside: int
    inside_min: int
    total_minor: int
    owed_minor: int
    state: str
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Affected:
    """A pass, or a bill that waits, priced after an order and before it was entered.

    `after_minor` is what the schedule in force charges, None where it keeps its price and `why` says why.
    """

    number: str
    plate: str
    people: int
    at_ms: int
    before_minor: int
    after_minor: int | None
    why: Said | None = None
    is_bill: bool = False


@dataclass(frozen=True, slots=True)
class SinceOrder:
    """What the order of `since_ms` (0: none) touches under `schedule`; `unpaid` is what policy said of it."""

    since_ms: int
    schedule: str
    unpaid: str
    rows: tuple[Affected, ...]

    @property
    def priced_anew(self) -> tuple[str, ...]:
        """The passes that can be priced anew."""
        return tuple(row.number for row in self.rows if row.after_minor is not None and not row.is_bill)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A bill put aside."""

    number: str
    plate: str
    total_minor: int
    since_ms: int


@dataclass(frozen=True, slots=True)
class TenderChoice:
    """A way of paying, and whether policy allows it here."""

    kind: str
    allowed: bool


@dataclass(frozen=True, slots=True)
class VehicleView:
    """A vehicle for which the same payer pays: its bill's number, its plate, KES minor units."""

    number: str
    plate: str
    minor: int


@dataclass(frozen=True, slots=True)
class SellView:
    """The Sell screen; `moved_minor` is what was paid on the receipt that is corrected, KES minor units.

    `gates` are codes and names, of which a pass leaves by `exits`, none for any; on foot by this one.
    `asking` are the grounds on which people of a slip may enter free, at whom the clerk still looks.
    `apart` are those who are no visitors, by ground; `owes_nothing` a bill recorded without a payment.
    `group` are the other vehicles for which the same payer pays, `group_minor` KES in all. `is_late` says
    that the gates have closed on its last day.
    """

    schedule: str
    product: str
    products: tuple[str, ...]
    ages: tuple[str, ...]
    rows: tuple[GridRow, ...]
    free: tuple[tuple[str, int], ...]
    vehicles: tuple[Cell, ...]
    others: tuple[Cell, ...]
    band: int
    plate: str
    operator: str | None
    institution: str | None
    days: int
    nights: int
    enter_on: date
    today: date
    visitors: int
    crew: int
    free_count: int
    lines: tuple[Line, ...]
    total_minor: int
    usd_minor: int
    kes_part_minor: int
    rate_e4: int | None
    rate_month: str | None
    rate_is_old: bool
    leave_by: time
    is_late: bool
    warnings: tuple[Said, ...]
    number: str | None
    corrects: str | None
    moved_minor: int
    replaces: str | None
    may_pass: bool
    is_on_foot: bool
    gates: tuple[tuple[str, str], ...]
    exits: tuple[str, ...]
    driver: str
    waiting: tuple[Waiting, ...]
    tenders: tuple[TenderChoice, ...]
    asking: tuple[str, ...] = ()
    apart: tuple[tuple[str, int], ...] = ()
    owes_nothing: bool = False
    group: tuple[VehicleView, ...] = ()
    group_minor: int = 0


@dataclass(frozen=True, slots=True)
class HandedView:
    """A bill that was handed to another till: its number, and the slip that the other scans."""

    number: str
    plate: str
    slip: str
    copies: int


@dataclass(frozen=True, slots=True)
class SeenPaid:
    """A payment that central saw for what stands at the window, and what of it is left for that, KES minor
    units.

    `may_take` says that it can be taken as it is; else somebody looks at the driver's message first.
    """

    code: str
    amount_minor: int
    left_minor: int
    at_ms: int
    is_confirmed: bool
    may_take: bool


@dataclass(frozen=True, slots=True)
class PayView:
    """The pay panel; `spare` is what is left of a code that may be used here, `seen` what central saw."""

    kind: str
    account: str
    paybill: str | None
    parts: tuple[int, ...]
    paid: tuple[Tender, ...]
    rest_minor: int
    change_minor: int
    warnings: tuple[Said, ...]
    spare_minor: int
    spare_reference: str | None
    tenders: tuple[TenderChoice, ...]
    seen: tuple[SeenPaid, ...] = ()


@dataclass(frozen=True, slots=True)
class PromptView:
    """Why no phone can be asked now, what became of the one that was, and what central saw paid."""

    barred: Barred | None
    prompt: Prompt | None
    seen: tuple[SeenPaid, ...]


@dataclass(frozen=True, slots=True)
class RecordedView:
    """What was recorded, in entry `seq`; `qr` fills the screen when there is no paper.

    `is_owed` says that nothing was paid: it is a pass, and `total_minor` is paid on the way out. `due_minor`
    is what stays owed on a pass that was paid in part. `before` are the papers of the other vehicles of a
    group, number and code; `total_minor` is of all.
    """

    seq: int
    number: str
    total_minor: int
    change_minor: int
    due_back_minor: int
    copies: int
    qr: str
    is_owed: bool = False
    due_minor: int = 0
    before: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LeftView:
    """Who was let out without paying, as it was recorded; KES minor units.

    `number` is their pass, empty where they have none; then `gate` is the one by which they say they went in,
    empty where nobody knows. `reason` is theirs. `prints` where the gate has a paper of it, `signs` where the
    driver signs that first.
    """

    number: str
    plate: str
    people: int
    owed_minor: int
    reason: str
    gate: str
    copies: int
    prints: bool
    signs: bool


@dataclass(frozen=True, slots=True)
class SettingView:
    """One policy of the park: its key, its sentence, its form, and its value."""

    key: str
    sentence: str
    form: str
    value: str


@dataclass(frozen=True, slots=True)
class StaffView:
    """A member of staff, and whether they have a PIN of their own yet."""

    number: str
    roles: tuple[str, ...]
    has_pin: bool


@dataclass(frozen=True, slots=True)
class Lists:
    """How many tickets stand on lists for the business day, and the moment of the last list, 0 for none."""

    today: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class SetUpView:
    """All that Set-up shows; `unsold` fees of the schedule in force, `confirmed` here beside it."""

    till: str
    park: str
    gate: str
    gates: tuple[tuple[str, str], ...]
    lane: str
    has_phone: bool
    schedule: str
    schedules: tuple[str, ...]
    proposed: str | None
    notices: tuple[Notice, ...]
    rate_month: str | None
    rate_e4: int | None
    policy: tuple[SettingView, ...]
    staff: tuple[StaffView, ...]
    entries: int
    head: str
    is_checked: bool
    tickets: Lists
    unsold: int = 0
    confirmed: int = 0
