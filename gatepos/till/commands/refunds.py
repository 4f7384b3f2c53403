"""Commands of refunds: asked for, decided by another person, paid back."""

from typing import cast

from gatepos.domain import numbers, text
from gatepos.domain.bill import FeeKey
from gatepos.domain.entry import Entry
from gatepos.ledger import refunds
from gatepos.till.commands import fields
from gatepos.till.commands.fields import Command, id_of, second_of, text_of
from gatepos.till.commands.known import Answer, Known, again, recorded
from gatepos.till.commands.repeating import check, repeated
from gatepos.till.list_views import RefundRow
from gatepos.till.till import Till


def _refund(till: Till, command: Command) -> Answer:
    receipt, reason = text_of(command, "receipt"), text_of(command, "reason")
    subject = refunds.paper_of(till.desk.ledger, str(numbers.parse(receipt)))
    counts = _counts(command)
    before = repeated(till, command, "refund.requested", subject=subject, reason=text.free(reason))
    if before is not None:
        check(lambda: _held_counts(before) == {key: n for key, n in counts.items() if n})
        return {**again(till, before), **_standing(till, cast(str, before.number))}
    done = till.refunds.request(
        receipt, counts, reason, knows_used=fields.flag(command, "used"), id=id_of(command)
    )
    return {**recorded(done), **_standing(till, cast(str, done.entry.number))}


def _approve(till: Till, command: Command) -> Answer:
    number = _number(command)
    before = repeated(till, command, "refund.decided", refund=number, is_approved=True)
    if before is not None:
        return {**again(till, before), **_standing(till, number)}
    done = till.refunds.approve(number, second_of(command), id_of(command))
    return {**recorded(done), **_standing(till, number)}


def _refuse(till: Till, command: Command) -> Answer:
    number, reason = _number(command), text_of(command, "reason")
    before = repeated(till, command, "refund.decided", refund=number, reason=text.free(reason))
    if before is not None:
        return {**again(till, before), **_standing(till, number)}
    done = till.refunds.refuse(number, reason, second_of(command), id_of(command))
    return {**recorded(done), **_standing(till, number)}


def _pay(till: Till, command: Command) -> Answer:
    number, kind = _number(command), text_of(command, "kind")
    before = repeated(till, command, "refund.paid", refund=number, tender=kind)
    if before is not None:
        return {**again(till, before), **_standing(till, number)}
    reference, amount = text_of(command, "reference", ""), text_of(command, "amount", "")
    done = till.refunds.pay(number, kind, reference, amount, id_of(command))
    return {**recorded(done), "paid_minor": done.entry.data["amount_minor"], **_standing(till, number)}


def _refunds(till: Till, command: Command) -> Answer:
    return {"refunds": [_row(row) for row in till.refund_list.listed(text_of(command, "find", ""))]}


def _number(command: Command) -> str:
    return str(numbers.parse(text_of(command, "refund")))


def _counts(command: Command) -> dict[FeeKey, int]:
    rows = fields.rows(command, "lines", str, str, str, int)
    return {(fee, category, age): n for fee, category, age, n in rows}


def _held_counts(entry: Entry) -> dict[FeeKey, int]:
    lines = cast("list[dict[str, object]]", entry.data["lines"])
    return {
        (str(line["fee"]), str(line["category"]), str(line["age"])): cast(int, line["count"])
        for line in lines
    }


def _standing(till: Till, number: str) -> Answer:
    opened = till.refund_list.open(number)
    ways = [{"kind": way.kind, "amount_minor": way.minor} for way in opened.ways]
    return {"refund": {**_row(opened.row), "ways": ways}}


def _row(row: RefundRow) -> Answer:
    return {
        "number": numbers.printed(row.number),
        "of": numbers.printed(row.subject),
        "state": row.state,
        "amount_minor": row.amount_minor,
        "left_minor": row.left_minor,
        "age_min": row.age_min,
    }


KNOWN = {
    "refund": Known(
        _refund, "ask for lines of a receipt back, or without lines for the money held on it",
        '{"do":"refund","id":"refund-01","receipt":"XNM2-R000001-Q","lines":[["park_entry","non_resident",'
        '"adult",1]],"reason":"one never came","used":true}',
    ),
    "approve_refund": Known(
        _approve, "agree to a refund that another person asked for",
        '{"do":"approve_refund","id":"agree-001","refund":"XNM2-V000001-A","second":{"staff":"01",'
        '"pin":"482913"}}',
    ),
    "refuse_refund": Known(
        _refuse, "refuse a refund and say why",
        '{"do":"refuse_refund","id":"refuse-01","refund":"XNM2-V000001-A","reason":"they went in",'
        '"second":{"staff":"01","pin":"482913"}}',
    ),
    "pay_refund": Known(
        _pay, "pay a refund back: in cash, or with the reference of the payment back",
        '{"do":"pay_refund","id":"payback-1","refund":"XNM2-V000001-A","kind":"mpesa",'
        '"reference":"UA36X1Y2ZQ"}',
    ),
    "refunds": Known(_refunds, "refunds and money held, with what still waits", '{"do":"refunds"}'),
}  # fmt: skip
