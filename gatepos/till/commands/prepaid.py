"""Commands of tickets paid elsewhere: one becomes a receipt, a list of them is loaded."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from gatepos.domain import gatepass, payment, ticket_codes
from gatepos.domain.entry import Entry
from gatepos.errors import Refusal
from gatepos.ledger.ledger import Recorded
from gatepos.ledger.troubles import SameIdOtherContent
from gatepos.till import views
from gatepos.till.commands import asking, fields
from gatepos.till.commands.fields import Command, id_of, second_of, text_of
from gatepos.till.commands.known import Answer, Known, again, recorded
from gatepos.till.commands.lane import turn
from gatepos.till.commands.repeating import repeated
from gatepos.till.gate import NothingScanned
from gatepos.till.till import Till


def _prepaid(till: Till, command: Command) -> Answer:
    before = repeated(till, command, "receipt.issued")
    if before is not None:
        _check_same(command, before)
        return again(till, before)
    turn(till, {**command, "direction": gatepass.IN})
    till.gate.leave()
    view = _looked(till, command)
    if view.ticket is None or till.lane.work.ticket is None:
        raise _why_not(till, view)
    try:
        return {**_record(till, command), "verdict": view.word}
    except Refusal:
        till.lane.work.tenders.clear()
        till.gate.leave()
        raise


def _looked(till: Till, command: Command) -> views.ScanView:
    if "reference" in command:
        return till.gate.ticket(text_of(command, "reference"))
    return till.gate.scan(text_of(command, "text"))


def _why_not(till: Till, view: views.ScanView) -> Refusal:
    """Why a text opens no bill: a ticket that was used, a code without a reference, or something else."""
    if view.ticket is not None:
        return till.settlements.used(view.ticket.reference)
    return ticket_codes.NoReference() if view.what else NothingScanned()


def _record(till: Till, command: Command) -> Answer:
    till.filling.take(asking.bill(command, till.lane.work.bill))
    till.lane.work.is_confirmed = fields.flag(command, "confirm")
    if "covers" in command or "vehicle_covered" in command:
        has_vehicle = fields.flag(command, "vehicle_covered")
        till.prepaid.cover(has_vehicle=has_vehicle, stated=text_of(command, "covers", ""))
    till.lane.work.pay_id = id_of(command)
    till.filling.check()
    till.prepaid.present()
    _, warnings = till.settlements.at_once(asking.tenders(command), second_of(command))
    till.prepaid.finish()
    done = recorded(cast(Recorded, till.lane.last))
    return {**done, "warnings": [warning.name for warning in warnings]}


def _check_same(command: Command, before: Entry) -> None:
    """SameIdOtherContent unless the receipt was paid by the ticket that the command names."""
    asked = text_of(command, "reference", "")
    named = payment.ticket(asked) if asked else ticket_codes.reference(text_of(command, "text"))
    rows = cast("list[Mapping[str, object]]", before.data["tenders"])
    paid = {payment.folded(str(row["reference"])) for row in rows if row["kind"] == "ecitizen"}
    if payment.folded(named) not in paid:
        raise SameIdOtherContent()


def _load_tickets(till: Till, command: Command) -> Answer:
    before = repeated(till, command, "feed.applied")
    if before is not None:
        return again(till, before)
    found = till.ticket_lists.reader()(Path(text_of(command, "path")))
    done = till.ticket_lists.load(found, second_of(command), id_of(command))
    return {**recorded(done), "tickets": len(found)}


KNOWN = {
    "prepaid": Known(
        _prepaid, "record an entry that a ticket paid elsewhere: text (its code) or reference (typed), with"
        " who else comes and pay for what it does not cover; where no list has it, lines and band say who it"
        " is for, vehicle_covered and covers (KES) what it paid",
        '{"do":"prepaid","id":"tick-0001","text":"https://kwspay.ecitizen.go.ke/ticket/WQBGPWRR",'
        '"lines":[["park_entry","ea_citizen","adult",4]],"band":2,"plate":"KDA 412M","vehicle_covered":true}',
    ),
    "load_tickets": Known(
        _load_tickets, "load a list of prepaid tickets (CSV); needs a second person unless a manager does it",
        '{"do":"load_tickets","id":"list-0001","path":"/media/stick/tickets.csv"}',
    ),
}  # fmt: skip
