"""Commands of a shift: opened, looked at, closed with a blind count."""

from gatepos.domain import money, shift
from gatepos.ledger import queries
from gatepos.till.commands import fields
from gatepos.till.commands.fields import Command, id_of, text_of
from gatepos.till.commands.known import Answer, Known, again, recorded, repeated
from gatepos.till.shifts import Counted
from gatepos.till.till import Till


def _open_shift(till: Till, command: Command) -> Answer:
    kes, usd = text_of(command, "float_kes", "0"), text_of(command, "float_usd", "0")
    before = repeated(till, command, "shift.opened", float_kes_minor=money.parse(kes))
    if before is not None:
        return again(before)
    return recorded(till.shifts.open(kes, usd, id_of(command)))


def _close_shift(till: Till, command: Command) -> Answer:
    before = repeated(till, command, "shift.closed")
    if before is not None:
        return again(before)
    typed = fields.by_name(command, "counted", str)
    others = {tender: money.parse(amount) for tender, amount in typed.items()}
    notes = tuple(shift.denomination(*row) for row in fields.rows(command, "notes", str, int, int))
    done = till.shifts.close(Counted(notes, others), text_of(command, "note", ""), id_of(command))
    data = done.entry.data
    shown = ("counted", "expected", "difference", "sold_minor", "perpetual_minor")
    return {**recorded(done), **{name: data[name] for name in shown}}


def _totals(till: Till, command: Command) -> Answer:
    ledger = till.desk.ledger
    number = till.desk.shift()
    opened_at = queries.opened_at(ledger, number)
    return {
        "shift": number,
        "receipts": queries.receipt_count(ledger, number),
        "sold_minor": queries.income_since_minor(ledger, opened_at, number),
        "drawer": queries.drawer(ledger, number),
        "tendered": queries.tendered(ledger, number),
    }


KNOWN = {
    "open_shift": Known(
        _open_shift, "open one's own shift with a counted float",
        '{"do":"open_shift","id":"open-0001","float_kes":"2000","float_usd":"0"}',
    ),
    "totals": Known(_totals, "how far the shift at the window has come", '{"do":"totals"}'),
    "close_shift": Known(
        _close_shift, "close the shift with what was counted: notes, and each other way of paying",
        '{"do":"close_shift","id":"close-0001","notes":[["KES",1000,2]],"counted":{"mpesa":"43940"},'
        '"note":"counted twice"}',
    ),
}  # fmt: skip
