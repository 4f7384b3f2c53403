"""The window under a command: empty before it, and empty again after a refusal."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import cast

from gatepos.domain import numbers
from gatepos.domain.bill import Bill
from gatepos.domain.entry import Entry
from gatepos.domain.sale import part_id
from gatepos.errors import Refusal, Said
from gatepos.ledger.ledger import Recorded
from gatepos.ledger.troubles import Unknown
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


def fill_group(till: Till, command: Command) -> None:
    """Make the vehicles at the window what the command asks for: its own, and those to `add` after it.

    What is recorded of each has the command's id, and from the second on its place in the order after it.
    """
    fill(till, command)
    till.window.work.pay_id = id_of(command)
    for n, vehicle in enumerate(fields.inner(command, "add"), 1):
        till.checkout.add()
        fill(till, vehicle)
        till.window.work.pay_id = part_id(id_of(command), n)


def paid(till: Till, command: Command) -> Answer:
    """Fill the window, pay and record in one step."""
    fill_group(till, command)
    brought = till.window.work.slip
    left = brought.left if brought else ()
    with told(till, command):
        _, warnings = till.payments.at_once(asking.tenders(command), second_of(command))
    return {**last(till), "warnings": [warning.name for warning in (*left, *warnings)]}


@contextmanager
def told(till: Till, command: Command) -> Iterator[None]:
    """Of several vehicles the first may stand although another failed: the same id asks which; Unknown.

    The others wait then, as after a stop.
    """
    try:
        yield
    except Said as said:
        if till.window.work.recorded:
            till.window.work = till.window.fresh()
            raise Unknown() from said
        raise


def begun(till: Till, command: Command) -> Bill:
    """The bill that a command fills: empty, or what its slip says."""
    return till.slips.bill(asking.slip(command)) if "slip" in command else till.window.fresh().bill


def last(till: Till) -> Answer:
    """The answer to what the window recorded last, and of the others of its group."""
    done = cast(Recorded, till.window.last)
    return {**recorded(done), **of_group([one.entry for one in (*till.window.before_last, done)])}


def group(till: Till, command: Command) -> list[Entry]:
    """What stands of each vehicle of a command, as far as it came."""
    return parts(till, command, len(fields.inner(command, "add")) + 1)


def parts(till: Till, command: Command, count: int) -> list[Entry]:
    """What stands of the papers that one command makes, as far as it came."""
    found = (till.desk.ledger.by_id(part_id(id_of(command), n)) for n in range(count))
    return [entry for entry in found if entry is not None]


def of_group(entries: Sequence[Entry]) -> Answer:
    """What was recorded of each vehicle, where one payer paid for several, and the total of them all."""
    if len(entries) < 2:
        return {}
    return {
        "total_minor": sum(cast(int, entry.data["total_minor"]) for entry in entries),
        "vehicles": [
            {
                "number": numbers.printed(cast(str, entry.number)),
                "plate": entry.data["plate"],
                "total_minor": entry.data["total_minor"],
            }
            for entry in entries
        ],
    }


def _empty(till: Till) -> None:
    """Nothing of a command that failed was taken: its caller was told so. What had waited waits on."""
    till.window.work.tenders.clear()
    if till.window.work.has_waited:
        till.window.work = till.window.fresh()
    else:
        till.checkout.leave("left")
