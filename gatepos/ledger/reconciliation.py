"""What is asked of books and of statements to bring claims and lines together over a range of days.

Whatever the range, a code is looked at with all that it paid, and a line with all that claims it.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice
from typing import Any

from gatepos.domain import matching, moments, postings
from gatepos.domain.claims import IS_LINE, WAITING, Claim, Decision, Match, NoSuchLine, Part
from gatepos.domain.grouping import runs
from gatepos.domain.matching import Covered, Span
from gatepos.domain.payment import folded
from gatepos.domain.statements import CARD, KINDS, MPESA, Line
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger.takings import Rows

DAYS_MAX = 62
"""Of one look: what belongs to two months fits on no screen."""
AROUND = timedelta(days=3)
"""Beyond the range: what is paid on a day may be claimed on another."""
_AMONG = 500
_KINDS = ", ".join(f"'{kind}'" for kind in KINDS)
_LINE = "l.kind, l.place, l.code, l.at, l.amount_minor, l.account, l.reverses, l.n"
_LIVE = "live"
_Row = tuple[Any, ...]
_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """Where statements and decisions are kept beside the books that `rows` asks.

    The others are what a select reads from: a table, or a select in brackets. `taken` is what the papers
    took whose claims are looked at, `tenders` all that may be claims of the same payments, `elsewhere` those
    of other parks that used the same codes, where there are any.
    """

    rows: Rows
    lines: str = "statement_line"
    read: str = "statement_read"
    decisions: str = "(SELECT c.*, '' AS arrived_at, 0 AS of_central, c.seq AS n FROM claim_decision c)"
    taken: str = "taken"
    tenders: str = "tender"
    elsewhere: str = ""


def of_ledger(conn: sqlite3.Connection, give_way: Callable[[], object] = lambda: None) -> Kept:
    """What a till keeps; before each select others may go first."""

    def rows(sql: str, **values: object) -> Iterable[tuple[Any, ...]]:
        give_way()
        return conn.execute(sql, values).fetchall()

    return Kept(rows)


@dataclass(slots=True)
class Found:
    """What belongs to a range: claims, also those of other parks, lines, and what was decided of them."""

    claims: list[Claim] = field(default_factory=list)
    elsewhere: list[Claim] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)


class TooManyDays(Refusal):
    """A range that is no range, or longer than is looked at at once."""

    says = N_("Choose from one day to another, at most {most} days.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was found for a range; `matches` needs no books, and may take its time anywhere."""

    first: str
    last: str
    as_of: str
    found: Found
    covered: Covered

    def matches(self) -> list[Match]:
        """All that touches the range, what is open first."""
        found = self.found
        made = matching.reconcile(
            found.claims, found.lines, found.decisions, self.covered, self.as_of, found.elsewhere
        )
        return [match for match in made if self._touches(match)]

    def _touches(self, match: Match) -> bool:
        days = [part.day for claim in match.claims for part in claim.parts]
        days += [line.day for line in match.lines]
        return any(self.first <= day <= self.last for day in days)


def check_days(first: date, last: date) -> None:
    """TooManyDays unless days are in their order, and so many as are looked at at once."""
    if not 0 <= (last - first).days < DAYS_MAX:
        raise TooManyDays(most=DAYS_MAX)


def asked(kept: Kept, first: str, last: str, as_of: str) -> Asked:
    """What belongs to the days from one to another, as things stand at a moment."""
    return Asked(first, last, as_of, found(kept, first, last), covered(kept))


