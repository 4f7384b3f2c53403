"""What a till took as paid by a code, how it stands beside a statement, and what a person decided of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from gatepos.domain.statements import Line
from gatepos.errors import Refusal
from gatepos.i18n import N_

CONFIRMED, SHORT, OVER, REUSED = "confirmed", "short", "over", "reused"
UNKNOWN, REVERSED, REFUND_DUE, WAITING = "unknown", "reversed", "refund_due", "waiting"
CLAIM_STATES = (CONFIRMED, SHORT, OVER, REUSED, UNKNOWN, REVERSED, REFUND_DUE, WAITING)
"""Of a claim: each has exactly one."""
MATCHED, UNMATCHED, NOT_OURS = "matched", "unmatched", "not_ours"
OTHER_PARK = "other_park"
"""Of a line whose code another park used, also where all that was taken for it here is owed back."""
LINE_STATES = (MATCHED, UNMATCHED, NOT_OURS, OTHER_PARK)
"""Of a line of a statement: each has exactly one."""
STATES = (*CLAIM_STATES, UNMATCHED, NOT_OURS)
"""Those of which something is decided, as entries say them."""
SHOWN_STATES = (*STATES, OTHER_PARK)

BY_CODE, BY_ACCOUNT, BY_PERSON = "code", "account", "person"
"""How claims and lines came together."""
CLAIM, LINE = "claim", "line"
"""What is decided about."""
IS_LINE, WRITTEN_OFF, EXPLAINED, REOPENED = "is_line", "written_off", "explained", "reopened"
DECISIONS = (IS_LINE, NOT_OURS, REFUND_DUE, WRITTEN_OFF, EXPLAINED, REOPENED)
MAY_DECIDE: Mapping[str, tuple[str, ...]] = {
    CONFIRMED: (),
    SHORT: (WRITTEN_OFF, EXPLAINED),
    OVER: (REFUND_DUE, EXPLAINED),
    REUSED: (WRITTEN_OFF, EXPLAINED),
    UNKNOWN: (IS_LINE, WRITTEN_OFF, EXPLAINED),
    REVERSED: (WRITTEN_OFF, EXPLAINED),
    REFUND_DUE: (REFUND_DUE, EXPLAINED),
    WAITING: (IS_LINE,),
    UNMATCHED: (NOT_OURS, REFUND_DUE, EXPLAINED),
    NOT_OURS: (),
    OTHER_PARK: (),
}
"""What a person may say of each; all but `is_line` hold until the state or the difference is another."""
DISPUTED = (SHORT, REUSED, UNKNOWN, REVERSED)
"""The states in which a till may say of its own claim that it does not hold."""


class NotThatDecision(Refusal):
    """A decision that does not fit how something stands."""

    says = N_("That cannot be said of it as it stands now. Look again.")


class NoSuchLine(Refusal):
    """A line that no statement has."""

    says = N_("No statement here has a payment {code}.")


class LineClaimed(Refusal):
    """A line that a code was taken for already."""

    says = N_("{code} was taken as paid already: another code cannot be the same payment.")


class OwnClaim(Refusal):
    """Somebody who would decide of what they took themselves, or agree to it."""

    says = N_("Whoever took a code decides nothing about it and agrees to nothing. Ask somebody else.")


@dataclass(frozen=True, slots=True)
class Part:
    """What a receipt took of a code, KES minor units; not `is_live` while it is owed back.

    `use` is what the receipts of one payer have in common: the account of their group, or the payment that
    settled their passes; else it is empty.
    `staff` is who took it.
    """

    receipt: str
    till: str
    day: str
    kes_minor: int
    is_live: bool = True
    use: str = ""
    staff: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A code that tills took as paid, once for all receipts that it pays.

    `accounts` are the bills and passes that it paid, `at` is when it was first taken. `is_told` where M-PESA
    itself said that it was paid, `is_disputed` where its till said that it does not hold.
    """

    kind: str
    place: str
    code: str
    at: str
    staff: str
    parts: tuple[Part, ...]
    accounts: tuple[str, ...] = ()
    plates: tuple[str, ...] = ()
    is_told: bool = False
    is_disputed: bool = False

    @property
    def used_minor(self) -> int:
        """KES minor units for which it counts."""
        return sum(part.kes_minor for part in self.parts if part.is_live)

    @property
    def day(self) -> str:
        """The business day on which it was first taken."""
        return min(part.day for part in self.parts)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """By which claims are put in one order, however they came."""
        return (self.kind, self.code, self.place, self.at)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said, with the state and difference that they saw; the last about a subject holds.

    `order` says which is the last, whatever clocks of tills said: when it came to central, first what a till
    said, then its number; at a till alone by number. `alone_minor` are KES minor units for which who
    said it answers alone.
    """

    kind: str
    subject: str
    code: str
    decision: str
    line: str
    state: str
    difference_minor: int
    reason: str
    by: str
    at: str
    order: tuple[str, int, int] = ("", 0, 0)
    alone_minor: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A line that may be what a claim meant: why it is thought so, a key of labels.ALIKE."""

    line: Line
    why: str
    is_same_amount: bool


