"""The payments that Daraja reported, each as often as it was reported differently, and for which paybills."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gatepos.central.store.engine import Transaction

STATUS, STATEMENT = "status", "statement"
"""What speaks of a payment beside M-PESA's first report: an answer about its status, or a statement."""
_STRICT = "strict."
_AMONG = 1_000
_PAYMENT = "SELECT id, paybill, trans_id, account, amount_minor, paid_at, park FROM payment"
_COUNTS = (
    "NOT EXISTS (SELECT 1 FROM payment other WHERE other.trans_id = payment.trans_id"
    " AND other.id <> payment.id)"
    " AND NOT EXISTS (SELECT 1 FROM taken_back WHERE taken_back.payment = payment.id)"
)
_UNCONFIRMED = "NOT EXISTS (SELECT 1 FROM confirmed WHERE confirmed.payment = payment.id)"


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment to a paybill, KES minor units, without anything of who paid; `account` as it is compared."""

    paybill: str
    trans_id: str
    account: str
    amount_minor: int
    paid_at: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A payment as it is kept, and the park whose tills hear of it."""

    id: int
    paid: Paid
    park: str | None


def set_secret(tx: Transaction, paybill: str, secret_hash: str, at: str) -> None:
    """The one secret by which payments to a paybill are reported from now on."""
    tx.write(
        "INSERT INTO shortcode(paybill, secret_hash, at) VALUES (:paybill, :secret_hash, :at)"
        " ON CONFLICT(paybill) DO UPDATE SET secret_hash = excluded.secret_hash, at = excluded.at",
        paybill=paybill, secret_hash=secret_hash, at=at,
    )  # fmt: skip


def set_strict(tx: Transaction, paybill: str, *, is_strict: bool) -> None:
    """Whether M-PESA is told to refuse what is paid to this paybill for no pass or bill."""
    name = f"{_STRICT}{paybill}"
    tx.write("DELETE FROM setting WHERE name = :name", name=name)
    if is_strict:
        tx.write("INSERT INTO setting(name, value) VALUES (:name, 'yes')", name=name)


def is_strict(tx: Transaction, paybill: str) -> bool:
    """Whether such payments are refused; else they are kept, and somebody looks into them."""
    name = f"{_STRICT}{paybill}"
    return tx.row("SELECT value FROM setting WHERE name = :name", name=name) is not None


def paybill_of(tx: Transaction, secret_hash: str) -> str | None:
    """The paybill of a secret."""
    row = tx.row("SELECT paybill FROM shortcode WHERE secret_hash = :hash", hash=secret_hash)
    return str(row[0]) if row else None


def reported(tx: Transaction, trans_id: str) -> list[Kept]:
    """All that was reported under one code, the first first; more than one of them means that none counts.

    M-PESA gives a code once: another paybill's report of it is another report of the same payment.
    """
    found = tx.rows(f"{_PAYMENT} WHERE trans_id = :trans_id ORDER BY id", trans_id=trans_id)
    return [_kept(row) for row in found]


def reported_among(tx: Transaction, trans_ids: Sequence[str]) -> list[Kept]:
    """All that was reported under some codes, the first first."""
    return [
        _kept(row)
        for first in range(0, len(trans_ids), _AMONG)
        for row in tx.rows_among(
            f"{_PAYMENT} WHERE trans_id IN :among ORDER BY id", trans_ids[first : first + _AMONG]
        )
    ]


def keep(tx: Transaction, paid: Paid, park: str | None, at: str) -> Kept:
    """Keep another report."""
    row = tx.row("SELECT coalesce(max(id), 0) + 1 FROM payment")
    kept = Kept(int(row[0]) if row else 1, paid, park)
    tx.write(
        "INSERT INTO payment(id, paybill, trans_id, account, amount_minor, paid_at, park, at)"
        " VALUES (:id, :paybill, :trans_id, :account, :amount_minor, :paid_at, :park, :at)",
        id=kept.id, paybill=paid.paybill, trans_id=paid.trans_id, account=paid.account,
        amount_minor=paid.amount_minor, paid_at=paid.paid_at, park=park, at=at,
    )  # fmt: skip
    return kept


def counting(tx: Transaction, account: str) -> list[Kept]:
    """The payments to an account that count."""
    found = tx.rows(f"{_PAYMENT} WHERE account = :account AND {_COUNTS} ORDER BY id", account=account)
    return [_kept(row) for row in found]


