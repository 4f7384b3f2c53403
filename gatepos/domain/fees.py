"""Fee schedules: what the gazette says, row by row, and which rows may be sold.

A schedule is two files: a TOML header (id, title, legal reference, from when, for which parks) and a CSV of
rows. Product `ALL` holds the rows that apply everywhere. No price is ever computed from another.
"""

import csv
import io
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from gatepos import resources
from gatepos.domain import moments, money, shapes
from gatepos.domain.canonical import FORBIDDEN
from gatepos.domain.vocabulary import AGES, CATEGORIES, EA_CITIZEN, KENYAN
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_, Words

FeeKey = tuple[str, str, str]
"""Fee id, category, age (for a vehicle its band)."""

PARK_ENTRY, SCHOOL_ENTRY, VEHICLE = "park_entry", "park_entry_school", "vehicle"
ENTRY = (PARK_ENTRY, SCHOOL_ENTRY)
NOT_VISITOR = "not_visitor"
"""The fee, of nothing, of who goes in and is no visitor: nothing that counts visitors counts it."""
EVERYWHERE = "ALL"
GRID = ("non_resident", "african_citizen", "kenya_resident", "ea_citizen")
BANDS = (1, 2, 3, 4, 5)

_COLUMNS = ["product", "fee", "category", "age", "currency", "amount", "per", "status", "note"]
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_CODE = re.compile(r"[A-Z0-9]{2,4}")
_FEE = re.compile(r"[a-z0-9_]{1,40}")
CATEGORIES_PRICED = (*CATEGORIES, "any", VEHICLE)
_BANDS = tuple(map(str, BANDS))
AGES_PRICED = (*AGES, "any", *_BANDS)
_FIRST_MS, _LAST_MS = moments.at_local(date(2000, 1, 1), 0), moments.at_local(date(2100, 1, 1), 0)


class Per(StrEnum):
    """What a fee is charged by: access and day follow Days, night follows Nights, each nothing."""

    ACCESS = "access"
    DAY = "day"
    NIGHT = "night"
    EACH = "each"


class Status(StrEnum):
    """How sure the row is; the first two may be sold, and what two persons of a park confirmed."""

    VERIFIED = "verified"
    INFERRED = "unit inferred"
    UNVERIFIED = N_("unverified")
    CONFLICT = N_("conflict")
    NOT_SET = N_("not set")
    CONFIRMED = N_("confirmed here")

    def said(self, words: Words, /) -> str:
        """The status in the reader's language."""
        return words(self.value)


GAZETTED = tuple(one for one in Status if one is not Status.CONFIRMED)
"""What a schedule itself may say of its rows."""
_PERS, _STATUSES = set(Per), set(GAZETTED)


class BadSchedule(Trouble):
    """A schedule's files cannot be read."""

    says = N_("The fee schedule {name} is damaged, line {line}: {why}.")


class NoSuchFee(Refusal):
    """A fee that the schedule in force does not have."""

    says = N_("Schedule {schedule} has no price for this. It cannot be sold; call the supervisor.")


class PriceNotSet(Refusal):
    """A fee whose price is not certain enough to charge."""

    says = N_("The price of this is {status} in schedule {schedule}. It cannot be sold; call the supervisor.")


@dataclass(frozen=True, slots=True)
class Fee:
    """One row of a schedule; `amount_minor` is None when the price is not set."""

    product: str
    fee: str
    category: str
    age: str
    currency: str
    amount_minor: int | None
    per: Per
    status: Status
    note: str

    @property
    def key(self) -> FeeKey:
        """The row's key within its product."""
        return self.fee, self.category, self.age

    @property
    def is_sellable(self) -> bool:
        """Whether a clerk may charge it."""
        return self.status in (Status.VERIFIED, Status.INFERRED, Status.CONFIRMED)


@dataclass(frozen=True, slots=True)
class FeeTitle:
    """What a fee is called, and the group it is listed under."""

    fee: str
    en: str
    sw: str
    group: str

    def in_language(self, language: str) -> str:
        """The title in Swahili or English."""
        return self.sw if language == "sw" else self.en


