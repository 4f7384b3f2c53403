"""The tills that central knows, and the codes by which they joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gatepos.central.store.engine import Transaction
from gatepos.domain.keyring import KeyRow
from gatepos.seal import keys

DEMO = "is_demo"
_TILL = (
    "SELECT till, public_key, park, gate, lane, revoked_at, token_hash, counts_to, enrolled_at,"
    " heard_at, pulled_at, believes FROM till"
)


@dataclass(frozen=True, slots=True)
class KnownTill:
    """A till as central knows it; entries after `counts_to` wait for a person, None where all count.

    It pushed at `heard_at`, and asked for news at `pulled_at`, believing central's key of the kid `believes`.
    """

    row: KeyRow
    token_hash: str
    counts_to: int | None
    enrolled_at: str
    heard_at: str | None
    pulled_at: str | None = None
    believes: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """A single-use code for a place, perhaps for one till alone; moments as text."""

    hash: str
    park: str
    gate: str
    lane: str
    till: str | None
    expires_at: str
    used_by: str | None = None
    used_at: str | None = None


def is_demo(tx: Transaction) -> bool:
    """Whether this central is for demonstration tills alone."""
    return tx.row("SELECT value FROM setting WHERE name = :name", name=DEMO) is not None


def make_demo(tx: Transaction) -> None:
    """Let this central be for demonstration tills alone."""
    tx.write("INSERT INTO setting(name, value) VALUES (:name, 'yes')", name=DEMO)


def of_code(tx: Transaction, till: str) -> KnownTill | None:
    """A till by its code."""
    return _known(tx.row(f"{_TILL} WHERE till = :till", till=till))


def of_token(tx: Transaction, token_hash: str) -> KnownTill | None:
    """The till that shows a token."""
    return _known(tx.row(f"{_TILL} WHERE token_hash = :hash", hash=token_hash))


def of_key(tx: Transaction, public: bytes) -> KnownTill | None:
    """The till that has a key, or another key of the same kid."""
    return _known(tx.row(f"{_TILL} WHERE kid = :kid", kid=keys.kid_of(public).hex()))


def every(tx: Transaction) -> list[KnownTill]:
    """All tills in order."""
    return [_made(row) for row in tx.rows(f"{_TILL} ORDER BY till")]


def add(tx: Transaction, row: KeyRow, token_hash: str, at: str) -> None:
    """A new till."""
    tx.write(
        "INSERT INTO till(till, park, gate, lane, public_key, kid, token_hash, enrolled_at)"
        " VALUES (:till, :park, :gate, :lane, :public_key, :kid, :token_hash, :at)",
        **row.certificate(), kid=keys.kid_of(row.public).hex(), token_hash=token_hash, at=at,
    )  # fmt: skip


def set_token(tx: Transaction, till: str, token_hash: str, at: str) -> None:
    """The token that a till shows from now on."""
    tx.write(
        "UPDATE till SET token_hash = :token_hash, enrolled_at = :at WHERE till = :till",
        till=till, token_hash=token_hash, at=at,
    )  # fmt: skip


def heard(tx: Transaction, till: str, at: str) -> None:
    """When a till was last heard."""
    tx.write("UPDATE till SET heard_at = :at WHERE till = :till", till=till, at=at)


def pulled(tx: Transaction, till: str, believes: str, at: str) -> None:
    """When a till last asked for news, and the kid of central's key that it believed."""
    tx.write(
        "UPDATE till SET pulled_at = :at, believes = :believes WHERE till = :till",
        till=till, believes=believes, at=at,
    )  # fmt: skip


def set_believes(tx: Transaction, till: str, believes: str) -> None:
    """The kid of central's key that a till believes since it joined."""
    tx.write("UPDATE till SET believes = :believes WHERE till = :till", till=till, believes=believes)


def believed(tx: Transaction, park: str) -> set[str | None]:
    """The kids of central's keys that the trusted tills of a park believe, None where one never said."""
    found = tx.rows("SELECT DISTINCT believes FROM till WHERE park = :park AND revoked_at IS NULL", park=park)
    return {kid for (kid,) in found}


def revoke(tx: Transaction, till: str, counts_to: int, at: str) -> None:
    """Trust a till no longer; what it wrote up to a position counts."""
    tx.write(
        "UPDATE till SET revoked_at = :at, counts_to = :counts_to WHERE till = :till",
        till=till, at=at, counts_to=counts_to,
    )  # fmt: skip


def adopt(tx: Transaction, till: str, counts_to: int) -> None:
    """Let the entries of a revoked till count up to a position."""
    tx.write(
        "UPDATE till SET counts_to = :counts_to WHERE till = :till AND counts_to < :counts_to",
        till=till, counts_to=counts_to,
    )  # fmt: skip


def add_code(tx: Transaction, code: Code) -> None:
    """A code that can be used once."""
    tx.write(
        "INSERT INTO code(hash, park, gate, lane, till, expires_at)"
        " VALUES (:hash, :park, :gate, :lane, :till, :expires_at)",
        hash=code.hash, park=code.park, gate=code.gate, lane=code.lane, till=code.till,
        expires_at=code.expires_at,
    )  # fmt: skip


def code(tx: Transaction, code_hash: str) -> Code | None:
    """A code by its hash, used or not."""
    row = tx.row(
        "SELECT hash, park, gate, lane, till, expires_at, used_by, used_at FROM code WHERE hash = :hash",
        hash=code_hash,
    )
    return Code(*row) if row else None


def use_code(tx: Transaction, code_hash: str, till: str, at: str) -> None:
    """A code that was used by a till."""
    tx.write(
        "UPDATE code SET used_by = :till, used_at = :at WHERE hash = :hash",
        hash=code_hash, till=till, at=at,
    )  # fmt: skip


def _known(row: Sequence[Any] | None) -> KnownTill | None:
    return _made(row) if row else None


def _made(row: Sequence[Any]) -> KnownTill:
    till, public, park, gate, lane, revoked_at, *rest = row
    return KnownTill(KeyRow(till, bytes.fromhex(public), park, gate, lane, revoked_at is not None), *rest)
