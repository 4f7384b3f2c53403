"""Passes that one driver scanned: one payment pays all that were sold together, else each has its account."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from gatepos.central.driver.standing import PAYABLE, Standing
from gatepos.domain import gatepass

OTHERS_MAX = 19
"""As many vehicles as a till lets one payer pay for at once, but for the first."""


@dataclass(frozen=True, slots=True)
class Together:
    """What stands beside a paper, by token's text.

    `is_one` where one payment under the paper's own number reaches all that is open; `is_cut` where more were
    named than are shown.
    """

    joined: tuple[tuple[str, Standing], ...] = ()
    is_one: bool = True
    is_cut: bool = False

    @property
    def open(self) -> tuple[Standing, ...]:
        """Those beside it on which something is to be paid."""
        return tuple(one for _, one in self.joined if one.word in PAYABLE)

    @property
    def left_minor(self) -> int:
        """KES minor units still to be paid on those beside it."""
        return sum(one.left_minor for one in self.open)


def of(
    first: Standing,
    beside: Sequence[tuple[str, Standing]],
    owing: Collection[str] = (),
    out: str = "",
    *,
    is_cut: bool = False,
) -> Together:
    """Those that were scanned beside the first: each once, and none that is no paper.

    `owing` are the open passes sold together with the first, scanned or not: what is over goes to the oldest
    of them. `out` is the number of one that is left out.
    """
    known = {out, first.payload.number} if first.payload else {out}
    joined: list[tuple[str, Standing]] = []
    for one in beside:
        payload = one[1].payload
        if payload is not None and payload.number not in known:
            known.add(payload.number)
            joined.append(one)
    found = Together(tuple(joined), is_cut=is_cut)
    groups = {_group(one) for one in (first, *found.open)}
    shown = {one.payload.number for one in (first, *found.open) if one.payload}
    is_all = len(groups) == 1 and None not in groups and shown.issuperset(owing)
    return replace(found, is_one=is_all or not found.open)


def _group(standing: Standing) -> tuple[object, ...] | None:
    """What those have in common among whom money goes on, by what their till told central; None without."""
    if standing.entry is None or standing.payload is None or not standing.payload.is_pass:
        return None
    data = standing.entry.data
    together = gatepass.together(data)
    return (standing.payload.number[:4], together, data["paybill"]) if together else None
