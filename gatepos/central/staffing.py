"""The staff of a park as central says it to the tills there: numbers, roles, days and start codes.

A name stays in central's list. A start code is shown once to who made it; tills are told a hash of it alone,
which is too slow to guess (FORMATS.md §6).
"""

from dataclasses import dataclass, replace

from gatepos.central.store import feeds, people, staff
from gatepos.central.store.engine import Store, Transaction
from gatepos.central.store.people import Change
from gatepos.central.store.staff import Member
from gatepos.domain import moments, text, vocabulary
from gatepos.domain import staff as rules
from gatepos.domain.staff import Person
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.seal.passwords import Passwords
from gatepos.wire import feed, forms

START_MS = 7 * moments.DAY_MS
"""How long a start code is good."""
NAME_MAX = 60


class UnknownRole(Refusal):
    """A role that no till knows."""

    says = N_("{role} is not a role at a till.")


class NoSuchMember(Refusal):
    """A number that a park's list does not have, or who has left."""

    says = N_("Nobody with number {number} works in this park.")


class DaysCrossed(Refusal):
    """A last day before the first."""

    says = N_("The last day is before the first. Check both.")


class SameAsBefore(Refusal):
    """A change that changes nothing."""

    says = N_("Number {number} has this role and these days already. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Staffing:
    """Central's list of staff over its store; `passwords` makes the codes."""

    store: Store
    passwords: Passwords

    def register(self, park: str, member: Member, who: str, at_ms: int) -> str | None:
        """Put somebody on the list or change what they do; a start code where they are new or come back.

        SameAsBefore.
        """
        number = member.person.number
        with self.store.reading() as tx:
            before = staff.of_number(tx, park, number)
        if before is not None and before.person.roles:
            if (before.person, before.name) == (member.person, member.name):
                raise SameAsBefore(number=number)
            self._write(park, replace(member, start_until=before.start_until), who, at_ms, "staff")
            return None
        return self._with_code(park, member, who, at_ms)

    def renew(self, park: str, number: str, who: str, at_ms: int) -> str:
        """A new start code; the PIN at each till of the park ends when the till hears of it. NoSuchMember."""
        return self._with_code(park, self._working(park, number), who, at_ms)

    def end(self, park: str, number: str, who: str, at_ms: int) -> None:
        """Somebody left: they sign in nowhere, once a till hears of it. NoSuchMember."""
        known = self._working(park, number)
        gone = replace(known, person=replace(known.person, roles=frozenset()), start_until=None)
        self._write(park, gone, who, at_ms, "staff.left")

    def _working(self, park: str, number: str) -> Member:
        with self.store.reading() as tx:
            known = staff.of_number(tx, park, number)
        if known is None or not known.person.roles:
            raise NoSuchMember(number=number[:4])
        return known

    def _with_code(self, park: str, member: Member, who: str, at_ms: int) -> str:
        code, known = self.passwords.till_start_code(member.person.number)
        until = moments.to_text(at_ms + START_MS)
        self._write(park, replace(member, start_until=until), who, at_ms, "staff.code", known)
        return code

    def _write(
        self, park: str, member: Member, who: str, at_ms: int, what: str, start: str | None = None
    ) -> None:
        at, person = moments.to_text(at_ms), member.person
        row = {
            **{name: value for name, value in person.as_fields().items() if name in feed.ROWS[feed.STAFF]},
            "start": start,
            "start_until": member.start_until if start else None,
        }
        with self.store.writing() as tx:
            staff.put(tx, park, member, at)
            feeds.publish(tx, feed.STAFF, park, [forms.dump(row).decode()], at)
            people.changed(tx, Change(at, who, what, f"{park} {person.number}", _detail(person)))


def listed(tx: Transaction, park: str) -> list[Member]:
    """The staff of a park, those who work there first."""
    return sorted(staff.of_park(tx, park), key=lambda one: (not one.person.roles, one.person.number))


def member(number: str, name: str, role: str, from_on: str, until_on: str) -> Member:
    """Somebody as typed; BadStaffNumber, UnknownRole, DaysCrossed, NoDay and what a text may not hold."""
    number = number.strip()
    rules.check_number(number)
    if role not in vocabulary.ROLES:
        raise UnknownRole(role=role[:20])
    first, last = (text.day(typed) if typed.strip() else None for typed in (from_on, until_on))
    if first and last and last < first:
        raise DaysCrossed()
    return Member(Person(number, frozenset([role]), first, last), text.line(name, NAME_MAX))


def grouped(code: str) -> str:
    """A start code in groups of four digits, as it is read out."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def _detail(person: Person) -> str:
    days = [day.isoformat() if day else "" for day in (person.from_on, person.until_on)]
    return " ".join([*sorted(person.roles), "–".join(days) if any(days) else ""]).strip()
