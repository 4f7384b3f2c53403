"""What a report is asked of: whose books, which days, as of when, in whose words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gatepos.domain import labels, moments, numbers
from gatepos.domain.entry import Entry
from gatepos.domain.fees import FeeTitle, Schedule
from gatepos.domain.parks import Park
from gatepos.i18n import Words
from gatepos.ledger.listings import Outage
from gatepos.ledger.registers import Act
from gatepos.ledger.source import Source, Standing
from gatepos.ledger.takings import Rows, Span

_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Prices:
    """The fee schedules that are known, by id, and what their fees are called."""

    schedules: Mapping[str, Schedule]
    titles: Mapping[str, FeeTitle]


@dataclass(frozen=True, slots=True)
class Scope:
    """`span` of the books of `source` as they stand at the moment `at`; `park` None where it is of all parks.

    `standings` are the tills of the span, as far as they are known, at a till (`is_own`) itself the first.
    """

    source: Source
    span: Span
    at: str
    standings: tuple[Standing, ...]
    prices: Prices
    park: Park | None
    words: Words
    is_own: bool = False

    @property
    def rows(self) -> Rows:
        """The books."""
        return self.source.rows

    @property
    def moments(self) -> tuple[str, str]:
        """The first moment of the range and the first after it, in Kenya."""
        first, last = (date.fromisoformat(day) for day in (self.span.first, self.span.last))
        since_ms, until_ms = moments.at_local(first, 0), moments.at_local(last, 0) + moments.DAY_MS
        return moments.to_text(since_ms), moments.to_text(until_ms)

    def of(self, acts: Sequence[Act]) -> dict[tuple[str, int], Entry]:
        """The entries of acts, by till and position."""
        seqs: dict[str, list[int]] = {}
        for act in acts:
            seqs.setdefault(act.till, []).append(act.seq)
        return {
            (till, entry.seq): entry
            for till, some in seqs.items()
            for entry in self.source.entries(till, some)
        }

    def gate(self, code: str | None) -> str:
        """What a gate is called; its code where it is a gate of some park."""
        return self.park.gate_name(code) if self.park is not None and code else code or ""

    def fee(self, fee: str, category: str, age: str) -> str:
        """What a fee is called."""
        return labels.fee(fee, category, age, self.words, self.prices.titles)

    def tender(self, kind: str, paybill: str | None = None) -> str:
        """What a way of paying is called, with the paybill of M-PESA."""
        label = self.words(labels.TENDERS.get(kind, kind))
        return f"{label} {paybill}" if paybill else label

    def ground(self, ground: str) -> str:
        """Why somebody went in free."""
        return self.words(labels.GROUNDS.get(ground, ground))

    def cause(self, cause: str) -> str:
        """What was down in an outage."""
        return self.words(labels.CAUSES.get(cause, cause))

    def printed(self, number: str | None) -> str | None:
        """A number as papers show it; any other text as it is."""
        is_number = number is not None and len(number) == _LENGTH and number[4] in numbers.SERIES
        return numbers.printed(number) if number is not None and is_number else number

    def during(self, outage: Outage) -> Span:
        """What of the span was written inside an outage."""
        last = outage.to_seq if outage.to_seq is not None else 2**50
        return replace(self.span, tills=(outage.till,), entries=(outage.seq, last))
