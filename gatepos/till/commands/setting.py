"""Commands of Set-up: what is in force."""

from gatepos.till.commands.fields import Command, second_of, text_of
from gatepos.till.commands.known import Answer, Known, again, recorded
from gatepos.till.till import Till


def _set_rate(till: Till, command: Command) -> Answer:
    month, rate = text_of(command, "month"), text_of(command, "rate")
    return recorded(till.set_up.switch_rate(month, rate, second_of(command)))


def _switch_schedule(till: Till, command: Command) -> Answer:
    schedule, reason = text_of(command, "schedule"), text_of(command, "reason")
    return recorded(till.set_up.switch_schedule(schedule, reason, second_of(command)))


def _configure(till: Till, command: Command) -> Answer:
    key, value = text_of(command, "key"), text_of(command, "value")
    done = till.set_up.configure(key, value, second_of(command))
    if done is not None:
        return recorded(done)
    # It has that value already: the change that gave it is what is recorded.
    changes = till.desk.ledger.of_kind("config.changed")
    return again(till, next(entry for entry in reversed(changes) if entry.data["key"] == key))


KNOWN = {
    "set_rate": Known(
        _set_rate, "apply a published rate, KES per USD; an older month needs a second person",
        '{"do":"set_rate","month":"2026-01","rate":"129.50"}',
    ),
    "switch_schedule": Known(
        _switch_schedule, "put another fee schedule in force; needs a second person",
        '{"do":"switch_schedule","schedule":"CF2016","reason":"order of the court",'
        '"second":{"staff":"03","pin":"864209"}}',
    ),
    "configure": Known(
        _configure, "change a policy of the park",
        '{"do":"configure","key":"correct_within_min","value":"5"}',
    ),
}  # fmt: skip
