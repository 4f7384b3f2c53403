"""Commands of a shift: opened, looked at, closed with a blind count."""

from gatepos.domain import money, numbers, shift
from gatepos.domain.entry import Entry
from gatepos.ledger import queries
from gatepos.till import shifts
from gatepos.till.commands import fields
from gatepos.till.commands.fields import Command, id_of, text_of
from gatepos.till.commands.known import Answer, Known, again, recorded
from gatepos.till.commands.repeating import repeated
from gatepos.till.shifts import Counted
from gatepos.till.till import Till


def _open_shift(till: Till, command: Command) -> Answer:
    kes, usd = text_of(command, "float_kes", "0"), text_of(command, "float_usd", "0")
    floats = {"float_kes_minor": money.parse(kes), "float_usd_minor": money.parse(usd)}
    before = repeated(till, command, "shift.opened", **floats)
    if before is not None:
        return again(till, before)
    return recorded(till.shifts.open(kes, usd, id_of(command)))


def _close_shift(till: Till, command: Command) -> Answer:
    typed = fields.by_name(command, "counted", str)
    others = {tender: money.parse(amount) for tender, amount in typed.items()}
    notes = tuple(shift.denomination(*row) for row in fields.rows(command, "notes", str, int, int))
    counted, note = Counted(notes, others), text_of(command, "note", "")
    to = text_of(command, "to", "")
    before = repeated(till, command, "shift.closed", **shifts.as_said(counted, note), handed_to=to or None)
    if before is not None:
        return {**again(till, before), **_closed(before)}
    done = till.shifts.close(counted, note, id_of(command), tuple(fields.texts(command, "documents")), to)
    return {**recorded(done), **_closed(done.entry)}


def _closed(entry: Entry) -> Answer:
    shown = (
        "counted", "expected", "difference", "sold_minor", "perpetual_minor", "drawer", "late", "unsent",
        "handed_to",
    )  # fmt: skip
    return {name: entry.data.get(name) for name in shown}


def _totals(till: Till, command: Command) -> Answer:
    """Nothing of the drawer or of each way of paying: the count that closes the shift is blind."""
    ledger = till.desk.ledger
    number = till.desk.own_shift()
    return {
        "shift": numbers.printed(number),
        "receipts": queries.receipt_count(ledger, number),
        "sold_minor": queries.income_since_minor(ledger, queries.opened_at(ledger, number), number),
        "waiting": len(till.checkout.waiting()),
    }


def _x(till: Till, command: Command) -> Answer:
    """One's own shift without what is expected; another's for who may approve."""
    typed = text_of(command, "shift", "")
    found = till.shifts.interim(str(numbers.parse(typed)) if typed else "")
    return {"shift": numbers.printed(found.shift), "staff": found.staff, **found.data}


def _figure(till: Till, command: Command) -> Answer:
    said = till.telephone.figure()
    names = ("till", "day", "kes_minor", "usd_minor", "papers", "seq")
    return {**{name: getattr(said.figure, name) for name in names}, "code": said.code}


KNOWN = {
    "open_shift": Known(
        _open_shift, "open one's own shift with a counted float",
        '{"do":"open_shift","id":"open-0001","float_kes":"2000","float_usd":"0"}',
    ),
    "totals": Known(_totals, "how far the shift at the window has come", '{"do":"totals"}'),
    "x": Known(
        _x, "an X report: how far an open shift has come; of another's also what it should hold",
        '{"do":"x","shift":"XNM2-Z000001-S"}',
    ),
    "figure": Known(
        _figure, "what was taken today, with a code, to be read out by telephone; a supervisor's",
        '{"do":"figure"}',
    ),
    "close_shift": Known(
        _close_shift, "close the shift with what was counted: notes, other ways of paying; with documents,"
        " the envelopes that lie in their place; to, who takes over what is left",
        '{"do":"close_shift","id":"close-0001","notes":[["KES",1000,2]],"counted":{"mpesa":"43940"},'
        '"note":"counted twice"}',
    ),
}  # fmt: skip
