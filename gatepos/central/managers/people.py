"""Who may open the pages and do what there; start codes, sign-ins, and how long wrong tries wait."""

import hashlib
import re
from dataclasses import dataclass

from gatepos.central.sources import place
from gatepos.central.store import people
from gatepos.central.store.engine import Store, Transaction
from gatepos.central.store.people import Change, Person
from gatepos.domain import moments, staff
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.seal import enrolment, passwords
from gatepos.seal.passwords import Passwords

MAY = {
    "look": ("manager", "auditor", "administrator"),
    "decide": ("manager", "administrator"),
    "administer": ("administrator",),
}
"""The one table of who may do what on the pages."""
ROLES = MAY["look"]
START_MS = 7 * moments.DAY_MS
"""How long a start code waits to be used."""
LONGEST_MS, IDLE_MS = 12 * 60 * moments.MINUTE_MS, 30 * moments.MINUTE_MS
"""A sign-in ends after a day's work, or when nobody touched the page for half an hour."""
_USED_MS = moments.MINUTE_MS
ELSEWHERE_MAX, ELSEWHERE_MS = 20, 10 * moments.MINUTE_MS
"""So many wrong passwords of one person in so long, from wherever they never signed in, and all who come from
such a place wait until that time is over. Where they did sign in they feel nothing of it.
"""
_FORGET_MS = 60 * moments.MINUTE_MS
_KNOWN_MS = 90 * moments.DAY_MS
"""How long a place from which somebody signed in is theirs."""
_COMMAND = "command"
"""Whence somebody proves themselves who runs a command."""
_NAME = re.compile(r"[^\W_][\w .'@-]{0,39}")


class BadName(Refusal):
    """A name that no person of central has."""

    says = N_("A name has 1 to 40 letters, digits, spaces, and . ' @ - between them.")


class NoSuchRole(Refusal):
    """A role that the pages do not know."""

    says = N_("{role} is no role here: manager, auditor or administrator.")


class NotSignedIn(Refusal):
    """Nobody signed in, or it was too long ago."""

    says = N_("You are not signed in, or were away for long. Sign in.")


class WrongPassword(Refusal):
    """A name, password or start code that is not right; which of them stays unsaid."""

    says = N_("The name or the password is not right. Check both and try again.")


class WrongStartCode(Refusal):
    """A name or start code that is not right, or whose time is over."""

    says = N_("The name or the start code is not right, or the code is too old. Ask for a new one.")


class TriesWait(Refusal):
    """Too many wrong tries."""

    says = N_("Too many wrong tries. Wait until {at} and try again.")


class TriesElsewhere(Refusal):
    """Too many wrong passwords of one person from places where they never signed in."""

    says = N_(
        "Somebody tries this name from elsewhere. Wait until {at}, sign in where you did before, or ask for a"
        " start code."
    )


class PasswordsDiffer(Refusal):
    """The second typing is another."""

    says = N_("The two passwords are not the same. Type them again.")


class MayNot(Refusal):
    """What a role does not include."""

    says = N_("Your role may look at this, not change it.")


class OtherPark(Refusal):
    """A park that somebody does not see."""

    says = N_("You do not see this park.")


