"""How people worked, counted from the journal: what a manager may want to ask about, and no score.

Each row is one thing of one clerk in one shift, beside the median of the others' shifts, with its entries.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from statistics import median_low
from typing import cast

from gatepos.domain import labels
from gatepos.domain.vocabulary import NOTICE
from gatepos.i18n import N_, Words
from gatepos.ledger import practice, takings
from gatepos.ledger.ledger import Ledger
from gatepos.ledger.source import Ask, at_once
from gatepos.ledger.takings import Charged, Span
from gatepos.reports import acts
from gatepos.reports.acts import Act
from gatepos.reports.sheet import Column, Kind, Note, Sheet
from gatepos.reports.takings import sliced

MEASURES = {
    "corrected": N_("Corrections after the paper was printed"),
    "voided": N_("Voids after the paper was printed"),
    "waived": N_("Waivers"),
    "undertaking": N_("Left on undertaking"),
    "without_pass": N_("Exits without a pass, went in at {gate}"),
    "band": N_("Vehicles with another size at the exit than on their pass"),
    "reissued_band": N_("Passes printed anew with another size of vehicle"),
    "heads_differ": N_("Heads counted that differ from the paper"),
    "heads_refused": N_("Heads not counted, with a reason"),
    "heads_silent": N_("Heads not counted, and nothing said"),
    "unknown_code": N_("Codes unknown to the statement"),
    "prepaid": N_("Tickets paid elsewhere, reference typed"),
    "abandoned": N_("Bills left after they had a number to pay to"),
    "abandoned_paid": N_("Bills left on whose number M-PESA had money"),
    "drawer": N_("Drawer opened without a sale"),
    "reprint": N_("Reprints"),
    "clock": N_("Clock changes"),
    "wrong_pin": N_("Wrong PINs"),
    "locked": N_("Sign-ins locked after wrong PINs"),
    "leaves": N_("Leaves of a pad that nobody named"),
    "free": N_("Let in free, of 1,000 people"),
    "mix": N_("{category}, of 1,000 people"),
}
"""What is counted, in the order of the paper; the last two are shares.

