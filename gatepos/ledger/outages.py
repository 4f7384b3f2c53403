"""What was sold, taken and owed inside outages, row by row, asked alike of till and central."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from gatepos.domain.entry import Entry
from gatepos.domain.money import KES, USD
from gatepos.ledger import listings, totals, windows
from gatepos.ledger.source import Source
from gatepos.ledger.takings import Span, is_confirmed
from gatepos.ledger.totals import Became

_NO_END = 2**50


@dataclass(frozen=True, slots=True)
class Outage:
    """An outage at a till by the entries of its life."""

    opened: Entry
    countersigned: Entry | None = None
    closed: Entry | None = None

    @property
    def id(self) -> str:
        """By which everything inside names it."""
        return self.opened.id

    @property
    def paybill(self) -> str:
        """The one to pay to inside it."""
        return cast(str, self.opened.data["paybill"])

    @property
    def inside(self) -> dict[str, object]:
        """The till, and after and before which of its positions lies what is inside, as selects name them."""
        until = self.closed.seq if self.closed else _NO_END
        return {"till": self.opened.till, "after": self.opened.seq, "until": until}


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


def between(source: Source, span: Span) -> list[Outage]:
    """The outages that reach into the business days of a span, by till, the first first."""
    found = source.rows(
        "SELECT DISTINCT o.till, o.seq, e.seq FROM outage o JOIN act a ON a.till = o.till AND a.seq = o.seq"
        " LEFT JOIN outage_ending e ON e.outage = o.id AND e.till = o.till"
        " LEFT JOIN act c ON c.till = e.till AND c.seq = e.seq"
        f" WHERE o.till IN ({span.among}) AND a.day <= :last AND (c.day IS NULL OR c.day >= :first)"
        " ORDER BY 1, 2",
        **span.named, first=span.first, last=span.last,
    )  # fmt: skip
    places = [(str(till), int(seq), ended) for till, seq, ended in found]
    seqs: dict[str, set[int]] = defaultdict(set)
    for till, *each in places:
        seqs[till] |= {seq for seq in each if seq is not None}
    known = {(till, entry.seq): entry for till in seqs for entry in source.entries(till, sorted(seqs[till]))}
    signed = _countersigned(source, sorted(seqs))
    return [
        Outage(opened, signed.get(opened.id), known[till, ended] if ended is not None else None)
        for till, seq, ended in places
        for opened in (known[till, seq],)
    ]


def receipts(source: Source, outage: Outage) -> list[Sold]:
    """The receipts sold inside it, those that no longer count with them."""
    found = [
        *source.rows(
            "SELECT r.seq, (SELECT max(e.how) FROM receipt_ending e WHERE e.receipt = r.number),"
            " r.total_minor - (SELECT coalesce(sum(l.kes_minor), 0) FROM refund_line l"
            f" WHERE l.receipt = r.number) FROM receipt r WHERE {_INSIDE.format('r')} ORDER BY r.seq",
            **outage.inside,
        )
    ]
    sold = _entries(source, outage, [seq for seq, *_ in found])
    return [Sold(sold[seq], how or "", 0 if how else int(minor)) for seq, how, minor in found]


def settlements(source: Source, outage: Outage) -> list[Entry]:
    """What was paid at its till inside it, on passes of any till."""
    found = source.rows(
        f"SELECT s.seq FROM settlement s WHERE {_INSIDE.format('s')} ORDER BY s.seq", **outage.inside
    )
    return [*_entries(source, outage, [seq for (seq,) in found]).values()]


def leaves(source: Source, outage: Outage) -> list[Entry]:
    """The leaves written by hand inside it and captured by now, whenever that was."""
    found = source.rows(
        "SELECT seq FROM act WHERE kind = 'paper.captured' AND till = :till AND seq > :after ORDER BY seq",
        till=outage.opened.till, after=outage.opened.seq,
    )  # fmt: skip
    captured = _entries(source, outage, [seq for (seq,) in found]).values()
    return [entry for entry in captured if entry.data["outage"] == outage.id]


def paid(source: Source, outage: Outage) -> list[Paid]:
    """What M-PESA codes brought to its paybill: inside it, and at its till later on its passes and leaves."""
    by_hand = {f"n{place}": leaf.number for place, leaf in enumerate(leaves(source, outage))}
    found = source.rows(
        f"SELECT t.seq, t.receipt, t.reference, t.kes_minor, {is_confirmed('t')}"
        " FROM tender t WHERE t.till = :till"
        " AND t.seq > :after AND t.kind = 'mpesa' AND t.paybill = :paybill AND (t.seq < :until"
        " OR t.receipt IN (SELECT s.number FROM settlement s JOIN pass p ON p.number = s.pass"
        " WHERE p.till = :till AND p.outage = :outage)"
        f" OR t.receipt IN ({', '.join(f':{name}' for name in by_hand) or 'NULL'})) ORDER BY t.seq, t.line",
        **outage.inside, **by_hand, paybill=outage.paybill, outage=outage.id,
    )  # fmt: skip
    until = cast(int, outage.inside["until"])
    return [
        Paid(seq, receipt, reference or "", int(kes), seq < until, bool(is_confirmed))
        for seq, receipt, reference, kes, is_confirmed in found
    ]


def passes(source: Source, outage: Outage) -> list[Became]:
    """What became of the passes issued inside it."""
    return totals.passes_of(source.rows, source.owed, outage.opened.till, outage.id)


def debts(source: Source, found: Iterable[Became]) -> list[Debt]:
    """Who owes on passes, by plate and operator, the most first."""
    owing = {one.number: one.open_minor for one in found if one.open_minor}
    by: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    known = {one.number: one for one in listings.passes_among(source.rows, [*owing])}
    for issued in known.values():
        by[issued.plate, issued.operator or ""].append((owing[issued.number], issued.at))
    made = [
        Debt(*who, len(some), sum(minor for minor, _ in some), min(at for _, at in some))
        for who, some in by.items()
    ]
    return sorted(made, key=lambda debt: (-debt.owed_minor, debt.plate, debt.operator))


def served(source: Source, outage: Outage) -> list[Served]:
    """Who took money or issued passes inside it."""
    taken = source.rows(
        "SELECT coalesce(t.staff, ''), count(DISTINCT t.number),"
        f" sum(CASE WHEN t.currency = '{KES}' THEN t.amount_minor ELSE 0 END),"
        f" sum(CASE WHEN t.currency = '{USD}' THEN t.amount_minor ELSE 0 END)"
        f" FROM taken t WHERE {_INSIDE.format('t')} GROUP BY coalesce(t.staff, '')",
        **outage.inside,
    )
    sums = {staff: (int(papers), int(kes), int(usd)) for staff, papers, kes, usd in taken}
    counted = source.rows(
        f"SELECT coalesce(p.staff, ''), count(*) FROM pass p WHERE {_INSIDE.format('p')}"
        " GROUP BY coalesce(p.staff, '')",
        **outage.inside,
    )
    issued = {staff: int(count) for staff, count in counted}
    return [
        Served(staff, *sums.get(staff, (0, 0, 0)), issued.get(staff, 0)) for staff in sorted({*sums, *issued})
    ]


def until_paid_s(source: Source, outage: Outage) -> list[int]:
    """Seconds from the first scan of a pass in the lane to its payment, of each that was paid inside it."""
    first: dict[int, Entry] = {}
    for entry in settlements(source, outage):
        ((seq,),) = source.rows(
            "SELECT min(seq) FROM scan WHERE subject = :number AND till = :till AND direction = 'out'"
            " AND seq > :after AND seq < :before",
            number=entry.data["pass"], till=entry.till, after=outage.opened.seq, before=entry.seq,
        )  # fmt: skip
        if seq is not None:
            first[seq] = entry
    scans = _entries(source, outage, [*first])
    return [took for seq, entry in first.items() for took in windows.seconds(scans[seq], entry)]


def until_recorded_s(source: Source, outage: Outage) -> list[int]:
    """Seconds from the first touch or the scan of a slip to RECORDED, of each receipt and pass inside it."""
    found = source.rows(
        f"SELECT s.served_ms FROM served s WHERE {_INSIDE.format('s')} ORDER BY s.seq", **outage.inside
    )
    return [int(ms) // 1_000 for (ms,) in found]


_INSIDE = "{0}.till = :till AND {0}.seq > :after AND {0}.seq < :until"


def _entries(source: Source, outage: Outage, seqs: Sequence[int]) -> dict[int, Entry]:
    """Entries of its till, in order."""
    return {entry.seq: entry for entry in source.entries(outage.opened.till, seqs)}


def _countersigned(source: Source, tills: Sequence[str]) -> dict[object, Entry]:
    """Who agreed after a clerk opened an outage alone, the first of each, by the outage."""
    found: dict[object, Entry] = {}
    for till in tills:
        rows = source.rows(
            "SELECT seq FROM act WHERE kind = 'outage.countersigned' AND till = :till ORDER BY seq", till=till
        )
        for entry in source.entries(till, [seq for (seq,) in rows]):
            found.setdefault(entry.data["outage"], entry)
    return found
