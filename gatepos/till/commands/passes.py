"""Commands of passes: issued, listed, changed only by appending."""

from collections.abc import Sequence
from typing import cast

from gatepos.domain import money, numbers, receipt, text
from gatepos.domain.entry import Entry
from gatepos.domain.vocabulary import GROUND, UNDERTAKING
from gatepos.till import views
from gatepos.till.commands import fields
from gatepos.till.commands.fields import Command, id_of, second_of, text_of
from gatepos.till.commands.known import Answer, Known, again, recorded
from gatepos.till.commands.lane import collecting, turn
from gatepos.till.commands.repeating import check, check_group, repeated
from gatepos.till.commands.window import fill_group, group, last, of_group, told, whole
from gatepos.till.till import Till


def _issue_pass(till: Till, command: Command) -> Answer:
    exits = fields.texts(command, "exits")
    before = repeated(till, command, "pass.issued")
    if before is not None:
        entries = group(till, command)
        check_group(till, command, entries)
        check(lambda: sorted(set(exits)) == before.data["exits"])
        return {**again(till, entries[-1]), **_issued(till, entries[-1]), **_of_passes(till, entries)}
    with whole(till):
        fill_group(till, command)
        till.passes.leave_by(exits)
        till.passes.driver(text_of(command, "driver", ""))
        with told(till, command):
            till.passes.issue(second_of(command))
    return {**last(till), **_last_issued(till), **_of_passes(till, group(till, command))}


def _reissue(till: Till, command: Command) -> Answer:
    number, reason = _number(command), text_of(command, "reason")
    before = repeated(till, command, "pass.reissued", replaces=number, reason=text.free(reason))
    if before is not None:
        return {**again(till, before), **_issued(till, before)}
    till.passes.reissue(number, reason, second_of(command), id_of(command))
    return {**last(till), **_last_issued(till)}


def _revoke(till: Till, command: Command) -> Answer:
    number, reason = _number(command), text_of(command, "reason")
    content = {"pass": number, "reason": text.free(reason)}
    before = repeated(till, command, "pass.revoked", **content)
    if before is not None:
        return {**again(till, before), **_owed(till, number)}
    done = till.passes.revoke(number, reason, second_of(command), id_of(command))
    return {**recorded(done), **_owed(till, number)}


def _waive(till: Till, command: Command) -> Answer:
    number, ground = _number(command), text_of(command, "ground")
    amount = text_of(command, "amount", "")
    content: dict[str, object] = {"pass": number, "ground": text.free(ground)}
    if amount:
        content["amount_minor"] = money.parse(amount)
    before = repeated(till, command, "pass.waived", **content)
    if before is not None:
        return {**again(till, before), "waived_minor": before.data["amount_minor"], **_owed(till, number)}
    done = till.passes.waive(number, amount, ground, second_of(command), id_of(command))
    return {**recorded(done), "waived_minor": done.entry.data["amount_minor"], **_owed(till, number)}


def _let_out(till: Till, command: Command) -> Answer:
    number, reason = _number(command), text_of(command, "reason")
    how = text_of(command, "how", UNDERTAKING)
    if how not in (UNDERTAKING, GROUND):
        raise fields.bad(command, "how")
    content = {"pass": number, "reason": text.free(reason), "how": how}
    before = repeated(till, command, "pass.let_out", **content)
    if before is not None:
        return {**again(till, before), "owed_minor": before.data["owed_minor"]}
    turn(till, command)
    operator, second = text_of(command, "operator", ""), second_of(command)
    with collecting(till, command, [number]):
        done = till.passes.let_out(till.gate.owed(), reason, second, operator, how, id_of(command))
    return {**recorded(done), "owed_minor": done.entry.data["owed_minor"]}


def _passes(till: Till, command: Command) -> Answer:
    return {"passes": [_row(row) for row in till.pass_lists.find(text_of(command, "find", ""))]}


def _number(command: Command) -> str:
    return str(numbers.parse(text_of(command, "pass")))


def _last_issued(till: Till) -> Answer:
    done = till.window.last
    return _issued(till, done.entry) if done is not None else {}


def _issued(till: Till, entry: Entry) -> Answer:
    return {
        **_owed(till, cast(str, entry.number)),
        "valid_until": entry.data["valid_until"],
        "paybill": entry.data["paybill"],
        "passed": entry.data["passed"],
        "qr": receipt.qr_text(entry),
    }


def _of_passes(till: Till, entries: Sequence[Entry]) -> Answer:
    """The pass of each vehicle of a group with its code, and what is owed on them all."""
    if len(entries) < 2:
        return {}
    found = of_group(entries)
    owed = [till.desk.ledger.receivables.owed(cast(str, entry.number)) for entry in entries]
    vehicles = [
        {**vehicle, "owed_minor": minor, "qr": receipt.qr_text(entry)}
        for vehicle, minor, entry in zip(cast("list[Answer]", found["vehicles"]), owed, entries, strict=True)
    ]
    return {**found, "vehicles": vehicles, "owed_minor": sum(owed)}


def _owed(till: Till, number: str) -> Answer:
    return {"owed_minor": till.desk.ledger.receivables.owed(number)}


def _row(row: views.PassRow) -> Answer:
    return {
        "number": row.number,
        "plate": row.plate,
        "operator": row.operator,
        "people": row.people,
        "inside": row.inside,
        "total_minor": row.total_minor,
        "owed_minor": row.owed_minor,
        "state": row.state,
    }


KNOWN = {
    "issue_pass": Known(
        _issue_pass, "let a vehicle in on a pass, to pay on exit; the bill as in sell",
        '{"do":"issue_pass","id":"pass-0001","lines":[["park_entry","non_resident","adult",3]],"band":2,'
        '"plate":"KDA 412M","free":{"tra_crew":1},"exits":["EAST"],"driver":"0712 345 678"}',
    ),
    "passes": Known(
        _passes, "open passes, oldest first; or those of a number, a plate, an operator",
        '{"do":"passes","find":"KDA 412M"}',
    ),
    "reissue": Known(
        _reissue, "print a pass anew under a new number; the old paper dies",
        '{"do":"reissue","id":"again-001","pass":"XNM2-P000001-N","reason":"paper is wet",'
        '"second":{"staff":"01","pin":"482913"}}',
    ),
    "revoke": Known(
        _revoke, "make a pass count no longer; its debt stays if they went in with it",
        '{"do":"revoke","id":"revoke-01","pass":"XNM2-P000001-N","reason":"wrong vehicle",'
        '"second":{"staff":"01","pin":"482913"}}',
    ),
    "waive": Known(
        _waive, "let go what is owed on a pass, or a part of it, under a law or an order",
        '{"do":"waive","id":"waive-001","pass":"XNM2-P000001-N","amount":"1000","ground":"court order 12",'
        '"second":{"staff":"01","pin":"482913"}}',
    ),
    "let_out": Known(
        _let_out, "let them leave owing, on an undertaking or on a ground; also with sight, as in settle",
        '{"do":"let_out","id":"letout-01","pass":"XNM2-P000001-N","reason":"phone is dead",'
        '"operator":"Savanna Trails","direction":"out"}',
    ),
}  # fmt: skip
