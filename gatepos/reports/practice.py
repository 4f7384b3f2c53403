"""How people worked, counted from the journal: what a manager may want to ask about, and no score.

Each row is one thing of one clerk in one shift, beside the median of the others' shifts, with its entries.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median_low

from gatepos.domain import labels
from gatepos.domain.vocabulary import NOTICE
from gatepos.i18n import N_
from gatepos.ledger import practice, takings
from gatepos.ledger.practice import Unit
from gatepos.reports import acts
from gatepos.reports.acts import Act, Place
from gatepos.reports.papers import columns
from gatepos.reports.scope import Scope
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
NAME, TITLE = "practice", N_("What a manager may ask about")
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
    unit: Unit
    n: int
    minor: int
    median: int | None
    seqs: tuple[int, ...]

    @property
    def till(self) -> str:
        """Where."""
        return self.unit[0]

    @property
    def staff(self) -> str:
        """Who, or nobody."""
        return self.unit[1]

    @property
    def shift(self) -> str | None:
        """In which shift."""
        return self.unit[2]

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
    """A line of what is to be looked at: how many, a sentence, and the entries that it opens."""

    measure: str
    n: int
    note: Note
    entries: tuple[Place, ...]


def counted(scope: Scope, unknown: Collection[Place] = ()) -> tuple[Counted, ...]:
    """All that is counted in a scope, gate by gate, each measure ranked by how far above the others there.

    At a till it is of itself alone: of others it hears a part. `unknown` are the entries whose payment codes
    a statement does not know, where one was compared.
    """
    counted_ = [one for tills in _gates(scope) for one in _of_gate(_narrowed(scope, tills), unknown)]
    order = list(MEASURES)
    return tuple(
        sorted(counted_, key=lambda one: (order.index(_name(one)), one.measure, -_above(one), -one.n))
    )


def _gates(scope: Scope) -> list[tuple[str, ...]]:
    """The tills that are compared with each other."""
    if scope.is_own:
        return [scope.span.tills[:1]]
    gates: dict[str, list[str]] = defaultdict(list)
    for one in scope.standings:
        gates[f"{one.park} {one.gate}"].append(one.till)
    return [tuple(tills) for tills in gates.values()]


def _narrowed(scope: Scope, tills: tuple[str, ...]) -> Scope:
    return replace(scope, span=replace(scope.span, tills=tills))


def _of_gate(scope: Scope, unknown: Collection[Place]) -> Iterator[Counted]:
    shifts = practice.shifts(scope.rows, scope.span)
    parts = [replace(scope, span=part) for part in sliced(scope.span)]
    done = [act for part in parts for act in acts.done(part)]
    yield from _counts([*done, *acts.with_codes(scope, unknown), *acts.with_leaves(scope)], shifts)
    yield from _shares(parts, shifts)


def to_look_at(found: Iterable[Counted]) -> tuple[ToLook, ...]:
    """What stands out, one line a measure: some always, others where one has more than the others' median.

    Where there are no others, nothing is above them.
    """
    lines: dict[str, list[Counted]] = defaultdict(list)
    for one in found:
        if one.n and _name(one) not in SHARES and (_name(one) in ALWAYS or _above(one) > 0):
            lines[one.measure].append(one)
    return tuple(_line(rows) for rows in lines.values())


def sheet(scope: Scope, found: Iterable[Counted]) -> Sheet:
    """The paper: a row for each clerk, shift and measure."""
    titles = (
        Column("measure", N_("What")),
        columns.TILL,
        Column("staff", N_("Staff number")),
        Column("shift", N_("Shift")),
        Column("n", N_("How many"), Kind.COUNT),
        Column("kes_minor", N_("KES"), Kind.KES),
        Column("others_median", N_("Median of the others' shifts"), Kind.COUNT),
        Column("entries", N_("Entries")),
    )
    rows = tuple(
        (
            one.title.said(scope.words), one.till, one.staff or None, scope.printed(one.shift), one.n,
            one.minor or None, one.median, _entries(one.seqs),
        )
        for one in found
    )  # fmt: skip
    return Sheet(NAME, TITLE, titles, rows, (Note(_NO_SCORE),))


_NO_SCORE = N_(
    "Counts beside those of the other clerks' shifts. They accuse nobody: open the entries and ask."
)
_SAYS = N_("{what}: clerk {staff}; the others' median {median}")
_SAYS_ALONE = N_("{what}: clerk {staff}")
_SAYS_ALL = N_("{what}")
_SEQS_SHOWN = 200


def _line(rows: list[Counted]) -> ToLook:
    """Of several clerks what it is and how many; of one, who and beside what."""
    n, entries = (
        sum(one.n for one in rows),
        tuple(sorted((one.till, seq) for one in rows for seq in one.seqs)),
    )
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


def _counts(done: Iterable[Act], shifts: list[Unit]) -> Iterator[Counted]:
    """The acts of each clerk and shift; a shift without any counts as none in the median."""
    by: dict[str, dict[Unit, list[Act]]] = defaultdict(lambda: defaultdict(list))
    for act in done:
        by[act.measure][act.unit].append(act)
    for measure, units in by.items():
        totals: dict[Unit, int] = dict.fromkeys(shifts, 0)
        totals |= {unit: sum(act.n for act in some) for unit, some in units.items()}
        for unit, some in units.items():
            minor, seqs = sum(act.minor for act in some), tuple(sorted(act.seq for act in some))
            yield Counted(measure, unit, totals[unit], minor, _median(totals, unit), seqs)


def _median(totals: dict[Unit, int], of: Unit) -> int | None:
    others = [n for (_, staff, shift), n in totals.items() if shift is not None and staff not in ("", of[1])]
    return median_low(others) if others else None


def _shares(parts: Sequence[Scope], shifts: list[Unit]) -> Iterator[Counted]:
    """Who was let in, of 1,000 people: free, and each category of those who pay."""
    people: dict[Unit, dict[str, int]] = {unit: defaultdict(int) for unit in shifts}
    behind: dict[Unit, list[int]] = defaultdict(list)
    for part in parts:
        for one in takings.charged(part.rows, part.span, "till", "staff", "shift", "category", "ground"):
            till, staff, shift, category, ground = one.by
            unit = (till or "", staff or "", shift)
            if unit in people and one.people:
                name = f"mix:{category}" if ground in (None, NOTICE) else "free"
                people[unit][name] += one.people
        for free in practice.freed(part.rows, part.span):
            behind[free.unit].append(free.seq)
    for name in sorted({name for some in people.values() for name in some}):
        totals: dict[Unit, int] = {
            unit: some[name] * _ONE // sum(some.values())
            for unit, some in people.items()
            if sum(some.values()) > 0
        }
        for unit, n in totals.items():
            yield Counted(
                name, unit, n, 0, _median(totals, unit), tuple(behind[unit]) if name == "free" else ()
            )
