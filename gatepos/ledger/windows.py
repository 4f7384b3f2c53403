"""Between which entries a vehicle stood at the exit, asked alike of till and central."""

from dataclasses import dataclass
from typing import cast

from gatepos.domain.entry import Entry
from gatepos.ledger.takings import Rows, Span


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries of a till: where it began, and where it was done."""

    till: str
    from_seq: int
    to_seq: int


def at_exit(rows: Rows, span: Span) -> list[Pair]:
    """The first scan of a pass on its way out that day, and its payment, of each that was paid in a range."""
    found = rows(
        "SELECT s.till, (SELECT min(c.seq) FROM scan c WHERE c.subject = s.pass AND c.till = s.till"
        " AND c.direction = 'out' AND c.seq < s.seq AND c.at >= s.day), s.seq"
        f" FROM settlement s WHERE {span.within('s')} ORDER BY s.till, s.seq",
        **span.values,
    )
    return [Pair(till, int(first), last) for till, first, last in found if first is not None]


def seconds(first: Entry, second: Entry) -> list[int]:
    """Between two entries of one start of the machine; its wall clock may have been set between them."""
    if first.fields["boot"] != second.fields["boot"]:
        return []
    return [(cast(int, second.fields["mono_ms"]) - cast(int, first.fields["mono_ms"])) // 1_000]
