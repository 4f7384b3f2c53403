"""The command of a morning: what has to be in order before the first vehicle comes."""

from dataclasses import asdict

from gatepos.till.commands.fields import Command
from gatepos.till.commands.known import Answer, Known
from gatepos.till.till import Till


def _morning(till: Till, _: Command) -> Answer:
    till.desk.signed_in()
    return asdict(till.morning.view())


KNOWN = {
    "morning": Known(_morning, "the rate, the schedule, what is known here and who agrees by radio",
                     '{"do":"morning"}'),
}  # fmt: skip
