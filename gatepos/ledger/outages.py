"""What was sold, taken and owed inside an outage of this till, row by row."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from gatepos.domain.entry import Entry
from gatepos.domain.money import KES, USD
from gatepos.ledger import totals, windows
from gatepos.ledger.ledger import Ledger
from gatepos.ledger.totals import Became


@dataclass(frozen=True, slots=True)
class Outage:
    """An outage by the entries of its life; `after` and `until` are the positions between which it lay."""

    opened: Entry
    countersigned: Entry | None
    closed: Entry | None
    until: int

    @property
    def id(self) -> str:
        """By which everything inside names it."""
        return self.opened.id

    @property
    def after(self) -> int:
        """The position of its opening."""
        return self.opened.seq

    @property
    def paybill(self) -> str:
        """The one to pay to inside it."""
        return cast(str, self.opened.data["paybill"])


@dataclass(frozen=True, slots=True)
class Sold:
    """A receipt sold inside it, how it ended, if it did, and KES minor units of it that still count."""

    entry: Entry
    ended: str
    counts_minor: int


@dataclass(frozen=True, slots=True)
class Paid:
    """What an M-PESA code brought to the paybill of an outage, KES; for a pass or a leaf of it also later."""

    seq: int
    receipt: str
    reference: str
    kes_minor: int
    is_inside: bool
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Debt:
    """What somebody owes on passes of an outage, KES minor units; `since` the oldest was issued."""

    plate: str
    operator: str
    passes: int
    owed_minor: int
    since: str


@dataclass(frozen=True, slots=True)
class Served:
    """What somebody did inside it: papers paid, KES and USD minor units, passes issued."""

    staff: str
    papers: int
    kes_minor: int
    usd_minor: int
    passes: int


def of_till(ledger: Ledger) -> list[Outage]:
    """Every outage of this till, the first first."""
    signed = {entry.data["outage"]: entry for entry in reversed(ledger.of_kind("outage.countersigned"))}
    closed = {entry.data["outage"]: entry for entry in ledger.of_kind("outage.closed")}
    return [
        Outage(one, signed.get(one.id), ended, ended.seq if ended else ledger.head[0])
        for one in ledger.of_kind("outage.opened")
        for ended in (closed.get(one.id),)
    ]


def receipts(ledger: Ledger, outage: Outage) -> list[Sold]:
    """The receipts sold inside it, those that no longer count with them."""
    rows = ledger.conn.execute(
        "SELECT seq, (SELECT how FROM receipt_ending WHERE receipt_ending.receipt = receipt.number),"
        " total_minor - (SELECT coalesce(sum(kes_minor), 0) FROM refund_line"
        " WHERE refund_line.receipt = receipt.number) FROM receipt"
        " WHERE till = ? AND seq > ? AND seq < ? ORDER BY seq",
        (ledger.context.till, *_window(outage)),
    ).fetchall()
    return [Sold(ledger.entry(seq), how or "", 0 if how else int(minor)) for seq, how, minor in rows]


def settlements(ledger: Ledger, outage: Outage) -> list[Entry]:
    """What was paid at this till inside it, on passes of any till."""
    rows = ledger.conn.execute(
        "SELECT seq FROM settlement WHERE till = ? AND seq > ? AND seq < ? ORDER BY seq",
        (ledger.context.till, *_window(outage)),
    ).fetchall()
    return [ledger.entry(seq) for (seq,) in rows]


def leaves(ledger: Ledger, outage: Outage) -> list[Entry]:
    """The leaves written by hand inside it and captured by now, whenever that was."""
    captured = ledger.of_kind("paper.captured", outage.after)
    return [entry for entry in captured if entry.data["outage"] == outage.id]


def paid(ledger: Ledger, outage: Outage) -> list[Paid]:
    """What M-PESA codes brought to its paybill: inside it, and here later on its passes and leaves."""
    own, (after, until) = ledger.context.till, _window(outage)
    by_hand = [leaf.number for leaf in leaves(ledger, outage)]
    rows = ledger.conn.execute(
        "SELECT t.seq, t.receipt, t.reference, t.kes_minor, EXISTS (SELECT 1 FROM confirmation c"
        " WHERE c.folded = t.folded AND c.till = t.till) FROM tender t WHERE t.till = ? AND t.seq > ?"
        " AND t.kind = 'mpesa' AND t.paybill = ? AND (t.seq < ? OR t.receipt IN (SELECT s.number"
        " FROM settlement s JOIN pass p ON p.number = s.pass WHERE p.till = ? AND p.outage = ?)"
        f" OR t.receipt IN ({', '.join('?' * len(by_hand))})) ORDER BY t.seq, t.line",
        (own, after, outage.paybill, until, own, outage.id, *by_hand),
    ).fetchall()
    return [
        Paid(seq, receipt, reference or "", int(kes), seq < until, bool(is_confirmed))
        for seq, receipt, reference, kes, is_confirmed in rows
    ]


def debts(ledger: Ledger, found: Sequence[Became]) -> list[Debt]:
    """Who owes on passes, by plate and operator, the most first."""
    by: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for one in found:
        if one.open_minor:
            issued = cast(Entry, ledger.by_number(one.number))
            who = cast(str, issued.data["plate"]), cast("str | None", issued.data["operator"]) or ""
            by[who].append((one.open_minor, issued.at))
    made = [
        Debt(*who, len(some), sum(minor for minor, _ in some), min(at for _, at in some))
        for who, some in by.items()
    ]
    return sorted(made, key=lambda debt: (-debt.owed_minor, debt.plate))


def served(ledger: Ledger, outage: Outage) -> list[Served]:
    """Who took money or issued passes inside it."""
    window = (ledger.context.till, *_window(outage))
    taken = ledger.conn.execute(
        "SELECT coalesce(staff, ''), count(DISTINCT number),"
        f" sum(CASE WHEN currency = '{KES}' THEN amount_minor ELSE 0 END),"
        f" sum(CASE WHEN currency = '{USD}' THEN amount_minor ELSE 0 END)"
        " FROM taken WHERE till = ? AND seq > ? AND seq < ? GROUP BY 1",
        window,
    ).fetchall()
    issued = dict(
        ledger.conn.execute(
            "SELECT coalesce(staff, ''), count(*) FROM pass WHERE till = ? AND seq > ? AND seq < ?"
            " GROUP BY 1",
            window,
        )
    )
    sums = {staff: (int(papers), int(kes), int(usd)) for staff, papers, kes, usd in taken}
    return [
        Served(staff, *sums.get(staff, (0, 0, 0)), int(issued.get(staff, 0)))
        for staff in sorted({*sums, *issued})
    ]


def until_paid_s(ledger: Ledger, outage: Outage) -> list[int]:
    """Seconds from the first scan of a pass in the lane to its payment, of each that was paid inside it."""
    found: list[int] = []
    for entry in settlements(ledger, outage):
        row = ledger.conn.execute(
            "SELECT min(seq) FROM scan WHERE subject = ? AND till = ? AND direction = 'out' AND seq > ?"
            " AND seq < ?",
            (entry.data["pass"], ledger.context.till, outage.after, entry.seq),
        ).fetchone()
        if row[0] is not None:
            found += windows.seconds(ledger.entry(row[0]), entry)
    return found


def until_recorded_s(ledger: Ledger, outage: Outage) -> list[int]:
    """Seconds from the first touch or the scan of a slip to RECORDED, of each receipt and pass inside it."""
    rows = ledger.conn.execute(
        "SELECT served_ms FROM served WHERE till = ? AND seq > ? AND seq < ? ORDER BY seq",
        (ledger.context.till, *_window(outage)),
    )
    return [int(ms) // 1_000 for (ms,) in rows]


def _window(outage: Outage) -> tuple[int, int]:
    """After and before which positions lies what is inside."""
    return outage.after, outage.until if outage.closed else outage.until + 1


def passes(ledger: Ledger, outage: Outage) -> list[Became]:
    """What became of the passes issued inside it."""
    return totals.passes_of(ledger, outage.id)
