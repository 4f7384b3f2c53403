"""Commands that sell: each is recorded whole, or refused with nothing written and nothing at the window."""

from typing import cast

from gatepos.domain import bill as bills
from gatepos.domain import numbers, text
from gatepos.domain.bill import Bill
from gatepos.domain.entry import Entry
from gatepos.ledger.ledger import Recorded
from gatepos.till.checkout import NoSuchBill
from gatepos.till.commands.fields import Command, id_of, second_of, text_of
from gatepos.till.commands.known import Answer, Known, again, recorded, standing
from gatepos.till.commands.repeating import check_group, check_sold, repeated
from gatepos.till.commands.window import begun, fill, group, last, of_group, paid, whole
from gatepos.till.till import Till


def _sell(till: Till, command: Command) -> Answer:
    before = repeated(till, command, "receipt.issued")
    if before is not None and "add" in command:
        entries = group(till, command)
        check_group(till, command, entries)
        return {**again(till, entries[-1]), **of_group(entries)}
    if before is not None:
        check_sold(till, command, before, begun(till, command))
        return again(till, before)
    with whole(till):
        return paid(till, command)


def _resume(till: Till, command: Command) -> Answer:
    number = str(numbers.parse(text_of(command, "bill")))
    before = repeated(till, command, "receipt.issued", bill=number)
    if before is not None:
        check_sold(till, command, before, _bill_of(till, number))
        return again(till, before)
    with whole(till):
        till.checkout.resume(number)
        return paid(till, command)


def _hold(till: Till, command: Command) -> Answer:
    before = repeated(till, command, "bill.opened")
    if before is not None:
        check_sold(till, command, before, begun(till, command))
        return again(till, before)
    with whole(till):
        fill(till, command)
        till.checkout.open(id_of(command))
        opened = cast(Entry, till.window.work.opened)
        till.checkout.hold()
    return standing(till, opened)


def _hand_over(till: Till, command: Command) -> Answer:
    number = str(numbers.parse(text_of(command, "bill")))
    before = repeated(till, command, "bill.abandoned", bill=number, reason="handed_over")
    if before is not None:
        return {**again(till, before), "slip": before.data["slip"]}
    with whole(till):
        view = till.slips.hand_over(number, id_of(command))
    return {**standing(till, cast(Entry, till.desk.ledger.by_id(id_of(command)))), "slip": view.slip}


def _vehicles(till: Till, command: Command) -> Answer:
    found = till.checkout.like(text_of(command, "plate"))
    return {"vehicles": [{"plate": v.plate, "band": v.band, "operator": v.operator} for v in found]}


def _waiting(till: Till, command: Command) -> Answer:
    rows = till.checkout.waiting()
    return {
        "waiting": [
            {"number": numbers.printed(w.number), "plate": w.plate, "total_minor": w.total_minor}
            for w in rows
        ]
    }


def _clear(till: Till, command: Command) -> Answer:
    number = str(numbers.parse(text_of(command, "bill")))
    before = repeated(till, command, "bill.abandoned", bill=number)
    if before is not None:
        return again(till, before)
    with whole(till):
        till.checkout.resume(number)
        return recorded(cast(Recorded, till.checkout.leave("cleared", id_of(command))))


def _correct(till: Till, command: Command) -> Answer:
    receipt, reason = text_of(command, "receipt"), text_of(command, "reason")
    number = str(numbers.parse(receipt))
    before = repeated(till, command, "receipt.corrected", replaces=number, reason=text.free(reason))
    if before is not None:
        check_sold(till, command, before, _bill_of(till, number))
        return again(till, before)
    with whole(till):
        till.corrections.correct(receipt, reason)
        return paid(till, command)


def _void(till: Till, command: Command) -> Answer:
    receipt, reason = text_of(command, "receipt"), text_of(command, "reason")
    number = str(numbers.parse(receipt))
    before = repeated(till, command, "receipt.voided", receipt=number, reason=text.free(reason))
    if before is not None:
        return again(till, before)
    till.corrections.void(receipt, reason, second_of(command), id_of(command))
    return last(till)


def _bill_of(till: Till, number: str) -> Bill:
    """The bill that an entry holds; NoSuchBill."""
    entry = till.desk.ledger.by_number(number)
    if entry is None:
        raise NoSuchBill(number=numbers.printed(number))
    return bills.from_data(entry.data)


KNOWN = {
    "sell": Known(
        _sell, "sell entry: people, vehicle, who is free or no visitor, how it is paid; add: the other"
        " vehicles of the same payer, each with a receipt of its own; total_minor is then of them all",
        '{"do":"sell","id":"sale-0001","lines":[["park_entry","non_resident","adult",3]],"band":2,'
        '"plate":"KDA 412M","free":{"tra_crew":1},"pay":[{"kind":"mpesa","code":"UA26X1Y2ZQ"}]}',
    ),
    "hold": Known(
        _hold, "put a bill aside; its number is the account to pay to",
        '{"do":"hold","id":"hold-0001","lines":[["park_entry_school","school","student",62]],'
        '"institution":"Langata Primary","free":{"disability":1},"evidence":{"disability":"visible"}}',
    ),
    "hand_over": Known(
        _hand_over, "end a bill that was put aside as a slip, which another till scans, or sells by"
        ' {"do":"sell","slip":…}',
        '{"do":"hand_over","id":"hand-0001","bill":"XNM2-B000001-2"}',
    ),
    "vehicles": Known(
        _vehicles, "the vehicles that came before and whose plate begins so, from three characters on",
        '{"do":"vehicles","plate":"KDA"}',
    ),
    "waiting": Known(_waiting, "the bills put aside, oldest first", '{"do":"waiting"}'),
    "resume": Known(
        _resume, "sell a bill that was put aside, as it is or changed",
        '{"do":"resume","id":"sale-0002","bill":"XNM2-B000001-2","pay":[{"kind":"card","approval":"A7K29Q",'
        '"last4":"4242"}]}',
    ),
    "clear": Known(
        _clear, "end a bill that was put aside without a sale",
        '{"do":"clear","id":"clear-001","bill":"XNM2-B000001-2"}',
    ),
    "correct": Known(
        _correct, "change a receipt and pay the difference, if there is one",
        '{"do":"correct","id":"fix-0001","receipt":"XNM2-R000001-Q","reason":"wrong plate",'
        '"plate":"KDA 421M"}',
    ),
    "void": Known(
        _void, "undo a receipt; needs a second person",
        '{"do":"void","id":"void-0001","receipt":"XNM2-R000001-Q","reason":"turned back",'
        '"second":{"staff":"01","pin":"482913"}}',
    ),
}  # fmt: skip
