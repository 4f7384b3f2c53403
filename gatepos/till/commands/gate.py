"""Commands of a lane: a paper is looked at, and what is owed on passes is collected."""

from collections.abc import Sequence
from typing import cast

from gatepos.domain import numbers
from gatepos.domain.entry import Entry
from gatepos.errors import Said
from gatepos.ledger.troubles import Unknown
from gatepos.till import views
from gatepos.till.commands import asking, fields
from gatepos.till.commands.fields import Command, id_of, second_of, text_of
from gatepos.till.commands.known import Answer, Known, again, recorded, standing
from gatepos.till.commands.lane import collecting, turn
from gatepos.till.commands.repeating import check_seen, check_settled, repeated
from gatepos.till.commands.window import parts
from gatepos.till.till import Till


def _scan(till: Till, command: Command) -> Answer:
    turn(till, command)
    if "number" in command:
        view = till.gate.number(text_of(command, "number"))
    else:
        view = till.gate.scan(text_of(command, "text"))
    if "plate" in command and view.asks_plate:
        view = till.gate.plate(text_of(command, "plate"))
    if fields.flag(command, "accept"):
        view = till.gate.accept()
    if fields.flag(command, "follow"):
        view = till.gate.follow()
    if "readmit" in command:
        view = till.gate.readmit(text_of(command, "readmit"), second_of(command))
    if "waive_overstay" in command:
        view = till.gate.waive_overstay(text_of(command, "waive_overstay"), second_of(command))
    if "only" in command:
        view = till.gate.only(fields.whole(command, "only"))
    if "coming_back" in command:
        view = till.gate.coming_back(text_of(command, "coming_back"))
    return _said(till, view)


def _count_heads(till: Till, command: Command) -> Answer:
    if "why" in command:
        return recorded(till.heads.skip(text_of(command, "why")))
    return recorded(till.heads.count([(*row,) for row in fields.rows(command, "people", str, str, int)]))


def _settle(till: Till, command: Command) -> Answer:
    wanted = list(dict.fromkeys(str(numbers.parse(one)) for one in fields.texts(command, "passes")))
    if not wanted:
        raise fields.bad(command, "passes")
    is_part = fields.flag(command, "in_part")
    before = repeated(till, command, "pass.settled")
    if before is not None:
        receipts = parts(till, command, len(wanted))
        check_settled(till, command, receipts, wanted)
        check_seen(till, command, receipts[0])
        return {**again(till, before), **_settled(till, receipts)}
    turn(till, command)
    try:
        with collecting(till, command, wanted):
            till.lane.work.pay_id = id_of(command)
            _, warnings = till.settlements.at_once(
                asking.tenders(command), second_of(command), in_part=is_part
            )
    except Said as said:
        # Of several receipts the first may stand: the same id asks which.
        if till.desk.ledger.by_id(id_of(command)) is not None:
            raise Unknown() from said
        raise
    receipts = parts(till, command, len(wanted))
    answer = {**standing(till, receipts[-1]), **_settled(till, receipts)}
    return {**answer, "warnings": [warning.name for warning in warnings]}


def _settled(till: Till, receipts: Sequence[Entry]) -> Answer:
    owed = till.desk.ledger.receivables.owed
    return {
        "receipts": [
            {
                "number": numbers.printed(cast(str, entry.number)),
                "pass": numbers.printed(cast(str, entry.data["pass"])),
                "paid_minor": entry.data["total_minor"],
                "due_minor": entry.data["due_minor"],
                "owed_minor": owed(cast(str, entry.data["pass"])),
            }
            for entry in receipts
        ]
    }


def _said(till: Till, view: views.ScanView) -> Answer:
    ledger = till.desk.ledger
    is_whole = ledger.tapes.is_whole(ledger.head[0])
    return {
        "recorded": view.is_recorded and (is_whole or "one copy"),
        "verdict": view.word,
        "tone": view.tone,
        "direction": view.direction,
        "what": view.what,
        "number": view.number,
        "plate": view.plate,
        "seen": [
            {"code": one.code, "left_minor": one.left_minor, "may_take": one.may_take}
            for one in (view.pay.seen if view.pay else ())
        ],
        "people": [list(group) for group in view.people],
        "issuer": view.issuer,
        "owed_minor": view.owed_minor or till.gate.owed_elsewhere(),
        "overstay_minor": view.overstay_minor,
        "passing": view.passing,
        "counts_heads": bool(till.heads.plate),
        "paybill": view.paybill,
        "asks_plate": view.asks_plate,
        "may_accept": view.may_accept,
        "may_readmit": view.may_readmit,
        "ticket": _ticket(view.ticket),
        "may_follow": view.may_follow,
        "coming_back": list(view.back_grounds),
        "story": [
            {"what": told.what, "at_ms": told.at_ms, "place": told.place, "people": told.people}
            for told in view.story
        ],
    }


def _ticket(ticket: views.TicketView | None) -> Answer | None:
    """A ticket paid elsewhere: what it covers of the bill that it opened, and where they go on to."""
    if ticket is None:
        return None
    return {
        "reference": ticket.reference,
        "listed_ms": ticket.listed_ms,
        "used_ms": ticket.used_ms,
        "total_minor": ticket.total_minor,
        "covered_minor": ticket.covered_minor,
        "lane": ticket.lane,
    }


KNOWN = {
    "scan": Known(
        _scan, "look at a paper's code, or at a number typed with the plate's last three; also with accept,"
        " follow (the pass priced anew), only (how many went through), readmit or waive_overstay (a ground),"
        " coming_back (camping, lodge, medical or other_gate: they went out and come back)",
        '{"do":"scan","number":"XNM2-P000001-N","plate":"12M","direction":"out"}',
    ),
    "count_heads": Known(
        _count_heads, "say who is in the vehicle at the lane, where scan says counts_heads: people, or"
        " why not",
        '{"do":"count_heads","people":[["non_resident","adult",3],["exempt","child",1]]}',
    ),
    "settle": Known(
        _settle, "collect what is owed on passes, in full or in part; or on one that nobody can read, by what"
        " is seen: sight, with why (unreadable, lost, unknown_till), people and vehicle",
        '{"do":"settle","id":"settle-01","passes":["XNM2-P000001-N"],"direction":"out","in_part":true,'
        '"pay":[{"kind":"mpesa","code":"UA26X1Y2ZQ","amount":"30000"}]}',
    ),
}  # fmt: skip
