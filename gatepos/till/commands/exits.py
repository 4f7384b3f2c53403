"""The command of whoever leaves with no paper to show."""

from typing import cast

from gatepos.domain import text
from gatepos.domain.entry import Entry
from gatepos.errors import Said
from gatepos.ledger.troubles import Unknown
from gatepos.till.commands import asking, fields
from gatepos.till.commands.fields import Command, id_of, second_of, text_of
from gatepos.till.commands.known import Answer, Known, again, recorded, standing
from gatepos.till.commands.lane import tapped, turn
from gatepos.till.commands.repeating import check, check_left, check_sold, repeated
from gatepos.till.leaving import exit_id
from gatepos.till.till import Till


def _exit_without_pass(till: Till, command: Command) -> Answer:
    if fields.flag(command, "let_out"):
        return _let_out(till, command)
    before = repeated(till, command, "receipt.issued")
    if before is not None:
        check_sold(till, command, before, till.lane.fresh().bill)
        return {**again(till, before), **_gone(_finished(till, command, before))}
    turn(till, command)
    try:
        with tapped(till, command):
            till.sight.charge(*_story(command))
            till.lane.work.pay_id = id_of(command)
            _, warnings = till.settlements.at_once(asking.tenders(command), second_of(command))
    except Said as said:
        # The receipt may stand without its exit: the same id writes what is missing.
        if till.desk.ledger.by_id(id_of(command)) is not None:
            raise Unknown() from said
        raise
    receipt = cast(Entry, till.desk.ledger.by_id(id_of(command)))
    gone = _gone(cast(Entry, till.desk.ledger.by_id(exit_id(receipt.id))))
    return {**standing(till, receipt), **gone, "warnings": [warning.name for warning in warnings]}


def _let_out(till: Till, command: Command) -> Answer:
    story, entry_gate = _story(command)
    content = {"story": text.free(story), "entry_gate": entry_gate or None, "receipt": None}
    before = repeated(till, command, "exit.without_pass", **content)
    if before is not None:
        check_left(till, command, before)
        return {**again(till, before), **_gone(before)}
    turn(till, command)
    with tapped(till, command):
        done = till.sight.let_out(story, entry_gate, second_of(command), id_of(command))
    return {**recorded(done), **_gone(done.entry)}


def _finished(till: Till, command: Command, receipt: Entry) -> Entry:
    """The exit of a receipt that stands: as it was written, or written now where it was not."""
    story, entry_gate = _story(command)
    gone = till.desk.ledger.by_id(exit_id(receipt.id))
    if gone is None:
        return till.sight.finish(receipt, story, entry_gate).entry
    check(lambda: (gone.data["story"], gone.data["entry_gate"]) == (text.free(story), entry_gate or None))
    return gone


def _story(command: Command) -> tuple[str, str]:
    return text_of(command, "story"), text_of(command, "entry_gate", "").strip().upper()


def _gone(entry: Entry) -> Answer:
    return {name: entry.data[name] for name in ("people", "owed_minor", "entry_gate", "story")}


KNOWN = {
    "exit_without_pass": Known(
        _exit_without_pass, "let out who has no paper to show: charged for what is seen, or on their story"
        " with let_out",
        '{"do":"exit_without_pass","id":"gone-0001","story":"lost it at the picnic site",'
        '"entry_gate":"EAST","lines":[["park_entry","ea_citizen","adult",2]],"band":1,"plate":"KDA 412M",'
        '"direction":"out","pay":[{"kind":"mpesa","code":"UA26X1Y2ZS"}]}',
    ),
}  # fmt: skip
