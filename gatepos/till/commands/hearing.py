"""The command by which a till hears others."""

from pathlib import Path

from gatepos.domain import numbers
from gatepos.till.commands.fields import Command, text_of
from gatepos.till.commands.known import Answer, Known
from gatepos.till.till import Till


def _read_bundle(till: Till, command: Command) -> Answer:
    brought = till.hearing.read_file(Path(text_of(command, "path")))
    return {
        "till": brought.till,
        "heard_to": brought.to_seq,
        "new": brought.new,
        "conflicts": [[numbers.printed(number), what] for number, what in brought.conflicts],
    }


KNOWN = {
    "read_bundle": Known(
        _read_bundle, "hear what another till wrote, once, however often its bundle is read",
        '{"do":"read_bundle","path":"/media/stick/XNE1-0000412.gpb"}',
    ),
}  # fmt: skip
