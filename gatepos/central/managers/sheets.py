"""Papers on the pages: what a manager may ask about, the statement of outages, the entries behind."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, TypeVar

from fastapi import Depends, FastAPI, Request, Response

from gatepos.central import publishing, reporting
from gatepos.central.managers import people
from gatepos.central.managers.frame import Visit
from gatepos.central.managers.pages import NoPark, Pages
from gatepos.central.store import reported, tills
from gatepos.domain import moments, money, policy
from gatepos.domain.entry import Entry
from gatepos.domain.parks import Park
from gatepos.i18n import N_, Words
from gatepos.reports import days, outage_statement, practice, shown, to_look
from gatepos.reports.acts import Place
from gatepos.reports.asked import BadRange
from gatepos.reports.papers import entries as paper
from gatepos.reports.practice import ToLook
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Cell, Kind, Sheet

_T = TypeVar("_T")
DAYS_MAX = 31
ROWS_MAX = 500
"""Of a paper on a page; all of them are in what is downloaded."""
_SEQS_MAX = 200
_PLACES = re.compile(r"\b([A-Z][A-Z0-9]{3})((?:\.[0-9]{1,15})+)\b", re.ASCII)
_NUMBERS = (Kind.COUNT, Kind.KES, Kind.USD, Kind.RATE, Kind.SECONDS)


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is shown, and where its entries are."""

    cells: tuple[str, ...]
    entries: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A paper as it is shown: whether each column is of numbers, `left` rows that are not here."""

    name: str
    title: str
    columns: tuple[tuple[str, bool], ...]
    lines: tuple[Line, ...]
    totals: tuple[str, ...]
    notes: tuple[str, ...]
    left: int


@dataclass(frozen=True, slots=True)
class Look:
    """A line of what is to be looked at, and where its entries are."""

    n: int
    says: str
    entries: str


def add(app: FastAPI, pages: Pages) -> None:
    """The addresses of these pages."""
    signed = Annotated[Visit, Depends(pages.visit)]

    @app.get("/practice")
    def asked_about(
        request: Request, visit: signed, park: str = "", first: str = "", last: str = ""
    ) -> Response:
        of, days_ = meant(pages, visit, park), _days(pages, first, last)
        with pages.store.reading() as tx:
            over_kes = publishing.in_force(tx, of.code).whole(policy.OVER_SHORT_NOTE_OVER)

        def made(scope: Scope) -> tuple[list[Look], list[Table]]:
            unknown = to_look.unknown_codes(scope)
            counted = practice.counted(scope, unknown)
            found = to_look.among(scope, over_kes * money.MINOR, unknown, counted)
            looks = [_look(one, visit.words) for one in found]
            links = [_entries((one.till, seq) for seq in one.seqs) for one in counted]
            return looks, [table(practice.sheet(scope, counted), visit.words, links)]

        looks, tables = _read(pages, visit, of, days_, made)
        return pages.shown(
            request, visit, "papers.html", of, tables=tables, looks=looks, first=days_[0], last=days_[1],
            title=visit.words(practice.TITLE), here="/practice",
        )  # fmt: skip

    @app.get("/statement")
    def statement(
        request: Request, visit: signed, park: str = "", first: str = "", last: str = ""
    ) -> Response:
        of, days_ = meant(pages, visit, park), _days(pages, first, last)

        def made(scope: Scope) -> list[Table]:
            found = outage_statement.between(scope)
            return [table(sheet, visit.words) for sheet in outage_statement.sheets(scope, found)]

        tables = _read(pages, visit, of, days_, made)
        return pages.shown(
            request, visit, "papers.html", of, tables=tables, looks=(), first=days_[0], last=days_[1],
            title=visit.words(N_("Statement of outages")), here="/statement",
        )  # fmt: skip

    @app.get("/entries")
    def entries(request: Request, visit: signed, of: str = "") -> Response:
        with pages.store.reading() as tx:
            found: list[Entry] = []
            for till, seqs in _named(of).items():
                known = tills.of_code(tx, till)
                people.check_park(visit.person, known.row.park if known else None)
                found += reported.entries(tx, till, seqs)
        made = table(paper.sheet(found, N_("Entries"), visit.words), visit.words)
        return pages.shown(
            request, visit, "papers.html", tables=[made], looks=(), first="", last="",
            title=visit.words(N_("Entries")), here="",
        )  # fmt: skip


def table(sheet: Sheet, words: Words, entries: Sequence[str] = ()) -> Table:
    """A paper as it is shown; `entries` is where those behind each row are."""
    some = [*zip(sheet.rows[:ROWS_MAX], [*entries, *[""] * ROWS_MAX], strict=False)]

    def said(row: Sequence[Cell]) -> tuple[str, ...]:
        return tuple(shown.cell(column, cell, words) for column, cell in zip(sheet.columns, row, strict=True))

    return Table(
        sheet.name,
        words(sheet.title),
        tuple((words(column.title), column.kind in _NUMBERS) for column in sheet.columns),
        tuple(Line(said(row), where) for row, where in some),
        said(sheet.totals) if any(one is not None for one in sheet.totals) and sheet.rows else (),
        tuple(note.said(words) for note in sheet.notes),
        max(len(sheet.rows) - ROWS_MAX, 0),
    )


def meant(pages: Pages, visit: Visit, park: str) -> Park:
    """The park that is asked for; NoPark, OtherPark, UnknownPark."""
    found = pages.park_of(visit, park)
    if found is None:
        raise NoPark()
    return found


def _days(pages: Pages, first: str, last: str) -> tuple[str, str]:
    """The days that are asked for, today where none are; BadRange."""
    today = moments.local_day(pages.clock.wall_ms()).isoformat()
    begins, ends = first or today, last or first or today
    try:
        found = days.between(date.fromisoformat(begins), date.fromisoformat(ends))
    except ValueError as error:
        raise BadRange(first=begins[:20], last=ends[:20], most=DAYS_MAX) from error
    if (found.last - found.first).days >= DAYS_MAX:
        raise BadRange(first=begins, last=ends, most=DAYS_MAX)
    return found.ends


def _read(pages: Pages, visit: Visit, park: Park, days_: tuple[str, str], make: Callable[[Scope], _T]) -> _T:
    """What is made of a park's days, as the books stand at one moment."""
    at = moments.to_text(pages.clock.wall_ms())
    with pages.store.reading() as tx:
        return make(reporting.scope(tx, park, days_, at, visit.words))


def _look(one: ToLook, words: Words) -> Look:
    return Look(one.n, one.note.said(words), _entries(one.entries))


def _entries(places: Iterable[Place]) -> str:
    """The address of some entries: `XNM2.12.14-XNE1.3`."""
    seqs: dict[str, list[int]] = {}
    for till, seq in [*dict.fromkeys(places)][:_SEQS_MAX]:
        seqs.setdefault(till, []).append(seq)
    return "-".join(".".join([till, *map(str, some)]) for till, some in seqs.items())


def _named(of: str) -> dict[str, list[int]]:
    """The entries that an address names; what is none is left out."""
    found: dict[str, list[int]] = {}
    for till, seqs in _PLACES.findall(of):
        found.setdefault(till, []).extend(map(int, seqs.split(".")[1 : _SEQS_MAX + 1]))
    return found