def found(kept: Kept, first: str, last: str) -> Found:
    """The claims and lines from one day to another, with some days around them."""
    span = {
        "first": (date.fromisoformat(first) - AROUND).isoformat(),
        "last": (date.fromisoformat(last) + AROUND).isoformat(),
    }
    lines = {_id(line): line for line in _lines_within(kept, span)}
    keys = {f"{line.kind}:{folded(line.pays)}" for line in lines.values()} | _claimed_within(kept, span)
    keys |= _said_to_be(kept, {line.pays for line in lines.values()})
    made = Found(claims=list(_claims(kept, keys)))
    if kept.elsewhere:
        made.elsewhere = list(_claims(replace(kept, tenders=kept.elsewhere), keys))
    codes = {claim.code for claim in made.claims}
    lines |= {_id(line): line for line in _lines_of(kept, codes)}
    made.decisions = list(_decisions(kept, codes | {line.pays for line in lines.values()}))
    linked = {one.line for one in made.decisions if one.line}
    lines |= {_id(line): line for line in _lines_of(kept, linked)}
    made.lines = list(lines.values())
    return made


def covered(kept: Kept) -> dict[tuple[str, str], list[Span]]:
    """From when to when whole statements were read, by kind and place."""
    spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
    select = (
        f"SELECT r.kind, r.place, r.from_at, r.to_at FROM {kept.read} r WHERE r.is_whole = 1 ORDER BY r.seq"
    )
    for kind, place, from_at, to_at in kept.rows(select):
        spans[kind, place].append((from_at, to_at))
    return dict(spans)


def unpaid(kept: Kept, codes: Iterable[str]) -> set[str]:
    """Those of some codes under which no statement has a payment."""
    asked = set(codes)
    found = _among(kept.rows, f"SELECT DISTINCT l.pays FROM {kept.lines} l WHERE l.pays IN", asked)
    return asked - {str(pays) for (pays,) in found}


def check_free(kept: Kept, kind: str, code: str, as_of: str) -> None:
    """NoSuchLine, LineClaimed unless a statement has a payment by this code that nobody took as paid."""
    days = {line.day for line in _lines_of(kept, [code]) if line.kind == kind}
    if not days:
        raise NoSuchLine(code=code[:20])
    for day in days:
        for match in asked(kept, day, day, as_of).matches():
            if match.kind == kind:
                match.check_free(code)


def _lines_within(kept: Kept, span: dict[str, str]) -> list[Line]:
    select = f"SELECT {_LINE} FROM {kept.lines} l WHERE l.day BETWEEN :first AND :last"
    return [Line(*row) for row in kept.rows(select, **span)]


def _lines_of(kept: Kept, codes: Iterable[str]) -> Iterator[Line]:
    select = f"SELECT {_LINE} FROM {kept.lines} l WHERE l.pays IN"
    return (Line(*row) for row in _among(kept.rows, select, codes))


def _claimed_within(kept: Kept, span: dict[str, str]) -> set[str]:
    """What tenders of these days are compared by."""
    select = (
        f"SELECT DISTINCT t.folded FROM {kept.taken} p JOIN tender t ON t.receipt = p.number"
        f" WHERE p.day BETWEEN :first AND :last AND p.kind IN ({_KINDS}) AND t.kind IN ({_KINDS})"
        " AND t.folded IS NOT NULL"
    )
    return {str(row[0]) for row in kept.rows(select, **span)}


def _said_to_be(kept: Kept, codes: Iterable[str]) -> set[str]:
    """The claims of which a person said that they are one of these lines."""
    select = (
        f"SELECT d.tender, d.code FROM {kept.decisions} d WHERE d.decision = '{IS_LINE}' AND d.paid_as IN"
    )
    return {f"{kind}:{folded(code)}" for kind, code in _among(kept.rows, select, codes)}


def _decisions(kept: Kept, codes: Iterable[str]) -> Iterator[Decision]:
    select = (
        "SELECT d.tender, d.subject, d.code, d.decision, coalesce(d.paid_as, ''), d.state,"
        " d.difference_minor, d.reason, coalesce(d.staff, ''), d.at, d.arrived_at, d.of_central, d.n"
        f" FROM {kept.decisions} d WHERE d.code IN"
    )
    for *said, arrived_at, of_central, n in _among(kept.rows, select, codes):
        said.append((arrived_at, of_central, n))
        yield Decision(*said)


