"""Commands of whoever stands at the window."""

from gatepos.till.commands.fields import Command, text_of
from gatepos.till.commands.known import Answer, Known
from gatepos.till.till import Till


def _sign_in(till: Till, command: Command) -> Answer:
    person = till.sign_in.sign_in(text_of(command, "staff"), text_of(command, "pin"))
    till.shifts.to_window()
    taken = [one.shift for one in till.greeting.view().taken]
    return {"signed_in": person.number, "roles": sorted(person.roles), "takes_over": taken}


def _choose_pin(till: Till, command: Command) -> Answer:
    person = till.sign_in.choose_pin(
        text_of(command, "staff"), text_of(command, "start_code"), text_of(command, "pin")
    )
    return {"signed_in": person.number, "roles": sorted(person.roles)}


def _sign_out(till: Till, command: Command) -> Answer:
    till.sign_in.sign_out()
    return {"signed_in": None}


KNOWN = {
    "sign_in": Known(
        _sign_in, "put a clerk, and their open shift, at the window",
        '{"do":"sign_in","staff":"07","pin":"246813"}',
    ),
    "choose_pin": Known(
        _choose_pin, "trade a start code for a PIN of one's own, and sign in",
        '{"do":"choose_pin","staff":"07","start_code":"48291375","pin":"246813"}',
    ),
    "sign_out": Known(_sign_out, "leave the window; the shift stays open", '{"do":"sign_out"}'),
}  # fmt: skip
