"""What this till and those it heard say of one paper and cannot all be right; looked for when it hears."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gatepos.domain import conflicts, numbers
from gatepos.domain.conflicts import Fact, Pair
from gatepos.domain.entry import Entry
from gatepos.ledger import keyring as keyrings
from gatepos.ledger import passes, shown
from gatepos.ledger.ledger import Ledger
from gatepos.ledger.takings import Rows

_TOUCHED = (
    ("passage", "subject"), ("scan", "subject"), ("pass", "number"), ("receipt", "number"),
    ("receipt_ending", "receipt"), ("refund_line", "receipt"), ("pass_ending", "pass"),
    ("settlement", "pass"), ("settlement", "number"), ("waiver", "pass"),
)  # fmt: skip
_MOVED = (
    "SELECT at, till, seq, people FROM passage WHERE subject = ?1 AND direction = ?2"
    " AND ?3 = EXISTS (SELECT 1 FROM scan WHERE scan.till = passage.till AND scan.seq = passage.seq"
    " AND scan.verdict IN ('readmitted', 'coming_back')) AND NOT EXISTS (SELECT 1 FROM pass_ending"
    " WHERE pass_ending.till = passage.till AND pass_ending.seq = passage.seq)"
)
"""Who went through; on a ground or not; but not who was in already when the pass was printed anew."""
_SAID = (
    "SELECT what, till, seq, first_till, first_seq, second_till, second_seq FROM conflict"
    " WHERE till = :till AND seq > (SELECT coalesce(max(s.seq), 0) FROM shift s WHERE s.till = :till"
    " AND s.day < :first) ORDER BY seq"
)
"""What a till said from a business day on: that does not go back."""
_PAID = "SELECT at, till, seq, paid_minor FROM settlement WHERE pass = ?1"
_WAIVED = "SELECT at, till, seq, amount_minor FROM waiver WHERE pass = ?1"
_UNDONE = "SELECT at, till, seq, undone_minor FROM pass_ending WHERE pass = ?1 AND undone_minor > 0"
_VOIDED = "SELECT till, seq, 0 FROM receipt_ending WHERE receipt = ?1 AND how = 'voided'"
_REFUNDED = (
    "SELECT d.till, d.seq, r.used FROM refund_decision d JOIN refund r ON r.number = d.refund"
    " AND r.till = d.till WHERE d.subject = ?1 AND d.is_approved = 1 AND r.by_line = 1 ORDER BY d.seq"
)
_PAID_BY = (
    "SELECT DISTINCT folded FROM tender WHERE receipt = ?1 AND kind IN ('mpesa', 'ecitizen')"
    " UNION SELECT folded FROM tender JOIN settlement ON settlement.number = tender.receipt"
    " WHERE settlement.pass = ?1 AND kind IN ('mpesa', 'ecitizen')"
)
_USES = "SELECT till, seq, kes_minor, coalesce(paid_minor, 0) FROM tender WHERE folded IN (?, ?)"
"""The uses of a code, under whichever way of paying it was typed; a card's approval is no such code."""
_SEEN = f"SELECT at, till, seq, digest FROM scan WHERE subject = ? AND paper = ? AND {shown.IS_GENUINE}"


def touched(ledger: Ledger, till: str, after_seq: int) -> list[str]:
    """The papers that a till's entries after a position are about."""
    select = " UNION ".join(
        f"SELECT {column} FROM {table} WHERE till = ?1 AND seq > ?2 AND {column} IS NOT NULL"
        for table, column in _TOUCHED
    )
    return [number for (number,) in ledger.conn.execute(select, (till, after_seq)).fetchall()]


def unsaid(ledger: Ledger, number: str) -> Iterator[dict[str, object]]:
    """The data of each `pass.conflict` about a paper that no till known here has written."""
    last = ledger.receivables.last(number)
    papers = [last, *passes.printed_before(ledger, last)]
    plate = _plate(ledger, last)
    for what, pair in _found(ledger, papers):
        if not _is_said(ledger, what, pair):
            first, second = (_seen(ledger, fact, plate) for fact in pair)
            yield {"subject": number, "what": what, "first": first, "second": second}


