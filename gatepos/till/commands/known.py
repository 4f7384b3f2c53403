"""What a command is, and the answers that several commands give."""

from collections.abc import Callable
from dataclasses import dataclass

from gatepos.domain import numbers
from gatepos.domain.entry import Entry
from gatepos.ledger.ledger import Recorded
from gatepos.ledger.troubles import SameIdOtherContent
from gatepos.till import views
from gatepos.till.commands.fields import Command, id_of
from gatepos.till.till import Till

Answer = dict[str, object]


@dataclass(frozen=True, slots=True)
class Known:
    """A command: how it is answered, what it does in one line, and a line that could be typed."""

    answer: Callable[[Till, Command], Answer]
    help: str
    example: str


def repeated(till: Till, command: Command, kind: str, **content: object) -> Entry | None:
    """The entry whose id this is, when it is in the journal already; SameIdOtherContent."""
    entry = till.desk.ledger.by_id(id_of(command))
    if entry is None:
        return None
    if entry.kind != kind or any(entry.data[name] != value for name, value in content.items()):
        raise SameIdOtherContent()
    return entry


def recorded(done: Recorded) -> Answer:
    """The answer to what an entry records."""
    entry = done.entry
    return {
        "recorded": True,
        "number": numbers.printed(entry.number) if entry.number else None,
        "seq": entry.seq,
        "hash": entry.hash.hex(),
        "copies": done.copies,
    }


def again(entry: Entry) -> Answer:
    """The answer to what was recorded before."""
    return {**recorded(Recorded(entry, 2)), "repeated": True}


def shown(view: views.RecordedView) -> Answer:
    """The answer to a sale, a correction, a void."""
    return {
        "recorded": True,
        "number": view.number,
        "total_minor": view.total_minor,
        "change_minor": view.change_minor,
        "due_back_minor": view.due_back_minor,
        "copies": view.copies,
    }
