"""What central said of M-PESA payments, beside what this till took as paid by their codes."""

from dataclasses import dataclass

from gatepos.domain.entry import Entry
from gatepos.domain.payment import folded
from gatepos.ledger.feeds import Payment
from gatepos.ledger.ledger import Ledger

CONFIRMED, SEEN, WITHDRAWN = "confirmed", "seen", "withdrawn"
"""How central says that a payment stands."""
_CODE = "replace(replace(p.trans_id, 'O', '0'), 'I', '1')"
_PAYMENT = "p.trans_id, p.account, p.amount_minor, p.at, p.state"


@dataclass(frozen=True, slots=True)
class Claim:
    """A payment that this till claimed, and the first receipt that it paid here."""

    payment: Payment
    receipt: str

    def as_data(self) -> dict[str, object]:
        """As a `payment.confirmed` says it."""
        return {
            "reference": self.payment.trans_id,
            "receipt": self.receipt,
            "account": self.payment.account,
            "amount_minor": self.payment.amount_minor,
            "paid_at": self.payment.at,
        }


def of_code(ledger: Ledger, code: str) -> Payment | None:
    """What central said of a code, O read as 0 and I as 1."""
    row = ledger.conn.execute(
        f"SELECT {_PAYMENT} FROM heard_payment p WHERE {_CODE} = ?", (folded(code),)
    ).fetchone()
    return Payment(*row) if row else None


def paybills(ledger: Ledger) -> set[str]:
    """Those to which payments were taken here."""
    return {row[0] for row in ledger.conn.execute("SELECT DISTINCT paybill FROM tender") if row[0]}


def of_account(ledger: Ledger, account: str) -> list[Payment]:
    """All that central said was paid to an account, withdrawn too."""
    rows = ledger.conn.execute(
        f"SELECT {_PAYMENT} FROM heard_payment p WHERE account = ? ORDER BY at", (account,)
    )
    return [Payment(*row) for row in rows.fetchall()]


def unconfirmed_minor(ledger: Ledger, since: str) -> int:
    """KES minor units that central has seen paid to this park since a moment, and nothing confirms."""
    row = ledger.conn.execute(
        "SELECT coalesce(sum(amount_minor), 0) FROM heard_payment WHERE state = ? AND at >= ?", (SEEN, since)
    ).fetchone()
    return int(row[0])


def of_confirmed(ledger: Ledger, payment: Payment) -> Claim | None:
    """This till's claim of a payment that is confirmed; None where it has none, or said so before."""
    key = (f"mpesa:{folded(payment.trans_id)}", ledger.context.till)
    (receipt,) = ledger.conn.execute(
        "SELECT min(receipt) FROM tender WHERE folded = ? AND till = ?", key
    ).fetchone()
    if receipt is None:
        return None
    return None if said(ledger, payment.trans_id) else Claim(payment, receipt)


def said(ledger: Ledger, code: str) -> Entry | None:
    """The entry by which this till said that a code is confirmed; None where it did not, or undid it."""
    count, seq = ledger.conn.execute(
        "SELECT coalesce(sum(counts), 0), max(CASE WHEN counts > 0 THEN seq END) FROM confirmation"
        " WHERE folded = ? AND till = ?",
        (f"mpesa:{folded(code)}", ledger.context.till),
    ).fetchone()
    return ledger.entry(seq) if count > 0 else None


def said_within(ledger: Ledger, first: str, last: str) -> list[Entry]:
    """The entries by which this till said, and did not undo, what was paid from one moment to another."""
    rows = ledger.conn.execute(
        "SELECT DISTINCT reference FROM confirmation WHERE till = ? AND paid_at BETWEEN ? AND ?",
        (ledger.context.till, first, last),
    ).fetchall()
    return [entry for (code,) in rows if (entry := said(ledger, code)) is not None]


def days(ledger: Ledger, code: str) -> list[str]:
    """The business days on which this till took a code."""
    rows = ledger.conn.execute(
        "SELECT DISTINCT day FROM tender WHERE folded = ? AND till = ?",
        (f"mpesa:{folded(code)}", ledger.context.till),
    )
    return [str(day) for (day,) in rows]


def since(ledger: Ledger, seq: int) -> list[Payment]:
    """The confirmed payments that this till claimed in its entries after a position."""
    rows = ledger.conn.execute(
        f"SELECT DISTINCT {_PAYMENT} FROM tender t JOIN heard_payment p ON {_CODE} = substr(t.folded, 7)"
        " WHERE t.till = ? AND t.seq > ? AND t.kind = 'mpesa' AND p.state = ?",
        (ledger.context.till, seq, CONFIRMED),
    )
    return [Payment(*row) for row in rows.fetchall()]