def alone_minor(kept: Kept, by: Collection[str], as_of: str) -> int:
    """KES minor units that somebody explained or linked alone on the day of a moment, by their names."""
    day = _local_day(as_of)
    select = f"SELECT d.at, d.alone_minor FROM {kept.decisions} d WHERE d.alone_minor > 0 AND d.staff IN"
    return sum(int(minor) for at, minor in _among(kept.rows, select, by) if _local_day(at) == day)


def waiting(asked: Asked, kind: str) -> set[str]:
    """The codes of claims of a kind of which no whole statement speaks."""
    return {
        claim.code
        for match in asked.matches()
        if (match.kind, match.judged) == (kind, WAITING)
        for claim in match.claims
    }


def decided(kept: Kept, kind: str, codes: Collection[str]) -> list[Decision]:
    """What was decided last and holds of payments by their codes: of the line, or of a claim that it is."""
    linked = _among(kept.rows, f"SELECT d.code FROM {kept.decisions} d WHERE d.paid_as IN", codes)
    about = {*codes, *(str(code) for (code,) in linked)}
    links, ends = matching.latest(_decisions(kept, about))
    linked_to = {key: link.line for key, link in links.items()}
    return [
        one
        for key, one in (ends | links).items()
        if one.kind == kind and (one.code in codes or linked_to.get(key) in codes)
    ]


def _claims(kept: Kept, keys: Collection[str]) -> Iterator[Claim]:
    select = (
        "SELECT t.kind, coalesce(t.paybill, ''), t.reference, t.receipt, t.till, t.day, t.kes_minor, t.folded"
        f" FROM {kept.tenders} t WHERE t.folded IN"
    )
    rows = kept.rows
    tenders = sorted(map(tuple, _among(rows, select, keys)))
    papers = _Papers(rows, {row[3] for row in tenders})
    select = "SELECT folded FROM confirmation WHERE folded IN"
    told = {
        str(row[0]) for row in _among(rows, select, keys, " GROUP BY folded, till HAVING sum(counts) > 0")
    }
    disputed = {str(row[0]) for row in _among(rows, "SELECT folded FROM dispute WHERE folded IN", keys)}
    by: dict[_Key, list[_Row]] = defaultdict(list)
    for row in tenders:
        by[row[0], row[1] if row[0] == MPESA else "", row[2]].append(row)
    for (kind, place, code), taken in _apart(by):
        key, receipts = taken[0][7], [row[3] for row in taken]
        at, staff = min(papers.written(receipt) for receipt in receipts)
        yield Claim(
            kind, place, code, at, staff,
            tuple(
                Part(
                    row[3], row[4], row[5], row[6], papers.is_live(row[3]), papers.uses.get(row[3], ""),
                    papers.written(row[3])[1],
                )
                for row in taken
            ),
            tuple(sorted({account for one in receipts for account in papers.accounts[one]})),
            tuple(sorted({plate for one in receipts for plate in papers.plates[one] if plate})),
            key in told, key in disputed,
        )  # fmt: skip


def _apart(by: dict[_Key, list[_Row]]) -> Iterator[tuple[_Key, list[_Row]]]:
    """What was taken by each code; banks give theirs again after weeks."""
    for key, taken in by.items():
        for run in runs(taken, lambda row: str(row[5])) if key[0] == CARD else [taken]:
            yield key, run


