"""The receipt register: every number from the first to the last of a range, and what became of it."""

from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import cast

from gatepos.domain import numbers
from gatepos.domain.entry import Entry
from gatepos.i18n import N_
from gatepos.ledger import registers
from gatepos.ledger.registers import Act, Ended, Numbered, Paid
from gatepos.ledger.source import batches
from gatepos.reports import identities
from gatepos.reports.packed import Packed
from gatepos.reports.papers import columns
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Column, Identity, Kind, Note, Row, Sheet

NAME = "receipts"
_PAID = "refund.paid"
"""The kind by which money goes back under a number that its request took, on a later day perhaps."""
_WHAT = {
    "receipt": N_("Receipt"),
    "correction": N_("Correction"),
    "payment": N_("Payment on a pass"),
    "receipt.voided": N_("Void"),
    "refund.requested": N_("Refund"),
    _PAID: N_("Refund paid"),
    "paper.captured": N_("Hand-written leaf"),
}
_STATES = {
    "voided": N_("voided"),
    "corrected": N_("corrected"),
    "refunded": N_("refunded"),
    "twice": N_("two papers, one number"),
}
_COUNTS, _OTHER_DAY, _MISSING = N_("counts"), N_("of another business day"), N_("missing")
_SPAN = N_("{till}, series {series}: {first} to {last}, {count} numbers")
_COLUMNS = (
    columns.NUMBER,
    Column("to", N_("To")),
    *columns.unprinted(columns.count("numbers", N_("Numbers"))),
    Column("what", N_("What")),
    Column("of", N_("Of")),
    columns.STATE,
    columns.AT,
    *columns.unprinted(columns.DAY, columns.TILL, columns.GATE, columns.SHIFT),
    columns.STAFF,
    columns.PLATE,
    columns.kes("total", N_("On the paper, KES"), is_summed=False),
    columns.kes("taken", N_("Taken, KES")),
    columns.usd("taken_usd", N_("Taken, USD")),
    columns.kes("prepaid", N_("Paid elsewhere, KES")),
    Column("ended_by", N_("Ended by")),
    Column("ended_on", N_("Ended on"), Kind.DAY, is_printed=False),
    columns.REASON,
    columns.SECOND,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Line:
    """A number that a paper of the range took."""

    till: str
    seq: int
    number: str
    what: str
    of: str | None
    at: str
    day: str
    shift: str | None
    plate: str
    total_minor: int
    ended: Ended | None
    entry: Entry | None
    """That says why it is as it is."""


def sheet(scope: Scope) -> tuple[Sheet, list[Identity]]:
    """The register, and for each till and series that its numbers are as many as from first to last."""
    notes: list[Note] = []
    same: list[Identity] = []
    rows = Packed(_rows(scope, notes, same))
    return Sheet(NAME, N_("Receipt register"), _COLUMNS, rows, tuple(notes)), same


def _rows(scope: Scope, notes: list[Note], same: list[Identity]) -> Iterator[Row]:
    """Series by series; `notes` and `same` get what is said of each."""
    cells = _Cells(scope)
    for (till, series), found in groupby(sorted(_lines(scope), key=_place), key=lambda one: _place(one)[:2]):
        own = [*found]
        count = yield from cells.of_series(own)
        first, last = own[0].number, own[-1].number
        same.append(identities.register(first, last, count))
        shown = {"first": numbers.printed(first), "last": numbers.printed(last)}
        notes.append(Note(_SPAN, {"till": till, "series": series, "count": count, **shown}))
    for till, repaid in groupby(_paid(scope), key=lambda one: one.till):
        yield from (cells.row(line, _COUNTS, 0) for line in cells.known(till, [*repaid]))


def missing(scope: Scope, made: Sheet) -> int:
    """How many numbers of a register nothing is known of."""
    state, numbers_ = made.place("state"), made.place("numbers")
    return sum(int(row[numbers_] or 0) for row in made.rows if row[state] == scope.words(_MISSING))


def _lines(scope: Scope) -> list[_Line]:
    span = scope.span
    ended = registers.endings(scope.rows, span)
    enders: dict[str, list[int]] = {}
    for one in ended.values():
        enders.setdefault(one.till, []).append(one.seq)
    acts = [act for act in registers.acts(scope.rows, span) if (act.number or "")[4:5] in _ACTED]
    for act in acts:
        enders.setdefault(act.till, []).append(act.seq)
    entries = {
        (till, entry.seq): entry
        for till, seqs in enders.items()
        for entry in scope.source.entries(till, sorted({*seqs}))
    }
    return [
        *(_numbered(one, ended, entries) for one in registers.numbered(scope.rows, span)),
        *(_acted(act, entries[act.till, act.seq]) for act in acts),
    ]


def _paid(scope: Scope) -> list[_Line]:
    """The refunds that were paid in the range; their numbers are their requests'."""
    acts = registers.acts(scope.rows, scope.span, _PAID)
    entries = scope.of(acts)
    found = [(act, entries[act.till, act.seq]) for act in acts]
    return [_acted(replace(act, number=str(entry.data["refund"])), entry) for act, entry in found]


_ACTED = (numbers.VOID, numbers.PAPER)


def _numbered(one: Numbered, ended: Mapping[str, Ended], entries: Mapping[tuple[str, int], Entry]) -> _Line:
    end = ended.get(one.number)
    entry = entries.get((end.till, end.seq)) if end else entries.get((one.till, one.seq))
    return _Line(
        one.till, one.seq, one.number, one.kind, one.of, one.at, one.day, one.shift, one.plate,
        one.total_minor, end, entry,
    )  # fmt: skip


def _acted(act: Act, entry: Entry) -> _Line:
    data = entry.data
    of = next((str(data[name]) for name in ("receipt", "book") if name in data), None)
    if act.kind == "paper.captured":
        of = f"{data['book']} {data['leaf']}"
    total_minor = cast(int, data.get("total_minor", 0))
    sign = 1 if act.kind == "paper.captured" else -1
    return _Line(
        act.till, act.seq, str(act.number), act.kind, of, act.at, act.day, act.shift,
        str(data.get("plate") or ""), sign * total_minor, None, entry,
    )  # fmt: skip


def _place(line: _Line) -> tuple[str, str, str, int]:
    return line.till, line.number[4], line.number, line.seq


class _Cells:
    """The rows of a register, with who took the money and where."""

    def __init__(self, scope: Scope):
        self._scope = scope
        self._paid: dict[int, Paid] = {}
        self._where: dict[int, tuple[str, str | None]] = {}

    def known(self, till: str, lines: list[_Line]) -> Iterator[_Line]:
        """The lines of a till, some hundreds at a time with what they took."""
        for some in batches(lines):
            seqs = [line.seq for line in some]
            self._paid = registers.paid(self._scope.rows, till, seqs)
            self._where = registers.written(self._scope.rows, till, seqs)
            yield from some

    def of_series(self, lines: list[_Line]) -> Generator[Row, None, int]:
        """The rows of one series of a till, those between that are not of the range too; how many numbers."""
        first = lines[0]
        others: Mapping[str, str] | None = None
        last_n = numbers.ordinal(first.number) - 1
        count = 0
        for line in self.known(first.till, lines):
            n = numbers.ordinal(line.number)
            if n > last_n + 1:
                others = others if others is not None else self._others(lines)
                for state, start, end in _stretches(first, last_n + 1, n, others):
                    yield self._stretch(first, state, start, end)
                    count += end - start + 1
            is_second = n <= last_n
            state = "twice" if is_second else line.ended.how if line.ended else ""
            yield self.row(line, _STATES.get(state, _COUNTS), int(not is_second))
            count += not is_second
            last_n = n
        return count

    def _others(self, lines: list[_Line]) -> Mapping[str, str]:
        till, series = lines[0].till, lines[0].number[4]
        ask = registers.numbers_between if series == numbers.RECEIPT else registers.acts_between
        seqs = [line.seq for line in lines]
        return ask(self._scope.rows, till, min(seqs), max(seqs))

    def row(self, line: _Line, state: str, count: int) -> Row:
        """The row of a paper that is known, of so many numbers."""
        words = self._scope.words
        paid = self._paid.get(line.seq)
        gate, staff = self._where.get(line.seq) or (paid.gate, paid.staff) if paid else ("", None)
        end, entry = line.ended, line.entry
        if entry is not None:
            gate, staff = (gate, staff) if gate else (str(entry.fields["gate"]), entry.by)
        also = cast("dict[str, str] | None", entry.fields["also"]) if entry else None
        money = (paid.kes_minor, paid.usd_minor, paid.prepaid_minor) if paid else (0, 0, 0)
        return (
            numbers.printed(line.number), None, count, words(_WHAT.get(line.what, line.what)),
            self._scope.printed(line.of), words(state), line.at, line.day, line.till,
            self._scope.gate(gate), self._scope.printed(line.shift), staff, line.plate, line.total_minor,
            *money,
            self._scope.printed(end.by) if end else None, end.day if end else None,
            cast("str | None", entry.data.get("reason")) if entry else None, also["staff"] if also else None,
        )  # fmt: skip

    def _stretch(self, of: _Line, state: str, start: int, end: int) -> Row:
        """Numbers that follow each other and that no paper of the range took."""
        first, last = (numbers.printed(numbers.make(of.till, of.number[4], n)) for n in (start, end))
        head = (first, last if end > start else None, end - start + 1, None, None, self._scope.words(state))
        tail = (None,) * (len(_COLUMNS) - len(head) - 3)
        return (*head, None, None, of.till, *tail)


def _stretches(
    of: _Line, first: int, until: int, others: Mapping[str, str]
) -> Iterable[tuple[str, int, int]]:
    """The numbers from `first` to before `until` in stretches of one state: state, first, last."""
    for state, found in groupby(
        range(first, until),
        lambda n: _OTHER_DAY if numbers.make(of.till, of.number[4], n) in others else _MISSING,
    ):
        ns = [*found]
        yield state, ns[0], ns[-1]
