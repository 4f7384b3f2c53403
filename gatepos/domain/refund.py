"""What of a receipt may still be refunded, line by line, and by which ways it goes back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from gatepos.domain import money
from gatepos.domain.bill import FeeKey, Line
from gatepos.errors import Refusal
from gatepos.i18n import N_

WAYS = ("cash", "mpesa", "card", "ecitizen")
"""By which ways money goes back, in the order in which they are used up."""


class OverRefund(Refusal):
    """More than is left of a line, or than was paid and has not gone back."""

    says = N_("At most {most} of that can be refunded.")


class NothingToRefund(Refusal):
    """A refund of nothing."""

    says = N_("Nothing is to be refunded on {number}.")


@dataclass(frozen=True, slots=True)
class Way:
    """What goes back by one way, KES minor units."""

    kind: str
    minor: int

    def as_data(self) -> dict[str, object]:
        """As an entry holds a sum of one tender."""
        return {"tender": self.kind, "currency": money.KES, "amount_minor": self.minor}


def key(line: Line) -> FeeKey:
    """What tells a paid line of a receipt from its others."""
    return line.fee, line.category, line.age


def left(lines: Iterable[Line], before: Iterable[Line]) -> list[Line]:
    """The paid lines of a receipt with what is left of each after `before`; a line may be used up."""
    gone = list(before)
    return [_less(line, [one for one in gone if key(one) == key(line)]) for line in lines if line.kes_minor]


def part(
    lines: Sequence[Line], before: Sequence[Line], wanted: Mapping[FeeKey, int], number: str
) -> list[Line]:
    """So many of these lines, after those `before`; OverRefund, NothingToRefund.

    The last of a line takes what is left of its KES, so that all of them together are what it charged.
    """
    found = {key(line): line for line in left(lines, before)}
    whole = {key(line): line for line in lines if line.kes_minor}
    for one, n in wanted.items():
        most = found[one].count if one in found else 0
        if not 0 <= n <= most:
            raise OverRefund(most=most)
    taken = [_taken(whole[one], found[one], wanted[one]) for one in whole if wanted.get(one)]
    if not sum(line.kes_minor for line in taken):
        raise NothingToRefund(number=number)
    return taken


def planned(amount_minor: int, left_by_way: Mapping[str, int]) -> list[Way]:
    """How an amount goes back: cash that is still here first, then as it came."""
    ways: list[Way] = []
    for kind in WAYS:
        minor = min(max(left_by_way.get(kind, 0), 0), amount_minor)
        amount_minor -= minor
        ways += [Way(kind, minor)] if minor else []
    return ways


def _less(line: Line, gone: Sequence[Line]) -> Line:
    return replace(
        line,
        count=line.count - sum(one.count for one in gone),
        amount_minor=line.amount_minor - sum(one.amount_minor for one in gone),
        kes_minor=line.kes_minor - sum(one.kes_minor for one in gone),
    )


def _taken(whole: Line, rest: Line, n: int) -> Line:
    """`n` of what is left of a line, in whole shillings."""
    kept = money.whole(whole.kes_minor * (rest.count - n) // whole.count)
    return replace(
        rest,
        count=n,
        amount_minor=whole.unit_minor * n * whole.times,
        kes_minor=max(rest.kes_minor - kept, 0),
    )
