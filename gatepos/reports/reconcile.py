"""The reconciliation of a range as a paper: totals per paybill, each difference named, all explained."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gatepos.domain import claims as states
from gatepos.domain import labels, numbers
from gatepos.domain.claims import Match
from gatepos.i18n import N_, Words
from gatepos.reports.sheet import Cell, Column, Identity, Kind, Note, Sheet

NAME, ITEMS = "paybill_reconciliation", "reconciliation_items"
ELSEWHERE = "elsewhere"
"""The row of what was paid and claimed on other days or under other paybills: its other half is not here."""
HELD = N_("Held: refund or reuse")
_EXPLAINED = N_("{place}: the differences by state are what was paid − what was taken")


@dataclass(frozen=True, slots=True)
class Total:
    """What is in one state at one place: how many claims and lines, KES minor units taken and paid.

    `open` of them a person still has to look at. `held_minor` was taken by receipts that ended, counts as
    taken no more, and is owed back: it is part of the difference where it was paid.
    """

    kind: str
    place: str
    state: str
    claims: int = 0
    lines: int = 0
    used_minor: int = 0
    paid_minor: int = 0
    open: int = 0
    held_minor: int = 0

    @property
    def difference_minor(self) -> int:
        """Paid − taken."""
        return self.paid_minor - self.used_minor

    def plus(self, other: "Total") -> "Total":
        """Both together."""
        return Total(
            self.kind, self.place, self.state, self.claims + other.claims, self.lines + other.lines,
            self.used_minor + other.used_minor, self.paid_minor + other.paid_minor, self.open + other.open,
            self.held_minor + other.held_minor,
        )  # fmt: skip


def totals(matches: Iterable[Match], first: str, last: str) -> list[Total]:
    """What was taken and paid from one day to another, by place and state, both days in it.

    Of a match half of which lies elsewhere only the half within counts, in a row of its own.
    """
    found: dict[tuple[str, str, str], Total] = {}
    for match in matches:
        for place in sorted({claim.place for claim in match.claims} | {line.place for line in match.lines}):
            total = _within(match, place, first, last)
            key = (total.kind, place, total.state)
            found[key] = found[key].plus(total) if key in found else total
    order = [*states.SHOWN_STATES, ELSEWHERE]
    some = [one for one in found.values() if one.claims or one.lines]
    return sorted(some, key=lambda one: (one.kind, one.place, order.index(one.state)))


def sheets(matches: Sequence[Match], first: str, last: str, words: Words) -> tuple[Sheet, Sheet]:
    """The paper of the totals, and that of each thing that is not simply confirmed."""
    return sheet(totals(matches, first, last), words), _items(matches, words)


def identities(matches: Sequence[Match], first: str, last: str) -> tuple[Identity, ...]:
    """Of each place: what was paid less what was taken is what the differences come to."""
    found = totals(matches, first, last)
    made = []
    for kind, place in sorted({(one.kind, one.place) for one in found}):
        here = [one for one in found if (one.kind, one.place) == (kind, place)]
        paid = sum(
            line.amount_minor or 0
            for match in matches
            for line in match.lines
            if (line.kind, line.place) == (kind, place) and first <= line.day <= last
        )
        used = sum(
            part.kes_minor
            for match in matches
            for claim in match.claims
            for part in claim.parts
            if (claim.kind, claim.place) == (kind, place) and part.is_live and first <= part.day <= last
        )
        note = Note(_EXPLAINED, {"place": f"{kind} {place}".strip()})
        made.append(Identity(note, paid - used, sum(one.difference_minor for one in here)))
    return tuple(made)


def _within(match: Match, place: str, first: str, last: str) -> Total:
    """What of a match lies at a place and in a range."""
    lines = [line for line in match.lines if line.place == place and first <= line.day <= last]
    parts = [
        (claim, part)
        for claim in match.claims
        if claim.place == place
        for part in claim.parts
        if first <= part.day <= last
    ]
    paid = sum(line.amount_minor or 0 for line in lines)
    used = sum(part.kes_minor for _, part in parts if part.is_live)
    held = sum(part.kes_minor for _, part in parts if not part.is_live)
    is_whole = paid - used == match.paid_minor - match.used_minor
    state = match.state if is_whole else ELSEWHERE
    claims = {claim.key for claim, _ in parts}
    return Total(match.kind, place, state, len(claims), len(lines), used, paid, int(match.is_open), held)


def sheet(found: Iterable[Total], words: Words) -> Sheet:
    """The paper of the totals."""
    columns = (
        Column("tender", N_("Paid by")),
        Column("paybill", N_("Paybill")),
        Column("state", N_("How it stands")),
        Column("claims", N_("Claims"), Kind.COUNT, is_summed=True),
        Column("lines", N_("Lines"), Kind.COUNT, is_summed=True),
        Column("taken_minor", N_("Taken at the gates"), Kind.KES, is_summed=True),
        Column("paid_minor", N_("On the statement"), Kind.KES, is_summed=True),
        Column("difference_minor", N_("Difference"), Kind.KES, is_summed=True),
        Column("held_minor", HELD, Kind.KES, is_summed=True),
        Column("open", N_("To look at"), Kind.COUNT, is_summed=True),
    )
    rows = tuple(
        (
            words(labels.TENDERS[one.kind]), one.place, words(labels.CLAIM_STATES[one.state]), one.claims,
            one.lines, one.used_minor, one.paid_minor, one.difference_minor, one.held_minor, one.open,
        )
        for one in found
    )  # fmt: skip
    return Sheet(NAME, N_("Paybill reconciliation"), columns, rows)


def _items(matches: Iterable[Match], words: Words) -> Sheet:
    columns = (
        Column("at", N_("At"), Kind.MOMENT),
        Column("tender", N_("Paid by")),
        Column("paybill", N_("Paybill")),
        Column("codes", N_("Codes taken")),
        Column("receipts", N_("Receipts")),
        Column("staff", N_("Clerk")),
        Column("lines", N_("Codes on the statement")),
        Column("account", N_("Account")),
        Column("state", N_("How it stands")),
        Column("taken_minor", N_("Taken at the gates"), Kind.KES, is_summed=True),
        Column("paid_minor", N_("On the statement"), Kind.KES, is_summed=True),
        Column("difference_minor", N_("Difference"), Kind.KES, is_summed=True),
        Column("decision", N_("Decided")),
        Column("reason", N_("Reason")),
        Column("by", N_("By")),
    )
    listed = [one for one in matches if one.judged != states.CONFIRMED or one.how != "code"]
    rows = tuple(_item(match, words) for match in listed)
    return Sheet(ITEMS, N_("Reconciliation, one by one"), columns, rows)


def _item(match: Match, words: Words) -> tuple[Cell, ...]:
    receipts = sorted({part.receipt for claim in match.claims for part in claim.parts})
    decision = match.decision
    return (
        match.at,
        words(labels.TENDERS[match.kind]),
        match.place,
        ", ".join(claim.code for claim in match.claims),
        ", ".join(map(numbers.printed, receipts)),
        ", ".join(sorted({claim.staff for claim in match.claims})),
        ", ".join(line.code for line in match.lines),
        ", ".join(sorted({line.account for line in match.lines if line.account})),
        words(labels.CLAIM_STATES[match.state]),
        match.used_minor,
        match.paid_minor,
        match.difference_minor,
        words(labels.DECISIONS[decision.decision]) if decision else None,
        decision.reason if decision else None,
        decision.by if decision else None,
    )
