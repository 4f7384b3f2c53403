"""Lists of tickets paid for before the visit: a CSV file, a ticket a line, read whole or not at all.

The columns are reference, day, park, people, band, plate. `day` is 2026-01-02 or 2.1.2026; `people` is
`2 non_resident adult; 1 non_resident child`; `band` is 1 to 5, or blank on foot; `plate` may be blank.
"""

import csv
import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from gatepos.domain import fees, payment, plates, shapes, text
from gatepos.domain.vocabulary import AGES, CATEGORIES, PEOPLE_MAX
from gatepos.errors import Refusal, Said
from gatepos.i18n import N_

COLUMNS = ["reference", "day", "park", "people", "band", "plate"]
TICKETS_MAX = 20_000
GROUPS_MAX = len(CATEGORIES) * len(AGES)
"""As many groups as there are."""
AHEAD = timedelta(days=400)
WRONG_MAX = 100
"""So many wrong lines are named."""
REFERENCE = shapes.Type("ticket", lambda value: isinstance(value, str) and _is_reference(value))
Group = tuple[str, str, int]
"""Category, age, how many."""


class BadTicketList(Refusal):
    """A list of which nothing is taken; `wrong` says why, line by line."""

    says = N_("Nothing was loaded. Wrong lines: {count}. The first is line {line}: {why}")

    def __init__(self, wrong: "list[Wrong]") -> None:
        super().__init__(count=len(wrong), line=wrong[0].line, why=wrong[0].why)
        self.wrong = wrong


class BadColumns(Refusal):
    """A file that is no list of tickets, or a line that has not its columns."""

    says = N_("The columns are not {columns}.")


class BadPeople(Refusal):
    """Nobody, or people as nobody counts them."""

    says = N_("Write people as “2 non_resident adult; 1 non_resident child”.")


class BadBand(Refusal):
    """A vehicle of no band."""

    says = N_("The band of a vehicle is 1 to 5, or blank on foot.")


class DayOver(Refusal):
    """A visit that is over, or more than a year away."""

    says = N_("The visit on {day} is over, or more than a year away.")


class NotThatPark(Refusal):
    """A park whose tickets these are not."""

    says = N_("Tickets for {park} are not yours to load, or there is no such park.")


class ListedTwice(Refusal):
    """A reference that stands on the list already."""

    says = N_("{reference} stands on line {line} already.")


class TooManyTickets(Refusal):
    """More than anybody reads in a day."""

    says = N_("A list holds {most} tickets at most.")


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may come on a day, and has paid; `band` is 0 and `plate` empty where the list names none."""

    reference: str
    day: date
    park: str
    people: tuple[Group, ...]
    band: int
    plate: str

    @property
    def folded(self) -> str:
        """The key under which references are compared."""
        return payment.folded(self.reference)

    def as_row(self) -> dict[str, object]:
        """As the feed `prepaid` tells it, but for its list and how it stands there."""
        people = [{"category": category, "age": age, "count": count} for category, age, count in self.people]
        return {
            "reference": self.reference,
            "day": self.day.isoformat(),
            "people": people,
            "band": self.band,
            "plate": self.plate,
        }


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line of a list and why it cannot be taken."""

    line: int
    why: Said


def read(rows: str, today: date, parks: Collection[str]) -> list[Ticket]:
    """The tickets of a list for some parks; BadTicketList names every wrong line."""
    try:
        first, *others = csv.reader(io.StringIO(rows.removeprefix("\ufeff")))
    except (csv.Error, ValueError):
        first, others = [], []
    if first != COLUMNS:
        raise BadTicketList([Wrong(1, BadColumns(columns=", ".join(COLUMNS)))])
    if len(others) > TICKETS_MAX:
        raise BadTicketList([Wrong(TICKETS_MAX + 2, TooManyTickets(most=TICKETS_MAX))])
    found: dict[str, tuple[int, Ticket]] = {}
    wrong: list[Wrong] = []
    for line, row in enumerate(others, start=2):
        try:
            ticket = _ticket(row, today, parks)
            if ticket.folded in found:
                raise ListedTwice(reference=ticket.reference, line=found[ticket.folded][0])
            found[ticket.folded] = line, ticket
        except Refusal as why:
            wrong.append(Wrong(line, why))
    check(wrong)
    return [ticket for _, ticket in found.values()]


def check(wrong: Iterable[Wrong]) -> None:
    """BadTicketList when any line is wrong."""
    if found := list(wrong):
        raise BadTicketList(found)


def _ticket(row: list[str], today: date, parks: Collection[str]) -> Ticket:
    if len(row) != len(COLUMNS):
        raise BadColumns(columns=", ".join(COLUMNS))
    reference, day, park, people, band, plate = (value.strip() for value in row)
    on = text.day(day)
    if not today <= on <= today + AHEAD:
        raise DayOver(day=on.isoformat())
    if park not in parks:
        raise NotThatPark(park=park[:4])
    if band and (not band.isascii() or not band.isdigit() or int(band) not in fees.BANDS):
        raise BadBand()
    return Ticket(
        payment.ticket(reference), on, park, _people(people), int(band or 0),
        plates.parse(plate) if plate else "",
    )  # fmt: skip


def _people(typed: str) -> tuple[Group, ...]:
    found: dict[tuple[str, str], int] = {}
    for part in typed.split(";"):
        count, category, age = _group(part.split())
        if (category, age) in found:
            raise BadPeople()
        found[category, age] = count
    return tuple((category, age, count) for (category, age), count in found.items())


def _group(words: list[str]) -> tuple[int, str, str]:
    if len(words) != 3:
        raise BadPeople()
    count, category, age = words
    is_count = count.isascii() and count.isdigit() and len(count) < 4 and 1 <= int(count) <= PEOPLE_MAX
    if not is_count or category not in CATEGORIES or age not in AGES:
        raise BadPeople()
    return int(count), category, age


def _is_reference(value: str) -> bool:
    try:
        return payment.ticket(value) == value
    except Refusal:
        return False
