"""Who signs in to central's pages, who is signed in, wrong tries, and what people changed."""

from dataclasses import dataclass

from gatepos.central.store.engine import Transaction

_PERSON = "SELECT name, role, park, password_hash, start_hash, start_until, staff FROM person"
AUDIT_MAX = 500


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a role, for one park or, where that is None, for all.

    `staff` is their number at the tills there.
    """

    name: str
    role: str
    park: str | None
    password_hash: str | None = None
    start_hash: str | None = None
    start_until: str | None = None
    staff: str | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in at a browser: since when, and when its person last did something."""

    person: Person
    at: str
    used_at: str


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody changed."""

    at: str
    who: str
    what: str
    about: str
    detail: str


def of_name(tx: Transaction, name: str) -> Person | None:
    """A person by name."""
    row = tx.row(f"{_PERSON} WHERE name = :name", name=name)
    return Person(*row) if row else None


def every(tx: Transaction) -> list[Person]:
    """All of them in order."""
    return [Person(*row) for row in tx.rows(f"{_PERSON} ORDER BY name")]


def put(tx: Transaction, person: Person, at: str) -> None:
    """Somebody new, or somebody with a new role and start code; the old password and sign-ins die.

    Who has a staff number keeps it until another is given.
    """
    tx.write(
        "INSERT INTO person(name, role, park, start_hash, start_until, staff, at)"
        " VALUES (:name, :role, :park, :start_hash, :start_until, :staff, :at)"
        " ON CONFLICT(name) DO UPDATE SET role = excluded.role, park = excluded.park, password_hash = NULL,"
        " start_hash = excluded.start_hash, start_until = excluded.start_until,"
        " staff = coalesce(excluded.staff, person.staff), at = excluded.at",
        name=person.name, role=person.role, park=person.park, start_hash=person.start_hash,
        start_until=person.start_until, staff=person.staff, at=at,
    )  # fmt: skip
    tx.write("DELETE FROM signed_in WHERE person = :name", name=person.name)


def set_password(tx: Transaction, name: str, password_hash: str) -> None:
    """The password that somebody chose; it spends the start code."""
    tx.write(
        "UPDATE person SET password_hash = :hash, start_hash = NULL, start_until = NULL WHERE name = :name",
        name=name, hash=password_hash,
    )  # fmt: skip


def sign_in(tx: Transaction, token_hash: str, name: str, at: str) -> None:
    """A new sign-in."""
    tx.write(
        "INSERT INTO signed_in(token_hash, person, at, used_at) VALUES (:hash, :name, :at, :at)",
        hash=token_hash, name=name, at=at,
    )  # fmt: skip


def signed_in(tx: Transaction, token_hash: str) -> SignedIn | None:
    """The sign-in of a token, however old."""
    row = tx.row(
        "SELECT p.name, p.role, p.park, s.at, s.used_at FROM signed_in s JOIN person p ON p.name = s.person"
        " WHERE s.token_hash = :hash",
        hash=token_hash,
    )
    return SignedIn(Person(*row[:3]), row[3], row[4]) if row else None


def used(tx: Transaction, token_hash: str, at: str) -> None:
    """Somebody signed in did something."""
    tx.write("UPDATE signed_in SET used_at = :at WHERE token_hash = :hash", hash=token_hash, at=at)


def sign_out(tx: Transaction, token_hash: str) -> None:
    """End a sign-in."""
    tx.write("DELETE FROM signed_in WHERE token_hash = :hash", hash=token_hash)


def forget_before(tx: Transaction, used_at: str) -> None:
    """End the sign-ins that nobody used since."""
    tx.write("DELETE FROM signed_in WHERE used_at < :used_at", used_at=used_at)


def wrong_tries(tx: Transaction, slot: str) -> tuple[int, str | None]:
    """How many wrong tries in a row, and when the last was."""
    row = tx.row("SELECT count, at FROM wrong_try WHERE slot = :slot", slot=slot)
    return (int(row[0]), str(row[1])) if row else (0, None)


def add_wrong_try(tx: Transaction, slot: str, at: str) -> None:
    """One more."""
    tx.write(
        "INSERT INTO wrong_try(slot, count, at) VALUES (:slot, 1, :at)"
        " ON CONFLICT(slot) DO UPDATE SET count = wrong_try.count + 1, at = excluded.at",
        slot=slot, at=at,
    )  # fmt: skip


def forget_tries(tx: Transaction, slot: str) -> None:
    """The right one came."""
    tx.write("DELETE FROM wrong_try WHERE slot = :slot", slot=slot)


def forget_tries_before(tx: Transaction, at: str) -> None:
    """Forget where nobody tried since."""
    tx.write("DELETE FROM wrong_try WHERE at < :at", at=at)


def know_source(tx: Transaction, slot: str, at: str) -> None:
    """Somebody signed in from there."""
    tx.write(
        "INSERT INTO known_source(slot, at) VALUES (:slot, :at)"
        " ON CONFLICT(slot) DO UPDATE SET at = excluded.at",
        slot=slot, at=at,
    )  # fmt: skip


def is_known_source(tx: Transaction, slot: str) -> bool:
    """Whether somebody signed in from there."""
    return tx.row("SELECT 1 FROM known_source WHERE slot = :slot", slot=slot) is not None


def forget_sources_before(tx: Transaction, at: str) -> None:
    """Forget from where nobody signed in since."""
    tx.write("DELETE FROM known_source WHERE at < :at", at=at)


def changed(tx: Transaction, change: Change) -> None:
    """Keep what somebody changed, for ever."""
    tx.alone()
    tx.write(
        "INSERT INTO audit(id, at, who, what, about, detail)"
        " VALUES ((SELECT coalesce(max(id), 0) + 1 FROM audit), :at, :who, :what, :about, :detail)",
        at=change.at, who=change.who, what=change.what, about=change.about, detail=change.detail,
    )  # fmt: skip


def changes(tx: Transaction) -> list[Change]:
    """The last changes, newest first."""
    found = tx.rows(
        "SELECT at, who, what, about, detail FROM audit ORDER BY id DESC LIMIT :most", most=AUDIT_MAX
    )
    return [Change(*row) for row in found]