@dataclass(frozen=True, slots=True)
class People:
    """The people of central over its store, by the rules of this module."""

    store: Store
    passwords: Passwords

    def give_start(
        self, name: str, role: str, park: str | None, who: str, at_ms: int, number: str | None = None
    ) -> str:
        """A one-time code with which somebody, new or known, chooses a password; the old one dies.

        `number` is their staff number at the tills of their park, or wherever they see all: what was taken
        under it they do not decide. BadName, NoSuchRole, BadStaffNumber.
        """
        if number is not None:
            staff.check_number(number)
        if role not in ROLES:
            raise NoSuchRole(role=role[:20])
        code = self.passwords.start_code()
        until = moments.to_text(at_ms + START_MS)
        person = Person(named(name), role, park, None, enrolment.hashed(code), until, number)
        at = moments.to_text(at_ms)
        with self.store.writing() as tx:
            people.put(tx, person, at)
            people.changed(
                tx, Change(at, who, "person", person.name, f"{role} {park or '*'} {number or ''}".strip())
            )
        return code

    def start(self, name: str, code: str, password: str, again: str, at_ms: int, source: str) -> str:
        """Choose a password by a start code; the token of the sign-in. `source` is the browser's address.

        WrongStartCode, TriesWait, PasswordsDiffer, PasswordTooShort, PasswordTooSimple.
        """
        name, at = _folded(name), moments.to_text(at_ms)
        if password != again:
            raise PasswordsDiffer()
        passwords.check_form(name, password)
        person = self._tried(name, source, at_ms, is_guessable=False)
        is_in_time = person is not None and at <= (person.start_until or "")
        if person is None or not is_in_time or not passwords.is_start_code(person.start_hash, code):
            raise WrongStartCode()
        made = self.passwords.hashed(password)
        with self.store.writing() as tx:
            people.set_password(tx, name, made)
            people.changed(tx, Change(at, name, "password", name, ""))
            return self._signed_in(tx, name, source, at)

    def sign_in(self, name: str, password: str, at_ms: int, source: str) -> str:
        """The token of a new sign-in from an address; WrongPassword, TriesWait, TriesElsewhere."""
        name, at = _folded(name), moments.to_text(at_ms)
        person = self._tried(name, source, at_ms, is_guessable=True)
        if not self.passwords.holds(person.password_hash if person else None, password) or person is None:
            raise WrongPassword()
        with self.store.writing() as tx:
            people.changed(tx, Change(at, name, "sign.in", name, ""))
            return self._signed_in(tx, name, source, at)

    def proved(self, name: str, password: str, at_ms: int) -> Person:
        """Who runs a command with their password; as `sign_in`."""
        token = self.sign_in(name, password, at_ms, _COMMAND)
        person = self.of_token(token, at_ms)
        self.sign_out(token)
        return person

    def of_token(self, token: str, at_ms: int, *, is_live: bool = False) -> Person:
        """Who signed in; a page that asks for news by itself does not count as use. NotSignedIn."""
        hashed = enrolment.hashed(token)
        with self.store.reading() as tx:
            found = people.signed_in(tx, hashed)
        if found is None:
            raise NotSignedIn()
        idle_ms = at_ms - moments.from_text(found.used_at)
        if idle_ms > IDLE_MS or at_ms - moments.from_text(found.at) > LONGEST_MS:
            raise NotSignedIn()
        if idle_ms > _USED_MS and not is_live:
            with self.store.writing() as tx:
                people.used(tx, hashed, moments.to_text(at_ms))
        return found.person

    def sign_out(self, token: str) -> None:
        """End a sign-in."""
        with self.store.writing() as tx:
            people.sign_out(tx, enrolment.hashed(token))

    def _tried(self, name: str, source: str, at_ms: int, *, is_guessable: bool) -> Person | None:
        """Whom a try is about; it counts as wrong until it was right, so that many at once gain nothing.

        Waits belong to a person at a place, or anybody could keep anybody out. A start code of 80 bits needs
        no more; a password is shielded from many places that try it together, too.
        """
        slot, at = _slot(name, source), moments.to_text(at_ms)
        with self.store.writing() as tx:
            tx.alone()
            count, last = people.wrong_tries(tx, slot)
            if last is not None:
                _wait(TriesWait, moments.from_text(last) + staff.wait_s(count) * 1000, at_ms)
            if is_guessable and not people.is_known_source(tx, slot):
                everywhere = f"{_slot(name)}:{at_ms // ELSEWHERE_MS}"
                if people.wrong_tries(tx, everywhere)[0] >= ELSEWHERE_MAX:
                    _wait(TriesElsewhere, (at_ms // ELSEWHERE_MS + 1) * ELSEWHERE_MS, at_ms)
                people.add_wrong_try(tx, everywhere, at)
            people.add_wrong_try(tx, slot, at)
            return people.of_name(tx, name)

    def _signed_in(self, tx: Transaction, name: str, source: str, at: str) -> str:
        token, at_ms = self.passwords.token(), moments.from_text(at)
        people.know_source(tx, _slot(name, source), at)
        people.forget_tries(tx, _slot(name, source))
        people.forget_tries_before(tx, moments.to_text(at_ms - _FORGET_MS))
        people.forget_sources_before(tx, moments.to_text(at_ms - _KNOWN_MS))
        people.forget_before(tx, moments.to_text(at_ms - IDLE_MS))
        people.sign_in(tx, enrolment.hashed(token), name, at)
        return token


def named(typed: str) -> str:
    """A name as it is kept; BadName."""
    name = _folded(typed)
    if not _NAME.fullmatch(name):
        raise BadName()
    return name


def may(person: Person, action: str) -> bool:
    """Whether somebody's role includes an action of MAY."""
    return person.role in MAY[action]


def check(person: Person, action: str) -> None:
    """MayNot unless somebody's role includes an action of MAY."""
    if not may(person, action):
        raise MayNot()


def check_park(person: Person, park: str | None) -> None:
    """OtherPark unless somebody sees a park; where that is None, all parks."""
    if person.park is not None and person.park != park:
        raise OtherPark()


def _folded(typed: str) -> str:
    return " ".join(typed.split()).casefold()


def _wait(why: type[Refusal], until_ms: int, at_ms: int) -> None:
    """Raise a refusal that says until when, before that time."""
    if at_ms < until_ms:
        raise why(at=f"{moments.local(until_ms):%H:%M:%S}")


def _slot(name: str, source: str = "") -> str:
    """Where tries of a name from a place are counted, whoever has the name."""
    return hashlib.sha256(f"{name}\x00{place(source)}".encode(errors="surrogatepass")).hexdigest()[:32]