@dataclass(frozen=True, slots=True)
class Schedule:
    """A gazetted schedule; each product's fees in the order of its file, then those sold everywhere.

    It may be put in force from `begins_ms` on, at `parks` or, where that is empty, at all.
    """

    id: str
    title: str
    legal: str
    begins_ms: int
    effective_to: date | None
    fees: Mapping[str, Mapping[FeeKey, Fee]]
    parks: tuple[str, ...] = ()

    @property
    def effective_from(self) -> date:
        """The day on which it begins."""
        return moments.local_day(self.begins_ms)

    def is_for(self, park: str) -> bool:
        """Whether it is meant for a park."""
        return not self.parks or park in self.parks

    def fee(self, product: str, key: FeeKey) -> Fee:
        """The row of a product; NoSuchFee."""
        found = self.fees.get(product, {}).get(key)
        if found is None:
            raise NoSuchFee(schedule=self.id)
        return found

    def sellable(self, product: str, key: FeeKey) -> Fee:
        """The row of a product if it may be charged; NoSuchFee, PriceNotSet."""
        found = self.fee(product, key)
        if not found.is_sellable:
            raise PriceNotSet(status=found.status, schedule=self.id)
        return found

    def categories(self, product: str) -> tuple[str, ...]:
        """The rows of the sell grid: categories with a price in this schedule."""
        have = {key[1] for key in self.fees.get(product, {}) if key[0] == PARK_ENTRY}
        return tuple(category for category in GRID if category in have)

    def ages(self, product: str) -> tuple[str, ...]:
        """The columns of the sell grid."""
        have = {key[2] for key in self.fees.get(product, {}) if key[0] == PARK_ENTRY}
        return tuple(age for age in AGES if age in have)

    def vehicles(self, product: str) -> tuple[Fee, ...]:
        """The vehicle bands that have a row."""
        rows = self.fees.get(product, {})
        return tuple(rows[vehicle_key(band)] for band in BANDS if vehicle_key(band) in rows)

    def others(self, product: str) -> tuple[Fee, ...]:
        """Everything that is neither in the grid nor a vehicle: school, camping, activities …"""
        return tuple(
            fee for fee in self.fees.get(product, {}).values() if fee.fee not in (PARK_ENTRY, VEHICLE)
        )


def vehicle_key(band: int) -> FeeKey:
    """The key of a vehicle band, 1 to 5."""
    return VEHICLE, VEHICLE, str(band)


def priced_as(key: FeeKey) -> FeeKey:
    """The row that prices a key: Kenyan citizens, told apart on a free day, are of the East Africans'."""
    fee, category, age = key
    return (fee, EA_CITIZEN, age) if category == KENYAN else key


def search(keys: Iterable[FeeKey], typed: str, titles: Mapping[str, FeeTitle]) -> tuple[FeeKey, ...]:
    """The fees whose title in either language, group or category holds every word typed."""
    words = typed.lower().split()

    def text(key: FeeKey) -> str:
        fee, category, age = key
        title = titles[fee]
        return f"{title.en} {title.sw} {title.group} {category} {age}".lower()

    return tuple(key for key in keys if all(word in text(key) for word in words))


def proposed(schedules: Mapping[str, Schedule], in_force: str | None, now_ms: int) -> Schedule | None:
    """A later schedule whose moment has come; a date only proposes, people decide."""
    now = schedules.get(in_force or "")
    later = [
        schedule
        for schedule in schedules.values()
        if schedule.begins_ms <= now_ms and (now is None or schedule.begins_ms > now.begins_ms)
    ]
    return max(later, key=lambda schedule: schedule.begins_ms, default=None)


def unknown(schedule: Schedule, products: Iterable[str], titles: Collection[str]) -> list[str]:
    """The fees of some products that have no title here: nobody could read what they are."""
    found = (fee for product in products for fee, _, _ in schedule.fees.get(product, {}))
    return [fee for fee in dict.fromkeys(found) if fee not in titles]


def rows(schedule: Schedule) -> list[Fee]:
    """A schedule's rows as its file has them, those for everywhere last."""
    every = [fee for found in schedule.fees.values() for fee in found.values()]
    own = [fee for fee in every if fee.product != EVERYWHERE]
    return [*own, *dict.fromkeys(fee for fee in every if fee.product == EVERYWHERE)]


def shipped() -> dict[str, Schedule]:
    """The schedules that come with the program, by id; BadSchedule."""
    names = sorted(path.stem for path in (resources.folder() / "fees").glob("*.toml"))
    loaded = (
        parse(name, resources.text(f"fees/{name}.toml"), resources.text(f"fees/{name}.csv")) for name in names
    )
    return {schedule.id: schedule for schedule in loaded}


def titles() -> dict[str, FeeTitle]:
    """What the fees of the shipped schedules are called."""
    rows = csv.DictReader(io.StringIO(resources.text("fees/titles.csv")))
    return {row["fee"]: FeeTitle(row["fee"], row["en"], row["sw"], row["group"]) for row in rows}


