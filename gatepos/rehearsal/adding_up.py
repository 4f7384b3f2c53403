"""Whether a played day closes to the shilling: each till's Z and the park's takings against the tally."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from gatepos.ledger import takings
from gatepos.ledger.takings import Span
from gatepos.rehearsal.morning import DAY, Morning

Rows = Sequence[Mapping[str, object]]


def differences(day: Morning) -> Iterator[str]:
    """All that is said otherwise than it was counted by hand, after the last stick of the night."""
    yield from day.tally.wrong
    for lane in day.entries:
        yield from day.tally.differences(lane.code, day.statement(lane))
    yield from _zs(day)
    yield from _takings(day)


def _zs(day: Morning) -> Iterator[str]:
    """Each Z: what was charged, what came by each tender, nothing over or short."""
    for z in day.zs:
        till = str(z.fields["till"])
        charged, taken = day.tally.charged(till), day.tally.by_tender(till)
        if z.data["sold_minor"] != charged:
            yield f"Z of {till}: it charged {z.data['sold_minor']}, by hand {charged}"
        if (said := _by_tender(cast(Rows, z.data["expected"]))) != taken:
            yield f"Z of {till}: it took {said}, by hand {taken}"
        if over := _by_tender(cast(Rows, z.data["difference"])):
            yield f"Z of {till}: over or short by {over}"


def _takings(day: Morning) -> Iterator[str]:
    """The park over all tills, by the books of each of them, which heard the others."""
    codes = tuple(lane.code for lane in day.lanes)
    span = Span(codes, DAY, DAY)
    charged = {code: day.tally.charged(code) for code in codes if day.tally.charged(code)}
    for lane in day.lanes:
        rows = takings.of_ledger(lane.till.desk.ledger.conn)
        said = {str(one.by[0]): one.kes_minor for one in takings.charged(rows, span, "till") if one.kes_minor}
        if said != charged:
            yield f"takings by {lane.code}: charged {said}, by hand {charged}"
        came = {
            (str(one.by[0]), str(one.by[1])): one.minor for one in takings.taken(rows, span, "till", "kind")
        }
        if came != dict(day.tally.taken):
            yield f"takings by {lane.code}: taken {came}, by hand {dict(day.tally.taken)}"


def _by_tender(rows: Rows) -> dict[str, int]:
    return {str(row["tender"]): minor for row in rows if (minor := cast(int, row["amount_minor"]))}
