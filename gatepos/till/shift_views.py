"""What screens show of shifts, and of what somebody is told who comes to the window."""

from dataclasses import dataclass

from gatepos.domain.drawer import Drawer, Late
from gatepos.domain.figures import Figure


@dataclass(frozen=True, slots=True)
class CountView:
    """Of one way of paying in one currency what was counted and what was expected, minor units."""

    tender: str
    currency: str
    counted_minor: int
    expected_minor: int


@dataclass(frozen=True, slots=True)
class ClosedView:
    """How a shift came out, and of what its cash came.

    `head` is the check code on its paper: of the ledger to the entry `head_seq`.
    """

    number: str
    counts: tuple[CountView, ...]
    drawers: tuple[Drawer, ...]
    late: tuple[Late, ...]
    unsent: int
    flagged: int
    handed_to: str
    head_seq: int
    head: str


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure to be read out by telephone, and its check code of eight digits."""

    figure: Figure
    code: str


@dataclass(frozen=True, slots=True)
class ShiftView:
    """The Shift screen: whose shift is at the window, which others are open, what cash is counted.

    `may_telephone` where somebody may read out the day's figure. `bills`, `documents` and `passes` are what
    a close leaves, `heirs` who may take it over, `approvals` how many were given in the clerk's name today.
    """

    staff: str
    number: str | None
    opened_ms: int
    others: tuple[tuple[str, str], ...]
    currencies: tuple[str, ...]
    may_telephone: bool = False
    approvals: int = 0
    heirs: tuple[str, ...] = ()
    bills: int = 0
    documents: int = 0
    passes: int = 0
    open_minor: int = 0


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What somebody took over from a closed shift: whose it was, and what was left, KES minor units."""

    shift: str
    staff: str
    bills: int
    documents: int
    passes: int
    open_minor: int


@dataclass(frozen=True, slots=True)
class GreetingView:
    """What somebody is told who signs in: approvals in their name today, what they take over."""

    staff: str
    approvals: int
    taken: tuple[TakenOver, ...]


@dataclass(frozen=True, slots=True)
class ApprovedView:
    """An action approved in somebody's name: a key of `labels.ACTIONS`, when, whose, by pin or radio."""

    kind: str
    at_ms: int
    number: str
    asked_by: str
    gate: str
    how: str
