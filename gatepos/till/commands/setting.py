"""Commands of Set-up: what is in force."""

from gatepos.till.commands.fields import Command, second_of, text_of
from gatepos.till.commands.known import Answer, Known
from gatepos.till.till import Till


def _set_rate(till: Till, command: Command) -> Answer:
    till.set_up.switch_rate(text_of(command, "month"), text_of(command, "rate"))
    return {"recorded": True}


def _configure(till: Till, command: Command) -> Answer:
    till.set_up.configure(text_of(command, "key"), text_of(command, "value"), second_of(command))
    return {"recorded": True}


KNOWN = {
    "set_rate": Known(
        _set_rate, "apply a published rate, KES per USD",
        '{"do":"set_rate","month":"2026-01","rate":"129.50"}',
    ),
    "configure": Known(
        _configure, "change a policy of the park",
        '{"do":"configure","key":"correct_within_min","value":"5"}',
    ),
}  # fmt: skip
