"""What a vehicle owes: the people, the vehicle, the extras, and the price of all that in KES."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeVar, cast

from gatepos.domain import fees, labels, money
from gatepos.domain.fees import Fee, Per, Schedule, Status
from gatepos.domain.free_entry import Freed
from gatepos.domain.vocabulary import (
    AGES,
    CATEGORIES,
    DAYS_MAX,
    EA_CITIZEN,
    GROUNDS,
    KENYAN,
    LINES_MAX,
    NOT_VISITORS,
    NOTICE,
    PEOPLE_MAX,
)
from gatepos.errors import Refusal
from gatepos.i18n import N_

FeeKey = fees.FeeKey
_K = TypeVar("_K")
CREW, UNDER_6 = "tra_crew", "under_6"
CREW_ASKED_OVER = 2
CONFIRMED = "fee_confirmed"
"""The evidence of a line whose price two persons of the park confirmed: a student's letter is in its age."""
EVIDENCE = {
    "under_6": "age_stated",
    "kenyan_70": "national_id",
    "disability": "ncpwd_card",
    "tra_crew": "tra_badge",
}
"""The evidence noted for each ground unless the clerk names another."""


class NothingInBill(Refusal):
    """A bill without a line."""

    says = N_("Nothing to sell yet: tap who is in the vehicle.")


class TooMany(Refusal):
    """A count outside what an entry can hold."""

    says = N_("{n} is more than one line can hold ({most}). Use two bills.")


class NegativeCount(Refusal):
    """A count below zero."""

    says = N_("A count cannot be below zero.")


class TooManyLines(Refusal):
    """More lines than an entry can hold."""

    says = N_("A bill holds {most} lines. Use two bills.")


class TooManyDays(Refusal):
    """Days or nights outside their limits."""

    says = N_("Days are 1 to {most}, nights 0 to {most}.")


class NightsNotSet(Refusal):
    """A fee a night, and no nights."""

    says = N_("Camping is charged a night: set Nights.")


class NoRate(Refusal):
    """A fee in USD and no rate to count it."""

    says = N_("No USD rate is set: a supervisor sets the published rate in Set-up.")


class BillTooLarge(Refusal):
    """A total beyond what an amount can hold."""

    says = N_("This bill is too large for one receipt. Use two bills.")


class UnknownGround(Refusal):
    """A ground for free entry that the law does not name."""

    says = N_("There is no free entry for {ground}.")


class UnknownEvidence(Refusal):
    """Something shown for a ground that is not listed."""

    says = N_("What was shown is one of {known}.")


@dataclass(frozen=True, slots=True)
class Bill:
    """What the clerk has tapped so far."""

    product: str
    enter_on: date
    counts: Mapping[FeeKey, int] = field(default_factory=dict)
    free: Mapping[str, int] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    band: int = 0
    plate: str = ""
    operator: str | None = None
    institution: str | None = None
    days: int = 1
    nights: int = 0

    def after(self) -> "Bill":
        """The bill of the next vehicle of the same payer: for the same stay, of the same operator."""
        return Bill(
            self.product, self.enter_on, operator=self.operator, days=self.days, nights=self.nights
        )  # fmt: skip

    def counted(self, key: FeeKey, n: int) -> "Bill":
        """The bill with exactly `n` of a fee."""
        return replace(self, counts=_with(self.counts, key, n))

    def freed(self, ground: str, n: int) -> "Bill":
        """The bill with exactly `n` people free on a ground, or in it as no visitors."""
        if ground not in (*GROUNDS, *NOT_VISITORS):
            raise UnknownGround(ground=ground[:20])
        return replace(self, free=_with(self.free, ground, n))

    def shown(self, ground: str, evidence: str) -> "Bill":
        """The bill with what was shown for a ground, when it is not the usual paper."""
        if ground not in GROUNDS:
            raise UnknownGround(ground=ground[:20])
        if evidence not in labels.EVIDENCE:
            raise UnknownEvidence(known=", ".join(labels.EVIDENCE))
        return replace(self, evidence={**self.evidence, ground: evidence})

    def staying(self, days: int, nights: int) -> "Bill":
        """The bill for so many days and nights."""
        if not (1 <= days <= DAYS_MAX and 0 <= nights <= DAYS_MAX):
            raise TooManyDays(most=DAYS_MAX)
        return replace(self, days=days, nights=nights)

    @property
    def last_day(self) -> date:
        """The last of its days."""
        return last_day(self.enter_on, self.days, self.nights)

    @property
    def crew(self) -> int:
        """Drivers and guides who enter free."""
        return self.free.get(CREW, 0)

    @property
    def free_visitors(self) -> int:
        """People who enter free on a ground and are not crew."""
        return sum(self.free.get(ground, 0) for ground in GROUNDS) - self.crew

    @property
    def not_visitors(self) -> int:
        """People who go in and are no visitors."""
        return sum(self.free.get(ground, 0) for ground in NOT_VISITORS)

    @property
    def is_apart(self) -> bool:
        """Whether nobody in the vehicle is a visitor: it owes nothing itself then."""
        return self.not_visitors > 0 and not (self.counts or self.free_visitors or self.crew)

    @property
    def paying(self) -> int:
        """People who pay an entry fee."""
        return sum(n for (fee, _, _), n in self.counts.items() if fee in fees.ENTRY)

    @property
    def is_on_foot(self) -> bool:
        """Whether they come without a vehicle."""
        return not (self.band or self.plate)

    @property
    def is_school(self) -> bool:
        """Whether somebody enters at a school's price."""
        return any(fee == fees.SCHOOL_ENTRY for fee, _, _ in self.counts)

    def is_unusual(self) -> bool:
        """Whether so many enter free that the clerk is asked once."""
        free = self.free_visitors + self.crew
        return self.crew > CREW_ASKED_OVER or (free > 0 and 2 * free >= free + self.paying)


