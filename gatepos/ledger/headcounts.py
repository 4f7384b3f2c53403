"""What is known of the vehicles whose people were to be counted."""

from gatepos.ledger.ledger import Ledger


def is_answered(ledger: Ledger, number: str, day: str) -> bool:
    """Whether somebody counted the people on a paper on a business day here, or said why not."""
    rows = ledger.conn.execute(
        "SELECT seq, counted FROM headcount WHERE subject = ? AND till = ? AND day = ?",
        (number, ledger.context.till, day),
    )
    return any(counted is not None or ledger.entry(seq).data["reason"] is not None for seq, counted in rows)
