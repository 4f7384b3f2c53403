"""What a till's books say of refunds: each with its state, and what of a paper's money has gone back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gatepos.domain import bill as bills
from gatepos.domain import numbers, postings
from gatepos.domain.bill import Line
from gatepos.domain.payment import folded
from gatepos.ledger import passes, queries
from gatepos.ledger.ledger import Ledger

REQUESTED, APPROVED, REFUSED, PAID = "requested", "approved", "refused", "paid"
OPEN = (REQUESTED, APPROVED)
_PAID = "(SELECT coalesce(sum(amount_minor), 0) FROM refund_paid p WHERE p.refund = r.number)"
_SELECT = (
    "SELECT r.number, r.subject, r.at, r.staff, r.amount_minor, r.used, r.by_line,"
    f" (SELECT is_approved FROM refund_decision d WHERE d.refund = r.number), {_PAID} FROM refund r"
)
_IS_DONE = (
    "EXISTS (SELECT 1 FROM refund_decision d WHERE d.refund = r.number"
    f" AND (NOT d.is_approved OR {_PAID} >= r.amount_minor))"
)


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund as it stands; KES minor units. `by_line` where income is undone when it is approved."""

    number: str
    subject: str
    at: str
    staff: str | None
    amount_minor: int
    used: int
    by_line: int
    is_approved: int | None
    paid_minor: int

    @property
    def state(self) -> str:
        """REQUESTED, APPROVED, REFUSED or PAID."""
        if self.is_approved is None:
            return REQUESTED
        if not self.is_approved:
            return REFUSED
        return APPROVED if self.left_minor else PAID

    @property
    def left_minor(self) -> int:
        """What of it has not been paid back."""
        return self.amount_minor - self.paid_minor


def find(ledger: Ledger, number: str) -> Refund | None:
    """A refund of this till by its number."""
    found = _refunds(ledger, " AND r.number = ?", number)
    return found[0] if found else None


def of(ledger: Ledger, subjects: Sequence[str]) -> list[Refund]:
    """The refunds of a paper, by any of its numbers, that were not refused."""
    found = _refunds(ledger, f" AND r.subject IN ({_marks(subjects)})", *subjects)
    return [refund for refund in found if refund.state != REFUSED]


def waiting(ledger: Ledger, wanted: str, limit: int) -> list[Refund]:
    """Those that are not paid or refused and have `wanted` in a number, the oldest first."""
    return _listed(ledger, f"NOT {_IS_DONE}", wanted, "ASC", limit)


def done(ledger: Ledger, wanted: str, limit: int) -> list[Refund]:
    """Those that are paid or refused and have `wanted` in a number, the latest first."""
    return _listed(ledger, _IS_DONE, wanted, "DESC", limit)


def lines_asked(ledger: Ledger, receipt: str) -> list[Refund]:
    """The refunds of lines of a receipt that were not refused."""
    return [refund for refund in of(ledger, [receipt]) if refund.by_line]


def lines_of(ledger: Ledger, subject: str) -> list[Line]:
    """The lines of a receipt that are refunded, or asked to be."""
    entries = (ledger.by_number(refund.number) for refund in lines_asked(ledger, subject))
    return [line for entry in entries if entry is not None for line in bills.lines(entry.data)]


def papers(ledger: Ledger, number: str) -> list[str]:
    """The numbers of one paper, the newest first: a receipt and those it replaced, a pass printed anew."""
    if number[4] == numbers.PASS:
        last = ledger.receivables.last(number)
        return [last, *passes.printed_before(ledger, last)]
    ending = queries.receipt_ending(ledger, number)
    while ending is not None and ending.how == "corrected":
        number = ending.ended_by
        ending = queries.receipt_ending(ledger, number)
    found = [number]
    while (entry := ledger.by_number(found[-1])) is not None and entry.data.get("replaces"):
        found.append(str(entry.data["replaces"]))
    return found


