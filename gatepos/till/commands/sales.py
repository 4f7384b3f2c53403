"""Commands that sell: a bill is sold, put aside, corrected, undone."""

from dataclasses import replace

from gatepos.domain import bill as bills
from gatepos.domain import money, numbers, text
from gatepos.ledger.troubles import SameIdOtherContent
from gatepos.till import views
from gatepos.till.commands import fields
from gatepos.till.commands.fields import Command, id_of, second_of, text_of
from gatepos.till.commands.known import Answer, Known, again, repeated, shown
from gatepos.till.till import Till


def _sell(till: Till, command: Command) -> Answer:
    _begin(till, command)
    before = _sold_before(till, command, "receipt.issued")
    if before is not None:
        return before
    till.window.work.pay_id = id_of(command)
    return _paid(till, command)


def _hold(till: Till, command: Command) -> Answer:
    _begin(till, command)
    before = _sold_before(till, command, "bill.opened")
    if before is not None:
        return before
    till.checkout.open(id_of(command))
    number = till.window.number()
    till.checkout.hold()
    return {"recorded": True, "number": number}


def _waiting(till: Till, command: Command) -> Answer:
    rows = till.checkout.waiting()
    return {"waiting": [{"number": w.number, "plate": w.plate, "total_minor": w.total_minor} for w in rows]}


def _correct(till: Till, command: Command) -> Answer:
    receipt = text_of(command, "receipt")
    before = repeated(till, command, "receipt.corrected", replaces=str(numbers.parse(receipt)))
    if before is not None:
        return again(before)
    till.window.work.tenders.clear()
    till.corrections.correct(receipt, text_of(command, "reason"))
    _fill(till, command)
    till.window.work.pay_id = id_of(command)
    return _paid(till, command)


def _void(till: Till, command: Command) -> Answer:
    receipt = text_of(command, "receipt")
    before = repeated(till, command, "receipt.voided", receipt=str(numbers.parse(receipt)))
    if before is not None:
        return again(before)
    reason, second = text_of(command, "reason"), second_of(command)
    return shown(till.corrections.void(receipt, reason, second, id_of(command)))


def _begin(till: Till, command: Command) -> None:
    """The bill of one command: whatever stood at the window is left, and its money was not taken."""
    till.window.work.tenders.clear()
    till.checkout.clear()
    _fill(till, command)


def _sold_before(till: Till, command: Command, kind: str) -> Answer | None:
    """The answer to a bill whose id is in the journal already."""
    before = repeated(till, command, kind)
    if before is None:
        return None
    sold, window = bills.from_data(before.data), till.window
    asked, window.work = window.work.bill, window.fresh()
    if "enter_on" not in command:
        asked = replace(asked, enter_on=sold.enter_on)
    if asked != sold:
        raise SameIdOtherContent()
    return again(before)


def _fill(till: Till, command: Command) -> None:
    checkout = till.checkout
    if "product" in command:
        checkout.product(text_of(command, "product"))
    for fee, category, age, count in fields.rows(command, "lines", str, str, str, int):
        checkout.count((fee, category, age), count)
    for ground, count in fields.by_name(command, "free", int).items():
        checkout.count_free(ground, count)
    band = fields.whole(command, "band", till.window.work.bill.band)
    if band != till.window.work.bill.band:
        checkout.vehicle(band)
    if "plate" in command:
        checkout.plate(text_of(command, "plate"))
    if "operator" in command:
        checkout.operator(text_of(command, "operator"))
    if "days" in command or "nights" in command:
        checkout.stay(fields.whole(command, "days", 1), fields.whole(command, "nights", 0))
    if "enter_on" in command:
        checkout.enter_on(text.day(text_of(command, "enter_on")))
    till.window.work.is_confirmed = fields.flag(command, "confirm")


def _paid(till: Till, command: Command) -> Answer:
    tenders, second = fields.inner(command, "pay"), second_of(command)
    payments = till.payments
    payments.pay(text_of(tenders[0], "kind") if tenders else "mpesa")
    done: views.PayView | views.RecordedView | None = None
    warned: list[str] = []
    for tender in tenders:
        done = _tender(till, tender)
        if isinstance(done, views.PayView):
            warned += [warning.name for warning in done.warnings]
    if not isinstance(done, views.RecordedView):
        done = payments.record(second)
    return {**shown(done), "warnings": warned}


def _tender(till: Till, tender: Command) -> views.PayView | views.RecordedView:
    payments, kind = till.payments, text_of(tender, "kind")
    amount = text_of(tender, "amount", "") or None
    match kind:
        case "mpesa":
            return payments.mpesa(text_of(tender, "code"), amount)
        case "card":
            return payments.card(text_of(tender, "approval"), text_of(tender, "last4"), amount)
        case "cash":
            return payments.cash(text_of(tender, "currency", money.KES), text_of(tender, "amount"))
        case "ecitizen":
            return payments.ticket(text_of(tender, "code"), amount)
    raise fields.bad({"do": "pay"}, "kind")


KNOWN = {
    "sell": Known(
        _sell, "sell entry: people, vehicle, who is free, how it is paid",
        '{"do":"sell","id":"sale-0001","lines":[["park_entry","non_resident","adult",3]],"band":2,'
        '"plate":"KDA 412M","free":{"tra_crew":1},"pay":[{"kind":"mpesa","code":"UA26X1Y2ZQ"}]}',
    ),
    "hold": Known(
        _hold, "put a bill aside; its number is the account to pay to",
        '{"do":"hold","id":"hold-0001","lines":[["park_entry","ea_citizen","adult",2]]}',
    ),
    "waiting": Known(_waiting, "the bills put aside, oldest first", '{"do":"waiting"}'),
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
