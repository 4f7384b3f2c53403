"""How claims and the lines of statements stand: each claim and each line in exactly one state. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from gatepos.domain import claims as states
from gatepos.domain import moments
from gatepos.domain.claims import Claim, Decision, Match, Suggestion
from gatepos.domain.grouping import Group, grouped
from gatepos.domain.payment import folded
from gatepos.domain.statements import CARD, MPESA, Line

ALIKE, SLIP, ACCOUNT, PLATE = "alike", "slip", "account", "plate"
"""Why a line is suggested: O for 0 or I for 1, another character, the same account, the plate as account."""
_WHYS = (ALIKE, SLIP, ACCOUNT, PLATE)
SUGGESTED_MAX = 3
_BEFORE_MS = 60 * moments.MINUTE_MS
"""Who pays does so within the hour before the receipt: a statement must have begun so long before."""
_DECIDED = {
    (states.OVER, states.REFUND_DUE): states.REFUND_DUE,
    (states.UNMATCHED, states.NOT_OURS): states.NOT_OURS,
}
"""What a decision makes of a state; the others leave it, and are shown beside it."""
_IF_ALONE = (states.CONFIRMED, states.SHORT, states.OVER, states.REFUND_DUE, states.UNMATCHED)
"""What is true of a payment only where no other park used it."""
Span = tuple[str, str]
Last = dict[tuple[object, ...], Decision]
Covered = Mapping[tuple[str, str], Sequence[Span]]
"""From when to when whole statements were read, by kind and place."""


def reconcile(
    claims: Iterable[Claim],
    lines: Iterable[Line],
    decisions: Iterable[Decision],
    covered: Covered,
    as_of: str,
    elsewhere: Iterable[Claim] = (),
) -> list[Match]:
    """Every claim and every line, each in exactly one match; what is open first, then as it was heard.

    `elsewhere` are claims of other parks: of how much they took no more shows than whether it is all.
    """
    links, ends = latest(decisions)
    used: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in elsewhere:
        used[claim.kind, claim.code].append(claim)
    judge = _Judge(ends, {key: joined(spans) for key, spans in covered.items()}, as_of, used)
    matches = [judge.match(group) for group in grouped(claims, lines, links.values())]
    index = _Index(matches)
    found = [index.suggesting(match) for match in matches]
    return sorted(found, key=lambda match: (not match.is_open, match.at, match.kind, match.code))


def joined(spans: Iterable[Span]) -> list[Span]:
    """Spans that overlap, or follow each other within a second, as one."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and moments.from_text(first) <= moments.from_text(found[-1][1]) + 1_000:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def latest(decisions: Iterable[Decision]) -> tuple[Last, Last]:
    """What holds about each subject, by kind, subject and code: which line it is, and what else was said.

    What was reopened has neither.
    """
    links: Last = {}
    ends: Last = {}
    for one in sorted(decisions, key=_order):
        subject, end = (one.kind, one.subject, one.code), _end(one, one.code, one.state)
        if one.decision == states.REOPENED:
            links.pop(subject, None)
            ends.pop(end, None)
        elif one.decision == states.IS_LINE:
            links[subject] = one
        else:
            ends[end] = one
    return links, ends


def _end(one: Decision | Match, code: str, state: str) -> tuple[object, ...]:
    """What is decided about; an approval code comes again, so how it stands tells one from another."""
    subject = (one.kind, one.subject, code)
    return (*subject, state, one.difference_minor) if one.kind == CARD else subject


def _order(one: Decision) -> tuple[tuple[str, int, int], str, str, str, str]:
    return (one.order, one.code, one.decision, one.line, one.by)


