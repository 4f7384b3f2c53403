"""What a bank settled of its terminal: a CSV or XLSX whose columns somebody names once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from gatepos.domain.statements import CARD, Line, Statement
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.reports.statements import cells, values
from gatepos.reports.statements.cells import Row
from gatepos.reports.statements.mpesa import NothingThere
from gatepos.reports.statements.values import BadLine, NotAValue

CODE, AMOUNT, AT = "approval code", "amount", "date"
ASKED = (CODE, AMOUNT, AT)
"""What must be named, in this order."""
_GUESSES = {
    CODE: ("approvalcode", "authcode", "authorizationcode", "authorisationcode", "approval", "authno"),
    AMOUNT: ("amount", "transactionamount", "grossamount", "txnamount", "grossamt"),
    AT: ("transactiondate", "transactiontime", "txndate", "trandate", "datetime", "date"),
}
_HEADER_MAX, _SHOWN_MAX = 60, 24


class WhichColumns(Refusal):
    """A file whose columns nobody has named yet; `names` are those that it has."""

    says = N_("Which columns hold the approval code, the amount and the date? It has: {columns}.")

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(columns=", ".join(names)[:400])
        self.names = tuple(names)


class NoSuchColumn(Refusal):
    """A column that was named and is not there."""

    says = N_("That file has no column “{column}”.")


def is_guessed(rows: Sequence[Row]) -> bool:
    """Whether the columns of a settlement are there under names that are common."""
    return _found(rows, _wanted(())) is not None


def read(rows: Sequence[Row], named: Sequence[str], digest: str) -> Statement:
    """The settlement in rows whose columns are `named` as in ASKED, or guessed where nothing is.

    WhichColumns, NoSuchColumn, BadLine, NothingThere.
    """
    at, columns = _columns(rows, named)
    lines: list[Line] = []
    seen: Counter[Line] = Counter()
    for number, row in enumerate(rows[at + 1 :], at + 2):
        line = _line(number, row, columns)
        if line is not None:
            lines.append(replace(line, n=seen[line]))
            seen[line] += 1
    if not lines:
        raise NothingThere()
    times = [line.at for line in lines]
    titles = tuple(rows[at][place] for place in columns)
    left = len(rows) - at - 1 - len(lines)
    to_at = values.end_of_day(max(times))
    return Statement(CARD, "", min(times), to_at, tuple(lines), left, True, digest, titles)


def _columns(rows: Sequence[Row], named: Sequence[str]) -> tuple[int, tuple[int, ...]]:
    """Where the names of the columns stand, and which of them are asked for."""
    found = _found(rows, _wanted(named))
    if found is not None:
        return found
    widest = max(rows[:_HEADER_MAX], key=len)
    if named:
        lacks = [name for name in named if cells.plain(name) not in cells.named(widest)]
        raise NoSuchColumn(column=lacks[0][:60] if lacks else CODE)
    raise WhichColumns([cell[:60] for cell in widest if cell][:_SHOWN_MAX])


def _wanted(named: Sequence[str]) -> list[tuple[str, ...]]:
    return [(cells.plain(name),) for name in named] or [_GUESSES[column] for column in ASKED]


def _found(rows: Sequence[Row], wanted: Sequence[tuple[str, ...]]) -> tuple[int, tuple[int, ...]] | None:
    for at, row in enumerate(rows[:_HEADER_MAX]):
        names = cells.named(row)
        found = [next((names[name] for name in each if name in names), None) for each in wanted]
        places = tuple(place for place in found if place is not None)
        if len(places) == len(ASKED):
            return at, places
    return None


def _line(number: int, row: Row, columns: Sequence[int]) -> Line | None:
    """The payment of a row; None where no code stands, as below the lines. BadLine."""
    code, amount, at = (row[place] if place < len(row) else "" for place in columns)
    if not code or not at:
        return None
    column = CODE
    try:
        approval = values.approval(code)
        column = AMOUNT
        minor = values.amount(amount)
        column = AT
        moment = values.moment(at)
    except NotAValue as error:
        raise BadLine(line=number, column=column, value=str(error)[:30]) from error
    return Line(CARD, "", approval, moment, minor) if minor else None
