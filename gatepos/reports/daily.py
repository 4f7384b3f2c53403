"""The report of a range of days: all its papers, what they cover, and what must be the same in them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from gatepos.domain import moments, postings
from gatepos.domain.money import KES, USD
from gatepos.i18n import N_
from gatepos.ledger import registers
from gatepos.ledger.listings import Outage
from gatepos.ledger.takings import Charged
from gatepos.reports import identities, outage_statement, practice, takings, to_look
from gatepos.reports.papers import (
    banking,
    changes,
    claims,
    documents,
    exemptions,
    in_force,
    leaves,
    not_visitors,
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


_Made = tuple[list[Sheet], list[Identity]]
"""Papers, and what must be the same in them."""


@dataclass(frozen=True, slots=True)
class Made:
    """A report before it has a version, and the figures by which versions differ."""

    report: Report
    said: Mapping[str, int]

    def versioned(self, version: int, since: tuple[Note, ...]) -> Report:
        """The report as a version, with what changed since the one before it."""
        return replace(self.report, version=version, coverage=(*since, *self.report.coverage))


class Papers:
    """The papers of a scope, each made when somebody asks for it, and once."""

    def __init__(self, scope: Scope):
        self.scope = scope
        self._made: dict[str, _Made] = {}

    def sheet(self, name: str) -> Sheet:
        """One of the papers by its name; KeyError when there is none of it."""
        for part in _PARTS:
            if name in part.titles:
                return next(one for one in self._part(part)[0] if one.name == name)
        raise KeyError(name)

    def made(self) -> Made:
        """The whole report, before it has a version."""
        scope = self.scope
        parts = [self._part(part) for part in _PARTS if part.is_of(scope)]
        numbers, by_shift = self.sheet(register.NAME), self.sheet("shifts")
        report = Report(
            scope.park.code if scope.park else "",
            scope.span.first,
            scope.span.last,
            scope.at,
            1,
            tuple(Head(one.till, one.seq, one.hash) for one in scope.standings if one.seq),
            (*coverage(scope), *_warnings(scope, numbers, by_shift)),
            tuple(sheet for sheets, _ in parts for sheet in sheets),
            (*money_identities(scope, self.figures), *(one for _, same in parts for one in same)),
        )
        return Made(report, said(scope, self.figures))

    @cached_property
    def figures(self) -> Figures:
        """The sums of the range."""
        return figures(self.scope)

    @cached_property
    def charges(self) -> list[Charged]:
        """What was charged in the range."""
        return takings.charged(self.scope, *takings.CHARGED_BY)

    @cached_property
    def outages(self) -> list[Outage]:
        """The outages that reach into the range."""
        return by_group.outages(self.scope)

    def _part(self, part: "_Part") -> _Made:
        key = next(iter(part.titles))
        if key not in self._made:
            self._made[key] = part.make(self)
        return self._made[key]


def made(scope: Scope) -> Made:
    """All papers of a scope; nothing is written."""
    return Papers(scope).made()


def offered(scope: Scope) -> dict[str, str]:
    """The papers that a scope has: their titles (N_ texts) by name, none of them made yet."""
    return {name: title for part in _PARTS if part.is_of(scope) for name, title in part.titles.items()}


def figures(scope: Scope) -> Figures:
    """The sums of a scope."""
    codes = takings.claims(scope.rows, scope.span)
    return takings.figures(scope.source, scope.span, scope.prices, codes)


def said(scope: Scope, found: Figures) -> dict[str, int]:
    """The figures of a range that may change after it: by these a version differs from the one before."""
    opened = takings.opened(scope.source, scope.span.tills)
    own = [one.number for one in opened if scope.span.first <= one.day <= scope.span.last]
    return {
        **{name: getattr(found, name) for name in VERSIONED},
        "open_passes": len(own),
        "open_minor": sum(scope.source.owed.owed(number) for number in own),
        "ended": sum(registers.ended(scope.rows, part) for part in takings.sliced(scope.span)),
    }


VERSIONED = (
    "collected_kes_minor", "collected_usd_minor", "papers", "back_minor", "tickets", "prepaid_minor",
    "unlisted", "claimed_codes", "claimed_minor", "confirmed_codes", "confirmed_minor", "charged_minor",
    "people", "vehicles", "waived_minor", "free", "crew", "over_kes_minor", "over_usd_minor",
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


def money_identities(scope: Scope, found: Figures) -> list[Identity]:
    """What was taken, against what was charged and against what the tills have."""
    return [money_identity(scope, found), *kept_identities(scope, found)]


def kept_identities(scope: Scope, found: Figures) -> list[Identity]:
    """What the accounts of money grew by is what was taken, by another book, less what was spent."""
    rows, span = scope.rows, scope.span
    grew = {
        currency: registers.posted(rows, span, "asset:", currency)
        - registers.posted(rows, span, "asset:receivable:", currency)
        for currency in (KES, USD)
    }
    taken = found.collected_kes_minor + found.prepaid_minor + found.back_minor
    kes = identities.kept(
        KES, grew[KES], taken, found.back_minor, found.spent_kes_minor, found.over_kes_minor
    )
    usd = (found.collected_usd_minor, 0, found.spent_usd_minor, found.over_usd_minor)
    return [kes, identities.kept(USD, grew[USD], *usd)] if any((grew[USD], *usd)) else [kes]


def coverage(scope: Scope) -> Iterator[Note]:
    """Of which tills the figures are, and until when each was heard."""
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


@dataclass(frozen=True, slots=True)
class _Part:
    """Papers that are made together, their titles by name."""

    titles: Mapping[str, str]
    make: Callable[[Papers], _Made]
    is_of_days: bool = False
    """Of several days alone."""

    def is_of(self, scope: Scope) -> bool:
        """Whether a scope has them."""
        return not self.is_of_days or scope.span.first != scope.span.last


def _alone(make: Callable[[Papers], Sheet]) -> Callable[[Papers], _Made]:
    return lambda papers: ([make(papers)], [])


def _figures(papers: Papers) -> Sheet:
    scope = papers.scope
    owed = takings.owed(scope.source, scope.span.tills, scope.span.last, scope.at)
    return by_group.figures(scope, papers.figures, owed, takings.held(scope))


def _register(papers: Papers) -> _Made:
    sheet, same = register.sheet(papers.scope)
    return [sheet], same


def _statement(papers: Papers) -> _Made:
    scope = papers.scope
    found = outage_statement.between(scope)
    return [*outage_statement.sheets(scope, found)], [*outage_statement.identities(scope, found)]


def _practice(papers: Papers) -> Sheet:
    scope = papers.scope
    return practice.sheet(scope, practice.counted(scope, to_look.unknown_codes(scope)))


_PARTS = (
    _Part({"figures": N_("Takings")}, _alone(_figures)),
    _Part({"tenders": N_("By way of paying")}, _alone(lambda papers: by_group.tenders(papers.scope))),
    _Part({"fees": N_("By fee")}, _alone(lambda papers: by_group.by_fee(papers.scope, papers.charges))),
    _Part(
        {"places": N_("By gate, till, shift and clerk")},
        _alone(lambda papers: by_group.places(papers.scope, papers.charges)),
    ),
    _Part({"hours": N_("By hour")}, _alone(lambda papers: by_group.hours(papers.scope, papers.outages))),
    _Part({"days": N_("By day")}, _alone(lambda papers: by_group.days(papers.scope)), is_of_days=True),
    _Part(
        {"outages": N_("In outages")},
        _alone(lambda papers: by_group.in_outages(papers.scope, papers.outages)),
    ),
    _Part({register.NAME: N_("Receipt register")}, _register),
    _Part(
        {"shifts": N_("Shift sheets"), "counts": N_("Counted in the shifts")},
        lambda papers: shifts.sheets(papers.scope),
    ),
    _Part(
        {"paybills": N_("Paybills"), "mpesa": N_("M-PESA codes"), "tickets": N_("Prepaid tickets")},
        lambda papers: (claims.sheets(papers.scope), []),
    ),
    _Part(
        {"passes": N_("Gate passes"), "waivers": N_("Waivers")},
        lambda papers: (passes.sheets(papers.scope), []),
    ),
    _Part({"documents": N_("Documents in custody")}, _alone(lambda papers: documents.sheet(papers.scope))),
    _Part({"leaves": N_("Hand-written leaves")}, _alone(lambda papers: leaves.sheet(papers.scope))),
    _Part({"exemptions": N_("Free entries")}, _alone(lambda papers: exemptions.sheet(papers.scope))),
    _Part(
        {"in_force": N_("Schedules and rates in force")}, _alone(lambda papers: in_force.sheet(papers.scope))
    ),
    _Part(
        {"changes": N_("Reprints, overrides and switches")},
        _alone(lambda papers: changes.sheet(papers.scope)),
    ),
    _Part(
        {"visitors": N_("Visitors and vehicles")},
        _alone(lambda papers: visitors.sheet(papers.scope, papers.charges)),
    ),
    _Part({"not_visitors": N_("Not visitors")}, _alone(lambda papers: not_visitors.sheet(papers.scope))),
    _Part({"banking": N_("Banking list")}, _alone(lambda papers: banking.sheet(papers.scope))),
    _Part({"sync": N_("Sync status")}, _alone(lambda papers: standings.sheet(papers.scope))),
    _Part(outage_statement.TITLES, _statement),
    _Part({practice.NAME: practice.TITLE}, _alone(_practice)),
)
"""All papers in the order of a report."""


def _warnings(scope: Scope, numbers: Sheet, by_shift: Sheet) -> Iterator[Note]:
    number, closed = by_shift.place("shift"), by_shift.place("closed_at")
    open_ = [str(row[number]) for row in by_shift.rows if row[closed] is None]
    if open_:
        yield Note(_OPEN, {"shifts": ", ".join(open_)})
    if missing := register.missing(scope, numbers):
        yield Note(_MISSING, {"n": missing})