def said(ledger: Ledger, number: str | None = None) -> list[Entry]:
    """The conflicts known, of all papers or of one, each pair of facts once; the latest first."""
    rows = ledger.conn.execute(
        "SELECT till, seq FROM conflict WHERE ?1 IS NULL OR subject = ?1"
        " GROUP BY what, first_till, first_seq, second_till, second_seq",
        (number,),
    ).fetchall()
    found = [entry for row in rows if (entry := ledger.at(*row)) is not None]
    return sorted(found, key=lambda entry: entry.at, reverse=True)


@dataclass(frozen=True, slots=True)
class Said:
    """A conflict that a till said, and the two facts: a till and a position each."""

    what: str
    by: tuple[str, int]
    first: tuple[str, int]
    second: tuple[str, int]


def said_since(rows: Rows, till: str, first: str) -> list[Said]:
    """The conflicts that a till said on a business day or later."""
    found = rows(_SAID, till=till, first=first)
    return [Said(row[0], (row[1], row[2]), (row[3], row[4]), (row[5], row[6])) for row in found]


def _found(ledger: Ledger, papers: Sequence[str]) -> Iterator[tuple[str, Pair]]:
    """Every such pair; papers are a pass and those whose place it took, which are one."""
    admitted = _facts(ledger, _MOVED, papers, "in", 0)
    went_in = conflicts.net(admitted)
    heads = max([*(_heads(ledger, paper) for paper in papers), *(fact.amount for fact in admitted)])
    for pair in _beyond(ledger, went_in, heads):
        yield "two_admissions", pair
    let_in = heads + conflicts.total(_facts(ledger, _MOVED, papers, "in", 1))
    went_out = conflicts.net(_facts(ledger, _MOVED, papers, "out", 0))
    for pair in _beyond(ledger, went_out, let_in):
        yield "two_exits", pair
    for paper in papers:
        for pair in _others(ledger, paper):
            yield "two_papers", pair
    undone = _facts(ledger, _UNDONE, papers)
    for pair in _overpaid(ledger, papers, undone):
        yield "paid_twice", pair
    for paper in papers:
        for pair in _spent_twice(ledger, paper):
            yield "code_twice", pair
    for fact in undone if went_in or went_out else ():
        yield "used_and_revoked", conflicts.pair(fact, [*went_in, *went_out][0])
    for fact in _voided(ledger, papers):
        for used in [used for used in (*went_in, *went_out) if used.till != fact.till][:1]:
            yield "used_and_revoked", conflicts.pair(fact, used)
    for pair in _refunded(ledger, papers[0], went_in):
        yield "used_and_revoked", pair


def _beyond(ledger: Ledger, moved: Sequence[Fact], most: int) -> list[Pair]:
    """Who went through beyond `most`; a paper that opens several parks is used once at each."""
    pairs = conflicts.beyond(moved, most)
    if not pairs:
        return []
    parks = {row.till: row.park for row in keyrings.known(ledger.conn).values()}
    parks[ledger.context.till] = str(ledger.entry(1).data["park"])
    by_park: dict[str, list[Fact]] = {}
    for fact in moved:
        by_park.setdefault(parks.get(fact.till, ""), []).append(fact)
    return [pair for facts in by_park.values() for pair in conflicts.beyond(facts, most)]


def _voided(ledger: Ledger, papers: Sequence[str]) -> list[Fact]:
    """That a receipt was voided; what its own till knew of its use then is no conflict."""
    rows = [row for paper in papers for row in ledger.conn.execute(_VOIDED, (paper,)).fetchall()]
    return [_fact(ledger, *row) for row in rows]