@dataclass(frozen=True, slots=True)
class Line:
    """One priced line, exactly as an entry holds it (kinds.LINE)."""

    fee: str
    category: str
    age: str
    count: int
    times: int
    currency: str
    unit_minor: int
    amount_minor: int
    kes_minor: int
    ground: str | None = None
    evidence: str | None = None
    notice: str | None = None
    foregone_minor: int | None = None

    def as_data(self) -> dict[str, object]:
        """The line as an entry holds it."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Priced:
    """The price of a bill: all owed in KES."""

    lines: tuple[Line, ...]
    usd_minor: int
    rate_e4: int | None
    total_minor: int

    @property
    def kes_part_minor(self) -> int:
        """What is gazetted in KES."""
        return sum(line.amount_minor for line in self.lines if line.currency == money.KES)


def price(bill: Bill, schedule: Schedule, rate_e4: int | None, freed: Freed | None = None) -> Priced:
    """The lines of a bill and its total, by the schedule and the rate (KES per USD × 10,000) in force.

    Days that notices let in free are not charged: who is let in free for the whole stay has a line of
    nothing. USD lines share ⌊Σ USD × rate⌋ whole shillings by largest remainder, so that nobody pays a
    shilling more than gazetted. Refusals: PriceNotSet, NoSuchFee, NoRate, TooManyLines, BillTooLarge.
    """
    lines = [*_charged(bill, schedule, rate_e4, freed or {}), *_free(bill)]
    if len(lines) > LINES_MAX:
        raise TooManyLines(most=LINES_MAX)
    usd = [line for line in lines if line.currency == money.USD]
    usd_minor = sum(line.amount_minor for line in usd)
    if usd and rate_e4 is None:
        raise NoRate()
    usd_kes_minor = money.kes_of_usd(usd_minor, rate_e4 or 0)
    shares = iter(money.split(usd_kes_minor, [line.amount_minor for line in usd]))
    lines = [replace(line, kes_minor=next(shares)) if line.currency == money.USD else line for line in lines]
    total_minor = sum(line.kes_minor for line in lines)
    if max(total_minor, usd_minor) > money.AMOUNT_MAX:
        raise BillTooLarge()
    return Priced(tuple(lines), usd_minor, rate_e4 if usd else None, total_minor)


def people(lines: tuple[Line, ...]) -> tuple[tuple[int, int, int], ...]:
    """Everybody in the vehicle as [category, age, count] codes in ascending order (FORMATS.md §4)."""
    found: dict[tuple[int, int], int] = {}
    for line in lines:
        if line.fee in (*fees.ENTRY, fees.NOT_VISITOR):
            age = AGES.index(line.age) if line.age in AGES else 0
            code = (CATEGORIES.index(line.category), age)
            found[code] = found.get(code, 0) + line.count
    return tuple((category, age, n) for (category, age), n in sorted(found.items()))


def lines(data: Mapping[str, object]) -> list[Line]:
    """The priced lines that an entry's data holds."""
    return [Line(**line) for line in cast("list[dict[str, object]]", data["lines"])]  # type: ignore[arg-type]


def from_data(data: Mapping[str, object]) -> Bill:
    """The bill that an entry's data describes, so that it can be resumed or corrected."""
    lines = cast("list[dict[str, object]]", data["lines"])
    counts: dict[FeeKey, int] = {}
    free: dict[str, int] = {}
    evidence: dict[str, str] = {}
    for line in lines:
        count = cast(int, line["count"])
        ground = cast("str | None", line["ground"])
        if ground not in (None, NOTICE):
            free[ground] = count
            if line["evidence"] != EVIDENCE.get(ground):
                evidence[ground] = cast(str, line["evidence"])
        elif line["fee"] != fees.VEHICLE:
            counts[_key(line)] = count
    return Bill(
        product=cast(str, data["product"]),
        enter_on=date.fromisoformat(cast(str, data["enter_on"])),
        counts=counts,
        free=free,
        evidence=evidence,
        band=cast(int, data["band"]),
        plate=cast(str, data["plate"]),
        operator=cast("str | None", data["operator"]),
        institution=cast("str | None", data["institution"]),
        days=cast(int, data["days"]),
        nights=cast(int, data["nights"]),
    )


