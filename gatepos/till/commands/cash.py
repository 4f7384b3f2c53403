"""Commands of a drawer beside its sales: cash moved, opened without a sale; approvals in one's name."""

from gatepos.domain import moments, money, text
from gatepos.domain.vocabulary import DROPPED, PAID_IN, PAID_OUT
from gatepos.till.commands.fields import Command, id_of, second_of, text_of
from gatepos.till.commands.known import Answer, Known, again, recorded
from gatepos.till.commands.repeating import repeated
from gatepos.till.till import Till


def _move(till: Till, command: Command, how: str) -> Answer:
    amount, reason = text_of(command, "amount"), text_of(command, "reason")
    currency = text_of(command, "currency", money.KES)
    before = repeated(
        till, command, "cash.moved",
        how=how, currency=currency, amount_minor=money.parse(amount), reason=text.free(reason),
    )  # fmt: skip
    if before is not None:
        return again(till, before)
    return recorded(till.cash.move(how, amount, reason, currency, second_of(command), id_of(command)))


def _paid_in(till: Till, command: Command) -> Answer:
    return _move(till, command, PAID_IN)


def _paid_out(till: Till, command: Command) -> Answer:
    return _move(till, command, PAID_OUT)


def _drop(till: Till, command: Command) -> Answer:
    return _move(till, command, DROPPED)


def _open_drawer(till: Till, command: Command) -> Answer:
    reason = text_of(command, "reason")
    before = repeated(till, command, "drawer.opened", reason=text.free(reason))
    if before is not None:
        return again(till, before)
    return recorded(till.cash.open_drawer(reason, id_of(command)))


def _approvals(till: Till, command: Command) -> Answer:
    return {
        "approvals": [
            {
                "action": one.kind,
                "at": moments.to_text(one.at_ms),
                "number": one.number,
                "asked_by": one.asked_by,
                "gate": one.gate,
                "how": one.how,
            }
            for one in till.greeting.approved()
        ]
    }


KNOWN = {
    "paid_in": Known(
        _paid_in, "cash from the safe into the drawer",
        '{"do":"paid_in","id":"in-00001","amount":"2000","currency":"KES","reason":"change"}',
    ),
    "paid_out": Known(
        _paid_out, "cash spent out of the drawer; above the policy's amount with a second person",
        '{"do":"paid_out","id":"out-0001","amount":"500","reason":"fuel for the generator"}',
    ),
    "drop": Known(
        _drop, "cash out of the drawer into the safe",
        '{"do":"drop","id":"drop-0001","amount":"30000","reason":"drawer is full",'
        '"second":{"staff":"01","pin":"482913"}}',
    ),
    "open_drawer": Known(
        _open_drawer, "note that the drawer is opened without a sale",
        '{"do":"open_drawer","id":"open-0002","reason":"to change a note"}',
    ),
    "approvals": Known(_approvals, "what was approved in one's own name today", '{"do":"approvals"}'),
}  # fmt: skip
