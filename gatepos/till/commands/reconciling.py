"""Commands of reconciliation: what stands beside the statements that were read, and what a person decides."""

from datetime import date

from gatepos.domain import numbers, text
from gatepos.domain.claims import Match
from gatepos.domain.entry import Entry
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.till.commands.fields import Command, id_of, second_of, text_of
from gatepos.till.commands.known import Answer, Known, again, recorded
from gatepos.till.commands.repeating import repeated
from gatepos.till.till import Till


class NothingByThatCode(Refusal):
    """A code that no claim and no line of these days has."""

    says = N_("Nothing of these days has the code {code}.")


def _reconciliation(till: Till, command: Command) -> Answer:
    return {"matches": [_shown(match) for match in _matches(till, command)]}


def _decide_claim(till: Till, command: Command) -> Answer:
    code, decision, line = (
        text_of(command, "code"),
        text_of(command, "decision"),
        text_of(command, "line", ""),
    )
    before = repeated(till, command, "claim.decided", code=code, decision=decision, line=line or None)
    if before is not None:
        return again(till, before)
    match = next((one for one in _matches(till, command) if one.code == code), None)
    if match is None:
        raise NothingByThatCode(code=code[:20])
    reason, second = text_of(command, "reason"), second_of(command)
    return recorded(till.reconciliation.decide(match, decision, reason, line or None, second, id_of(command)))


def _statements(till: Till, command: Command) -> Answer:
    till.desk.allowed("look")
    return {"statements": [_import(entry) for entry in till.reconciliation.imports()]}


def _withdraw_statement(till: Till, command: Command) -> Answer:
    of, room = text_of(command, "statement"), till.reconciliation
    before = repeated(till, command, "statement.imported", withdraws=of)
    if before is not None:
        return again(till, before)
    done = room.withdraw(of, text_of(command, "reason"), second_of(command), id_of(command))
    room.confirm(room.around_import(of).matches())
    return recorded(done)


def _import(entry: Entry) -> Answer:
    named = ("paybill", "from_at", "to_at", "lines", "paid_minor", "back_minor", "file")
    told = {name: entry.data[name] for name in named}
    return {"statement": entry.id, "tender": entry.data["statement"], **told, "by": entry.by, "at": entry.at}


def _matches(till: Till, command: Command) -> list[Match]:
    return till.reconciliation.asked(_day(command, "first"), _day(command, "last")).matches()


def _day(command: Command, field: str) -> date:
    return text.day(text_of(command, field))


def _shown(match: Match) -> Answer:
    receipts = sorted({part.receipt for claim in match.claims for part in claim.parts})
    return {
        "code": match.code,
        "tender": match.kind,
        "paybill": match.place,
        "state": match.state,
        "is_open": match.is_open,
        "receipts": [numbers.printed(receipt) for receipt in receipts],
        "lines": [line.code for line in match.lines],
        "taken_minor": match.used_minor,
        "paid_minor": match.paid_minor,
        "difference_minor": match.difference_minor,
        "age_days": match.age_days,
        "decision": match.decision.decision if match.decision else None,
        "suggested": [one.line.code for one in match.suggestions],
    }


KNOWN = {
    "reconciliation": Known(
        _reconciliation, "how claims and statements stand beside each other, what is open first",
        '{"do":"reconciliation","first":"2026-01-02","last":"2026-01-02"}',
    ),
    "statements": Known(
        _statements, "the statements that were read here and count, the last first",
        '{"do":"statements"}',
    ),
    "withdraw_statement": Known(
        _withdraw_statement, "a statement that was read counts no more, by two people",
        '{"do":"withdraw_statement","id":"rec-0002","statement":"0193f0a4-6c1b-7000-8000-000000000001",'
        '"reason":"forged","second":{"staff":"08","pin":"…"}}',
    ),
    "decide_claim": Known(
        _decide_claim, "say what a claim is, or a payment that nobody took: is_line, not_ours, refund_due,"
        " written_off, explained, reopened",
        '{"do":"decide_claim","id":"rec-0001","first":"2026-01-02","last":"2026-01-02","code":"UA26X1Y2ZQ",'
        '"decision":"is_line","line":"UA26X1Y2Z0","reason":"mistyped"}',
    ),
}  # fmt: skip
