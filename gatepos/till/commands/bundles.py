"""What other tills wrote, brought as a file."""

from pathlib import Path

from gatepos.domain import numbers
from gatepos.till.commands.fields import Command, text_of
from gatepos.till.commands.known import Answer, Known
from gatepos.till.till import Till


def _read_bundle(till: Till, command: Command) -> Answer:
    """Let the till hear what another wrote: once, however often the bundle is read."""
    brought = till.hearing.read_file(Path(text_of(command, "path")))
    return {
        "till": brought.till,
        "heard_to": brought.to_seq,
        "new": brought.new,
        "conflicts": [numbers.printed(number) for number, _ in brought.conflicts],
    }


KNOWN = {
    "read_bundle": Known(
        _read_bundle, "take in what another till wrote", '{"do":"read_bundle","path":"/media/stick/XNM3.gpb"}'
    ),
}