def free_minor(ledger: Ledger, number: str) -> int:
    """KES that is owed back on a paper, and that no refund has asked for."""
    subjects = papers(ledger, number) if number[4] == numbers.PASS else [number]
    owed_back = max(-ledger.receivables.owed(subjects[0]), 0)
    asked = (
        refund.left_minor for refund in of(ledger, subjects) if refund.state == APPROVED or not refund.by_line
    )
    return max(owed_back - sum(asked), 0)


def held(ledger: Ledger, wanted: str = "") -> Iterator[tuple[str, int]]:
    """Each paper of this till on which money is owed back that no refund has asked for, and how much.

    The oldest of a series first, those alone that have `wanted` in their number.
    """
    for number in sorted(ledger.receivables.owed_back(ledger.context.till)):
        if wanted in number and (minor := free_minor(ledger, number)):
            yield number, minor


def left_by_way(ledger: Ledger, number: str, shift: str | None) -> dict[str, int]:
    """KES by the ways in which a paper was paid, less what went back; cash that is in this shift's drawer.

    Cash of another shift, and money that was held, go back by M-PESA.
    """
    subjects = papers(ledger, number)
    receipts = _paid_by(ledger, subjects)
    took = _by_kind(
        ledger, "SELECT kind, sum(kes_minor) FROM tender WHERE receipt IN ({}) GROUP BY kind", receipts
    )
    back = _by_kind(
        ledger,
        "SELECT kind, sum(amount_minor) FROM refund_paid WHERE subject IN ({}) GROUP BY kind",
        subjects,
    )
    returned = _returned(ledger, subjects)
    left = {kind: minor - back.get(kind, 0) for kind, minor in took.items()}
    cash = max(left.pop("cash", 0) - _change(ledger, receipts) - sum(returned.values()), 0)
    here = min(cash, _here(ledger, subjects, receipts, shift) - returned.get(shift, 0)) if shift else 0
    left["cash"] = max(here, 0)
    left["mpesa"] = left.get("mpesa", 0) + left.pop("held", 0) + cash - left["cash"]
    return left


def paid_by(ledger: Ledger, number: str) -> str | None:
    """The M-PESA paybill to which a paper was paid."""
    receipts = _paid_by(ledger, papers(ledger, number))
    row = ledger.conn.execute(
        f"SELECT max(paybill) FROM tender WHERE receipt IN ({_marks(receipts)}) AND kind = 'mpesa'", receipts
    ).fetchone()
    return str(row[0]) if row[0] else None


def is_used(ledger: Ledger, kind: str, reference: str) -> bool:
    """Whether a reference was of a payment already, in or back; O read as 0 and I as 1."""
    key = f"{kind}:{folded(reference)}"
    select = "SELECT 1 FROM refund_paid WHERE folded = ?1 UNION ALL SELECT 1 FROM tender WHERE folded = ?1"
    return ledger.conn.execute(select, (key,)).fetchone() is not None


def held_by(ledger: Ledger, kind: str, reference: str) -> str | None:
    """The receipt of this till on which money is held that came by a code."""
    rows = ledger.conn.execute(
        "SELECT DISTINCT receipt FROM tender WHERE folded = ? AND +till = ? ORDER BY seq",
        (f"{kind}:{folded(reference)}", ledger.context.till),
    ).fetchall()
    found = (one for (number,) in rows for one in papers(ledger, number))
    return next((number for number in found if free_minor(ledger, number)), None)


def codes(ledger: Ledger, number: str) -> set[tuple[str, str]]:
    """The ways of paying and references, as they are compared, by which a receipt was paid."""
    receipts = papers(ledger, number)
    rows = ledger.conn.execute(
        f"SELECT folded FROM tender WHERE receipt IN ({_marks(receipts)}) AND folded IS NOT NULL", receipts
    )
    return {(kind, code) for (key,) in rows for kind, _, code in [str(key).partition(":")]}


def paper_of(ledger: Ledger, number: str) -> str:
    """The number of the paper that a number leads to: of a void the receipt, of a refund what was paid."""
    entry = ledger.by_number(number) if number[4] == numbers.VOID else None
    if entry is None:
        return number
    return str(entry.data["receipt" if entry.kind == "receipt.voided" else "subject"])


