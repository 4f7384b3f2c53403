"""What a command is, and the answers that several commands give."""

from collections.abc import Callable
from dataclasses import dataclass

from gatepos.domain import numbers
from gatepos.domain.entry import Entry
from gatepos.ledger.ledger import Recorded
from gatepos.till.commands.fields import Command
from gatepos.till.till import Till

Answer = dict[str, object]
_WHOLE = 2
"""Files that hold an entry when everything is well: ledger and tape."""


@dataclass(frozen=True, slots=True)
class Known:
    """A command: how it is answered, what it does in one line, and a line that could be typed."""

    answer: Callable[[Till, Command], Answer]
    help: str
    example: str


def recorded(done: Recorded) -> Answer:
    """The answer to what an entry records: `recorded` is true only when both files hold it."""
    entry = done.entry
    return {
        "recorded": True if done.copies == _WHOLE else "one copy",
        "copies": done.copies,
        "number": numbers.printed(entry.number) if entry.number else None,
        "seq": entry.seq,
        "hash": entry.hash.hex(),
        **_money(entry),
    }


def standing(till: Till, entry: Entry) -> Answer:
    """The answer to what stands in the journal, with the files that hold it by now."""
    copies = _WHOLE if till.desk.ledger.tapes.is_whole(entry.seq) else 1
    return recorded(Recorded(entry, copies))


def again(till: Till, entry: Entry) -> Answer:
    """The answer to what was recorded before."""
    return {**standing(till, entry), "repeated": True}


def _money(entry: Entry) -> Answer:
    """What a bill, a sale, a correction or a void says of money; what a void keeps is due back."""
    data = entry.data
    if "total_minor" not in data:
        return {}
    return {
        "total_minor": data["total_minor"],
        "change_minor": data.get("change_minor", 0),
        "due_back_minor": data.get("due_back_minor", data.get("held_minor", 0)),
    }
