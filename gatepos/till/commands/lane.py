"""The lane under a command: which way it goes, and nothing tendered by a command that failed."""

from gatepos.domain import gatepass
from gatepos.till.commands import fields
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