@dataclass(frozen=True, slots=True)
class Match:
    """Claims and lines that belong together, or what stands alone.

    `state` is that of its claims, or of its lines where nobody claimed them; `judged` the same before anybody
    decided. `age_days` is for what waits. `elsewhere` are claims of the same codes in other parks: that there
    are any is said to everybody, what they are only to who sees these parks.
    """

    claims: tuple[Claim, ...]
    lines: tuple[Line, ...]
    judged: str
    state: str
    how: str = ""
    decision: Decision | None = None
    age_days: int = 0
    suggestions: tuple[Suggestion, ...] = ()
    elsewhere: tuple[Claim, ...] = ()

    @property
    def paid_minor(self) -> int:
        """What the statement holds, less what was taken back."""
        return sum(line.amount_minor or 0 for line in self.lines)

    @property
    def used_minor(self) -> int:
        """What tills took."""
        return sum(claim.used_minor for claim in self.claims)

    @property
    def difference_minor(self) -> int:
        """Paid − taken; nothing where the statement names no amounts."""
        is_counted = all(line.amount_minor is not None for line in self.lines)
        return self.paid_minor - self.used_minor if is_counted else 0

    @property
    def is_open(self) -> bool:
        """Whether a person has to look at it."""
        if self.decision is not None or self.judged in (CONFIRMED, WAITING, NOT_OURS, OTHER_PARK):
            return False
        return self.difference_minor != 0 or self.judged == REUSED

    def check_decision(self, decision: str, line: str | None) -> None:
        """NotThatDecision unless a person may say it of this as it stands; `line` is the one a claim is."""
        if decision != REOPENED and decision not in MAY_DECIDE[self.judged]:
            raise NotThatDecision()
        if (decision == IS_LINE) != (line is not None):
            raise NotThatDecision()

    def check_decider(self, number: str) -> None:
        """OwnClaim where a member of staff took it, or part of it."""
        if number in self.takers:
            raise OwnClaim()

    def alone_minor(self, decision: str) -> int:
        """KES minor units that are explained, or linked, by who says it."""
        if decision == IS_LINE:
            return self.used_minor
        return self.doubted_minor if decision == EXPLAINED and self.judged in DISPUTED else 0

    def needs_second(self, decision: str, before_minor: int, alone_max_minor: int) -> bool:
        """Whether one person alone may not say it; KES minor units that they said alone before on the day.

        And so many as they may: what was opened again since stays counted.
        """
        minor = self.alone_minor(decision)
        return decision == WRITTEN_OFF or (minor > 0 and before_minor + minor > alone_max_minor)

    def check_free(self, line: str) -> None:
        """LineClaimed where it has a line that somebody took as paid, here or in another park."""
        is_used = self.claims or any(claim.used_minor for claim in self.elsewhere)
        if is_used and line in {one.pays for one in self.lines}:
            raise LineClaimed(code=line)

    @property
    def takers(self) -> tuple[str, ...]:
        """The staff who took it, or part of it."""
        return tuple(sorted({part.staff for claim in self.claims for part in claim.parts if part.staff}))

    @property
    def doubted_minor(self) -> int:
        """KES minor units for which no payment is known; all that was taken where that cannot be told."""
        missing = -self.difference_minor
        return self.used_minor if missing <= 0 or self.elsewhere else missing

    @property
    def may(self) -> tuple[str, ...]:
        """What a person may say of it next."""
        if self.decision is not None:
            return (REOPENED,)
        return (*MAY_DECIDE[self.judged], *((REOPENED,) if self.how == BY_PERSON else ()))

    @property
    def subject(self) -> str:
        """What a decision about it is about."""
        return CLAIM if self.claims else LINE

    @property
    def code(self) -> str:
        """By which it is named: the first of its claims, else of its lines."""
        return self.claims[0].code if self.claims else self.lines[0].pays

    @property
    def kind(self) -> str:
        """How it was paid."""
        return self.claims[0].kind if self.claims else self.lines[0].kind

    @property
    def place(self) -> str:
        """The paybill of the statement, else the one that was claimed."""
        return self.lines[0].place if self.lines else self.claims[0].place

    @property
    def at(self) -> str:
        """When it was first heard of."""
        return min([claim.at for claim in self.claims] + [line.at for line in self.lines])
