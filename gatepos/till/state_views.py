"""How the till and the park stand, as screens show it: health, the outage."""

from collections.abc import Mapping
from dataclasses import dataclass

from gatepos.errors import Said
from gatepos.ledger.checks import Finding


@dataclass(frozen=True, slots=True)
class OutageView:
    """The outage, and what may be done about it; `statement` is what was sold inside it so far.

    `agreed_by` is the second person's number, empty where there was none.
    """

    is_open: bool
    since_ms: int
    cause: str
    paybill: str
    authority: str
    cash_max_minor: int
    opened_by: str
    agreed_by: str
    needs_countersign: bool
    is_overdue: bool
    order: str
    order_paybill: str
    order_after_min: int
    may_open: bool
    statement: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Health:
    """How the till itself is: papers that wait, whether two files hold everything, what the check found.

    `outage_since_ms` is 0 when no outage is open.
    """

    papers_waiting: int
    on_two_files: bool
    damage: Finding | None
    held: Said | None
    clock: str
    outage_since_ms: int = 0
    outage_paybill: str = ""
