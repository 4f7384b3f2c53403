"""The driver's slip: who is in the vehicle, filled in while queueing; unsigned (source: FORMATS.md §9)."""

import re
import unicodedata
from dataclasses import dataclass

from gatepos.domain import labels, scanned
from gatepos.domain.vocabulary import AGES, CATEGORIES, PEOPLE_MAX
from gatepos.errors import Refusal, Said
from gatepos.i18n import N_, Words

VERSION = 1
SLIP_MAX = 200
"""Characters of a slip at most."""
OPERATOR_MAX = 60
EXEMPT = CATEGORIES.index("exempt")
_SHOWN_MAX = 40
_FIELDS = 5
_TEXT = re.compile(r"[A-Z0-9 $%*+\-./:]*")
_SLIP = re.compile(r"GB:([0-9]{1,4}):(.*)", re.DOTALL)
_PARK = re.compile(r"[A-Z0-9]{2,4}")
_PLATE = re.compile(r"[A-Z0-9]{2,10}")
_BAND = re.compile(r"[0-5]")
_GROUP = re.compile(r"([0-9])([0-9])([1-9][0-9]{0,2})")
_UNWRITTEN = re.compile(r"[^A-Z0-9 \-./]+")

Group = tuple[int, int, int]
"""Category, age and count, as in a token (FORMATS.md §4)."""


class SlipTooNew(Refusal):
    """A slip of a form that this program does not know."""

    says = N_("This slip is newer than this till. Ask who is in the vehicle, and update the till.")


class SlipUnread(Refusal):
    """A slip of which nothing can be taken."""

    says = N_("This slip says nothing that can be read. Ask who is in the vehicle.")


class LeftOnSlip(Said):
    """A notice: a part of a slip that nobody can read."""

    says = N_("Not taken from the slip: {part}.")


class NotSoldBySlip(Said):
    """A notice: people of a slip for whom nothing is sold here, or whose price is not certain."""

    says = N_("Not taken from the slip, for it cannot be sold: {people}.")

    def __init__(self, group: Group):
        super().__init__(people="".join(map(str, group)))
        self._group = group

    def said(self, words: Words, /) -> str:
        return words(self.says, people=labels.people([self._group], words))


@dataclass(frozen=True, slots=True)
class Slip:
    """What a slip says; empty texts, band 0 where it says nothing. Nobody has looked at any of it."""

    people: tuple[Group, ...]
    park: str = ""
    plate: str = ""
    band: int = 0
    operator: str = ""


def of_scan(text: str) -> str | None:
    """The slip in what a scanner typed, on whatever keyboard; None where it is something else."""
    readings = (reading.strip().upper() for reading in scanned.readings(text))
    return next((reading for reading in readings if _SLIP.match(reading)), None)


def write(slip: Slip) -> str:
    """The text of a slip; its operator in plain capital letters."""
    people = ".".join(f"{category}{age}{n}" for category, age, n in sorted(slip.people))
    band = slip.band or ""
    return f"GB:{VERSION}:{slip.park}:{slip.plate}:{band}:{people}:{plain(slip.operator)}".rstrip(":")


def read(text: str) -> tuple[Slip, tuple[Said, ...]]:
    """What can be taken of a slip's text, and what is left, each part by name; SlipTooNew, SlipUnread."""
    match = _SLIP.fullmatch(text)
    if match is None:
        raise SlipUnread()
    if int(match[1]) != VERSION:
        raise SlipTooNew()
    if len(text) > SLIP_MAX or _TEXT.fullmatch(text) is None:
        raise SlipUnread()
    fields = match[2].split(":")
    park, plate, band, people, operator = (fields + [""] * _FIELDS)[:_FIELDS]
    unread = fields[_FIELDS:]
    groups = _groups(people, unread)
    if not groups:
        raise SlipUnread()
    slip = Slip(
        groups,
        _fitting(park, _PARK, unread),
        _fitting(plate, _PLATE, unread),
        int(_fitting(band, _BAND, unread) or 0),
        operator.strip(),
    )
    return slip, tuple(LeftOnSlip(part=part[:_SHOWN_MAX]) for part in unread if part)


def plain(operator: str) -> str:
    """An operator's name as a slip can hold it: no accents, no signs but a hyphen, a full stop, a stroke."""
    bare = unicodedata.normalize("NFKD", operator).encode("ascii", "ignore").decode().upper()
    return " ".join(_UNWRITTEN.sub(" ", bare).split())[:OPERATOR_MAX].rstrip()


def _fitting(part: str, form: re.Pattern[str], unread: list[str]) -> str:
    """A field if it has its form; else it is one more that cannot be read."""
    if part and form.fullmatch(part) is None:
        unread.append(part)
        return ""
    return part


def _groups(text: str, unread: list[str]) -> tuple[Group, ...]:
    """The groups that can be read, each kind of people once."""
    found: dict[tuple[int, int], int] = {}
    for part in text.split("."):
        group = _group(part)
        if group is None or group[:2] in found:
            unread.append(part)
        else:
            found[group[:2]] = group[2]
    return tuple((*who, n) for who, n in sorted(found.items()))


def _group(part: str) -> Group | None:
    match = _GROUP.fullmatch(part)
    if match is None:
        return None
    category, age, n = map(int, match.groups())
    is_known = category < len(CATEGORIES) and age < len(AGES) and n <= PEOPLE_MAX
    return (category, age, n) if is_known and _may_be(category, age) else None


def _may_be(category: int, age: int) -> bool:
    """Those who enter free are adults or children (§4)."""
    return category != EXEMPT or AGES[age] != "student"
