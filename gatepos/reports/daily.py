"""The report of a range of days: all its papers, what they cover, and what must be the same in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from gatepos.domain import moments, postings
from gatepos.domain.money import KES
from gatepos.i18n import N_
from gatepos.ledger import registers
from gatepos.reports import identities, takings
from gatepos.reports.papers import (
    banking,
    changes,
    claims,
    documents,
    exemptions,
    in_force,
    leaves,
    passes,
    register,
    shifts,
    standings,
    visitors,
)
from gatepos.reports.papers import takings as by_group
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Head, Identity, Note, Report, Sheet
from gatepos.reports.takings import Figures

_OWN = N_("{till}, gate {gate}: all of its entries, the last {at}.")
_HEARD = N_("{till}, gate {gate}: heard until {at}, {entries} entries.")
_NOT_HEARD = N_("{till}, gate {gate}: nothing was heard of it.")
_WAITS = N_("{till}: {n} of its entries are not in these figures yet.")
_OPEN = N_("Shifts that are still open: {shifts}. What they take will be added.")
_MISSING = N_("Numbers that are missing in the register: {n}.")


@dataclass(frozen=True, slots=True)
class Made:
    """A report before it has a version, and the figures by which versions differ."""

    report: Report
    said: Mapping[str, int]

    def versioned(self, version: int, since: tuple[Note, ...]) -> Report:
        """The report as a version, with what changed since the one before it."""
        return replace(self.report, version=version, coverage=(*since, *self.report.coverage))

    def extended(self, sheets: tuple[Sheet, ...], same: tuple[Identity, ...]) -> "Made":
        """The same with more papers, and with what must be the same in them."""
        report = self.report
        return replace(
            self,
            report=replace(report, sheets=(*report.sheets, *sheets), identities=(*report.identities, *same)),
        )


def made(scope: Scope) -> Made:
    """All papers of a scope; nothing is written."""
    found = takings.figures(scope.source, scope.span, scope.prices)
    owed = takings.owed(scope.source, scope.span.tills, scope.span.last, scope.at)
    numbers, per_series = register.sheet(scope)
    by_shift, of_shifts = shifts.sheets(scope)
    issued = passes.sheets(scope)
    sheets = (
        *by_group.sheets(scope, found, owed), numbers, *by_shift, *claims.sheets(scope),
        *issued, documents.sheet(scope), leaves.sheet(scope), exemptions.sheet(scope), in_force.sheet(scope),
        changes.sheet(scope), visitors.sheet(scope), banking.sheet(scope), standings.sheet(scope),
    )  # fmt: skip
    report = Report(
        scope.park.code if scope.park else "",
        scope.span.first,
        scope.span.last,
        scope.at,
        1,
        tuple(Head(one.till, one.seq, one.hash) for one in scope.standings if one.seq),
        (*_coverage(scope), *_warnings(scope, numbers, by_shift[0])),
        sheets,
        (money_identity(scope, found), *per_series, *of_shifts),
    )
    return Made(report, said(found, issued[0], numbers))


def said(found: Figures, issued: Sheet, numbers: Sheet) -> dict[str, int]:
    """The figures of a range that may change after it: by these a version differs from the one before."""
    before, owed = (issued.place(name) for name in ("before", "owed_minor"))
    own = [row for row in issued.rows if not row[before]]
    ended = numbers.place("ended_by")
    return {
        **{name: getattr(found, name) for name in VERSIONED},
        "open_passes": sum(1 for row in own if row[owed]),
        "open_minor": sum(int(row[owed] or 0) for row in own),
        "ended": sum(1 for row in numbers.rows if row[ended]),
    }


VERSIONED = (
    "collected_kes_minor", "collected_usd_minor", "papers", "back_minor", "tickets", "prepaid_minor",
    "unlisted", "claimed_codes", "claimed_minor", "confirmed_codes", "confirmed_minor", "charged_minor",
    "people", "vehicles", "waived_minor", "free", "over_kes_minor", "over_usd_minor",
)  # fmt: skip


def money_identity(scope: Scope, found: Figures) -> Identity:
    """What was taken, by its book, is what was charged, by its own, and is neither owed nor waived."""
    rows, span = scope.rows, scope.span
    dollars = registers.dollars_minor(rows, span)
    taken = found.collected_kes_minor + found.prepaid_minor + dollars
    fx = registers.posted(rows, span, postings.FX, KES)
    return identities.money(
        payments=taken + found.back_minor,
        refunds=found.back_minor,
        income=found.charged_minor,
        waivers=found.waived_minor,
        owed_more=registers.posted(rows, span, "asset:receivable:", KES),
        fx=dollars - fx,
    )


def _coverage(scope: Scope) -> Iterator[Note]:
    for place, one in enumerate(scope.standings):
        told: dict[str, object] = {"till": one.till, "gate": scope.gate(one.gate)}
        if not one.seq:
            yield Note(_NOT_HEARD, told)
            continue
        at = scope.words.moment(moments.from_text(one.at)) if one.at else "–"
        says = _OWN if not place and scope.is_own else _HEARD
        yield Note(says, {**told, "at": at, "entries": one.seq})
        if one.waiting and not scope.is_own:
            yield Note(_WAITS, {"till": one.till, "n": one.waiting})


def _warnings(scope: Scope, numbers: Sheet, by_shift: Sheet) -> Iterator[Note]:
    number, closed = by_shift.place("shift"), by_shift.place("closed_at")
    open_ = [str(row[number]) for row in by_shift.rows if row[closed] is None]
    if open_:
        yield Note(_OPEN, {"shifts": ", ".join(open_)})
    if missing := register.missing(scope, numbers):
        yield Note(_MISSING, {"n": missing})
