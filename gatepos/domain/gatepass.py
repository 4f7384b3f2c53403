"""A paper at the gate: what its token says, and what a gate makes of it (source: FORMATS.md §4).

Times are unix seconds, amounts KES minor units.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from gatepos.domain import moments, money, numbers
from gatepos.domain.parks import Hours
from gatepos.domain.vocabulary import AGES, CATEGORIES, CODES_MAX, LINES_MAX, PEOPLE_MAX

OWED, PAID, PREPAID, SEEN = 0, 1, 2, 3
_DAY_S = 86_400
VALID_MAX_S = 60 * _DAY_S
SEEN_FOR_S = 12 * 3_600
"""So long central's word that a pass is paid opens a gate that heard of no payment: it may be withdrawn."""
_TIME_MAX = 2**40
_BAND_MAX = 5
_UNDONE = ("revoked", "voided", "refunded")
"""How a pass or a receipt ended in whose place no other paper stands."""
_SERIES = {OWED: "P", PAID: "PR", PREPAID: "PR", SEEN: "PR"}
_CODE = re.compile(r"[A-Z0-9]{2,4}")
_PLATE = re.compile(r"[A-Z0-9]{0,10}")
_BASE32 = re.compile(r"[A-Z2-7]*")
_DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789abcdefghijklmnopqrstuv")
"""From the letters of base32 to the digits of a number to the base 32."""


@dataclass(frozen=True, slots=True)
class Payload:
    """The signed content of a token; `number` is filled in inside the journal's transaction."""

    kind: int
    issued: int
    valid_from: int
    valid_until: int
    parks: tuple[str, ...]
    exits: tuple[str, ...]
    plate: str
    band: int
    people: tuple[tuple[int, int, int], ...]
    due: int
    number: str = ""

    def numbered(self, number: str) -> "Payload":
        """The same paper under its number."""
        return replace(self, number=number)

    @property
    def heads(self) -> int:
        """How many people it is for; a vehicle alone counts as one."""
        return max(sum(n for _, _, n in self.people), 1)

    @property
    def is_pass(self) -> bool:
        """Whether it is about a gate pass rather than a receipt."""
        return self.number[4] == numbers.PASS


IN, OUT = "in", "out"


@dataclass(frozen=True, slots=True)
class Here:
    """Where a paper is looked at, which way its people go, and when."""

    park: str
    gate: str
    direction: str
    now: int


