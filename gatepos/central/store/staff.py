"""The staff of each park: central's list, whose names go nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from gatepos.central.store.engine import Transaction
from gatepos.domain.staff import Person

_SELECT = "SELECT number, name, roles, from_on, until_on, start_until FROM staff WHERE park = :park"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a park's staff; `start_until` is how long their last start code is good."""

    person: Person
    name: str
    start_until: str | None = None


def of_park(tx: Transaction, park: str) -> list[Member]:
    """All of a park by number, who left with them."""
    return [_made(row) for row in tx.rows(f"{_SELECT} ORDER BY number", park=park)]


def of_number(tx: Transaction, park: str, number: str) -> Member | None:
    """One of them."""
    row = tx.row(f"{_SELECT} AND number = :number", park=park, number=number)
    return _made(row) if row else None


def put(tx: Transaction, park: str, member: Member, at: str) -> None:
    """Somebody new, or as they are from now on."""
    person = member.person
    tx.write(
        "INSERT INTO staff(park, number, name, roles, from_on, until_on, start_until, at)"
        " VALUES (:park, :number, :name, :roles, :from_on, :until_on, :start_until, :at)"
        " ON CONFLICT(park, number) DO UPDATE SET name = excluded.name, roles = excluded.roles,"
        " from_on = excluded.from_on, until_on = excluded.until_on, start_until = excluded.start_until,"
        " at = excluded.at",
        park=park, number=person.number, name=member.name, roles=" ".join(sorted(person.roles)),
        from_on=person.from_on and person.from_on.isoformat(),
        until_on=person.until_on and person.until_on.isoformat(), start_until=member.start_until, at=at,
    )  # fmt: skip


def _made(row: Sequence[Any]) -> Member:
    number, name, roles, from_on, until_on, start_until = row
    person = Person(number, frozenset(roles.split()), _day(from_on), _day(until_on))
    return Member(person, name, start_until)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
