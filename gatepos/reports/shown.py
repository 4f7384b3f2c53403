"""How the parts of a report are shown to people, in workbooks, on pages and on screens alike."""

from datetime import date

from gatepos.domain import moments, money, numbers, parks
from gatepos.i18n import N_, Words
from gatepos.reports.sheet import Cell, Column, Kind, Report

TITLE = N_("Takings")
COVERAGE = N_("What this covers")
TILL, ENTRIES, HASH = N_("Till"), N_("Entries"), N_("Hash of the last entry")
PAPERS, ROWS, TOTAL = N_("Papers"), N_("Rows"), N_("Total")
CHECK, ONE_SIDE, OTHER_SIDE = N_("What must be the same"), N_("One side"), N_("The other")
_VERSION = N_("version {version}, as of {at}")
_PAGE = N_("Page {page} of {pages}")


def cell(column: Column, value: Cell, words: Words) -> str:
    """A cell as text; empty where there is nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _text(column.kind, value, words)
    if column.kind in (Kind.KES, Kind.USD):
        return money.amount(value, cents=True)
    if column.kind is Kind.RATE:
        return money.rate_text(value)
    return f"{value:,}".replace("-", "−")


def park(report: Report, words: Words) -> str:
    """The park's name, or its code where the program does not know it; marked where nothing is real."""
    found = parks.shipped().parks.get(report.park)
    name = found.name if found else report.park or words(N_("All parks"))
    demo = [head.till for head in report.heads if numbers.is_demo(head.till)]
    if not demo:
        return name
    mark = words(N_("TRAINING")) if all(map(numbers.is_training, demo)) else words(N_("DEMO"))
    return f"{mark} · {name}"


def days(report: Report, words: Words) -> str:
    """`Fri 2 Jan 2026`, or from … to … ."""
    first, last = (words.day(date.fromisoformat(day)) for day in (report.first, report.last))
    return first if first == last else f"{first} – {last}"


def version(report: Report, words: Words) -> str:
    """`version 2, as of 4 Jan 09:10`."""
    return as_of(report.version, report.as_of, words)


def as_of(version: int, at: str, words: Words) -> str:
    """The same of a version and a moment."""
    return words(_VERSION, version=version, at=words.moment(moments.from_text(at)))


def page(words: Words, number: object, of: object) -> str:
    """`Page 3 of 12`; a workbook puts its own signs for both."""
    return words(_PAGE, page=number, pages=of)


def _text(kind: Kind, value: str, words: Words) -> str:
    if kind is Kind.MOMENT:
        return words.moment(moments.from_text(value))
    if kind is Kind.DAY:
        return words.day(date.fromisoformat(value))
    return value