class _Papers:
    """When receipts were written and by whom, what they were for, and whether they still count."""

    def __init__(self, rows: Rows, receipts: Collection[str]):
        self.accounts: dict[str, set[str]] = defaultdict(set)
        self.plates: dict[str, set[str]] = defaultdict(set)
        select = "SELECT number, min(at), min(coalesce(staff, '')) FROM taken WHERE number IN"
        self._written = {
            number: (at, staff) for number, at, staff in _among(rows, select, receipts, " GROUP BY number")
        }
        for number, bill, plate in _among(
            rows, "SELECT number, bill, plate FROM receipt WHERE number IN", receipts
        ):
            self.accounts[number].add(bill)
            self.plates[number].add(plate)
        self.uses = _uses(rows, receipts)
        self._add_passes(rows, receipts)
        self._ended = _endings(rows, receipts)
        self._owed_back = _owed_back(rows, self._ended)

    def written(self, receipt: str) -> tuple[str, str]:
        """When and by whom."""
        return self._written[receipt]

    def is_live(self, receipt: str) -> bool:
        """Whether it, or the last of those that took its place, counts, or is owed back no more."""
        how, by = self._ended.get(receipt, (_LIVE, ""))
        while how == "corrected":
            receipt = by
            how, by = self._ended.get(receipt, (_LIVE, ""))
        return how == _LIVE or receipt not in self._owed_back

    def _add_passes(self, rows: Rows, receipts: Collection[str]) -> None:
        """The passes that were settled, and those whose place they took."""
        settled: dict[str, set[str]] = defaultdict(set)
        for number, pass_ in _among(rows, "SELECT number, pass FROM settlement WHERE number IN", receipts):
            self.accounts[number].add(pass_)
            settled[pass_].add(number)
        for pass_, plate in _among(rows, "SELECT number, plate FROM pass WHERE number IN", list(settled)):
            for number in settled[pass_]:
                self.plates[number].add(plate)
        select = "SELECT ended_by, pass FROM pass_ending WHERE ended_by IN"
        for later, pass_ in _among(rows, select, list(settled)):
            for number in settled[later]:
                self.accounts[number].add(pass_)


def _uses(rows: Rows, receipts: Collection[str]) -> dict[str, str]:
    """The account of the group, or of the bill, that receipts are for; of passes settled, the payment."""
    select = (
        "SELECT r.number, b.account FROM receipt r JOIN bill b ON b.number = r.bill AND b.till = r.till"
        " WHERE r.number IN"
    )
    uses = {str(number): str(account) for number, account in _among(rows, select, receipts)}
    select = "SELECT number, till, payment FROM settlement WHERE number IN"
    return uses | {number: f"{till} {payment}" for number, till, payment in _among(rows, select, receipts)}


def _endings(rows: Rows, receipts: Collection[str]) -> dict[str, tuple[str, str]]:
    """How receipts ended and by which number, and those again that took their place."""
    select = "SELECT receipt, how, ended_by FROM receipt_ending WHERE receipt IN"
    ended: dict[str, tuple[str, str]] = {}
    asked: Collection[str] = receipts
    while asked:
        more = {number: (how, by) for number, how, by in _among(rows, select, asked)}
        ended |= more
        asked = {by for how, by in more.values() if how == "corrected" and by not in ended}
    return ended


def _owed_back(rows: Rows, ended: Collection[str]) -> set[str]:
    """Those of some receipts on which money is owed to the visitor."""
    accounts = {postings.receivable(number): number for number in ended}
    select = "SELECT account, sum(amount_minor) FROM posting WHERE account IN"
    sums = _among(rows, select, accounts, " GROUP BY account")
    return {accounts[account] for account, minor in sums if minor < 0}


def _among(rows: Rows, select: str, values: Iterable[str], after: str = "") -> Iterator[Sequence[Any]]:
    """The rows for any of the values, a few hundred at a time."""
    left = iter(sorted(set(values)))
    while part := list(islice(left, _AMONG)):
        named = {f"v{place}": value for place, value in enumerate(part)}
        marks = ", ".join(f":{name}" for name in named)
        yield from rows(f"{select} ({marks}){after}", **named)


def _local_day(at: str) -> date:
    return moments.local_day(moments.from_text(at))


def _id(line: Line) -> tuple[object, ...]:
    return (*line.key, line.place)
