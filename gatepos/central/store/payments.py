"""The payments that Daraja reported, each as often as it was reported differently, and for which paybills."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gatepos.central.store.engine import Transaction

_PAYMENT = "SELECT id, paybill, trans_id, account, amount_minor, paid_at, park FROM payment"


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
    found = tx.rows(
        f"{_PAYMENT} WHERE account = :account AND NOT EXISTS (SELECT 1 FROM payment other"
        " WHERE other.trans_id = payment.trans_id AND other.id <> payment.id) ORDER BY id",
        account=account,
    )
    return [_kept(row) for row in found]


def _kept(row: Sequence[Any]) -> Kept:
    id_, paybill, trans_id, account, amount_minor, paid_at, park = row
    return Kept(id_, Paid(paybill, trans_id, account, amount_minor, paid_at), park)
