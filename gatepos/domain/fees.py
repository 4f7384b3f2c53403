"""Fee schedules: what the gazette says, row by row, and which rows may be sold.

A schedule is two files: a TOML header (id, title, legal reference, dates) and a CSV of rows. Product `ALL`
holds the rows that apply everywhere. No price is ever computed from another.
"""

import csv
import io
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gatepos import resources
from gatepos.domain import money
from gatepos.domain.kinds import AGES, CATEGORIES
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_, Words

FeeKey = tuple[str, str, str]
"""Fee id, category, age (for a vehicle its band)."""

PARK_ENTRY, SCHOOL_ENTRY, VEHICLE = "park_entry", "park_entry_school", "vehicle"
ENTRY = (PARK_ENTRY, SCHOOL_ENTRY)
EVERYWHERE = "ALL"
GRID = ("non_resident", "african_citizen", "kenya_resident", "ea_citizen")
BANDS = (1, 2, 3, 4, 5)

_COLUMNS = ["product", "fee", "category", "age", "currency", "amount", "per", "status", "note"]
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_CODE = re.compile(r"[A-Z0-9]{2,4}")
_FEE = re.compile(r"[a-z0-9_]{1,40}")
_CATEGORIES = {*CATEGORIES, "any", VEHICLE}
_AGES = {*AGES, "any", *map(str, BANDS)}


class Per(StrEnum):
    """What a fee is charged by: access and day follow Days, night follows Nights, each nothing."""

    ACCESS = "access"
    DAY = "day"
    NIGHT = "night"
    EACH = "each"


class Status(StrEnum):
    """How sure the row is; only the first two may be sold."""

    VERIFIED = "verified"
    INFERRED = "unit inferred"
    UNVERIFIED = N_("unverified")
    CONFLICT = N_("conflict")
    NOT_SET = N_("not set")

    def said(self, words: Words, /) -> str:
        """The status in the reader's language."""
        return words(self.value)


_PERS, _STATUSES = set(Per), set(Status)


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
        return self.status in (Status.VERIFIED, Status.INFERRED)


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
    """A gazetted schedule; each product's fees in the order of its file, then those sold everywhere."""

    id: str
    title: str
    legal: str
    effective_from: date
    effective_to: date | None
    fees: Mapping[str, Mapping[FeeKey, Fee]]

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


def search(keys: Iterable[FeeKey], typed: str, titles: Mapping[str, FeeTitle]) -> tuple[FeeKey, ...]:
    """The fees whose title in either language, group or category holds every word typed."""
    words = typed.lower().split()

    def text(key: FeeKey) -> str:
        fee, category, age = key
        title = titles[fee]
        return f"{title.en} {title.sw} {title.group} {category} {age}".lower()

    return tuple(key for key in keys if all(word in text(key) for word in words))


def proposed(schedules: Mapping[str, Schedule], in_force: str | None, today: date) -> Schedule | None:
    """A later schedule whose day has come; a date only proposes, people decide."""
    now = schedules.get(in_force or "")
    later = [
        schedule
        for schedule in schedules.values()
        if schedule.effective_from <= today and (now is None or schedule.effective_from > now.effective_from)
    ]
    return max(later, key=lambda schedule: schedule.effective_from, default=None)


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
        id_, title, legal, start = head["id"], head["title"], head["legal"], head["effective_from"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise BadSchedule(name=f"{name}.toml", line=1, why=str(error)) from error
    reader = csv.reader(io.StringIO(rows))
    if next(reader, None) != _COLUMNS:
        raise BadSchedule(name=f"{name}.csv", line=1, why="the columns are others")
    fees: dict[str, dict[FeeKey, Fee]] = {}
    for line, row in enumerate(reader, start=2):
        fee = _fee(row, f"{name}.csv", line)
        if fee.key in fees.setdefault(fee.product, {}):
            raise BadSchedule(name=f"{name}.csv", line=line, why="the row stands twice")
        fees[fee.product][fee.key] = fee
    everywhere = fees.pop(EVERYWHERE, {})
    whole = {product: {**own, **everywhere} for product, own in fees.items()}
    return Schedule(id_, title, legal, start, head.get("effective_to"), whole)


def _fee(row: list[str], name: str, line: int) -> Fee:
    def bad(why: str) -> BadSchedule:
        return BadSchedule(name=name, line=line, why=why)

    if len(row) != len(_COLUMNS):
        raise bad("a column is missing or too many")
    product, fee, category, age, currency, amount, per, status, note = row
    if not (_CODE.fullmatch(product) and _FEE.fullmatch(fee)):
        raise bad("product or fee is no code")
    if category not in _CATEGORIES or age not in _AGES:
        raise bad("unknown category or age")
    if currency not in (money.KES, money.USD) or per not in _PERS or status not in _STATUSES:
        raise bad("unknown currency, unit or status")
    if not _AMOUNT.fullmatch(amount) and not (amount == "" and status == Status.NOT_SET):
        raise bad("the amount is not decimal, or blank and not said to be so")
    minor = money.parse(amount) if amount else None
    if minor == 0:
        raise bad("a price of zero: exempt people are grounds, not prices")
    return Fee(product, fee, category, age, currency, minor, Per(per), Status(status), note)