@dataclass(frozen=True, slots=True)
class Past:
    """What the books of this till know of a paper, its own entries and those it heard.

    `refunded` are people of it who got their money back. `owed_minor` is the sum of the postings on it,
    `seen_due_minor` the least that a paper about it said is owed; `ended` is how it ended. `has_other` says
    that another paper bears its number, `is_skipped` that its till wrote later numbers and never this one.
    `back` are people who left to come back and have not, until `back_until`, unix seconds.
    """

    is_known: bool = False
    owed_minor: int = 0
    seen_due_minor: int | None = None
    went_in: int = 0
    went_out: int = 0
    refunded: int = 0
    ended: str | None = None
    has_other: bool = False
    is_skipped: bool = False
    back: int = 0
    back_until: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says, a key of `verdicts.LOOKS`; what is to be collected; how many go through now."""

    word: str
    owed_minor: int = 0
    people: int = 0

    @property
    def through(self) -> int:
        """How many go through as soon as it is recorded: nobody before what is owed is collected."""
        return 0 if self.owed_minor else self.people


def decide(payload: Payload, issuer_gate: str, here: Here, past: Past, overstay_minor: int = 0) -> Verdict:
    """The verdict on a paper whose signature holds; the first check that fails names it (FORMATS.md §4).

    `overstay_minor` is what policy charges for the time past its end, when it charges anything.
    """
    return (
        _place(payload, issuer_gate, here)
        or _time(payload, here)
        or _revoked(payload, here, past, overstay_minor)
        or _history(past)
        or (
            _entry(payload, here, past)
            if here.direction == IN
            else _exit(payload, here, past, overstay_minor)
        )
    )


def owed_minor(payload: Payload, past: Past) -> int:
    """What is still owed on a paper, by its own word and by all that is known; never below zero."""
    if not payload.is_pass:
        return 0
    if past.is_known:
        known = past.owed_minor
    else:
        known = payload.due + (past.owed_minor if payload.kind == OWED else 0)
    says = [known, *([payload.due] if payload.kind != OWED else [])]
    if past.seen_due_minor is not None:
        says.append(past.seen_due_minor)
    return max(min(says), 0)


def _place(payload: Payload, issuer_gate: str, here: Here) -> Verdict | None:
    if here.park not in payload.parks:
        return Verdict("wrong_park")
    is_other_exit = here.direction == OUT and payload.exits and here.gate not in payload.exits
    # Central, which stands at no gate, names the one exit of who came on foot.
    is_far_on_foot = not payload.plate and issuer_gate != here.gate and payload.kind != SEEN
    return Verdict("wrong_gate") if is_other_exit or is_far_on_foot else None


def _time(payload: Payload, here: Here) -> Verdict | None:
    """Expiry refuses entry only; a moment of issue that lies ahead never refuses: some clock is wrong."""
    if here.direction == OUT:
        return None
    if here.now < payload.valid_from and payload.issued < payload.valid_from:
        return Verdict("not_yet")
    return Verdict("no_longer") if here.now >= payload.valid_until else None


def _revoked(payload: Payload, here: Here, past: Past, overstay_minor: int) -> Verdict | None:
    """A pass that counts no more keeps its debt where they went in with it: at an exit that is collected."""
    if past.ended not in _UNDONE:
        return None
    owed = owed_minor(payload, past) if past.went_in and here.direction == OUT else 0
    if not owed:
        return Verdict("revoked")
    return Verdict("revoked", owed + overstay_minor, max(past.went_in - past.went_out, 0))


def _history(past: Past) -> Verdict | None:
    if past.ended is not None:
        return Verdict("replaced")
    if past.has_other:
        return Verdict("two_papers")
    return Verdict("no_entry") if past.is_skipped else None


def good(payload: Payload, past: Past) -> int:
    """For how many people a paper is still good: those who got their money back do not go in on it."""
    return payload.heads - past.refunded


def coming_back(payload: Payload, here: Here, past: Past) -> int:
    """How many who left to come back may go in again now; never more than are outside."""
    if here.now >= past.back_until:
        return 0
    return min(past.back, good(payload, past) - max(past.went_in - past.went_out, 0))


def _entry(payload: Payload, here: Here, past: Past) -> Verdict:
    back = coming_back(payload, here, past)
    if back > 0:
        return Verdict("coming_back", people=back)
    if past.went_in < good(payload, past):
        word = "prepaid" if payload.kind == PREPAID else "admit"
        return Verdict(word, people=good(payload, past) - past.went_in)
    return Verdict("already_left" if past.went_out >= past.went_in else "already_inside")


def _exit(payload: Payload, here: Here, past: Past, overstay_minor: int) -> Verdict:
    inside = (past.went_in or good(payload, past)) - past.went_out
    owed = owed_minor(payload, past)
    if inside <= 0:
        return Verdict("already_left", owed + overstay_minor if owed else 0)
    if owed:
        is_part = payload.kind != OWED or owed < payload.due
        return Verdict("part_paid" if is_part else "not_paid", owed + overstay_minor, inside)
    if here.now > payload.valid_until:
        return Verdict("overstayed", overstay_minor, inside)
    return Verdict("prepaid" if payload.kind == PREPAID else "let_out", people=inside)


def last_day(payload: Payload) -> date:
    """The last of the days that a paper is for: the next day's morning, until which it holds, is none."""
    return moments.local_day((payload.valid_until - _DAY_S) * 1000)


def is_late(payload: Payload, hours: Hours) -> bool:
    """Whether it was made when the gates had closed on its last day: nobody can leave by then."""
    return payload.issued * 1000 >= hours.closes_ms(last_day(payload))


def is_legal(payload: Payload) -> bool:
    """Whether every field is in its range and the number's check character is right."""
    return (
        _is_number(payload.number, _SERIES.get(payload.kind, ""))
        and 0 <= payload.issued < _TIME_MAX
        and 0 <= payload.valid_from < payload.valid_until < _TIME_MAX
        and payload.valid_until - payload.valid_from <= VALID_MAX_S
        and 1 <= len(payload.parks) <= CODES_MAX
        and len(payload.exits) <= CODES_MAX
        and all(_CODE.fullmatch(code) for code in (*payload.parks, *payload.exits))
        and _PLATE.fullmatch(payload.plate) is not None
        and 0 <= payload.band <= _BAND_MAX
        and 0 <= payload.due <= money.AMOUNT_MAX
        and _are_people(payload.people)
    )


def _is_number(text: str, series: str) -> bool:
    return numbers.is_number(text) and text[4] in series


def _are_people(people: tuple[tuple[int, int, int], ...]) -> bool:
    groups = [(category, age) for category, age, _ in people]
    return groups == sorted(set(groups)) and all(
        0 <= category < len(CATEGORIES) and 0 <= age < len(AGES) and 1 <= n <= LINES_MAX * PEOPLE_MAX
        for category, age, n in people
    )


def together(issued: Mapping[str, object]) -> str | None:
    """The bill's number of what was sold together to one payer, by what a pass was issued with; None without.

    Money goes on from one pass to another only among those of one till that have it in common.
    """
    return cast("str | None", issued.get("group") or issued["bill"])


def digest(token: str) -> str:
    """The SHA-256, hex, by which a paper is known everywhere, from its base32 text; else ValueError."""
    if not _BASE32.fullmatch(token) or len(token) % 8 in (1, 3, 6):
        raise ValueError("not base32")
    # All books know papers by this: as the digits of one number a token is read ten times as fast.
    bits = len(token) * 5
    number = int(token.translate(_DIGITS) or "0", 32) >> bits % 8
    return hashlib.sha256(number.to_bytes(bits // 8, "big")).hexdigest()
