"""Receipts for a pass that were shown at a lane: they pay at once, unless their till turns out never to have
written them.
"""

from gatepos.domain import keyring as keyrings
from gatepos.ledger import heard, keyring
from gatepos.ledger.ledger import Ledger

IS_GENUINE = "verdict <> 'does_not_verify'"
"""Of a scan: what a forged paper says is worth nothing, however often it is shown."""
_PAID_PAPER = 1


def due(ledger: Ledger, number: str) -> int | None:
    """The least that a receipt for a pass said is still owed, KES minor units; None when none was shown."""
    row = ledger.conn.execute(
        f"SELECT min(due_minor) FROM scan WHERE subject = ? AND paper = ? AND {IS_GENUINE}",
        (number, _PAID_PAPER),
    ).fetchone()
    return None if row[0] is None else int(row[0])


def credible_due(ledger: Ledger, number: str) -> int | None:
    """The same by those receipts that are in the books, or that their till may have written unheard."""
    rows = ledger.conn.execute(
        "SELECT due_minor, digest, at, till, seq FROM scan"
        f" WHERE subject = ? AND paper = ? AND {IS_GENUINE} ORDER BY due_minor",
        (number, _PAID_PAPER),
    ).fetchall()
    return next((int(row[0]) for row in rows if _is_credible(ledger, number, *row[1:])), None)


def _is_credible(ledger: Ledger, number: str, digest: str, at: str, till: str, seq: int) -> bool:
    written = ledger.conn.execute(
        "SELECT 1 FROM settlement WHERE pass = ? AND digest = ?", (number, digest)
    ).fetchone()
    if written is not None:
        return True
    scan = ledger.at(till, seq)
    signer = str(scan.data["issuer"]) if scan else ""
    if signer == ledger.context.till or _is_revoked(ledger, signer):
        return False
    last_at = heard.last_at(ledger.conn, signer)
    return last_at is None or last_at <= at


def _is_revoked(ledger: Ledger, till: str) -> bool:
    row = keyrings.of_till(keyring.known(ledger.conn), till)
    return row is not None and row.is_revoked
