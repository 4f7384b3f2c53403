"""What is to be looked at of some days: shifts over or short, conflicts, unknown codes, how people worked."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import cast

from gatepos.domain import claims as states
from gatepos.domain import labels, matching, money
from gatepos.domain.entry import Entry
from gatepos.domain.statements import KINDS
from gatepos.i18n import N_
from gatepos.ledger import conflicts as contradicted
from gatepos.ledger import reconciliation, registers
from gatepos.ledger.reconciliation import Kept
from gatepos.ledger.registers import Code
from gatepos.reports import practice
from gatepos.reports.acts import Place
from gatepos.reports.practice import Counted, ToLook
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Note
from gatepos.reports.takings import sliced

_OVER_SHORT = N_("Over or short by more than KES {limit}: {amounts}")
_CONFLICT = N_("{what}: two tills cannot both be right")
_ELSEWHERE = N_("Codes unknown to the statement, taken at other tills")
_SHOWN_MAX = 3
_AT_ONCE = timedelta(days=31)


def of(scope: Scope, note_over_minor: int) -> tuple[ToLook, ...]:
    """All of a scope."""
    unknown = unknown_codes(scope)
    return among(scope, note_over_minor, unknown, practice.counted(scope, unknown))


def among(
    scope: Scope, note_over_minor: int, unknown: Collection[Place], counted: Sequence[Counted]
) -> tuple[ToLook, ...]:
    """The same, where the codes that are unknown and what people did were asked for before."""
    own = {*scope.span.tills[:1]} if scope.is_own else {*scope.span.tills}
    others = tuple(place for place in unknown if place[0] not in own)
    return (
        *over_short(scope, note_over_minor),
        *conflicts(scope),
        *([ToLook("unknown_elsewhere", len(others), Note(_ELSEWHERE), others)] if others else []),
        *practice.to_look_at(counted),
    )


def over_short(scope: Scope, note_over_minor: int) -> tuple[ToLook, ...]:
    """The shifts that were over or short by more than an amount, in one line."""
    found: list[Place] = []
    amounts: list[str] = []
    for entry in _closed(scope):
        here = [one for one in _differences(entry) if abs(cast(int, one["amount_minor"])) > note_over_minor]
        if here:
            found.append((entry.till, entry.seq))
            amounts += [_shown(scope, one) for one in here]
    limit = money.amount(note_over_minor)
    more = [*amounts[:_SHOWN_MAX], *(["…"] if len(amounts) > _SHOWN_MAX else [])]
    note = Note(_OVER_SHORT, {"limit": limit, "amounts": ", ".join(more)})
    return (ToLook("over_short", len(found), note, tuple(found)),) if found else ()


def conflicts(scope: Scope) -> tuple[ToLook, ...]:
    """What tills said and cannot both be right, a line for each kind, each pair of facts once."""
    opens: dict[str, list[Place]] = defaultdict(list)
    pairs: set[tuple[str, Place, Place]] = set()
    for till in scope.span.tills:
        said = contradicted.said_since(scope.rows, till, scope.span.first)
        days = {entry.seq: entry.day for entry in scope.source.entries(till, [one.by[1] for one in said])}
        for one in said:
            is_new = (one.what, one.first, one.second) not in pairs
            if is_new and scope.span.first <= days.get(one.by[1], "") <= scope.span.last:
                pairs.add((one.what, one.first, one.second))
                opens[one.what] += [one.first, one.second, one.by]
    return tuple(
        ToLook(what, len(places) // 3, Note(_CONFLICT, {"what": Note(labels.CONFLICTS[what])}), tuple(places))
        for what, places in opens.items()
    )


def unknown_codes(scope: Scope) -> tuple[Place, ...]:
    """The entries whose codes a statement that covers them does not know, and of which nobody decided.

    What a statement has under the very code is left aside first: the rest alone is matched.
    """
    return tuple(dict.fromkeys(place for kept in scope.source.kept for place in _unknown(scope, kept)))


def _unknown(scope: Scope, kept: Kept) -> Iterator[Place]:
    covered = reconciliation.covered(kept)
    codes = [code for code in _codes(scope, {kind for kind, _ in covered}) if code.kes_minor]
    left = reconciliation.unpaid(kept, (code.reference for code in codes))
    by_receipt: dict[tuple[str, str], Place] = {
        (code.receipt, code.reference): (code.till, code.seq) for code in codes if code.reference in left
    }
    days = sorted({code.day for code in codes if code.reference in left})
    for first, last in _spans(days):
        asked = reconciliation.found(kept, first, last)
        for match in matching.reconcile(asked.claims, asked.lines, asked.decisions, covered, scope.at):
            if match.judged == states.UNKNOWN and match.is_open:
                receipts = ((part.receipt, claim.code) for claim in match.claims for part in claim.parts)
                yield from (by_receipt[key] for key in receipts if key in by_receipt)


def _closed(scope: Scope) -> Iterator[Entry]:
    for part in sliced(scope.span):
        acts = registers.acts(scope.rows, part, "shift.closed")
        yield from scope.of(acts).values()


def _differences(closed: Entry) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", closed.data["difference"])


def _shown(scope: Scope, one: dict[str, object]) -> str:
    amount = money.shown(str(one["currency"]), cast(int, one["amount_minor"]))
    return f"{scope.tender(str(one['tender']))} {amount}"


def _codes(scope: Scope, kinds: set[str]) -> Iterator[Code]:
    for part in sliced(scope.span):
        for kind in KINDS:
            if kind in kinds:
                yield from registers.codes(scope.rows, part, kind)


def _spans(days: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Days in ranges that are compared at once."""
    first = last = ""
    for day in days:
        if first and date.fromisoformat(day) - date.fromisoformat(first) >= _AT_ONCE:
            yield first, last
            first = ""
        first, last = first or day, day
    if first:
        yield first, last
