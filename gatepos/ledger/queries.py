"""The questions that a till asks of its books: each one indexed read at any age of the ledger."""

from dataclasses import dataclass

from gatepos.domain import moments, numbers
from gatepos.domain.entry import Entry
from gatepos.domain.payment import folded
from gatepos.i18n import N_
from gatepos.ledger.checks import Finding
from gatepos.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class WaitingBill:
    """A bill that has not ended."""

    number: str
    plate: str
    total_minor: int
    at: str
    corrects: str | None


@dataclass(frozen=True, slots=True)
class Used:
    """What is known of a payment reference: all it paid, what was used, the first receipt it paid."""

    paid_minor: int
    used_minor: int
    receipt: str | None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a receipt ended, and the number that ended it."""

    how: str
    ended_by: str


@dataclass(frozen=True, slots=True)
class ReceiptFound:
    """A receipt as lists show it."""

    number: str
    at: str
    plate: str
    total_minor: int
    state: str
    by: str | None
    codes: tuple[str, ...]


def waiting_bills(ledger: Ledger) -> list[WaitingBill]:
    """Bills that were opened and have not ended, oldest first; LedgerDamaged when a book lacks one."""
    return [_waiting_bill(ledger, number) for number in ledger.state.bills]


def bill_ending(ledger: Ledger, number: str) -> str | None:
    """How a bill ended."""
    row = ledger.conn.execute("SELECT how FROM bill_ending WHERE bill = ?", (number,)).fetchone()
    return str(row[0]) if row else None


def used(ledger: Ledger, kind: str, reference: str) -> Used:
    """What a payment reference paid and what of it is used, O read as 0 and I as 1."""
    row = ledger.conn.execute(
        "SELECT coalesce(max(paid_minor), 0), coalesce(sum(kes_minor), 0), min(receipt)"
        " FROM tender WHERE folded = ?",
        (f"{kind}:{folded(reference)}",),
    ).fetchone()
    return Used(*row)


def ticket_use(ledger: Ledger, reference: str) -> Entry | None:
    """The first entry, here or heard, by which a ticket was used, O read as 0 and I as 1."""
    rows = ledger.conn.execute(
        "SELECT DISTINCT till, seq FROM tender WHERE folded = ?", (f"ecitizen:{folded(reference)}",)
    ).fetchall()
    uses = [entry for row in rows if (entry := ledger.at(*row)) is not None]
    return min(uses, key=lambda entry: entry.at, default=None)


def tickets_typed(ledger: Ledger, shift: str) -> int:
    """Tickets whose reference was typed in a shift, but for leaves written by hand."""
    row = ledger.conn.execute(
        "SELECT count(*) FROM tender WHERE shift = ? AND kind = 'ecitizen' AND is_typed = 1"
        f" AND substr(receipt, 5, 1) <> '{numbers.PAPER}'",
        (shift,),
    ).fetchone()
    return int(row[0])


def tickets_taken(ledger: Ledger, shift: str) -> int:
    """Vehicles that a shift let in on tickets paid elsewhere."""
    row = ledger.conn.execute(
        "SELECT count(DISTINCT receipt) FROM tender WHERE shift = ? AND kind = 'ecitizen'", (shift,)
    ).fetchone()
    return int(row[0])


def receipt_ending(ledger: Ledger, number: str) -> Ending | None:
    """How a receipt ended: corrected, voided or refunded."""
    row = ledger.conn.execute(
        "SELECT how, ended_by FROM receipt_ending WHERE receipt = ?", (number,)
    ).fetchone()
    return Ending(*row) if row else None


def receipts(
    ledger: Ledger,
    *,
    number: str | None = None,
    text: str | None = None,
    amount_minor: int | None = None,
    day: str | None = None,
    limit: int = 50,
) -> list[ReceiptFound]:
    """Receipts of this till, newest first: by number; else by plate or payment code beginning with `text`, or
    by amount.
    """
    wheres: list[tuple[str, tuple[object, ...]]] = []
    if number is not None:
        wheres.append(("number = ?", (number,)))
    elif text is not None or amount_minor is not None:
        wheres += _by_text(text or "")
        if amount_minor is not None:
            wheres.append(("total_minor = ?", (amount_minor,)))
    else:
        # The till stands before seq in the key: the newest are read from its end without sorting.
        wheres.append(("till = ?", (ledger.context.till,)))
    seqs = {seq for where, values in wheres for seq in _seqs(ledger, where, values, day, limit)}
    return [_receipt(ledger, seq) for seq in sorted(seqs, reverse=True)[:limit]]


def cash_minor(ledger: Ledger, receipts: list[str], shift: str) -> int:
    """KES of cash that a shift's drawer keeps for these receipts, change taken off."""
    marks = ", ".join("?" * len(receipts))
    row = ledger.conn.execute(
        f"SELECT coalesce(sum(kes_minor), 0) FROM tender"
        f" WHERE kind = 'cash' AND shift = ? AND receipt IN ({marks})",
        (shift, *receipts),
    ).fetchone()
    entries = (ledger.by_number(number) for number in receipts)
    change = sum(int(str(e.data["change_minor"])) for e in entries if e is not None and e.shift == shift)
    return max(int(row[0]) - change, 0) if row[0] else 0


def cash_on(ledger: Ledger, number: str) -> int:
    """KES of cash that was taken on a pass so far, in parts."""
    row = ledger.conn.execute(
        "SELECT coalesce(sum(kes_minor), 0) FROM tender JOIN settlement ON settlement.number = tender.receipt"
        " WHERE settlement.pass = ? AND tender.kind = 'cash'",
        (number,),
    ).fetchone()
    return int(row[0])


