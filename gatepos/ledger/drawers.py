"""The questions that a till asks of its books about a shift's drawer: what lies in it, and why."""

from collections import defaultdict
from dataclasses import dataclass
from typing import cast

from gatepos.domain import moments
from gatepos.domain.books import BACK
from gatepos.domain.drawer import Drawer, Late
from gatepos.domain.entry import Entry
from gatepos.domain.money import KES, USD
from gatepos.domain.postings import INCOME
from gatepos.domain.vocabulary import CAPTURED, CORRECTED, DROPPED, PAID_IN, PAID_OUT, REFUNDED, VOIDED
from gatepos.ledger import queries
from gatepos.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Approval:
    """An action that somebody approved as the second person, and whose action it was."""

    kind: str
    at: str
    how: str
    number: str | None
    asked_by: str | None
    gate: str


def drawers(ledger: Ledger, shift: str) -> tuple[Drawer, ...]:
    """What a shift's drawer should hold, KES first; USD only where any was there."""
    sums = queries.drawer(ledger, shift)
    opened = ledger.by_number(shift)
    floats = _floats(opened) if opened else {}
    currencies = (KES, USD) if USD in sums else (KES,)
    return tuple(_drawer(ledger, shift, one, floats.get(one, 0), sums.get(one, 0)) for one in currencies)


def openings(ledger: Ledger, shift: str) -> int:
    """How often a shift's drawer was opened without a sale."""
    row = ledger.conn.execute("SELECT count(*) FROM drawer_opened WHERE shift = ?", (shift,)).fetchone()
    return int(row[0])


def late(ledger: Ledger, shift: str) -> tuple[Late, ...]:
    """What a shift has of times whose shift was closed before, by what it is and day."""
    opened, close = ledger.by_number(shift), queries.last_close(ledger)
    if opened is None:
        return ()
    closed_at = close.at if close else ""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for entry in _later(ledger, opened.seq):
        found = _late(ledger, entry, opened, closed_at) if entry.shift == shift else None
        if found is not None:
            what, day, income_minor = found
            sums[what, day][0] += 1
            sums[what, day][1] += income_minor
    return tuple(Late(*key, *each) for key, each in sorted(sums.items()))


def approvals(ledger: Ledger, staff: str, day: str) -> list[Approval]:
    """What somebody approved on a business day at any till heard here, newest first."""
    rows = ledger.conn.execute(
        "SELECT kind, at, how, number, staff, gate FROM act WHERE also = ? AND day = ?"
        " ORDER BY at DESC, till, seq DESC",
        (staff, day),
    )
    return [Approval(*row) for row in rows]


def handed_over(ledger: Ledger, staff: str, most: int) -> list[Entry]:
    """The newest closes of this till whose work is handed to somebody and not taken over, oldest first."""
    rows = ledger.conn.execute(
        "SELECT seq FROM shift_ending WHERE handed_to = ? AND till = ? AND NOT EXISTS"
        " (SELECT 1 FROM taken_over WHERE taken_over.shift = shift_ending.shift)"
        " ORDER BY seq DESC LIMIT ?",
        (staff, ledger.context.till, most),
    ).fetchall()
    return [ledger.entry(seq) for (seq,) in reversed(rows)]


def _floats(opened: Entry) -> dict[str, int]:
    return {KES: cast(int, opened.data["float_kes_minor"]), USD: cast(int, opened.data["float_usd_minor"])}


def _drawer(ledger: Ledger, shift: str, currency: str, float_minor: int, holds_minor: int) -> Drawer:
    moved = _moved(ledger, shift, currency)
    paid_in, paid_out, dropped = (moved.get(how, 0) for how in (PAID_IN, PAID_OUT, DROPPED))
    handed, kept = _handed_minor(ledger, shift, currency), _kept_minor(ledger, shift, currency)
    return Drawer(
        currency,
        float_minor=float_minor,
        taken_minor=handed,
        change_minor=handed - kept,
        returned_minor=float_minor + kept + paid_in - paid_out - dropped - holds_minor,
        dropped_minor=dropped,
        paid_out_minor=paid_out,
        paid_in_minor=paid_in,
    )


def _moved(ledger: Ledger, shift: str, currency: str) -> dict[str, int]:
    rows = ledger.conn.execute(
        "SELECT how, sum(amount_minor) FROM cash_moved WHERE shift = ? AND currency = ? GROUP BY how",
        (shift, currency),
    )
    return {how: int(minor) for how, minor in rows}


def _handed_minor(ledger: Ledger, shift: str, currency: str) -> int:
    """Cash that was handed over, before change."""
    row = ledger.conn.execute(
        "SELECT coalesce(sum(amount_minor), 0) FROM tender"
        " WHERE shift = ? AND kind = 'cash' AND currency = ?",
        (shift, currency),
    ).fetchone()
    return int(row[0])


def _kept_minor(ledger: Ledger, shift: str, currency: str) -> int:
    """Cash that papers brought, after change."""
    day = ledger.state.days.get(shift)
    row = ledger.conn.execute(
        "SELECT coalesce(sum(amount_minor), 0) FROM taken WHERE day = ? AND till = ? AND shift = ?"
        " AND kind = 'cash' AND currency = ? AND place <> ?",
        (day.isoformat() if day else "", ledger.context.till, shift, currency, BACK),
    ).fetchone()
    return int(row[0])


def _later(ledger: Ledger, after_seq: int) -> list[Entry]:
    """Entries after one that may belong to an earlier shift."""
    rows = ledger.conn.execute(
        "SELECT seq FROM leaf WHERE till = :till AND seq > :after AND how = 'captured'"
        " UNION SELECT seq FROM receipt_ending WHERE till = :till AND seq > :after"
        " UNION SELECT seq FROM refund_line WHERE till = :till AND seq > :after ORDER BY seq",
        {"till": ledger.context.till, "after": after_seq},
    )
    return [ledger.entry(seq) for (seq,) in rows]


def _late(ledger: Ledger, entry: Entry, opened: Entry, closed_at: str) -> tuple[str, str, int] | None:
    """What, of which day, and the income that it adds; None where no shift was closed over it."""
    data = entry.data
    if entry.kind == "paper.captured":
        written_at = cast(str, data["written_at"])
        if not written_at < min(opened.at, closed_at):
            return None
        day = moments.local_day(moments.from_text(written_at)).isoformat()
        return CAPTURED, day, cast(int, data["total_minor"])
    what, of = _UNDOES[entry.kind]
    old = ledger.by_number(cast(str, data[of]))
    if old is None or old.shift == entry.shift or old.shift in ledger.state.shifts:
        return None
    return what, old.day, -sum(amount for account, _, amount in entry.postings if account.startswith(INCOME))


_UNDOES = {
    "receipt.voided": (VOIDED, "receipt"),
    "receipt.corrected": (CORRECTED, "replaces"),
    "refund.decided": (REFUNDED, "subject"),
}
"""What undoes something of an earlier paper, and the field that names that paper."""