Exits are `without_pass:<gate>` each by itself, and shares `mix:<category>`.
"""
SHARES = ("free", "mix")
ALWAYS = (
    "without_pass", "heads_differ", "heads_silent", "unknown_code", "abandoned_paid", "drawer", "clock",
    "locked", "leaves",
)  # fmt: skip
"""What is to be looked at however many the others have of it."""
_ONE = 1_000
_EXITS = "without_pass"


@dataclass(frozen=True, slots=True)
class Counted:
    """One measure of one clerk in one shift: how often, or of 1,000; KES minor units.

    `median` is that of the other clerks' shifts, None where there are none; `seqs` are the entries behind.
    """

    measure: str
    staff: str
    shift: str | None
    n: int
    minor: int
    median: int | None
    seqs: tuple[int, ...]

    @property
    def title(self) -> Note:
        """What is counted."""
        name, _, of = self.measure.partition(":")
        category = labels.CATEGORIES.get(of, of)
        return Note(
            MEASURES[name], {"category": Note(category), "gate": of or "?"} if of or name == _EXITS else {}
        )


@dataclass(frozen=True, slots=True)
class ToLook:
    """A line of what is to be looked at: how many, a sentence, and the entries that it opens.

    `entries` are each a till and a position.
    """

    measure: str
    n: int
    note: Note
    entries: tuple[tuple[str, int], ...]


def counted(
    ledger: Ledger, first: str, last: str, unknown: Collection[int] = (), ask: Ask = at_once
) -> tuple[Counted, ...]:
    """All that is counted on business days of this till, each measure ranked by how far above the others.

    `unknown` are the entries whose payment codes a statement does not know, where one was compared. Every
    question is put by `ask`, and none takes long.
    """
    shifts = [(one.staff, one.number) for one in ask(lambda: practice.shifts(ledger, first, last))]
    found = [
        *_counts(_acts(ledger, first, last, unknown, ask), shifts),
        *_shares(ledger, first, last, shifts, ask),
    ]
    order = list(MEASURES)
    return tuple(sorted(found, key=lambda one: (order.index(_name(one)), one.measure, -_above(one), -one.n)))


def to_look_at(found: Iterable[Counted], till: str) -> tuple[ToLook, ...]:
    """What stands out at a till, one line a measure.

    Some do always, others where one has more than the others' median; where there are no others, nothing is
    above them.
    """
    lines: dict[str, list[Counted]] = defaultdict(list)
    for one in found:
        if one.n and _name(one) not in SHARES and (_name(one) in ALWAYS or _above(one) > 0):
            lines[one.measure].append(one)
    return tuple(_line(rows, till) for rows in lines.values())


def sheet(found: Iterable[Counted], words: Words) -> Sheet:
    """The paper: a row for each clerk, shift and measure."""
    columns = (
        Column("measure", N_("What")),
        Column("staff", N_("Staff number")),
        Column("shift", N_("Shift")),
        Column("n", N_("How many"), Kind.COUNT),
        Column("kes_minor", N_("KES"), Kind.KES),
        Column("others_median", N_("Median of the others' shifts"), Kind.COUNT),
        Column("entries", N_("Entries")),
    )
    rows = tuple(
        (
            one.title.said(words),
            one.staff or None,
            one.shift,
            one.n,
            one.minor or None,
            one.median,
            _entries(one.seqs),
        )
        for one in found
    )
    return Sheet("practice", N_("What a manager may ask about"), columns, rows, (Note(_NO_SCORE),))


_NO_SCORE = N_(
    "Counts beside those of the other clerks' shifts. They accuse nobody: open the entries and ask."
)
_SAYS = N_("{what}: clerk {staff}; the others' median {median}")
_SAYS_ALONE = N_("{what}: clerk {staff}")
_SAYS_ALL = N_("{what}")
_SEQS_SHOWN = 200


def _line(rows: list[Counted], till: str) -> ToLook:
    """Of several clerks what it is and how many; of one, who and beside what."""
    n, entries = sum(one.n for one in rows), tuple(sorted((till, seq) for one in rows for seq in one.seqs))
    staff, first = {one.staff for one in rows}, rows[0]
    if len(staff) > 1 or not first.staff:
        return ToLook(first.measure, n, Note(_SAYS_ALL, {"what": first.title}), entries)
    values = {"what": first.title, "staff": first.staff}
    if first.median is None or len(rows) > 1:
        return ToLook(first.measure, n, Note(_SAYS_ALONE, values), entries)
    return ToLook(first.measure, n, Note(_SAYS, {**values, "median": first.median}), entries)


def _entries(seqs: tuple[int, ...]) -> str:
    shown = " ".join(map(str, seqs[:_SEQS_SHOWN]))
    return f"{shown} …" if len(seqs) > _SEQS_SHOWN else shown


def _name(one: Counted) -> str:
    return one.measure.partition(":")[0]


def _above(one: Counted) -> int:
    return one.n - one.median if one.median is not None else 0


def _acts(ledger: Ledger, first: str, last: str, unknown: Collection[int], ask: Ask) -> Iterator[Act]:
    """What people did, stretch by stretch."""
    for of in ask(lambda: practice.stretches(ledger, first, last)):
        yield from ask(lambda of=of: [*acts.of_stretch(ledger, of)])  # type: ignore[misc]
    yield from ask(lambda: [*acts.of_codes(ledger, first, last, unknown)])
    yield from ask(lambda: [*acts.of_leaves(ledger, first, last)])


def _counts(done: Iterable[Act], shifts: list[tuple[str, str]]) -> Iterator[Counted]:
    """The acts of each clerk and shift; a shift without any counts as none in the median."""
    by: dict[str, dict[tuple[str, str | None], list[Act]]] = defaultdict(lambda: defaultdict(list))
    for act in done:
        by[act.measure][act.staff, act.shift].append(act)
    for measure, units in by.items():
        totals: dict[tuple[str, str | None], int] = dict.fromkeys(shifts, 0)
        totals |= {unit: sum(act.n for act in some) for unit, some in units.items()}
        for unit, some in units.items():
            minor, seqs = sum(act.minor for act in some), tuple(act.seq for act in some)
            yield Counted(measure, *unit, totals[unit], minor, _median(totals, unit[0]), seqs)


def _median(totals: dict[tuple[str, str | None], int], staff: str) -> int | None:
    others = [n for (other, shift), n in totals.items() if shift is not None and other not in ("", staff)]
    return median_low(others) if others else None


def _shares(
    ledger: Ledger, first: str, last: str, shifts: list[tuple[str, str]], ask: Ask
) -> Iterator[Counted]:
    """Who was let in, of 1,000 people: free, and each category of those who pay."""
    people: dict[tuple[str, str], dict[str, int]] = {unit: defaultdict(int) for unit in shifts}
    behind: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for part in sliced(Span((ledger.context.till,), first, last)):
        for one in ask(lambda part=part: _let_in(ledger, part)):  # type: ignore[misc]
            staff, shift, category, ground = one.by
            if (staff, shift) in people:
                name = f"mix:{category}" if ground in (None, NOTICE) else "free"
                people[cast("tuple[str, str]", (staff, shift))][name] += one.people
        for free in ask(lambda part=part: practice.freed(ledger, part.first, part.last)):  # type: ignore[misc]
            behind[free.staff, free.shift].append(free.seq)
    for name in sorted({name for some in people.values() for name in some}):
        totals: dict[tuple[str, str | None], int] = {
            unit: some[name] * _ONE // sum(some.values())
            for unit, some in people.items()
            if sum(some.values()) > 0
        }
        for unit, n in totals.items():
            seqs = tuple(behind[unit]) if name == "free" else ()
            yield Counted(name, *unit, n, 0, _median(totals, unit[0]), seqs)


def _let_in(ledger: Ledger, span: Span) -> list[Charged]:
    return takings.charged(takings.of_ledger(ledger.conn), span, "staff", "shift", "category", "ground")
