"""M-PESA's statement of an organisation, as its portal exports it: XLSX or CSV, all columns or fewer.

Kept are completed payments and those that were taken back. What makes a match certain must be there: the
code, its time, whether it was completed, what came in and what went out.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn, TypeVar

from gatepos.domain import accounts
from gatepos.domain.statements import MPESA, Line, Statement
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.reports.statements import cells, values
from gatepos.reports.statements.cells import Row
from gatepos.reports.statements.values import BadLine, NotAValue

_T = TypeVar("_T")
_CODE, _STATUS, _IN, _OUT = "Receipt No.", "Transaction Status", "Paid In", "Withdrawn"
_COMPLETED_AT, _INITIATED_AT = "Completion Time", "Initiation Time"
_ACCOUNT, _LINKED, _REASON, _DETAILS = "A/C No.", "Linked Transaction ID", "Reason Type", "Details"
_ALSO = {
    _CODE: ("receiptno", "receipt", "receiptnumber"),
    _STATUS: ("transactionstatus", "status"),
    _IN: ("paidin",),
    _OUT: ("withdrawn", "withdrawal", "paidout"),
    _COMPLETED_AT: ("completiontime", "completedtime"),
    _INITIATED_AT: ("initiationtime", "initiatedtime"),
    _ACCOUNT: ("acno", "accountno", "accountnumber", "billrefnumber"),
    _LINKED: ("linkedtransactionid",),
    _REASON: ("reasontype",),
    _DETAILS: ("details",),
}
"""What each column is called, without case, spaces and dots."""
_NEEDED = (_CODE, _STATUS, _IN, _OUT)
_HEADER_MAX = 60
_DONE = "completed"
_BACK = "revers"
_SHORT_CODE = re.compile(r"short\s*code\W*\s*([0-9]{5,9})\b", re.IGNORECASE | re.ASCII)
_PERIOD = re.compile(r"from\W+(\d.*?)\s+to\W+(\d[\d /:.T-]*\d(?:\s*[AP]M)?)", re.IGNORECASE | re.ASCII)
_TOTAL_IN = re.compile(
    r"total\s*paid\s*in[^\w\n]*?(-?\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|-?\d{1,12}(?:\.\d{1,2})?)",
    re.IGNORECASE | re.ASCII,
)
_TYPED = re.compile(r"\bAcc\.?\s+(\S.*)$", re.IGNORECASE)
_END = re.compile(r"(grand\s*)?total|disclaimer|end of|page\s*\d", re.IGNORECASE)


class ColumnMissing(Refusal):
    """A statement without a column that decides what a line is."""

    says = N_("That statement has no column “{column}”. Export it again with all its columns.")


class NoPaybill(Refusal):
    """A statement that does not say of which paybill it is."""

    says = N_("That statement does not say of which paybill it is. Type the paybill.")


class OtherPaybill(Refusal):
    """A statement of another paybill than was said."""

    says = N_("That statement is of paybill {found}, not of {given}.")


class TwoStories(Refusal):
    """One code that stands twice with other amounts, times or accounts."""

    says = N_("{code} stands in that file twice, with different payments. Nothing was taken of it.")


class NothingThere(Refusal):
    """A statement with no line, and no time for which there was none."""

    says = N_("That statement has no payments and does not say for which time. Export it again.")


@dataclass(frozen=True, slots=True)
class _Heading:
    """What stands above the lines, as far as it is there."""

    paybill: str
    from_at: str
    to_at: str
    paid_in_minor: int | None


def heading_at(rows: Sequence[Row]) -> int | None:
    """Where the names of the columns stand, if this is M-PESA's statement."""
    for place, row in enumerate(rows[:_HEADER_MAX]):
        names = cells.named(row)
        if any(name in names for name in _ALSO[_CODE]) and any(name in names for name in _ALSO[_IN]):
            return place
    return None


def read(rows: Sequence[Row], at: int, paybill: str, digest: str) -> Statement:
    """The statement whose columns are named at `at`; `paybill` where somebody said it, else empty.

    ColumnMissing, BadLine, NoPaybill, OtherPaybill, TwoStories, NothingThere.
    """
    columns = _columns(rows[at])
    heading = _heading(rows[:at])
    if paybill and heading.paybill and paybill != heading.paybill:
        raise OtherPaybill(found=heading.paybill, given=paybill)
    place = heading.paybill or paybill
    if not place:
        raise NoPaybill()
    found: dict[str, Line] = {}
    left = 0
    for number, row in enumerate(rows[at + 1 :], at + 2):
        read_row = _Row(number, row, columns)
        line = None if _is_end(read_row) else read_row.line(place)
        if line is None:
            left += bool(read_row.text(_CODE))
        elif found.setdefault(line.code, line) != line:
            raise TwoStories(code=line.code)
    return _statement(place, heading, tuple(found.values()), left, digest)