def counting_among(tx: Transaction, accounts: Sequence[str]) -> list[Kept]:
    """The payments to any of some accounts that count, in the order in which they came."""
    found = tx.rows_among(f"{_PAYMENT} WHERE account IN :among AND {_COUNTS} ORDER BY id", accounts)
    return [_kept(row) for row in found]


def counts(tx: Transaction, payment: int) -> bool:
    """Whether a payment counts: nothing else was reported under its code, and it was not taken back."""
    return tx.row(f"SELECT 1 FROM payment WHERE id = :id AND {_COUNTS}", id=payment) is not None


def take_back(tx: Transaction, payment: int, source: str, at: str) -> None:
    """A source says that a payment was taken back, or never stood."""
    tx.write(
        "INSERT INTO taken_back(payment, source, at) VALUES (:payment, :source, :at) ON CONFLICT DO NOTHING",
        payment=payment, source=source, at=at,
    )  # fmt: skip


def stand_again(tx: Transaction, payment: int, source: str) -> None:
    """A source says no more that a payment was taken back."""
    tx.write(
        "DELETE FROM taken_back WHERE payment = :payment AND source = :source", payment=payment, source=source
    )


def confirm(tx: Transaction, payment: int, source: str, at: str) -> None:
    """Another source holds a payment too."""
    tx.write(
        "INSERT INTO confirmed(payment, source, at) VALUES (:payment, :source, :at) ON CONFLICT DO NOTHING",
        payment=payment, source=source, at=at,
    )  # fmt: skip


def unconfirm(tx: Transaction, payment: int, source: str) -> None:
    """A source holds a payment no more."""
    tx.write(
        "DELETE FROM confirmed WHERE payment = :payment AND source = :source", payment=payment, source=source
    )


def is_confirmed(tx: Transaction, payment: int) -> bool:
    """Whether another source holds a payment."""
    return tx.row("SELECT 1 FROM confirmed WHERE payment = :payment", payment=payment) is not None


def unconfirmed_minor(tx: Transaction, park: str, since: str) -> int:
    """What was paid to a park since a moment that counts and that nothing confirms, KES minor units."""
    row = tx.row(
        "SELECT coalesce(sum(amount_minor), 0) FROM payment WHERE park = :park AND paid_at >= :since"
        f" AND {_COUNTS} AND {_UNCONFIRMED}",
        park=park, since=since,
    )  # fmt: skip
    return int(row[0]) if row else 0


def to_ask(tx: Transaction, paybill: str, before: Sequence[str], most: int) -> list[Kept]:
    """The payments to a paybill that count, that nothing confirms, and whose status is to be asked for.

    `before` are moments: what was asked for n times is to be asked again when that was before the nth.
    """
    waited = " OR ".join(
        f"(coalesce(asked.tries, 0) = {tries} AND coalesce(asked.at, payment.at) <= :before{tries})"
        for tries in range(len(before))
    )
    found = tx.rows(
        f"{_PAYMENT} LEFT JOIN asked ON asked.payment = payment.id WHERE paybill = :paybill AND ({waited})"
        f" AND {_COUNTS} AND {_UNCONFIRMED} ORDER BY id LIMIT :most",
        paybill=paybill, most=most, **{f"before{tries}": at for tries, at in enumerate(before)},
    )  # fmt: skip
    return [_kept(row) for row in found]


def ask(tx: Transaction, payment: int, at: str) -> None:
    """The status of a payment is asked for once more."""
    tx.write(
        "INSERT INTO asked(payment, tries, at) VALUES (:payment, 1, :at)"
        " ON CONFLICT(payment) DO UPDATE SET tries = asked.tries + 1, at = excluded.at",
        payment=payment, at=at,
    )  # fmt: skip


def was_asked(tx: Transaction, payment: int) -> bool:
    """Whether the status of a payment was ever asked for."""
    return tx.row("SELECT 1 FROM asked WHERE payment = :payment", payment=payment) is not None


def _kept(row: Sequence[Any]) -> Kept:
    id_, paybill, trans_id, account, amount_minor, paid_at, park = row
    return Kept(id_, Paid(paybill, trans_id, account, amount_minor, paid_at), park)