def _refunded(ledger: Ledger, number: str, went_in: Sequence[Fact]) -> list[Pair]:
    """That people got their money back, and more went in elsewhere than it was good for or were known."""
    rows = ledger.conn.execute(_REFUNDED, (number,)).fetchall()
    if not rows:
        return []
    good = max(_heads(ledger, number) - passes.refunded(ledger, number), *(used for *_, used in rows))
    elsewhere = [fact for fact in went_in if fact.till != rows[-1][0]]
    if conflicts.total(went_in) <= good or not elsewhere:
        return []
    return [conflicts.pair(_fact(ledger, rows[-1][0], rows[-1][1], 0), elsewhere[-1])]


def _overpaid(ledger: Ledger, papers: Sequence[str], undone: Sequence[Fact]) -> list[Pair]:
    """What was paid, waived or undone beyond what the pass charges; nothing while that is not known."""
    found = passes.find(ledger, papers[0])
    if found is None or ledger.receivables.owed(papers[0]) >= 0:
        return []
    facts = [*_facts(ledger, _PAID, papers), *_facts(ledger, _WAIVED, papers), *undone]
    return conflicts.beyond(facts, found.total_minor)


def _spent_twice(ledger: Ledger, number: str) -> Iterator[Pair]:
    """The uses of a code that paid a receipt, or a pass, by which tills counted more than it carried.

    One till alone never counts more: it refuses the code.
    """
    for (folded,) in ledger.conn.execute(_PAID_BY, (number,)).fetchall():
        code = folded.partition(":")[2]
        uses = ledger.conn.execute(_USES, (f"mpesa:{code}", f"ecitizen:{code}")).fetchall()
        by_till: Counter[str] = Counter()
        for till, _, minor, _ in uses:
            by_till[till] += minor
        if len(by_till) > 1:
            most = max(*by_till.values(), *(paid for *_, paid in uses))
            yield from conflicts.beyond([_fact(ledger, *use[:3]) for use in uses], most)


def _fact(ledger: Ledger, till: str, seq: int, minor: int) -> Fact:
    entry = ledger.at(till, seq)
    if entry is None:
        raise KeyError(till, seq)
    return Fact(entry.at, till, seq, minor)


def _others(ledger: Ledger, number: str) -> list[Pair]:
    """Papers that were seen under a number, beside the one that its till wrote or that was seen first."""
    is_pass = number[4] == numbers.PASS
    own = ledger.conn.execute(passes.issued_by(number), (number,)).fetchall()
    seen = ledger.conn.execute(_SEEN, (number, 0 if is_pass else 1)).fetchall()
    facts = conflicts.first_of_each([(Fact(*row[:3]), row[3]) for row in [*own, *sorted(seen)]])
    return [conflicts.pair(facts[0], other) for other in facts[1:]]


def _facts(ledger: Ledger, select: str, papers: Sequence[str], *values: object) -> list[Fact]:
    return [Fact(*row) for paper in papers for row in ledger.conn.execute(select, (paper, *values))]


def _heads(ledger: Ledger, number: str) -> int:
    """How many people a paper is for, when its entry is known."""
    entry = ledger.known(number)
    groups = entry.data.get("people") if entry else None
    return max(sum(n for _, _, n in groups), 1) if isinstance(groups, list) else 0


def _plate(ledger: Ledger, number: str) -> str:
    entry = ledger.known(number)
    return str(entry.data.get("plate") or "") if entry else ""


def _seen(ledger: Ledger, fact: Fact, plate: str) -> dict[str, object]:
    """Where and by whom a fact was written; `plate` where it says none."""
    entry = ledger.at(fact.till, fact.seq)
    if entry is None:
        raise KeyError(fact)
    where = {name: entry.fields[name] for name in ("at", "gate", "lane", "by")}
    return {"till": fact.till, "seq": fact.seq, **where, "plate": entry.data.get("plate") or plate}


def _is_said(ledger: Ledger, what: str, pair: Pair) -> bool:
    first, second = pair
    row = ledger.conn.execute(
        "SELECT 1 FROM conflict WHERE what = ? AND first_till = ? AND first_seq = ? AND second_till = ?"
        " AND second_seq = ?",
        (what, first.till, first.seq, second.till, second.seq),
    ).fetchone()
    return row is not None
