"""What is asked of how people worked: the entries of some business days that are looked at one by one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from gatepos.domain.entry import Entry
from gatepos.domain.vocabulary import GROUNDS
from gatepos.ledger import custody
from gatepos.ledger.ledger import Ledger

_STRETCH = 500


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift of a business day, and whose it was."""

    number: str
    staff: str
    seq: int


@dataclass(frozen=True, slots=True)
class Freed:
    """An entry that let people in free, in whose shift, and how many."""

    seq: int
    staff: str
    shift: str | None
    people: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some business days, and of the entries among which theirs stand those after `after` up to `until`."""

    first: str
    last: str
    after: int
    until: int


def stretches(ledger: Ledger, first: str, last: str) -> list[Stretch]:
    """Business days in stretches of entries, none of which holds anybody up."""
    after, until = _between(ledger, first, last)
    begins = range(after, until, _STRETCH)
    return [Stretch(first, last, begin, min(begin + _STRETCH, until)) for begin in begins]


def shifts(ledger: Ledger, first: str, last: str) -> list[Shift]:
    """The shifts of this till on business days from `first` to `last`."""
    select = "SELECT number, staff, seq FROM shift WHERE till = ? AND day BETWEEN ? AND ? ORDER BY seq"
    return [Shift(*row) for row in ledger.conn.execute(select, (ledger.context.till, first, last))]


def entries(ledger: Ledger, of: Stretch, kinds: Sequence[str]) -> Iterator[Entry]:
    """The entries of some kinds in a stretch, in order."""
    marks = ", ".join("?" * len(kinds))
    rows = ledger.conn.execute(
        f"SELECT seq FROM journal WHERE kind IN ({marks}) AND seq > ? AND seq <= ? ORDER BY seq",
        (*kinds, of.after, of.until),
    )
    yield from _of_days(ledger, of, rows)


def from_sight(ledger: Ledger, of: Stretch) -> Iterator[Entry]:
    """The payments on passes that nobody could read, in a stretch."""
    rows = ledger.conn.execute(
        "SELECT seq FROM journal WHERE kind = 'pass.settled' AND seq > ? AND seq <= ?"
        " AND json_extract(CAST(raw AS TEXT), '$.data.sight') IS NOT NULL ORDER BY seq",
        (of.after, of.until),
    )
    yield from _of_days(ledger, of, rows)


def prepaid(ledger: Ledger, of: Stretch) -> Iterator[Entry]:
    """The papers on which the reference of a ticket paid elsewhere was typed."""
    rows = ledger.conn.execute(
        "SELECT DISTINCT seq FROM tender WHERE till = ? AND seq > ? AND seq <= ? AND kind = 'ecitizen'"
        " AND is_typed = 1 ORDER BY seq",
        (ledger.context.till, of.after, of.until),
    )
    yield from _of_days(ledger, of, rows)


def _of_days(ledger: Ledger, of: Stretch, rows: Iterable[tuple[int]]) -> Iterator[Entry]:
    for (seq,) in [*rows]:
        entry = ledger.entry(seq)
        if of.first <= entry.day <= of.last:
            yield entry


_GROUNDS = ", ".join(f"'{ground}'" for ground in GROUNDS)


def freed(ledger: Ledger, first: str, last: str) -> list[Freed]:
    """The entries of these business days by which somebody went in free on a ground."""
    # Sought by the day: with `seq` bare, all that the till ever charged is read.
    rows = ledger.conn.execute(
        "SELECT seq, max(staff), max(shift), sum(count) FROM charge WHERE till = ? AND day BETWEEN ? AND ?"
        f" AND ground IN ({_GROUNDS}) GROUP BY +seq ORDER BY +seq",
        (ledger.context.till, first, last),
    )
    return [Freed(seq, staff or "", shift, int(people)) for seq, staff, shift, people in rows]


def was_printed(ledger: Ledger, number: str, before_seq: int) -> bool:
    """Whether the paper of a number of this till had come out before an entry."""
    found = ledger.by_number(number)
    if found is None:
        return False
    row = ledger.conn.execute(
        "SELECT 1 FROM journal WHERE kind = 'print.done' AND seq > ? AND seq < ?"
        " AND json_extract(CAST(raw AS TEXT), '$.data.of') = ? LIMIT 1",
        (found.seq, before_seq, found.seq),
    ).fetchone()
    return row is not None


def leaves_skipped(ledger: Ledger, first: str, last: str) -> list[tuple[Entry, tuple[int, ...]]]:
    """The pads given out to the end of these days, with the leaves before the last used that nobody named."""
    _, until = _between(ledger, first, last)
    found: list[tuple[Entry, tuple[int, ...]]] = []
    for entry in ledger.of_kind("paper.issued"):
        begins, ends = cast(int, entry.data["first"]), cast(int, entry.data["last"])
        named = custody.leaves_ended(ledger, cast(str, entry.data["book"])) & set(range(begins, ends + 1))
        skipped = tuple(n for n in range(begins, max(named, default=begins)) if n not in named)
        if skipped and entry.seq <= until and entry.day <= last:
            found.append((entry, skipped))
    return found


def _between(ledger: Ledger, first: str, last: str) -> tuple[int, int]:
    """After and up to which entries those of some business days stand, with others between them.

    A business day does not go back, but a shift of an earlier one may still be open.
    """
    till = ledger.context.till
    after = _one(ledger, "SELECT max(seq) FROM shift WHERE till = ? AND day < ?", till, first)
    until = _one(ledger, "SELECT min(seq) FROM shift WHERE till = ? AND day > ?", till, last)
    if until is None:
        return after or 0, ledger.head[0]
    late = ledger.conn.execute(
        "SELECT (SELECT e.seq FROM shift_ending e WHERE e.shift = s.number AND e.till = s.till) FROM shift s"
        " WHERE s.till = ? AND s.day <= ? AND s.seq > ?",
        (till, last, after or 0),
    ).fetchall()
    ends = [ledger.head[0] if seq is None else int(seq) for (seq,) in late]
    return after or 0, max([until, *ends])


def _one(ledger: Ledger, select: str, *values: Any) -> int | None:
    row = ledger.conn.execute(select, values).fetchone()
    return None if row[0] is None else int(row[0])
