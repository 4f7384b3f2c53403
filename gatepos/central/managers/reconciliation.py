"""Reconciliation on the pages: a statement imported, each claim and line in its state, the rest decided."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response
from starlette.responses import FileResponse

from gatepos.central import c2b, reconciling, reporting
from gatepos.central.managers import downloads, frame, people, sheets, uploads
from gatepos.central.managers.frame import Form, Visit
from gatepos.central.managers.pages import Pages
from gatepos.central.reconciling import GoneMeanwhile, Imported, Said
from gatepos.central.reporting import Sheet
from gatepos.central.store import statements as kept
from gatepos.domain import claims as states
from gatepos.domain import labels, moments, money, numbers, plates, text
from gatepos.domain.claims import Claim, Match
from gatepos.domain.parks import Park
from gatepos.domain.statements import days_of, one_is_false
from gatepos.errors import Refusal
from gatepos.i18n import N_, Words
from gatepos.ledger import reconciliation
from gatepos.ledger.reconciliation import Asked
from gatepos.reports import reconcile as papers
from gatepos.reports.statements import reading
from gatepos.reports.statements.card import WhichColumns
from gatepos.reports.statements.reading import Hints

OPEN_MAX, ROWS_MAX = 100, 200
FILE = "statement"
_COLUMN_MAX = 60
_ELSEWHERE = labels.CLAIM_STATES[states.OTHER_PARK]
_COLUMNS = {
    "column_code": N_("Which column holds the approval code?"),
    "column_amount": N_("Which column holds the amount?"),
    "column_date": N_("Which column holds the date of the payment?"),
}
"""What is asked of a card settlement, in the order in which it is read."""


@dataclass(frozen=True, slots=True)
class Part:
    """One side of a thing: a code, when and by whom or to which account, how much."""

    code: str
    below: str
    amount: str


@dataclass(frozen=True, slots=True)
class Item:
    """A thing as the page shows it: what was taken, what was paid, what may be meant and may be said."""

    code: str
    kind: str
    subject: str
    judged: str
    difference_minor: int
    state: str
    difference: str
    tender: str
    taken: tuple[Part, ...]
    receipts: str
    paid: tuple[Part, ...]
    perhaps: tuple[tuple[str, str], ...]
    decided: str
    waits: str
    may: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Range:
    """The days of a park that are looked at."""

    park: Park
    first: date
    last: date

    @property
    def query(self) -> str:
        return f"park={self.park.code}&first={self.first}&last={self.last}"


def add(app: FastAPI, pages: Pages, checked: Form) -> None:
    """The addresses of these pages; `checked` are the fields of a form that a page of this sign-in made."""
    signed = Annotated[Visit, Depends(pages.visit)]
    form = Annotated[dict[str, str], Depends(checked)]
    filed = Annotated[tuple[uploads.Fields, bytes], Depends(uploads.with_file(pages.visit, FILE))]

    @app.get("/reconciliation")
    def look(
        request: Request, visit: signed, park: str = "", first: str = "", last: str = "", state: str = ""
    ) -> Response:
        return _page(pages, request, visit, _range(pages, visit, park, first, last), state)

    @app.post("/reconciliation/import")
    def take(request: Request, visit: signed, sent: filed) -> Response:
        fields, file = sent
        people.check(visit.person, "decide")
        park = sheets.meant(pages, visit, fields.get("park", ""))
        try:
            done = _take(pages, visit, park, fields, file)
        except WhichColumns as asks:
            of = _range(pages, visit, park.code, "", "")
            return _page(pages, request, visit, of, problem=asks.said(visit.words), asks=asks.names)
        except Refusal as refused:
            of = _range(pages, visit, park.code, "", "")
            return _page(pages, request, visit, of, problem=refused.said(visit.words))
        first, last = map(date.fromisoformat, done.statement.days)
        of = _Range(park, max(first, date.fromordinal(last.toordinal() - reconciliation.DAYS_MAX + 1)), last)
        told = one_is_false(done.contested)
        warned = told.said(visit.words) if told else ""
        return _page(pages, request, visit, of, done=_told(done, visit.words), warned=warned)

    @app.post("/reconciliation/decide")
    def decide(request: Request, visit: signed, fields: form) -> Response:
        people.check(visit.person, "decide")
        of = _range(pages, visit, *(fields.get(name, "") for name in ("park", "first", "last")))
        try:
            match = _meant(_matches(pages, of)[1], fields)
            said = _said(pages, visit, of.park, fields)
            reconciling.decide(pages.store, of.park.code, match, said, _now(pages))
        except Refusal as refused:
            return _page(pages, request, visit, of, problem=refused.said(visit.words))
        return frame.moved(f"/reconciliation?{of.query}")

    @app.post("/reconciliation/withdraw")
    def withdraw(request: Request, visit: signed, fields: form) -> Response:
        people.check(visit.person, "decide")
        of = _range(pages, visit, *(fields.get(name, "") for name in ("park", "first", "last")))
        typed, reason = fields.get("statement", ""), fields.get("reason", "")
        try:
            id_ = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
            who, also = visit.person.name, _second(pages, of.park, fields)
            reconciling.withdraw(pages.store, of.park.code, id_, reason, who, also, _now(pages))
        except Refusal as refused:
            return _page(pages, request, visit, of, problem=refused.said(visit.words))
        return frame.moved(f"/reconciliation?{of.query}#imported")

    @app.post("/reconciliation/sheet", response_model=None)
    def sheet(visit: signed, fields: form) -> FileResponse:
        of = _range(pages, visit, *(fields.get(name, "") for name in ("park", "first", "last")))

        def ordered(out: Path) -> Sheet:
            ends = of.first.isoformat(), of.last.isoformat()
            return Sheet(of.park.code, *ends, out, visit.words.language, visit.person.name, _now(pages))

        return downloads.answered(pages, reporting.sheet_zipped, ordered)


def _page(
    pages: Pages, request: Request, visit: Visit, of: _Range, state: str = "", *, problem: str = "",
    done: str = "", warned: str = "", asks: Sequence[str] = (),
) -> Response:  # fmt: skip
    asked, matches = _matches(pages, of)
    words = visit.words
    totals = papers.sheet(papers.totals(matches, asked.first, asked.last), words)
    open_ = [match for match in matches if match.is_open]
    others = [match for match in matches if match.state == state and not match.is_open]
    with pages.store.reading() as tx:
        imported = kept.imported(tx, of.park.code)
        most = money.amount(reconciling.explained_max(tx, of.park.code))
    told = {"problem": problem} if problem else {}
    sees_all = visit.person.park is None
    return pages.shown(
        request, visit, "reconciliation.html", of.park, first=of.first, last=of.last,
        totals=sheets.table(totals, words), open=[_item(one, words, sees_all) for one in open_[:OPEN_MAX]],
        open_count=len(open_), others=[_item(one, words, sees_all) for one in others[:ROWS_MAX]],
        others_left=max(len(others) - ROWS_MAX, 0), state=state, counts=_counts(matches, words),
        imported=imported, asks=asks, asked=_COLUMNS, done=done, warned=warned, tenders=labels.TENDERS,
        needs_another=reconciling.NeedsAnother(most=most).said(words), needs_two=reconciling.NeedsTwo.says,
        **told,
    )  # fmt: skip


def _range(pages: Pages, visit: Visit, park: str, first: str, last: str) -> _Range:
    """The days that are asked for, else those of the last statement, else today; OtherPark, TooManyDays."""
    meant = sheets.meant(pages, visit, park)
    if first or last:
        begins, ends = text.day(first or last), text.day(last or first)
    else:
        with pages.store.reading() as tx:
            read = next(iter(kept.imported(tx, meant.code)), None)
        today = moments.local_day(pages.clock.wall_ms())
        begins, ends = days_of(read.from_at, read.to_at) if read else (today, today)
        begins = max(begins, date.fromordinal(ends.toordinal() - reconciliation.DAYS_MAX + 1))
    reconciliation.check_days(begins, ends)
    return _Range(meant, begins, ends)


def _matches(pages: Pages, of: _Range) -> tuple[Asked, list[Match]]:
    """Everything of a range in its one state, as it stands now."""
    ends = of.first.isoformat(), of.last.isoformat()
    asked = reconciling.asked(pages.store, of.park.code, *ends, _now(pages))
    return asked, asked.matches()


def _take(pages: Pages, visit: Visit, park: Park, fields: Mapping[str, str], file: bytes) -> Imported:
    """Read and keep the statement in a file; BadPaybill, what `reading.read` and `reconciling.take` say."""
    paybill = fields.get("paybill", "").strip()
    if paybill:
        c2b.check_paybill(paybill)
    named = tuple(text.line(fields.get(name, ""), _COLUMN_MAX) for name in _COLUMNS)
    is_card = bool(fields.get("is_card")) or all(named)
    with pages.store.reading() as tx:
        columns = named if all(named) else kept.columns(tx, park.code) if is_card else ()
    today = moments.local_day(pages.clock.wall_ms())
    hints = Hints(today, (park.code,), paybill, columns, is_card=is_card)
    statement = pages.apart.do(reading.read, file, hints)
    return reconciling.take(pages.store, park.code, statement, visit.person.name, _now(pages))


def _meant(matches: Sequence[Match], fields: Mapping[str, str]) -> Match:
    """The thing that a form is about, as it stood when it was shown; GoneMeanwhile."""
    for match in matches:
        shown = (match.kind, match.subject, match.code, match.judged, str(match.difference_minor))
        if shown == tuple(
            fields.get(name, "") for name in ("kind", "subject", "code", "judged", "difference")
        ):
            return match
    raise GoneMeanwhile()


def _said(pages: Pages, visit: Visit, park: Park, fields: Mapping[str, str]) -> Said:
    """What a form says; whoever agrees proves themselves. WrongPassword, MayNot, OtherPark."""
    decision, also = fields.get("decision", ""), _second(pages, park, fields)
    line = fields.get("line", "") if decision == states.IS_LINE else ""
    return Said(decision, fields.get("reason", ""), visit.person.name, line, also)


def _second(pages: Pages, park: Park, fields: Mapping[str, str]) -> str:
    """Who agrees, having proved it; empty where nobody is named. WrongPassword, MayNot, OtherPark."""
    name = fields.get("second", "").strip()
    if not name:
        return ""
    second = pages.people.proved(name, fields.get("password", ""), pages.clock.wall_ms())
    people.check(second, "decide")
    people.check_park(second, park.code)
    return second.name


def _item(match: Match, words: Words, sees_all: bool) -> Item:
    """What is shown of it; of other parks only that they used the code, unless somebody sees them all."""
    shown = (*match.claims, *(match.elsewhere if sees_all else ()))
    taken = [_taken(claim, words, is_elsewhere=claim in match.elsewhere) for claim in shown]
    if match.elsewhere and not sees_all:
        taken += [Part(code, words(_ELSEWHERE), "") for code in sorted({one.code for one in match.elsewhere})]
    receipts = sorted({part.receipt for claim in shown for part in claim.parts})
    may = [one for one in match.may if one != states.IS_LINE or match.suggestions]
    return Item(
        match.code, match.kind, match.subject, match.judged, match.difference_minor,
        words(labels.CLAIM_STATES[match.state]), _signed(match.difference_minor),
        f"{words(labels.TENDERS[match.kind])} {match.place}".strip(),
        tuple(taken), ", ".join(map(numbers.printed, receipts)),
        tuple(_paid(match, words)), tuple(_perhaps(match, words)), _decided(match, words),
        words(N_("{n} days"), n=match.age_days) if match.state == states.WAITING else "",
        tuple((one, words(labels.DECIDING.get(one, labels.DECISIONS[one])).rstrip("…")) for one in may),
    )  # fmt: skip


def _perhaps(match: Match, words: Words) -> Iterator[tuple[str, str]]:
    for one in match.suggestions:
        says = (one.line.code, _amount(one.line.amount_minor), words(labels.ALIKE[one.why]))
        yield one.line.code, " · ".join(filter(None, says))


def _decided(match: Match, words: Words) -> str:
    decision = match.decision
    if decision is None:
        return ""
    return f"{words(labels.DECISIONS[decision.decision])}: {decision.reason} ({decision.by})"


def _taken(claim: Claim, words: Words, *, is_elsewhere: bool) -> Part:
    below = (
        *([words(_ELSEWHERE)] if is_elsewhere else []), words.moment(moments.from_text(claim.at)),
        words(N_("Clerk {number}"), number=claim.staff), *sorted({part.till for part in claim.parts}),
        *map(plates.shown, claim.plates),
    )  # fmt: skip
    return Part(claim.code, " · ".join(below), _amount(claim.used_minor))


def _paid(match: Match, words: Words) -> Sequence[Part]:
    return [
        Part(
            line.code,
            " · ".join(filter(None, (words.moment(moments.from_text(line.at)), line.account))),
            _amount(line.amount_minor),
        )
        for line in match.lines
    ]


def _counts(matches: Sequence[Match], words: Words) -> list[tuple[str, str, int]]:
    """Each state with its name and how many things are in it that nobody has to look at."""
    found = dict.fromkeys(states.SHOWN_STATES, 0)
    for match in matches:
        found[match.state] += not match.is_open
    return [(state, words(labels.CLAIM_STATES[state]), n) for state, n in found.items() if n]


def _told(done: Imported, words: Words) -> str:
    statement = done.statement
    says = N_(
        "Read: {n} payments. New: {new}. Left aside: {left}. Payments that M-PESA reported: {n2} confirmed."
    )
    told = words(says, n=len(statement.lines), new=done.new, left=statement.left, n2=done.confirmed)
    partly = N_("Its lines do not add up to its own total: what it lacks is not called unknown.")
    return told if statement.is_whole else f"{told} {words(partly)}"


def _amount(minor: int | None) -> str:
    return "" if minor is None else money.shown(money.KES, minor)


def _signed(minor: int) -> str:
    return f"{'+' if minor > 0 else ''}{money.shown(money.KES, minor)}"


def _now(pages: Pages) -> str:
    return moments.to_text(pages.clock.wall_ms())