def last_paper(ledger: Ledger, number: str) -> int:
    """The seq of the entry whose paper says how a refund stands: as asked for, as refused, or as paid."""
    row = ledger.conn.execute(
        "SELECT max(seq) FROM (SELECT seq FROM refund WHERE number = ?1"
        " UNION ALL SELECT seq FROM refund_decision WHERE refund = ?1 AND NOT is_approved"
        " UNION ALL SELECT seq FROM refund_paid WHERE refund = ?1)",
        (number,),
    ).fetchone()
    return int(row[0])


def owed_since(ledger: Ledger, number: str) -> str:
    """The moment of the last entry that moved what is owed on a paper."""
    row = ledger.conn.execute(
        "SELECT till, max(seq) FROM posting WHERE account = ? GROUP BY till ORDER BY till = ? DESC LIMIT 1",
        (postings.receivable(number), ledger.context.till),
    ).fetchone()
    entry = ledger.at(*row) if row else ledger.by_number(number)
    return entry.at if entry is not None else ""


def _refunds(ledger: Ledger, where: str, *values: object) -> list[Refund]:
    # Behind a plus the till is no reason to read all its refunds instead of the index of what is asked.
    select = f"{_SELECT} WHERE +r.till = ?{where} ORDER BY r.seq DESC"
    return [Refund(*row) for row in ledger.conn.execute(select, (ledger.context.till, *values)).fetchall()]


def _listed(ledger: Ledger, where: str, wanted: str, order: str, limit: int) -> list[Refund]:
    """In the order of the till's entries, so that it ends with the last that is wanted."""
    rows = ledger.conn.execute(
        f"{_SELECT} WHERE r.till = ?1 AND {where} AND (instr(r.number, ?2) OR instr(r.subject, ?2))"
        f" ORDER BY r.seq {order} LIMIT ?3",
        (ledger.context.till, wanted, limit),
    )
    return [Refund(*row) for row in rows.fetchall()]


def _paid_by(ledger: Ledger, subjects: Sequence[str]) -> list[str]:
    """The receipts by which a paper was paid."""
    if subjects[0][4] != numbers.PASS:
        return list(subjects)
    rows = ledger.conn.execute(
        f"SELECT number FROM settlement WHERE pass IN ({_marks(subjects)})", subjects
    ).fetchall()
    return [number for (number,) in rows]


def _by_kind(ledger: Ledger, select: str, papers: Sequence[str]) -> dict[str, int]:
    rows = ledger.conn.execute(select.format(_marks(papers)), papers)
    return {kind: int(minor) for kind, minor in rows}


def _change(ledger: Ledger, receipts: Sequence[str]) -> int:
    entries = (ledger.known(number) for number in receipts)
    return sum(int(str(entry.data["change_minor"])) for entry in entries if entry is not None)


def _here(ledger: Ledger, subjects: Sequence[str], receipts: list[str], shift: str) -> int:
    """KES of cash that this shift's drawer has of a paper, refunds in cash taken off."""
    row = ledger.conn.execute(
        "SELECT coalesce(sum(amount_minor), 0) FROM refund_paid"
        f" WHERE kind = 'cash' AND shift = ? AND subject IN ({_marks(subjects)})",
        (shift, *subjects),
    ).fetchone()
    return queries.cash_minor(ledger, receipts, shift) - int(row[0])


def _returned(ledger: Ledger, subjects: Sequence[str]) -> dict[str | None, int]:
    """KES of cash that was handed back when the paper was voided, by the shift that did."""
    ending = queries.receipt_ending(ledger, subjects[0])
    entry = ledger.by_number(ending.ended_by) if ending and ending.how == "voided" else None
    if entry is None:
        return {}
    rows = entry.data["returned"]
    minor = sum(int(one["amount_minor"]) for one in rows) if isinstance(rows, list) else 0
    return {entry.shift: minor}


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
