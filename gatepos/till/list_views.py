"""Rows that screens list beside passes: receipts, refunds, documents, pads, and what cannot both be right."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeldView:
    """A document in custody; `holder` only where it lies."""

    id: str
    document: str
    holder: str
    number: str
    plate: str
    envelope: str
    gate: str
    is_here: bool
    keeper: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class PadView:
    """A pad of hand-written leaves; `missing` are those of which nobody has said what became of them."""

    book: str
    first: int
    last: int
    keeper: str
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """One of two facts that cannot both be right: when by its till's clock, where, by whom, which vehicle."""

    at_ms: int
    till: str
    gate: str
    lane: str
    staff: str
    plate: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two facts about one paper; `what` is a key of `labels.CONFLICTS`."""

    what: str
    first: Seen
    second: Seen


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt in a list; `state` is empty, corrected, voided, refunded or part_refunded."""

    number: str
    at_ms: int
    plate: str
    total_minor: int
    state: str
    by: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefundRow:
    """A refund in a list, or money held on a paper that nobody has asked for; KES minor units.

    `number` is the refund's, of money held the paper's; `state` requested, approved, held, paid or refused;
    `left_minor` is still to go back.
    """

    number: str
    subject: str
    at_ms: int
    age_min: int
    state: str
    amount_minor: int
    left_minor: int
    by: str
