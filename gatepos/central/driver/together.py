"""Passes that one driver scanned and one payment pays: of one operator, because only there money goes on."""

from collections.abc import Sequence
from dataclasses import dataclass

from gatepos.central.driver.standing import PAYABLE, Standing
from gatepos.domain import text

OTHERS_MAX = 19
"""As many vehicles as a till lets one payer pay for at once, but for the first."""


@dataclass(frozen=True, slots=True)
class Together:
    """What stands beside a paper, by token's text: `joined` are paid with it, `apart` each by itself."""

    joined: tuple[tuple[str, Standing], ...] = ()
    apart: tuple[tuple[str, Standing], ...] = ()

    @property
    def left_minor(self) -> int:
        """KES minor units still to be paid on those beside it."""
        return sum(one.left_minor for _, one in self.joined if one.word in PAYABLE)


def of(first: Standing, beside: Sequence[tuple[str, Standing]], out: str = "") -> Together:
    """Which of those that were scanned are paid with the first: each once, and none that is no paper.

    `out` is the number of one that is left out.
    """
    known = {out, first.payload.number} if first.payload else {out}
    joined: list[tuple[str, Standing]] = []
    apart: list[tuple[str, Standing]] = []
    for one in beside:
        payload = one[1].payload
        if payload is not None and payload.number not in known:
            known.add(payload.number)
            (joined if _is_alike(first, one[1]) else apart).append(one)
    return Together(tuple(joined), tuple(apart))


def _is_alike(first: Standing, other: Standing) -> bool:
    """Whether what is paid too much on the one goes on to the other, by what tills told central."""
    if first.payload is None or other.payload is None or first.entry is None or other.entry is None:
        return False
    operators = [text.alike(str(one.entry.data.get("operator") or "")) for one in (first, other) if one.entry]
    paybills = {one.entry.data.get("paybill") for one in (first, other) if one.entry}
    is_one_park = first.payload.parks[0] == other.payload.parks[0]
    return bool(operators[0]) and operators[0] == operators[1] and len(paybills) == 1 and is_one_park
