"""How long vehicles stood at the window: from the first touch, or the scan of a slip, to RECORDED."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low

from gatepos.ledger.takings import Rows, Span

_P95 = 95


@dataclass(frozen=True, slots=True)
class Served:
    """A vehicle that went in: when it was recorded, at which gate, and the seconds until then."""

    at: str
    gate: str
    seconds: int


def within(rows: Rows, span: Span) -> list[Served]:
    """Each receipt and pass of a span, as they were recorded, whatever became of them."""
    found = rows(
        f"SELECT v.at, v.gate, v.served_ms FROM served v WHERE {span.within('v')} ORDER BY v.at",
        **span.values,
    )
    return [Served(at, gate, int(ms) // 1_000) for at, gate, ms in found]


def spread(seconds: Sequence[int]) -> tuple[int, int] | None:
    """Median, and within which 95 of 100 were served; None of nobody."""
    if not seconds:
        return None
    ranked = sorted(seconds)
    return median_low(ranked), ranked[(len(ranked) - 1) * _P95 // 100]
