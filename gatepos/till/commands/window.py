"""The window under a command: empty before it, and empty again after a refusal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from gatepos.domain.bill import Bill
from gatepos.errors import Refusal
from gatepos.ledger.ledger import Recorded
from gatepos.till.commands import asking, fields
from gatepos.till.commands.fields import Command, id_of, second_of
from gatepos.till.commands.known import Answer, recorded
from gatepos.till.till import Till


@contextmanager
def whole(till: Till) -> Iterator[None]:
    """One command at an empty window: after a refusal it is empty again.

    After a trouble the window stays as it was, because nothing can be written; the next command empties it.
    """
    _empty(till)
    try:
        yield
    except Refusal:
        _empty(till)
        raise


def fill(till: Till, command: Command) -> None:
    """Make the bill at the window what the command asks for."""
    if "slip" in command:
        till.slips.take(asking.slip(command))
    till.checkout.take(asking.bill(command, till.window.work.bill))
    till.window.work.is_confirmed = fields.flag(command, "confirm")


def paid(till: Till, command: Command) -> Answer:
    """Fill the window, pay and record in one step."""
    fill(till, command)
    till.window.work.pay_id = id_of(command)
    brought = till.window.work.slip
    left = brought.left if brought else ()
    _, warnings = till.payments.at_once(asking.tenders(command), second_of(command))
    return {**last(till), "warnings": [warning.name for warning in (*left, *warnings)]}


def begun(till: Till, command: Command) -> Bill:
    """The bill that a command fills: empty, or what its slip says."""
    return till.slips.bill(asking.slip(command)) if "slip" in command else till.window.fresh().bill


def last(till: Till) -> Answer:
    """The answer to what the window recorded last."""
    return recorded(cast(Recorded, till.window.last))


def _empty(till: Till) -> None:
    """Nothing of a command that failed was taken: its caller was told so. What had waited waits on."""
    till.window.work.tenders.clear()
    if till.window.work.has_waited:
        till.window.work = till.window.fresh()
    else:
        till.checkout.leave("left")
