"""What was issued and taken, and what became of the passes, as statements and closes sum it up."""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import cast

from gatepos.ledger import database, listings, takings
from gatepos.ledger.ledger import Ledger
from gatepos.ledger.receivables import Receivables
from gatepos.ledger.takings import Rows

AMOUNTS = (
    "passes_minor", "settled_minor", "waived_minor", "undone_minor", "undertaken_minor", "open_minor",
    "owed_back_minor",
)  # fmt: skip
STATES = ("settled", "part", "waived", "revoked", "undertaken", "open")
"""What becomes of a pass; each has become one of them."""
_SELECT = (
    "SELECT number FROM pass WHERE NOT EXISTS"
    " (SELECT 1 FROM pass_ending WHERE pass_ending.ended_by = pass.number AND how = 'reissued'"
    " AND pass_ending.pass < pass.number) AND "
)
"""Passes that took the place of none: one printed anew belongs to the day and the outage of the first."""
_CREDITS = (("settlement", "paid_minor"), ("waiver", "amount_minor"), ("pass_ending", "undone_minor"))


@dataclass(slots=True)
class PassSums:
    """What was issued, and what became of it, in passes and in KES minor units.

    issued = settled + waived + undone + undertaken + open - owed back, to the shilling: what was paid too
    much on one pass hides nothing that is open on another. `states` counts each pass once as settled, part,
    waived, revoked, undertaken or open. One that was printed anew is counted as the last, with the first.
    """

    states: Counter[str] = field(default_factory=Counter)
    passes_minor: int = 0
    settled_minor: int = 0
    waived_minor: int = 0
    undone_minor: int = 0
    undertaken_minor: int = 0
    open_minor: int = 0
    owed_back_minor: int = 0

    def as_fields(self) -> dict[str, int]:
        """How many were issued, the counts and the amounts by their names, as entries hold them."""
        amounts = {name: cast(int, getattr(self, name)) for name in AMOUNTS}
        return {"passes": self.passes, **{state: self.states[state] for state in STATES}, **amounts}

    @property
    def passes(self) -> int:
        """How many were issued."""
        return self.states.total()


def of_outage(ledger: Ledger, outage: str) -> PassSums:
    """Issued by this till inside an outage."""
    rows = takings.of_ledger(ledger.conn)
    return _sums(passes_of(rows, ledger.receivables, ledger.context.till, outage))


def passes_of(rows: Rows, owed: Receivables, till: str, outage: str) -> list["Became"]:
    """What became of the passes that a till issued inside an outage, one printed anew as the last."""
    found = rows(_SELECT + "till = :till AND outage = :outage ORDER BY seq", till=till, outage=outage)
    return _became(rows, owed, [number for (number,) in found])


def of_day(ledger: Ledger, day: str) -> PassSums:
    """Issued on a business day by every till that is known here."""
    first: list[str] = []
    for till in database.tills(ledger.conn, "pass"):
        newest = ledger.conn.execute("SELECT seq, day FROM pass WHERE till = ? ORDER BY seq DESC", (till,))
        seqs = [seq for seq, on in itertools.takewhile(lambda row: row[1] >= day, newest) if on == day]
        if seqs:
            within = (till, seqs[-1], seqs[0], day)
            rows = ledger.conn.execute(_SELECT + "till = ? AND seq BETWEEN ? AND ? AND day = ?", within)
            first += [number for (number,) in rows]
    return _sums(_became(takings.of_ledger(ledger.conn), ledger.receivables, first))


@dataclass(frozen=True, slots=True)
class Became:
    """What became of one pass: one of STATES; KES minor units, `open_minor` with what is on undertaking."""

    number: str
    state: str
    is_undertaken: bool
    total_minor: int
    paid_minor: int
    waived_minor: int
    undone_minor: int
    open_minor: int
    owed_back_minor: int


def _became(rows: Rows, owed: Receivables, first: Iterable[str]) -> list[Became]:
    """What became of passes, each as the last that took its place."""
    numbers = [owed.last(number) for number in first]
    papers = {number: (number, *owed.printed_before(number)) for number in numbers}
    credits = _Credits.of(rows, [one for some in papers.values() for one in some])
    return [credits.became(number, papers[number], owed.owed(number)) for number in numbers]