def _statement(place: str, heading: _Heading, lines: tuple[Line, ...], left: int, digest: str) -> Statement:
    times = [line.at for line in lines]
    from_at, to_at = heading.from_at or min(times, default=""), heading.to_at or max(times, default="")
    if not from_at or not to_at:
        raise NothingThere()
    is_within = all(from_at <= at <= to_at for at in times)
    made = Statement(
        MPESA, place, from_at, to_at, lines, left, is_within, digest, names_place=bool(heading.paybill)
    )
    is_summed = heading.paid_in_minor in (None, made.paid_minor)
    return replace(made, is_whole=is_within and is_summed)


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the file by the names of its columns."""

    number: int
    row: Row
    columns: Mapping[str, int]

    def line(self, place: str) -> Line | None:
        """The payment, or its taking back; None for what neither came in nor was taken back. BadLine."""
        code = self._value(_CODE, values.code)
        if self.text(_STATUS).lower() != _DONE:
            return None
        paid_in, paid_out = self._value(_IN, values.amount), abs(self._value(_OUT, values.amount))
        if paid_in < 0 or (paid_in and paid_out):
            self._refuse(_IN)
        at = self._value(_COMPLETED_AT if self.text(_COMPLETED_AT) else _INITIATED_AT, values.moment)
        if paid_in:
            return Line(MPESA, place, code, at, paid_in, self._account())
        reverses = self._reverses() if paid_out else None
        return None if reverses is None else Line(MPESA, place, code, at, -paid_out, "", reverses)

    def text(self, column: str) -> str:
        """A cell as it stands; nothing where there is no such column."""
        place = self.columns.get(column, len(self.row))
        return self.row[place] if place < len(self.row) else ""

    def _reverses(self) -> str | None:
        """The code of the payment that is taken back, or its own where none is named; None if none is."""
        if _BACK not in f"{self.text(_REASON)} {self.text(_DETAILS)}".lower() and not self._is_bare():
            return None
        linked = self.text(_LINKED)
        if linked:
            return self._value(_LINKED, values.code)
        return None if self._is_bare() else self.text(_CODE).upper()

    def _is_bare(self) -> bool:
        """Whether nothing says why money went out."""
        return _REASON not in self.columns and _DETAILS not in self.columns

    def _account(self) -> str:
        typed = self.text(_ACCOUNT)
        if not typed and _ACCOUNT not in self.columns:
            match = _TYPED.search(self.text(_DETAILS))
            typed = match[1] if match else ""
        return accounts.kept(typed)

    def _value(self, column: str, read: Callable[[str], _T]) -> _T:
        try:
            return read(self.text(column))
        except NotAValue:
            self._refuse(column)

    def _refuse(self, column: str) -> NoReturn:
        shown = "".join(filter(str.isprintable, self.text(column)[:30]))
        raise BadLine(line=self.number, column=column, value=shown)


def _is_end(row: _Row) -> bool:
    """Whether it is no payment but what stands below them."""
    code = row.text(_CODE)
    return (not code and not row.text(_STATUS)) or _END.match(code) is not None


def _columns(row: Row) -> dict[str, int]:
    """Where each column stands; ColumnMissing."""
    names = cells.named(row)
    found = {
        column: names[name] for column, also in _ALSO.items() for name in reversed(also) if name in names
    }
    for column in _NEEDED:
        if column not in found:
            raise ColumnMissing(column=column)
    if _COMPLETED_AT not in found and _INITIATED_AT not in found:
        raise ColumnMissing(column=_COMPLETED_AT)
    return found


def _heading(rows: Iterable[Row]) -> _Heading:
    text = "\n".join(" ".join(filter(None, row)) for row in rows)
    paybill, period, total = _SHORT_CODE.search(text), _PERIOD.search(text), _TOTAL_IN.search(text)
    from_at, to_at = (_said(period[1]), _said(period[2])) if period else ("", "")
    paid_in = values.amount(total[1]) if total else None
    return _Heading(paybill[1] if paybill else "", from_at, to_at, paid_in)


def _said(cell: str) -> str:
    """A moment of the heading; nothing where it is none."""
    try:
        return values.moment(cell)
    except NotAValue:
        return ""
