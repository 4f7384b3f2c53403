"""The paybill reconciliation as far as the till knows it, and the tickets that were paid elsewhere before."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from gatepos.i18n import N_
from gatepos.ledger import registers
from gatepos.ledger.registers import Code, Confirmed, Paid
from gatepos.ledger.source import batches
from gatepos.reports import takings
from gatepos.reports.packed import Packed
from gatepos.reports.papers import columns
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Cell, Column, Kind, Row, Sheet

CONFIRMED, CLAIMED = N_("confirmed"), N_("claimed")
_LISTED, _UNLISTED = N_("on the list"), N_("on no list")
_PAYBILL = Column("paybill", N_("Paybill"))
_PAPER = (
    *columns.WRITTEN,
    Column("receipt", N_("Receipt")),
)  # fmt: skip


def sheets(scope: Scope) -> list[Sheet]:
    """By paybill, code by code, and the tickets."""
    codes = registers.codes(scope.rows, scope.span, "mpesa")
    codes.sort(key=lambda code: (code.paybill or "", code.till, code.seq))
    sums: dict[str, _Sums] = {}
    rows = Packed(_codes(scope, codes, sums))
    return [
        Sheet("paybills", N_("Paybills"), _BY_PAYBILL, tuple((of, *sums[of].cells()) for of in sums)),
        Sheet("mpesa", N_("M-PESA codes"), _CODES, rows),
        _tickets(scope),
    ]


def _codes(scope: Scope, codes: Iterable[Code], sums: dict[str, "_Sums"]) -> Iterator[Row]:
    """Code by code; `sums` get what they come to by paybill."""
    confirmed = registers.confirmed(scope.rows, scope.span)
    for one, paid in _with_papers(scope, codes):
        found = confirmed.get((one.till, one.folded))
        at = paid.at if paid else None
        sums.setdefault(one.paybill or "", _Sums()).take(one, at, is_confirmed=found is not None)
        yield (
            one.paybill, one.reference, *_paper(scope, one, paid), one.kes_minor, one.paid_minor,
            *_told(scope, found),
        )  # fmt: skip


def _told(scope: Scope, found: Confirmed | None) -> tuple[Cell, Cell, Cell]:
    """What M-PESA says of a code: the state, what it paid, when."""
    if found is None:
        return scope.words(CLAIMED), None, None
    return scope.words(CONFIRMED), found.amount_minor, found.paid_at


_BY_PAYBILL = (
    _PAYBILL,
    columns.count("codes", N_("Codes")),
    columns.kes("counted", N_("Counted, KES")),
    columns.count("codes_confirmed", N_("Confirmed")),
    columns.kes("confirmed", N_("Confirmed, KES")),
    columns.count("codes_claimed", N_("Claimed")),
    columns.kes("claimed", N_("Claimed, KES")),
    Column("oldest_at", N_("Oldest claim"), Kind.MOMENT),
)
_CODES = (
    _PAYBILL,
    Column("code", N_("Code")),
    *_PAPER,
    columns.kes("counted", N_("Counted, KES")),
    columns.kes("paid", N_("The code paid, KES"), is_summed=False),
    columns.STATE,
    columns.kes("confirmed", N_("M-PESA says, KES"), is_summed=False),
    Column("paid_at", N_("Paid at"), Kind.MOMENT),
)
_TICKETS = (
    Column("ticket", N_("Ticket")),
    *_PAPER,
    columns.kes("counted", N_("Counted, KES")),
    columns.STATE,
)


class _Sums:
    """What is known of the codes of a paybill; one that several papers count is one."""

    def __init__(self) -> None:
        self._minor = {True: 0, False: 0}
        self._codes: dict[bool, set[tuple[str, str]]] = {True: set(), False: set()}
        self._oldest: str | None = None

    def take(self, code: Code, at: str | None, *, is_confirmed: bool) -> None:
        """Add what one paper counts of a code."""
        self._minor[is_confirmed] += code.kes_minor
        self._codes[is_confirmed].add((code.till, code.folded))
        if not is_confirmed and at is not None:
            self._oldest = min(self._oldest or at, at)

    def cells(self) -> tuple[Cell, ...]:
        """Codes, KES, confirmed and its KES, claimed and its KES, the oldest claim."""
        sure, claimed = (len(self._codes[is_confirmed]) for is_confirmed in (True, False))
        minor = self._minor
        return (
            sure + claimed, minor[True] + minor[False], sure, minor[True], claimed, minor[False], self._oldest
        )  # fmt: skip


def _tickets(scope: Scope) -> Sheet:
    codes = registers.codes(scope.rows, scope.span, takings.PREPAID)
    listed = scope.source.listed([_ticket(one) for one in codes])
    rows = (
        (
            one.reference, *_paper(scope, one, paid), one.kes_minor,
            scope.words(_LISTED if _ticket(one) in listed else _UNLISTED),
        )
        for one, paid in _with_papers(scope, codes)
    )  # fmt: skip
    return Sheet("tickets", N_("Prepaid tickets"), _TICKETS, Packed(rows))


def _ticket(code: Code) -> str:
    return code.folded.partition(":")[2]


def _with_papers(scope: Scope, codes: Iterable[Code]) -> Iterator[tuple[Code, Paid | None]]:
    """Codes with what their papers took, some hundreds asked for at a time."""
    for till, found in groupby(codes, key=lambda one: one.till):
        for some in batches([*found]):
            paid = registers.paid(scope.rows, till, [one.seq for one in some])
            yield from ((one, paid.get(one.seq)) for one in some)


def _paper(scope: Scope, code: Code, took: Paid | None) -> tuple[Cell, Cell, Cell, Cell, Cell, Cell, Cell]:
    """The paper that counts a code: at, day, till, gate, shift, clerk, number."""
    return (
        took.at if took else None, code.day, code.till, scope.gate(took.gate) if took else None,
        scope.printed(code.shift), took.staff if took else None, scope.printed(code.receipt),
    )  # fmt: skip
