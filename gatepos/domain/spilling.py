"""Money beyond what a pass owes: it goes on to the open passes sold together with it, the oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a payment to be shared out, KES minor units, and the pass that it was made for."""

    trans_id: str
    number: str
    minor: int
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Share:
    """What of a payment goes to a pass, KES minor units; to none where `number` is empty."""

    trans_id: str
    number: str
    minor: int
    is_confirmed: bool


def shared(money: Sequence[Left], owing: Sequence[tuple[str, int]]) -> list[Share]:
    """Each payment to its own pass first, then what is over in order to who owes, and last what nobody owes.

    `owing` are passes and what each owes, the oldest first.
    """
    open_minor = dict(owing)
    shares: list[Share] = []
    over: list[Left] = []
    for left in money:
        rest_minor = left.minor - _take(left, left.number, left.minor, open_minor, shares)
        over.append(Left(left.trans_id, left.number, rest_minor, left.is_confirmed))
    for left in over:
        rest_minor = left.minor
        for number, _ in owing:
            rest_minor -= _take(left, number, rest_minor, open_minor, shares)
        if rest_minor:
            shares.append(Share(left.trans_id, "", rest_minor, left.is_confirmed))
    return shares


def _take(left: Left, number: str, most_minor: int, open_minor: dict[str, int], shares: list[Share]) -> int:
    """What of `most_minor` a pass takes."""
    taken_minor = min(most_minor, open_minor.get(number, 0))
    if taken_minor > 0:
        open_minor[number] -= taken_minor
        shares.append(Share(left.trans_id, number, taken_minor, left.is_confirmed))
        return taken_minor
    return 0
