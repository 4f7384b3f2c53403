"""Receipts: find one by number, plate, code, amount or day; show it, print it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from gatepos.domain import moments, money, numbers, receipt
from gatepos.domain.entry import Entry
from gatepos.domain.paper_lines import PaperLine
from gatepos.errors import Refusal
from gatepos.ledger import queries
from gatepos.ledger.ledger import Recorded
from gatepos.till import list_views
from gatepos.till.corrections import NoSuchReceipt
from gatepos.till.desk import Desk
from gatepos.till.printing import Printing

SHOWN_MAX = 50


@dataclass(frozen=True, slots=True)
class Opened:
    """A receipt opened on the screen."""

    row: list_views.ReceiptRow
    paper: tuple[PaperLine, ...]
    qr: str


class History:
    """The receipts that this till issued."""

    def __init__(self, desk: Desk, printing: Printing):
        self._desk = desk
        self._printing = printing

    def find(self, typed: str = "", on: date | None = None) -> tuple[list_views.ReceiptRow, ...]:
        """At most 50 receipts, newest first, by whatever was typed; all of a day, or the latest, without."""
        words = typed.strip().encode(errors="ignore").decode()  # half a character is in no receipt
        day = on.isoformat() if on else None
        number = _number(words)
        rows = queries.receipts(
            self._desk.ledger,
            number=number,
            text=words.replace(" ", "").upper() if words and not number else None,
            amount_minor=_amount(words),
            day=day,
            limit=SHOWN_MAX,
        )
        return tuple(_row(row) for row in rows)

    def open(self, typed: str) -> Opened:
        """A receipt as it was printed; NoSuchReceipt."""
        entry = self._entry(typed)
        rows = queries.receipts(self._desk.ledger, number=cast(str, entry.number), limit=1)
        row = _row(rows[0]) if rows else _settled(entry)
        return Opened(row, self._printing.paper(entry), receipt.qr_text(entry))

    def reprint(self, typed: str) -> Recorded:
        """Queue a copy, marked and journaled; its entry says which copy it is."""
        return self._printing.reprint(self._entry(typed))

    def _entry(self, typed: str) -> Entry:
        number = str(numbers.parse(typed))
        entry = self._desk.ledger.by_number(number)
        if entry is None or number[4] != numbers.RECEIPT:
            raise NoSuchReceipt(number=numbers.printed(number))
        return entry


def _row(row: queries.ReceiptFound) -> list_views.ReceiptRow:
    at_ms = moments.from_text(row.at)
    return list_views.ReceiptRow(
        row.number, at_ms, row.plate, row.total_minor, row.state, row.by or "", row.codes
    )


def _settled(entry: Entry) -> list_views.ReceiptRow:
    """What was paid on a pass: no list has it, because it is looked after with its pass."""
    data = cast("Mapping[str, Any]", entry.data)
    codes = tuple(tender["reference"] for tender in data["tenders"] if tender["reference"])
    at_ms = moments.from_text(entry.at)
    return list_views.ReceiptRow(
        str(entry.number), at_ms, data["plate"], data["total_minor"], "", entry.by or "", codes
    )


def _number(typed: str) -> str | None:
    try:
        return str(numbers.parse(typed))
    except Refusal:
        return None


def _amount(typed: str) -> int | None:
    try:
        return money.parse(typed)
    except Refusal:
        return None
