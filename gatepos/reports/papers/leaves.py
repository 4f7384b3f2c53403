"""The leaves written by hand: pads given out, and what became of each leaf of those that moved in a range."""

from collections.abc import Iterator
from itertools import groupby

from gatepos.i18n import N_
from gatepos.ledger import listings
from gatepos.ledger.listings import Leaf, Pad
from gatepos.reports.papers import columns
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Cell, Column, Kind, Sheet

_STATES = {
    "captured": N_("captured"), "spoilt": N_("spoilt"), "unused": N_("unused"), "": N_("not accounted for"),
}  # fmt: skip
_COLUMNS = (
    columns.TILL, Column("book", N_("Pad")), Column("first", N_("First leaf"), Kind.COUNT),
    Column("last", N_("Last leaf"), Kind.COUNT), columns.count("leaves", N_("Leaves")),
    columns.STATE, columns.NUMBER, Column("keeper", N_("Given to")), columns.AT,
)  # fmt: skip


def sheet(scope: Scope) -> Sheet:
    """Stretches of leaves that became the same, of each pad that was given out or used until then."""
    since, until = scope.moments
    rows: list[tuple[Cell, ...]] = []
    for pad in listings.pads(scope.rows, scope.span, until):
        leaves = {one.leaf: one for one in listings.leaves(scope.rows, pad)}
        is_whole = len(leaves) == pad.last - pad.first + 1
        is_past = pad.at < since and all(one.at < since for one in leaves.values())
        if not (is_whole and is_past):
            rows += _stretches(scope, pad, leaves)
    return Sheet("leaves", N_("Hand-written leaves"), _COLUMNS, tuple(rows))


def _stretches(scope: Scope, pad: Pad, leaves: dict[int, Leaf]) -> Iterator[tuple[Cell, ...]]:
    def became(leaf: int) -> tuple[str, str | None]:
        one = leaves.get(leaf)
        return (one.how, one.number) if one else ("", None)

    for (how, number), found in groupby(range(pad.first, pad.last + 1), became):
        ns = [*found]
        one = leaves.get(ns[0])
        yield (
            pad.till, pad.book, ns[0], ns[-1], len(ns), scope.words(_STATES.get(how, how)),
            scope.printed(number), pad.keeper, one.at if one else pad.at,
        )  # fmt: skip
