"""Answers commands one at a time: the table of all of them, and how refusals are answered."""

import orjson

from gatepos.errors import Refusal, Said
from gatepos.i18n import N_
from gatepos.till.commands import people, receipts, sales, setting, shifts
from gatepos.till.commands.fields import BadCommand, Command, text_of
from gatepos.till.commands.known import Answer, Known
from gatepos.till.till import Till

KNOWN: dict[str, Known] = {
    **people.KNOWN,
    **setting.KNOWN,
    **shifts.KNOWN,
    **sales.KNOWN,
    **receipts.KNOWN,
}
"""Every command by name."""


class UnknownCommand(Refusal):
    """A command that does not exist."""

    says = N_("There is no command {command}. Commands: {commands}.")


class Commands:
    """Answers one command at a time; every money command carries an `id`, made before its first attempt."""

    def __init__(self, till: Till):
        self._till = till

    def answer(self, line: bytes) -> Answer:
        """The answer to one line of JSON; a refusal or a trouble is answered by its name."""
        try:
            command = orjson.loads(line)
        except orjson.JSONDecodeError:
            return {"error": BadCommand.__name__, "says": "not JSON"}
        if not isinstance(command, dict):
            return {"error": BadCommand.__name__, "says": "not an object"}
        try:
            return {**self.run(command), "id": command.get("id")}
        except Said as said:
            return {"error": said.name, "says": str(said), "recorded": False, "id": command.get("id")}

    def run(self, command: Command) -> Answer:
        """The answer to one command; its refusals are raised."""
        name = text_of(command, "do")
        if name not in KNOWN:
            raise UnknownCommand(command=name[:40], commands=", ".join(sorted(KNOWN)))
        return KNOWN[name].answer(self._till, command)


def listing() -> str:
    """Each command in two lines: what it does, and an example."""
    return "\n".join(f"{name}: {known.help}\n  {known.example}" for name, known in KNOWN.items())
