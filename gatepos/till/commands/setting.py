"""Commands of Set-up: what is in force."""

from dataclasses import replace

from gatepos.domain import confirmed, free_entry, money, numbers
from gatepos.till.commands.fields import Command, flag, id_of, second_of, text_of, texts
from gatepos.till.commands.known import Answer, Known, again, recorded
from gatepos.till.commands.repeating import repeated
from gatepos.till.till import Till


def _set_rate(till: Till, command: Command) -> Answer:
    month, rate = text_of(command, "month"), text_of(command, "rate")
    return recorded(till.set_up.switch_rate(month, rate, second_of(command)))


def _switch_schedule(till: Till, command: Command) -> Answer:
    schedule, reason = text_of(command, "schedule"), text_of(command, "reason")
    ordered = text_of(command, "ordered", "")
    return recorded(till.set_up.switch_schedule(schedule, reason, second_of(command), ordered))


def _unsold(till: Till, command: Command) -> Answer:
    schedule = text_of(command, "schedule", till.desk.ledger.state.schedule or "")
    return {"unsold": [[one.product, *one.key] for one in till.tariff.unsold(schedule)]}


def _confirm_fee(till: Till, command: Command) -> Answer:
    schedule = text_of(command, "schedule", till.desk.ledger.state.schedule or "")
    product, amount, legal = (text_of(command, name) for name in ("product", "amount", "legal"))
    fee, category, age = (text_of(command, name) for name in ("fee", "category", "age"))
    content = {"product": product, "fee": fee, "category": category, "age": age, "schedule": schedule}
    before = repeated(till, command, confirmed.KIND, **content, amount_minor=money.parse(amount))
    if before is not None:
        return again(till, before)
    key, second = (fee, category, age), second_of(command)
    return recorded(till.tariff.confirm(schedule, product, key, amount, legal, second, id_of(command)))


def _since_order(till: Till, _: Command) -> Answer:
    view = till.repricing.view()
    rows = [
        {
            "number": row.number, "plate": row.plate, "is_bill": row.is_bill,
            "before_minor": row.before_minor, "after_minor": row.after_minor,
            "keeps": row.why.name if row.why else None,
        }
        for row in view.rows
    ]  # fmt: skip
    return {"schedule": view.schedule, "unpaid": view.unpaid, "since_order": rows}


def _reprice(till: Till, command: Command) -> Answer:
    wanted = texts(command, "passes") or list(till.repricing.view().priced_anew)
    count = till.repricing.agree(wanted, second_of(command))
    done = [till.repricing.go_on()[0] for _ in range(count)]
    return {"passes": [numbers.printed(str(one.entry.number)) for one in done]}


def _configure(till: Till, command: Command) -> Answer:
    key, value = text_of(command, "key"), text_of(command, "value")
    done = till.set_up.configure(key, value, second_of(command))
    if done is not None:
        return recorded(done)
    # It has that value already: the change that gave it is what is recorded.
    changes = till.desk.ledger.of_kind("config.changed")
    return again(till, next(entry for entry in reversed(changes) if entry.data["key"] == key))


def _free_entry(till: Till, command: Command) -> Answer:
    notice = free_entry.typed(
        text_of(command, "title"), text_of(command, "reference"), text_of(command, "first"),
        text_of(command, "last", text_of(command, "first")), text_of(command, "hours"),
        texts(command, "parks") or (till.desk.park.code,),
    )  # fmt: skip
    whole = replace(
        notice, categories=tuple(texts(command, "categories")), vehicles=flag(command, "vehicles")
    )
    return recorded(till.free_entry.begin(whole, second_of(command)))


def _end_free_entry(till: Till, command: Command) -> Answer:
    return recorded(till.free_entry.end(text_of(command, "reference"), second_of(command)))


KNOWN = {
    "set_rate": Known(
        _set_rate, "apply a published rate, KES per USD; an older month needs a second person",
        '{"do":"set_rate","month":"2026-01","rate":"129.50"}',
    ),
    "switch_schedule": Known(
        _switch_schedule, "put another fee schedule in force; needs a second person",
        '{"do":"switch_schedule","schedule":"CF2016","reason":"order of the court","ordered":"11:00",'
        '"second":{"staff":"03","pin":"864209"}}',
    ),
    "unsold": Known(
        _unsold, "what cannot be sold under a schedule, or would not be after a switch to it",
        '{"do":"unsold","schedule":"CF2016"}',
    ),
    "confirm_fee": Known(
        _confirm_fee, "sell what a schedule lacks at the price that an order names; needs a second person",
        '{"do":"confirm_fee","id":"fee-0001","schedule":"CF2016","product":"ALL","fee":"vehicle",'
        '"category":"vehicle","age":"2","amount":"300","legal":"KWS order 14/2026",'
        '"second":{"staff":"03","pin":"864209"}}',
    ),
    "since_order": Known(
        _since_order, "what was priced since the order of the last switch, and what it would cost now",
        '{"do":"since_order"}',
    ),
    "reprice": Known(
        _reprice, "price unpaid passes anew, all of since_order or these; needs a second person",
        '{"do":"reprice","passes":["XNM2-P000001-N"],"second":{"staff":"03","pin":"864209"}}',
    ),
    "free_entry": Known(
        _free_entry, "let in free whom a notice names, on its days and within its hours; two persons",
        '{"do":"free_entry","title":"World Wildlife Day","reference":"KWS/FE/3/2026","first":"2026-03-03",'
        '"hours":"06:00-18:30","categories":["kenyan_citizen"],"vehicles":false,'
        '"second":{"staff":"03","pin":"864209"}}',
    ),
    "end_free_entry": Known(
        _end_free_entry, "a free-entry notice stands no more; two persons",
        '{"do":"end_free_entry","reference":"KWS/FE/3/2026","second":{"staff":"03","pin":"864209"}}',
    ),
    "configure": Known(
        _configure, "change a policy of the park",
        '{"do":"configure","key":"correct_within_min","value":"5"}',
    ),
}  # fmt: skip
