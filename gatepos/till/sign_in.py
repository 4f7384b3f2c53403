"""Signing in, locking and unlocking; wrong PINs are counted in the journal, so no restart forgets them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from gatepos.domain import staff
from gatepos.domain.entry import Entry
from gatepos.domain.staff import Person
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import drawers, queries
from gatepos.seal import pins as pin_book
from gatepos.seal.pins import PinBook
from gatepos.till.desk import Desk, NotSignedIn
from gatepos.till.window import Window

Proves = Callable[[str, str, str], Person]
"""Number, PIN and purpose to the person whose PIN it is."""

_REMEMBERED = 10
"""Failures of a person read back at start: from there on the wait is the longest."""

_TAKES_MAX = 20


class WrongPin(Refusal):
    """Number and PIN do not go together."""

    says = N_("Number and PIN do not match. Try again.")


class LockedOut(Refusal):
    """Too many wrong PINs."""

    says = N_("Too many wrong PINs. Wait {seconds} s, then try again.")


class ChoosePin(Refusal):
    """A start code was right; a PIN must be chosen now."""

    says = N_("Choose your own PIN of six digits or more.")


@dataclass(frozen=True, slots=True)
class _Failures:
    count: int
    boot: str
    mono_ms: int


class SignIn:
    """Who is at the window; `windows` are what nobody leaves with money on them.

    `took` are the closes whose work who signed in last took over by it.

    `proves` is the real till's `proved`, at a training till: PINs and wrong tries are counted there alone.
    """

    def __init__(
        self, desk: Desk, pins: PinBook, windows: Sequence[Window] = (), proves: Proves | None = None
    ):
        self._desk = desk
        self._pins = pins
        self._windows = windows
        self._proves = proves
        self.took: tuple[Entry, ...] = ()
        self._failures: dict[str, _Failures] = {}
        self._began_ms = desk.clock.mono_ms()
        for entry in self._unanswered():
            self._count(entry)

    def people(self) -> tuple[Person, ...]:
        """Everybody who may sign in, by number."""
        day, shifts = self._desk.day_now(), self._desk.ledger.state.shifts.values()
        return tuple(p for n, p in sorted(self._desk.staff.items()) if p.works(day) or n in shifts)

    def sign_in(self, number: str, pin: str) -> Person:
        """Put a clerk at the window; WrongPin, LockedOut, UnknownClerk, ChoosePin after a start code.

        MoneyTaken where another clerk leaves a bill that is paid in part.
        """
        person = self.proved(number, pin, "sign_in")
        self._enter(person, "pin")
        return person

    def choose_pin(self, number: str, start_code: str, pin: str) -> Person:
        """Trade a one-time start code for the clerk's own PIN, and sign in; as `sign_in`, NotInTraining."""
        self._desk.check_real()
        person = self._known(number)
        self._wait_out(number)
        pin_book.check_form(number, pin)
        if not self._pins.check_start_code(number, start_code, self._desk.clock.wall_ms()):
            self._failed(number, "sign_in")
        self._pins.set_pin(number, pin)
        self._enter(person, "start_code")
        return person

    def lock(self) -> None:
        """Lock the window; the bill stays."""
        self._desk.is_locked = self._desk.person is not None

    def unlock(self, pin: str) -> Person:
        """Open the lock with the PIN of whoever locked it."""
        if self._desk.person is None:
            raise NotSignedIn()
        person = self.proved(self._desk.person.number, pin, "unlock")
        self._enter(person, "unlock")
        return person

    def sign_out(self) -> None:
        """Leave the window; the shift stays open. MoneyTaken."""
        self._check_no_money()
        self._desk.person = None
        self._desk.stay += 1
        self._desk.is_locked = False

    def proved(self, number: str, pin: str, purpose: str) -> Person:
        """The person whose PIN this is, each failure recorded."""
        if self._proves is not None:
            return self._proves(number, pin, purpose)
        person = self._known(number)
        self._wait_out(number)
        if self._pins.has(number):
            if self._pins.check(number, pin):
                return person
        elif self._pins.check_start_code(number, pin, self._desk.clock.wall_ms()):
            raise ChoosePin()
        return self._failed(number, purpose)

    def answered(self, number: str, wrong: Refusal | None) -> None:
        """Count a wrong answer by radio like a wrong PIN; LockedOut, and `wrong` unless it was right."""
        self._wait_out(number)
        if wrong is not None:
            self._failed(number, "approve", wrong)

    def _unanswered(self) -> list[Entry]:
        """Each person's last failures since they signed in: nobody else's push them out."""
        failed: dict[object, list[Entry]] = {}
        for entry in self._desk.ledger.of_kind("auth.failed"):
            failed.setdefault(entry.data["staff"], []).append(entry)
        found: list[Entry] = []
        for number, entries in failed.items():
            last = entries[-_REMEMBERED:]
            signed_in = queries.signed_in_at(self._desk.ledger, str(number), last[0].seq)
            found += [entry for entry in last if entry.seq > signed_in]
        return found

    def _known(self, number: str) -> Person:
        """Who works here, or left and has a shift to close; UnknownClerk."""
        if number in self._desk.staff and number in self._desk.ledger.state.shifts.values():
            return self._desk.staff[number]
        return self._desk.known(number)

    def _check_no_money(self) -> None:
        for window in self._windows:
            window.check_no_money()

    def _enter(self, person: Person, how: str) -> None:
        if self._desk.person is not None and self._desk.person.number != person.number:
            self._check_no_money()
            self._desk.stay += 1
        self._desk.person = person
        self._desk.is_locked = False
        self.took = tuple(drawers.handed_over(self._desk.ledger, person.number, _TAKES_MAX))
        takes = [cast(str, close.data["closes"]) for close in self.took]
        data = {"staff": person.number, "how": how, "takes": takes}
        self._count(self._desk.write("sign.in", data).entry)

    def _failed(self, number: str, purpose: str, wrong: Refusal | None = None) -> Person:
        self._count(self._desk.write("auth.failed", {"staff": number, "purpose": purpose}).entry)
        wait_s = staff.wait_s(self._failures[number].count)
        if wait_s:
            self._desk.write("auth.locked", {"staff": number, "wait_s": wait_s})
            raise LockedOut(seconds=wait_s)
        raise wrong or WrongPin()

    def _count(self, entry: Entry) -> None:
        number = cast(str, entry.data["staff"])
        before = self._failures.pop(number, None)
        if entry.kind == "auth.failed":
            boot, mono_ms = cast(str, entry.fields["boot"]), cast(int, entry.fields["mono_ms"])
            self._failures[number] = _Failures((before.count if before else 0) + 1, boot, mono_ms)

    def _wait_out(self, number: str) -> None:
        failures = self._failures.get(number)
        wait_ms = staff.wait_s(failures.count) * 1000 if failures else 0
        if failures is None or not wait_ms:
            return
        clock = self._desk.clock
        # After a start of the machine the whole wait begins with the program: what the clock says of the
        # time between is not known, and a changed clock may pass for a start.
        since_ms = failures.mono_ms if clock.boot == failures.boot else self._began_ms
        left_ms = wait_ms - (clock.mono_ms() - since_ms)
        if left_ms > 0:
            raise LockedOut(seconds=-(-left_ms // 1000))