def freed(data: Mapping[str, object]) -> Freed:
    """Whom notices let in free on what an entry's data holds."""
    return {
        _who(line): (cast(str, line["notice"]), cast(int, data["days"]) - _charged_days(line))
        for line in cast("list[dict[str, object]]", data["lines"])
        if line.get("notice")
    }


def _who(line: Mapping[str, object]) -> str:
    return fees.VEHICLE if line["fee"] == fees.VEHICLE else _key(line)[1]


def _charged_days(line: Mapping[str, object]) -> int:
    return 0 if line["ground"] == NOTICE else cast(int, line["times"])


def _key(line: Mapping[str, object]) -> FeeKey:
    """What was counted: whose identity card let them in free are Kenyans."""
    is_kenyan = bool(line.get("notice")) and line["evidence"] == _KENYAN_EVIDENCE
    category = KENYAN if is_kenyan else cast(str, line["category"])
    return cast(str, line["fee"]), category, cast(str, line["age"])


_KENYAN_EVIDENCE = "national_id"


def _charged(bill: Bill, schedule: Schedule, rate_e4: int | None, freed: Freed) -> list[Line]:
    wanted = [
        (schedule.sellable(bill.product, fees.priced_as(key)), key[1], n)
        for key, n in _counts(bill, freed).items()
    ]
    order = list(schedule.fees[bill.product])
    wanted.sort(key=lambda one: order.index(one[0].key))
    if bill.band and not bill.is_apart:
        wanted.append((schedule.sellable(bill.product, fees.vehicle_key(bill.band)), fees.VEHICLE, 1))
    return [
        _noticed(fee, who, n, bill, rate_e4, *freed[who])
        if who in freed and fee.fee in (fees.PARK_ENTRY, fees.VEHICLE)
        else _line(fee, n, bill)
        for fee, who, n in wanted
    ]


def _counts(bill: Bill, freed: Freed) -> dict[FeeKey, int]:
    """What is counted, Kenyans apart only where a notice lets in free them and no other East Africans."""
    is_apart = KENYAN in freed and EA_CITIZEN not in freed
    found: dict[FeeKey, int] = {}
    for key, n in bill.counts.items():
        key = key if is_apart else fees.priced_as(key)
        found[key] = found.get(key, 0) + n
    return found


def _line(fee: Fee, count: int, bill: Bill) -> Line:
    times = _times(fee.per, bill)
    unit = cast(int, fee.amount_minor)
    amount = unit * count * times
    kes = amount if fee.currency == money.KES else 0
    evidence = CONFIRMED if fee.status == Status.CONFIRMED else _letter(fee)
    return Line(
        fee.fee, fee.category, fee.age, count, times, fee.currency, unit, amount, kes, evidence=evidence
    )


def _letter(fee: Fee) -> str | None:
    return "letter_seen" if fee.age == "student" else None


def _noticed(fee: Fee, who: str, count: int, bill: Bill, rate_e4: int | None, notice: str, days: int) -> Line:
    """A line of whom a notice lets in free for so many days: nothing, or the days that it does not cover."""
    days = min(days, bill.days)
    gone = cast(int, fee.amount_minor) * count * days
    foregone_minor = gone if fee.currency == money.KES else money.kes_of_usd(gone, rate_e4 or 0)
    evidence = _KENYAN_EVIDENCE if who == KENYAN else None
    if days < bill.days:
        rest = _line(fee, count, replace(bill, days=bill.days - days))
        return replace(rest, notice=notice, foregone_minor=foregone_minor, evidence=evidence or rest.evidence)
    return Line(
        fee.fee, fee.category, fee.age, count, days, money.KES, 0, 0, 0,
        NOTICE, evidence or _letter(fee), notice, foregone_minor,
    )  # fmt: skip


def last_day(first: date, days: int, nights: int) -> date:
    """The last day of a stay: nights end on the day after the last of them."""
    return first + timedelta(days=max(days, nights + 1) - 1)


def _times(per: Per, bill: Bill) -> int:
    if per in (Per.ACCESS, Per.DAY):
        return bill.days
    if per != Per.NIGHT:
        return 1
    if not bill.nights:
        raise NightsNotSet()
    return bill.nights


def _free(bill: Bill) -> list[Line]:
    found = []
    for ground in GROUNDS:
        count = bill.free.get(ground, 0)
        if count:
            age = age_of(ground)
            shown = bill.evidence.get(ground, EVIDENCE[ground])
            found.append(Line(fees.PARK_ENTRY, "exempt", age, count, 1, money.KES, 0, 0, 0, ground, shown))
    for ground in NOT_VISITORS:
        count = bill.free.get(ground, 0)
        if count:
            found.append(Line(fees.NOT_VISITOR, "exempt", "adult", count, 1, money.KES, 0, 0, 0, ground))
    return found


def age_of(ground: str) -> str:
    """Whether children or adults enter free on a ground."""
    return "child" if ground == UNDER_6 else "adult"


def _with(counts: Mapping[_K, int], key: _K, n: int) -> dict[_K, int]:
    if n < 0:
        raise NegativeCount()
    if n > PEOPLE_MAX:
        raise TooMany(n=n, most=PEOPLE_MAX)
    changed = {**counts, key: n}
    if not n:
        del changed[key]
    return changed
