"""A spare: an enrolled till that has not begun. Who may start it, before it has a journal (FORMATS.md §6)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from gatepos import files
from gatepos.domain import canonical, keyring, numbers, staff, text
from gatepos.domain.clock import Clock
from gatepos.domain.keyring import BadCertificate, KeyRow
from gatepos.domain.staff import Person
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_
from gatepos.ledger.beginning import GAP, Gap
from gatepos.seal import digits
from gatepos.seal import pins as pin_books
from gatepos.seal.pins import PinBook
from gatepos.seal.radio import Secrets
from gatepos.till import radio
from gatepos.till.approvals import SamePerson, Second
from gatepos.till.desk import UnknownClerk
from gatepos.till.in_force import InForce
from gatepos.till.radio import UnknownTill, Waiting, WrongAnswer
from gatepos.till.sign_in import LockedOut, WrongPin

FILE, TRIES = "spare.json", "spare.tries"
CAUSES = {
    "disk": N_("Its disk or its machine is dead"),
    "twice": N_("Its journal exists twice"),
    "office": N_("The office says so"),
}
"""Why a till cannot go on."""
_MAY = "approve"


class NoSpare(Trouble):
    """A folder that holds no spare, or not any more."""

    says = N_("There is no spare till in {folder}.")


class SpareDamaged(Trouble):
    """A spare whose file does not say what it is."""

    says = N_("{file} does not say which spare till this is. Use the other spare of the gate.")


class NotFollowed(Refusal):
    """A till that a spare cannot follow: itself, or none."""

    says = N_("Type the code of the till that cannot go on: four letters and digits, as on its receipts.")


class NoCause(Refusal):
    """A spare that is started for no reason that there is."""

    says = N_("Say why the other till cannot go on.")


@dataclass(frozen=True, slots=True)
class Spare:
    """What a spare is: its row of every keyring, the till that it would follow, what is in force there."""

    row: KeyRow
    follows: str
    in_force: InForce


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody at the window wants: which till is followed, why, and who they are.

    Without a `second` it is a supervisor with the PIN that they have at this spare; with one, who agrees by
    radio, anybody who works here, and `pin` is the one that they choose, or have.
    """

    follows: str
    cause: str
    staff: str
    pin: str = field(repr=False)
    second: Second | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """A start that was agreed to, and how it was asked for by radio."""

    gap: Gap
    asked: Mapping[str, object] | None = None


def load(folder: Path) -> Spare:
    """The spare in a folder; NoSpare, SpareDamaged."""
    path = folder / FILE
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        people = {person.number: person for person in map(staff.of_fields, data["staff"])}
        in_force = InForce(people, data["schedule"], data["rate"], data["rate_e4"], data["policy"])
        in_force = replace(in_force, confirmed=tuple(data.get("confirmed", ())))
        return Spare(keyring.certified(data["certificate"]), data["follows"], in_force)
    except FileNotFoundError as error:
        raise NoSpare(folder=folder) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, BadCertificate) as error:
        raise SpareDamaged(file=path) from error


def save(folder: Path, spare: Spare) -> None:
    """From now on the folder is this spare."""
    force = spare.in_force
    data = {
        "certificate": spare.row.certificate(),
        "follows": spare.follows,
        "staff": [person.as_fields() for person in force.staff.values()],
        "schedule": force.schedule,
        "rate": force.rate,
        "rate_e4": force.rate_e4,
        "policy": dict(force.policy or {}),
        "confirmed": [dict(fee) for fee in force.confirmed],
    }
    files.write_whole(folder / FILE, json.dumps(data, indent=1, sort_keys=True).encode())


