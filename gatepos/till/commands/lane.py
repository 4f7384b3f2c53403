"""The lane under a command: which way it goes, and nothing tendered or tapped by a command that failed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from gatepos.domain import gatepass
from gatepos.errors import Refusal
from gatepos.till.commands import asking, fields
from gatepos.till.commands.fields import Command, text_of
from gatepos.till.till import Till


def turn(till: Till, command: Command) -> None:
    """Make the lane go the way that the command names, if it names one; what was tendered there is gone."""
    till.lane.work.tenders.clear()
    wanted = text_of(command, "direction", till.gate.direction)
    if wanted not in (gatepass.IN, gatepass.OUT):
        raise fields.bad(command, "direction")
    if wanted != till.gate.direction:
        till.gate.turn()


@contextmanager
def tapped(till: Till, seen: Command) -> Iterator[None]:
    """What is seen is tapped together at the lane; after a refusal nothing stands there."""
    till.lane.work.tenders.clear()
    till.sight.begin()
    try:
        till.filling.take(asking.bill(seen, till.lane.work.bill))
        till.lane.work.is_confirmed = fields.flag(seen, "confirm")
        yield
    except Refusal:
        till.lane.work.tenders.clear()
        till.filling.leave("left")
        raise


@contextmanager
def collecting(till: Till, command: Command, passes: Sequence[str]) -> Iterator[None]:
    """What is owed on passes stands at the lane: as this till knows it, or one as it is seen in `sight`."""
    if "sight" not in command:
        till.gate.settle(passes)
        yield
        return
    seen = sight(command, passes)
    with tapped(till, seen):
        till.sight.from_sight(passes[0], text_of(seen, "why"))
        yield


def sight(command: Command, passes: Sequence[str]) -> Command:
    """What a command sees of the one pass that nobody can read."""
    if len(passes) != 1:
        raise fields.bad(command, "passes")
    return fields.record(command, "sight")
