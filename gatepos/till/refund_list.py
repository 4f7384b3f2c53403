"""Refunds and money held, as they are listed: what waits for a decision or for payment, and since when."""

from dataclasses import dataclass
from itertools import islice
from typing import cast

from gatepos.domain import moments, numbers, refund
from gatepos.domain.entry import Entry
from gatepos.domain.paper_lines import PaperLine
from gatepos.ledger import queries, refunds
from gatepos.ledger.ledger import Recorded
from gatepos.ledger.refunds import APPROVED, REQUESTED, Refund
from gatepos.till.desk import Desk
from gatepos.till.list_views import RefundRow
from gatepos.till.printing import Printing
from gatepos.till.refunds import NoSuchRefund

SHOWN_MAX = 200
HELD = "held"
STATES = (REQUESTED, APPROVED, HELD, refunds.PAID, refunds.REFUSED)


@dataclass(frozen=True, slots=True)
class OpenedRefund:
    """One of them with its last paper, and how what is left of it can go back now."""

    row: RefundRow
    paper: tuple[PaperLine, ...]
    qr: str
    ways: tuple[refund.Way, ...]


class RefundList:
    """The refunds of this till, and the money that it holds."""

    def __init__(self, desk: Desk, printing: Printing):
        self._desk = desk
        self._printing = printing

    def listed(self, typed: str = "") -> tuple[RefundRow, ...]:
        """What waits, the oldest first, then what is done; or those that have `typed` in a number."""
        ledger, wanted = self._desk.ledger, "".join(filter(str.isalnum, typed.upper()))
        rows = [*map(self._row, refunds.waiting(ledger, wanted, SHOWN_MAX))]
        held = islice(refunds.held(ledger, wanted), SHOWN_MAX - len(rows))
        rows += [self._held(*one) for one in held]
        rows += map(self._row, refunds.done(ledger, wanted, SHOWN_MAX - len(rows)))
        return tuple(sorted(rows, key=lambda row: STATES.index(row.state)))

    def open(self, typed: str) -> OpenedRefund:
        """A refund, or the money held on a paper, with the paper that was printed last; NoSuchRefund."""
        number = str(numbers.parse(typed))
        ledger = self._desk.ledger
        found = refunds.find(ledger, number)
        row = self._row(found) if found else self._of_paper(number)
        left = refunds.left_by_way(ledger, row.subject, ledger.state.shift)
        ways = tuple(refund.planned(row.left_minor, left))
        return OpenedRefund(row, self._printing.paper(self._last(row)), "", ways)

    def reprint(self, typed: str) -> Recorded:
        """Queue a copy of the paper that was printed last."""
        return self._printing.reprint(self._last(self.open(typed).row))

    def _last(self, row: RefundRow) -> Entry:
        """The entry whose paper says how it stands."""
        ledger = self._desk.ledger
        at = None if row.state == HELD else refunds.last_paper(ledger, row.number)
        if at is not None:
            return ledger.entry(at)
        ended = queries.receipt_ending(ledger, row.number)
        is_voided = ended is not None and ended.how == "voided"
        return cast(Entry, ledger.by_number(ended.ended_by if ended and is_voided else row.number))

    def _of_paper(self, number: str) -> RefundRow:
        minor = refunds.free_minor(self._desk.ledger, number)
        if not minor or self._desk.ledger.by_number(number) is None:
            raise NoSuchRefund(number=numbers.printed(number))
        return self._held(number, minor)

    def _row(self, found: Refund) -> RefundRow:
        at_ms = moments.from_text(found.at)
        return RefundRow(
            found.number, found.subject, at_ms, self._age_min(at_ms), found.state, found.amount_minor,
            found.left_minor if found.state in refunds.OPEN else 0, found.staff or "",
        )  # fmt: skip

    def _held(self, number: str, minor: int) -> RefundRow:
        at_ms = moments.from_text(refunds.owed_since(self._desk.ledger, number))
        return RefundRow(number, number, at_ms, self._age_min(at_ms), HELD, minor, minor, "")

    def _age_min(self, at_ms: int) -> int:
        return max(self._desk.now_ms() - at_ms, 0) // moments.MINUTE_MS
