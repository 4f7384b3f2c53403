"""Answers commands one at a time: the table of all of them, and how refusals are answered."""

import orjson

from gatepos.errors import Refusal, Said
from gatepos.i18n import N_, Words
from gatepos.ledger.troubles import LedgerDamaged, Unknown
from gatepos.till.commands import (
    cash,
    custody,
    exits,
    gate,
    hearing,
    leaves,
    morning,
    outages,
    passes,
    people,
    prepaid,
    receipts,
    reconciling,
    refunds,
    sales,
    setting,
    shifts,
)
from gatepos.till.commands.fields import BadCommand, Command, text_of
from gatepos.till.commands.known import Answer, Known
from gatepos.till.till import Till

KNOWN: dict[str, Known] = {
    **people.KNOWN,
    **setting.KNOWN,
    **shifts.KNOWN,
    **cash.KNOWN,
    **sales.KNOWN,
    **receipts.KNOWN,
    **refunds.KNOWN,
    **outages.KNOWN,
    **passes.KNOWN,
    **gate.KNOWN,
    **prepaid.KNOWN,
    **exits.KNOWN,
    **custody.KNOWN,
    **leaves.KNOWN,
    **hearing.KNOWN,
    **reconciling.KNOWN,
    **morning.KNOWN,
}
"""Every command by name."""


class UnknownCommand(Refusal):
    """A command that does not exist."""

    says = N_("There is no command {command}. Commands: {commands}.")


class NotJson(BadCommand):
    """A line that is no command at all."""

    says = N_("A command is one JSON object on a line of its own.")


class Commands:
    """Answers one command at a time; every money command carries an `id`, made before its first attempt."""

    def __init__(self, till: Till, words: Words):
        self._till = till
        self._words = words

    def answer(self, line: bytes) -> Answer:
        """The answer to one line of JSON; a refusal or a trouble is answered by its name."""
        try:
            command = orjson.loads(line)
        except orjson.JSONDecodeError:
            return self._refused(NotJson())
        if not isinstance(command, dict):
            return self._refused(NotJson())
        id_ = command.get("id")
        echoed = {"id": id_ if isinstance(id_, str) else None}
        try:
            return {**self.run(command), **echoed}
        except Said as said:
            return {**self._refused(said), **echoed}

    def run(self, command: Command) -> Answer:
        """The answer to one command; its refusals are raised."""
        name = text_of(command, "do")
        if name not in KNOWN:
            raise UnknownCommand(command=name[:40], commands=", ".join(sorted(KNOWN)))
        return KNOWN[name].answer(self._till, command)

    def _refused(self, said: Said) -> Answer:
        # Of these two nobody knows yet whether the entry was written: the same id asks again.
        is_known = not isinstance(said, Unknown | LedgerDamaged)
        return {
            "error": said.name,
            "says": said.said(self._words),
            "recorded": False if is_known else None,
        }


def listing() -> str:
    """Each command in two lines: what it does, and an example."""
    return "\n".join(f"{name}: {known.help}\n  {known.example}" for name, known in KNOWN.items())