class Starter:
    """Asks who starts a spare; there is no journal yet, so wrong tries count in a file beside it."""

    def __init__(
        self,
        folder: Path,
        spare: Spare,
        pins: PinBook,
        secrets: Secrets,
        known: keyring.Keyring,
        clock: Clock,
        new_id: Callable[[], str],
    ):
        self._spare = spare
        self._pins = pins
        self._secrets = secrets
        self._known = known
        self._new_id = new_id
        self._tries = _Tries(folder / TRIES, clock)
        self._waiting: Waiting | None = None

    def agreed(self, wish: Wish) -> Agreed:
        """That the spare may start; NotFollowed, NoCause, UnknownClerk, NotAllowed, WrongPin, LockedOut.

        By radio SamePerson, PinTooShort, PinTooSimple, UnknownTill, QuestionAsked, WrongAnswer.
        """
        follows = self._followed(wish.follows)
        if wish.cause not in CAUSES:
            raise NoCause()
        person = self._person(wish.staff)
        if wish.second is None:
            self.proved(person.number, wish.pin)
            return Agreed(_gap(follows, wish.cause, person.number, None))
        asked = self._by_radio(wish, follows, person, wish.second)
        also = {"staff": wish.second.staff, "how": "radio"}
        return Agreed(_gap(follows, wish.cause, person.number, also), asked)

    def proved(self, number: str, pin: str) -> None:
        """Who may start it, by the PIN that they have here; UnknownClerk, NotAllowed, WrongPin, LockedOut."""
        self.may(number)
        self._tried(WrongPin, is_right=lambda: self._pins.check(number, pin))

    def may(self, number: str) -> None:
        """UnknownClerk, NotAllowed unless somebody may start it."""
        staff.check(self._person(number), _MAY)

    def _by_radio(self, wish: Wish, follows: str, person: Person, second: Second) -> Mapping[str, object]:
        if second.staff == person.number:
            raise SamePerson()
        self.may(second.staff)
        if self._pins.has(person.number):
            self._tried(WrongPin, is_right=lambda: self._pins.check(person.number, wish.pin))
        else:
            pin_books.check_form(person.number, wish.pin)
        action = canonical.encode(
            {
                "by": person.number, "staff": second.staff, "radio": second.radio, "kind": GAP,
                "about": _gap(follows, wish.cause, None, None).data(),
            }
        )  # fmt: skip
        waiting = self._waiting
        if waiting is None or not waiting.is_for(action):
            waiting = self._waiting = self._ask(second, action)
            raise waiting.asked
        if not second.answer:
            raise waiting.asked
        self._tried(WrongAnswer, is_right=lambda: digits.is_right(second.answer, waiting.expected))
        self._waiting = None
        return waiting.data

    def _ask(self, second: Second, action: bytes) -> Waiting:
        till, own = text.line(second.radio).upper(), self._spare.row.till
        row = keyring.of_till(self._known, till)
        if row is None or row.is_revoked or not numbers.is_till(till):
            raise UnknownTill(till=till[:4])
        about = (own, till, second.staff, GAP)
        return radio.of_till(self._secrets, row.public, about, self._new_id(), action)

    def _followed(self, typed: str) -> str:
        till = text.line(typed).upper()
        own = self._spare.row.till
        if not numbers.is_till(till) or till == own or numbers.is_demo(till) != numbers.is_demo(own):
            raise NotFollowed()
        return till

    def _person(self, number: str) -> Person:
        person = self._spare.in_force.staff.get(number)
        if person is None or not person.roles:
            raise UnknownClerk(number=number[:4])
        return person

    def _tried(self, wrong: type[Refusal], is_right: Callable[[], bool]) -> None:
        self._tries.wait_out()
        if not is_right():
            self._tries.failed()
            raise wrong()
        self._tries.forget()


class _Tries:
    """Wrong tries in a row, over any start of the program; the wait begins with it anew."""

    def __init__(self, path: Path, clock: Clock):
        self._path = path
        self._clock = clock
        self._count = _counted(path)
        self._since_ms = clock.mono_ms()

    def wait_out(self) -> None:
        """LockedOut until the wait is over."""
        left_ms = staff.wait_s(self._count) * 1000 - (self._clock.mono_ms() - self._since_ms)
        if left_ms > 0:
            raise LockedOut(seconds=-(-left_ms // 1000))

    def failed(self) -> None:
        """One more."""
        self._count, self._since_ms = self._count + 1, self._clock.mono_ms()
        files.write_whole(self._path, str(self._count).encode())

    def forget(self) -> None:
        """The right one came."""
        self._count = 0
        self._path.unlink(missing_ok=True)


def _counted(path: Path) -> int:
    try:
        return int(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return 0
    except (OSError, ValueError):
        return staff.TRIES + 1  # what cannot be read is not taken for none


def _gap(follows: str, cause: str, by: str | None, also: Mapping[str, object] | None) -> Gap:
    # What of the other till is lost, nobody at the gate can know: central and its tape say so.
    return Gap(follows, 0, 0, cause, by, also)