@dataclass(frozen=True, slots=True)
class _Judge:
    """How each group stands, by the decisions, by what was read, and by the clock."""

    ends: Last
    covered: Covered
    as_of: str
    elsewhere: Mapping[tuple[str, str], Sequence[Claim]]

    def match(self, group: Group) -> Match:
        """The group with its state, and with the decision that holds."""
        others = self._others(group)
        judged = _beside(self._judged(group), group, others)
        how = group.how if group.claims else ""
        made = Match(group.claims, group.lines, judged, judged, how, elsewhere=others)
        decision = self._decision(made)
        if decision is not None:
            state = _DECIDED.get((judged, decision.decision), judged)
            made = replace(made, decision=decision, state=state)
        if judged != states.WAITING:
            return made
        waited_ms = moments.from_text(self.as_of) - moments.from_text(made.at)
        return replace(made, age_days=max(waited_ms, 0) // moments.DAY_MS)

    def _judged(self, group: Group) -> str:
        if not group.claims:
            return states.UNMATCHED
        if not group.lines:
            is_covered = all(map(self._is_covered, group.claims))
            return states.UNKNOWN if is_covered else states.WAITING
        uses = {part.use or part.receipt for claim in group.claims for part in claim.parts if part.is_live}
        if any(line.amount_minor is None for line in group.lines):
            return states.REUSED if len(uses) > 1 else states.CONFIRMED
        return _compared(group, len(uses))

    def _others(self, group: Group) -> tuple[Claim, ...]:
        keys = {(claim.kind, claim.code) for claim in group.claims}
        keys |= {(line.kind, line.pays) for line in group.lines}
        return tuple(one for key in sorted(keys) for one in self.elsewhere.get(key, ()))

    def _is_covered(self, claim: Claim) -> bool:
        at_ms = moments.from_text(claim.at)
        return any(
            moments.from_text(first) <= at_ms - _BEFORE_MS and claim.at <= last
            for first, last in self.covered.get((claim.kind, claim.place), ())
        )

    def _decision(self, made: Match) -> Decision | None:
        """The last of what was decided about it, while it stands as it stood then."""
        codes = {claim.code for claim in made.claims} or {line.pays for line in made.lines}
        found = [self.ends.get(_end(made, code, made.judged)) for code in codes]
        last = max((one for one in found if one is not None), key=_order, default=None)
        if last is None or (made.kind == CARD and last.at < made.at):
            return None
        is_same = (last.state, last.difference_minor) == (made.judged, made.difference_minor)
        return last if is_same else None


def _beside(judged: str, group: Group, others: Sequence[Claim]) -> str:
    """How it stands where other parks used the same codes; of what they took only whether it is all."""
    there = sum(claim.used_minor for claim in others)
    if not there or judged not in _IF_ALONE:
        return judged
    if any(claim.used_minor for claim in group.claims):
        return states.REUSED
    is_covered = there >= sum(line.amount_minor or 0 for line in group.lines)
    return states.OTHER_PARK if is_covered else judged


def _compared(group: Group, uses: int) -> str:
    """How what was taken stands beside what was paid."""
    paid = sum(line.amount_minor or 0 for line in group.lines)
    used = sum(claim.used_minor for claim in group.claims)
    if paid <= 0 and any((line.amount_minor or 0) < 0 for line in group.lines):
        return states.REVERSED
    if paid == used:
        return states.CONFIRMED
    if used == 0:
        return states.REFUND_DUE
    if paid > used:
        return states.OVER
    return states.REUSED if uses > 1 else states.SHORT


class _Index:
    """The lines that nobody claimed, found by what may be mistaken."""

    def __init__(self, matches: Sequence[Match]):
        self._by: dict[tuple[str, str], list[Line]] = defaultdict(list)
        for match in matches:
            for line in match.lines:
                if line.kind != MPESA or line.reverses:
                    continue
                self._by[ALIKE, folded(line.code)].append(line)
                if not match.claims and match.paid_minor > 0:
                    self._add(line)

    def suggesting(self, match: Match) -> Match:
        """The match with the lines that its claim may have meant, the likeliest first."""
        if match.lines or match.kind != MPESA or match.decision is not None:
            return match
        found: dict[tuple[str, str], Suggestion] = {}
        for why, line in self._alike(match.claims[0]):
            is_same = line.amount_minor == match.used_minor
            found.setdefault((line.place, line.code), Suggestion(line, why, is_same))
        ranked = sorted(found.values(), key=_rank)
        return replace(match, suggestions=tuple(ranked[:SUGGESTED_MAX]))

    def _alike(self, claim: Claim) -> Iterable[tuple[str, Line]]:
        keys = [(ALIKE, (ALIKE, folded(claim.code)))]
        keys += [(SLIP, (SLIP, masked)) for masked in _masked(claim.code)]
        keys += [(ACCOUNT, (ACCOUNT, account)) for account in claim.accounts]
        keys += [(PLATE, (ACCOUNT, plate)) for plate in claim.plates if plate]
        return ((why, line) for why, key in keys for line in self._by.get(key, ()))

    def _add(self, line: Line) -> None:
        for masked in _masked(line.code):
            self._by[SLIP, masked].append(line)
        if line.account:
            self._by[ACCOUNT, line.account].append(line)


def _rank(one: Suggestion) -> tuple[bool, int, str, str]:
    return (not one.is_same_amount, _WHYS.index(one.why), one.line.at, one.line.code)


def _masked(code: str) -> list[str]:
    """The code with each of its characters hidden in turn: two that differ in one have one of these alike."""
    plain = folded(code)
    return [f"{plain[:n]}_{plain[n + 1 :]}" for n in range(len(plain))]
