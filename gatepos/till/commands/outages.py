"""Commands of an outage: opened under an authority, countersigned, closed with its statement."""

from gatepos.domain import money, text
from gatepos.till.commands import fields
from gatepos.till.commands.fields import Command, id_of, second_of, text_of
from gatepos.till.commands.known import Answer, Known, again, recorded
from gatepos.till.commands.repeating import repeated
from gatepos.till.till import Till

_TERMS = ("cause", "since", "paybill", "authority", "cash_max_minor", "is_standing")


def _open_outage(till: Till, command: Command) -> Answer:
    cause, authority = text_of(command, "cause"), text_of(command, "authority", "")
    paybill, cash_max = text_of(command, "paybill", ""), text_of(command, "cash_max", "")
    asked: dict[str, object] = {"cause": cause}
    if authority:
        asked["authority"] = text.free(authority)
    if paybill:
        asked["paybill"] = paybill.strip()
    if cash_max:
        asked["cash_max_minor"] = money.parse(cash_max)
    before = repeated(till, command, "outage.opened", **asked)
    if before is not None:
        return {**again(till, before), **{name: before.data[name] for name in _TERMS}}
    done = till.outages.open(
        cause,
        authority,
        paybill,
        cash_max or "0",
        fields.whole(command, "down_min", 0),
        fields.by_name(command, "limits", int),
        second_of(command),
        id_of(command),
    )
    return {**recorded(done), **{name: done.entry.data[name] for name in _TERMS}}


def _countersign_outage(till: Till, command: Command) -> Answer:
    return recorded(till.outages.countersign(text_of(command, "note", ""), second_of(command)))


def _close_outage(till: Till, command: Command) -> Answer:
    before = repeated(till, command, "outage.closed")
    if before is not None:
        return {**again(till, before), "statement": dict(before.data)}
    done = till.outages.close(second_of(command), id_of(command))
    return {**recorded(done), "statement": dict(done.entry.data)}


KNOWN = {
    "open_outage": Known(
        _open_outage, "open an outage: a supervisor, or a clerk under the standing order",
        '{"do":"open_outage","id":"out-0001","cause":"platform","authority":"KWS/OPS/2026/1",'
        '"paybill":"600000","cash_max":"5000","second":{"staff":"01","pin":"482913"}}',
    ),
    "countersign_outage": Known(
        _countersign_outage, "agree, as a supervisor, to an outage that a clerk opened alone",
        '{"do":"countersign_outage","note":"seen","second":{"staff":"01","pin":"482913"}}',
    ),
    "close_outage": Known(
        _close_outage, "close the outage with its statement",
        '{"do":"close_outage","id":"out-0002","second":{"staff":"01","pin":"482913"}}',
    ),
}  # fmt: skip