def parse(name: str, header: str, rows: str) -> Schedule:
    """A schedule from its two files; BadSchedule names the line."""
    try:
        head = tomllib.loads(header)
        begins_ms = _begins_ms(head["effective_from"])
        made = Schedule(
            head["id"], head["title"], head["legal"], begins_ms, head.get("effective_to"), {},
            tuple(head.get("parks", ())),
        )  # fmt: skip
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise BadSchedule(name=f"{name}.toml", line=1, why=str(error)) from error
    return filled(made, read(f"{name}.csv", rows), f"{name}.csv")


def read(name: str, rows: str) -> list[Fee]:
    """The rows of a CSV file; BadSchedule names the line."""
    try:
        first, *others = csv.reader(io.StringIO(rows.removeprefix("\ufeff")))
    except (csv.Error, ValueError) as error:
        raise BadSchedule(name=name, line=1, why=str(error)) from error
    if first != _COLUMNS:
        raise BadSchedule(name=name, line=1, why="the columns are others")
    return [_fee(row, name, line) for line, row in enumerate(others, start=2)]


def filled(head: Schedule, rows: Iterable[Fee], name: str) -> Schedule:
    """A schedule with its rows, the first of which stands on line 2; BadSchedule names the line."""
    why = _why_not_head(head)
    if why is not None:
        raise BadSchedule(name=name, line=1, why=why)
    found: dict[str, dict[FeeKey, Fee]] = {}
    for line, fee in enumerate(rows, start=2):
        why = _why_not(fee) or ("the row stands twice" if fee.key in found.get(fee.product, {}) else None)
        if why is not None:
            raise BadSchedule(name=name, line=line, why=why)
        found.setdefault(fee.product, {})[fee.key] = fee
    everywhere = found.pop(EVERYWHERE, {})
    whole = {product: {**own, **everywhere} for product, own in found.items()}
    if not whole:
        raise BadSchedule(name=name, line=1, why="it has no rows")
    return replace(head, fees=whole)


def _begins_ms(start: object) -> int:
    """From the first moment of a day, or from a time on it, in Kenya where it names no other place."""
    if isinstance(start, datetime):
        return moments.of_local(start)
    if isinstance(start, date):
        return moments.at_local(start, 0)
    raise TypeError("effective_from is no date")


def _why_not_head(head: Schedule) -> str | None:
    """Why nobody can name, read or date a schedule."""
    if not shapes.SCHEDULE.holds(head.id):
        return "the id is no schedule id"
    if not all(_is_text(said) and said for said in (head.title, head.legal)):
        return "title or legal reference is missing, too long, or has characters that cannot be seen"
    if not all(map(shapes.CODE.holds, head.parks)):
        return "parks are no codes"
    if not _FIRST_MS <= head.begins_ms <= _LAST_MS:
        return "effective_from is no day of this century"
    if head.effective_to is not None and type(head.effective_to) is not date:
        return "effective_to is no date"
    return None


def _why_not(fee: Fee) -> str | None:
    """Why nobody can charge by a row."""
    if not (fee.fee == VEHICLE) == (fee.category == VEHICLE) == (fee.age in _BANDS):
        return "a vehicle without its band, or a band without its vehicle"
    if fee.amount_minor is None and fee.status != Status.NOT_SET:
        return "the amount is blank and not said to be so"
    if fee.amount_minor == 0:
        return "a price of zero: exempt people are grounds, not prices"
    if not _is_text(fee.note):
        return "the note is too long, or has characters that cannot be seen"
    return None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and shapes.TEXT.holds(value) and FORBIDDEN.search(value) is None


def _fee(row: list[str], name: str, line: int) -> Fee:
    def bad(why: str) -> BadSchedule:
        return BadSchedule(name=name, line=line, why=why)

    if len(row) != len(_COLUMNS):
        raise bad("a column is missing or too many")
    product, fee, category, age, currency, amount, per, status, note = row
    if not (_CODE.fullmatch(product) and _FEE.fullmatch(fee)):
        raise bad("product or fee is no code")
    if category not in CATEGORIES_PRICED or age not in AGES_PRICED:
        raise bad("unknown category or age")
    if currency not in (money.KES, money.USD) or per not in _PERS or status not in _STATUSES:
        raise bad("unknown currency, unit or status")
    if amount and not _AMOUNT.fullmatch(amount):
        raise bad("the amount is not decimal")
    minor = money.parse(amount) if amount else None
    return Fee(product, fee, category, age, currency, minor, Per(per), Status(status), note)