def signed_in_at(ledger: Ledger, staff: str, after_seq: int) -> int:
    """The seq at which somebody last signed in after an entry, or 0."""
    row = ledger.conn.execute(
        "SELECT seq FROM journal WHERE kind = 'sign.in' AND seq > ?"
        " AND json_extract(CAST(raw AS TEXT), '$.data.staff') = ? ORDER BY seq DESC LIMIT 1",
        (after_seq, staff),
    ).fetchone()
    return int(row[0]) if row else 0


def sign_ins(ledger: Ledger, most: int) -> list[int]:
    """The moments, ms, at which somebody signed in, newest first."""
    rows = ledger.conn.execute(
        "SELECT seq FROM journal WHERE kind = 'sign.in' ORDER BY seq DESC LIMIT ?", (most,)
    ).fetchall()
    return [moments.from_text(ledger.entry(int(seq)).at) for (seq,) in rows]


def last_close(ledger: Ledger) -> Entry | None:
    """The shift closed last."""
    return ledger.journal.last_of_kind("shift.closed")


def training(ledger: Ledger) -> Entry | None:
    """The beginning of a training that has not ended."""
    begun = ledger.journal.last_of_kind("training.begun")
    ended = ledger.journal.last_of_kind("training.ended")
    return begun if begun and (ended is None or ended.seq < begun.seq) else None


def drawer(ledger: Ledger, shift: str) -> dict[str, int]:
    """Cash in a shift's drawer by currency, float included, minor units."""
    rows = ledger.conn.execute(
        "SELECT currency, sum(amount_minor) FROM posting WHERE account = ? GROUP BY currency",
        (f"asset:cash:{shift}",),
    )
    return {currency: int(minor) for currency, minor in rows}


def tendered(ledger: Ledger, shift: str) -> dict[str, int]:
    """KES by tender in a shift, cash aside; what was paid back that way taken off."""
    rows = ledger.conn.execute(
        "SELECT kind, sum(minor) FROM (SELECT kind, kes_minor AS minor FROM tender WHERE shift = ?1"
        " UNION ALL SELECT kind, -amount_minor FROM refund_paid WHERE shift = ?1)"
        " WHERE kind NOT IN ('cash', 'held') GROUP BY kind",
        (shift,),
    )
    return {kind: int(minor) for kind, minor in rows}


def receipt_count(ledger: Ledger, shift: str) -> int:
    """Receipts written in a shift, corrected ones included."""
    row = ledger.conn.execute("SELECT count(*) FROM receipt WHERE shift = ?", (shift,)).fetchone()
    return int(row[0])


def income_since_minor(ledger: Ledger, after_seq: int, shift: str | None = None) -> int:
    """KES earned after an entry, in one shift or in all; undone receipts taken off."""
    row = ledger.conn.execute(
        "SELECT coalesce(sum(amount_minor), 0) FROM posting WHERE till = ? AND seq > ?"
        " AND account >= 'income:' AND account < 'income;' AND (? IS NULL OR shift = ?)",
        (ledger.context.till, after_seq, shift, shift),
    ).fetchone()
    return -int(row[0])


def opened_at(ledger: Ledger, shift: str) -> int:
    """The seq at which a shift opened."""
    row = ledger.conn.execute("SELECT seq FROM shift WHERE number = ?", (shift,)).fetchone()
    return int(row[0]) if row else 0


def _by_text(text: str) -> list[tuple[str, tuple[object, ...]]]:
    if not text:
        return []
    after = text + "\U0010ffff"
    codes = [(f"mpesa:{folded(text)}", f"mpesa:{folded(text)}\U0010ffff")]
    codes.append((f"ecitizen:{folded(text)}", f"ecitizen:{folded(text)}\U0010ffff"))
    by_code = "number IN (SELECT receipt FROM tender WHERE folded >= ? AND folded < ? LIMIT 200)"
    return [("plate >= ? AND plate < ?", (text, after)), *((by_code, bounds) for bounds in codes)]


def _seqs(ledger: Ledger, where: str, values: tuple[object, ...], day: str | None, limit: int) -> list[int]:
    on = " AND day = ?" if day else ""
    rows = ledger.conn.execute(
        # Behind a plus the till is no reason to read all its receipts instead of the index of what is asked.
        f"SELECT seq FROM receipt WHERE {where}{on} AND +till = ? ORDER BY seq DESC LIMIT ?",
        (*values, *((day,) if day else ()), ledger.context.till, limit),
    )
    return [row[0] for row in rows]


def _waiting_bill(ledger: Ledger, number: str) -> WaitingBill:
    row = ledger.conn.execute(
        "SELECT number, plate, total_minor, at, corrects FROM bill WHERE number = ?", (number,)
    ).fetchone()
    if row is None:
        ledger.stop(
            Finding(
                0,
                N_("the book {book} does not find {number}"),
                {"book": "bill", "number": numbers.printed(number)},
            )
        )
    return WaitingBill(*row)


def _receipt(ledger: Ledger, seq: int) -> ReceiptFound:
    number, at, plate, total, by, how, is_refunded = ledger.conn.execute(
        "SELECT number, at, plate, total_minor, staff,"
        " (SELECT how FROM receipt_ending WHERE receipt_ending.receipt = receipt.number),"
        " EXISTS (SELECT 1 FROM refund_line WHERE refund_line.receipt = receipt.number)"
        " FROM receipt WHERE till = ? AND seq = ?",
        (ledger.context.till, seq),
    ).fetchone()
    codes = ledger.conn.execute("SELECT reference FROM tender WHERE receipt = ?", (number,)).fetchall()
    return ReceiptFound(
        number,
        at,
        plate,
        total,
        how or ("part_refunded" if is_refunded else ""),
        by,
        tuple(c for (c,) in codes if c),
    )
