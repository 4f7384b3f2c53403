"""What is asked of how people worked, alike of till and central: what is looked at one by one."""

from collections.abc import Iterator
from dataclasses import dataclass

from gatepos.domain.entry import Entry
from gatepos.domain.vocabulary import GROUNDS
from gatepos.ledger import listings
from gatepos.ledger.listings import Pad
from gatepos.ledger.source import Source
from gatepos.ledger.takings import Rows, Span

_AFTER = 50
"""So many entries after a paper are looked at together: it comes out of the printer soon, or not at all."""
Unit = tuple[str, str, str | None]
"""Whose work is counted together: till, staff number, shift."""


@dataclass(frozen=True, slots=True)
class Freed:
    """An entry that let people in free, in whose shift."""

    seq: int
    unit: Unit


def shifts(rows: Rows, span: Span) -> list[Unit]:
    """The shifts of a span, each with whose it was."""
    found = rows(
        f"SELECT s.till, s.staff, s.number FROM shift s WHERE {span.within('s')} ORDER BY s.till, s.seq",
        **span.values,
    )
    return [(till, staff, number) for till, staff, number in found]


def seen(source: Source, span: Span) -> Iterator[Entry]:
    """The payments on passes that nobody could read."""
    return _entries(
        source, f"SELECT s.till, s.seq FROM settlement s WHERE {span.within('s')} AND s.seen = 1", span
    )


def heads(source: Source, span: Span) -> Iterator[Entry]:
    """The vehicles whose people were to be counted."""
    return _entries(source, f"SELECT h.till, h.seq FROM headcount h WHERE {span.within('h')}", span)


def prepaid(source: Source, span: Span) -> Iterator[Entry]:
    """The papers on which the reference of a ticket paid elsewhere was typed."""
    select = (
        f"SELECT DISTINCT d.till, d.seq FROM tender d WHERE {span.within('d')}"
        " AND d.kind = 'ecitizen' AND d.is_typed = 1"
    )
    return _entries(source, select, span)


_GROUNDS = ", ".join(f"'{ground}'" for ground in GROUNDS)


def freed(rows: Rows, span: Span) -> list[Freed]:
    """The entries by which somebody went in free on a ground."""
    # Sought by the day: with `seq` bare, all that the till ever charged is read.
    found = rows(
        "SELECT c.till, +c.seq, max(c.staff), max(c.shift) FROM charge c"
        f" WHERE {span.within('c')} AND c.ground IN ({_GROUNDS})"
        " GROUP BY c.till, +c.seq ORDER BY c.till, +c.seq",
        **span.values,
    )
    return [Freed(seq, (till, staff or "", shift)) for till, seq, staff, shift in found]


def was_printed(source: Source, till: str, number: str, before: int) -> bool:
    """Whether the paper of a receipt of a till had come out before one of its entries."""
    found = source.rows(
        "SELECT seq FROM receipt WHERE number = :number AND till = :till", number=number, till=till
    )
    seq = next((int(seq) for (seq,) in found), before)
    for first in range(seq + 1, before, _AFTER):
        for entry in source.entries(till, range(first, min(first + _AFTER, before))):
            if entry.kind == "print.done" and entry.data["of"] == seq:
                return True
    return False


def leaves_skipped(rows: Rows, span: Span, until: str) -> list[tuple[Pad, int]]:
    """The pads given out before a moment, with how many leaves before the last used nobody named."""
    found: list[tuple[Pad, int]] = []
    for pad in listings.pads(rows, span, until):
        named = {leaf.leaf for leaf in listings.leaves(rows, pad)}
        skipped = sum(1 for n in range(pad.first, max(named, default=pad.first)) if n not in named)
        if skipped:
            found.append((pad, skipped))
    return found


def _entries(source: Source, select: str, span: Span) -> Iterator[Entry]:
    seqs: dict[str, list[int]] = {}
    for till, seq in source.rows(f"{select} ORDER BY 1, 2", **span.values):
        seqs.setdefault(till, []).append(seq)
    for till, some in seqs.items():
        yield from source.entries(till, some)