@dataclass(frozen=True, slots=True)
class _Credits:
    """What books say of some passes, by number: KES minor units, and which were revoked or undertaken."""

    total: Mapping[str, int]
    paid: Mapping[str, int]
    paid_back: Mapping[str, int]
    waived: Mapping[str, int]
    undone: Mapping[str, int]
    undertaken: Set[str]
    revoked: Set[str]

    @classmethod
    def of(cls, rows: Rows, papers: Sequence[str]) -> "_Credits":
        paid, waived, undone = (listings.sums_of_passes(rows, *what, papers) for what in _CREDITS)
        back = Counter[str]()
        for number, minor in takings.among(rows, _PAID_BACK, papers):
            back[number] += int(minor)
        total = {one.number: int(one.total_minor) for one in listings.passes_among(rows, papers)}
        undertaken, revoked = (
            {str(number) for (number,) in takings.among(rows, select, papers)}
            for select in (_UNDERTAKEN, _REVOKED)
        )
        return cls(total, paid, back, waived, undone, undertaken, revoked)

    def became(self, number: str, papers: Sequence[str], owed: int) -> Became:
        """What became of the last of some papers, on which so much is owed."""
        paid, waived, undone = (
            sum(of.get(paper, 0) for paper in papers) for of in (self.paid, self.waived, self.undone)
        )
        paid -= sum(self.paid_back.get(paper, 0) for paper in papers)
        has_paid, overstay = paid != 0, max(-paid, 0)
        # What is left of an overstay that was paid in part was never issued, and is no part of this.
        still_owed = min(overstay, max(owed, 0))
        paid, owed, waived = paid + overstay, owed - still_owed, waived - (overstay - still_owed)
        is_undertaken = owed > 0 and not self.undertaken.isdisjoint(papers)
        if number in self.revoked:
            state = "revoked"
        elif is_undertaken:
            state = "undertaken"
        elif owed > 0:
            state = "part" if has_paid else "open"
        else:
            state = "waived" if waived and not paid else "settled"
        total = self.total[number]
        return Became(number, state, is_undertaken, total, paid, waived, undone, max(owed, 0), max(-owed, 0))


_PAID_BACK = "SELECT subject, amount_minor FROM refund_paid WHERE subject IN"
_UNDERTAKEN = "SELECT pass FROM let_out WHERE how = 'undertaking' AND pass IN"
_REVOKED = "SELECT pass FROM pass_ending WHERE how = 'revoked' AND pass IN"


def _sums(found: Iterable[Became]) -> PassSums:
    sums = PassSums()
    for one in found:
        sums.states[one.state] += 1
        sums.passes_minor += one.total_minor
        sums.settled_minor += one.paid_minor
        sums.waived_minor += one.waived_minor
        sums.undone_minor += one.undone_minor
        sums.owed_back_minor += one.owed_back_minor
        if one.is_undertaken:
            sums.undertaken_minor += one.open_minor
        else:
            sums.open_minor += one.open_minor
    return sums


def tendered_since(ledger: Ledger, seq: int) -> dict[tuple[str, str], int]:
    """What was taken after an entry by (tender, currency), change and cash handed back taken off."""
    rows = ledger.conn.execute(
        "SELECT posting.account, posting.currency, sum(posting.amount_minor) FROM posting"
        " JOIN journal ON journal.seq = posting.seq"
        " WHERE posting.till = ? AND posting.seq > ? AND journal.kind IN"
        " ('receipt.issued', 'receipt.corrected', 'receipt.voided', 'refund.paid', 'pass.settled')"
        " AND posting.account >= 'asset:' AND posting.account < 'asset;'"
        " AND posting.account NOT LIKE 'asset:receivable:%' GROUP BY 1, 2",
        (ledger.context.till, seq),
    )
    sums: dict[tuple[str, str], int] = {}
    for account, currency, minor in rows:
        tender = account.split(":")[1]
        sums[tender, currency] = sums.get((tender, currency), 0) + minor
    return sums


def sold_since(ledger: Ledger, seq: int) -> tuple[int, int]:
    """Receipts issued after an entry that still count, and their KES, what is refunded taken off."""
    row = ledger.conn.execute(
        "SELECT count(*), coalesce(sum(total_minor - (SELECT coalesce(sum(kes_minor), 0) FROM refund_line"
        " WHERE refund_line.receipt = receipt.number)), 0) FROM receipt WHERE till = ? AND seq > ?"
        " AND NOT EXISTS (SELECT 1 FROM receipt_ending WHERE receipt_ending.receipt = receipt.number)",
        (ledger.context.till, seq),
    ).fetchone()
    return int(row[0]), int(row[1])


def collected_since(ledger: Ledger, seq: int) -> int:
    """KES paid at this till on passes after an entry, overstay in it."""
    row = ledger.conn.execute(
        "SELECT coalesce(sum(paid_minor + overstay_minor), 0) FROM settlement WHERE till = ? AND seq > ?",
        (ledger.context.till, seq),
    ).fetchone()
    return int(row[0])
